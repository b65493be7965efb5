"""The paragraphs of a document with nothing in them of a secret item but codes, amounts and the format's own words.

What a first reading understood tells which words of a paragraph are the format's own and which stood in a slot. Of
the slots only what is harmless stays; of a paragraph that was not understood, and speaks of a secret item, the code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from budgetgen.reading.secrets.cells import HIDDEN, Dropped
from budgetgen.reading.secrets.known import ordinary
from budgetgen.values.text import words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from budgetgen.reading.secrets.known import Secrets
    from budgetgen.values.places import FilePlace

PARTS: Final = re.compile(r"([、，,；;])")
"""What stands between the entries of a list."""
AMOUNT: Final = re.compile(r"(?<![\d,.])\d[\d,]*+(?:\.\d++)?(?:万元|亿元|元|%)")


@dataclass(frozen=True)
class Understood:
    """What a reading made of a paragraph, or of a part of one.

    Attributes:
        place: of the paragraph.
        text: the part.
        values: what stood in its slots; none where it only goes on with what came before.
        row: what the row that it tells of is, by column; grows while the document is read.
        joined: the place of the paragraph that it was joined with, as if it were one; None for none.
    """

    place: FilePlace
    text: str
    values: Mapping[str, str]
    row: Mapping[str, str]
    joined: FilePlace | None = None


@dataclass(frozen=True)
class _Sealing:
    secrets: Secrets
    units: Collection[str]
    items: Collection[str]

    def paragraph(self, text: str, parts: Sequence[Understood]) -> str:
        """A paragraph sealed; empty where nothing may stay."""
        for part in parts:
            if self.secrets.speaks(part.text) or self.secret(part):
                sealed = self._part(part)
                text = text.replace(part.text, sealed, 1) if part.text in text else sealed
        known = any(self.secrets.speaks(part.text) for part in parts)
        return self._code(text) if self.secrets.speaks(text) and not known else text

    def secret(self, part: Understood) -> bool:
        """Whether a part belongs to the row of a secret item."""
        return any(self.secrets.names(part.row.get(column, "")) for column in self.items)

    def _part(self, part: Understood) -> str:
        text = part.text
        for value in sorted({*part.values.values()}, key=len, reverse=True):
            kept = self._value(value)
            if kept != value:
                if value not in text:
                    return self._code(text)
                text = text.replace(value, kept)
        own = part.values or ordinary(
            text, self.secrets.edition
        )  # a sentence of the format's own words has no slots
        return text if own else self._code(text)

    def _code(self, text: str) -> str:
        return f"{self.secrets.code(text)}{HIDDEN}" if self.secrets.speaks(text) else ""

    def _value(self, value: str) -> str:
        """What may stay of what stood in a slot."""
        pieces = PARTS.split(value)
        if len(pieces) == 1 or not self.secrets.speaks(value):
            return self._piece(value, self.secrets.edition.house.withheld)
        return "".join(p if PARTS.fullmatch(p) else self._piece(p, HIDDEN) for p in pieces)

    def _piece(self, piece: str, instead: str) -> str:
        if self.secrets.speaks(piece):
            return self.secrets.code(piece) + "".join(AMOUNT.findall(piece)[:1])
        withheld = words(self.secrets.edition.house.withheld)
        harmless = not words(piece) or words(piece) == withheld or piece in self.units
        return piece if harmless or ordinary(piece, self.secrets.edition) else instead


def sealed_paragraphs(
    texts: Mapping[FilePlace, str],
    understood: Sequence[Understood],
    secrets: Secrets,
    units: Collection[str],
) -> tuple[Mapping[FilePlace, str], tuple[Dropped, ...]]:
    """The paragraphs of a document that are not as they were, and what was dropped.

    Args:
        texts: the paragraphs by place.
        understood: what a first reading made of them.
        secrets: of the document.
        units: the names of units that it tells.

    Returns:
        By place what is left of a paragraph, empty for nothing; and the places of what was dropped.
    """
    edition = secrets.edition
    items = {name for table in edition.table for name in table.of_type("item")}
    sealing = _Sealing(secrets, units, items)
    parts: dict[FilePlace, list[Understood]] = {}
    for one in understood:
        parts.setdefault(one.place, []).append(one)
    sealed: dict[FilePlace, str] = {}
    for place, text in texts.items():
        kept = sealing.paragraph(text, parts.get(place, ()))
        if kept != text:
            sealed[place] = kept
            sealed |= {part.joined: "" for part in parts.get(place, ()) if part.joined}
    dropped = (
        Dropped(
            place, echo=secrets.echoes(texts[place]) and not any(map(sealing.secret, parts.get(place, ())))
        )
        for place, kept in sealed.items()
        if words(kept) != words(texts[place])
    )
    return sealed, tuple(dropped)
