"""Reading the narrative of a published document: the edition's statements, matched instead of said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen import amounts
from budgetgen.declarations import COMPUTED, FALL, FIGURES, TERMS, FigureColumn
from budgetgen.expressions import (
    CellOf,
    ColumnOf,
    Constant,
    Node,
    Operation,
)
from budgetgen.reading.document.agreement import Agreement
from budgetgen.reading.document.candidates import Candidate, Found, Matcher, entry_of
from budgetgen.reading.document.gathered import Gathered
from budgetgen.reading.document.patterns import Said, Turner, entries, fold, split
from budgetgen.wording import slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.declarations import Edition, ListDeclaration
    from budgetgen.model import Book, Row
    from budgetgen.reading.document.blocks import Text


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
    """

    edition: Edition
    book: Book
    gathered: Gathered = field(default_factory=Gathered)
    absent: frozenset[str] = frozenset()
    agreement: Agreement = field(init=False)
    matcher: Matcher = field(init=False)
    text: Text = field(init=False)

    def __post_init__(self) -> None:
        """The agreement is with the same tables."""
        self.agreement = Agreement(self.edition, self.book, self.absent)
        self.matcher = Matcher(self.edition, self.book)

    def read(self, section: str, paragraphs: Sequence[Text]) -> None:
        """Read the paragraphs of one section."""
        candidates = self.matcher.candidates(section)
        row: dict[str, str] | None = None
        group = ""
        texts = [_part(paragraph, e) for paragraph in paragraphs for e in entries(paragraph.text)]
        unplaced = len(self.gathered.unplaced)
        last: tuple[dict[str, str], str] | None = None
        while texts:
            text = texts.pop(0)
            found = self.matcher.best(candidates, fold(text.text), group)
            if last is None and (
                several := self.matcher.several(candidates, text.text, group, every=found is not None)
            ):
                texts = [*(_part(text, sentence) for sentence in several), *texts]
                continue
            if found is None and self._goes_on(candidates, text, texts, group):
                whole = text.text + texts[0].text  # a sentence that a line end cut in two
                if found := self.matcher.best(candidates, fold(whole), group):
                    text = _part(text, whole)
                    texts.pop(0)
            if found is None:
                found, text = self._slipped(candidates, text, group)
            if found is None:
                self._unplaced(text, last)
                continue
            candidate, values = found
            group = candidate.group
            self.gathered.understood += 1
            self._mark(text.text)
            if candidate.line and row is not None:
                last = self._fill(candidate, values, row)
            else:
                self._chosen(candidate, text.text)
                self.text = self.agreement.paragraph = text
                self.agreement.compare(candidate.statement, candidate.case, values)
                row, last = self._take(candidate, values, candidate.turned.said(fold(text.text))), None
        self.agreement.sections[section] = unplaced == len(self.gathered.unplaced)

    def _goes_on(
        self, candidates: Sequence[Candidate], text: Text, after: Sequence[Text], group: str
    ) -> bool:
        """Whether the next paragraph is none by itself, and stands where this one stands."""
        return (
            bool(after)
            and after[0].beside == text.beside
            and self.matcher.best(candidates, fold(after[0].text), group) is None
        )

    def _slipped(self, candidates: Sequence[Candidate], text: Text, group: str) -> tuple[Found | None, Text]:
        """As of the matcher; what was overlooked is noted."""
        found, kept = self.matcher.slipped(candidates, text.text, group)
        if found is not None:
            self.gathered.slips.append((text, text.text[len(kept)]))
        return found, _part(text, kept)

    def _unplaced(self, text: Text, last: tuple[dict[str, str], str] | None) -> None:
        """A paragraph that continues a free text belongs to it; any other, and a text box, is told."""
        if last is None or text.beside:
            self.gathered.unplaced.append(text)
            return
        row, column = last
        row[column] += text.text
        self.gathered.understood += 1

    def _mark(self, text: str) -> None:
        if text[:1].isdigit() and len(text) > 1 and (mark := text[: 2 + text[1].isdigit()])[-1] in "、.．":
            self.gathered.marks.append(mark[-1])

    # --- taking a match ---

    def _take(
        self, candidate: Candidate, values: dict[str, str], said: tuple[Said, ...]
    ) -> dict[str, str] | None:
        statement = candidate.statement
        turner = Turner(self.edition, statement.each, "", statement.let, statement.list)
        for name, declared in statement.list.items():
            if name in values:
                self._list(declared, values[name], statement.each)
        if statement.each == FIGURES:
            figure = self._figure(statement.level, values, compared=self._compared(said))
            if figure and self._silent(candidate):
                self.gathered.priors.setdefault(figure.key, Decimal(0))
                self.gathered.said.setdefault(figure.key, self.text)
            return None
        texts = {
            **self._row(turner, statement.where, values),
            **(self.matcher.solved(statement, values) or {}),
        }
        if statement.each in self.edition.tables and not self.edition.tables[statement.each].printed:
            return self._joined(statement.each, texts)
        if statement.each == TERMS:
            self._term(statement.section, values)
        return None

    def _joined(self, table: str, texts: dict[str, str]) -> dict[str, str]:
        """A row that an earlier sentence began, with what this one tells of it; else a new row."""
        keys = self.edition.tables[table].main.key
        rows = self.gathered.rows.setdefault(table, [])
        for row in rows if keys else ():
            if all(fold(row.get(key, "")).form == fold(texts.get(key, "")).form for key in keys):
                row |= {column: text for column, text in texts.items() if column not in row}
                return row
        rows.append(texts)
        return texts

    def _fill(
        self, candidate: Candidate, values: dict[str, str], row: dict[str, str]
    ) -> tuple[dict[str, str], str]:
        """A further paragraph of a statement fills the same row; returns its last text."""
        turner = Turner(self.edition, candidate.statement.each)
        row.update(self._row(turner, "", values))
        return row, next(reversed(row))

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

    def _chosen(self, candidate: Candidate, text: str) -> None:
        """What the chosen ways of saying a thing tell of the house style."""
        own = () if candidate.line else (Said(candidate.statement.cases, candidate.case),)
        said = (*own, *candidate.turned.said(fold(text)))
        self.gathered.vote(self.edition, said, candidate.statement.each, candidate.outer)

    def _list(self, declared: ListDeclaration, text: str, outer: str) -> None:
        turner = Turner(self.edition, declared.each, outer, declared.let, declared.list)
        for entry in split(text, declared.separator):
            found = entry_of(turner, declared, entry)
            if found is None:
                continue
            case, turned, values = found
            said = (Said(declared.cases, case), *turned.said(fold(entry)))
            self.gathered.vote(self.edition, said, declared.each, outer)
            if declared.each == FIGURES:
                compared = self._compared(turned.said(fold(entry)))
                self._figure(declared.level, values, compared=compared)
            elif declared.each not in COMPUTED and not self.edition.tables[declared.each].printed:
                self.gathered.rows.setdefault(declared.each, []).append(
                    self._row(turner, declared.where, values)
                )

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
        row = self._figure_row(level, values)
        if row is None:
            return None
        if reason := values.get(FigureColumn.REASON):
            self.gathered.reasons.setdefault(row.key, reason)
            self.gathered.said.setdefault(row.key, self.text)
        known = FigureColumn.AMOUNT in values or not self.agreement.known.lacks(row)
        amount = (
            amounts.parse(values[FigureColumn.AMOUNT])
            if FigureColumn.AMOUNT in values
            else row[FigureColumn.AMOUNT].value
        )
        if compared and known:
            change = amounts.parse(values.get(FigureColumn.CHANGE, "0")) or Decimal(0)
            now = amount if isinstance(amount, Decimal) else Decimal(0)
            then = now + change if values.get(FigureColumn.DIRECTION) == FALL[0] else now - change
            self.agreement.changed(row, values, then, self.gathered.priors.get(row.key))
            for key in (row.key, *(self._parts(row) if not then else ())):
                self.gathered.priors.setdefault(key, then)
                self.gathered.said.setdefault(key, self.text)
            self._rate(row, now, then, values.get(FigureColumn.RATE, ""))
        return row

    def _parts(self, row: Row) -> tuple[str, ...]:
        """The figures that last year's amount of a figure is the sum of: nothing in all is nothing in each."""
        declared = self.edition.figures[row.text(FigureColumn.ID)]
        return _keys(self.edition.formula(declared.prior)) if declared.prior else ()

    def _rate(self, row: Row, now: Decimal, then: Decimal, said: str) -> None:
        """A published rate is kept where it is worked from exact amounts, not from the printed ones."""
        stands = row[FigureColumn.AMOUNT].value
        if then <= 0 or not said.endswith("%") or stands != now:
            return
        rate = amounts.parse(said.removesuffix("%"))
        if rate is not None and rate != amounts.percentage(abs(now - then), then):
            self.gathered.rates.setdefault(row.key, rate)

    def _figure_row(self, level: str, values: dict[str, str]) -> Row | None:
        """The figure that a sentence speaks of: by its name, by 类 款 项, or the only one of its group."""
        rows = [row for row in self.book[FIGURES].rows if row.level == level]
        asked = {
            name: fold(values[name]).form
            for name in (FigureColumn.NAME, FigureColumn.CLASS, FigureColumn.SECTION, FigureColumn.ITEM)
            if name in values
        }
        found = [row for row in rows if all(fold(row.text(n)).form == text for n, text in asked.items())]
        if not found and FigureColumn.ITEM in asked:
            found = [row for row in rows if asked[FigureColumn.ITEM] in self._item_names(row)]
        return found[0] if len(found) == 1 else None

    def _item_names(self, row: Row) -> set[str]:
        """The name of an item in the tables, and in the classification."""
        official = self.edition.codes("function").get(row.text(FigureColumn.CODE), "")
        return {fold(name).form for name in (row.text(FigureColumn.ITEM), official)}


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
