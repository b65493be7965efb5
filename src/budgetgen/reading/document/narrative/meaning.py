"""Patterns that fit a sentence by its meaning: with the other words that an edition knows for what its wording says.

The exact patterns come first; these are for the sentences that none of them fits. Free words and figures are taken as
in those; what is looser is only what says the same: declared ways and verbs, signs of punctuation, the unit of money.
In return a name must be one that the tables have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import ANY, FIGURES
from budgetgen.formula.evaluation import Scope, evaluate, kind_of
from budgetgen.formula.nodes import CellOf, ColumnOf, Constant
from budgetgen.reading.document.narrative.knowledge import NUMBERS
from budgetgen.reading.document.narrative.patterns import NAMED, PERCENT, SPELT, Meant, Scaled, Turner
from budgetgen.reading.document.narrative.walking import (
    Part,
    again,
    anything,
    chain,
    either,
    few,
    fixed,
    group,
    perhaps,
    word,
    zeroed,
)
from budgetgen.values.amounts import PER_WAN, WAN
from budgetgen.values.patterns import Slot, pieces, slots
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from budgetgen.edition.declarations import ListDeclaration, StatementDeclaration
    from budgetgen.reading.document.narrative.naming import Naming
    from budgetgen.reading.document.narrative.patterns import Group, Turned

SIGN = re.compile(r"[,;:。、]")
"""Punctuation, folded: it may be another sign, or none."""
LOOSE = "[,;:。、]?"
JOINT = "[,:]"
"""What parts two slots that take any words."""
QUOTE = '"'
FIGURE = fixed(r"-?\d(?:[\d,]*\d)?(?:\.\d+)?")
"""A number that no sign of punctuation belongs to."""
FORMS = {**dict.fromkeys(NUMBERS, FIGURE), "percent": chain(FIGURE, word(PERCENT))}
FEW = few(r"[^\d,;:。、]")
"""Any few words without a figure."""
FILLERS = 3
"""How many words that say nothing may stand before a figure."""
MONEY = frozenset({"money", "number"})
"""The kinds of the figures that a unit of money stands behind."""


@dataclass(frozen=True)
class Made:
    """What was made for one document: its patterns hold the names of its tables.

    Attributes:
        turned: patterns turned round.
        ways: an expression for the ways of the groups that are not among those.
        words: an expression for a way that is words only, with the groups that were used.
    """

    turned: dict[object, Turned] = field(default_factory=dict)
    ways: dict[frozenset[str], re.Pattern[str]] = field(default_factory=dict)
    words: dict[tuple[str, frozenset[str]], str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Understanding(Turner):
    """Turns patterns round so that they fit what means the same.

    Attributes:
        naming: the names that the tables give to things.
        level: the level of the rows at hand.
        made: what was made for this document before.
    """

    naming: Naming | None = None
    level: str = ""
    made: Made = field(default_factory=Made)

    @classmethod
    def among(cls, naming: Naming, declared: StatementDeclaration, made: Made) -> Understanding:
        """For the patterns of a statement about these tables."""
        own = Turner.of(naming.edition, declared)
        return cls(own.edition, own.each, "", own.let, own.lists, naming, declared.level, made)

    @property
    def plain(self) -> Turner:
        """For the same patterns to the letter."""
        return Turner(self.edition, self.each, self.outer, self.let, self.lists)

    @property
    def _scope(self) -> object:
        return super()._scope, self.level

    @property
    def _made(self) -> dict[object, Turned]:
        return self.made.turned

    def within(self, declared: ListDeclaration) -> Understanding:
        """For the entries of a list in these patterns."""
        inner = Turner.within(self, declared)
        return replace(
            self,
            each=inner.each,
            outer=inner.outer,
            let=inner.let,
            lists=inner.lists,
            level=declared.level,
        )

    def _anchors(self, pattern: str) -> tuple[str, ...]:
        del pattern
        return ()

    def _lead(self, groups: list[Group]) -> Part:
        """What may stand before a sentence."""
        del groups
        leads = self.edition.synonyms.leads
        return fixed(f"{_alternatives(map(self.settled, leads))}?") if leads else chain()

    def _closing(self, pattern: str) -> Part:
        """The end of a sentence: before its sign may be words that say nothing."""
        tails = self.edition.synonyms.tails
        words = fixed(f"{_alternatives(tails)}?") if tails else chain()
        return chain(words, super()._closing(pattern))

    def _body(self, pattern: str, groups: list[Group], before: dict[str, int]) -> Part:
        return _Body(self, groups, outermost=not before).part(pattern, frozenset(), before)

    def phrase(self, name: str, groups: list[Group], before: dict[str, int]) -> Part | None:
        """A phrase within a pattern; None where a slot is no phrase."""
        if self.node(name) is not None or name not in self.edition.phrase:
            return None
        return self._phrase(self.edition.phrase[name].cases, groups, dict(before))

    def choices(self, name: str) -> tuple[str, ...]:
        """What may be chosen in the cell of a slot."""
        node = self.node(name)
        return self._choices(node) if node is not None else ()

    def publishes(self, name: str, kind: str) -> bool:
        """Whether a slot is that of who publishes, and it is that kind: 单位 or 部门."""
        house, node = self.edition.house, self.node(name)
        if self.naming is None or not isinstance(node, CellOf) or node.table != house.about:
            return False
        own = self.naming.book.cell(house.about, house.kind, house.value)
        return node.key == (Constant(house.kind),) and own.value == kind

    def kind(self, name: str) -> str:
        """The type of what stands in a slot; empty for lists."""
        node = self.node(name) if name else None
        return kind_of(node) if node is not None else ""

    def form(self, name: str) -> Part:
        """What may stand in a slot that no name of the tables stands in."""
        return self._form(name)

    def settled(self, way: str) -> str:
        """A way with the facts of the unit in its slots."""
        return "".join(piece if isinstance(piece, str) else self._fact(piece.name) for piece in pieces(way))

    def _fact(self, name: str) -> str:
        """What a name of the edition stands for, where that is a number; else the slot itself."""
        node = self.node(name) if name in self.edition.names else None
        if node is None or self.naming is None or kind_of(node) not in NUMBERS:
            return f"{{{name}}}"
        value = evaluate(node, Scope(self.naming.book)).value
        return f"{{{name}}}" if value is None else str(value)

    def known(self, name: str) -> tuple[str, ...]:
        """The names that the rows of the numbered tables may have in a slot, the longest first; none for other slots."""
        node = self.node(name)
        if node is None or self.naming is None or not isinstance(node, ColumnOf):
            return ()
        if self.each not in {FIGURES, *self.naming.known.printed} or not self._names(node, kind_of(node)):
            return ()
        rows = self.naming.rows(self.each, self.level)
        names = {name for row in rows for name in self.naming.names_of(self.each, row, node.column)}
        return tuple(sorted(names - {""}, key=lambda name: (-len(name), name)))


@dataclass(frozen=True)
class _Body:
    """Makes one pattern.

    Attributes:
        turner: its scope.
        groups: what its groups are, so far.
        outermost: whether it is no phrase within another pattern.
    """

    turner: Understanding
    groups: list[Group]
    outermost: bool

    def part(self, pattern: str, used: frozenset[str], before: dict[str, int]) -> Part:
        """A pattern in which ways of those groups that were not used yet may be said otherwise."""
        found = _first(self._ways(used), pattern)
        if found is None:
            return self._plain(pattern, before)
        names, ways = self._meaning(found[0], used)
        head = self._plain(pattern[: found.start()], before)
        middle = either(*self._said(ways, names, before))
        return chain(head, middle, self.part(pattern[found.end() :], used, before))

    def _said(self, ways: Iterable[str], used: frozenset[str], before: dict[str, int]) -> list[Part]:
        """The ways to say one thing; all that are words only are one expression."""
        known = {way: self._expression(way, used) for way in ways}
        worded = _longest(told for told in known.values() if told)
        parts = [self.part(way, used, dict(before)) for way, told in known.items() if told is None]
        parts += [fixed(f"(?:{'|'.join(worded)})")] if worded else []
        return [*parts, *([chain()] if "" in known else [])]

    def _ways(self, used: frozenset[str]) -> re.Pattern[str]:
        """The ways of the groups that were not used yet."""
        known = self.turner.made.ways
        if used not in known:
            groups = self.turner.edition.synonyms.ways.items()
            known[used] = _any([way for name, ways in groups if name not in used for way in ways if way])
        return known[used]

    def _expression(self, way: str, used: frozenset[str]) -> str | None:
        """A way that is words only, with all ways to say what is in it, as one expression; None where it has slots."""
        known = self.turner.made.words
        if (way, used) not in known:
            known[way, used] = self._all_words(way, used)
        return known[way, used]

    def _all_words(self, way: str, used: frozenset[str]) -> str | None:
        said = self.turner.settled(way)
        if slots(said):
            return None
        found = _first(self._ways(used), said)
        if found is None:
            return _worded(said)
        names, ways = self._meaning(found[0], used)
        known = (self._expression(way, names) for way in ways)
        inner = _longest(told for told in known if told is not None)
        rest = self._expression(said[found.end() :], used) or ""
        return f"{_worded(said[: found.start()])}(?:{'|'.join(inner)}){rest}"

    def _meaning(self, way: str, used: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """What means the same as a way, with the groups that it is from beside those that were used."""
        groups = self.turner.edition.synonyms.ways
        names = [name for name, ways in groups.items() if name not in used and way in ways]
        return used.union(names), tuple(dict.fromkeys(same for name in names for same in groups[name]))

    # --- pieces ---

    def _plain(self, pattern: str, before: dict[str, int]) -> Part:
        """A pattern that is said with these words only."""
        parts: list[Part] = []
        told = pieces(pattern)
        for index, piece in enumerate(told):
            if isinstance(piece, str):
                parts.append(self._words(piece, *_neighbours(told, index)))
            else:
                parts.append(self._slot(piece.name, before, last=index + 1 == len(told)))
        return chain(*parts)

    def _words(self, words: str, previous: str, following: str) -> Part:
        """Words between two slots; a sign that alone parts free words from others has to be there."""
        if self.turner.kind(previous) in MONEY and words.startswith(WAN):
            return chain(self._unit(previous), _literal(words.removeprefix(WAN)))
        free = any(self.turner.kind(slot) not in {"", *FORMS} for slot in (previous, following))
        return fixed(JOINT) if free and not SIGN.sub("", fold(words).form) else _literal(words)

    def _unit(self, slot: str) -> Part:
        """The unit of money, whichever it is."""
        return either(*(chain(self._mark(Scaled(slot, unit)), word(unit)) for unit in PER_WAN))

    def _mark(self, what: Group) -> Part:
        """A group that is empty: that it was met is what it tells."""
        self.groups.append(what)
        return group(len(self.groups), chain())

    def _slot(self, name: str, before: dict[str, int], *, last: bool) -> Part:
        if name == ANY:
            return perhaps(FEW)
        phrase = self.turner.phrase(name, self.groups, before)
        if phrase is not None:
            return phrase
        if self.turner.each == FIGURES and not self.outermost and name in before:
            return again(before[name])
        self.groups.append(name)
        number = len(self.groups)
        if self.outermost:
            before[name] = number
        return chain(self._fillers(name), group(number, self._form(name, last=last)))

    def _fillers(self, name: str) -> Part:
        """What may stand before a figure."""
        words = self.turner.edition.synonyms.fillers
        told = words and self.turner.kind(name) in FORMS
        return fixed(f"{_alternatives(words)}{{0,{FILLERS}}}") if told else chain()

    def _form(self, name: str, *, last: bool) -> Part:
        """What may stand in a slot; a name of the tables, unless what follows shows where another ends."""
        turner = self.turner
        if turner.node(name) is None:
            return anything(least=0)
        if choices := turner.choices(name):
            return either(*(self._choice(name, choice) for choice in choices))
        if turner.kind(name) == "percent":
            return either(*self._percent(name), FORMS["percent"], *map(word, turner.edition.unrated))
        if names := turner.known(name):
            return either(*map(word, names), *([] if last else [NAMED]))
        return FORMS.get(turner.kind(name)) or turner.form(name)

    def _percent(self, slot: str) -> list[Part]:
        """A percentage that is said in words."""
        told = self.turner.edition.synonyms.percent
        return [chain(word(told), self._mark(Scaled(slot, PERCENT)), either(FIGURE, SPELT))] if told else []

    def _choice(self, slot: str, choice: str) -> Part:
        """A word that may be chosen, or another for it."""
        words = (choice, *self.turner.edition.synonyms.verbs.get(choice, ()))
        if self.turner.publishes(slot, choice):
            words += self.turner.edition.synonyms.either
        return chain(self._mark(Meant(slot, choice)), fixed(_alternatives(words)))


# --- words --------------------------------------------------------------------------------------------------


def _any(ways: Iterable[str]) -> re.Pattern[str]:
    """Any of some ways, the longest that stands there, as the first group; else a slot, to be passed over whole."""
    known = "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))
    return re.compile(rf"({known})|\{{[^{{}}]*\}}" if known else r"(\A\Z)|\{[^{}]*\}")


def _first(ways: re.Pattern[str], pattern: str) -> re.Match[str] | None:
    """The first way that a pattern has."""
    return next((found for found in ways.finditer(pattern) if found[1]), None)


def _neighbours(told: Sequence[str | Slot], index: int) -> tuple[str, str]:
    """The slots before and behind a piece of a pattern; empty where there is none."""
    around = (told[at] if 0 <= at < len(told) else "" for at in (index - 1, index + 1))
    before, after = (piece.name if isinstance(piece, Slot) else "" for piece in around)
    return before, after


def _longest(expressions: Iterable[str]) -> list[str]:
    """Expressions, those of more words first: the first that stands there is taken."""
    return sorted(expressions, key=lambda told: -len(told.replace(LOOSE, "")))


def _alternatives(words: Iterable[str]) -> str:
    """Any of some words, the longest that stands there."""
    known = sorted(set(words), key=lambda one: (-len(one), one))
    return f"(?:{'|'.join(map(_worded, known))})"


def _worded(words: str) -> str:
    """Words as an expression; what punctuation there is may be another, or none."""
    return SIGN.sub(LOOSE, re.escape(fold(words).form))


def _literal(words: str) -> Part:
    """Words as they stand, with whatever punctuation and quotation marks."""
    form = fold(words).form
    return fixed(zeroed(SIGN.sub(LOOSE, re.escape(form))).replace(QUOTE, f"{QUOTE}?")) if form else chain()
