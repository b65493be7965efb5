"""Which texts read differently. The format's own formulas are set aside: they follow from figures and format."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import starmap
from typing import TYPE_CHECKING

from budgetgen.comparison.figures import numbers, title
from budgetgen.comparison.matching import displaced, left_behind, same_but_years
from budgetgen.comparison.paragraphs import FIGURE, form
from budgetgen.comparison.values import Kind, Pair, WordingChange
from budgetgen.edition.declarations import TERM, TERMS
from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.saying.disclosure import compose, headed
from budgetgen.values.model import Paragraph
from budgetgen.values.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import Side
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Row
    from budgetgen.values.places import FilePlace

JOINT = "；"
PERIOD = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?[-~至]20\d\d年\d{1,2}月")
"""From one date to another: whatever else the text says, both years are of one thing."""
TEXTS = frozenset({"text", "choice", "date", "name", "unit", "item"})


@dataclass(frozen=True, slots=True)
class NarrativeSentence:
    """A sentence of the narrative.

    Attributes:
        statement: id of the statement that says it.
        section: heading of its section.
        text: all of it.
    """

    statement: str = ""
    section: str = ""
    text: str = ""


def sentences(side: Side) -> Mapping[tuple[str, str, str], NarrativeSentence]:
    """The sentence that first says a cell: (table, row key, column) → sentence."""
    found: dict[tuple[str, str, str], NarrativeSentence] = {}
    for block, sentence in _paragraphs(side):
        for spot in block.spots:
            found.setdefault(spot, sentence)
    return found


def unsaid(side: Side) -> Mapping[tuple[str, str], NarrativeSentence]:
    """What the figures and the format ask a document to say, and it does not; by statement, terms by their names."""
    if side.told is None:
        return {}
    edition, told = side.edition, {id_ for id_, _ in side.told}
    terms = {s.id: s.section for s in edition.statement if s.each == TERMS}
    found = {
        (id_, term.name): NarrativeSentence(id_, section, term.name)
        for id_, section in terms.items()
        for term in edition.term
        if id_ in told and (id_, term.name) not in side.told
    }
    for id_, said in statements(side).items():
        if id_ not in told and id_ not in terms:
            found[id_, ""] = said
    return found


def statements(side: Side) -> Mapping[str, NarrativeSentence]:
    """The first paragraph that each statement gives for a file."""
    found: dict[str, NarrativeSentence] = {}
    for block, sentence in _paragraphs(side):
        if block.statement:
            found.setdefault(block.statement, sentence)
    return found


def _paragraphs(side: Side) -> Iterator[tuple[Paragraph, NarrativeSentence]]:
    """The paragraphs of a file's document, each as a sentence of its section."""
    for part in compose(side.book, side.edition).parts:
        for section, block in headed(part):
            if isinstance(block, Paragraph):
                yield block, NarrativeSentence(block.statement, section, block.text)


def wording(both: Both) -> tuple[WordingChange, ...]:
    """The texts that read differently, in the order of the tables; ways of writing and loose paragraphs last."""
    about = both.new.edition.house.about
    found = _Wording(both).changes()
    return tuple(sorted(found, key=lambda change: (not change.table, change.table == about)))


@dataclass(frozen=True)
class _Wording:
    both: Both

    @cached_property
    def said(self) -> tuple[Mapping[tuple[str, str, str], NarrativeSentence], ...]:
        """The sentences of both files."""
        return sentences(self.both.old), sentences(self.both.new)

    def changes(self) -> Iterator[WordingChange]:
        stored = self.both.new.edition.comparisons
        about = self.both.new.edition.house.about
        for name in self.both.shared:
            if name == about:
                yield from self._facts()
            elif name not in {stored.prior, stored.reasons, *self.both.emptied}:
                for pair in self.both.pairs[name]:
                    yield from self._pair(name, pair)
        if not self.both.paired:
            yield from self._moved()
            yield from self._loose()
            yield from self._unsaid()

    def _facts(self) -> Iterator[WordingChange]:
        """The office's ways of writing."""
        house, review = self.both.new.edition.house, self.both.new.edition.review
        left = {*review.ignored, *review.identity, *([house.date] if self.both.shift else [])}
        for pair in self.both.pairs[house.about]:
            if pair.old and pair.new and pair.shown.key not in left and self._own(pair):
                yield from self._cell(house.about, pair, house.value)

    def _own(self, pair: Pair) -> bool:
        """Whether a way of writing is the office's: what each format starts with is its own."""
        house, both = self.both.new.edition.house, self.both
        if both.old.edition.id == both.new.edition.id:
            return True
        texts = [both.text(cell) for cell in pair.cells(house.value)]
        starts = [
            side.edition.tables[house.about].fixed[pair.shown.key][1].default
            for side in (both.old, both.new)
            if pair.shown.key in side.edition.tables[house.about].fixed
        ]
        return len(starts) == len(texts) and all(texts) and (len(set(starts)) == 1 or texts != starts)

    def _pair(self, name: str, pair: Pair) -> Iterator[WordingChange]:
        if pair.old is None or pair.new is None:
            if not (
                self.both.of_format(name, pair.shown.key)
                or self.both.declared(name).printed
                or self.both.of_moved(name, pair.shown)
                or self._of_whole(name, pair.shown)
            ):
                yield from self._row(name, pair)
            return
        for column in self._columns(name, pair.shown.key):
            follows = self.both.workbooks and pair.recoded  # what a code is called, that a formula gives
            if not follows or any(cell.given for cell in pair.cells(column)):
                yield from self._cell(name, pair, column)

    def _of_whole(self, name: str, row: Row) -> bool:
        """Whether a row is an indicator of a performance table that only one file has: that is told by its head."""
        return any(
            one.indicators == name and one.by and self.both.known(row.text(one.by)) in self._heads[one.heads]
            for one in self.both.new.edition.performance
        )

    @cached_property
    def _heads(self) -> Mapping[str, frozenset[str]]:
        """What the performance tables are of that only one file has, by the table of their heads."""
        return {
            one.heads: frozenset(
                self.both.known(pair.shown.text(one.by))
                for pair in self.both.pairs.get(one.heads, ())
                if pair.old is None or pair.new is None
            )
            for one in self.both.new.edition.performance
        }

    def _row(self, name: str, pair: Pair) -> Iterator[WordingChange]:
        """A row that only one file has, all its texts as one."""
        row, side = pair.shown, 1 if pair.new else 0
        said = self.said[side]
        listed = self._columns(name, row.key)
        kinds = {
            c for c in listed if self._listed(name) and self.both.declared(name).columns[c].type == "choice"
        }
        told_of = (*(c for c in listed if c not in kinds), *numbers(self.both, name))
        columns = [c for c in told_of if self.both.text(row[c])]
        if not columns:
            return
        spots = [said.get((name, row.key, column), NarrativeSentence()) for column in columns]
        text = JOINT.join(self.both.text(row[column]) for column in columns)
        sentence = JOINT.join(
            dict.fromkeys(s.text or self.both.text(row[c]) for s, c in zip(spots, columns, strict=True))
        )
        first = next((s for s in spots if s.text), NarrativeSentence())
        texts, sentences = (("", text), ("", sentence)) if side else ((text, ""), (sentence, ""))
        edition = (self.both.old, self.both.new)[side].edition
        other = self._of_format(row, 1 - side)
        if other.text:
            texts, sentences = ((other.text, sentence) if side else (sentence, other.text),) * 2
        places = row[columns[0]].place, self._beside(name, row, columns[0], side)
        yield WordingChange(
            Kind.CHANGED if other.text else Kind.CAME if side else Kind.WENT,
            name,
            row.key,
            "",
            title(edition, name, row),
            first.statement,
            first.section,
            *texts,
            *sentences,
            places[1 - side],
            old_place=places[side],
        )

    def _beside(self, name: str, row: Row, column: str, side: int) -> FilePlace | None:
        """Where the other file has the list that stands in one sentence of this file with a row."""
        mine, other = self.said[side], self.said[1 - side]
        own = mine.get((name, row.key, column))
        for pair in self.both.pairs[name] if own else ():
            rows = (pair.old, pair.new)
            keys = [(name, one.key, column) for one in (rows[side], rows[1 - side]) if one]
            if len(keys) == len(rows) and mine.get(keys[0]) == own and keys[1] in other:
                said = FIGURE.sub("", form(other[keys[1]].text))
                shown = (self.both.old, self.both.new)[1 - side].paragraphs or ()
                return next((place for place, text in shown if FIGURE.sub("", form(text)) == said), None)
        return None

    def _of_format(self, row: Row, side: int) -> NarrativeSentence:
        """What a file says in the words of its format of the term that a row of the other explains; empty for nothing."""
        one = (self.both.old, self.both.new)[side]
        wanted = fold(row.text(TERM)).form if TERM in row.cells else ""
        names = (term.name for term in one.edition.term if fold(term.name).form == wanted)
        told = one.told is None or any(name == wanted for name in (fold(t).form for _, t in one.told))
        found = (self.said[side].get((TERMS, name, TERM)) for name in names if told)
        return next((sentence for sentence in found if sentence), NarrativeSentence())

    def _moved(self) -> Iterator[WordingChange]:
        """Entries of lists of texts that stand in another order among those that both files have."""
        listed = {statement.each for statement in self.both.new.edition.statement}
        for name in self.both.shared:
            if name not in listed or not self._listed(name):
                continue
            before = {id(row): n for n, row in enumerate(self.both.old.book[name].rows)}
            pairs = [pair for pair in self.both.pairs[name] if pair.old and pair.new]
            for n in displaced([before[id(pair.old)] for pair in pairs]):
                moved = self._row(name, Pair(None, pairs[n].new))
                yield from (replace(one, kind=Kind.MOVED) for one in moved)

    def _columns(self, name: str, key: str) -> tuple[str, ...]:
        """The columns of texts that do not name the row."""
        edition, naming = self.both.new.edition, self.both.declared(name).main.key
        kinds = TEXTS - {"item"} if self._listed(name) else TEXTS
        columns = (c for c in self.both.columns(name) if c not in naming)
        return tuple(c for c in columns if edition.kind(name, c, key) in kinds)

    def _listed(self, name: str) -> bool:
        """Whether a table is a list of texts, whose rows have no names."""
        return not self.both.declared(name).main.key and not self.both.declared(name).fixed

    def _cell(self, name: str, pair: Pair, column: str) -> Iterator[WordingChange]:
        before, after = pair.cells(column)
        old, new = self.both.text(before), self.both.text(after)
        same = self._same(name, column, old, new)
        if same and not self._stayed(name, column, old, new):
            return
        says = [
            said.get((name, row.key, column), NarrativeSentence()) if row else NarrativeSentence()
            for said, row in zip(self.said, (pair.old, pair.new), strict=True)
        ]
        shown = says[1] if says[1].text else says[0]
        whole = all(sentence.text for sentence in says)
        yield WordingChange(
            Kind.STAYED if same else Kind.CHANGED,
            name,
            pair.shown.key,
            column,
            title(self.both.new.edition, name, pair.shown),
            shown.statement,
            shown.section,
            old,
            new,
            says[0].text if whole else old,
            says[1].text if whole else new,
            after.place,
            old_place=before.place,
        )

    def _stayed(self, name: str, column: str, old: str, new: str) -> bool:
        """Whether a text that speaks of the budget year speaks of last year's still: all of it, or one of its dates."""
        known = {(one.table, one.column): one.leading for one in self.both.new.edition.lint.moving}
        if not self.both.shift or not same_but_years(old, new, self.both.shift):
            return False
        if canonical(old) != canonical(new):
            whole = known.get((name, column)) is False
            return left_behind(old, new) if whole else any(starmap(left_behind, _periods(old, new)))
        if self.both.shift != 1 or (name, column) not in known:
            return False
        said = canonical(new)
        return f"{self.both.new.year}年" not in said and (
            said.startswith(f"{self.both.old.year}年")
            if known[name, column]
            else f"{self.both.old.year}年" in said
        )

    def _same(self, name: str, column: str, old: str, new: str) -> bool:
        if self.both.declared(name).columns[column].type in {"unit", "item"}:
            return self._whose(self.both.old, old) == self._whose(self.both.new, new)
        return same_but_years(old, new, self.both.shift)

    def _whose(self, side: Side, text: str) -> str:
        """A unit or project as it is compared; the file's own unit is the same whatever it is called."""
        return "" if self.both.known(text) == self.both.known(side.unit) else self.both.known(text)

    def _unsaid(self) -> Iterator[WordingChange]:
        """What one document has to say by its own figures and leaves out, where the other document says it."""
        for kind, lacking, other in (
            (Kind.WENT, self.both.new, self.both.old),
            (Kind.CAME, self.both.old, self.both.new),
        ):
            lost = {key: one for key, one in unsaid(lacking).items() if key in (other.told or ())}
            whole = statements(other) if lost else {}
            for (id_, term), one in lost.items():
                said = _whole_term(one, other) if term else whole.get(id_, one)
                texts = (said.text, "") if kind is Kind.WENT else ("", said.text)
                yield WordingChange(kind, "", "", "", "", said.statement, said.section, *texts, *texts)

    def _loose(self) -> Iterator[WordingChange]:
        """What reading told of each narrative beside the cells, where the other file has nothing alike.

        A workbook has no place for it: of what a document has beside its cells, it says nothing.
        """
        both = self.both
        if (both.old.paragraphs is None) != (both.new.paragraphs is None):
            return
        for kind, texts, others, shift in (
            (Kind.WENT, both.old.loose, both.new.loose, both.shift),
            (Kind.CAME, both.new.loose, both.old.loose, -both.shift),
        ):
            documented = (
                (*(both.old.paragraphs or ()), *(both.new.paragraphs or ())) if both.documents else ()
            )
            said = {text for _, text in documented}
            for one in texts:
                known = any(text in paragraph for text in one.texts if text for paragraph in said)
                if not known and not any(_states_alike(one, other, shift) for other in others):
                    old, new = (one.message, "") if kind is Kind.WENT else ("", one.message)
                    yield WordingChange(kind, "", "", "", "", "", "", old, new, old, new)


def _whole_term(term: NarrativeSentence, side: Side) -> NarrativeSentence:
    """A term with what a document says of it; by its name alone where no paragraph begins with that."""
    name = canonical(term.text)
    told = ((canonical(unmarked(text)), text) for _, text in side.paragraphs or ())
    found = [(form[len(name) :], text) for form, text in told if form.startswith(name)]
    explained = [text for rest, text in found if not rest[:1].isdigit()]
    return replace(term, text=max(explained, key=len, default=term.text))


def _periods(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The periods that two texts name, which are alike."""
    return zip(PERIOD.findall(canonical(old)), PERIOD.findall(canonical(new)), strict=True)


def _states_alike(one: Finding, other: Finding, shift: int) -> bool:
    """Whether two findings state the same, but for years that move on with the budget."""
    own, others = tuple(one.texts), tuple(other.texts)
    same = one.rule == other.rule and len(own) == len(others)
    return same and all(same_but_years(*pair, shift) for pair in zip(own, others, strict=True))
