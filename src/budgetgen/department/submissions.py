"""The files of a department's units, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.values.findings import Blame

if TYPE_CHECKING:
    from budgetgen.values.findings import Finding

State: TypeAlias = Literal["missing", "unfit", "failed", "open", "explained", "passed"]
"""Not submitted; not of this department, year …; with errors; with something to explain; explained; clean."""


@dataclass(frozen=True)
class Submission:
    """A file as far as it decides whether it can be consolidated.

    Attributes:
        file: as it is told, from the folder that holds all files.
        unit: its name, empty where it is not given.
        year, edition, money, kind, authority, code: as the file says, as text.
        content: tells two files with the same figures, whatever they are called; empty where there are none.
        errors, explains, notes: how many findings of each severity.
        explained: whether everything that wants an explanation has one.
        first: the first errors in words.
        problem: why nothing is known of it.
        blame: whose fault that is.
        result: it was written by an earlier consolidation.
        units: of a department that is a unit of this one, the names of its own; with all of theirs.
        lacking: those that are missing in it.
    """

    file: str
    unit: str = ""
    year: str = ""
    edition: str = ""
    money: str = ""
    kind: str = ""
    authority: str = ""
    code: str = ""
    content: str = ""
    errors: int = 0
    explains: int = 0
    notes: int = 0
    explained: bool = True
    first: tuple[str, ...] = ()
    problem: str = ""
    blame: Blame = Blame.FILE
    result: bool = False
    units: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Status:
    """What became of a unit, or of a file.

    Attributes:
        unit: its name.
        submission: its file; None where it has submitted none.
        state: how it stands.
        taken: whether its figures are in the department's.
        foreign: it is no unit of this department, and not missing.
        remark: why not.
    """

    unit: str
    submission: Submission | None
    state: State
    taken: bool
    foreign: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Admission:
    """What can be consolidated.

    Attributes:
        taken: the files, in the order of the department's list, its own office first.
        statuses: of every listed unit and every file.
        faults: what keeps files out, every one of them.
        missing: the names of the units that are not in it.
        edition: id of the format that the files share; that of most.
        name: of the department, as the files tell it; empty where they do not.
        skipped: the files that an earlier consolidation wrote.
    """

    taken: tuple[Submission, ...]
    statuses: tuple[Status, ...]
    faults: tuple[Finding, ...]
    missing: tuple[str, ...]
    edition: str
    name: str
    skipped: tuple[str, ...] = ()
