"""Last year's figures out of last year's own file: to fill this year's 上年数, and to compare it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.book.facts import year_of
from budgetgen.book.figures import with_figures
from budgetgen.book.spots import spot
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.evaluation import KEY_JOINT, Scope, evaluate, key_of
from budgetgen.formula.reader import FormulaError
from budgetgen.values.amounts import HALF_CENT, PER_WAN, ZERO, plain
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Edition, FigureDeclaration
    from budgetgen.values.model import Book


SPREAD: Final = Decimal(3)
"""So many times at most does an amount move from one year to the next for this to be told."""


@dataclass(frozen=True)
class Last:
    """Last year's file.

    Attributes:
        book: derived.
        edition: its format.
        absent: the tables that the file lacks: what they would hold is not known, and is no zero.
    """

    book: Book
    edition: Edition
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Priors:
    """Last year's amounts of a new edition's figures.

    Attributes:
        amounts: by the key of the row of 上年数.
        listed: the figures of a whole table that is known: a code that is not among the amounts had none.
    """

    amounts: Mapping[str, Cell]
    listed: frozenset[str]

    def get(self, key: str) -> Cell | None:
        """Last year's amount of a figure; None where it is not known."""
        known = self.amounts.get(key)
        if known is None and KEY_JOINT in key and key.split(KEY_JOINT, maxsplit=1)[0] in self.listed:
            return Cell(ZERO)
        return known


def priors(last: Last, edition: Edition) -> Priors:
    """Last year's amounts of all figures that an edition asks for and does not add up itself.

    What last year's format did not tell is worked out from last year's tables, as far as they have what it is made of.
    """
    asked = _asked(last.edition, edition)
    wanted = {figure.id for figure in edition.figure if not figure.prior}
    figures = {figure.id: figure for figure in asked.figure if figure.id in wanted}
    amounts: dict[str, Cell] = {}
    for row in with_figures(last.book, asked)[FIGURES].rows:
        figure = figures.get(row.text(FigureColumn.ID))
        if figure and (
            row[FigureColumn.AMOUNT].value is not None or (not figure.each and _known(last, figure))
        ):
            amounts[row.key] = _sum(amounts.get(row.key), row[FigureColumn.AMOUNT])
    listed = (figure.id for figure in figures.values() if figure.each and _known(last, figure))
    return Priors(amounts, frozenset(listed))


def _asked(old: Edition, new: Edition) -> Edition:
    """Last year's format with the figures that are new, as far as it has what they are made of."""
    later = [figure for figure in new.figure if figure.id not in old.figures and not figure.prior]
    sayable = tuple(_alone(figure) for figure in later if _sayable(old, figure))
    if not sayable:
        return old
    asked = replace(old, figure=(*old.figure, *sayable))
    asked.settle(old.homes)
    return asked


def _alone(figure: FigureDeclaration) -> FigureDeclaration:
    """A figure by its amount alone."""
    return replace(figure, whole="", same_as="", basis="", compared=False)


def _sayable(edition: Edition, figure: FigureDeclaration) -> bool:
    """Whether a format has all that an amount of another one is made of."""
    if figure.each and figure.each not in edition.tables:
        return False
    try:
        edition.formula(figure.value, each=figure.each)
    except FormulaError:
        return False
    return not figure.each or figure.name in edition.tables[figure.each].columns


def unknown(edition: Edition, known: Priors) -> Iterator[FigureDeclaration]:
    """The figures whose amount of last year is carried, where last year's file does not tell it."""
    for figure in edition.figure:
        told = figure.id in known.listed if figure.each else known.get(figure.id) is not None
        if not (told or figure.prior) and carried_to(edition, figure.id):
            yield figure


def _known(last: Last, figure: FigureDeclaration) -> bool:
    """Whether the file has the tables that tell a figure: a blank there is zero."""
    if figure.each:
        return figure.each not in last.absent
    scope = Scope(last.book)
    evaluate(last.edition.formula(figure.value), scope)
    return last.absent.isdisjoint(read.table for read in scope.read)


def _sum(before: Cell | None, cell: Cell) -> Cell:
    """An amount, added to that of the same code in an earlier row; what is blank here is zero."""
    amount = cell.amount
    if before is None or not isinstance(before.value, Decimal):
        return Cell(amount, cell.place, terms=cell.terms)
    return replace(before, value=before.value + amount, terms=before.terms + cell.terms)


# --- filling ------------------------------------------------------------------------------------------------


def with_priors(book: Book, edition: Edition, known: Priors) -> Book:
    """The Book, not yet derived, with last year's amounts where its own 上年数 is blank; they are not given."""
    stored = edition.comparisons
    table = book[stored.prior]
    keys = {row.key for row in table.rows}
    rows = [_filled(row, edition, known) for row in table.rows]
    added = [
        row
        for figure in edition.figure
        if figure.each
        for line in book[figure.each].lines()
        if (key := key_of([figure.id, line.key])) not in keys
        and (row := open_row(edition, key, known.get(key)))
    ]
    unique = {row.key: row for row in added}
    return book.with_tables({stored.prior: Table(table.name, (*rows, *unique.values()))})


def _filled(row: Row, edition: Edition, known: Priors) -> Row:
    amount, column = known.get(row.key), carried_to(edition, row.key)
    if amount is None or column is None or row[column].value is not None:
        return row
    return row.with_cells({column: replace(row[column], value=amount.value, terms=amount.terms)})


def carried_to(edition: Edition, key: str) -> str | None:
    """The column of 上年数 that last year's file fills for a figure; None where it does not tell what is asked."""
    figure = edition.figures.get(key.split(KEY_JOINT, maxsplit=1)[0])
    if figure is None or not figure.compared:
        return None
    basis = edition.basis(key)
    return basis.amount if basis.carried else None


def open_row(edition: Edition, key: str, amount: Cell | None) -> Row | None:
    """The row of 上年数 for a figure with a code; None where last year's amount is not known."""
    column = carried_to(edition, key)
    if amount is None or column is None:
        return None
    stored = edition.comparisons
    label, code = edition.tables[stored.prior].main.key[:2]
    figure, item = key.split(KEY_JOINT, 1)
    cells = {label: Cell(figure), code: Cell(item), column: Cell(amount.value, terms=amount.terms)}
    return Row(key, "", None, cells)


# --- comparing ----------------------------------------------------------------------------------------------


def differing(book: Book, edition: Edition, file: str, known: Priors) -> Iterator[Finding]:
    """Where this year's file gives another amount of last year than last year's own file (of that name)."""
    stored = edition.comparisons
    for row in book[stored.prior].rows:
        column, other = carried_to(edition, row.key), known.get(row.key)
        if column is None:
            continue
        own = row[column]
        if not own.given or other is None:
            continue
        if not isinstance(own.value, Decimal) or not isinstance(other.value, Decimal):
            continue
        if abs(own.value - other.value) > HALF_CENT:
            here = spot(edition, stored.prior, row, column)
            stands = other.place.of_file(file) if other.place else None
            there = Spot(stored.prior, row.key, column, stands, plain(other.value))
            told = saying(
                指标=row.key,
                今年的=f"{book.file}!{here.place or stored.prior}",
                今年数=own.value,
                去年的=stands or f"{file}!（推算）",
                去年数=other.value,
                差额=own.value - other.value,
            )
            found = Finding.of(edition.rules["prior-differs"], told, here, there)
            yield replace(found, difference=own.value - other.value)


def misscaled(book: Book, edition: Edition, last: Last) -> Iterator[Finding]:
    """Amounts of the sheets beside the printed tables that are about ten thousand times as large, or as small, as in last year's own file.

    What the printed tables hold is added up, so that such a slip does not pass there.
    """
    printed = {table.name for table in edition.printed}
    for table in edition.table:
        if table.name in printed or table.name not in last.edition.tables:
            continue
        pairs = [
            (row, column, row[column].amount, last.book.cell(table.name, row.key, column).amount)
            for row in book[table.name].rows
            if row.key in table.fixed
            for column in row.cells
            if row[column].given and edition.kind(table.name, column, row.key) == "money"
        ]
        if odd := [pair for pair in pairs if _other_unit_of_money(*pair[2:])]:
            each = (saying("one", 行=row.key, 今年数=new, 去年数=old) for row, _, new, old in odd)
            told = saying(表=table.name, 处=len(odd), 文件=last.book.file, 各格=listed(each, "；"))
            spots = (spot(edition, table.name, row, column) for row, column, _, _ in odd)
            yield Finding.of(edition.rules["prior-scale"], told, *spots)


def unchanged(book: Book, edition: Edition, last: Last) -> Iterator[Finding]:
    """Texts that are those of last year's own file, sign by sign, and name its year: carried over, and forgotten.

    Where a text has to speak of the budget year, `year-left` tells it.
    """
    year = year_of(last.book, last.edition)
    moving = {(one.table, one.column) for one in edition.lint.moving}
    for table in (one for one in edition.table if year and one.name in last.edition.tables):
        columns = table.of_type("text")
        for column in (name for name in columns if (table.name, name) not in moving):
            before = {row.text(column) for row in last.book[table.name].rows}
            rows = [
                row
                for row in book[table.name].rows
                if f"{year}" in row.text(column) and row.text(column) in before
            ]
            if rows:
                told = saying(
                    表=table.name, 处=len(rows), 文件=last.book.file, 年=year, 原文=rows[0].text(column)
                )
                spots = (spot(edition, table.name, row, column) for row in rows)
                yield Finding.of(edition.rules["prior-text"], told, *spots)


def _other_unit_of_money(new: Decimal, old: Decimal) -> bool:
    """Whether one of two amounts looks like the other in 元 instead of 万元.

    Small amounts may well grow so much; not so that one is the other to the cent.
    """
    least, most = sorted((new, old))
    if least > 0 and most == least * PER_WAN["元"]:
        return True
    return least >= 1 and PER_WAN["元"] / SPREAD <= most / least <= PER_WAN["元"] * SPREAD
