"""The words of a format, written with the slips of typing: a sign that sounds or looks alike, is left out, or comes twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.proofreading.homophones import sounds_alike, uncommon
from budgetgen.values.sayings import saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Edition, Lint
    from budgetgen.values.sayings import Stated

LENGTH = 6
"""A shorter term may be one sign off from common words."""
KNOWN = 2
"""So many signs at one of its ends tell which term is meant."""
DOUBLED = 2
"""So many signs at most are typed twice on end."""
RUN = 4
"""So many signs on end of the format, one within them another that looks alike, are no other words."""
AGAIN = 2
"""What a document writes more often than so is no slip."""
CHINESE = re.compile("[\u4e00-\u9fff]+")


def known_terms(edition: Edition) -> Known:
    """The terms of an edition by their ends, put in order once: each check asks for them."""
    return edition.once(_known)


def _known(edition: Edition) -> Known:
    names = tuple(_names(edition))
    said = (case.says for statement in edition.statement for case in statement.cases)
    terms = (name for name in names if len(name) >= LENGTH and name.isalpha())
    return Known(terms, (*names, *said), edition.lint.twins)


def _names(edition: Edition) -> Iterator[str]:
    """The names of an edition: of codes, tables, their rows and columns, and figures, each once."""
    codes = (name for kind in ("function", "economic") for name in edition.codes(kind).values())
    titles = (table.title for table in edition.printed)
    fixed = (row for table in edition.table for _, row in table.fixed.values())
    rows = (name for row in fixed for name in (row.caption, *row.aliases))
    columns = (column.captions[-1] for table in edition.printed for column in table.columns.values())
    figures = (figure.name for figure in edition.figure)
    yield from dict.fromkeys(unspaced(name) for name in (*codes, *titles, *rows, *columns, *figures))


def misspelt(text: str, known: Known, patterns: Lint) -> Iterator[Stated]:
    """Words that a text writes with a slip, each as it is written and as it should be; of two within another the longer."""
    plain = unspaced(text)
    found = {
        (start, end, term)
        for at in range(len(plain) - KNOWN + 1)
        if plain[at : at + KNOWN] in known.ends
        for start, end, term in known.around(plain, at)
        if _slipped(plain[start:end], term, known, patterns) and not known.within(plain[start:end])
    }
    found |= {(*one.span(), slip.right) for slip in patterns.slips for one in slip.wrong.finditer(plain)}
    found |= {
        known.whole(plain, at, right)
        for at in range(len(plain) - RUN + 1)
        if (right := known.twins.get(plain[at : at + RUN]))
    }
    told: list[tuple[int, int]] = []
    for start, end, term in sorted(found, key=lambda one: (one[0] - one[1], one)):
        if all(end <= first or last <= start for first, last in told):
            told.append((start, end))
            yield saying(写作=plain[start:end], 应为=term)


class Known:
    """Terms by their ends.

    Attributes:
        names: the terms.
        ends: the signs that one of them begins or ends with.
    """

    def __init__(self, names: Iterable[str], texts: Iterable[str] = (), twins: Iterable[str] = ()) -> None:
        self.names = tuple(names)
        self._texts = tuple(texts)
        self._said = "\n".join(self._texts)
        self._twins: defaultdict[str, str] = defaultdict(str)
        for group in twins:
            for sign in group:
                self._twins[sign] += group.replace(sign, "")
        self._first: defaultdict[str, list[str]] = defaultdict(list)
        self._last: defaultdict[str, list[str]] = defaultdict(list)
        for term in self.names:
            self._first[term[:KNOWN]].append(term)
            self._last[term[-KNOWN:]].append(term)
        self.ends = frozenset({*self._first, *self._last})

    @cached_property
    def twins(self) -> Mapping[str, str]:
        """Signs on end of which one within them looks like that which the format has there, with what it has."""
        runs = set(_runs(self._texts))
        return {wrong: run for run in runs for wrong in self._likes(run) if wrong not in runs}

    def strays(self, texts: Iterable[str]) -> Mapping[str, str]:
        """Signs on end that texts have once, where they have some that look like them again and again, with these."""
        met = Counter(_runs(map(unspaced, texts)))
        often = (run for run, times in met.items() if times > AGAIN)
        return {wrong: run for run in often for wrong in self._likes(run) if met.get(wrong) == 1}

    def _likes(self, run: str) -> Iterator[str]:
        """What some signs on end become where one within them is taken for another."""
        for at in range(1, RUN - 1):
            yield from (f"{run[:at]}{twin}{run[at + 1 :]}" for twin in self._twins.get(run[at], ""))

    def whole(self, plain: str, at: int, right: str) -> tuple[int, int, str]:
        """The longest name around signs that stand for others: from, to, the name; or these signs alone."""
        own = plain[:at] + right + plain[at + RUN :]
        names = (name for name in self._texts if right in name and name.isalpha())
        spans = ((at - name.index(right), name) for name in names)
        met = [
            (start, start + len(name), name) for start, name in spans if own[max(0, start) :].startswith(name)
        ]
        return max(met, key=lambda one: one[1] - one[0], default=(at, at + RUN, right))

    def within(self, words: str) -> bool:
        """Whether words are part of a term as they stand."""
        return any(words in term for term in self.names)

    def around(self, plain: str, at: int) -> Iterator[tuple[int, int, str]]:
        """Where a term would stand that begins or ends at a place, of its length or nearly so: from, to, term.

        Its other end is there too, for no slip is looked for at the ends.
        """
        signs, end = plain[at : at + KNOWN], at + KNOWN
        for more in range(-1, DOUBLED + 1):
            for term in self._first.get(signs, ()):
                if plain[at : (to := at + len(term) + more)][-1] == term[-1]:
                    yield at, to, term
            for term in self._last.get(signs, ()):
                if plain[start := max(0, end - len(term) - more)] == term[0]:
                    yield start, end, term

    def torn(self, term: str, at: int) -> bool:
        """Whether a term is no word without one of its signs: those beside it are never said otherwise.

        政府基金 and 单位退休 are words, 一般共预算 is none.
        """
        sign, before, behind = term[at], term[at - KNOWN : at], term[at + 1 : at + 1 + KNOWN]
        return self._said.count(behind) == self._said.count(sign + behind) or (
            self._said.count(before) == self._said.count(before + sign)
        )


def _runs(texts: Iterable[str]) -> Iterator[str]:
    words = (word for text in texts for word in CHINESE.findall(text))
    yield from (word[at : at + RUN] for word in words for at in range(len(word) - RUN + 1))


def _slipped(window: str, term: str, known: Known, patterns: Lint) -> bool:
    """Whether signs within a term are those of a slip."""
    if window[:1] != term[0] or window[-1:] != term[-1]:
        return False
    if more := max(0, len(window) - len(term)):
        return any(_repeated(window, term, at, more) for at in range(1, len(term)))
    if len(window) < len(term):
        lost = (at for at in range(KNOWN, len(term) - KNOWN) if term[:at] + term[at + 1 :] == window)
        return any(term[at] not in patterns.omissible and known.torn(term, at) for at in lost)
    odd = [at for at in range(min(len(window), len(term))) if window[at] != term[at]]
    if len(window) != len(term) or not odd:
        return False
    first, last = odd[0], odd[-1]
    swapped = last == first + 1 and window[first : last + 1] == term[first : last + 1][::-1]
    if first != last:
        return swapped
    return (
        uncommon(window[first])
        or sounds_alike(window[first], term[first], patterns.interchangeable)
        or any({window[first], term[first]} <= set(group) for group in patterns.lookalikes)
    )


def _repeated(window: str, term: str, at: int, more: int) -> bool:
    """Whether signs too many at a place are those that stand beside it, and not those of the next word."""
    if term in {window[more:], window[:-more]} or window[:at] + window[at + more :] != term:
        return False
    twice = window[at : at + more]
    return twice == window[max(0, at - more) : at] or (
        more == 1 and twice in window[at - 1] + window[at + 1 : at + 3]
    )
