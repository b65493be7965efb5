"""The files that units send: which they are, and what of each is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.app.batch.examined import KEPT, ExaminedBefore, ExaminedUnit
from budgetgen.app.batch.executors import LostError, runner
from budgetgen.app.batch.fingerprints import program_fingerprint
from budgetgen.app.batch.jobs import Sent, labels
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.outputs import STATUSES
from budgetgen.app.progress import Progress
from budgetgen.book.facts import fact, incomplete
from budgetgen.department.submissions import Submission
from budgetgen.department.units import inner_units
from budgetgen.reading.forms import WORD, WORKBOOKS, is_word
from budgetgen.reading.names import read_units
from budgetgen.reading.secrets import spoken
from budgetgen.reading.workbook import WORKBOOK
from budgetgen.values.findings import Blame, Severity, UnusableInputError
from budgetgen.values.model import Book, Row, Table
from budgetgen.values.packing import pack_book
from budgetgen.values.troubles import LOST, unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding

UNITS_FILES = frozenset({*WORKBOOKS, *WORD, *(".xlsm", ".ods", ".docm", ".zip", ".rar", ".7z")})
"""What a unit may send: the last cannot be read, and are told with what to do."""
SHOWN = 3
"""How many errors of a unit are told; `check` tells them all."""


@dataclass(frozen=True)
class Sources:
    """Where a department's figures come from.

    Attributes:
        files: of the units, workbooks or published documents.
        listed: a list of all units, one name per line or row; None where there is none.
        earlier: the department's workbook of an earlier consolidation.
        edition: the format of the files; by default that which each names.
        workers: how many processes read; by default one for each processor.
        scheduler: the address of a Dask cluster that reads instead.
        kept: whether files that have not changed since an earlier run are taken as they were found then.
        explained: of the files, those whose findings were explained elsewhere.
    """

    files: tuple[Path, ...]
    listed: Path | None = None
    earlier: Path | None = None
    edition: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    kept: bool = False
    explained: frozenset[Path] = frozenset()


class Found(NamedTuple):
    """What a folder holds.

    Attributes:
        files: that may be units'.
        other: that are not.
    """

    files: tuple[Path, ...]
    other: tuple[Path, ...] = ()


def files_in(path: Path, output: Path | None = None) -> Found:
    """The files of units that are named by a file or a folder, and what else the folder holds.

    A folder within the folder, and a file of another kind that may hold a unit's figures, is one of them: it is
    refused by name, for a unit must not be left out without a word. A document beside the workbook of its name
    is not.

    Args:
        path: the file or folder.
        output: the workbook to be written, which may stand in the folder.
    """
    if not path.is_dir():
        return Found((path,))
    inside = sorted(p for p in path.iterdir() if not _hidden(p) and p != output)
    books = {p.stem for p in inside if p.suffix.lower() in WORKBOOKS}
    found = [p for p in inside if _may_be_a_unit(p) and not (is_word(p) and p.stem in books)]
    if not found:
        raise UnusableInputError(path, "文件夹里没有填报表或公开文本", "换一个文件夹，或直接给出文件名")
    return Found(tuple(found), tuple(p for p in inside if not _may_be_a_unit(p)))


def _hidden(path: Path) -> bool:
    """What Office and the systems leave in a folder for themselves."""
    return path.name.startswith(("~$", ".")) or path.name.lower() in {"desktop.ini", "thumbs.db"}


def _may_be_a_unit(path: Path) -> bool:
    """Whether a unit's figures may be in it; what a refused consolidation wrote holds none."""
    if path.suffix.lower() == WORKBOOK and STATUSES in path.stem:
        return False
    return path.is_dir() or path.suffix.lower() in UNITS_FILES


# --- reading ------------------------------------------------------------------------------------------------


def read_files(sources: Sources) -> list[ExaminedUnit]:
    """Every file with what is needed of it, in the order in which they were named, wherever they are read."""
    files = tuple({path.resolve(): path for path in sources.files}.values())  # a file named twice is one file
    jobs = [Sent(str(path.absolute()), label) for path, label in zip(files, labels(files), strict=True)]
    before = ExaminedBefore(sources.edition, program_fingerprint()) if sources.kept else None
    known = {job: unit for job in jobs if before and (unit := before.recall(job))}
    read = {**known, **_read_anew([job for job in jobs if job not in known], sources, before)}
    return [_explained(read[job], path in sources.explained) for path, job in zip(files, jobs, strict=True)]


def _explained(unit: ExaminedUnit, elsewhere: bool) -> ExaminedUnit:
    explained = unit.submission.explained or elsewhere
    return unit._replace(submission=replace(unit.submission, explained=explained))


def _read_anew(
    jobs: Sequence[Sent], sources: Sources, before: ExaminedBefore | None
) -> Mapping[Sent, ExaminedUnit]:
    """The files that have to be read, each kept for the next run as soon as that is done."""
    doing = runner(
        partial(_submit, edition=sources.edition), workers=sources.workers, scheduler=sources.scheduler
    )
    keys = [before.key(job) if before else "" for job in jobs]
    sent = (job.packed() if sources.scheduler else job for job in jobs)
    read: dict[Sent, ExaminedUnit] = {}
    with Progress("核对", len(jobs)) as progress:
        for number, found in doing.each(sent, len(jobs)):
            job = jobs[number]
            read[job] = ExaminedUnit(_lost(job.told)) if isinstance(found, LostError) else found
            if before:
                before.keep(job, keys[number], read[job])
            progress.step()
    if before and jobs:
        KEPT.clear()
    return read


def units_in(source: Path) -> Mapping[str, str]:
    """The units that a list names, or whose files a folder holds: name → code.

    Raises:
        UnusableInputError: it cannot be read, names nothing, or a file of the folder tells no unit.
    """
    if not source.is_dir():
        return read_units(source)
    found = (unit.submission for unit in read_files(Sources(files_in(source).files)))
    read = [submission for submission in found if not submission.result]
    for submission in read:
        if not submission.unit:
            problem = submission.problem or "没有填单位名称"
            raise UnusableInputError(source / submission.file, problem, "改正这份文件，或改用单位名单")
    return {submission.unit: submission.code for submission in read}


def _lost(label: str) -> Submission:
    return _unknown(UnusableInputError(label, *LOST, Blame.MACHINE), label)


def _unknown(error: UnusableInputError, label: str) -> Submission:
    """A file that nothing is known of, and why."""
    return Submission(label, problem=f"{error.problem}（{error.fix}）", blame=error.blame)


def _submit(job: Sent, edition: str | None) -> ExaminedUnit:
    """One file: how it stands, and its Book, as data that any run may read again."""
    with TemporaryDirectory(prefix="budgetgen-") as folder:
        return _submitted(job.at(Path(folder)), job.told, edition)


def _submitted(path: Path, label: str, edition: str | None) -> ExaminedUnit:
    try:
        checked = examine(path, edition=edition, locating=False)
    except Exception as error:
        if told := unusable(error):
            return ExaminedUnit(_unknown(told, label))
        raise
    if checked.seal and checked.seal.secrets.speaks(label):
        label = f"{checked.unit}{path.suffix}"
    book = replace(_needed(checked.book, checked.edition), file=label)
    return ExaminedUnit(submission_of(label, checked), pack_book(book), secret=checked.seal is not None)


def submission_of(label: str, checked: Checked) -> Submission:
    """A checked file as far as it decides whether it can be consolidated."""
    house, declared = checked.edition.house, checked.edition.consolidation
    facts = {row.key: row.text(house.value) for row in checked.book[house.about].rows}
    errors = [f for f in checked.findings if f.severity == Severity.ERROR]
    return Submission(
        file=label,
        unit=checked.unit,
        year=facts.get(house.year, ""),
        edition=checked.edition.id,
        money=facts.get(house.money, ""),
        kind=facts.get(house.kind, ""),
        authority=facts.get(declared.authority, "") if declared else "",
        code=facts.get(declared.code, "") if declared else "",
        content=_content(checked.book, checked.edition),
        errors=len(errors),
        explains=sum(f.severity == Severity.EXPLAIN for f in checked.findings),
        notes=sum(f.severity == Severity.NOTE for f in checked.findings),
        explained=not any(f.open for f in checked.findings),
        first=tuple(_told(finding, checked.edition) for finding in errors[:SHOWN]),
        result=_is_result(checked),
        units=inner_units(checked.book, checked.edition),
        lacking=incomplete(checked.book[declared.traces.statuses], checked.edition) if declared else (),
    )


def _is_result(checked: Checked) -> bool:
    """Whether a consolidation has written it: a department's workbook that tells how its units stand."""
    edition, declared = checked.edition, checked.edition.consolidation
    if declared is None:
        return False
    kind = fact(checked.book, edition, edition.house.kind)
    return kind == declared.kind and bool(checked.book[declared.traces.statuses].rows)


def _told(finding: Finding, edition: Edition) -> str:
    """An error with its place; the department's workbook does not speak of a secret item: of its error the title."""
    place = finding.spots[0].place or finding.spots[0].table if finding.spots else ""
    rule = edition.rules.get(finding.rule)
    secret = any(
        spoken(text, edition) for text in (*finding.texts, finding.message)
    )  # the words as a last guard
    said = rule.title if rule and secret else finding.message
    return f"{place} {said}".strip()


def _content(book: Book, edition: Edition) -> str:
    """Tells files with the same figures and texts, whoever sends them; empty where there is nothing in them."""
    tables = [table for table in edition.table if table.name != edition.house.about]
    cells = [
        (table.name, column, str(cell.value))
        for table in tables
        for row in book[table.name].rows
        for column, cell in row.cells.items()
        if cell.given and cell.value and table.columns[column].type not in {"unit", "label"}
    ]
    return hashlib.sha256(repr(cells).encode()).hexdigest() if cells else ""


def _needed(book: Book, edition: Edition) -> Book:
    """A Book without what consolidation does not ask for."""
    unused = edition.explanations.table
    lean = {name: _lean(table) for name, table in book.tables.items() if name != unused}
    return replace(book, tables={**lean, unused: Table(unused)})


def _lean(table: Table) -> Table:
    return Table(table.name, tuple(row for row in table.rows if not _idle(row)))


def _idle(row: Row) -> bool:
    """Whether nothing at all stands in a row, not even its name."""
    return all(cell.value is None for cell in row.cells.values())
