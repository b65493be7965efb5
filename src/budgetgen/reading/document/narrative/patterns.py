"""Patterns turned round: a published sentence gives back what was in its slots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.edition.declarations import FIGURE_NAMES, FIGURES, FigureColumn
from budgetgen.formula.evaluation import kind_of
from budgetgen.formula.nodes import CellOf, ColumnOf, Constant, Node
from budgetgen.formula.reader import FormulaError
from budgetgen.reading.document.narrative.walking import (
    ZERO,
    Part,
    WholePattern,
    again,
    anything,
    chain,
    either,
    few,
    fixed,
    group,
    perhaps,
    some,
    word,
)
from budgetgen.values import amounts
from budgetgen.values.amounts import WAN
from budgetgen.values.patterns import pieces
from budgetgen.values.patterns import slots as placed
from budgetgen.values.text import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, StatementDeclaration

PERCENT = "%"
DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
NUMBER = chain(perhaps(word("-")), some(r"[\d,]"), perhaps(chain(word("."), some(r"\d"))))
SPELT = fixed(
    rf"(?:零|[{amounts.DIGITS[1:]}]?十[{amounts.DIGITS[1:]}]?|[{amounts.DIGITS[1:]}])(?:点[{amounts.DIGITS}]{{1,6}})?(?![百千万])"
)
"""A number below 100 in words."""
FORMS = {
    "money": NUMBER,
    "number": NUMBER,
    "count": NUMBER,
    "percent": chain(NUMBER, word(PERCENT)),
    "date": fixed(DATE),
}
"""How values of a kind are printed."""
NAMED = few(r"(?![。;]|\d(?:万元|\.\d\d(?!\d))).")
"""What may be a name or code: anything but what holds an amount or another sentence, which would be lost in it."""
NAMES = frozenset({"name", "item", "label", "unit", "code"})
"""The kinds of the columns that hold names or codes."""
NUMERAL = f"[{amounts.NUMERALS}]"
ANY_NUMERAL = re.compile(rf"{NUMERAL}+|\d+")
ANY = rf"(?:{NUMERAL}{{1,3}}|\\d{{1,2}})"
"""Any number, as what replaces one in a pattern: the words of a heading tell it where its number is wrong."""
PARTING = re.compile(r"(?<!\d)[，,、；;。]|[，,、；;。](?!\d)|(?<=元)(?:以及|和|及|与)")
"""What may part the entries of a list: signs that are not within a number, and words between two amounts."""
MARK = rf"[(（]?(?:{NUMERAL}+|\d{{1,2}})[)）、.．](?:(?!\d)|(?=20\d\d年))"
"""The mark before an entry of a list."""
MARKS = {"一": some(NUMERAL), "1": chain(fixed(r"\d"), perhaps(fixed(r"\d")))}
"""What stands for any number in the form of a list mark."""
STOP, JOINT, COLON = "。", "；", "："
"""Ends a sentence; parts the sentences of one paragraph; parts a name from what stands before it, 其中：公务用车购置."""
ENDS = f"{STOP};{JOINT}.,，"
ONE_PLACE = re.compile(r"\.\d(?!\d)")
CLOSING = f"[{ENDS}]"
"""A sign that may end a sentence, whichever the pattern has."""


@dataclass(frozen=True)
class Said:
    """One of several ways to say a thing, and that it was this one.

    Attributes:
        cases: all of them.
        case: the one that was met.
    """

    cases: tuple[Case, ...]
    case: Case


@dataclass(frozen=True)
class Meant:
    """A word that means one of those that a slot may hold.

    Attributes:
        slot: its name.
        text: the word that is meant.
    """

    slot: str
    text: str


@dataclass(frozen=True)
class Scaled:
    """The unit of a figure.

    Attributes:
        slot: that of the figure.
        unit: of money; or that it is a percentage, said in words.
    """

    slot: str
    unit: str


Group: TypeAlias = "str | Said | Meant | Scaled"
"""What a group of a pattern is: a slot, or the mark of what was met."""


@dataclass(frozen=True)
class Turned:
    """A pattern turned round.

    Attributes:
        pattern: fits the folded form of a whole paragraph.
        slots: for each group, in order from 1, the slot's name, or what it marks.
    """

    pattern: WholePattern
    slots: tuple[Group, ...]

    def match(self, text: Folded) -> dict[str, str] | None:
        """What stood in the slots, as printed; None where the text does not match."""
        found = self.pattern.spans(text.form)
        if found is None:
            return None
        values: dict[str, str] = {}
        for index, name in enumerate(self.slots, start=1):
            if index in found and isinstance(name, str):
                start, end = found[index]
                values.setdefault(name, text.printed[start:end])
        marks = (name for index, name in enumerate(self.slots, start=1) if index in found)
        return _meant(values, marks)

    def repeated(self, text: Folded) -> Iterator[tuple[str, str]]:
        """The slots that a text fills once more, each with what stands there the second time, in the same unit."""
        found = self.pattern.spans(text.form) or {}
        scaled = {mark.slot for mark in self.slots if isinstance(mark, Scaled)}
        met: set[str] = set()
        for index, name in enumerate(self.slots, start=1):
            if index in found and isinstance(name, str) and name not in scaled:
                start, end = found[index]
                if name in met:
                    yield name, text.printed[start:end]
                met.add(name)

    def across(self, text: Folded, at: int) -> frozenset[str]:
        """The slots of which something stands right behind a place of a text."""
        found = self.pattern.spans(text.form) or {}
        named = ((found[i], slot) for i, slot in enumerate(self.slots, start=1) if i in found)
        return frozenset(slot for (start, end), slot in named if isinstance(slot, str) and start <= at < end)

    def said(self, text: Folded) -> tuple[Said, ...]:
        """The cases of phrases that the text uses."""
        found = self.pattern.spans(text.form) or {}
        return tuple(s for i, s in enumerate(self.slots, start=1) if isinstance(s, Said) and i in found)


def _meant(values: dict[str, str], marks: Iterable[Group]) -> dict[str, str]:
    """What stood in the slots, by the words that are meant and in the unit of money that all is in."""
    for mark in marks:
        if isinstance(mark, Meant):
            values[mark.slot] = mark.text
        elif isinstance(mark, Scaled) and mark.unit == PERCENT:
            values[mark.slot] = _percentage(values[mark.slot])
        elif isinstance(mark, Scaled) and mark.unit != WAN:
            told = number(values.get(mark.slot, ""))
            if told is not None:
                values[mark.slot] = amounts.plain(amounts.in_wan(told, mark.unit))
    return values


def _percentage(said: str) -> str:
    """A percentage that is said in words, in figures: 百分之4.86, 百分之五点二."""
    whole, _, places = said.rpartition("之")[2].partition("点")
    spelt = amounts.from_numeral(whole)
    if not spelt and whole not in amounts.DIGITS[0]:
        return re.sub(r"^[^\d-]+", "", said) + PERCENT
    return f"{spelt}{'.' if places else ''}{''.join(str(amounts.DIGITS.index(sign)) for sign in places)}{PERCENT}"


@dataclass(frozen=True)
class Turner:
    """Turns the patterns of an edition round.

    Attributes:
        edition: whose patterns.
        each, outer: the tables of the row at hand and of the enclosing one.
        let, lists: as in a statement.
    """

    edition: Edition
    each: str = ""
    outer: str = ""
    let: Mapping[str, str] | None = None
    lists: Mapping[str, ListDeclaration] | None = None

    @classmethod
    def of(cls, edition: Edition, statement: StatementDeclaration) -> Turner:
        """For the patterns of a statement."""
        return cls(edition, statement.each, "", statement.let, statement.list)

    def within(self, declared: ListDeclaration) -> Turner:
        """For the entries of a list in these patterns."""
        return Turner(self.edition, declared.each, self.each, declared.let, declared.list)

    def turn(self, pattern: str, *, numbered: str = "") -> Turned:
        """A pattern for a whole paragraph, with the list mark that may stand before it; made once."""
        key = (pattern, numbered, self._scope)
        if key not in self._made:
            self._made[key] = self._turn(pattern, numbered)
        return self._made[key]

    @property
    def _scope(self) -> object:
        """What a pattern means beside its words."""
        return (self.each, self.outer, *(self.let or {}).items(), *(self.lists or {}))

    @property
    def _made(self) -> dict[object, Turned]:
        """The patterns that were turned round before."""
        return self.edition.once(_turned)

    def _turn(self, pattern: str, numbered: str) -> Turned:
        slots: list[Group] = []
        told = unmarked(pattern) or pattern
        own = fixed(ANY_NUMERAL.sub(ANY, re.escape(fold(pattern.removesuffix(told)).form)))
        mark = self._mark(numbered, slots) if numbered else perhaps(own)
        told = told.removesuffix(STOP)
        body = chain(self._lead(slots), self._body(told, slots, {}))
        words = self._anchors(told)
        return Turned(WholePattern(chain(mark, body, self._closing(pattern)), words), tuple(slots))

    def _closing(self, pattern: str) -> Part:
        """The sign at the end of a sentence, unless it may be part of what stands in its last slot."""
        return chain() if pattern.endswith(("}", COLON)) else perhaps(fixed(CLOSING))

    def _mark(self, form: str, slots: list[Group]) -> Part:
        """Any list mark; where a phrase gives its form, also which one was met."""
        names = [piece.name for piece in pieces(form) if not isinstance(piece, str)]
        cases = self.edition.phrase[names[0]].cases if names and names[0] in self.edition.phrase else ()
        known = []
        for case in cases:
            if case.says:
                slots.append(Said(cases, case))
                known.append(chain(group(len(slots), chain()), _shape(case.says)))
        return either(*known, fixed(MARK), chain())

    def _anchors(self, pattern: str) -> tuple[str, ...]:
        """The words that stand in whatever fits a pattern."""
        told = (fold(piece).form for piece in pieces(pattern) if isinstance(piece, str))
        return tuple(words for text in told for words in ZERO.split(text))

    def _lead(self, slots: list[Group]) -> Part:
        """What may stand before a sentence that says nothing of it: nothing."""
        del slots
        return chain()

    def node(self, name: str) -> Node | None:
        """The formula of a slot; None for lists and phrases."""
        if name in (self.lists or {}) or (name in self.edition.phrase and name not in (self.let or {})):
            return None
        try:
            return self.edition.formula((self.let or {}).get(name, name), each=self.each, outer=self.outer)
        except FormulaError:
            return None

    def _body(self, pattern: str, slots: list[Group], before: dict[str, int]) -> Part:
        """A pattern; `before` are the groups of the slots that stand before, for phrases.

        A figure that a phrase names again is the same figure.
        """
        parts: list[Part] = []
        outermost = not before
        for piece in pieces(pattern):
            if isinstance(piece, str):
                parts.append(word(fold(piece).form))
            elif self.node(piece.name) is None and piece.name in self.edition.phrase:
                parts.append(self._phrase(self.edition.phrase[piece.name].cases, slots, dict(before)))
            elif self.each == FIGURES and not outermost and piece.name in before:
                parts.append(again(before[piece.name]))
            else:
                slots.append(piece.name)
                own = len(slots)
                parts.append(group(own, either(self._form(piece.name), *self._worded(piece.name, slots))))
                if outermost:
                    before[piece.name] = own
        return chain(*parts)

    def _worded(self, name: str, slots: list[Group]) -> tuple[Part, ...]:
        """A percentage that is said in words."""
        node = self.node(name)
        told = self.edition.synonyms.percent if node and kind_of(node) == "percent" else ""
        if not told:
            return ()
        slots.append(Scaled(name, PERCENT))
        return (chain(word(told), group(len(slots), chain()), either(NUMBER, SPELT)),)

    def _phrase(self, cases: tuple[Case, ...], slots: list[Group], before: dict[str, int]) -> Part:
        """Any case of a phrase: what is fixed before what is open, and what says more before what says less."""
        forms = []
        for case in sorted(cases, key=lambda case: (bool(placed(case.says)), -weight(case.says))):
            slots.append(Said(cases, case))
            ways = sorted((case.says, *case.reads), key=weight, reverse=True)  # ：belongs to the phrase
            chosen = group(len(slots), chain())
            forms.append(chain(chosen, either(*[self._body(text, slots, dict(before)) for text in ways])))
        return either(*forms, chain())

    def _form(self, name: str) -> Part:
        """What may stand in a slot."""
        node = self.node(name)
        if node is None:
            return anything(least=0)
        choices = self._choices(node)
        if choices:
            return either(*(word(fold(choice).form) for choice in choices))
        kind = kind_of(node)
        others = self.edition.unrated if kind == "percent" else ()
        said = anything(least=0 if self._reasons(node) else 1)
        named = NAMED if self._names(node, kind) else FORMS.get(kind, said)
        return either(named, *map(word, others))

    def _reasons(self, node: Node) -> bool:
        """Whether a reason stands in a slot: the one text that offices forget, with the words that lead it in."""
        return self.each == FIGURES and isinstance(node, ColumnOf) and node.column == FigureColumn.REASON

    def _names(self, node: Node, kind: str) -> bool:
        """Whether a name or code stands in a slot: of a row, of a computed figure, or of the unit."""
        house = self.edition.house
        match node:
            case ColumnOf(column=column) if self.each == FIGURES:
                return column in FIGURE_NAMES
            case CellOf(table=table, key=(Constant(value=str(key)),)) if table == house.about:
                return key == house.unit
        return kind in NAMES

    def _choices(self, node: Node) -> tuple[str, ...]:
        """What may be chosen in the cell of a slot."""
        match node:
            case ColumnOf(column=column) if self.each == FIGURES:
                return tuple(dict.fromkeys(word for pair in self.edition.verbs(column) for word in pair))
            case ColumnOf(column=column) if self.each in self.edition.tables:
                return self.edition.tables[self.each].columns[column].choices
            case CellOf(table=table, key=(Constant(value=str(key)),), column=column) if (
                table in self.edition.tables
            ):
                fixed = self.edition.tables[table].fixed.get(key)
                columns = fixed[0].of_row(fixed[1]) if fixed else ()
                return next((own.choices for own in columns if own.name == column), ())
        return ()


def _turned(edition: Edition) -> dict[object, Turned]:
    """Room for the patterns of an edition, turned round."""
    del edition
    return {}


def weight(pattern: str) -> int:
    """How many fixed signs a pattern has."""
    return sum(len(piece) for piece in pieces(pattern) if isinstance(piece, str))


def _shape(form: str) -> Part:
    """The form of a list mark as it looks with any number."""
    return chain(*(MARKS.get(sign) or word(sign) for sign in fold(form).form))


def number(text: str) -> Decimal | None:
    """The number that is printed in a slot, of a percentage too; None where it is none, as `12,34.50`."""
    try:
        return amounts.parse(fold(text).form.removesuffix(PERCENT))
    except amounts.NotANumberError:
        return None


def printed_percentage(text: str) -> Decimal | None:
    """The percentage that is printed in a slot; None for what stands instead of one."""
    return number(text) if fold(text).form.endswith(PERCENT) else None


def places_left_out(text: str) -> Decimal:
    """How far a percentage may be off that is printed with one place; one without any may lack the zeros at its end."""
    return amounts.HALF_CENT * 10 if ONE_PLACE.search(fold(text).form) else Decimal(0)


def entries(text: str) -> Iterator[str]:
    """The numbered entries that one paragraph holds: （1）…（2）…; itself where it holds none."""
    if re.match(r"[(（][1１][)）]", text):
        yield from filter(None, re.split(r"(?=[(（]\d{1,2}[)）])", text))
    else:
        yield text


def unmarked(text: str) -> str:
    """A text without the list mark before it."""
    return re.sub(f"^{MARK}", "", text)


def split(text: str, separators: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The entries of a list, as printed, each with the sign before it.

    A separator may be a half-width sign, but never one within a number. Behind any other sign, or a word that joins
    two amounts, begins an entry where one of the names follows: offices part them in many ways.
    """
    signs, sign, start = separators + fold(separators).form, "", 0
    form, places = fold(text).form, list(accumulate((not s.isspace() for s in text), initial=0))
    for found in PARTING.finditer(text):
        if found[0] in signs or form.startswith(names, places[found.end()]):
            yield from ((sign, part) for part in (text[start : found.start()],) if part)
            sign, start = found[0], found.end()
    yield from ((sign, part) for part in (text[start:],) if part)
