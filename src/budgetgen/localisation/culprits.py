"""Figures that are wrong, said as values: what `localisation` finds out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetgen.values.findings import Finding, Spot


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
        why: by which slip it may have become what it is; empty where it looks like none.
        sure: among figures of which nobody knows which are wrong, what this one is at least, whatever the others
            are; None where nothing is sure.
        tail: how far it may be from `should` by rounding alone.
    """

    spot: Spot
    now: Decimal | None
    should: Decimal
    sign: str = "=="
    money: bool = True
    absent: bool = False
    why: str = ""
    sure: Decimal | None = None
    tail: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Culprit:
    """Figures that are wrong together, and what they break; or figures of which some are wrong, nobody knows which.

    Attributes:
        mends: the figures that are wrong; empty where that is not known.
        alternatives: other answers, much unlikelier, likeliest first.
        explains: the findings that are gone once it is mended.
        capped: whether there are more alternatives than are told.
        among: where no figure is named: one or several of these are wrong, likeliest first, each with what it should
            be if it were the only one.
        difference: by how much they are wrong together, where no figure is named.
    """

    mends: tuple[Mend, ...]
    alternatives: tuple[tuple[Mend, ...], ...] = ()
    explains: tuple[Finding, ...] = ()
    capped: bool = False
    among: tuple[Mend, ...] = ()
    difference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WrongLine:
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

    lines: tuple[WrongLine, ...] = ()
    culprits: tuple[Culprit, ...] = ()
    note: str = ""
