"""Reading a text grid into a Book: the cases of the rules, and of the tests, are written so.

    支出总体 | 科目代码 | 合计  | 基本支出
             | 2060501  | 10.00 | 10.00

A line that begins with a table's name names its columns; the lines below it are its rows. Columns and rows that
are not written are blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.outline import outline
from budgetgen.reading.cells import CellReader, Raw
from budgetgen.reading.headers import Header
from budgetgen.reading.secrets import dropped_findings, sealer, texts_in, without_secrets
from budgetgen.reading.tables import TableReader
from budgetgen.values.model import Book, Cell, Row, Table
from budgetgen.values.places import SheetPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.findings import Finding

_Section: TypeAlias = tuple[str, list[str], Sequence[Sequence[Raw]]]
"""The name of a table, the names of its columns, its lines."""


def read_grid(text: str, edition: Edition) -> tuple[Book, tuple[Finding, ...]]:
    """A Book of the tables in a grid; fixed rows are all there, blank where nothing is written.

    Raises:
        KeyError: a table or column that the edition does not declare.
    """
    sections = tuple(_sections(text))
    book, findings = _read(sections, edition)
    seal = sealer(book, edition, (text for _, _, lines in sections for text in texts_in(lines)))
    if seal is None:
        return book, findings
    sealed = [(name, captions, *seal.lines(lines)) for name, captions, lines in sections]
    book, findings = _read([(name, captions, lines) for name, captions, lines, _ in sealed], edition)
    dropped = tuple(one for _, _, _, told in sealed for one in told)
    return without_secrets(book, edition, dropped), (*findings, *dropped_findings(dropped, edition))


def _read(sections: Iterable[_Section], edition: Edition) -> tuple[Book, tuple[Finding, ...]]:
    tables = {table.name: Table(table.name) for table in edition.table}
    findings: list[Finding] = []
    facts: dict[str, str] = {}
    for name, captions, lines in sections:
        read, found = _reader(edition, name, facts).read(
            lines, _header(edition.tables[name], captions, lines)
        )
        tables[name] = Table(name, (*tables[name].rows, *read.rows))
        findings += found
        if name == edition.house.about:
            facts = {row.key: row.text(edition.house.value) for row in read.rows}
    complete = {name: _filled(edition.tables[name], table) for name, table in tables.items()}
    return Book(edition.id, "示例", complete), tuple(findings)


def _reader(edition: Edition, name: str, facts: Mapping[str, str]) -> TableReader:
    house = edition.house
    tree = outline(edition, name, facts.get(house.kind) or edition.kind_by_default)
    unit, money = facts.get(house.unit) or "本单位", edition.unit_of(name, facts.get(house.money))
    return TableReader(
        edition, edition.tables[name], tree, CellReader(money, edition.scale(name)), unit, name
    )


def _sections(text: str) -> Iterator[_Section]:
    name, captions, lines = "", [""], list[list[Raw]]()
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        first, *cells = (cell.strip() for cell in line.split("|"))
        if first:
            if name:
                yield name, captions, lines
            name, captions, lines = first, cells, []
        else:
            lines.append(
                [
                    Raw(cell or None, place=SheetPlace(name, f"{chr(65 + i)}{number}"))
                    for i, cell in enumerate(cells)
                ]
            )
    if name:
        yield name, captions, lines


def _header(declared: TableDeclaration, captions: list[str], lines: Sequence[Sequence[Raw]]) -> Header:
    """The columns by their stable names, in the block that has them all, and of several the one with these rows."""
    found = [i for i, block in enumerate(declared.block) if all(block.column(name) for name in captions)]
    if not found:
        unknown = [name for name in captions if name not in declared.columns] or captions
        raise KeyError(f"{declared.name}没有“{'”“'.join(unknown)}”")
    named = {str(raw.value) for line in lines for raw in line[:1]}
    index = max(found, key=lambda i: len(named & {row.key for row in declared.block[i].rows}))
    return Header(0, {(index, name): (i,) for i, name in enumerate(captions)})


def _filled(declared: TableDeclaration, table: Table) -> Table:
    """The table with its fixed rows, all that are written; lines stay as they are."""
    given: Mapping[str, Row] = {row.key: row for row in reversed(table.rows)}
    fixed = []
    for key, (block, _) in declared.fixed.items():
        cells = {block.label.name: Cell(key)} if block.label else {}
        fixed.append(given.get(key) or Row(key, "", None, cells))
    rest = (row for row in table.rows if row.key not in declared.fixed or row is not given[row.key])
    return Table(table.name, (*fixed, *rest))
