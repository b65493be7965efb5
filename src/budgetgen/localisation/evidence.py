"""Which of several answers is the likelier: how people mistype, last year's figures, and what else speaks against it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from math import pow, prod  # noqa: A004 - of floats only
from typing import TYPE_CHECKING

from budgetgen.book.derivation import deriving_from
from budgetgen.book.relations import derives
from budgetgen.formula.evaluation import Scope, key_of
from budgetgen.formula.linear import linear
from budgetgen.localisation.constraints import Figures
from budgetgen.localisation.slips import (
    ANY,
    COPIED,
    FAR_FROM_LAST_YEAR,
    LEFT_BLANK,
    LINE_LEFT_OUT,
    NEAR_LAST_YEAR,
    SAID_TO_LACK,
    SLIPS,
    SPOKEN_AGAINST,
    STALE,
    TOO_MUCH,
    slips,
)
from budgetgen.values.amounts import CENT, PER_WAN
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, FigureDeclaration
    from budgetgen.formula.linear import Linear, Place
    from budgetgen.localisation.constraints import Condition, Constraint
    from budgetgen.localisation.fitting import Changes, Fitting
    from budgetgen.values.model import Book, Cell, Row

CLEAR = 20
"""So many times likelier than all others together an answer has to be."""
BY_CHANCE = 0.01
"""A slip decides only where fewer than one in a hundred other mistakes would look like one."""
NEAR, FAR = Decimal("0.3"), 3


@dataclass(frozen=True)
class Evidence:
    """What speaks for answers.

    Attributes:
        book: derived.
        edition: its format.
        fitting: knows the unit of the amounts.
        witnesses: relations and sentences that need not hold.
        conditions: the relations that are no sums.
        lacking: the cells that are said to lack a figure, by table, row and column.
    """

    book: Book
    edition: Edition
    fitting: Fitting
    witnesses: Sequence[Constraint]
    conditions: Sequence[Condition]
    lacking: frozenset[tuple[str, str, str]]
    _after: dict[tuple[Place, Decimal], int] = field(default_factory=dict)

    def weight(self, changes: Changes, *, slips: bool = True) -> float:
        """How likely it is that just these figures are wrong in just that way; only to be compared.

        Args:
            changes: the answer.
            slips: whether it counts how people mistype.
        """
        against = sum(not w.allows(w.moved(changes)) for w in self.witnesses) + self._unmet(changes)
        single = (self._single(place, change, slips=slips) for place, change in changes.items())
        return prod(single) * self._last_year(changes) * pow(SPOKEN_AGAINST, against)

    def why(self, place: Place, change: Decimal) -> str:
        """By which slip a figure may have become what stands there; empty for none."""
        return next((slip.name for slip in slips(*self._typed(place, change))), "")

    def by_chance(self, place: Place, change: Decimal, among: Mapping[Place, Decimal]) -> float:
        """How many figures of some would look as much mistyped if anything else were wrong."""
        strength = self._slipped(place, change)
        if not strength:
            return 1.0
        ways = sum(self._ways(other, move, strength) for other, move in among.items())
        widest = max(max(abs(other.amount), abs(move)) for other, move in among.items())
        return ways / float(max(widest / CENT, Decimal(1)))

    def _unmet(self, changes: Changes) -> int:
        """How many more relations that are no sums do not hold after an answer than before; each figure by itself."""
        return sum(self._unmet_by(place, change) for place, change in changes.items())

    def _unmet_by(self, place: Place, change: Decimal) -> int:
        key = place, change
        if key not in self._after:
            touched = [c for c in self.conditions if place in c.places] if place.row else []
            book = mended(self._given, {place: change}) if touched else self._given
            fetch = deriving_from(book, self.edition)
            self._after[key] = sum(c.holds(self.book) - c.holds(book, fetch) for c in touched)
        return self._after[key]

    @cached_property
    def _given(self) -> Book:
        return given_only(self.book)

    def _ways(self, place: Place, change: Decimal, strength: float) -> int:
        typed = self._typed(place, change)[0]
        if not typed:
            return 0
        meant = {m for slip in SLIPS if slip.weight(typed) >= strength for m in slip.meant(typed)}
        return sum((m - typed) * change > 0 for m in meant)

    def _single(self, place: Place, change: Decimal, *, slips: bool) -> float:
        if place.cell.value is None and place.row:
            return SAID_TO_LACK if (place.table, place.key, place.column) in self.lacking else LEFT_BLANK
        if place.row is None:
            return LINE_LEFT_OUT
        if place.amount + change == 0:
            return TOO_MUCH
        own: float = ANY * (STALE if place.row and self._sums(place, place.row) else 1)
        if not slips:
            return own
        return max(own, self._slipped(place, change), COPIED if place in self._copies else 0.0)

    def _sums(self, place: Place, row: Row) -> bool:
        """Whether a figure adds others up."""
        return not row.line or derives(self.edition, place.table, place.key, place.column, line=row.line)

    def _slipped(self, place: Place, change: Decimal) -> float:
        typed, meant = self._typed(place, change)
        return max((slip.weight(typed) for slip in slips(typed, meant)), default=0.0)

    def _typed(self, place: Place, change: Decimal) -> tuple[Decimal, Decimal]:
        """What stands there and what should, as it is typed."""
        money = self.edition.kind(place.table, place.column, place.key) == "money"
        factor = PER_WAN[self.fitting.unit_of(place)] if money else 1
        return place.amount * factor, (place.amount + change) * factor

    @cached_property
    def _copies(self) -> _Copies:
        return _Copies(self.book, self.edition)

    # --- last year ---

    def _last_year(self, changes: Changes) -> float:
        """By how much nearer to last year's figures an answer brings this year's."""
        touched = {index for place in changes for index in self._priors_of.get(place, ())}
        return float(prod(self._nearer(*self._priors[index], changes) for index in sorted(touched)))

    def _nearer(self, form: Linear, prior: Decimal, changes: Changes) -> float:
        now = form.value
        then = now + sum((c * changes[p] for p, c in form.terms.items() if p in changes), Decimal(0))
        return _near(then, prior) / _near(now, prior)

    @cached_property
    def _priors(self) -> tuple[tuple[Linear, Decimal], ...]:
        """The figures that are compared with last year's, as sums of what was given, with last year's amount."""
        given, stored = Figures(self.book, self.edition), self.edition.comparisons
        found = []
        for figure in self.edition.figure:
            for key, form in self._figure(figure):
                prior = self.book.cell(stored.prior, key, self.edition.basis(key).amount).value
                if isinstance(prior, Decimal) and prior > 0:
                    found.append((given.given(form), prior))
        return tuple(found)

    def _figure(self, figure: FigureDeclaration) -> Iterator[tuple[str, Linear]]:
        node = self.edition.formula(figure.value, each=figure.each)
        scopes: Iterable[tuple[str, Scope]] = (
            (
                (key_of([figure.id, row.key]), Scope(self.book, {"": (figure.each, row)}))
                for row in self.book[figure.each].lines()
            )
            if figure.each
            else [(figure.id, Scope(self.book))]
        )
        for key, scope in scopes:
            form = linear(node, scope)
            if form is not None:
                yield key, form

    @cached_property
    def _priors_of(self) -> Mapping[Place, Sequence[int]]:
        found: dict[Place, list[int]] = {}
        for index, (form, _) in enumerate(self._priors):
            for place in form.terms:
                found.setdefault(place, []).append(index)
        return found


def given_only(book: Book) -> Book:
    """A derived Book with all its rows, and of its figures those that were given."""

    def without(row: Row) -> Row:
        derived = {
            c: cell for c, cell in row.cells.items() if isinstance(cell.value, Decimal) and not cell.given
        }
        return (
            row.with_cells({c: replace(cell, value=None) for c, cell in derived.items()}) if derived else row
        )

    return book.with_tables(
        {name: Table(name, tuple(map(without, table.rows))) for name, table in book.tables.items()}
    )


def mended(book: Book, changes: Changes) -> Book:
    """A Book with some figures changed, as if they had been given so."""
    tables = {}
    for name in {place.table for place in changes}:
        should: dict[str, dict[str, Cell]] = {}
        for place, change in changes.items():
            if place.table == name and place.row:
                cell = replace(place.cell, value=place.amount + change, given=True)
                should.setdefault(_known(place.row), {})[place.column] = cell
        rows = (
            row.with_cells(should[_known(row)]) if _known(row) in should else row for row in book[name].rows
        )
        tables[name] = Table(name, tuple(rows))
    return book.with_tables(tables)


def _known(row: Row) -> str:
    """What tells a row from those of the same key: where its cells stand."""
    return f"{row.key} {next((cell.place for cell in row.cells.values() if cell.place), '')}"


def _near(value: Decimal, prior: Decimal) -> float:
    if abs(value - prior) <= NEAR * prior:
        return NEAR_LAST_YEAR
    return FAR_FROM_LAST_YEAR if value > FAR * prior or value * FAR < prior else 1.0


@dataclass(frozen=True)
class _Copies:
    """The figures that stand once more in the line above or below, or in the column beside."""

    book: Book
    edition: Edition

    def __contains__(self, place: Place) -> bool:
        if place.row is None or not place.amount:
            return False
        return place.amount in {cell for cell in self._beside(place, place.row) if cell}

    def _beside(self, place: Place, own: Row) -> Iterator[Decimal]:
        rows = [row for row in self.book[place.table].rows if row.line == own.line]
        at = next((i for i, row in enumerate(rows) if row is own), None)
        if at is None:
            return
        for row in (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2]):
            if row[place.column].given:
                yield row[place.column].amount
        columns = self.edition.tables[place.table].measures()
        where = columns.index(place.column) if place.column in columns else -1
        for name in (*columns[max(where - 1, 0) : max(where, 0)], *columns[where + 1 : where + 2]):
            if own[name].given:
                yield own[name].amount


def clear(own: float, others: Iterable[float]) -> bool:
    """Whether an answer is clearly likelier than all others."""
    return own >= CLEAR * sum(others)
