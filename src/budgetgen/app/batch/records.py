"""What happened to every file: the table that is shown, kept beside the outputs, and asked before a rerun."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from budgetgen.writing.archive import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from budgetgen.app.batch.jobs import Command, Job, JobOutcome, State

FORMAT = 1
"""Of the file; one of another is not understood, and all is done anew."""
SETTLED = frozenset({"done", "failed", "unusable"})
"""The states that the same files bring about again."""


@dataclass(frozen=True)
class Entry:
    """A file and what became of it.

    Attributes:
        file: as it is told.
        unit, state, errors, explains, notes, remark: as the outcome.
        fingerprint: of all that the outcome depends on.
        written: the outputs, from the folder of all outputs.
        kept: earlier outputs that were not the same, as (name, new name).
        again: whether it was done in this run.
    """

    file: str
    state: State
    unit: str = ""
    errors: int = 0
    explains: int = 0
    notes: int = 0
    remark: str = ""
    fingerprint: str = ""
    written: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    again: bool = True


def entry(job: Job, outcome: JobOutcome, fingerprint: str, kept: Sequence[tuple[str, str]]) -> Entry:
    """What became of a job whose files are written."""
    written = tuple(f"{job.place}/{name}" for name, _ in outcome.files)
    counts = (outcome.errors, outcome.explains, outcome.notes)
    return Entry(
        job.label, outcome.state, outcome.unit, *counts, outcome.remark, fingerprint, written, tuple(kept)
    )


def still_good(before: Entry, fingerprint: str, folder: Path) -> bool:
    """Whether a file need not be done again: nothing has changed, and what was written is there."""
    same = bool(fingerprint) and before.fingerprint == fingerprint and before.state in SETTLED
    return same and all((folder / name).is_file() for name in before.written)


def read_entries(path: Path) -> Mapping[str, Entry]:
    """The entries of an earlier run by file; none where there was none, or it cannot be understood."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            return {}
        return {one["file"]: _entry(one) for one in told["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _entry(told: Mapping[str, Any]) -> Entry:
    found = Entry(**{**told, "written": tuple(told["written"]), "kept": ()})
    return replace(found, again=False)


def keep_entries(path: Path, command: Command, entries: Iterable[Entry]) -> None:
    """Write the table for programs; whole or not at all."""
    replace_file(path, (as_json(command, entries) + "\n").encode())


def as_json(command: Command, entries: Iterable[Entry], *, ascii_only: bool = False) -> str:
    """The table for programs."""
    told = {"format": FORMAT, "command": command, "files": [asdict(one) for one in entries]}
    return json.dumps(told, ensure_ascii=ascii_only, indent=1)
