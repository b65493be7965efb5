"""Where one sentence of a paragraph ends and the next begins: offices join what the wording says in several."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STOP = re.compile(r"[。；;]")
"""Behind such a sign a sentence may begin."""
COLON = "："
LONGEST = 16
"""Of how many clauses a sentence may be."""
MOST = 80
"""With more clauses a paragraph is no row of such sentences."""


class _Way(NamedTuple):
    """A way to divide what is left of a paragraph; the least is best.

    Attributes:
        unknown: how many clauses no pattern fits.
        sentences: minus how many sentences it has.
        cut: where the first of them ends.
    """

    unknown: int
    sentences: int
    cut: int


@dataclass(frozen=True)
class Division:
    """Divides a paragraph so that the fewest clauses are left over, and then into the most sentences.

    Attributes:
        text: of the paragraph.
        known: whether some words of it are a sentence.
        leads: the words that lead in sentences, as the edition declares them (`其中：`).
    """

    text: str
    known: Callable[[str], bool]
    leads: tuple[str, ...] = ()

    @cached_property
    def _cuts(self) -> tuple[int, ...]:
        stops = [found.end() for found in STOP.finditer(self.text)]
        inner = sorted({*stops, *self._led_in(stops)})
        return (0, *(cut for cut in inner if self.text[cut:].strip()), len(self.text))

    def _led_in(self, stops: list[int]) -> Iterator[int]:
        """Where a sentence ends that leads in those behind it."""
        for start, end in itertools.pairwise((0, *stops, len(self.text))):
            ends = (found.end() for found in _leading(self.leads).finditer(self.text, start, end))
            yield from itertools.islice((at for at in ends if self.known(self.text[start:at])), 1)

    @cached_property
    def _ways(self) -> dict[int, _Way]:
        """The best way from each cut on."""
        ways = {len(self.text): _Way(0, 0, len(self.text))}
        for start in range(len(self._cuts) - 2, -1, -1):
            at = self._cuts[start]
            ways[at] = min(self._from(start, ways))
        return ways

    def _from(self, start: int, ways: dict[int, _Way]) -> Iterator[_Way]:
        at, *ends = self._cuts[start : start + LONGEST + 1]
        rest = ways[ends[0]]
        yield _Way(rest.unknown + 1, rest.sentences, ends[0])
        for end in ends:
            if self.known(self.text[at:end]):
                yield _Way(ways[end].unknown, ways[end].sentences - 1, end)

    def sentences(self, *, every: bool) -> list[str]:
        """The sentences; none where it is one, or not every, or hardly any, clause belongs to one."""
        if not 2 < len(self._cuts) < MOST:  # noqa: PLR2004 - both ends are cuts
            return []
        best = self._ways[0]
        parts = list(self._parts())
        told = best.unknown == 0 if every else -best.sentences >= best.unknown
        return parts if told and best.sentences and len(parts) > 1 else []

    def _parts(self) -> Iterator[str]:
        at = 0
        while at < len(self.text):
            cut = self._ways[at].cut
            yield self.text[at:cut]
            at = cut


@cache
def _leading(leads: tuple[str, ...]) -> re.Pattern[str]:
    """The sign behind a sentence that leads in others: a colon, or a comma behind a word that has a colon else (`其中，`)."""
    words = "|".join(re.escape(lead.removesuffix(COLON)) for lead in leads if lead.endswith(COLON))
    return re.compile(f"[：:]|(?:{words})[，,]" if words else "[：:]")
