"""The figures of the narrative, compared with last year's: a computed table that the wording speaks from.

Changes, shares and rates are worked from the printed (rounded) amounts, so that a reader can recompute them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.edition.declarations import FALL, FIGURES, RISE, TERMS, YES, FigureColumn
from budgetgen.formula.evaluation import Scope, evaluate, key_of
from budgetgen.values.amounts import percentage, rounded
from budgetgen.values.model import BLANK, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Basis, Edition, FigureDeclaration
    from budgetgen.values.model import Book, Value

ZERO = Decimal("0.00")


def with_figures(book: Book, edition: Edition, *, proposals: bool = False) -> Book:
    """The Book with the computed tables of the wording: the figures and the glossary.

    Args:
        book: derived.
        edition: its format.
        proposals: let proposed reasons stand for reasons, in a draft; else they are none.
    """
    if not proposals:
        book = _without_proposals(book, edition)
    split = _split(book, edition)
    rows = tuple(row for figure in edition.figure for row in _rows(book, edition, figure, split))
    terms = tuple(
        Row(term.name, "", None, {"术语": Cell(term.name), "内容": Cell(term.text)}) for term in edition.term
    )
    return book.with_tables({FIGURES: Table(FIGURES, rows), TERMS: Table(TERMS, terms)})


def _without_proposals(book: Book, edition: Edition) -> Book:
    """The Book without reasons that nobody has accepted."""
    stored, mark = edition.comparisons, edition.drafting.mark
    table = book[stored.reasons]
    if not any(row.text(stored.reason).startswith(mark) for row in table.rows):
        return book
    rows = (
        row.with_cells({stored.reason: Cell(place=row[stored.reason].place)})
        if row.text(stored.reason).startswith(mark)
        else row
        for row in table.rows
    )
    return book.with_tables({stored.reasons: Table(table.name, tuple(rows))})


def _split(book: Book, edition: Edition) -> frozenset[str]:
    """The groups that have a negative part: what is left of the whole are no shares of it."""
    parts = (figure for figure in edition.figure if figure.whole)
    values = ((part.group, _amount(edition, part.value, part, Scope(book))) for part in parts)
    return frozenset(group for group, value in values if value is not None and rounded(value) < 0)


def _rows(book: Book, edition: Edition, figure: FigureDeclaration, split: frozenset[str]) -> Iterator[Row]:
    if not figure.each:
        yield _figure(book, edition, figure, Scope(book), shared=figure.group not in split)
        return
    for line in book[figure.each].lines():
        yield _figure(book, edition, figure, Scope(book, {"": (figure.each, line)}), line.key)


def _figure(
    book: Book,
    edition: Edition,
    figure: FigureDeclaration,
    scope: Scope,
    code: str = "",
    *,
    shared: bool = True,
) -> Row:
    key = key_of([figure.id, code])
    value = _amount(edition, figure.value, figure, scope)
    whole = _amount(edition, figure.whole, figure, scope) if figure.whole and shared else None
    basis = edition.basis(figure.id)
    prior = book.cell(edition.comparisons.prior, key, basis.amount) if figure.compared else BLANK
    rate = book.cell(edition.comparisons.prior, key, basis.rate).value
    zero_base = _zero_base(book, edition)
    change = _change(value, prior.value, basis, rate, zero_base) if figure.compared else {}
    name = scope.rows[""][1].text(figure.name) if figure.each else figure.name
    share = percentage(rounded(value or ZERO), rounded(whole)) if whole and rounded(whole) > 0 else None
    cells: dict[str, Value] = {
        FigureColumn.ID: figure.id,
        FigureColumn.GROUP: figure.group,
        FigureColumn.CODE: code,
        FigureColumn.NAME: name,
        FigureColumn.LISTED: figure.listed or name,
        FigureColumn.AMOUNT: value,
        FigureColumn.PRIOR: prior.value,
        FigureColumn.SHARE: share,
        FigureColumn.REASON: reason(book, edition, figure, key),
        FigureColumn.ALWAYS: YES if figure.always else None,
        **change,
        **(_ancestry(book, figure, code) if code else {}),
    }
    own: dict[str, Cell] = {FigureColumn.AMOUNT: _source(scope), FigureColumn.PRIOR: prior}
    return Row(key, figure.group, None, {c: _cell(v, own.get(c, BLANK)) for c, v in cells.items()})


def _cell(value: Value, source: Cell) -> Cell:
    return Cell(value, source.place, given=source.given, terms=source.terms)


def _source(scope: Scope) -> Cell:
    """The cell that the amount was read from, for its place."""
    return scope.read[0].cell if scope.read else BLANK


def _amount(edition: Edition, text: str, figure: FigureDeclaration, scope: Scope) -> Decimal | None:
    value = evaluate(edition.formula(text, each=figure.each), scope).value
    return value if isinstance(value, Decimal) else None


def _zero_base(book: Book, edition: Edition) -> str:
    return fact(book, edition, edition.house.zero_base)


def _change(
    value: Decimal | None, prior: Value, basis: Basis, rate: Value, zero_base: str
) -> Mapping[str, Value]:
    """The change in words and numbers; blank where last year's amount is not known.

    A rate that was published is kept: it may have been worked from exact amounts. Of a negative amount, or to one,
    there is a change but no rate.
    """
    if not isinstance(prior, Decimal):
        return {}
    now, then = rounded(value or ZERO), rounded(prior)
    fell = now < then
    return {
        FigureColumn.DIRECTION: (FALL if fell else RISE)[0],
        FigureColumn.TREND: basis.trend[fell],
        FigureColumn.CHANGE: abs(now - then),
        FigureColumn.RATE: None if min(now, then) < 0 else _rate(now, then, rate, zero_base),
    }


def _rate(now: Decimal, then: Decimal, given: Value, zero_base: str) -> Value:
    if not then:
        return zero_base if now else ZERO
    return given if isinstance(given, Decimal) else percentage(abs(now - then), then)


def _ancestry(book: Book, figure: FigureDeclaration, key: str) -> dict[str, Value]:
    """The names of the row and of the rows above it, by level: 类, 款, 项."""
    names: dict[str, Value] = {}
    row = book[figure.each].get(key)
    while row is not None and row.parent is not None:
        names[row.level] = row.text(figure.name) or None
        row = book[figure.each].get(row.parent)
    return names


def reason(book: Book, edition: Edition, figure: FigureDeclaration, key: str) -> str | None:
    """The reason of a change: its own, or that of the figure with the same amounts in both years."""
    stored = edition.comparisons
    own = book.cell(stored.reasons, key, stored.reason).value
    if own or not figure.same_as:
        return str(own) if own else None
    other = edition.figures[figure.same_as]
    same = _both(book, edition, figure) == _both(book, edition, other)
    return reason(book, edition, other, other.id) if same else None


def figure_name(row: Row) -> str:
    """What a figure is called: its group, its code, its name; empty for the row of another table."""
    if not row.text(FigureColumn.ID):
        return ""
    group, code, name = (
        row.text(column) for column in (FigureColumn.GROUP, FigureColumn.CODE, FigureColumn.NAME)
    )
    return " ".join(filter(None, (group, code, name if name != group else "")))


def change_of(row: Row) -> Decimal | None:
    """How much more a figure is than last year, in 万元, as it is told; None where that is not known."""
    change = row[FigureColumn.CHANGE].value
    if not isinstance(change, Decimal):
        return None
    return -change if row.text(FigureColumn.DIRECTION) == FALL[0] else change


def _both(book: Book, edition: Edition, figure: FigureDeclaration) -> tuple[Decimal | None, Value]:
    """This year's and last year's amount."""
    stored = edition.comparisons
    return _amount(edition, figure.value, figure, Scope(book)), book.cell(
        stored.prior, figure.id, edition.basis(figure.id).amount
    ).value
