"""Secret items: their texts are dropped at the door, so that no later stage can print them.

Of an item whose name begins with the edition's mark (特定目标 + code) only the code and the amounts stay, whatever
a cell holds. Basis: 预算法第十四条, 涉及国家秘密的除外.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.expressions import KEY_JOINT
from budgetgen.findings import Finding, Spot
from budgetgen.model import Cell, Row, Table
from budgetgen.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.declarations import Edition, TableDeclaration
    from budgetgen.model import Book


EXPOSED = "secret-text"
"""The rule that a file holds nothing of a secret item but its code and its amounts."""


def sealed(book: Book, edition: Edition) -> Book:
    """The Book without any text of a secret item."""
    performance = {name for table in edition.performance for name in (table.heads, table.indicators)}
    units = _units(book, edition)
    tables = {}
    for name, table in book.tables.items():
        declared = edition.tables[name]
        items = [column.name for column in declared.columns.values() if column.type == "item"]
        tables[name] = (
            _sealed(table, declared, items, edition.house.secret, units, drop=name in performance)
            if items
            else table
        )
        tables[name] = _spoken(tables[name], declared, edition)
    told = edition.explanations.table
    tables[told] = _told(tables[told], book, edition)
    return book.with_tables(tables)


def withheld(text: str, edition: Edition) -> str:
    """A text that speaks of a secret item, with nothing left of it but the item's code; any other as it is."""
    if not _inside(text, edition.house.secret):
        return text
    found = re.search(rf"{edition.house.secret}\W*[0-9A-Za-z]+", caption(text))
    code = _code_only(found[0], edition.house.secret) if found else edition.house.secret
    return f"涉及{code}，{edition.house.withheld}"


def sealed_findings(findings: Iterable[Finding], edition: Edition) -> tuple[Finding, ...]:
    """The findings without any text of a secret item: messages quote what was read."""
    return tuple(
        replace(
            finding,
            message=withheld(finding.message, edition),
            spots=tuple(_sealed_spot(spot, edition) for spot in finding.spots),
        )
        for finding in findings
    )


def _sealed_spot(spot: Spot, edition: Edition) -> Spot:
    row = _sealed_key(spot.row, edition.house.secret)
    return replace(spot, row=row, value=withheld(spot.value, edition))


def exposed(book: Book, edition: Edition) -> Iterator[Finding]:
    """Where a file, not yet sealed, holds more of a secret item than its code and amounts: the places only."""
    rule, units = edition.rules[EXPOSED], _units(book, edition)
    for name, table in book.tables.items():
        declared = edition.tables[name]
        items = [column.name for column in declared.columns.values() if column.type == "item"]
        spots = tuple(
            Spot(name, _sealed_key(row.key, edition.house.secret), column, row[column].place)
            for row in table.rows
            if any(_marked(row.text(item), edition.house.secret) for item in items)
            for column in declared.columns
            if _tells(row.text(column), declared, column, edition, units)
        )
        if spots:
            message = f"涉密项目在“{name}”有 {len(spots)} 格写了代码以外的文字，没有读入，但还在文件里"
            yield Finding(rule.id, rule.severity, message, rule.fix, rule.basis, spots)


def _tells(
    text: str, declared: TableDeclaration, column: str, edition: Edition, units: frozenset[str]
) -> bool:
    """Whether a text of a secret item's row says more than may be published."""
    kind = declared.columns[column].type
    if kind == "item":
        said = re.sub(r"\W", "", caption(text)).upper()
        return _marked(text, edition.house.secret) and said != _code_only(text, edition.house.secret).upper()
    if _names_no_unit(text, declared, column, units):
        return True
    return kind == "text" and bool(text) and text != edition.house.withheld


def _units(book: Book, edition: Edition) -> frozenset[str]:
    """The names of units that a Book has where they are no free text: its own, and those its tables are ordered by."""
    house = edition.house
    own = book.cell(house.about, house.unit, house.value).value
    ordered = (
        row.text(column)
        for table in edition.table
        for column in table.main.key
        if table.columns[column].type == "unit"
        for row in book[table.name].rows
    )
    return frozenset(filter(None, (str(own or ""), *ordered)))


def _names_no_unit(text: str, declared: TableDeclaration, column: str, units: frozenset[str]) -> bool:
    """Whether something else than a unit, or its name shortened, stands where one should."""
    if declared.columns[column].type != "unit" or column in declared.main.key or not text:
        return False
    return not any(_shortens(caption(text), caption(unit)) for unit in units)


def _shortens(text: str, name: str) -> bool:
    """Whether a text is a name, or one with signs left out: it says nothing that the name does not."""
    rest = iter(name)
    return all(sign in rest for sign in text)


def _sealed_key(key: str, mark: str) -> str:
    return KEY_JOINT.join(
        _code_only(part, mark) if _marked(part, mark) else part for part in key.split(KEY_JOINT)
    )


def _spoken(table: Table, declared: TableDeclaration, edition: Edition) -> Table:
    """The table with the texts withheld that speak of a secret item; the explanations are sealed by themselves."""
    if declared.name == edition.explanations.table:
        return table
    texts = [name for name, column in declared.columns.items() if column.type == "text"]
    return Table(table.name, tuple(_without_spoken(row, texts, edition) for row in table.rows))


def _without_spoken(row: Row, texts: list[str], edition: Edition) -> Row:
    spoken = {c: row[c] for c in texts if isinstance(row[c].value, str)}
    cut = {c: replace(cell, value=withheld(str(cell.value), edition)) for c, cell in spoken.items()}
    changed = {c: cell for c, cell in cut.items() if cell.value != spoken[c].value}
    return row.with_cells(changed) if changed else row


def _told(table: Table, book: Book, edition: Edition) -> Table:
    """The explanations; of one that speaks of a secret item only where, and who explains."""
    places = set(_secret_places(book, edition)) if table.rows else set()
    return Table(table.name, tuple(_withheld(row, places, edition) for row in table.rows))


def _withheld(row: Row, places: set[str], edition: Edition) -> Row:
    """An explanation without its text, where it speaks of a secret item."""
    where = edition.explanations
    texts = [row.text(column) for column in (where.rule, where.place, where.text)]
    secret = any(_inside(text, edition.house.secret) for text in texts)
    if not secret and caption(row.text(where.place)).upper() not in places:
        return row
    kept = {column: _coded_place(row.text(column), edition) for column in (where.rule, where.place)}
    known = {**kept, where.text: edition.house.withheld}
    return row.with_cells({c: replace(row[c], value=text) for c, text in known.items() if row.text(c)})


def _secret_places(book: Book, edition: Edition) -> Iterator[str]:
    """Where the cells of secret items stand."""
    for name, table in book.tables.items():
        items = [column.name for column in edition.tables[name].columns.values() if column.type == "item"]
        for row in table.rows if items else ():
            if any(_marked(row.text(item), edition.house.secret) for item in items):
                yield from (cell.place.upper() for cell in row.cells.values() if cell.place)


def _inside(text: str, mark: str) -> bool:
    """Whether a text speaks of a secret item; 特定目标类 without a code is no item."""
    return re.search(rf"{mark}\W*[0-9A-Za-z]", caption(text)) is not None


def _coded_place(place: str, edition: Edition) -> str:
    """A place without what stands behind the code of a secret item, `结转用途[特定目标…].用途`."""
    found = re.match(rf"(.*?{edition.house.secret}\W*[0-9A-Za-z]*)", caption(place))
    if not found:
        return place
    column = re.search(r"\](?:\.(\w+))?$", caption(place))
    known = column and (not column[1] or any(column[1] in table.columns for table in edition.table))
    return found[1] + (column[0] if column and known else "")


def _sealed(
    table: Table,
    declared: TableDeclaration,
    items: list[str],
    mark: str,
    units: frozenset[str],
    *,
    drop: bool,
) -> Table:
    rows = []
    for row in table.rows:
        secret = any(_marked(row.text(item), mark) for item in items)
        if not secret:
            rows.append(row)
        elif not drop:
            rows.append(_without_texts(row, declared, mark, units))
    return Table(table.name, tuple(rows))


def _without_texts(row: Row, declared: TableDeclaration, mark: str, units: frozenset[str]) -> Row:
    kept = {}
    for name, cell in row.cells.items():
        column = declared.columns[name]
        if column.type == "item" and cell.value is not None:
            secret = _marked(str(cell.value), mark)
            kept[name] = Cell(_code_only(str(cell.value), mark), cell.place, given=True) if secret else cell
        elif column.type == "text" or _names_no_unit(row.text(name), declared, name, units):
            kept[name] = Cell(place=cell.place)
        else:
            kept[name] = cell
    return Row(_sealed_key(row.key, mark), row.level, row.parent, kept, row.line)


def _marked(name: str, mark: str) -> bool:
    """Whether a name is that of a secret item, whatever stands before, between or behind mark and code."""
    return re.match(rf"\W*{mark}", caption(name)) is not None or _inside(name, mark)


def _code_only(name: str, mark: str) -> str:
    """特定目标 and its code: what stands before or behind might be the name."""
    found = re.search(rf"{mark}\W*([0-9A-Za-z]+)", caption(name))
    return f"{mark}{found[1]}" if found else mark
