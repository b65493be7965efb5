"""Lines that are wrong as lines: standing twice, under a wrong code, or under a name that is not known.

What such a line breaks cannot be mended by other figures: it is set right first, and then checked again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.spots import spot
from budgetgen.checking.checks import complaint
from budgetgen.formula.nodes import tables_named
from budgetgen.localisation.culprits import WrongLine
from budgetgen.values.findings import Advice, Finding, Severity
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.linear import Place
    from budgetgen.localisation.constraints import Constraint
    from budgetgen.values.model import Book, Row

MISPLACED = frozenset({"row-duplicate", "row-without-key", "code-malformed", "code-unnamed"})
"""The rules on lines as lines."""
UNLISTED = "code-unknown"
"""The rule on codes of no list."""
UNMATCHED = ("-unknown", "-missing", "-variant")
"""How the rules end that say that a name stands in one table and not in another."""

Wrong = tuple["Finding", frozenset[tuple[str, str]]]
"""What is wrong with a line, and the lines that it concerns, by table and key."""


@dataclass(frozen=True)
class Lines:
    """The lines of a Book that are to be set right before its figures.

    Attributes:
        book: derived.
        edition: its format.
        found: the findings of reading and of checking.
        known: the constraints, broken or not.
    """

    book: Book
    edition: Edition
    found: Sequence[Finding]
    known: Sequence[Constraint]

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """Lines that stand twice or under a wrong code."""
        suspects = tuple(self._suspects())
        taken = [(finding.spots[0].table, finding.spots[0].row) for finding, _ in suspects]
        misplaced = (
            (finding, frozenset((s.table, s.row) for s in finding.spots))
            for finding in self.found
            if finding.rule in MISPLACED
            and not any(
                table == finding.spots[0].table and _sums(finding.spots[0].row, row) for table, row in taken
            )
        )
        return (*suspects, *misplaced)

    @cached_property
    def names(self) -> tuple[tuple[Finding, str], ...]:
        """The findings that a project's name stands in one table only, with the name."""
        return tuple(
            (finding, finding.spots[0].value)
            for finding in self.found
            if finding.rule.endswith(UNMATCHED) and finding.spots and finding.spots[0].value
            if self._kind(finding) == "item"
        )

    @cached_property
    def items(self) -> frozenset[str]:
        """The columns with names of projects."""
        return frozenset(item for table in self.edition.table for item in table.of_type("item"))

    def told(self) -> tuple[WrongLine, ...]:
        """The lines, with what they break; a name that breaks nothing is left out."""
        broken: dict[Finding, dict[Finding, None]] = {
            finding: {} for finding, _ in (*self.wrong, *self.names)
        }
        for constraint in self.known:
            blamed = self._blamed(constraint)
            if blamed and constraint.broken and (told := self._told(constraint)):
                broken[blamed][told] = None
        certain = {finding for finding, _ in self.wrong}
        return tuple(
            WrongLine(finding, tuple(dict.fromkeys((*self._beside(finding), *told))))
            for finding, told in broken.items()
            if told or finding in certain
        )

    def independent(self, known: Iterable[Constraint]) -> tuple[Constraint, ...]:
        """The constraints that do not depend on any of the lines."""
        return tuple(constraint for constraint in known if self._blamed(constraint) is None)

    def _blamed(self, constraint: Constraint) -> Finding | None:
        """The line that a constraint depends on; a wrong code leaves its table without the line of the right one."""
        rows = {(place.table, place.key) for place in constraint.form}
        lacking = {place.table for place in constraint.form if place.row is None}
        for finding, lines in self.wrong:
            coded = finding.rule.startswith("code-")
            if not rows.isdisjoint(lines) or (coded and any(table in lacking for table, _ in lines)):
                return finding
        return self._misnamed(constraint)

    def _misnamed(self, constraint: Constraint) -> Finding | None:
        """The name by which a constraint looks for a line of the very table in which it does not stand."""
        if isinstance(constraint.source, Finding) or not self.names:
            return None
        relation, _ = constraint.source
        if not any(item in f"{relation.rule.holds}{relation.rule.where}" for item in self.items):
            return None
        rows = {id(place.row): place.row for place in constraint.form if place.row}
        called = {row.text(item) for row in rows.values() for item in self.items} - {""}
        compared = {relation.table, *tables_named(relation.node)}
        return next(
            (f for f, name in self.names if name in called and len(self._between(f) & compared) > 1), None
        )

    def _between(self, finding: Finding) -> frozenset[str]:
        """The tables of which one has a name that another has not."""
        rule, own = self.edition.rules[finding.rule], {s.table for s in finding.spots}
        looked = (
            tables_named(self.edition.formula(rule.holds, each=finding.spots[0].table)) if rule.holds else ()
        )
        return frozenset({*own, *looked})

    def _kind(self, finding: Finding) -> str:
        first = finding.spots[0]
        known = first.table in self.edition.tables
        return self.edition.kind(first.table, first.column, first.row) or "" if known else ""

    # --- codes ---

    def _suspects(self) -> Iterator[Wrong]:
        """Lines whose code stands in no other table, where a line that lacks would have just their figures."""
        lacking: dict[tuple[str, str], list[Constraint]] = {}
        for constraint in self.known:
            for table, key in {(p.table, p.key) for p in constraint.form if p.row is None}:
                if constraint.broken:
                    lacking.setdefault((table, key), []).append(constraint)
        taken: dict[tuple[str, str], list[Row]] = {}
        for (table, key), wanted in lacking.items():
            taken[table, key] = [row for row in self._alone(table) if _fits(row, table, key, wanted)]
        alone = [
            (table, rows[0], key)
            for (table, key), rows in taken.items()
            if len(rows) == 1 and [k for (t, k), own in taken.items() if t == table and own == rows] == [key]
        ]
        told: dict[frozenset[str], tuple[str, Row, str]] = {}
        for one in sorted(
            alone, key=self._official
        ):  # of two tables that differ, the known code is the right one
            if self._listed(one[0], one[2]) or not self._official(one):
                told.setdefault(frozenset({one[1].key, one[2]}), one)
        for table, row, key in told.values():
            others = [(t, r) for t, r, k in alone if (r.key, k) == (key, row.key) and t != table]
            concerned = {
                (t, code)
                for t, r, k in alone
                if {r.key, k} == {row.key, key}
                for code in (row.key, key, self._above(t, key))
            }
            yield self._suspect(table, row, key, others), frozenset(concerned)

    def _above(self, table: str, key: str) -> str:
        """The code that a lacking line would be summed into: without it, that may have no line at all."""
        keys = (row.key for row in self.book[table].rows if key.startswith(row.key) and row.key != key)
        return max(keys, key=len, default=key)

    def _official(self, suspect: tuple[str, Row, str]) -> bool:
        """Whether a suspected code is one of the list."""
        table, row, _ = suspect
        return self._listed(table, row.key)

    def _listed(self, table: str, code: str) -> bool:
        """Whether a code is one of the list that a table's codes are of."""
        column = self.edition.tables[table].columns[self._code(table)]
        return code in self.edition.codes(column.of)

    def _alone(self, table: str) -> Iterator[Row]:
        """The lines of a table whose code stands in no other, or in no list."""
        column = self._code(table)
        elsewhere = {
            row.key for name, other in self.book.tables.items() if name != table for row in other.lines()
        }
        for row in self.book[table].lines() if column else ():
            strange = row.key not in elsewhere or not self._listed(table, row.key)
            if row.text(column) == row.key and strange:
                yield row

    def _code(self, table: str) -> str:
        """The column of codes, where a table's lines are known by it alone."""
        block = self.edition.tables[table].main
        codes = [name for name in block.key if (c := block.column(name)) and c.type == "code"]
        return codes[0] if len(codes) == 1 == len(block.key) else ""

    def _suspect(self, table: str, row: Row, key: str, others: Sequence[tuple[str, Row]]) -> Finding:
        where = spot(self.edition, table, row, self._code(table))
        places = (spot(self.edition, t, r, self._code(t)).place for t, r in others)
        known = tuple(places) if self._official((table, row, key)) else ()
        or_else = saying("else", 各格=listed(known), 代码=row.key) if known else None
        told = saying(代码=row.key, 疑为=key, 也可能=or_else)
        return replace(Finding.of(self.edition.rules[Advice.CODE], told, where), basis="")

    # --- telling ---

    def _beside(self, finding: Finding) -> Iterator[Finding]:
        """What else is said of a suspected code, and of the sums that there are only for it."""
        if finding.rule == Advice.CODE:
            yield from (f for f in self.found if f.spots and _follows(f, finding.spots[0].row))

    def _told(self, constraint: Constraint) -> Finding | None:
        if isinstance(constraint.source, Finding):
            return constraint.source
        relation, scope = constraint.source
        return complaint(relation, scope, self.edition)


def _follows(finding: Finding, code: str) -> bool:
    """Whether a finding only follows from a line that stands under a wrong code."""
    row = finding.spots[0].row
    if finding.rule in MISPLACED:
        return _sums(row, code)
    return row == code and (finding.severity == Severity.ERROR or finding.rule == UNLISTED)


def _sums(above: str, code: str) -> bool:
    """Whether a code is another, or would be summed into it."""
    return bool(above) and code.startswith(above)


def _fits(row: Row, table: str, key: str, wanted: Sequence[Constraint]) -> bool:
    """Whether all that a lacking line breaks would hold if it had the figures of another."""
    moved: Mapping[Place, Decimal] = {
        place: value
        for constraint in wanted
        for place in constraint.form
        if place.row is None and (place.table, place.key) == (table, key)
        if isinstance(value := row[place.column].value, Decimal)
    }
    equal = any(c.sign == "==" and not moved.keys().isdisjoint(c.form) for c in wanted)
    return equal and all(c.allows(c.moved(moved)) for c in wanted)
