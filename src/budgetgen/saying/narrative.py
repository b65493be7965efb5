"""The narrative: the edition's statements, said with the figures of a Book."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import TERM, TERMS
from budgetgen.formula.evaluation import Scope
from budgetgen.saying.phrasing import Frame, Phrasing
from budgetgen.values.amounts import NUMERALS
from budgetgen.values.model import Paragraph, Run
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Edition, StatementDeclaration
    from budgetgen.values.model import Book

NUMBERED = re.compile(rf"[（(]?([{NUMERALS}]+|\d{{1,2}})[)）、.．](?!\d)")
"""A text that a clerk has numbered already."""


def _term(frame: Frame) -> str:
    """The term that the row at hand explains; none where it explains none."""
    _, row = frame.scope.rows.get("", ("", None))
    return fold(row.text(TERM)).form if row and TERM in row.cells else ""


@dataclass
class Narrator:
    """Says the statements of an edition, one section after the other.

    Attributes:
        edition: whose wording.
        book: derived, with its computed tables.
    """

    edition: Edition
    book: Book
    numbers: Counter[str] = field(default_factory=Counter)

    def phrase(self, section: str) -> Iterator[Paragraph | StatementDeclaration]:
        """The paragraphs of a section; a statement itself where performance tables follow."""
        for statement in self.edition.statement:
            if statement.section != section:
                continue
            for frame in self._frames(statement):
                case = self._phrasing.choose(statement.cases, frame)
                if case is None:
                    continue
                if case.says:
                    yield self._paragraph(statement, case.says, frame)
                if statement.performance:
                    yield statement
                yield from self._lines(statement, frame)

    @property
    def _phrasing(self) -> Phrasing:
        return Phrasing(self.edition, self.book)

    def _frames(self, statement: StatementDeclaration) -> Iterator[Frame]:
        """A frame for each row; of a term of the format that the unit explains in its own words, that of its own row."""
        own = self._own_terms(statement.section)
        for frame in self._rows(statement):
            named = _term(frame)
            if statement.each == TERMS or named not in own:
                said = own.get(named, frame)
                yield Frame(said.scope, said.each, "", statement.let, statement.list)

    def _own_terms(self, section: str) -> Mapping[str, Frame]:
        """The row of a section's other statements that explains a term of the format, by its name; not where several do."""
        told = [s for s in self.edition.statement if s.section == section and s.each]
        if not any(s.each == TERMS for s in told):
            return {}
        known = {fold(term.name).form for term in self.edition.term}
        found: dict[str, list[Frame]] = {}
        for statement in (s for s in told if s.each != TERMS):
            for frame in self._rows(statement):
                found.setdefault(_term(frame), []).append(frame)
        return {name: frames[0] for name, frames in found.items() if name in known and len(frames) == 1}

    def _rows(self, statement: StatementDeclaration) -> Iterator[Frame]:
        start = Frame(Scope(self.book))
        if not statement.each:
            return iter((start,))
        return self._phrasing.rows(statement.each, statement.level, statement.where, start)

    def _paragraph(self, statement: StatementDeclaration, says: str, frame: Frame) -> Paragraph:
        runs = tuple(self._phrasing.fill(says, frame))
        if statement.numbered and not NUMBERED.match(runs[0].text):
            run = statement.run or statement.id
            self.numbers[run] += 1
            runs = (Run(self._phrasing.mark(statement.numbered, self.numbers[run])), *runs)
        return Paragraph(statement.style, runs, statement.id)

    def _lines(self, statement: StatementDeclaration, frame: Frame) -> Iterator[Paragraph]:
        for cases in statement.lines:
            if case := self._phrasing.choose(cases, frame):
                yield Paragraph(statement.style, tuple(self._phrasing.fill(case.says, frame)), statement.id)
