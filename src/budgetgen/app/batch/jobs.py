"""What is asked for one file of many, and what came of it: plain values that go to another process or machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.values.findings import Blame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.app.pipeline.publish import Publication
    from budgetgen.values.findings import UnusableInputError

State: TypeAlias = Literal["done", "failed", "unusable", "unfinished", "broken"]
"""Clean; with errors of the clerk's; a file that cannot be used; for want of memory, room or time; an error of the program."""
Command: TypeAlias = Literal["build", "check", "import", "verify"]
NAMES: Mapping[Command, str] = {
    "build": "生成情况",
    "check": "核对情况",
    "import": "导入情况",
    "verify": "核实情况",
}
"""What the table of a command is called."""


@dataclass(frozen=True)
class Sent:
    """A file for a job.

    Attributes:
        path: where it stands.
        told: what it is called in what is told of it, on any machine.
        data: what is in it, where it is sent along to another machine.
    """

    path: str
    told: str
    data: bytes | None = None

    @property
    def name(self) -> str:
        """Its name without folders."""
        return Path(self.path).name

    def at(self, folder: Path) -> Path:
        """The file on this machine; one that was sent along is put into the folder."""
        if self.data is None:
            return Path(self.path)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / self.name
        target.write_bytes(self.data)
        return target

    def packed(self) -> Sent:
        """The same with its content; one that cannot be read stays, and is told where it is asked for."""
        try:
            return replace(self, data=Path(self.path).read_bytes())
        except OSError:
            return self


def sent(path: Path | None) -> Sent | None:
    """A file that all jobs use, where there is one."""
    return Sent(str(path.absolute()), path.name) if path else None


@dataclass(frozen=True)
class Options:
    """How the command is called, the same for all files.

    Attributes:
        edition, draft: as the command's own.
        prior, template: likewise, files.
        also: what is published beside the Word document.
    """

    edition: str | None = None
    draft: bool = False
    prior: Sent | None = None
    template: Sent | None = None
    also: tuple[Publication, ...] = ()


@dataclass(frozen=True)
class Job:
    """One file, or a document with its workbook.

    Attributes:
        command: what is done.
        label: the file as it is told.
        files: that the command is called with, in its order.
        options: how.
        place: the folder of its outputs, as it is told; one for each job, so that none meets another's.
    """

    command: Command
    label: str
    files: tuple[Sent, ...]
    options: Options
    place: str

    @property
    def roles(self) -> Mapping[str, Sent]:
        """All its files, each by what it is for."""
        named = {"prior": self.options.prior, "template": self.options.template}
        numbered = {str(number): file for number, file in enumerate(self.files)}
        return {**numbered, **{role: file for role, file in named.items() if file}}

    def packed(self) -> Job:
        """The same with all its files, for a machine that does not see them."""
        options = replace(
            self.options,
            prior=self.options.prior and self.options.prior.packed(),
            template=self.options.template and self.options.template.packed(),
        )
        return replace(self, files=tuple(file.packed() for file in self.files), options=options)


@dataclass(frozen=True)
class JobOutcome:
    """What came of a job.

    Attributes:
        state: how it ended.
        unit: whose file it is, as far as that is known.
        errors, explains, notes: how many findings of each severity.
        remark: what a person reads of it in the table.
        files: what is to be written, by name.
    """

    state: State
    unit: str = ""
    errors: int = 0
    explains: int = 0
    notes: int = 0
    remark: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


def refused(error: UnusableInputError) -> JobOutcome:
    """What nothing came of."""
    state: State = "unfinished" if error.blame is Blame.MACHINE else "unusable"
    return JobOutcome(state, remark=f"{error.problem}（{error.fix}）")


def labels(files: Sequence[Path], named: Sequence[Path] = ()) -> Iterator[str]:
    """The files as they are told: from the folder down that holds them all, so that no name stands twice.

    Args:
        files: to be told.
        named: what the command was called with, where that is folders: a lone one is what the files are told
            from, so that their names do not depend on what else is in it.
    """
    alone = len(named) == 1 and named[0].is_dir()
    homes = [named[0].absolute()] if alone else [path.absolute().parent for path in named or files]
    try:
        home = os.path.commonpath(homes) if files else ""
    except ValueError:  # on several drives
        return iter(map(str, files))
    return (path.absolute().relative_to(home).as_posix() for path in files)


def places(names: Iterable[str]) -> Iterator[str]:
    """A folder for each label: its own name without ending, with it where that would stand twice."""
    given = tuple(names)
    bare = [str(Path(name).with_suffix("")) for name in given]
    for name, short in zip(given, bare, strict=True):
        yield short if bare.count(short) == 1 and not Path(short).is_absolute() else Path(name).name
