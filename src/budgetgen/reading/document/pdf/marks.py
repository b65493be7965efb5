"""What stands on a page of a PDF: signs, rules, pictures, each with its place; nothing more is known of it.

Places are in points from the page's upper left corner, as a person sees the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "□"
"""A sign of which the file does not tell what it is."""


class LockedError(Exception):
    """A PDF that does not open without a password."""


class DamagedError(Exception):
    """A PDF that cannot be taken apart."""


class TooManyError(Exception):
    """A PDF of more pages, or of more on them, than any disclosure has."""


class ScannedError(Exception):
    """A PDF whose pages are pictures, with a text that was recognised in them or without."""


class BareError(Exception):
    """A PDF on which nothing stands."""


class UndecodedError(Exception):
    """A PDF that does not tell what its signs are."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    @classmethod
    def around(cls, boxes: list[Box]) -> Box:
        """The smallest that holds some others."""
        return cls(
            min(box.x0 for box in boxes),
            min(box.top for box in boxes),
            max(box.x1 for box in boxes),
            max(box.bottom for box in boxes),
        )


@dataclass(frozen=True, slots=True)
class Sign:
    """A printed sign.

    Attributes:
        text: mostly one character.
        box: where it stands.
        size: of its font.
        bold: whether its font says so.
    """

    text: str
    box: Box
    size: float
    bold: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.box.x0 + self.box.x1) / 2, (self.box.top + self.box.bottom) / 2


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page.

    Attributes:
        number: from 1.
        width, height: as a person sees it.
        signs: that are seen, in the order of the file.
        rules: lines, and the sides of rectangles; each is flat one way.
        hidden: the text that is not seen.
        slanted: the text that stands at an angle: watermarks and stamps.
        pictured: whether pictures cover a good part of it.
    """

    number: int
    width: float
    height: float
    signs: tuple[Sign, ...]
    rules: tuple[Box, ...] = ()
    hidden: str = ""
    slanted: str = ""
    pictured: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """By which pages are told that share their margins."""
        return round(self.width), round(self.height)
