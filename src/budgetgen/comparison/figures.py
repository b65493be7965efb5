"""Which figures of two files differ: every number that both formats have a place for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.comparison.values import FigureChange, Kind, Risk, TableView
from budgetgen.values.amounts import percentage, rounded
from budgetgen.values.model import BLANK, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import Pair
    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Row, Value

ZERO = Decimal("0.00")
NUMBERS = frozenset({"money", "number", "count"})
MONEY = "万元"


def figures(both: Both) -> tuple[FigureChange, ...]:
    """The figures that differ, those of a risk first, then large changes."""
    found = [change for name in both.shared for change in _of_table(both, name)]
    return tuple(
        sorted(found, key=lambda change: (change.risk is None, not change.large, -abs(change.change)))
    )


def views(both: Both) -> tuple[TableView, ...]:
    """The printed tables of both files, side by side."""
    return tuple(
        TableView(name, numbers(both, name), both.pairs[name])
        for name in both.shared
        if both.declared(name).printed
    )


def numbers(both: Both, name: str) -> tuple[str, ...]:
    """The columns of a shared table that hold figures of the file itself."""
    stored = both.new.edition.comparisons
    if name in {stored.reasons, both.new.edition.house.about} or (name == stored.prior and both.shift):
        return ()
    own = {column for basis in stored.basis for column in (basis.amount, basis.rate)}
    return tuple(
        column
        for column in both.columns(name)
        if (name != stored.prior or column in own)
        and any(_numeric(both.new.edition, name, column, key) for key in ("", *both.declared(name).fixed))
    )


def _numeric(edition: Edition, table: str, column: str, key: str) -> bool:
    return edition.kind(table, column, key) in NUMBERS


def number(value: Value) -> Decimal:
    """A figure as printed; nothing is zero."""
    return rounded(value) if isinstance(value, Decimal) else ZERO


def rate(change: Decimal, old: Decimal) -> Decimal | None:
    """A change in percent of the old amount; None where that is zero."""
    return percentage(change, abs(old)) if old else None


def title(edition: Edition, table: str, row: Row) -> str:
    """What a row is called: its name, with the code that it is known by."""
    declared = edition.tables[table]
    if row.key in declared.fixed:
        fixed = declared.fixed[row.key][1]
        return fixed.caption if fixed.key.isdigit() else fixed.key
    if row.key == TOTAL:
        return declared.total_name
    kinds = (
        ("code", "item")
        if any(c.type == "item" and row.text(c.name) for c in declared.main.columns)
        else ("code", "name")
    )
    texts = [row.text(c.name) for c in declared.main.columns if c.type in kinds and row.text(c.name)]
    texts += [row.text(target.name) for target in edition.review.targets if target.table == table]
    return " ".join(filter(None, texts)) or row.key


def _of_table(both: Both, name: str) -> Iterator[FigureChange]:
    columns = numbers(both, name)
    for pair in both.pairs[name]:
        whole = pair.old is None or pair.new is None
        if whole and not both.declared(name).printed and name != both.new.edition.comparisons.prior:
            continue  # told as a row, or with its project
        sides = [{c: number(cell.value) for c in columns for cell in (pair.cells(c)[i],)} for i in (0, 1)]
        kind = _kind(any(sides[0].values()), any(sides[1].values()))
        for column in columns:
            old, new = sides[0][column], sides[1][column]
            if old != new:
                yield _change(both, name, pair, column, kind)


def _kind(before: bool, after: bool) -> Kind:
    """What became of a line, by whether it had any figure before and after."""
    return Kind.CHANGED if before and after else Kind.CAME if after else Kind.WENT


def _change(both: Both, name: str, pair: Pair, column: str, kind: Kind) -> FigureChange:
    row = pair.shown
    edition = both.new.edition if pair.new else both.old.edition
    before, after = pair.cells(column)
    old, new = number(before.value), number(after.value)
    money = edition.kind(name, column, row.key) == "money"
    return FigureChange(
        kind=kind,
        table=name,
        column=column,
        key=row.key,
        name=title(edition, name, row),
        measure=MONEY if money else _measure(both.declared(name), row.key),
        main=column == next(iter(both.declared(name).measures(row.key)), column),
        line=_leaf(both.declared(name), row),
        old=old,
        new=new,
        change=new - old,
        rate=rate(new - old, old),
        share=_share(both, name, row, column, new - old) if money else None,
        large=both.threshold.reached(old, new),
        old_place=before.place,
        new_place=after.place,
        risk=Risk.WEIGHED if kind is Kind.CHANGED and _weighs(edition, name, column) else None,
    )


def _weighs(edition: Edition, table: str, column: str) -> bool:
    """Whether a column tells how much a target counts."""
    return any((target.table, target.weight) == (table, column) for target in edition.review.targets)


def _measure(declared: TableDeclaration, key: str) -> str:
    return declared.fixed[key][1].measure if key in declared.fixed else ""


def _leaf(declared: TableDeclaration, row: Row) -> bool:
    """Whether a row is no sum of others: a fixed one where nothing stands below it."""
    if row.key not in declared.fixed:
        return row.line and row.key != TOTAL
    block, fixed = declared.fixed[row.key]
    below = block.rows[block.rows.index(fixed) + 1 :][:1]
    return not (fixed.top or fixed.bottom or any(other.indent > fixed.indent for other in below))


def _share(both: Both, name: str, row: Row, column: str, change: Decimal) -> Decimal | None:
    """What part of the change of the table's total a change is."""
    total = _total(both.declared(name), row.key)
    if not total:
        return None
    before, after = (side.book[name].get(total) for side in (both.old, both.new))
    old, new = ((found[column] if found else BLANK) for found in (before, after))
    whole = number(new.value) - number(old.value)
    return percentage(change, whole) if whole else None


def _total(declared: TableDeclaration, key: str) -> str:
    """The key of the row that adds up the column that a row stands in; empty where there is none."""
    if key not in declared.fixed:
        return TOTAL if declared.total != "none" else ""
    block, _ = declared.fixed[key]
    return next((fixed.key for fixed in block.rows if fixed.top or fixed.bottom), "")
