"""The blocks of a document with nothing in them of secret items but what may be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.secrets import Dropped
from budgetgen.reading.secrets.paragraphs import sealed_paragraphs
from budgetgen.values.text import caption, words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.secrets import CellSealer
    from budgetgen.reading.secrets.paragraphs import Understood
    from budgetgen.values.places import FilePlace

ENDED = ("。", "！", "？")
"""What a sentence ends with that does not go on in the next line."""
REPEATED = 8
"""So many signs that were said of a secret item tell of it wherever else they stand."""


@dataclass(frozen=True)
class BlockSealer:
    """Seals what a first reading has gone over.

    Attributes:
        understood: what it made of the paragraphs.
        seal: what it knows of the secret items.
        heads: whether a line is a heading of the format.
    """

    understood: Sequence[Understood]
    seal: CellSealer
    heads: Callable[[str], bool]

    def blocks(self, found: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
        """What is left of a document, and what was dropped."""
        left, told = self._texts([block for block in found if isinstance(block, Text)])
        blocks: list[Block] = []
        for block in found:
            if isinstance(block, Grid):
                whole = not any(raw.place in self.seal.where for line in block.lines for raw in line)
                lines, more = self.seal.lines(block.lines, whole=whole)
                blocks.append(replace(block, lines=lines))
                told += more
            elif text := left.get(id(block), block.text):
                blocks.append(replace(block, text=text))
        return tuple(blocks), tuple(told)

    def _texts(self, texts: Sequence[Text]) -> tuple[Mapping[int, str], list[Dropped]]:
        """What is left of each paragraph that is not as it was, and what was dropped."""
        left, told = self._spoken(texts)
        secret = {id(text) for text in texts if id(text) in left or self.seal.secrets.speaks(text.text)}
        following = {id(text): text for text in self._following(texts, secret)}
        hidden = [text for text in texts if id(text) in secret or id(text) in following]
        for text in (*following.values(), *self._repeating(texts, hidden)):
            left[id(text)] = ""
            told.append(Dropped(text.place))
        return left, told

    def _spoken(self, texts: Sequence[Text]) -> tuple[dict[int, str], list[Dropped]]:
        """The same of those that speak of a secret item by themselves: lines of one cell stand at one place."""
        lines: dict[FilePlace, list[Text]] = {}
        for text in texts:
            lines.setdefault(text.place, []).append(text)
        left: dict[int, str] = {}
        told: list[Dropped] = []
        for nth in range(max(map(len, lines.values()), default=0)):
            own = {place: found[nth] for place, found in lines.items() if nth < len(found)}
            parts = [
                one
                for one in self.understood
                if one.place in own
                and (one.text in own[one.place].text or all(one.text not in t.text for t in lines[one.place]))
            ]
            told_texts = {place: text.text for place, text in own.items()}
            sealed, dropped = sealed_paragraphs(told_texts, parts, self.seal.secrets, self.seal.units)
            left |= {id(own[place]): text for place, text in sealed.items() if place in own}
            told += dropped
        return left, told

    def _following(self, texts: Sequence[Text], secret: Collection[int]) -> Iterator[Text]:
        """What nobody understood behind something sealed, in the same cell or where no sentence ended.

        It may go on with it; a heading of the format goes on with nothing.
        """
        sealed: set[FilePlace] = set()
        goes_on = False
        for text in texts:
            after = (goes_on or text.place in sealed) and id(text) not in secret and self._unknown(text)
            if after:
                yield text
            if after or id(text) in secret:
                sealed.add(text.place)
                goes_on = not text.text.rstrip().endswith(ENDED)
            else:
                goes_on = False

    def _repeating(self, texts: Sequence[Text], hidden: Sequence[Text]) -> Iterator[Text]:
        """What nobody understood that repeats words of a sealed paragraph which are neither the format's nor told openly."""
        own = {id(text) for text in hidden}
        said = {run for text in hidden for run in self._runs(text.text)}
        said -= self.seal.secrets.edition.once(_said_runs)
        said -= {
            run for t in texts if id(t) not in own and not self._unknown(t) for run in self._runs(t.text)
        }
        for text in texts:
            if id(text) not in own and not said.isdisjoint(self._runs(text.text)) and self._unknown(text):
                yield text

    def _runs(self, text: str) -> Iterator[str]:
        return _runs(text, self.seal.secrets.edition)

    def _unknown(self, text: Text) -> bool:
        """Whether the reading made nothing of a paragraph."""
        return not any(part in text.text for part in self._known.get(text.place, ())) and not self.heads(
            text.text
        )

    @cached_property
    def _known(self) -> Mapping[FilePlace, Sequence[str]]:
        known: dict[FilePlace, list[str]] = {}
        for part in self.understood:
            known.setdefault(part.place, []).append(part.text)
        return known


def _runs(text: str, edition: Edition) -> Iterator[str]:
    """All runs of signs of a text that are long enough to tell what it speaks of; what authorities publish tells nothing."""
    acts = edition.lint.acts
    for part in acts.split(caption(text)) if acts else (text,):
        told = words(part)
        yield from (told[at : at + REPEATED] for at in range(len(told) - REPEATED + 1))


def _said_runs(edition: Edition) -> frozenset[str]:
    """Those of what the format itself says."""
    return frozenset(run for text in edition.said for run in _runs(text, edition))
