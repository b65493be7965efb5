"""The list of next year's workbook: what was carried from last year, sheet by sheet, for a person to review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.book.relations import derives
from budgetgen.book.reviewed import item_of, question, standing_in
from budgetgen.values.model import Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Column, Edition, TableDeclaration
    from budgetgen.values.model import Book


@dataclass(frozen=True)
class CarriedSheet:
    """What was carried on a sheet, or the question of it whether an item's targets were reached.

    Attributes:
        called: its name; with the item, where one is meant.
        kept: what, in words: the columns, or the fixed rows.
        left: likewise, what was told last year and is to be filled in anew.
        cells: how many cells were carried.
    """

    called: str
    kept: tuple[str, ...]
    left: tuple[str, ...]
    cells: int


def review_list(sheets: Iterable[CarriedSheet], edition: Edition) -> Table:
    """The rows of the sheet on which a person says that what was carried has been reviewed."""
    stored = edition.carried
    rows = []
    for sheet in sheets:
        kept = f"{'、'.join(sheet.kept)}（{sheet.cells} 格）"
        texts = {stored.sheet: sheet.called, stored.kept: kept, stored.left: "、".join(sheet.left)}
        rows.append(
            Row(sheet.called, "", None, {name: Cell(text, given=True) for name, text in texts.items()})
        )
    return Table(stored.table, tuple(rows))


def carried_sheets(tables: Mapping[str, Table], last: Book, edition: Edition) -> Iterator[CarriedSheet]:
    """The sheets on which something was carried, in their order."""
    for declared in edition.table:
        table = tables.get(declared.name)
        cells = tuple(_given(table, edition)) if table else ()
        if cells:
            kept = tuple(dict.fromkeys(name for _, name in cells))
            before = _given(last.tables.get(declared.name, Table(declared.name)), edition)
            left = (name for _, name in before if name not in kept)
            stands = _standing_in(declared, edition)
            named = tuple(stands.get(name, name) for name in kept)
            yield CarriedSheet(declared.name, named, tuple(dict.fromkeys(left)), len(cells))
            yield from _results(tables[declared.name], edition)


def _standing_in(declared: TableDeclaration, edition: Edition) -> Mapping[str, str]:
    """What is said of a column that another one's text of last year stands in for."""
    captions = {own: declared.columns[own].captions[-1] for own in standing_in(edition, declared.name)}
    others = standing_in(edition, declared.name)
    return {text: f"{text}（暂填去年的{others[own]}，请改成实际的）" for own, text in captions.items()}


def _results(table: Table, edition: Edition) -> Iterator[CarriedSheet]:
    """Whose results last year's targets stand in for: a question for each item."""
    for own, other in standing_in(edition, table.name).items():
        caption = edition.tables[table.name].columns[own].captions[-1]
        items = Counter(item_of(row, edition, table.name) for row in table.rows if row[own].value)
        for item, count in items.items():
            told = f"{caption}是去年的{other}"
            yield CarriedSheet(question(table.name, item, edition), (told,), (f"实际的{caption}",), count)


def anew(tables: Mapping[str, Table], last: Book, edition: Edition) -> Mapping[str, int]:
    """How many cells that last year told are to be filled in anew, by sheet."""
    left: Counter[str] = Counter()
    for declared in edition.table:
        own = tables.get(declared.name, Table(declared.name))
        kept = Counter(_given(own, edition))
        told = Counter(_given(last.tables.get(declared.name, Table(declared.name)), edition))
        left[declared.name] = (told - kept).total()
    return {name: count for name, count in left.items() if count}


def _given(table: Table, edition: Edition) -> Iterator[tuple[str, str]]:
    """The cells that a person has to fill in: the key of the row, and what the clerk knows the cell by."""
    declared = edition.tables[table.name]
    for row in table.rows:
        if row.key not in declared.fixed and not row.line:
            continue
        for name, cell in row.cells.items():
            column = declared.columns.get(name)
            if column is None or column.type in {"label", "name"} or not cell.given or cell.value is None:
                continue
            if not derives(edition, table.name, row.key, name, line=row.line):
                yield row.key, _called(declared, row.key, column)


def _called(declared: TableDeclaration, key: str, column: Column) -> str:
    """What the clerk knows a cell by: its column, in a fixed row the label."""
    if key not in declared.fixed:
        return column.captions[-1]
    block, fixed = declared.fixed[key]
    own = block.value is not None and column.name == block.value.name
    return fixed.caption if own else f"{fixed.caption}的{column.captions[-1]}"
