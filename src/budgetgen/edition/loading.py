"""An edition out of its files: merged, validated, every name resolved, before any workbook is opened."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from budgetgen.edition.errors import EditionError
from budgetgen.edition.files import SHAPES, MergedFiles, entries, is_common, place_of, with_strays
from budgetgen.edition.kept import all_made_of, fingerprint, introduced, keep, recall
from budgetgen.edition.library import available, folders, later, stand_in
from budgetgen.edition.shared import ROLES, cast, fitting, misshapen
from budgetgen.values.amounts import WAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from budgetgen.edition.declarations import Edition, Settings
    from budgetgen.edition.resolution import Problem
    from budgetgen.edition.validation import Shaped


def load(name: str, root: Traversable | None = None) -> Edition:
    """Load, merge and resolve an edition.

    Args:
        name: its id, the name of its folder.
        root: the folder of editions; by default those of the library.

    Raises:
        EditionError: no such edition, or declarations that do not hold together; all of them, with file and line.
    """
    return _loaded(name, (root,) if root is not None else folders())


def sound() -> tuple[Edition, ...]:
    """All editions that load, in the order of `available`; a broken one breaks nothing but itself."""
    return tuple(edition for name in available() if (edition := if_sound(name)))


def listed() -> tuple[Settings, ...]:
    """What all editions that load say of themselves, in the order of `available`; those that are kept stay packed."""
    return _listed(folders())


@cache
def _listed(among: tuple[Traversable, ...]) -> tuple[Settings, ...]:
    made_of = all_made_of(among)
    known = ((name, fingerprint(name, made_of)) for name in available())
    told = ((key and introduced(key)) or _own_settings(name) for name, key in known)
    return tuple(filter(None, told))


def _own_settings(name: str) -> Settings | None:
    edition = if_sound(name)
    return edition.edition if edition else None


def standing_in(year: int) -> tuple[Edition, ...]:
    """The editions that stand in for those of a later year which are not there yet: of each region the newest."""
    names = dict.fromkeys(later(own.id, own.year, year) for own in listed() if own.year < year)
    return tuple(edition for name in names if (edition := if_sound(name)))


def if_sound(name: str) -> Edition | None:
    """The edition; None where it is broken, whatever is wrong with it: it breaks nothing but itself."""
    try:
        return load(name)
    except Exception:  # noqa: BLE001 - declarations of any shape have been merged by then
        return None


@cache
def _loaded(name: str, among: tuple[Traversable, ...]) -> Edition:
    key = fingerprint(name, all_made_of(among))
    known = recall(key, among) if key else None
    if known is not None:
        return known
    edition = _read(name, among)
    if key and key == fingerprint(name, all_made_of(among)):  # no file was changed meanwhile
        keep(key, edition, among)
    return edition


def _read(name: str, among: tuple[Traversable, ...]) -> Edition:
    """An edition out of its files."""
    merging = MergedFiles(among)
    base = stand_in(name, among)
    data = _ahead(merging.edition(base[0]), name, base[1]) if base else merging.edition(name)
    wrong = [*merging.problems, *misshapen(data)]
    settings = data.get("edition", {})
    # What is no table of settings has no id either: validation says so.
    own = str(settings.get("id")) if isinstance(settings, dict) else name
    if own != name:
        wrong.append(
            f"{place_of(data, ('edition',), own)}[edition] 的 id 是“{own}”，与文件夹的名称“{name}”不同"
        )
    return _validated(data, wrong, tuple(merging.homes))


def _ahead(data: Mapping[str, Any], name: str, year: int) -> dict[str, Any]:
    """The declarations of an edition as those of a later year, whose own are not there yet."""
    own = data["edition"]
    title = str(own.get("title", "")).replace(str(own.get("year")), str(year))
    return {**data, "edition": {**own, "id": name, "year": year, "title": title, "ahead": own.get("year")}}


def merged(root: Traversable, name: str) -> dict[str, Any]:
    """All files of an edition of one folder as one mapping, merged over those of the edition that it extends.

    Raises:
        EditionError: no such edition, or a file that is not TOML.
    """
    merging = MergedFiles((root,))
    data = merging.edition(name)
    _refuse(merging.problems)
    return data


def parse(data: Mapping[str, Any], homes: tuple[Traversable, ...] = ()) -> Edition:
    """An edition out of its merged declarations.

    Args:
        data: the declarations.
        homes: where its own lists of codes and templates are.

    Raises:
        EditionError: as for `load`.
    """
    return _validated(data, [], homes)


def _validated(data: Mapping[str, Any], wrong: list[str], homes: tuple[Traversable, ...]) -> Edition:
    from budgetgen.edition.resolution import circular  # noqa: PLC0415 - only where an edition is not kept yet
    from budgetgen.edition.validation import validated  # noqa: PLC0415

    try:
        arranged = _arranged(data)
    except Exception:  # it is for validation to say what is of another type
        typed = {key: value for key, value in data.items() if key not in (SHAPES, ROLES)}
        _refuse([*wrong, *validated(fitting(typed), wrong).wrong])
        raise
    shaped = validated(arranged, wrong)
    edition, wrong = shaped.edition, [*wrong, *shaped.wrong]
    edition.settle(homes)
    found = _judged(shaped)
    if not (found or wrong):
        found = list(circular(edition))
    told = (f"{place_of(shaped.declared, location, word)}{text}" for location, word, text in found)
    _refuse([*wrong, *dict.fromkeys(told)])
    return edition


def _judged(shaped: Shaped) -> list[Problem]:
    """What does not resolve; where something is wrong already, as far as the rest can be judged without it."""
    from budgetgen.edition.resolution import problems  # noqa: PLC0415 - as above

    found: list[Problem] = []
    if shaped.unfit is None:
        return found
    try:
        found.extend(problem for problem in problems(shaped.edition) if shaped.judges(problem[0]))
    except Exception:
        if not (found or shaped.wrong):
            raise
    return found


def _refuse(problems: list[str]) -> None:
    if problems:
        raise EditionError("\n".join(problems))


def _arranged(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables in the order of the workbook; each figure a fixed row of the blocks that ask for them.

    The facts of the unit come first, then the numbered tables, what was carried, the other sheets as declared, and
    those that all formats have.
    """
    told = data
    data = cast(fitting(_dated({key: value for key, value in data.items() if key != SHAPES})))
    figures = [f for f in entries(data.get("figure")) if not f.get("each") and isinstance(f.get("id"), str)]

    def block(declared: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = declared.get("rows", ())
        if declared.get("figures"):
            rows = [*_figure_rows(data, figures, declared), *rows]
        if not all(isinstance(row, Mapping) for row in rows):
            return declared
        ordered = sorted(rows, key=lambda row: (not row.get("top"), bool(row.get("bottom"))))
        return {**declared, "rows": ordered}

    tables = [
        {**table, "block": with_strays(table.get("block"), [block(b) for b in entries(table.get("block"))])}
        for table in entries(data.get("table"))
    ]
    about, review = data.get("house", {}).get("about"), data.get("carried", {}).get("table")

    def place(table: Mapping[str, Any]) -> tuple[bool, float, int]:
        name = table.get("name")
        return name != about, table.get("number") or math.inf, 0 if name == review else 1 + is_common(table)

    added = [str(table["name"]) for table in sorted(tables, key=place) if _adds_up(table)]
    rules = [
        {"each": added, **rule} if rule.get("rows") == "sums" else rule for rule in entries(data["rule"])
    ]
    ordered: dict[str, list[Mapping[str, Any]]] = {"table": sorted(tables, key=place), "rule": rules}
    return {**data, **{top: with_strays(told.get(top), known) for top, known in ordered.items()}}


def _adds_up(table: Mapping[str, Any]) -> bool:
    """Whether a table has rows that add others up: a relation of such rows that names no table holds in each."""
    levels = (block.get("levels", ()) for block in entries(table.get("block")))
    return table.get("total", "none") != "none" or any(len(told) > 1 for told in levels)


def _figure_rows(
    data: Mapping[str, Any], figures: Sequence[Mapping[str, Any]], block: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """A row for each figure that is compared, with the columns of its own basis."""
    bases = list(entries(data.get("comparisons", {}).get("basis")))
    columns = [column.get("name") for column in entries(block.get("columns"))]
    for figure in figures:
        if figure.get("compared") is False:
            continue
        own = next(
            (basis for basis in bases if basis.get("name") == figure.get("basis")),
            bases[0] if bases else None,
        )
        strange = {basis.get(key) for basis in bases if basis is not own for key in ("amount", "rate")}
        left = [column for column in columns if column not in strange]
        yield {"key": figure["id"], **({} if left == columns else {"columns": left})}


YEAR_NAME = "版式年度"
"""The year of the format: a name in formulas, and in braces in what sheets show and rules say: each format has its own."""


UNIT_NAME = "版式单位"
"""The unit of money of the format's tables, in braces in what sheets show: a workbook is in it unless somebody chooses."""


NUMBER_NAME = "{}的表号"
"""The number of a numbered table, in braces in what sheets show and rules say: other years have other tables before it."""
NUMBERED = "表{号}"
"""What a table is called by its number where the format prints no line with it."""


def _dated(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The declarations with the year, the unit and the numbers of tables of their own format, not of the one that it extends."""
    year = str(data.get("edition", {}).get("year", ""))
    money = data.get("money", {}).get("tables", {})
    unit = str(money.get("unit", WAN)) if isinstance(money, Mapping) else WAN
    line = str(data.get("typography", {}).get("table_number") or NUMBERED)
    numbers = {
        NUMBER_NAME.format(table.get("name")): line.replace("{号}", str(number)).replace(" ", "")
        for table in entries(data.get("table"))
        if (number := table.get("number"))
    }
    own = {YEAR_NAME: year, UNIT_NAME: unit, **numbers}
    slot = re.compile(r"\{(" + "|".join(map(re.escape, own)) + r")\}")

    def dated(value: Any) -> Any:
        match value:
            case str():
                return slot.sub(lambda found: own[found[1]], value)
            case list():
                return [dated(each) for each in value]
            case dict():
                return {key: dated(each) for key, each in value.items()}
        return value

    names = {**data.get("names", {}), YEAR_NAME: year}
    return {**data, "names": names, **{key: dated(data.get(key, [])) for key in ("table", "rule")}}
