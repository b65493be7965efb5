"""A pattern with slots is walked along a text, in time that grows with the text and no faster.

`re` tries all ways to divide a text among slots that take anything: with nine of them, a text that fits to its last
sign but one takes years. Here no step of a pattern is tried twice at one place of the text, for it would fail again.
The ways are tried in the order of `re`, so the first that fits is the same.

A pattern is put together from its parts, each of which is told what comes `then`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ZERO, ZEROS = re.compile(r"(?<![\d.])0\\?\.00(?!\d)"), r"0(?:\.00?)?"
"""A zero that a format says in words, as it is or in an expression; and what fits it, with as many places as an office prints."""
Marks: TypeAlias = "tuple[int, int, Marks] | None"
"""Where groups begin (2 × group) and end (2 × group + 1) on the way here, the last first."""
Span: TypeAlias = tuple[int, int]
Way: TypeAlias = "tuple[Step, int]"
"""What is to be tried, and where."""


@dataclass(frozen=True)
class WalkedText:
    """A text while a pattern is walked along it."""

    signs: str
    _places: dict[str, Sequence[int]] = field(default_factory=dict)

    def next(self, opening: str | None, at: int) -> int | None:
        """The first place from here on where what begins like that may begin."""
        if opening is None:
            return at if at <= len(self.signs) else None
        if opening not in self._places:
            self._places[opening] = [found.start() for found in _ahead(opening).finditer(self.signs)]
        places = self._places[opening]
        index = bisect_left(places, at)
        return places[index] if index < len(places) else None


@cache
def _ahead(opening: str) -> re.Pattern[str]:
    return re.compile(f"(?={opening})")


class Step:
    """A step of a pattern, with all that follows it."""

    mark: int | None = None
    """Set where this step notes its place."""

    @property
    def following(self) -> tuple[Step, ...]:
        """The steps that may come next."""
        return ()

    @cached_property
    def opening(self) -> str | None:
        """With what the rest of the pattern begins, as a bounded regular expression; None where with anything."""
        openings = [step.opening for step in self.following]
        known = [opening for opening in openings if opening is not None]
        return "|".join(dict.fromkeys(known)) if len(known) == len(openings) else None

    @cached_property
    def live(self) -> frozenset[int]:
        """The groups that a later step says again: what stood in them decides whether the rest fits."""
        return frozenset[int]().union(*(step.live for step in self.following))

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        """How to go on, the preferred way first; none where the text does not fit."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class _End(Step):
    """The end of the pattern, which has to be that of the text."""

    @cached_property
    def opening(self) -> str | None:
        return r"\Z"


END = _End()


@dataclass(frozen=True, eq=False)
class _Chained(Step):
    then: Step

    @property
    def following(self) -> tuple[Step, ...]:
        return (self.then,)


@dataclass(frozen=True, eq=False)
class _Fixed(_Chained):
    """What fits in one way only: a word, or an expression that can end at one place."""

    expression: re.Pattern[str]

    @cached_property
    def opening(self) -> str | None:
        return self.expression.pattern

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del marks
        found = self.expression.match(text.signs, at)
        return ((self.then, found.end()),) if found else ()


@dataclass(frozen=True, eq=False)
class _Many(_Chained):
    """Any number of signs of a kind, as many as there are."""

    sign: re.Pattern[str]

    @cached_property
    def opening(self) -> str | None:
        rest = self.then.opening
        return None if rest is None else f"{self.sign.pattern}|{rest}"

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del marks
        rest = (self.then, at)
        return ((self, at + 1), rest) if self.sign.match(text.signs, at) else (rest,)


@dataclass(frozen=True, eq=False)
class _Few(_Many):
    """Any number of signs of a kind, as few as fit."""

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        return tuple(reversed(super().ways(text, at, marks)))


@dataclass(frozen=True, eq=False)
class _Anything(_Chained):
    """Any signs, as few as fit: the rest is tried only where it may begin."""

    @cached_property
    def opening(self) -> str | None:
        return None

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del marks
        place = text.next(self.then.opening, at)
        return () if place is None else ((self.then, place), (self, place + 1))


@dataclass(frozen=True, eq=False)
class _Something(_Anything):
    """One sign, whichever it is."""

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del marks
        return ((self.then, at + 1),) if at < len(text.signs) else ()


@dataclass(frozen=True, eq=False)
class _Either(Step):
    """One of several."""

    choices: tuple[Step, ...]

    @property
    def following(self) -> tuple[Step, ...]:
        return self.choices

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del text, marks
        return tuple((step, at) for step in self.choices)


@dataclass(frozen=True, eq=False)
class _Mark(_Chained):
    """The beginning or the end of a group."""

    mark: int

    @cached_property
    def live(self) -> frozenset[int]:
        begins = self.mark % 2 == 0
        return self.then.live - {self.mark // 2} if begins else self.then.live

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        del text, marks
        return ((self.then, at),)


@dataclass(frozen=True, eq=False)
class _Again(_Chained):
    """What stood in a group before."""

    group: int

    @cached_property
    def opening(self) -> str | None:
        return None

    @cached_property
    def live(self) -> frozenset[int]:
        return self.then.live | {self.group}

    def ways(self, text: WalkedText, at: int, marks: Marks) -> Sequence[Way]:
        start, end = _spans(marks)[self.group]
        said = text.signs[start:end]
        return ((self.then, at + len(said)),) if text.signs.startswith(said, at) else ()


# --- parts --------------------------------------------------------------------------------------------------

Part: TypeAlias = "Callable[[Step], Step]"
"""Part of a pattern: told what comes then, it is a step."""


def chain(*parts: Part) -> Part:
    """One part after the other."""

    def part(then: Step) -> Step:
        for each in reversed(parts):
            then = each(then)
        return then

    return part


def word(signs: str) -> Part:
    """A text as it stands, a zero in it with as many places as are printed."""
    return fixed(zeroed(re.escape(signs))) if signs else chain()


def zeroed(expression: str) -> str:
    """An expression for a text, which fits whatever the zeros in it are printed like."""
    return ZERO.sub(lambda _: ZEROS, expression)


def fixed(expression: str) -> Part:
    """A bounded regular expression that fits in one way only."""
    return lambda then: _Fixed(then, re.compile(expression))


def some(sign: str) -> Part:
    """One sign of a kind, or as many as there are."""
    return chain(fixed(sign), lambda then: _Many(then, re.compile(sign)))


def few(sign: str) -> Part:
    """One sign of a kind, or as few more as fit."""
    return chain(fixed(sign), lambda then: _Few(then, re.compile(sign)))


def anything(*, least: int) -> Part:
    """Any signs, as few as fit, but at least so many."""
    return chain(*[_Something] * least, _Anything)


def either(*parts: Part) -> Part:
    """One of several parts, the first that fits."""
    return lambda then: _Either(tuple(part(then) for part in parts))


def perhaps(part: Part) -> Part:
    """A part or nothing, rather the part."""
    return either(part, chain())


def group(number: int, part: Part) -> Part:
    """A part whose place in the text is told."""
    return chain(lambda then: _Mark(then, 2 * number), part, lambda then: _Mark(then, 2 * number + 1))


def again(number: int) -> Part:
    """What stood in a group that is before it on every way."""
    return lambda then: _Again(then, number)


# --- the walk -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WholePattern:
    """A pattern that has to fit a whole text.

    Attributes:
        part: all of it.
        words: texts that stand one after the other in whatever fits.
    """

    part: Part
    words: tuple[str, ...] = ()

    @cached_property
    def _start(self) -> Step:
        return self.part(END)

    @cached_property
    def size(self) -> int:
        """How many steps it has."""
        return len(set(_reachable(self._start)))

    def spans(self, text: str) -> Mapping[int, Span] | None:
        """Where the groups are that were met; None where the text does not fit."""
        return _walked(self, text) if self._may_fit(text) else None

    def _may_fit(self, text: str) -> bool:
        """Whether its words stand there: few patterns come that far."""
        at = 0
        for each in self.words:
            found = text.find(each, at)
            if found < 0:
                return False
            at = found + len(each)
        return True

    def walk(self, text: str) -> tuple[dict[int, Span] | None, int]:
        """As `spans`, and how many steps were tried.

        A step is tried once at each place, and again only where something else stands in a group that is said again.
        Where all that is more than every step at every place, as in no sentence that people write, nothing fits.
        """
        signs, tried = WalkedText(text), set[object]()
        waiting: list[tuple[Step, int, Marks]] = [(self._start, 0, None)]
        while waiting:
            step, at, marks = waiting.pop()
            if step is END:
                if at == len(text):
                    return _spans(marks), len(tried)
                continue
            known = (step, at, _known(step, marks)) if step.live else (step, at)
            if known in tried:
                continue
            if step.live and len(tried) > self.size * len(text):
                break
            tried.add(known)
            if step.mark is not None:
                marks = (step.mark, at, marks)
            waiting.extend((then, place, marks) for then, place in reversed(step.ways(signs, at, marks)))
        return None, len(tried)


@lru_cache(maxsize=1 << 12)
def _walked(pattern: WholePattern, text: str) -> Mapping[int, Span] | None:
    """Kept, for a sentence is asked what fits it, what it says and what it repeats, and read twice where a file has secrets."""
    return pattern.walk(text)[0]


def _known(step: Step, marks: Marks) -> tuple[Span | None, ...]:
    spans = _spans(marks)
    return tuple(spans.get(number) for number in sorted(step.live))


def _spans(marks: Marks) -> dict[int, Span]:
    """The groups whose ends were met."""
    ends: dict[int, int] = {}
    spans: dict[int, Span] = {}
    while marks:
        mark, at, marks = marks
        number = mark // 2
        if mark % 2:
            ends[number] = at
        elif number in ends:
            spans[number] = (at, ends[number])
    return spans


def _reachable(start: Step) -> Iterator[Step]:
    met, waiting = {start}, [start]
    while waiting:
        step = waiting.pop()
        yield step
        new = set(step.following) - met
        met |= new
        waiting.extend(new)
