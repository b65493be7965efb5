"""What is wrong, said as values: findings about figures, and unusable input."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path


class UnusableInputError(Exception):
    """A file that cannot be worked with at all: nothing was read, nothing was written.

    Attributes:
        path: the file, as the user named it.
        problem: what is wrong, in Chinese, one sentence without its final full stop.
        fix: what the clerk can do, in Chinese, one sentence without its final full stop.
    """

    def __init__(self, path: Path | str, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.path, self.problem, self.fix = path, problem, fix

    def __str__(self) -> str:
        return f"{self.path}：{self.problem}。\n  请：{self.fix}。"


class Severity(StrEnum):
    """How a finding is treated. Ordered from worst to least."""

    ERROR = "error"
    """stops a build"""
    EXPLAIN = "explain"
    """passes with a written explanation"""
    NOTE = "note"
    """is information"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that a finding speaks of.

    Attributes:
        table: the table's stable Chinese name.
        row: the row's key as people name it (code, row name), empty for a whole table.
        column: the column's name, empty for a whole row.
        place: `支出总体!E12`, or empty where the figure stands in no file (a derived row).
        value: the value as text, empty for blank.
    """

    table: str
    row: str = ""
    column: str = ""
    place: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint, with everything a clerk needs to go there and mend it.

    Attributes:
        rule: the stable id of the rule.
        severity: how it is treated.
        message: both sides and the difference, in Chinese.
        fix: what to do, in Chinese.
        basis: the regulation or the reason behind the rule.
        spots: the cells read, the one to look at first.
        difference: left side minus right side in 万元, where there are sides.
        tail: it is a difference that rounding explains.
    """

    rule: str
    severity: Severity
    message: str
    fix: str = ""
    basis: str = ""
    spots: tuple[Spot, ...] = ()
    difference: Decimal | None = None
    tail: bool = False
