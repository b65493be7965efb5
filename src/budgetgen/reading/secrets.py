"""Secret items: their texts are dropped at the door, so that no later stage can print them.

Of an item whose name begins with the edition's mark (特定目标 + code) only the code and the amounts stay, whatever
a cell holds. Basis: 预算法第十四条, 涉及国家秘密的除外.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from budgetgen.expressions import KEY_JOINT
from budgetgen.model import Cell, Row, Table
from budgetgen.reading.text import caption

if TYPE_CHECKING:
    from budgetgen.declarations import Edition, TableDeclaration
    from budgetgen.model import Book


def sealed(book: Book, edition: Edition) -> Book:
    """The Book without any text of a secret item."""
    performance = {name for table in edition.performance for name in (table.heads, table.indicators)}
    tables = {}
    for name, table in book.tables.items():
        declared = edition.tables[name]
        items = [column.name for column in declared.columns.values() if column.type == "item"]
        tables[name] = (
            _sealed(table, declared, items, edition.house.secret, drop=name in performance)
            if items
            else table
        )
    return book.with_tables(tables)


def _sealed(table: Table, declared: TableDeclaration, items: list[str], mark: str, *, drop: bool) -> Table:
    rows = []
    for row in table.rows:
        secret = any(_marked(row.text(item), mark) for item in items)
        if not secret:
            rows.append(row)
        elif not drop:
            rows.append(_without_texts(row, declared, mark))
    return Table(table.name, tuple(rows))


def _without_texts(row: Row, declared: TableDeclaration, mark: str) -> Row:
    kept = {}
    for name, cell in row.cells.items():
        column = declared.columns[name]
        if column.type == "item" and cell.value is not None:
            secret = _marked(str(cell.value), mark)
            kept[name] = Cell(_code_only(str(cell.value), mark), cell.place, given=True) if secret else cell
        elif column.type == "text":
            kept[name] = Cell(place=cell.place)
        else:
            kept[name] = cell
    key = KEY_JOINT.join(
        _code_only(part, mark) if _marked(part, mark) else part for part in row.key.split(KEY_JOINT)
    )
    return Row(key, row.level, row.parent, kept, row.line)


def _marked(name: str, mark: str) -> bool:
    """Whether a name is that of a secret item, whatever blanks, quotation marks or brackets it is written with."""
    return re.match(rf"\W*{mark}", caption(name)) is not None


def _code_only(name: str, mark: str) -> str:
    """特定目标 and its code: what stands behind the code might be the name."""
    found = re.match(rf"\W*{mark}\W*([0-9A-Za-z]+)", caption(name))
    return f"{mark}{found[1]}" if found else mark
