"""The examples of an edition's rules, run: what does not show what it should, with its figures and its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from budgetgen.book.derivation import derive
from budgetgen.book.relations import relations
from budgetgen.book.verdicts import judge
from budgetgen.checking.checks import both_sides, check
from budgetgen.formula.evaluation import Scope
from budgetgen.reading.grid import read_grid
from budgetgen.values.places import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.edition.origins import Origins
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book

PASSES, FAILS = "passes", "fails"
NAMES: Final = {PASSES: "正例（passes）", FAILS: "反例（fails）"}
SHOWN: Final = 3
"""So many rows are told at most: the last, for sums stand above their lines."""
LINE: Final = re.compile(r"[A-Z](\d+)$")
"""Where a cell of a grid stands: its column, and which of the lines that are not blank."""


@dataclass(frozen=True)
class Examples:
    """The examples of one edition.

    Attributes:
        edition: it.
        origins: where its declarations stand.
    """

    edition: Edition
    origins: Origins

    def wrong(self, rule: Rule) -> Iterator[str]:
        """What is wrong with the examples of a rule; nothing where they show what they should."""
        for kind, grid in ((PASSES, rule.passes), (FAILS, rule.fails)):
            try:
                book, _ = read_grid(grid, self.edition)
            except KeyError as error:
                said = f"{NAMES[kind]}里有没有声明的表或列：{error.args[0]}"
                yield f"{rule.id}：{said}{_told_at(self.place(rule, kind))}"
                continue
            if grid:
                yield from self._run(rule, kind, derive(book, self.edition))

    def _run(self, rule: Rule, kind: str, book: Book) -> Iterator[str]:
        own = [finding for finding in check(book, self.edition, only=rule.id) if not finding.tail]
        if kind == PASSES:
            for finding in own:
                at = self.place(rule, kind, _line_of(finding))
                yield f"{rule.id}：{NAMES[kind]}没有通过：{finding.message}{_told_at(at)}"
        elif not own:
            said = f"{NAMES[kind]}通过了：{self._holding(rule, book)}"
            yield f"{rule.id}：{said}{_told_at(self.place(rule, kind))}"

    def _holding(self, rule: Rule, book: Book) -> str:
        """How a relation that was to be broken holds; of a rule that is no relation, that it finds nothing."""
        if not rule.holds:
            return "没有查出问题"
        own = [relation for relation in relations(self.edition) if relation.rule.id == rule.id]
        told = [said for relation in own for said in self._told(relation, book)][-SHOWN:]
        return "；".join(told) or "没有适用的行（例子里没有它看的行，或前提 where 不成立）"

    def _told(self, relation: Relation, book: Book) -> Iterator[str]:
        for row in relation.rows(book):
            scope = Scope(book, {"": (relation.table, row)} if row else {})
            if relation.applies(scope):
                verdict = judge(relation, scope)
                if relation.compared is None:
                    yield f"{f'“{row.key}”：' if row else ''}条件成立"
                elif verdict.left.value is not None or verdict.right.value is not None:
                    yield both_sides(relation.compared, verdict, scope, self.edition).told(
                        self.edition.stating
                    )

    def place(self, rule: Rule, kind: str, line: int = 0) -> str:
        """`file:line` of an example, or of one of its lines that are not blank; empty where it is not known."""
        word = re.compile(rf"\s*{kind}\s*=")
        for declared in self.origins.places("rule", rule.id):
            start = next((n for n, text in enumerate(declared.lines) if word.match(text)), None)
            if start is not None:
                filled = [n for n, text in enumerate(declared.lines[start:]) if text.strip()]
                return (
                    f"{declared.file}:{declared.line + start + (filled[line] if line < len(filled) else 0)}"
                )
        return ""


def _line_of(finding: Finding) -> int:
    """The line of an example that a finding is about, counted from 1; 0 where it is about none."""
    found = LINE.search(cells_of(finding.spots[0].place)) if finding.spots else None
    return int(found[1]) if found else 0


def _told_at(place: str) -> str:
    return f"（{place}）" if place else ""
