"""Loading an edition: one disclosure format, declared as data in `editions/<id>/*.toml`.

Everything is resolved while loading: a formula, a slot or a list that names something undeclared raises
`EditionError` with file and line, before any workbook is opened.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from budgetgen.declarations import Case, Edition, ListDeclaration, Rule, StatementDeclaration
from budgetgen.expressions import EACH_COLUMN, FormulaError
from budgetgen.wording import slots

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

EDITIONS = "editions"


class EditionError(Exception):
    """A declaration that does not hold together."""


def folder() -> Traversable:
    """Where the editions are declared."""
    return files("budgetgen") / EDITIONS


def available() -> tuple[str, ...]:
    """The ids of all editions, newest first."""
    ids = [
        entry.name for entry in folder().iterdir() if entry.is_dir() and (entry / "edition.toml").is_file()
    ]
    return tuple(sorted(ids, key=lambda name: re.sub(r"\D", "", name), reverse=True))


@cache
def load(name: str, root: Traversable | None = None) -> Edition:
    """Load, merge and resolve an edition.

    Args:
        name: its id, the name of its folder.
        root: the folder of editions, by default the package's own.

    Raises:
        EditionError: no such edition, or a declaration that does not hold together; with file and line.
    """
    home = root or folder()
    return parse(declarations(home, name), locate=lambda word: _locate(home, name, word))


def parse(data: Mapping[str, Any], locate: Callable[[str], str] = lambda _: "") -> Edition:
    """An edition out of its merged declarations.

    Raises:
        EditionError: as for `load`.
    """
    try:
        edition = Edition.model_validate(_arranged(data))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        word = str(_owner(data, first["loc"]))
        raise EditionError(f"{locate(word)}{where}：{first['msg']}") from error
    for word, text in problems(edition):
        raise EditionError(f"{locate(word)}{text}")
    return edition


def _owner(data: Any, location: tuple[int | str, ...]) -> str:
    """The id or name of the innermost declaration that a place belongs to."""
    name = ""
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, Mapping):
            name = str(data.get("id") or data.get("name") or data.get("key") or name)
    return name


def _arranged(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables in the order of the workbook; each figure a fixed row of the blocks that ask for them.

    The facts of the unit come first, then the numbered tables, then the other sheets as declared.
    """
    data = _dated(data)
    fixed = [{"key": f["id"]} for f in data.get("figure", ()) if not f.get("each")]

    def block(declared: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = [*fixed, *declared.get("rows", ())] if declared.get("figures") else declared.get("rows", ())
        return {
            **declared,
            "rows": sorted(rows, key=lambda row: (not row.get("top"), bool(row.get("bottom")))),
        }

    tables = [
        {**table, "block": [block(b) for b in table.get("block", ())]} for table in data.get("table", ())
    ]
    about = data.get("house", {}).get("about")
    tables.sort(key=lambda table: (table.get("name") != about, table.get("number") or math.inf))
    return {**data, "table": tables}


YEAR_NAME = "版式年度"
"""The year of the format: a name in formulas, and in braces in what its sheets show: an older format has its own."""


def _dated(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The declarations with the year of their own format, not of the one that it extends."""
    year = str(data.get("edition", {}).get("year", ""))

    def dated(value: Any) -> Any:
        match value:
            case str():
                return value.replace(f"{{{YEAR_NAME}}}", year)
            case list():
                return [dated(each) for each in value]
            case dict():
                return {key: dated(each) for key, each in value.items()}
        return value

    return {
        **data,
        "names": {**data.get("names", {}), YEAR_NAME: year},
        "table": dated(data.get("table", [])),
    }


def declarations(root: Traversable, name: str) -> dict[str, Any]:
    """All files of an edition as one mapping, merged over those of the edition that it extends.

    Raises:
        EditionError: no such edition, or a file that is not TOML.
    """
    home = root / name
    if not (home / "edition.toml").is_file():
        known = "、".join(sorted(available()))
        raise EditionError(f"没有版式“{name}”，现有：{known}")
    own: dict[str, Any] = {}
    for file in _files(home):
        try:
            own = _merge(own, tomllib.loads(file.read_text(encoding="utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise EditionError(f"{name}/{file.name}：{error}") from error
    base = own.pop("extends", None)
    return _merge(declarations(root, base), own) if base else _merge(_common(root), own)


def _common(root: Traversable) -> dict[str, Any]:
    """What holds in every edition: the rules of reading and of shape."""
    return tomllib.loads((root / "common.toml").read_text(encoding="utf-8"))


def _files(home: Traversable) -> list[Traversable]:
    return sorted((f for f in home.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` on top of `base`: tables merge, lists of named tables merge by name, all else replaces."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list) and _named(old) and _named(value):
            merged[key] = _merge_named(old, value)
        else:
            merged[key] = value
    return merged


NAMES = ("id", "name", "key", "number")


def _name(entry: Any) -> Any:
    return next((entry[k] for k in NAMES if k in entry), None) if isinstance(entry, Mapping) else None


def _named(entries: list[Any]) -> bool:
    return all(_name(entry) is not None for entry in entries)


def _merge_named(base: list[Any], over: list[Any]) -> list[Any]:
    """Entries of the same name merge in place, `remove = true` drops one, new ones follow (or stand `after` one)."""
    result = list(base)
    for entry in over:
        place = next((i for i, old in enumerate(result) if _name(old) == _name(entry)), None)
        rest = {k: v for k, v in entry.items() if k not in {"remove", "after"}}
        if place is not None and entry.get("remove"):
            del result[place]
        elif place is not None:
            result[place] = _merge(result[place], rest)
        elif "after" in entry:
            anchor = next(i for i, old in enumerate(result) if _name(old) == entry["after"])
            result.insert(anchor + 1, rest)
        else:
            result.append(rest)
    return result


def _locate(root: Traversable, name: str, word: str) -> str:
    """`edition/file.toml:12: `, where a word is first declared; empty where it is not found."""
    if not word:
        return ""
    for file in _files(root / name):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if word in line:
                return f"{name}/{file.name}:{number}: "
    return ""


# --- resolving ----------------------------------------------------------------------------------------------


def problems(edition: Edition) -> Iterator[tuple[str, str]]:
    """What does not resolve, as (a word to find the line by, what is wrong)."""
    yield from _relation_problems(edition)
    yield from _house_problems(edition)
    for figure in edition.figure:
        for text in filter(None, (figure.value, figure.whole, figure.prior)):
            yield from _formula_problem(edition, figure.id, text, each=figure.each)
    yield from _drafting_problems(edition)
    for name, text in edition.names.items():
        yield from _formula_problem(edition, name, text)
    for table in edition.table:
        for pattern in (table.title, table.note, table.empty):
            yield from _pattern_problems(edition, table.name, pattern)
        for column in table.columns.values():
            if column.type == "name" and column.of not in table.columns:
                yield table.name, f"表“{table.name}”的列“{column.name}”所对应的代码列“{column.of}”不存在"
    for statement in edition.statement:
        if statement.section not in {section.id for section in edition.section}:
            yield statement.id, f"语句“{statement.id}”所在的章节“{statement.section}”不存在"
        yield from _statement_problems(edition, statement.id, statement)


FACTS = ("unit", "year", "kind", "money", "date", "grouped", "trimmed", "zero_base", "numbers")
"""The fields of `[house]` that name a row of the facts of the unit."""


def _drafting_problems(edition: Edition) -> Iterator[tuple[str, str]]:
    figures = edition.figures
    nouns = {noun.name for noun in edition.drafting.noun}
    for source in edition.drafting.source:
        for name in source.figures:
            if name not in figures:
                yield name, f"没有指标“{name}”"
                continue
            for lines in source.lines:
                if lines.noun not in nouns:
                    yield lines.noun, f"没有“{lines.noun}”的说法"
                outer = {"outer": figures[name].each} if figures[name].each else {}
                for text in filter(None, (lines.where, lines.called, lines.value, lines.prior)):
                    yield from _formula_problem(edition, text, text, each=lines.each, **outer)


def _house_problems(edition: Edition) -> Iterator[tuple[str, str]]:
    """Rows and tables that the house style names and that are not declared."""
    house = edition.house
    rows = edition.tables[house.about].fixed if house.about in edition.tables else {}
    for name in FACTS:
        if getattr(house, name) not in rows:
            yield (
                getattr(house, name),
                f"[house] 的 {name}：表“{house.about}”没有“{getattr(house, name)}”这一行",
            )
    for stays in house.stays:
        if stays.name not in edition.tables:
            yield stays.name, f"[[house.stays]] 的表“{stays.name}”不存在"
            continue
        columns = edition.tables[stays.name].columns
        for column in (*stays.kept, *stays.reviewed):
            if column not in columns:
                yield column, f"[[house.stays]]：表“{stays.name}”没有“{column}”这一列"
        if stays.where:
            yield from _formula_problem(edition, stays.name, stays.where, each=stays.name)


def _relation_problems(edition: Edition) -> Iterator[tuple[str, str]]:
    for rule in edition.relations:
        unknown = [table for table in rule.each if not edition.has_table(table)]
        for table in unknown:
            yield rule.id, f"规则“{rule.id}”的表“{table}”不存在"
        for each in [table for table in rule.each if table not in unknown] or ([] if unknown else [""]):
            for column in columns_of(edition, rule, each):
                for text in filter(None, (rule.holds, rule.where)):
                    yield from _formula_problem(edition, rule.id, text, each=each, column=column)
            yield from _pattern_problems(edition, rule.id, rule.message, each=each)


def columns_of(edition: Edition, rule: Rule, each: str) -> tuple[str, ...]:
    """What 各列 of a rule stands for in turn; one empty name where it is not used."""
    return edition.tables[each].measures() if each and EACH_COLUMN in rule.holds else ("",)


def _formula_problem(edition: Edition, word: str, text: str, **scope: str) -> Iterator[tuple[str, str]]:
    try:
        edition.formula(text, **scope)
    except FormulaError as error:
        yield error.word or word, f"“{word}”：{error}"


def _pattern_problems(edition: Edition, word: str, pattern: str, **scope: str) -> Iterator[tuple[str, str]]:
    for slot in slots(pattern):
        if slot in edition.phrase:
            yield from _cases_problems(edition, slot, edition.phrase[slot].cases, **scope)
        else:
            yield from _formula_problem(edition, word, slot, **scope)


def _cases_problems(
    edition: Edition, word: str, cases: Iterable[Case], **scope: str
) -> Iterator[tuple[str, str]]:
    for case in cases:
        if case.when:
            yield from _formula_problem(edition, word, case.when, **scope)
        yield from _pattern_problems(edition, word, case.says, **scope)


def _statement_problems(
    edition: Edition, word: str, declared: StatementDeclaration | ListDeclaration, outer: str = ""
) -> Iterator[tuple[str, str]]:
    each = declared.each
    if each and not edition.has_table(each):
        yield word, f"“{word}”的表“{each}”不存在"
        return
    if declared.level and declared.level not in edition.levels(each):
        yield declared.level, f"“{word}”：表“{each}”没有“{declared.level}”这一级"
    scope = {"each": each, "outer": outer}
    for text in filter(None, (declared.where, *declared.let.values())):
        yield from _formula_problem(edition, word, text, **scope)
    for phrase in slots(declared.numbered):
        if phrase not in edition.phrase:
            yield phrase, f"“{word}”的序号“{declared.numbered}”：没有“{phrase}”这个说法"
    named = {*declared.let, *declared.list}
    for case in declared.cases:
        if case.when:
            yield from _formula_problem(edition, word, case.when, **scope)
        rest = re.sub(r"\{([^{}]+)\}", lambda slot: "" if slot[1] in named else slot[0], case.says)
        yield from _pattern_problems(edition, word, rest, **scope)
    for cases in getattr(declared, "lines", ()):
        yield from _cases_problems(edition, word, cases, **scope)
    for name, inner in declared.list.items():
        yield from _statement_problems(edition, f"{word}.{name}", inner, outer=each)
