"""What goes to a worker and what comes back, as a page shows it: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from budgetgen.app.reports.problems import Problems


Kind: TypeAlias = Literal["check", "build", "new", "follow", "diff", "verify", "consolidate"]
"""What can be asked for, called as the commands."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        kind: what is done, called as the command.
        folder: of its own: what it is given and what comes of it.
        files: by what each is for.
        options: what else was chosen.
        before: the id of the order that looked at the same file before it was mended.
    """

    kind: Kind
    folder: Path
    files: Mapping[str, tuple[Path, ...]]
    options: Mapping[str, str] = field(default_factory=dict)
    before: str = ""

    def file(self, role: str) -> Path | None:
        """The file for something, where there is one."""
        return next(iter(self.files.get(role, ())), None)


@dataclass(frozen=True)
class Refusal:
    """Why nothing came of an order: what is wrong with which file, and what to do."""

    subject: str
    problem: str
    fix: str


@dataclass(frozen=True)
class Download:
    """A file to be taken: where it is in the order's folder, and what it is."""

    path: str
    title: str


@dataclass(frozen=True)
class UnitLine:
    """How a unit of a department stands."""

    state: str
    unit: str
    file: str
    remark: str


@dataclass(frozen=True)
class View:
    """What came of an order.

    Attributes:
        subject: the file that it is about.
        verdict: what is to be said of it, on one line.
        good: whether that is good.
        publishable: whether a document can be made of the file, with or without the mark of a draft.
        said: what else is told, line by line; an indented line belongs to the one before.
        remarks: likewise, what is less urgent.
        problems: of a file that was checked.
        sheets: the titles of its pictures, which stand in the folder by number.
        cells: where places that problems name are: place → number of the picture, number of its row, name of the cell.
        downloads: files to be taken.
        preview: a web page in the order's folder to be shown; empty for none.
        units: of a department.
    """

    subject: str
    verdict: str
    good: bool
    publishable: bool = False
    said: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: Problems | None = None
    sheets: tuple[str, ...] = ()
    cells: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)
    downloads: tuple[Download, ...] = ()
    preview: str = ""
    units: tuple[UnitLine, ...] = ()
