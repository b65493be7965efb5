"""The commands on one file, anywhere: what each writes comes back as bytes, for one process alone writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from budgetgen.app.batch.jobs import JobOutcome, refused
from budgetgen.app.incidents import keep
from budgetgen.app.pipeline.annotate import annotate
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.import_ import import_document
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.outputs import file_name
from budgetgen.app.pipeline.verify import prove
from budgetgen.app.reports import findings as report
from budgetgen.app.reports.mending import mends
from budgetgen.values.findings import Severity, UnusableInputError
from budgetgen.values.troubles import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from budgetgen.app.batch.jobs import Command, Job, State
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.values.findings import Finding

TOLD = "结果.txt"
"""What the command would have shown on the screen."""
INPUT, OUTPUT = "in", "out"


def perform(job: Job) -> JobOutcome:
    """Do a job; what is wrong with its files is its outcome and stops no other."""
    with TemporaryDirectory(prefix="budgetgen-") as folder:
        home = Path(folder)
        try:
            outcome, told = _TASKS[job.command](job, home)
        except Exception as error:  # noqa: BLE001 - the others go on
            outcome, told = _refused(error, job)
        return _gathered(outcome, _spoken(told, job, home), job, home)


def _refused(error: Exception, job: Job) -> tuple[JobOutcome, str]:
    """What nothing came of: for the file, or for what is asked anew the next time."""
    if told := unusable(error, job.label):
        return refused(told), str(told)
    incident = keep(error, [job.command], {job.command})
    remark = f"程序内部出错（{incident.summary}）" + (f"，记录写在 {incident.log}" if incident.log else "")
    return JobOutcome("broken", remark=remark), remark


def _gathered(outcome: JobOutcome, told: str, job: Job, home: Path) -> JobOutcome:
    """The outcome with everything that was written."""
    written = sorted(path for path in (home / OUTPUT).rglob("*") if path.is_file())
    files = [(path.relative_to(home / OUTPUT).as_posix(), path.read_bytes()) for path in written]
    told_too = (*files, (TOLD, f"{told}\n".encode()))
    return replace(outcome, remark=_spoken(outcome.remark, job, home), files=told_too)


def _spoken(text: str, job: Job, home: Path) -> str:
    """A text that speaks of the places that the clerk knows, not of those in which the work was done."""
    for role, file in job.roles.items():
        for path in (str(home / INPUT / role / file.name), file.path):
            text = text.replace(path, file.told)
    for separator in ("/", "\\"):
        text = text.replace(f"{home / OUTPUT}{separator}", f"{job.place}/")
    return text


def _build(job: Job, home: Path) -> tuple[JobOutcome, str]:
    options = job.options
    built = build(
        _file(job, home, "0"),
        home / OUTPUT,
        draft=options.draft,
        edition=options.edition,
        template=_optional(job, home, "template"),
        prior=_optional(job, home, "prior"),
        also=options.also,
    )
    told, outcome = report.printed(built.checked, everything=True), _outcome(built.checked)
    if not built.doubts:
        return outcome, told
    return replace(outcome, state="failed", remark=built.doubtful), f"{told}\n\n{built.doubtful}"


def _check(job: Job, home: Path) -> tuple[JobOutcome, str]:
    options = job.options
    prior = _optional(job, home, "prior")
    checked = examine(_file(job, home, "0"), edition=options.edition, prior=prior)
    told = report.printed(checked, everything=True)
    try:
        annotate(checked, home / OUTPUT, mends(checked))
    except UnusableInputError as error:  # its secret items: the findings are told all the same
        told += f"\n\n{error}"
    return _outcome(checked), told


def _import(job: Job, home: Path) -> tuple[JobOutcome, str]:
    source = _file(job, home, "0")
    (home / OUTPUT).mkdir()
    target = home / OUTPUT / f"{file_name(source.stem)}.xlsx"
    checked = import_document(source, edition=job.options.edition, output=target).checked
    # What was not understood is told, and does not make the workbook a failure: `check` judges it.
    return _outcome(checked, "done"), report.understood(checked.findings, checked.edition)


def _verify(job: Job, home: Path) -> tuple[JobOutcome, str]:
    options = job.options
    document, workbook = (_file(job, home, str(number)) for number in range(2))
    proved = prove(
        document,
        workbook,
        edition=options.edition,
        template=_optional(job, home, "template"),
        prior=_optional(job, home, "prior"),
    )
    told = report.proved(proved, everything=True)
    return _outcome(proved.checked, "done" if proved.passed else "failed"), told


_TASKS: Mapping[Command, Callable[[Job, Path], tuple[JobOutcome, str]]] = {
    "build": _build,
    "check": _check,
    "import": _import,
    "verify": _verify,
}


def _file(job: Job, home: Path, role: str) -> Path:
    return job.roles[role].at(home / INPUT / role)


def _optional(job: Job, home: Path, role: str) -> Path | None:
    return _file(job, home, role) if role in job.roles else None


def _outcome(checked: Checked, state: State | None = None) -> JobOutcome:
    errors, explains, notes = (_count(checked.findings, severity) for severity in Severity)
    judged: State = state or ("failed" if checked.failed else "done")
    remark = f"见 {TOLD}" if judged == "failed" else ""
    return JobOutcome(judged, checked.unit, errors, explains, notes, remark)


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity for finding in findings)
