"""Putting a Book together: what the tables gave, and what the sentences told beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.figures import reason
from budgetgen.book.relations import derives
from budgetgen.formula.evaluation import KEY_JOINT, key_of
from budgetgen.reading.cells import CellReader, Raw
from budgetgen.values.amounts import WAN
from budgetgen.values.model import Book, Cell, Row, Table
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.edition.declarations import Basis, Column, Edition, TableDeclaration
    from budgetgen.reading.document.blocks import Text
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.values.places import FilePlace


def fixed_rows(table: TableDeclaration, texts: Mapping[str, str]) -> Table:
    """The fixed rows of a table, with texts in the value column."""
    rows = []
    for key, (block, fixed) in table.fixed.items():
        cells = {block.label.name: Cell(key)} if block.label else {}
        if key in texts and block.value:
            column = next(c for c in block.of_row(fixed) if c.name == block.value.name)
            cells[column.name] = CellReader(WAN).read(Raw(texts[key]), column, derived=False)[0]
        rows.append(Row(key, "", None, cells))
    return Table(table.name, tuple(rows))


def assembled(edition: Edition, book: Book, gathered: Gathered) -> Book:
    """The Book with everything that the sentences gave."""
    tables = dict(book.tables)
    for (name, key, column), text in gathered.cells.items():
        if not edition.tables[name].printed:
            place = gathered.places.get((name, key, column))
            tables[name] = _set(edition, tables[name], key, column, Raw(text, place=place))
    names = _names(edition, book)
    for name, rows in gathered.rows.items():
        aligned = [_aligned(edition, name, row, names) for row in rows]
        places = [{c: gathered.places.get((id(row), c)) for c in row} for row in rows]
        tables[name] = opened(edition, tables[name], aligned, places)
    for name in [
        table for declared in edition.performance for table in (declared.heads, declared.indicators)
    ]:
        tables[name] = _renamed(edition, tables[name], names)
    stored = edition.comparisons
    told: list[tuple[str, str, Mapping[str, Decimal | str]]] = [
        (stored.reasons, stored.reason, gathered.reasons)
    ]
    for basis in stored.basis:
        told += [
            (stored.prior, basis.amount, _on(edition, basis, gathered.priors)),
            (stored.prior, basis.rate, _on(edition, basis, gathered.rates)),
        ]
    for name, column, values in told:
        if column:
            cells = _compared(edition, name, column, values, gathered.said)
            tables[name] = _with_cells(edition, tables[name], column, cells)
    return book.with_tables(tables)


def _on(edition: Edition, basis: Basis, values: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Those of the figures that are compared on a basis."""
    return {key: value for key, value in values.items() if edition.basis(key) is basis}


def stated(edition: Edition, book: Book, derived: Book) -> Book:
    """The Book of printed tables with what they state by a blank.

    A blank in a published table says that there is nothing. Where the relations would fill in an amount, that
    is a contradiction: the blank is kept as the zero that it states, for the checks to find.

    Args:
        edition: the format.
        book: what was read.
        derived: the same, derived.
    """
    tables = {}
    for declared in edition.printed:
        rows = []
        for row in book[declared.name].rows:
            full = derived[declared.name].get(row.key) or row
            blanks = (c for c in row.cells if declared.columns[c].numeric and row[c].place)
            zeros = {
                c: Cell(Decimal(0), row[c].place, given=True, terms=1)
                for c in blanks
                if row[c].value is None and full[c].value
            }
            rows.append(row.with_cells(zeros) if zeros else row)
        tables[declared.name] = Table(declared.name, tuple(rows))
    return book.with_tables(tables)


def unrepeated(edition: Edition, book: Book) -> Book:
    """The Book without what the program would say by itself: it is no word of the office's own.

    That is a reason that is the one of the figure of the same amounts, and a zero where a relation would
    fill in no other amount.
    """
    return _without_zeros(edition, _without_echoes(edition, book))


def _without_echoes(edition: Edition, book: Book) -> Book:
    stored = edition.comparisons
    owns = ((figure, book.cell(stored.reasons, figure.id, stored.reason).value) for figure in edition.figure)
    given = [(figure, own) for figure, own in owns if figure.same_as and own is not None]
    derived = derive(book, edition) if given else book
    for figure, own in given:
        bare = _blanked(derived, stored.reasons, figure.id, stored.reason)
        if reason(bare, edition, figure, figure.id) == own:
            book = _blanked(book, stored.reasons, figure.id, stored.reason)
    return book


def _without_zeros(edition: Edition, book: Book) -> Book:
    """A sentence has 0.00 for a blank as well; the zero is kept where it contradicts the relations."""
    zeros = [
        (table.name, row.key, column)
        for table in book.tables.values()
        if not edition.tables[table.name].printed
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value == 0 and derives(edition, table.name, row.key, column, line=row.line)
    ]
    bare = book
    for place in zeros:
        bare = _blanked(bare, *place)
    filled = derive(bare, edition) if zeros else bare
    for place in zeros:
        if not filled.cell(*place).value:
            book = _blanked(book, *place)
    return book


def _blanked(book: Book, table: str, key: str, column: str) -> Book:
    rows = (
        row.with_cells({column: Cell(place=row[column].place)}) if row.key == key else row
        for row in book[table].rows
    )
    return book.with_tables({table: Table(table, tuple(rows))})


def _names(edition: Edition, book: Book) -> dict[str, str]:
    """The names of projects as the numbered tables print them."""
    found: dict[str, str] = {}
    for table in edition.printed:
        for column in table.of_type("item"):
            for row in book[table.name].rows:
                if name := row.text(column):
                    found.setdefault(as_named(name), name)
    return found


def _aligned(
    edition: Edition, table: str, row: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    """A row whose projects go by the names of the tables."""
    items = set(edition.tables[table].of_type("item"))
    return {c: names.get(as_named(text), text) if c in items else text for c, text in row.items()}


def _renamed(edition: Edition, table: Table, names: Mapping[str, str]) -> Table:
    items = edition.tables[table.name].of_type("item")
    rows = []
    for row in table.rows:
        known = {c: names[as_named(row.text(c))] for c in items if as_named(row.text(c)) in names}
        key = next((name for c, name in known.items() if row.key == row.text(c)), row.key)
        cells = {c: Cell(name, row[c].place, given=True) for c, name in known.items()}
        rows.append(Row(key, row.level, row.parent, {**row.cells, **cells}, row.line))
    return Table(table.name, tuple(rows))


def _set(edition: Edition, table: Table, key: str, column: str, raw: Raw) -> Table:
    declared = edition.tables[table.name]
    if key not in declared.fixed:
        return table
    block, fixed = declared.fixed[key]
    own = next((c for c in block.of_row(fixed) if c.name == column), None)
    if own is None:
        return table
    cell = CellReader(WAN).read(raw, own, derived=False)[0]
    rows = [row.with_cells({column: cell}) if row.key == key else row for row in table.rows]
    return Table(table.name, tuple(rows))


def opened(
    edition: Edition,
    table: Table,
    rows: Sequence[Mapping[str, str]],
    places: Sequence[Mapping[str, FilePlace | None]] = (),
) -> Table:
    """A table with further rows, by the texts of their cells, and where these stand."""
    declared = edition.tables[table.name]
    reader = CellReader(WAN)
    made = []
    for ordinal, texts in enumerate(rows, start=1):
        stands = places[ordinal - 1] if places else {}
        cells = {
            c.name: reader.read(Raw(texts[c.name], place=stands.get(c.name)), c, derived=False)[0]
            for c in declared.main.columns
            if c.name in texts
        }
        key = key_of([str(cells[k].value or "") for k in declared.main.key if k in cells]) or f"第{ordinal}行"
        level = declared.main.levels[-1].name if declared.main.levels else ""
        made.append(Row(key, level, None, cells))
    return Table(table.name, (*table.rows, *made))


def _compared(
    edition: Edition, table: str, column: str, values: Mapping[str, Decimal | str], said: Mapping[str, Text]
) -> dict[str, Cell]:
    """Last year's amounts or the reasons as cells, by the keys of the figures, each at its sentence."""
    declared = edition.tables[table].columns[column]
    places: dict[str, FilePlace] = {key: sentence.place for key, sentence in said.items()}
    return {key: replace(_value(value, declared), place=places.get(key)) for key, value in values.items()}


def _with_cells(edition: Edition, table: Table, column: str, cells: Mapping[str, Cell]) -> Table:
    """上年数 or 增减原因: fixed rows by their key, further ones by figure and code."""
    rows = [row.with_cells({column: cells[row.key]}) if row.key in cells else row for row in table.rows]
    fixed = {row.key for row in table.rows}
    label, code = edition.tables[table.name].main.key[:2]
    for key, cell in cells.items():
        if key not in fixed and KEY_JOINT in key:
            figure, item = key.split(KEY_JOINT, 1)
            keys = {label: Cell(figure, given=True), code: Cell(item, given=True)}
            rows.append(Row(key, "", None, {**keys, column: cell}))
    return Table(table.name, tuple(rows))


def _value(value: Decimal | str, column: Column) -> Cell:
    if isinstance(value, Decimal):
        return Cell(value, given=True, terms=1)
    return CellReader(WAN).read(Raw(value), column, derived=False)[0]
