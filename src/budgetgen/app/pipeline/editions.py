"""What the author of an edition asks of it, and the beginning of next year's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.examples import Examples
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.pipeline.uncounted import uncounted
from budgetgen.app.progress import Progress, begin
from budgetgen.app.reports import formats
from budgetgen.book.relations import derives
from budgetgen.edition import available, known, later, look_in
from budgetgen.edition.differences import differences
from budgetgen.edition.files import COMMON
from budgetgen.edition.library import SETTINGS
from budgetgen.edition.origins import Origins
from budgetgen.edition.walking import texts
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import TOTAL
from budgetgen.values.patterns import slots
from budgetgen.values.text import caption
from budgetgen.writing.archive import replace_file
from budgetgen.writing.document.base import base_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition, Rule, TableDeclaration
    from budgetgen.edition.differences import FormatChange
    from budgetgen.edition.origins import Overriding

CITED: Final = re.compile(r"(?<!\w)(\w{1,40})\[([^\[\]]{1,400})\]")
"""A row of a table in a formula: `支出总体[2080505]`."""
MEASURED: Final = re.compile(r"\([^()]{0,40}\)$")
"""What stands behind the label of a total in brackets: its unit of money."""
CODE: Final = re.compile(r"(?<!\w)\d{3}(?:\d\d){0,2}(?!\w)")


@dataclass(frozen=True)
class Examined:
    """What was found of an edition that loads.

    Attributes:
        edition: the edition.
        examples: how many examples were run.
        broken: the rules whose examples do not show what they should, each with what is wrong.
        uncounted: the amounts that no relation counts.
        underived: the totals that no relation works out.
        silent: the sections in which nothing is said.
        unused: the phrases that no wording uses.
        unshown: the rules that lack an example, each with its place.
        unmerged: the printed tables that stay empty in the workbook of a department, where the format consolidates.
        uncoded: the codes by which formulas name a row, and that the classification does not have; it may be incomplete.
        gaps: the numbers that no printed table has, though later ones are there.
        extends: whether it extends another edition.
        overridings: what its own files declare, against the edition that it extends, or what holds in all.
    """

    edition: Edition
    examples: int
    broken: tuple[str, ...]
    uncounted: tuple[str, ...]
    underived: tuple[str, ...]
    silent: tuple[str, ...]
    unused: tuple[str, ...]
    unshown: tuple[str, ...]
    unmerged: tuple[str, ...]
    uncoded: tuple[str, ...]
    gaps: tuple[str, ...]
    extends: bool
    overridings: tuple[Overriding, ...]


@dataclass(frozen=True)
class Announced:
    """Two editions, and what changes from one to the other."""

    old: Edition
    new: Edition
    changes: tuple[FormatChange, ...]


def examine_edition(name: str) -> Examined:
    """Run the examples of an edition, and look for what its author forgot.

    Args:
        name: its id, or its folder.

    Raises:
        UnusableInputError: it does not load, or no template can be drawn from its base document; all that is wrong is
            told at once.
    """
    begin(f"读版式 {name}")
    edition = named(name)
    base_of(edition)
    origins = Origins.of(edition)
    examples = Examples(edition, origins)
    shown = [rule for rule in edition.rule if rule.passes or rule.fails]
    told, used = {statement.section for statement in edition.statement}, _used(edition)
    return Examined(
        edition,
        len(shown),
        tuple(_not_shown(examples, shown)),
        tuple(uncounted(edition, origins)),
        tuple(found for table in edition.printed for found in _underived(edition, table)),
        tuple(section.id for section in edition.section if section.id not in told),
        tuple(name for name in edition.phrase if name not in used),
        tuple(_unshown(edition, origins)),
        tuple(_unmerged(edition)),
        tuple(dict.fromkeys(_uncoded(edition, origins))),
        tuple(_gaps(edition)),
        origins.extends,
        tuple(origins.overridings()),
    )


def _not_shown(examples: Examples, shown: Sequence[Rule]) -> Iterator[str]:
    """The rules whose examples do not show what they should."""
    with Progress("运行举例", len(shown)) as progress:
        for rule in shown:
            yield from examples.wrong(rule)
            progress.step()


def _unshown(edition: Edition, origins: Origins) -> Iterator[str]:
    """The rules that lack an example; of those that all formats share it may lack, where there is nothing it speaks of."""
    for rule in edition.rule:
        shown = bool(rule.passes) + bool(rule.fails)
        places = origins.places("rule", rule.id)
        if shown == 1 or (not shown and not any(place.file.startswith(f"{COMMON}/") for place in places)):
            yield f"{rule.id}（{origins.line('rule', rule.id)}）"


def _unmerged(edition: Edition) -> Iterator[str]:
    """The printed tables of which nothing is added up for a department, though the format consolidates."""
    for table in edition.printed if edition.consolidation else ():
        columns = (column.consolidated for column in table.columns.values())
        rows = (row.consolidated for block in table.block for row in block.rows)
        if {table.consolidated, *columns, *rows} <= {None, "none"}:
            yield f"表{table.ordinal} {table.name}"


def _uncoded(edition: Edition, origins: Origins) -> Iterator[str]:
    """The rows that formulas and wordings name by a code which no classification has: nothing stands in such a row."""
    for said in texts(edition):
        names = (getattr(one, "id", "") or getattr(one, "name", "") for one in reversed(said.owners))
        kind, own = str(said.location[0]), next(filter(None, names), str(said.location[-1]))
        for name, key in CITED.findall(said.text):
            known = _rows_known(edition, name)
            for code in CODE.findall(key) if known else ():
                if code not in known:
                    line = origins.line(kind, own)
                    yield f"{own}{f'（{line}）' if line else ''}：{name}[{code}]"


def _rows_known(edition: Edition, name: str) -> frozenset[str]:
    """The rows that a table of codes may have; none of any other table."""
    table = edition.tables.get(name)
    codings = {table.columns[column].of for column in table.main.key} - {""} if table else set()
    rows = table.fixed if table and codings else ()
    return frozenset((*rows, *(code for coding in codings for code in edition.codes(coding))))


def _gaps(edition: Edition) -> Iterator[str]:
    numbers = {table.number for table in edition.printed if table.number}
    yield from (f"表{number}" for number in range(1, max(numbers, default=0)) if number not in numbers)


def _used(edition: Edition) -> frozenset[str]:
    """What stands in the slots of all wordings."""
    return frozenset(slot for said in texts(edition) for slot in slots(said.text))


def named(name: str) -> Edition:
    """An edition by its id, or by its folder, which is looked for there first.

    Raises:
        UnusableInputError: no such edition; one that stands in for another year's would hide that the own was not found.
    """
    if Path(name, SETTINGS).is_file():
        home = Path(name).resolve()
        look_in(home.parent)
        return edition_of(home.name)
    if not known(name):
        inside = f"这个文件夹里没有 {SETTINGS}，不是版式" if Path(name).is_dir() else "没有这个版式"
        fix = f"写版式自己的文件夹（里面有 {SETTINGS}），或现有的编号：{'、'.join(available())}"
        raise UnusableInputError(name, inside, fix)
    edition = edition_of(name)
    if edition.edition.ahead:
        other = later(name, edition.edition.year, edition.edition.ahead)
        fix = f"自己写的版式，写它的文件夹（例如 我的版式/{name}），或在 edition 之前写 --editions 我的版式"
        raise UnusableInputError(name, f"没有这个版式；填报时由 {other} 暂代，声明版式时不能用暂代的", fix)
    return edition


def _underived(edition: Edition, table: TableDeclaration) -> Iterator[str]:
    """The cells of totals that no relation works out: rows at the foot that are called so, and the row of the table."""
    names = tuple(map(caption, edition.house.totals))
    rows = [(block, row) for block in table.block for row in block.rows if row.bottom]
    totals = {
        row.key: block.of_row(row)
        for block, row in rows
        if MEASURED.sub("", caption(row.caption)).endswith(names)
    }
    if table.total != "none":
        totals[TOTAL] = table.main.columns
    for key, columns in totals.items():
        for column in columns:
            if column.type == "money" and not derives(
                edition, table.name, key, column.name, line=key != TOTAL
            ):
                yield f"{table.name}[{key}].{column.name}"


def compare_editions(old: str, new: str, output: Path | None) -> Announced:
    """What changes from one edition to another, as those who fill it in see it.

    Args:
        old: the id of the earlier one, or its folder.
        new: likewise of the later one.
        output: a file to write it to: .md, .txt or .json.

    Raises:
        UnusableInputError: one of them does not load, or the file exists already.
    """
    if output:
        refuse_existing(output)
    begin("读两个版式")
    one, other = named(old), named(new)
    done = Announced(one, other, differences(one, other))
    if output:
        writers = {".md": formats.as_markdown, ".txt": formats.printed}
        write = writers.get(output.suffix.lower())
        told = write(done.changes, one, other) if write else formats.as_json(done.changes)
        replace_file(output, f"{told}\n".encode("utf-8-sig" if output.suffix.lower() == ".txt" else "utf-8"))
    return done


def begin_edition(base: str, year: int, output: Path | None) -> Path:
    """Write the folder of an edition of another year: it is the same until something else is declared.

    Args:
        base: the id of the edition that it extends.
        year: its year.
        output: the folder to write it into; by default the current one.

    Raises:
        UnusableInputError: no such edition, or the folder is there already.
    """
    begin(f"读版式 {base}")
    edition = named(base).edition
    if str(edition.year) not in edition.id or year == edition.year:
        raise UnusableInputError(base, f"{year} 年的编号定不出来", "换一个年份，或自己新建文件夹")
    name = edition.id.replace(str(edition.year), str(year), 1)
    home = (output or Path()) / name
    refuse_existing(home)
    try:
        home.mkdir(parents=True)
    except OSError as error:
        raise UnusableInputError(home, "建不了文件夹", "换一个位置") from error
    title = edition.title.replace(str(edition.year), str(year))
    lines = [
        f"# 在 {edition.id} 上修改：只写不同之处（docs/editions.md“在另一版式上修改”）。",
        f'extends = "{edition.id}"',
        "",
        "[edition]",
        f'id = "{name}"',
        f'title = "{title}"',
        f"year = {year}",
    ]
    replace_file(home / SETTINGS, ("\n".join(lines) + "\n").encode())
    return home
