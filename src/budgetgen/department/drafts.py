"""Texts of the department, drafted from those of its units; each is marked until somebody has reviewed it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.book.relations import derives
from budgetgen.department.units import bare_name, is_named, is_own_office, unplaced
from budgetgen.edition.declarations import FALL, FIGURES, RISE, FigureColumn
from budgetgen.values.amounts import ZERO, percentage, rounded, written
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.department.units import Unit, Where
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book

LONGEST = 32_000
"""Characters of a draft: a cell of a workbook takes 767 more."""


def gathered(edition: Edition, texts: Sequence[tuple[str, str]], *, drafted: bool) -> Cell:
    """The texts of several units as one: said once where they agree, else each with its unit.

    Args:
        edition: the format.
        texts: (unit, text), in the order of the units.
        drafted: whether it is a draft; a lone unit's text is taken as it is.
    """
    declared = edition.consolidating
    unmarked = [(unit, text.removeprefix(declared.draft)) for unit, text in texts]
    if len({text for _, text in unmarked}) == 1:
        told = unmarked[0][1]
    else:
        told = _listed(edition, [declared.text.format(单位=unit, 内容=text) for unit, text in unmarked])
    return Cell(declared.draft + told if drafted else told, given=True)


def _listed(edition: Edition, texts: Sequence[str]) -> str:
    """The texts one after the other, as many as a cell takes; where some are left out it says of how many."""
    declared = edition.consolidating
    ends = list(accumulate(len(text) + len(declared.separator) for text in texts))
    shown = bisect_right(ends, LONGEST)
    more = [declared.more.format(数=len(texts))] if shown < len(texts) else []
    return declared.separator.join((*texts[:shown], *more))


@dataclass(frozen=True, slots=True)
class _Reason:
    """A unit's reason, and its part of the change in 万元."""

    unit: str
    own_office: bool
    text: str
    change: Decimal


@dataclass
class Reasons:
    """The units' reasons, by the figure that they explain; the department is known by its name."""

    edition: Edition
    department: str
    by_figure: dict[str, list[_Reason]] = field(default_factory=dict)
    office: str = ""
    """The unit that is called as the department, with the mark of its own office."""

    def add(self, unit: Unit) -> None:
        """One more unit's reasons."""
        own = is_own_office(unit.name, self.edition, self.department)
        if own and caption(bare_name(unit.name, self.edition)) == caption(self.department):
            self.office = unit.name
        for row in with_figures(unit.book, self.edition)[FIGURES].rows:
            reason = _Reason(unit.name, own, row.text(FigureColumn.REASON), _change(row))
            if reason.text or reason.change:
                self.by_figure.setdefault(row.key, []).append(reason)

    def join(self, later: Reasons) -> None:
        """Those of the units after these."""
        self.office = later.office or self.office
        for figure, reasons in later.by_figure.items():
            self.by_figure.setdefault(figure, []).extend(reasons)

    def drafted(self, table: Table) -> Table:
        """The table of reasons with a draft wherever some unit gave one."""
        column = self.edition.comparisons.reason
        rows = []
        for row in table.rows:
            reasons = self.by_figure.get(row.key, [])
            given = row[column].value is not None and any(reason.text for reason in reasons)
            rows.append(row.with_cells({column: Cell(self._text(reasons), given=True)}) if given else row)
        return Table(table.name, tuple(rows))

    def _text(self, reasons: Sequence[_Reason]) -> str:
        declared = self.edition.consolidating
        whole = sum((reason.change for reason in reasons), ZERO)
        told = sorted((r for r in reasons if r.text), key=lambda r: -abs(r.change))
        return declared.draft + _listed(self.edition, [self._told(reason, whole) for reason in told])

    def _told(self, reason: _Reason, whole: Decimal) -> str:
        declared = self.edition.consolidating
        change = declared.change.format(
            增减=FALL[0] if reason.change < 0 else RISE[0], 金额=written(abs(reason.change), grouped=False)
        )
        share = declared.share.format(数=percentage(reason.change, whole)) if rounded(whole) else ""
        own = reason.own_office and self.office in {"", reason.unit}  # one below has its own office too
        return declared.reason.format(
            称谓=declared.ranks[not own],
            单位="" if own else reason.unit,
            原因=reason.text.removeprefix(declared.draft),
            变动=change,
            占比=share,
        )


def _change(row: Row) -> Decimal:
    """This year's amount less last year's, as printed."""
    return rounded(row[FigureColumn.AMOUNT].amount) - rounded(row[FigureColumn.PRIOR].amount)


# --- what the department has written before -----------------------------------------------------------------


def kept(book: Book, earlier: Book, edition: Edition, numbers: Mapping[Where, Cell]) -> Book:
    """The Book with the department's own texts and numbers of an earlier workbook.

    A reviewed text takes the place of a draft; a reason only where the figure that it explains is the same. A
    typed number stands where no unit gives one and no relation fills it. What is left to the department is as
    the department has it. Rows that are only numbered are no same rows: nothing is carried from one to another.

    Args:
        book: as the units make it, not yet derived.
        earlier: the department's earlier workbook, derived.
        edition: the format.
        numbers: that the department typed in it.
    """
    tables = dict(_own_tables(book, earlier, edition))
    stale = set(_changed(book, earlier, edition))
    reasons = edition.comparisons.reasons
    for name, table in book.tables.items():
        if name not in tables and name != edition.consolidating.transfers.table:
            unlike = stale if name == reasons else set()
            rows = (
                row if row.key in unlike else _reviewed(row, earlier[name].get(row.key), edition)
                for row in table.rows
            )
            known = (
                _with_numbers(row, name, edition, numbers) if is_named(row, name, edition) else old
                for row, old in zip(rows, table.rows, strict=True)
            )
            tables[name] = Table(name, tuple(known))
    return book.with_tables(tables)


def _own_tables(book: Book, earlier: Book, edition: Edition) -> Iterator[tuple[str, Table]]:
    """The tables that are the department's: all but those that the program writes, and the list of units."""
    declared = edition.consolidating
    written = {declared.transfers.table, declared.institutions.table}
    for table in edition.table:
        if table.name in written or table.generated or not earlier[table.name].rows:
            continue
        if table.name == edition.house.about:
            yield table.name, _facts(book, earlier, edition)
        elif table.consolidated == "none":
            yield table.name, earlier[table.name]


def _facts(book: Book, earlier: Book, edition: Edition) -> Table:
    """The facts of the department as it has them, but for those that consolidation decides."""
    house = edition.house
    decided = {house.unit, house.kind, house.year, house.money}
    rows = [
        row if row.key in decided or (old := earlier[house.about].get(row.key)) is None else old
        for row in book[house.about].rows
    ]
    return Table(house.about, tuple(rows))


def _reviewed(row: Row, old: Row | None, edition: Edition) -> Row:
    """A row whose drafts, and texts left to the department, are those that somebody has reviewed."""
    if old is None:
        return row
    mark = edition.consolidating.draft
    texts = {
        column: cell
        for column, cell in old.cells.items()
        if isinstance(cell.value, str) and mark not in cell.value and _open(row, column, mark)
    }
    return row.with_cells(texts) if texts else row


def _with_numbers(row: Row, table: str, edition: Edition, numbers: Mapping[Where, Cell]) -> Row:
    """A row with the typed numbers of its columns that are blank and stay so."""
    cells = {
        column: unplaced(cell)
        for column in edition.tables[table].columns
        if (cell := numbers.get((table, row.key, column)))
        and row[column].value is None
        and not derives(edition, table, row.key, column, line=row.line)
    }
    return row.with_cells(cells) if cells else row


def _open(row: Row, column: str, mark: str) -> bool:
    value = row[column].value
    return value is None or (isinstance(value, str) and value.startswith(mark))


def _changed(book: Book, earlier: Book, edition: Edition) -> Iterator[str]:
    """The figures whose amounts, this year's or last year's, are not those of the earlier workbook."""
    before = with_figures(earlier, edition)[FIGURES]
    for row in with_figures(derive(book, edition), edition)[FIGURES].rows:
        old = before.get(row.key)
        if old is None or any(
            (row[c].value or ZERO) != (old[c].value or ZERO)
            for c in (FigureColumn.AMOUNT, FigureColumn.PRIOR)
        ):
            yield row.key
