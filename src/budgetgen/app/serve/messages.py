"""What goes to a worker and what comes back, as a page shows it: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from budgetgen.app.reports.problems import Problems
    from budgetgen.values.findings import Blame


Kind: TypeAlias = Literal["check", "build", "new", "follow", "import", "diff", "verify", "consolidate"]
"""What can be asked for, called as the commands."""
BoardKind: TypeAlias = Literal["judge", "questions", "documents", "control"]
"""What only a department's board asks for: how a submission stands, the list of what is wrong with it, all documents, approved figures."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        kind: what is done, called as the command.
        folder: of its own: what it is given and what comes of it.
        files: by what each is for.
        options: what else was chosen.
        before: the id of the order that looked at the same file before it was mended.
        owner: who may see what comes of it; nobody is named where there is one person.
    """

    kind: Kind | BoardKind
    folder: Path
    files: Mapping[str, tuple[Path, ...]]
    options: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    owner: str = ""

    def file(self, role: str) -> Path | None:
        """The file for something, where there is one."""
        return next(iter(self.files.get(role, ())), None)


@dataclass(frozen=True)
class Refusal:
    """Why nothing came of an order: what is wrong with which file, what to do, and whose fault it is."""

    subject: str
    problem: str
    fix: str
    blame: Blame


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
class Judged:
    """How a file that a unit has sent stands, in numbers; of which unit it says that it is."""

    unit: str
    state: str
    errors: int
    explains: int
    notes: int


@dataclass(frozen=True)
class Explaining:
    """What is pasted where findings are explained: the sheet, and of each finding rule and place, parted by a tab."""

    sheet: str
    lines: tuple[str, ...]


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
        explaining: of those of its problems that ask for an explanation; None where none does.
        sheets: the titles of its pictures, which stand in the folder by number.
        cells: where places that problems name are: place → number of the picture, number of its row, name of the cell.
        downloads: files to be taken.
        preview: a web page in the order's folder to be shown; empty for none.
        units: of a department.
        judged: of a file that a unit has sent.
        corrected: that file with the figures of a list of questions, in the order's folder; empty where it has none.
    """

    subject: str
    verdict: str
    good: bool
    publishable: bool = False
    said: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problems: Problems | None = None
    explaining: Explaining | None = None
    sheets: tuple[str, ...] = ()
    cells: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)
    downloads: tuple[Download, ...] = ()
    preview: str = ""
    units: tuple[UnitLine, ...] = ()
    judged: Judged | None = None
    corrected: str = ""
