"""Lists, tables and charts of changes, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from budgetgen.comparison.opinions import OpinionMark


class Tone(StrEnum):
    """How an entry is coloured."""

    RISK = "risk"
    CAME = "came"
    WENT = "went"
    NOTE = "note"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its changed pieces.

    Attributes:
        pieces: (text, whether it is changed) in order.
    """

    pieces: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)


Entry: TypeAlias = "str | Decimal | Marked | None"


@dataclass(frozen=True, slots=True)
class Heading:
    """The caption of a column.

    Attributes:
        text: as shown.
        kind: text, money or percent.
        width: in characters.
    """

    text: str
    kind: str = "text"
    width: float = 14


@dataclass(frozen=True, slots=True)
class ListLine:
    """One entry of a list.

    Attributes:
        values: under the headings.
        tone: its colour.
        folded: it only follows from an entry before it, or from one of another list.
        mark: what it is known by in the next comparison; None where nobody judges it.
        anchor: the sheet and the row of the tables side by side where it stands; empty where in none.
    """

    values: tuple[Entry, ...]
    tone: Tone = Tone.PLAIN
    folded: bool = False
    mark: OpinionMark | None = None
    anchor: tuple[str, str] = ("", "")

    @property
    def subject(self) -> str:
        """What it is about, in words."""
        return " ".join(str(value) for value in self.values[:6] if isinstance(value, str) and value)


@dataclass(frozen=True)
class Listing:
    """One list.

    Attributes:
        id: in English, as in the JSON.
        name: its title.
        guide: what it lists, and how it is read.
        headings: the columns.
        lines: the entries, risks first.
        empty: what is said where there are none.
    """

    id: str
    name: str
    guide: str
    headings: tuple[Heading, ...]
    lines: tuple[ListLine, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The largest movements of a table: what is drawn.

    Attributes:
        title: above the chart.
        labels: what the lines are called.
        old, new: their amounts in 万元.
    """

    title: str
    labels: tuple[str, ...]
    old: tuple[Decimal, ...]
    new: tuple[Decimal, ...]


@dataclass(frozen=True)
class Opposed:
    """A table of both files, side by side.

    Attributes:
        name: of its sheet.
        title: with its number.
        columns: of figures; those without any are left out.
        lines: name of the row, its (old, new, change) under each column, tone.
        keys: of the rows of the lines.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[tuple[Decimal, Decimal, Decimal], ...], Tone], ...]
    keys: tuple[str, ...] = ()
