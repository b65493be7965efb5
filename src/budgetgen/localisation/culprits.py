"""Figures that are wrong, said as values: what `localisation` finds out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from budgetgen.findings import Finding, Spot


@dataclass(frozen=True, slots=True)
class Mend:
    """A figure and what it should be.

    Attributes:
        spot: where it stands, with what stands there now.
        now: its amount in 万元 (or number); None where nothing stands there.
        should: what it must be; with `sign` ≥ or ≤ at least or at most so much.
        sign: ==, >= or <=.
        money: whether it is an amount.
        absent: whether the table has no such row.
    """

    spot: Spot
    now: Decimal | None
    should: Decimal
    sign: str = "=="
    money: bool = True
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Culprit:
    """Figures that are wrong together, and what they break.

    Attributes:
        mends: the likeliest answer.
        alternatives: others that are as small, likeliest first.
        explains: the findings that are gone once it is mended.
        capped: whether there may be more alternatives than are told.
    """

    mends: tuple[Mend, ...]
    alternatives: tuple[tuple[Mend, ...], ...] = ()
    explains: tuple[Finding, ...] = ()
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line to set right before any figure: it stands twice, or under a code or name that is not its own.

    Attributes:
        finding: what is wrong with it, at its cell.
        explains: the findings that compare it with others, and may be gone once it is right.
    """

    finding: Finding
    explains: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """What was found out.

    Attributes:
        lines: those to set right first; what they break is not put down to figures.
        culprits: those that explain most first.
        note: what could not be found out, and why; empty where all was.
    """

    lines: tuple[Line, ...] = ()
    culprits: tuple[Culprit, ...] = ()
    note: str = ""
