"""Many files through one command: done side by side, written by this process alone, told in one table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from budgetgen.app.batch.executors import LostError, runner
from budgetgen.app.batch.fingerprints import job_fingerprint, program_fingerprint
from budgetgen.app.batch.jobs import NAMES, JobOutcome, refused
from budgetgen.app.batch.records import Entry, entry, keep_entries, read_entries, still_good
from budgetgen.app.batch.tables import render_entries
from budgetgen.app.batch.tasks import TOLD, perform
from budgetgen.app.pipeline.outputs import save, set_aside
from budgetgen.app.progress import Progress
from budgetgen.values.findings import Blame, UnusableInputError
from budgetgen.values.troubles import LOST
from budgetgen.writing.archive import make_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.app.batch.jobs import Command, Job

OFTEN = 50
"""Files after which the table is kept, so that what is done stays done whatever happens."""


class InterruptedRunError(KeyboardInterrupt):
    """Somebody has stopped a run; what was done until then is kept."""


@dataclass(frozen=True)
class BatchRun:
    """A command on many files.

    Attributes:
        command: which.
        jobs: one for each file, of different labels and places.
        folder: of all outputs and of the table.
        workers, scheduler: where it runs.
        retry: only what failed in the run before is done.
    """

    command: Command
    jobs: tuple[Job, ...]
    folder: Path
    workers: int | None = None
    scheduler: str | None = None
    retry: bool = False

    @property
    def record(self) -> Path:
        """The table for programs; that for people stands beside it."""
        return self.folder / f"{NAMES[self.command]}.json"


def run(wanted: BatchRun) -> tuple[Entry, ...]:
    """Do what is to be done of a run; the table of all files, in their order.

    Raises:
        UnusableInputError: the folder cannot be written, the cluster cannot be reached, or nothing is known of
            a run before that is to be tried again.
    """
    make_folder(wanted.folder)
    before = read_entries(wanted.record)
    if wanted.retry and not before:
        problem, fix = f"没有上次的 {wanted.record.name}，不知道哪些没有通过", "去掉 --retry，从头运行"
        raise UnusableInputError(wanted.folder, problem, fix)
    program = program_fingerprint()
    prints = tuple(job_fingerprint(job, program) for job in wanted.jobs)
    doing = _Doing(wanted, before, prints)
    doing.do()
    return doing.told()


@dataclass(frozen=True)
class _Doing:
    """A run on its way.

    Attributes:
        wanted: what is to be done.
        before: the entries of the run before, by file.
        prints: the fingerprints of the jobs.
        entries: what is known of the jobs so far, by number.
    """

    wanted: BatchRun
    before: Mapping[str, Entry]
    prints: Sequence[str]
    entries: dict[int, Entry] = field(default_factory=dict)

    def do(self) -> None:
        """Everything that is not as it was; each file is written as soon as it is ready."""
        jobs = self.wanted.jobs
        for number, job in enumerate(jobs):
            if (old := self.before.get(job.label)) and self._stays(old, self.prints[number]):
                self.entries[number] = replace(old, again=False)
        open_ = [number for number in range(len(jobs)) if number not in self.entries]
        sent = (jobs[number].packed() if self.wanted.scheduler else jobs[number] for number in open_)
        doing = runner(perform, workers=self.wanted.workers, scheduler=self.wanted.scheduler)
        try:
            with Progress(NAMES[self.wanted.command].removesuffix("情况"), len(open_)) as progress:
                for index, result in doing.each(sent, len(open_)):
                    self._take(open_[index], result)
                    progress.step()
        except KeyboardInterrupt:
            self._keep()
            left = len(jobs) - len(self.entries)
            told = f"已中断：{len(self.entries)} 个已经完成，写出的文件都是完整的；再次运行只做其余的 {left} 个。"
            raise InterruptedRunError(told) from None

    def told(self) -> tuple[Entry, ...]:
        """The table of all files, which is kept for programs and for people."""
        self._keep()
        entries = tuple(self.entries[number] for number in sorted(self.entries))
        listed = render_entries(NAMES[self.wanted.command], entries)
        replace_file(self.wanted.record.with_suffix(".xlsx"), listed)
        return entries

    def _stays(self, old: Entry, fingerprint: str) -> bool:
        if self.wanted.retry:
            return old.state == "done"
        return still_good(old, fingerprint, self.wanted.folder)

    def _take(self, number: int, result: JobOutcome | LostError) -> None:
        if isinstance(result, LostError):
            result = refused(UnusableInputError("", *LOST, Blame.MACHINE))
        job, fingerprint = self.wanted.jobs[number], self.prints[number]
        try:
            kept = tuple(self._write(job, result))
        except UnusableInputError as error:  # the place for its outputs: the others have theirs
            # Whoever is at fault: once there is room for it, it is to be written.
            result = replace(refused(error), unit=result.unit, state="unfinished")
            kept, fingerprint = (), ""
        self.entries[number] = entry(job, result, fingerprint, kept)
        if len(self.entries) % OFTEN == 0:
            self._keep()

    def _write(self, job: Job, result: JobOutcome) -> Iterator[tuple[str, str]]:
        """Put the outputs into their place; what stood there and is not the same is kept under another name."""
        folder = self.wanted.folder / job.place
        make_folder(folder)
        names = {f"{job.place}/{name}" for name, _ in result.files}
        old = self.before.get(job.label)
        gone = [self.wanted.folder / name for name in (old.written if old else ()) if name not in names]
        own = (path for path in gone if folder.resolve() in path.resolve().parents and path.is_file())
        for earlier in own:  # a record may say anything: nothing but the outputs of this file is moved
            yield set_aside(earlier)  # of an earlier state of the file: nobody is to take it for this one
        for name, data in result.files:
            make_folder((folder / name).parent)
            if name == TOLD:
                replace_file(folder / name, data)
            else:
                yield from save(folder / name, data)

    def _keep(self) -> None:
        entries = (self.entries[number] for number in sorted(self.entries))
        keep_entries(self.wanted.record, self.wanted.command, entries)
