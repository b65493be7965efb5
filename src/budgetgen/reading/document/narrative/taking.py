"""What a sentence of a published document says: cells, rows, figures with last year's amounts, reasons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import COMPUTED, FIGURES, TERMS, FigureColumn
from budgetgen.formula.nodes import CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.reading.document.narrative.candidates import entry_of, parts_of
from budgetgen.reading.document.narrative.patterns import (
    Said,
    Turner,
    number,
    places_left_out,
    printed_percentage,
)
from budgetgen.reading.document.narrative.readings import Readings
from budgetgen.values import amounts
from budgetgen.values.listing import members
from budgetgen.values.patterns import slots
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, ListDeclaration
    from budgetgen.reading.document.blocks import Text
    from budgetgen.reading.document.narrative.agreement import Agreement
    from budgetgen.reading.document.narrative.candidates import Candidate, Matcher
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.values.model import Book, Row


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes what one sentence says.

    Attributes:
        edition: whose wording.
        book: the printed tables, derived, with the computed figures.
        gathered: what was read so far; the sentence is added to it.
        agreement: how the document compares with the tables.
        matcher: found the pattern of the sentence.
        text: the sentence.
    """

    edition: Edition
    book: Book
    gathered: Gathered
    agreement: Agreement
    matcher: Matcher
    text: Text

    def take(
        self, candidate: Candidate, values: dict[str, str], said: tuple[Said, ...]
    ) -> dict[str, str] | None:
        """Take what a sentence says; returns the row that further paragraphs of its statement fill."""
        statement, turner = candidate.statement, candidate.turner
        for name, declared in statement.list.items():
            if name in values:
                count = number(values.get(declared.counted, ""))
                self._list(declared, self._things(declared, values[name], count, turner), turner)
        if statement.each == FIGURES:
            figure = self._figure(statement.level, values, compared=self._compared(said), alone=True)
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
            if same and not (statement and (id(row), statement) in self.gathered.spoken):
                row.update({column: text for column, text in texts.items() if column not in row})
                self._stands(row)
                self.gathered.spoken.add((id(row), statement))
                return row
        self._opened(table, texts)
        self.gathered.spoken.add((id(texts), statement))
        return texts

    def _opened(self, table: str, row: dict[str, str]) -> None:
        self.gathered.rows.setdefault(table, []).append(row)
        self._stands(row)

    def _stands(self, row: Mapping[str, str]) -> None:
        """Note that what is new in a row stands in this sentence."""
        for column in row:
            self.gathered.places.setdefault((id(row), column), self.text.place)

    def fill(
        self, candidate: Candidate, values: dict[str, str], row: dict[str, str], *, again: bool = False
    ) -> tuple[dict[str, str], str] | None:
        """A further paragraph of a statement fills the same row; returns its last column, where that is free text.

        The same paragraph again continues what the first told.
        """
        each = candidate.statement.each
        told = self._row(Turner(self.edition, each), "", values)
        row.update(
            {name: _continued(row.get(name, ""), text) for name, text in told.items()} if again else told
        )
        self._stands(row)
        last = next(reversed(told or row), "")
        return (row, last) if self._free(each, last) else None

    def continues(self, candidate: Candidate, values: Mapping[str, str]) -> bool:
        """Whether all that a paragraph tells is free text, which may go on in another."""
        turner = Turner(self.edition, candidate.statement.each)
        nodes = map(turner.node, values)
        return all(isinstance(node, ColumnOf) and self._free(turner.each, node.column) for node in nodes)

    def _free(self, each: str, column: str) -> bool:
        return self.edition.has_table(each) and self.edition.kind(each, column) == "text"

    def _row(self, turner: Turner, where: str, values: dict[str, str]) -> dict[str, str]:
        """The columns that the slots name; other cells are set as they are met."""
        row: dict[str, str] = {}
        for name, text in values.items():
            match turner.node(name):
                case ColumnOf(variable="", column=column):
                    row[column] = text
                case CellOf(table=table, key=(Constant(value=str(key)),), column=column):
                    self.gathered.cells.setdefault((table, key, column), text)
                    self.gathered.places.setdefault((table, key, column), self.text.place)
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

    def chosen(self, candidate: Candidate) -> None:
        """Note what the chosen ways of saying a thing tell of the house style."""
        own = () if candidate.line else (Said(candidate.statement.cases, candidate.case),)
        said = (*own, *candidate.turned.said(fold(self.text.text)))
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
            self._opened(declared.each, self._row(turner, declared.where, values))

    def _term(self, section: str, values: dict[str, str]) -> None:
        """A term that the edition does not have, or explains otherwise, goes where the section's other statement takes it from."""
        own = next(
            (s for s in self.edition.statement if s.section == section and s.each in self.edition.tables),
            None,
        )
        said = {_words(value) for value in values.values()}
        known = any({_words(term.name), _words(term.text)} <= said for term in self.edition.term)
        if own and not known:
            self._opened(own.each, self._row(Turner(self.edition, own.each), own.where, values))

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

    def _figure(
        self, level: str, values: dict[str, str], *, compared: bool, alone: bool = False
    ) -> Row | None:
        """Take what a sentence, or an entry of its list, says of a figure; the figure, where it is one alone."""
        match self._figure_rows(level, values):
            case [row]:
                self._of_one(row, values, compared=compared)
                return row
            case []:
                self._lost(
                    level, {FigureColumn.ITEM, *((FigureColumn.NAME,) if alone else ())} & values.keys()
                )
            case rows if compared:
                self._of_several(rows, values)
        return None

    def _of_one(self, row: Row, values: dict[str, str], *, compared: bool) -> None:
        if reason := values.get(FigureColumn.REASON):
            self.gathered.reasons.setdefault(row.key, reason)
            self.gathered.said.setdefault(row.key, self.text)
        now = self._amount(row, values)
        then = number(values.get(FigureColumn.PRIOR, ""))
        if then is not None and now is not None:
            self._prior(row, values, now, then)
        elif compared and now is not None:
            self._changed(row, values, now)

    def _of_several(self, rows: Sequence[Row], values: dict[str, str]) -> None:
        """A change that may be that of any of several figures contradicts the tables only where it is none's."""
        nows = (self._amount(row, values) for row in rows)
        each = zip(rows, nows, strict=True)
        readings = [self._readings(row, values, now) if now is not None else None for row, now in each]
        self.agreement.of_several(rows, readings)

    def _lost(self, level: str, named: Collection[str]) -> None:
        """A sentence on a name or an item that the tables do not have is told as one that was not understood."""
        if named and any(row.level == level for row in self.book[FIGURES].rows):
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
        differs = abs(stands.amount - now) > amounts.tolerance(max(ceil(stands.terms), 1))
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
        self._rate(row, now, then, values)

    def _parts(self, row: Row) -> tuple[str, ...]:
        """The figures that last year's amount of a figure is the sum of: nothing in all is nothing in each."""
        declared = self.edition.figures[row.text(FigureColumn.ID)]
        return _keys(self.edition.formula(declared.prior)) if declared.prior else ()

    def _rate(self, row: Row, now: Decimal, then: Decimal, values: Mapping[str, str]) -> None:
        """A published rate is kept where it is worked from exact amounts, not from the printed ones.

        Where a format keeps none, or the tables have another amount, one that no amounts give which are printed so is told.
        Readers who work it out again take one that is off in its last place alone for one of exact amounts.
        """
        printed = values.get(FigureColumn.RATE, "")
        said = printed_percentage(printed)
        if then <= 0 or said is None:
            return
        worked = amounts.percentage(abs(now - then), then)
        off, left_out = abs(said - worked), places_left_out(printed)
        if self.edition.basis(row.key).rate and row[FigureColumn.AMOUNT].value == now:
            if off > left_out:
                self.gathered.rates.setdefault(row.key, said)
            if off > left_out + 2 * amounts.HALF_CENT and _may_be(said, abs(now - then), then):
                self.gathered.near.append((self.text, printed, worked))
        elif (
            off > left_out + amounts.HALF_CENT + (2 * amounts.HUNDRED + worked) * _rounded(values) * 2 / then
        ):
            self.agreement.rated(row, printed, worked)

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


def _rounded(values: Mapping[str, str]) -> Decimal:
    """How far the amounts of a sentence may be off, as the one of them is printed that has the fewest places."""
    names = FigureColumn.AMOUNT, FigureColumn.CHANGE, FigureColumn.PRIOR
    told = (fold(values.get(name, "")).form for name in names)
    places = (len(text.partition(".")[2]) for text in told if number(text))
    return max((Decimal(5).scaleb(-1 - few) for few in places), default=amounts.HALF_CENT)


def _may_be(rate: Decimal, change: Decimal, prior: Decimal) -> bool:
    """Whether exact amounts that are printed as these two may give a rate that is printed so."""
    half, whole = amounts.HALF_CENT, amounts.HUNDRED
    least, most = (change - half) * whole, (change + half) * whole
    return (rate + half) * (prior + half) >= least and most >= (rate - half) * (prior - half)


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


def _words(text: str) -> str:
    """A text by its signs alone: how it is punctuated is the format's."""
    return "".join(filter(str.isalnum, fold(text).form))


def _continued(before: str, text: str) -> str:
    """A text with what another paragraph adds to it."""
    return f"{before}{'；' if before[-1:].isalnum() else ''}{text}"
