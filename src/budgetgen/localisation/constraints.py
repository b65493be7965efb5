"""The relations of a Book as bounds on how much its given figures may change.

A derived figure is replaced by what it is added up from, so that only figures remain that somebody wrote, or left
blank. A relation that holds within rounding allows no change; one that is broken wants some.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.relations import SIDES, deriving, instances, relations
from budgetgen.checking.unread import Unread
from budgetgen.formula.evaluation import Scope, evaluate, holds, stored
from budgetgen.formula.linear import ONE, Linear, Place, combined, linear
from budgetgen.formula.nodes import Operation
from budgetgen.values.amounts import tolerance
from budgetgen.values.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Fetch, Reference
    from budgetgen.values.model import Book, Row

EQUAL, LEAST, MOST = "==", ">=", "<="


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """What one relation asks of the figures, at one row.

    The sum of coefficient·change is to lie in `centre` ± `slack`; without an upper end where the relation is ≥,
    without a lower one where it is ≤.

    Attributes:
        form: the coefficients by figure.
        centre: the change that makes both sides equal, in 万元.
        slack: how far rounding may move it.
        sign: ==, >= or <=.
        source: the relation and where it holds, or the finding of reading that says as much.
        parts: each figure that is compared, as whether something stands there and what it is added up from.
    """

    form: Mapping[Place, Decimal]
    centre: Decimal
    slack: Decimal
    sign: str
    source: tuple[Relation, Scope] | Finding
    parts: tuple[tuple[bool, frozenset[Place]], ...] = ()

    def twin(self, place: Place) -> bool:
        """Whether it says that a figure is just what one other is: it is then known to the cent."""
        own = [given for _, given in self.parts if place in given]
        others = sum(filled for filled, given in self.parts if place not in given)
        with_it = sum(p != place and p.cell.value is not None for given in own for p in given)
        return self.sign == EQUAL and len(own) == 1 and others == 1 and not with_it

    @property
    def lower(self) -> Decimal | None:
        """The least that the sum may be."""
        return None if self.sign == MOST else self.centre - self.slack

    @property
    def upper(self) -> Decimal | None:
        """The most that the sum may be."""
        return None if self.sign == LEAST else self.centre + self.slack

    @property
    def firm(self) -> bool:
        """Whether it has to hold; others are witnesses only."""
        return not isinstance(self.source, Finding) and self.source[0].rule.severity == Severity.ERROR

    def allows(self, change: Decimal) -> bool:
        """Whether it holds where the sum is that much."""
        over = self.upper is not None and change > self.upper
        return not over and (self.lower is None or change >= self.lower)

    @property
    def broken(self) -> bool:
        """Whether it does not hold as the figures stand."""
        return not self.allows(Decimal(0))

    def moved(self, changes: Mapping[Place, Decimal]) -> Decimal:
        """What the sum comes to with some changes."""
        few, many = sorted((self.form, changes), key=len)
        return sum((amount * many[place] for place, amount in few.items() if place in many), Decimal(0))


def constraints(book: Book, edition: Edition, read: Iterable[Finding]) -> Iterator[Constraint]:
    """The relations that are sums, and what sentences say of figures.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading: a relation of what could not be read is left out; a sentence that gives
            another amount than a table is a witness.
    """
    found, figures = tuple(read), Figures(book, edition)
    yield from _relations(figures, Unread.of(book, edition, found))
    yield from _sentences(figures, found)


def some_broken(read: Iterable[Finding], checked: Iterable[Finding], edition: Edition) -> bool:
    """Whether a constraint may not hold, by what reading and checking have found."""
    sums = {relation.rule.id for relation in relations(edition) if _binding(relation)}
    return any(one.difference is not None for one in read) or any(one.rule in sums for one in checked)


def _binding(relation: Relation) -> bool:
    return relation.rule.severity != Severity.NOTE and _sided(relation) is not None


def _sided(relation: Relation) -> Operation | None:
    """A relation as a comparison of two sides; None of any other."""
    node = relation.node
    return node if isinstance(node, Operation) and node.sign in SIDES else None


def _relations(figures: Figures, unread: Unread) -> Iterator[Constraint]:
    """The relations that are sums and whose cells are all known."""
    book, edition = figures.book, figures.edition
    for relation, scope in instances(book, edition):
        node = _sided(relation)
        if node is None or not _binding(relation) or unread.touches(relation, scope):
            continue
        left, right = linear(node.left, scope), linear(node.right, scope)
        if left is None or right is None:
            continue
        difference = combined([(left, ONE), (right, -ONE)])
        form = figures.given(difference).terms
        if not _settings(form, edition):
            slack = tolerance(sum(place.cell.terms for place in difference.terms))
            parts = tuple((p.cell.value is not None, figures.parts(p)) for p in difference.terms)
            yield Constraint(form, -difference.value, slack, node.sign, (relation, scope), parts)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A relation that is no sum, at one row.

    Attributes:
        relation: the relation.
        key: the key of its row; empty for a single relation.
        places: the given figures that it is worked from.
    """

    relation: Relation
    key: str
    places: frozenset[Place]

    def holds(self, book: Book, fetch: Fetch = stored) -> bool:
        """Whether it holds in a Book, or says nothing of it.

        Args:
            book: derived, or with what was given only.
            fetch: how its cells are had.
        """
        row = book[self.relation.table].get(self.key) if self.relation.table else None
        if self.relation.table and row is None:
            return True
        scope = Scope(book, {"": (self.relation.table, row)} if row else {}, fetch)
        return not self.relation.applies(scope) or holds(self.relation.node, scope)


def conditions(book: Book, edition: Edition, read: Iterable[Finding]) -> Iterator[Condition]:
    """The relations of figures that are no sums, where all that they read is known."""
    figures, unread = Figures(book, edition), Unread.of(book, edition, read)
    for relation, scope in instances(book, edition):
        if relation.rule.severity == Severity.NOTE or _is_sum(relation, scope):
            continue
        if unread.touches(relation, scope):
            continue
        seen = Scope(scope.book, scope.rows)
        evaluate(relation.node, seen)
        cells = (Place(r.table, r.key, r.column, r.row) for r in seen.read if _number(r))
        places = frozenset(part for cell in cells for part in figures.parts(cell))
        if places:
            yield Condition(relation, scope.rows[""][1].key if scope.rows else "", places)


def _is_sum(relation: Relation, scope: Scope) -> bool:
    node = _sided(relation)
    if node is None:
        return False
    return linear(node.left, scope) is not None and linear(node.right, scope) is not None


def _number(read: Reference) -> bool:
    return read.row is not None and isinstance(read.cell.value, Decimal)


def _settings(form: Iterable[Place], edition: Edition) -> bool:
    """Whether nothing, or nothing but facts about the file (its year), is asked for: no figure can be wrong instead."""
    return all(place.table == edition.house.about for place in form)


def _sentences(figures: Figures, findings: Iterable[Finding]) -> Iterator[Constraint]:
    """Findings that a figure is another elsewhere: by their difference, that of the figure named first."""
    for finding in findings:
        spot = finding.spots[0] if finding.spots else None
        if finding.difference is None or spot is None or spot.table not in figures.book.tables:
            continue
        row = figures.book[spot.table].get(spot.row)
        if row is not None and isinstance(row[spot.column].value, Decimal):
            place = Place(spot.table, row.key, spot.column, row)
            form = figures.given(Linear({place: ONE})).terms
            yield Constraint(form, finding.difference, tolerance(1 + place.cell.terms), EQUAL, finding)


@dataclass
class Figures:
    """What the figures of a Book are added up from."""

    book: Book
    edition: Edition
    known: dict[Place, Linear] = field(default_factory=dict)

    def given(self, form: Linear) -> Linear:
        """A sum with every derived figure replaced by its parts."""
        return combined([(self._parts(place), c) for place, c in form.terms.items()], form.constant)

    def parts(self, place: Place) -> frozenset[Place]:
        """What a figure is added up from; itself where it was given."""
        return frozenset(self._parts(place).terms)

    def _parts(self, place: Place) -> Linear:
        if place not in self.known:
            self.known[place] = Linear({place: ONE})  # a circle of relations
            definition = self._definition(place, place.row) if place.row and not place.cell.given else None
            if definition is not None:
                self.known[place] = self.given(definition)
        return self.known[place]

    def _definition(self, place: Place, row: Row) -> Linear | None:
        """What derivation filled the cell from, or would fill it from if something stood there."""
        possible: list[Linear | None] = []
        for relation in deriving(self.edition, place.table, place.key, place.column):
            scope = relation.at(self.book, place.table, row)
            if scope is None or not isinstance(relation.node, Operation):
                continue
            form = linear(relation.node.right, scope)
            if isinstance(evaluate(relation.node.right, scope).value, Decimal):
                return form
            possible.append(form)
        return possible[0] if possible else None
