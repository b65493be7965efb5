"""Reading the narrative of a published document: the edition's statements, matched instead of said."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import COMPUTED, FIGURES, TERMS, FigureColumn
from budgetgen.formula.nodes import CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.reading.document.agreement import Agreement
from budgetgen.reading.document.candidates import Candidate, Found, Matcher, entry_of, parts_of
from budgetgen.reading.document.dividing import STOP, Division
from budgetgen.reading.document.gathered import Gathered
from budgetgen.reading.document.patterns import ENDS, Said, Turner, entries, number, percentage
from budgetgen.reading.document.readings import Readings
from budgetgen.reading.document.untold import figured
from budgetgen.reading.secrets.paragraphs import Understood
from budgetgen.values import amounts
from budgetgen.values.listing import members
from budgetgen.values.patterns import slots
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, ListDeclaration, StatementDeclaration
    from budgetgen.reading.document.blocks import Text
    from budgetgen.values.model import Book, Row
    from budgetgen.values.places import FilePlace
    from budgetgen.values.text import Folded


CLOSED = "。", "："
"""How the sentences of a format end that stand by themselves."""
SHORT = 8
"""A shorter paragraph may be no sentence: 无."""
FIGURED = re.compile(r"\d")
"""A paragraph without it says no several things that must be told apart."""


@dataclass
class _Course:
    """How far the reading of a section is.

    Attributes:
        section: its id.
        matcher: has its patterns.
        texts: what is to be read yet.
        group: id of the sub-heading that the last sentence stands under.
        row: what the last sentence began and further paragraphs of its statement fill.
        known: the patterns that fit the texts that were looked at, by text and sub-heading.
        divided: the sentences of paragraphs that were divided.
        open: the row and the column of the free text that was read last: what no pattern matches continues it.
    """

    section: str
    matcher: Matcher
    texts: deque[Text]
    group: str = ""
    row: dict[str, str] | None = None
    known: dict[tuple[str, str], Found | None] = field(default_factory=dict)
    divided: set[str] = field(default_factory=set)
    open: tuple[dict[str, str], str] | None = None

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
            self.known[key] = self._best(fold(text))
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
        text: the one that is being read.
        joined: the place of the one that was joined with it.
        spoken: the rows that a statement told of, each with its id.
    """

    edition: Edition
    book: Book
    gathered: Gathered = field(default_factory=Gathered)
    absent: frozenset[str] = frozenset()
    agreement: Agreement = field(init=False)
    matcher: Matcher = field(init=False)
    text: Text = field(init=False)
    joined: FilePlace | None = None
    spoken: set[tuple[int, str]] = field(default_factory=set)

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
        if any(figured(text.text) for text in left):
            self.gathered.doubtful.add(section)

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
        self._understood(text, found[1], course.row)

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
        """A sentence on a figure whose reason is told in the next paragraph, which is none by itself."""
        candidate, values = found
        lacks = candidate.statement.each == FIGURES and not values.get(FigureColumn.REASON)
        after = self._after(course, text) if lacks else None
        if after is None:
            return found, text
        whole = course.best(text.text.rstrip(ENDS) + after.text)
        same = whole is not None and whole[0].statement is candidate.statement
        if whole is None or not same or not whole[1].get(FigureColumn.REASON):
            return found, text
        return self._together(course, text, whole)

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
        self.joined = after.place
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
        self._understood(text, {}, row)

    def _understood(self, text: Text, values: Mapping[str, str], row: Mapping[str, str] | None) -> None:
        """Note what became of a paragraph."""
        joined, self.joined = self.joined, None
        self.gathered.sources.append(Understood(text.place, text.text, values, row or {}, joined))

    def _matched(self, course: _Course, text: Text, found: Found) -> None:
        """Take what a sentence says, and compare it with the tables."""
        candidate, values = found
        statement = candidate.statement
        course.group = candidate.group
        self.gathered.understood += 1
        self._mark(text.text)
        self.gathered.told |= {(statement.id, name) for name in self._terms(statement, values)}
        self.text = self.agreement.paragraph = text
        if candidate.line and course.row is not None:
            self.agreement.legible(Turner(self.edition, statement.each), values)
            course.open = self._fill(candidate, values, course.row)
            return
        self._ended(candidate, text)
        self._chosen(candidate, text.text)
        self.agreement.legible(candidate.turner, values)
        told = fold(text.text)
        self.agreement.compare(candidate, values, candidate.turned.repeated(told))
        course.row = self._take(candidate, values, candidate.turned.said(told))
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

    # --- taking a match ---

    def _take(
        self, candidate: Candidate, values: dict[str, str], said: tuple[Said, ...]
    ) -> dict[str, str] | None:
        statement, turner = candidate.statement, candidate.turner
        for name, declared in statement.list.items():
            if name in values:
                count = number(values.get(declared.counted, ""))
                self._list(declared, self._things(declared, values[name], count, turner), turner)
        if statement.each == FIGURES:
            figure = self._figure(statement.level, values, compared=self._compared(said))
            self._beside(turner, values, figure)
            if figure and self._silent(candidate):
                self.gathered.priors.setdefault(figure.key, Decimal(0))
                self.gathered.said.setdefault(figure.key, self.text)
            return None
        texts = {
            **self._row(turner, statement.where, values),
            **(self.matcher.solved(statement, values) or {}),
        }
        if statement.each in self.edition.tables and not self.edition.tables[statement.each].printed:
            return self._merged(statement.each, texts, statement.id)
        if statement.each == TERMS:
            self._term(statement.section, values)
        return None

    def _merged(self, table: str, texts: dict[str, str], statement: str = "") -> dict[str, str]:
        """A row that an earlier sentence began, with what this one tells of it; else a new row.

        A statement speaks of each row once: of the same name again, it is another unit's.
        """
        keys = self.edition.tables[table].main.key
        rows = self.gathered.rows.setdefault(table, [])
        for row in rows if keys else ():
            same = all(fold(row.get(key, "")).form == fold(texts.get(key, "")).form for key in keys)
            if same and not (statement and (id(row), statement) in self.spoken):
                row.update({column: text for column, text in texts.items() if column not in row})
                self.spoken.add((id(row), statement))
                return row
        rows.append(texts)
        self.spoken.add((id(texts), statement))
        return texts

    def _fill(
        self, candidate: Candidate, values: dict[str, str], row: dict[str, str]
    ) -> tuple[dict[str, str], str] | None:
        """A further paragraph of a statement fills the same row; returns its last column, where that is free text."""
        each = candidate.statement.each
        row.update(self._row(Turner(self.edition, each), "", values))
        last = next(reversed(row), "")
        free = self.edition.has_table(each) and self.edition.kind(each, last) == "text"
        return (row, last) if free else None

    def _row(self, turner: Turner, where: str, values: dict[str, str]) -> dict[str, str]:
        """The columns that the slots name; other cells are set as they are met."""
        row: dict[str, str] = {}
        for name, text in values.items():
            match turner.node(name):
                case ColumnOf(variable="", column=column):
                    row[column] = text
                case CellOf(table=table, key=(Constant(value=str(key)),), column=column):
                    self.gathered.cells.setdefault((table, key, column), text)
        if where:
            row |= _equalities(self.edition.formula(where, each=turner.each, outer=turner.outer))
        return row

    def _beside(self, turner: Turner, values: Mapping[str, str], figure: Row | None) -> None:
        """What a sentence on a figure tells that another sheet holds: of the row of the same code."""
        for name, text in values.items() if figure else ():
            match turner.node(name):
                case CellOf(table=table, key=(ColumnOf(variable="", column=code),), column=column) if (
                    figure and not self.edition.tables[table].printed
                ):
                    key = self.edition.tables[table].main.key[0]
                    self._merged(table, {key: figure.text(code), column: text})

    def _chosen(self, candidate: Candidate, text: str) -> None:
        """What the chosen ways of saying a thing tell of the house style."""
        own = () if candidate.line else (Said(candidate.statement.cases, candidate.case),)
        said = (*own, *candidate.turned.said(fold(text)))
        self.gathered.vote(self.edition, said, candidate.statement.each, candidate.outer)

    def _things(
        self, declared: ListDeclaration, text: str, count: Decimal | None, outer: Turner
    ) -> Sequence[str]:
        """The entries of a list; where their number is told and is another, that is noted."""
        plain = parts_of(self.agreement.naming, outer.within(declared), declared, text)
        if count is None or len(plain) == count:
            return plain
        if found := members(text, self.edition.lint.joints, int(count)):
            return found
        self.gathered.miscounted.append((self.text, int(count), plain))
        return plain

    def _list(self, declared: ListDeclaration, parts: Sequence[str], outer: Turner) -> None:
        turner = outer.within(declared)
        for entry in parts:
            if found := entry_of(self.agreement.naming, turner, declared, entry):
                case, turned, values = found
                self._entry(declared, turner, values, Said(declared.cases, case), turned.said(fold(entry)))

    def _entry(
        self,
        declared: ListDeclaration,
        turner: Turner,
        values: dict[str, str],
        own: Said,
        phrases: tuple[Said, ...],
    ) -> None:
        """An entry of a list: the case that it was said by, and the phrases that it uses."""
        self.gathered.vote(self.edition, (own, *phrases), turner.each, turner.outer)
        if declared.each == FIGURES:
            self._figure(declared.level, values, compared=self._compared(phrases))
        elif declared.each not in COMPUTED and not self.edition.tables[declared.each].printed:
            row = self._row(turner, declared.where, values)
            self.gathered.rows.setdefault(declared.each, []).append(row)

    def _term(self, section: str, values: dict[str, str]) -> None:
        """A term that the edition does not have goes where the section's other statement takes it from."""
        known = {fold(term.name).form for term in self.edition.term}
        own = next(
            (s for s in self.edition.statement if s.section == section and s.each in self.edition.tables),
            None,
        )
        if own and not any(fold(text).form in known for text in values.values()):
            row = self._row(Turner(self.edition, own.each), own.where, values)
            self.gathered.rows.setdefault(own.each, []).append(row)

    # --- figures ---

    def _compared(self, said: tuple[Said, ...]) -> bool:
        """Whether a sentence compares with last year: it uses a phrase that tells the change."""
        return any(FigureColumn.CHANGE in slots(case.says) for one in said for case in one.cases)

    def _compares(self, says: str) -> bool:
        """Whether a pattern compares with last year."""
        phrases = [self.edition.phrase[name] for name in slots(says) if name in self.edition.phrase]
        return any(FigureColumn.CHANGE in slots(case.says) for phrase in phrases for case in phrase.cases)

    def _silent(self, candidate: Candidate) -> bool:
        """Whether a sentence stands for a comparison that is left out, as there is nothing in either year."""
        others = any(self._compares(case.says) for case in candidate.statement.cases)
        return others and not self._compares(candidate.case.says)

    def _figure(self, level: str, values: dict[str, str], *, compared: bool) -> Row | None:
        rows = self._figure_rows(level, values)
        if (
            not rows
            and FigureColumn.ITEM in values
            and any(r.level == level for r in self.book[FIGURES].rows)
        ):
            self._lost()
        if len(rows) > 1 and compared:
            nows = (self._amount(row, values) for row in rows)
            each = zip(rows, nows, strict=True)
            readings = [self._readings(row, values, now) if now is not None else None for row, now in each]
            self.agreement.of_several(rows, readings)
        if len(rows) != 1:
            return None
        (row,) = rows
        if reason := values.get(FigureColumn.REASON):
            self.gathered.reasons.setdefault(row.key, reason)
            self.gathered.said.setdefault(row.key, self.text)
        now = self._amount(row, values)
        then = number(values.get(FigureColumn.PRIOR, ""))
        if then is not None and now is not None:
            self._prior(row, values, now, then)
            return row
        if compared and now is not None:
            self._changed(row, values, now)
        return row

    def _lost(self) -> None:
        """A sentence on an item that the tables do not have is told as one that was not understood."""
        self.gathered.understood -= 1
        self.gathered.unplaced.append(self.text)

    def _changed(self, row: Row, values: dict[str, str], now: Decimal) -> None:
        """Keep last year's amount as it follows from the change; where that may be read in several ways, tell them."""
        readings = self._readings(row, values, now)
        if readings is None:
            return
        self.agreement.directed(row, values)
        self.agreement.several(row, readings)
        if readings.chosen:
            self._prior(row, values, readings.chosen.now, readings.chosen.then)

    def _readings(self, row: Row, values: dict[str, str], now: Decimal) -> Readings | None:
        """The readings of a sentence that compares a figure with last year."""
        stands = row[FigureColumn.AMOUNT]
        differs = abs(stands.amount - now) > amounts.tolerance(max(stands.terms, 1))
        known = stands.value is not None and not self.agreement.known.lacks(row)
        every = (now, stands.amount) if known and differs else (now,)
        return Readings.of(values, every, self.edition.basis(row.key).trend)

    def _amount(self, row: Row, values: dict[str, str]) -> Decimal | None:
        """This year's amount: as the sentence says, else as the tables do; None where neither tells."""
        told = number(values.get(FigureColumn.AMOUNT, ""))
        if told is not None or self.agreement.known.lacks(row):
            return told
        stands = row[FigureColumn.AMOUNT].value
        return stands if isinstance(stands, Decimal) else Decimal(0)

    def _prior(self, row: Row, values: dict[str, str], now: Decimal, then: Decimal) -> None:
        """Keep last year's amount of a figure as it follows from what a sentence says of the change."""
        self.agreement.changed(row, values, then, self.gathered.priors.get(row.key))
        for key in (row.key, *(self._parts(row) if not then else ())):
            self.gathered.priors.setdefault(key, then)
            self.gathered.said.setdefault(key, self.text)
        self._rate(row, now, then, percentage(values.get(FigureColumn.RATE, "")))

    def _parts(self, row: Row) -> tuple[str, ...]:
        """The figures that last year's amount of a figure is the sum of: nothing in all is nothing in each."""
        declared = self.edition.figures[row.text(FigureColumn.ID)]
        return _keys(self.edition.formula(declared.prior)) if declared.prior else ()

    def _rate(self, row: Row, now: Decimal, then: Decimal, said: Decimal | None) -> None:
        """A published rate is kept where it is worked from exact amounts, not from the printed ones."""
        if then <= 0 or said is None or row[FigureColumn.AMOUNT].value != now:
            return
        if said != amounts.percentage(abs(now - then), then):
            self.gathered.rates.setdefault(row.key, said)

    def _figure_rows(self, level: str, values: dict[str, str]) -> list[Row]:
        """The figures that a sentence may speak of: by its name, by 类 款 项, or all of its group; by the amount then."""
        rows = [row for row in self.book[FIGURES].rows if row.level == level]
        asked = {
            name: fold(values[name]).form
            for name in (FigureColumn.NAME, FigureColumn.CLASS, FigureColumn.SECTION, FigureColumn.ITEM)
            if name in values
        }
        found = [row for row in rows if all(fold(row.text(n)).form == text for n, text in asked.items())]
        if not found and FigureColumn.ITEM in asked:
            found = [row for row in rows if asked[FigureColumn.ITEM] in self._item_names(row)]
        return self.agreement.naming.likeliest(found, values) if asked else found[: len(found) == 1]

    def _item_names(self, row: Row) -> set[str]:
        """The name of an item in the tables, and in the classification."""
        return {fold(row.text(FigureColumn.ITEM)).form, *self.agreement.naming.official(FIGURES, row)}


def _part(paragraph: Text, words: str) -> Text:
    """Words of a paragraph, at its place."""
    return replace(paragraph, text=words)


def _keys(node: Node) -> tuple[str, ...]:
    """The rows that a sum of cells names."""
    match node:
        case Operation(left=left, right=right):
            return (*_keys(left), *_keys(right))
        case CellOf(key=(Constant(value=str(key)),)):
            return (key,)
    return ()


def _equalities(node: Node) -> dict[str, str]:
    """The columns that a condition fixes: 类别 == "主要职能"."""
    match node:
        case Operation(sign="==", left=ColumnOf(variable="", column=column), right=Constant(value=str(text))):
            return {column: text}
        case Operation(sign="and", left=left, right=right):
            return _equalities(left) | _equalities(right)
    return {}
