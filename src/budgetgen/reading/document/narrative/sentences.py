"""Reading the narrative of a published document: the edition's statements, matched instead of said."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import FIGURES, TERMS, FigureColumn
from budgetgen.formula.evaluation import kind_of
from budgetgen.reading.document.narrative.agreement import Agreement
from budgetgen.reading.document.narrative.candidates import Candidate, Found, Matcher
from budgetgen.reading.document.narrative.dividing import STOP, Division
from budgetgen.reading.document.narrative.gathered import Gathered
from budgetgen.reading.document.narrative.knowledge import NUMBERS
from budgetgen.reading.document.narrative.patterns import COLON, ENDS, Turner, entries
from budgetgen.reading.document.narrative.taking import Taking
from budgetgen.reading.document.narrative.untold import figured
from budgetgen.reading.secrets.paragraphs import Understood
from budgetgen.saying.phrasing import HOUSE_MARK
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, StatementDeclaration
    from budgetgen.reading.document.blocks import Text
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace
    from budgetgen.values.text import Folded


CLOSED = "。", "："
"""How the sentences of a format end that stand by themselves."""
WITHIN = "，,、（("
"""Signs that stand within a sentence: one at its end tells that it goes on."""
SHORT = 8
"""A shorter paragraph may be no sentence: 无."""
FIGURED = re.compile(r"\d")
"""A paragraph without it says no several things that must be told apart."""
BULLET = re.compile(r"^[①-⒛❶-❿●○•◆◇■□▪▲➢·]\s{0,3}")
"""What stands before an entry of a list, and is no number of the format's own."""


@dataclass
class _Course:
    """How far the reading of a section is.

    Attributes:
        section: its id.
        matcher: has its patterns.
        texts: what is to be read yet.
        group: id of the sub-heading that the last sentence stands under.
        row: what the last sentence began and further paragraphs of its statement fill.
        lines: which of these were read; the same again, behind others, is of another row, whose first paragraph lacks.
        line: the last of them; the same again right behind it continues it.
        known: the patterns that fit the texts that were looked at, by text and sub-heading.
        divided: the sentences of paragraphs that were divided.
        open: the row and the column of the free text that was read last: what no pattern matches continues it.
        joined: the place of the paragraph that was joined with the one that is being read.
    """

    section: str
    matcher: Matcher
    texts: deque[Text]
    group: str = ""
    row: dict[str, str] | None = None
    lines: set[int] = field(default_factory=set)
    line: int = 0
    known: dict[tuple[str, str], Found | None] = field(default_factory=dict)
    divided: set[str] = field(default_factory=set)
    open: tuple[dict[str, str], str] | None = None
    joined: FilePlace | None = None

    @cached_property
    def candidates(self) -> Sequence[Candidate]:
        """The patterns of the section."""
        return self.matcher.candidates(self.section)

    @cached_property
    def loose(self) -> Sequence[Candidate]:
        """Those that fit by the meaning."""
        return self.matcher.candidates(self.section, loose=True)

    def best(self, text: str) -> Found | None:
        """The pattern that fits to the letter; where none does wholly, that which fits by its meaning."""
        key = text, self.group
        if key not in self.known:
            bare = BULLET.sub("", text)
            found = self._best(fold(bare)) if bare != text else None
            self.known[key] = found or self._best(fold(text))
        return self.known[key]

    def _best(self, text: Folded) -> Found | None:
        found = self.matcher.best(self.candidates, text, self.group)
        free = found is not None and not found[0].weight and not FIGURED.search(text.form)
        if found is not None and (free or (found[0].weight and self.matcher.sure(found))):
            return found
        meant = self.matcher.best(self.loose, text, self.group)
        return meant if meant is not None and self.matcher.sure(meant) else found

    def knows(self, text: str) -> bool:
        """Whether a text is a sentence that says more than free words, of something that there is."""
        found = self.best(text)
        return found is not None and bool(found[0].weight) and self.matcher.sure(found)


@dataclass
class SentenceReader:
    """Reads the sections of a document.

    Attributes:
        edition: whose wording.
        book: the printed tables, derived, with the computed figures.
        gathered: what was read so far.
        absent: the numbered tables that the document does not have; what they would tell is not known.
        agreement: how it compares with the tables.
        matcher: finds the pattern of a sentence.
    """

    edition: Edition
    book: Book
    gathered: Gathered = field(default_factory=Gathered)
    absent: frozenset[str] = frozenset()
    agreement: Agreement = field(init=False)
    matcher: Matcher = field(init=False)

    def __post_init__(self) -> None:
        """The agreement is with the same tables."""
        self.agreement = Agreement(self.edition, self.book, self.absent)
        self.matcher = Matcher(self.edition, self.book)

    def read(self, section: str, paragraphs: Sequence[Text]) -> None:
        """Read the paragraphs of one section."""
        unplaced = len(self.gathered.unplaced)
        texts = deque(_part(paragraph, e) for paragraph in paragraphs for e in entries(paragraph.text))
        course = _Course(section, self.matcher, texts)
        while course.texts:
            self._paragraph(course, course.texts.popleft())
        left = self.gathered.unplaced[unplaced:]
        self.agreement.sections[section] = not left
        self.agreement.starts.setdefault(section, next((text.place for text in paragraphs), None))
        if any(figured(text.text) for text in left):
            self.gathered.doubtful.add(section)

    def tells(self, section: str, text: Text) -> bool:
        """Whether a paragraph is a sentence of a section, to the letter or in its meaning."""
        return _Course(section, self.matcher, deque()).knows(text.text)

    def _paragraph(self, course: _Course, text: Text) -> None:
        """Read a paragraph, or put the sentences that it holds before what is to be read."""
        found = course.best(text.text)
        if sentences := self._several(course, text, found):
            course.texts.extendleft(reversed(sentences))
            return
        if found is None:
            found, text = self._joined(course, text)
        else:
            found, text = self._continued(course, text, found)
        if found is None:
            found, text = self._slipped(course, text)
        if found is None:
            self._unplaced(course, text)
            return
        self._matched(course, text, found)
        self._understood(course, text, found[1], course.row)

    def _several(self, course: _Course, text: Text, found: Found | None) -> list[Text]:
        """The sentences of a paragraph that says several; none where it may continue a free text.

        A sentence may have swallowed others only in words that are free; where no figure stands, all are sentences.
        """
        figured = FIGURED.search(text.text) is not None
        if course.open is not None or text.text in course.divided:
            return []
        if found is not None and not (figured and self._swallows(found)):
            return []
        division = Division(text.text, course.knows, self.edition.synonyms.leads)
        sentences = division.sentences(every=found is not None or not figured)
        course.divided |= set(sentences)
        return [_part(text, sentence) for sentence in sentences]

    def _swallows(self, found: Found) -> bool:
        """Whether free words of a sentence go on behind the end of another."""
        candidate, values = found
        free = (text for name, text in values.items() if name not in candidate.statement.list)
        return any(STOP.search(text) for text in free)

    def _joined(self, course: _Course, text: Text) -> tuple[Found | None, Text]:
        """A sentence that a line end cut in two: the next paragraph is none by itself, and stands where this one does."""
        after = self._after(course, text)
        found = course.best(text.text + after.text) if after is not None else None
        return self._together(course, text, found)

    def _continued(self, course: _Course, text: Text, found: Found) -> tuple[Found | None, Text]:
        """A sentence that the next paragraph goes on with, which is none by itself: the reason of a figure, or what a line end cut off."""
        candidate, values = found
        lacks = candidate.statement.each == FIGURES and not values.get(FigureColumn.REASON)
        last = text.text.rstrip()[-1:]
        listing = last not in f"{ENDS}{COLON}:" or self._led(course)
        cut = last in WITHIN or (bool(candidate.statement.list) and listing)
        after = self._after(course, text) if lacks or cut else None
        if after is None:
            return found, text
        reasoned = course.best(text.text.rstrip(ENDS) + after.text) if lacks else None
        whole = course.best(text.text + after.text) if cut else None
        if reasoned and reasoned[0].statement is candidate.statement and reasoned[1].get(FigureColumn.REASON):
            return self._together(course, text, reasoned)
        if whole and whole[0].statement is candidate.statement and self._cut(text, after, values, whole):
            return self._together(course, text, whole)
        return found, text

    def _led(self, course: _Course) -> bool:
        """Whether the next paragraph is led in as entries (其中：) of a sentence are."""
        leads = tuple(fold(lead).form for lead in self.edition.synonyms.leads if lead.endswith(COLON))
        return bool(course.texts) and fold(course.texts[0].text).form.startswith(leads)

    def _cut(self, text: Text, after: Text, values: Mapping[str, str], whole: Found) -> bool:
        """Whether a line end cut a sentence in two: no sentence of the office's own follows.

        Where the cut is in a list, all that it gains is of its table. In other words that are free, and in a list of
        what no table has, an own sentence cannot be told from a rest: only where entries go on behind 、 it is one.
        """
        candidate, told = whole
        at = len(fold(text.text).form)
        goes_on = text.text.rstrip()[-1:] == "、"
        rest = not FIGURED.search(after.text) and not STOP.search(after.text.rstrip(ENDS))
        for name in candidate.turned.across(fold(text.text + after.text), at):
            declared, node = candidate.statement.list.get(name), candidate.turner.node(name)
            if declared:
                before = values.get(name, "")
                adds = self.matcher.adds(candidate.turner, declared, before, told[name], after.text)
            else:
                adds = True if node is not None and kind_of(node) in NUMBERS else None
            if not (goes_on and rest if adds is None else adds):
                return False
        return True

    def _after(self, course: _Course, text: Text) -> Text | None:
        """The next paragraph, where it is none by itself and stands where this one does."""
        after = course.texts[0] if course.texts else None
        if after is None or after.beside != text.beside:
            return None
        found = course.best(after.text)
        return after if found is None or not self.matcher.sure(found) else None

    def _together(self, course: _Course, text: Text, found: Found | None) -> tuple[Found | None, Text]:
        """Take a sentence that two paragraphs make."""
        if found is None:
            return None, text
        after = course.texts.popleft()
        course.joined = after.place
        return found, _part(text, text.text + after.text)

    def _slipped(self, course: _Course, text: Text) -> tuple[Found | None, Text]:
        """As of the matcher; what was overlooked is noted. To the letter, unless only its meaning is of something known."""
        found, kept = self.matcher.slipped(course.candidates, text.text, course.group)
        if found is None or not self.matcher.sure(found):
            meant, bare = self.matcher.slipped(course.loose, text.text, course.group)
            found, kept = (meant, bare) if meant is not None else (found, kept)
        if found is None:
            return None, text
        self.gathered.slips.append((text, text.text[len(kept)]))
        return found, _part(text, kept)

    def _unplaced(self, course: _Course, text: Text) -> None:
        """A paragraph that continues a free text belongs to it; any other, and a text box, is told."""
        if course.open is None or text.beside:
            self.gathered.unplaced.append(text)
            return
        row, column = course.open
        row[column] += text.text
        self.gathered.understood += 1
        self._understood(course, text, {}, row)

    def _understood(
        self, course: _Course, text: Text, values: Mapping[str, str], row: Mapping[str, str] | None
    ) -> None:
        """Note what became of a paragraph."""
        joined, course.joined = course.joined, None
        self.gathered.sources.append(Understood(text.place, text.text, values, row or {}, joined))

    def _matched(self, course: _Course, text: Text, found: Found) -> None:
        """Take what a sentence says, and compare it with the tables."""
        candidate, values = found
        statement = candidate.statement
        course.group = candidate.group
        self.gathered.understood += 1
        if statement.numbered == HOUSE_MARK:
            self._mark(text.text)
        self.gathered.told |= {(statement.id, name) for name in self._terms(statement, values)}
        self.agreement.paragraph = text
        taking = Taking(self.edition, self.book, self.gathered, self.agreement, self.matcher, text)
        again = candidate.line == course.line and taking.continues(candidate, values)
        course.line = candidate.line
        if candidate.line and course.row is not None and (again or candidate.line not in course.lines):
            course.lines.add(candidate.line)
            self.agreement.legible(Turner(self.edition, statement.each), values)
            course.open = taking.fill(candidate, values, course.row, again=again)
            return
        self._ended(candidate, text)
        taking.chosen(candidate)
        self.agreement.legible(candidate.turner, values)
        told = fold(text.text)
        self.agreement.compare(candidate, values, candidate.turned.repeated(told))
        course.row, course.lines = (
            taking.take(candidate, values, candidate.turned.said(told)),
            {candidate.line},
        )
        course.open = None

    def _ended(self, candidate: Candidate, text: Text) -> None:
        """Note a sentence that lacks the sign at its end which the format has."""
        said = text.text.rstrip()
        last = said[-1:]
        if len(said) > SHORT and candidate.case.says.endswith(CLOSED) and (last.isalnum() or last in "%％"):
            self.gathered.unended.append(text)

    def _terms(self, statement: StatementDeclaration, values: Mapping[str, str]) -> Iterator[str]:
        """The terms of the format that a statement explains; one empty text for any other statement."""
        if statement.each != TERMS:
            yield ""
        said = {fold(value).form for value in values.values()}
        yield from (term.name for term in self.edition.term if fold(term.name).form in said)

    def _mark(self, text: str) -> None:
        if text[:1].isdigit() and len(text) > 1 and (mark := text[: 2 + text[1].isdigit()])[-1] in "、.．":
            self.gathered.marks.append(mark[-1])


def _part(paragraph: Text, words: str) -> Text:
    """Words of a paragraph, at its place."""
    return replace(paragraph, text=words)
