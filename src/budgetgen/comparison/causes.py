"""Which changed figures only follow from others, by the relations of both formats.

The finest figures are taken as causes first; what the relations then determine follows from them. A part is never
taken for the consequence of its sum and the other parts: where two parts changed, both are causes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.relations import instances
from budgetgen.comparison.figures import title
from budgetgen.comparison.matching import NAMED
from budgetgen.comparison.values import JOINT, FigureSpot, Kind, Link, Matter
from budgetgen.formula.linear import ONE, combined, linear
from budgetgen.formula.nodes import Aggregate, Operation, walk
from budgetgen.values.amounts import tolerance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import FigureChange, Side, StructureChange
    from budgetgen.formula.linear import Linear
    from budgetgen.formula.nodes import Node
    from budgetgen.values.model import Cell, Row

Causes: TypeAlias = "frozenset[FigureSpot]"


@dataclass(frozen=True, slots=True, eq=False)
class Equality:
    """The changed figures of an equation, by the side on which they add up to the same change."""

    sides: tuple[frozenset[FigureSpot], frozenset[FigureSpot]]

    def determined(self, known: Mapping[FigureSpot, Causes]) -> tuple[FigureSpot, Causes] | None:
        """The figure that one side has alone, once the other side is known, with what it then follows from."""
        for own, other in (self.sides, self.sides[::-1]):
            if other and len(own) == 1 and not own <= known.keys() and other <= known.keys():
                return next(iter(own)), frozenset().union(*(known[spot] for spot in other))
        return None


def traced(
    both: Both, changes: Sequence[FigureChange], structure: Sequence[StructureChange]
) -> tuple[FigureChange, ...]:
    """The changes, each with what it only follows from: things that came or went, then larger figures first.

    Args:
        both: the files.
        changes: the figures that differ.
        structure: what came or went; the figures of its lines follow from that.
    """
    if not changes:  # the equations of two files are many
        return ()
    by_spot = {change.spot: change for change in changes}
    cells = _cells(both, by_spot)
    given = dict(_counted(both, by_spot, structure)) | _of_things(both, by_spot, structure)
    order = sorted(by_spot, key=_Fineness(both, by_spot, cells))
    known = _known(given, order, _by_spot(_equalities(both, cells)))
    instead = _of_lines(changes, known) | _lacking(both, known, cells, structure)

    def size(spot: FigureSpot) -> tuple[Decimal, FigureSpot]:
        return -abs(by_spot[spot].change) if spot.table else -Decimal("Infinity"), spot

    def causes(change: FigureChange) -> tuple[FigureSpot, ...]:
        return tuple(sorted({instead.get(one, one) for one in known[change.spot]} - {change.spot}, key=size))

    return tuple(replace(change, causes=causes(change)) for change in changes)


def _cells(both: Both, changes: Mapping[FigureSpot, FigureChange]) -> Mapping[FigureSpot, tuple[Cell, Cell]]:
    """The old and the new cell of each change."""
    return {
        spot: pair.cells(column)
        for table in dict.fromkeys(spot.table for spot in changes)
        for pair in both.pairs[table]
        for column in both.columns(table)
        if (spot := FigureSpot(table, pair.shown.key, column)) in changes
    }


def _lacking(
    both: Both,
    known: Mapping[FigureSpot, Causes],
    cells: Mapping[FigureSpot, tuple[Cell, Cell]],
    structure: Sequence[StructureChange],
) -> dict[FigureSpot, FigureSpot]:
    """The figures that nobody typed and that follow from no other figure, each with the thing that came or went.

    Where one file lacks a table, none of its relations is known there any more.
    """
    lacks = [one.spot for one in structure if one.matter is Matter.TABLE and not one.template][:1]
    worked_out = {
        spot for spot, (old, new) in cells.items() if known[spot] == {spot} and not (old.given or new.given)
    }
    summed = _counted(both, worked_out, structure, summed=True)
    own = {spot: min(things) for spot, things in summed}
    return dict.fromkeys(worked_out, lacks[0]) | own if lacks else own


def _of_lines(
    changes: Sequence[FigureChange], known: Mapping[FigureSpot, Causes]
) -> dict[FigureSpot, FigureSpot]:
    """The figures of lines that came or went, each with the largest of its line that follows from nothing either."""
    found: dict[FigureSpot, FigureSpot] = {}
    first: dict[tuple[str, str], FigureSpot] = {}
    for change in sorted(changes, key=lambda change: -abs(change.change)):
        spot = change.spot
        if change.kind is not Kind.CHANGED and known[spot] == {spot}:
            found[spot] = first.setdefault((spot.table, spot.key), spot)
    return found


def _of_things(
    both: Both, changes: Mapping[FigureSpot, FigureChange], structure: Sequence[StructureChange]
) -> dict[FigureSpot, Causes]:
    """The figures of lines that came or went with a unit or a project, by that; of a table without lines its zeros."""
    things = {both.known(name): one.spot for one in structure for name in one.names}
    recoded = {
        (table, name): one.spot
        for one in structure
        if one.link is Link.RECODED
        for table in one.table.split(JOINT)
        for name in one.names
    }
    emptied = {
        one.table: one.spot for one in structure if one.table in both.emptied and one.names == (one.table,)
    }
    found = {
        spot: frozenset({emptied[spot.table]})
        for spot, change in changes.items()
        if spot.table in emptied and not change.new
    }
    for table, row in _single(both, {table for table, _ in recoded}):
        if thing := recoded.get((table, title(both.new.edition, table, row))):
            spots = (FigureSpot(table, row.key, column) for column in both.columns(table))
            found |= {spot: frozenset({thing}) for spot in spots if spot in changes}
    for table, pairs in both.pairs.items() if things else ():
        named = [c.name for kind in NAMED for c in both.declared(table).columns.values() if c.type == kind]
        for pair in pairs if named else ():
            own = [thing for c in named if (thing := things.get(both.known(pair.shown.text(c))))]
            for column in both.columns(table) if own and not (pair.old and pair.new) else ():
                if (spot := FigureSpot(table, pair.shown.key, column)) in changes:
                    found[spot] = frozenset(own[-1:])
    return found


def _single(both: Both, tables: Collection[str]) -> Iterator[tuple[str, Row]]:
    """The lines of some tables that only one file has."""
    for table in tables:
        yield from ((table, pair.shown) for pair in both.pairs[table] if not (pair.old and pair.new))


def _counted(
    both: Both,
    changes: Collection[FigureSpot],
    structure: Sequence[StructureChange],
    *,
    summed: bool = False,
) -> Iterator[tuple[FigureSpot, Causes]]:
    """The figures that count the lines of tables, by the things that came to these tables or went.

    Args:
        both: the files.
        changes: the figures that differ.
        structure: what came or went.
        summed: likewise those that add up what stands in the lines.
    """
    tables = {table: one.spot for one in structure if one.names for table in one.table.split(JOINT)}
    for relation, scope in instances(both.new.book, both.new.edition) if tables else ():
        for equation in _equations(relation.node):
            aggregates = [n for n in walk(equation.right) if isinstance(n, Aggregate)]
            counts = [n for n in aggregates if summed or n.element is None]
            things = frozenset(tables[n.source.table] for n in counts if n.source.table in tables)
            form = linear(equation.left, scope) if things else None
            spots = [FigureSpot(p.table, p.key, p.column) for p in form.terms] if form else []
            if len(spots) == 1 and spots[0] in changes:
                yield spots[0], things


@dataclass(frozen=True)
class _Fineness:
    """Orders figures, the finest first: a format goes from the whole to the parts, and from a sum to its columns.

    What somebody typed comes before all that only a relation gives.
    """

    both: Both
    changes: Mapping[FigureSpot, FigureChange]
    cells: Mapping[FigureSpot, tuple[Cell, Cell]]

    def __call__(self, spot: FigureSpot) -> tuple[bool, bool, bool, int, bool]:
        change, declared = self.changes[spot], self.both.declared(spot.table)
        worked_out = not any(cell.given for cell in self.cells[spot])
        rank = -self.both.shared.index(spot.table)
        return worked_out, not change.line, not declared.printed, rank, change.main


def _known(
    given: Mapping[FigureSpot, Causes],
    spots: Sequence[FigureSpot],
    equalities: Mapping[FigureSpot, Sequence[Equality]],
) -> Mapping[FigureSpot, Causes]:
    """What each figure follows from; a cause follows from itself."""
    known, fresh = dict(given), list(given)
    for spot in (None, *spots):
        if spot and spot not in known:
            known[spot] = frozenset({spot})
            fresh.append(spot)
        while fresh:
            for equality in equalities.get(fresh.pop(), ()):
                if found := equality.determined(known):
                    known[found[0]] = found[1]
                    fresh.append(found[0])
    return known


def _by_spot(equalities: Iterator[Equality]) -> Mapping[FigureSpot, Sequence[Equality]]:
    found: dict[FigureSpot, list[Equality]] = defaultdict(list)
    for equality in equalities:
        for spot in equality.sides[0] | equality.sides[1]:
            found[spot].append(equality)
    return found


def _equalities(both: Both, cells: Mapping[FigureSpot, tuple[Cell, Cell]]) -> Iterator[Equality]:
    """The equations of either format by which changes follow from each other, as exactly as the files have them.

    An equation is taken from both files together: the old one knows the lines that went.
    """
    exact = {spot: new.amount - old.amount for spot, (old, new) in cells.items()}
    forms: dict[tuple[str, ...], dict[FigureSpot, Decimal]] = defaultdict(dict)
    terms: dict[tuple[str, ...], Decimal | int] = defaultdict(int)
    for side in (both.old, both.new):
        shown = _shown(both, side)
        for one, form in _forms(side, shown):
            forms[one] |= {
                FigureSpot(p.table, shown.get((p.table, p.key), p.key), p.column): c
                for p, c in form.terms.items()
            }
            terms[one] += sum(place.cell.terms for place in form.terms)
    for one, coefficients in forms.items():
        moved = {spot: c * exact[spot] for spot, c in coefficients.items() if spot in exact}
        if moved and abs(sum(moved.values(), Decimal(0))) <= tolerance(terms[one]):
            above = frozenset(spot for spot in moved if coefficients[spot] > 0)
            yield Equality((above, frozenset(moved) - above))


def _forms(side: Side, shown: Mapping[tuple[str, str], str]) -> Iterator[tuple[tuple[str, ...], Linear]]:
    """The equations of one file as sums that are to be zero, each with what it is known by in both files."""
    for relation, scope in instances(side.book, side.edition):
        key = shown[scope.rows[""][0], scope.rows[""][1].key] if scope.rows else ""
        for number, equation in enumerate(_equations(relation.node)):
            left, right = linear(equation.left, scope), linear(equation.right, scope)
            if left and right:
                one = relation.rule.id, relation.table, relation.column, key, str(number)
                yield one, combined([(left, ONE), (right, -ONE)])


def _equations(node: Node) -> Iterator[Operation]:
    """The equations that a relation consists of, or leaves the choice of."""
    match node:
        case Operation(sign="=="):
            yield node
        case Operation(sign="and" | "or", left=left, right=right):
            yield from _equations(left)
            yield from _equations(right)


def _shown(both: Both, side: Side) -> Mapping[tuple[str, str], str]:
    """Row of a file → key under which its changes are told."""
    found = {(table.name, row.key): row.key for table in side.book.tables.values() for row in table.rows}
    for name, pairs in both.pairs.items():
        for pair in pairs:
            if row := pair.old if side is both.old else pair.new:
                found[name, row.key] = pair.shown.key
    return found
