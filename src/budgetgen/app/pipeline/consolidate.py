"""A department's workbook out of its units' files."""

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
from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.inputs import derived as read_derived
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.outputs import STATUSES, file_name, refuse_existing, save
from budgetgen.app.progress import Progress, begin
from budgetgen.book.derivation import derive
from budgetgen.book.facts import incomplete
from budgetgen.department.admission import admit, common_edition
from budgetgen.department.department import Department, consolidate
from budgetgen.department.statuses import statuses_table
from budgetgen.department.submissions import Submission
from budgetgen.department.units import Unit, inner_units, is_own_office
from budgetgen.reading.forms import WORD, WORKBOOKS, is_word
from budgetgen.reading.names import read_names, read_units
from budgetgen.reading.secrets import spoken
from budgetgen.reading.sources import read_sources
from budgetgen.reading.workbook import WORKBOOK
from budgetgen.values.findings import Blame, Severity, UnusableInputError
from budgetgen.values.model import Book, Row, Table
from budgetgen.values.packing import pack_book, unpack_book
from budgetgen.values.troubles import LOST, unusable
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.listing import render_listing
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.department.submissions import Admission
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding

NAME = "{}{}部门汇总表"
UNITS_FILES = frozenset({*WORKBOOKS, *WORD, *(".xlsm", ".ods", ".docm", ".zip", ".rar", ".7z")})
"""What a unit may send: the last cannot be read, and are told with what to do."""
SHOWN = 3
"""How many errors of a unit are told; `check` tells them all."""


@dataclass(frozen=True)
class ConsolidationRun:
    """What a consolidation did.

    Attributes:
        admission: how every unit stands, and what keeps files out.
        edition: the format.
        findings: what the department has to look at.
        written: the workbook; None where files were kept out and a partial one was not asked for.
        statuses: how every unit stands, as a file of its own, where there is no workbook to hold it.
        replaced: under which name an earlier file of that name is kept.
    """

    admission: Admission
    edition: Edition
    findings: tuple[Finding, ...] = ()
    written: Path | None = None
    statuses: Path | None = None
    replaced: str = ""

    @property
    def without_own(self) -> bool:
        """Whether the department's own office is not among the units that were consolidated."""
        names = (submission.unit for submission in self.admission.taken)
        return not any(is_own_office(name, self.edition, self.admission.name) for name in names)


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


def gather(
    sources: Sources, *, name: str = "", output: Path | None = None, partial: bool = False
) -> ConsolidationRun:
    """Write the workbook of a department; where there is none, how its units stand.

    Args:
        sources: the files.
        name: of the department; by default what the units say.
        output: the workbook; by default in the current folder.
        partial: consolidate what is there, and mark the result as incomplete.

    Raises:
        UnusableInputError: the list, the earlier workbook or the name cannot be had, or the workbook exists.
    """
    _check_output(output)
    listed = read_names(sources.listed) if sources.listed else ()
    earlier = _earlier(sources.earlier) if sources.earlier else None
    read = read_files(sources)
    submissions = tuple(submission for submission, _ in read)
    edition = edition_of(sources.edition or common_edition(submissions) or None)
    _require_consolidation(edition)
    admission = admit(submissions, edition, name=name or _name(earlier), listed=listed)
    if earlier:
        _same_year(earlier, edition)
    target = output or _target(admission)
    if not admission.taken or (admission.faults and not partial):
        return _refused(admission, edition, target)
    department = _department(_named(admission, edition), earlier)
    refuse_existing(target)
    begin("汇总")
    return _consolidated(admission, edition, read, department, target)


def _check_output(output: Path | None) -> None:
    if output and output.suffix.lower() != WORKBOOK:
        raise UnusableInputError(output, "部门填报表是 .xlsx 工作簿", "把 -o 的文件名改成以 .xlsx 结尾")
    if output:
        refuse_existing(output)


def _named(admission: Admission, edition: Edition) -> str:
    """The name of the department.

    Raises:
        UnusableInputError: nobody says it.
    """
    if not admission.name:
        declared = edition.consolidating
        problem = f"各单位没有填{declared.authority}，也没有名称带“（{declared.own}）”的单位"
        raise UnusableInputError("部门名称", problem, "用 --name 给出部门全称")
    return admission.name


def _consolidated(
    admission: Admission,
    edition: Edition,
    read: Sequence[tuple[Submission, bytes]],
    department: Department,
    target: Path,
) -> ConsolidationRun:
    """Consolidate the units that were taken, and write the workbook of the department."""
    packed = {submission.file: book for submission, book in read}
    done = consolidate(_units(admission, packed), edition, department)
    statuses = statuses_table(admission.statuses, edition)
    book = replace(done.book, file=target.name).with_tables({statuses.name: statuses})
    replace_file(
        target, render_workbook(edition, derive(book, edition), sources=done.sources, columns=done.columns)
    )
    return ConsolidationRun(admission, edition, done.findings, target)


def _target(admission: Admission) -> Path:
    """The workbook of the department, in the current folder."""
    year = next((f"{submission.year}年" for submission in admission.taken), "")
    return Path(f"{file_name(NAME.format(year, admission.name))}.xlsx")


def _refused(admission: Admission, edition: Edition, target: Path) -> ConsolidationRun:
    """How the units stand, beside where the workbook would be."""
    path = target.with_stem(target.stem + STATUSES)
    kept = dict(save(path, render_listing(edition, statuses_table(admission.statuses, edition))))
    return ConsolidationRun(admission, edition, statuses=path, replaced=kept.get(path.name, ""))


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


def read_files(sources: Sources) -> list[tuple[Submission, bytes]]:
    """Every file with what is needed of it, in the order in which they were named, wherever they are read."""
    files = tuple({path.resolve(): path for path in sources.files}.values())  # a file named twice is one file
    jobs = [Sent(str(path.absolute()), label) for path, label in zip(files, labels(files), strict=True)]
    before = ExaminedBefore(sources.edition, program_fingerprint()) if sources.kept else None
    known = {job: unit for job in jobs if before and (unit := before.recall(job))}
    read = {**known, **_read_anew([job for job in jobs if job not in known], sources, before)}
    found = [(read[job].submission, read[job].book) for job in jobs]
    return [
        (replace(submission, explained=submission.explained or path in sources.explained), book)
        for path, (submission, book) in zip(files, found, strict=True)
    ]


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


def unit_of(submission: Submission, packed: bytes, *, blanks: bool = True) -> Unit:
    """A unit that was read; with the places of its blank cells where these are asked for."""
    return Unit(submission.unit, unpack_book(packed, blanks=blanks))


def units_in(source: Path) -> Mapping[str, str]:
    """The units that a list names, or whose files a folder holds: name → code.

    Raises:
        UnusableInputError: it cannot be read, names nothing, or a file of the folder tells no unit.
    """
    if not source.is_dir():
        return read_units(source)
    read = [
        submission for submission, _ in read_files(Sources(files_in(source).files)) if not submission.result
    ]
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
    house, declared = checked.edition.house, checked.edition.consolidation
    if declared is None:
        return False
    kind = checked.book.cell(house.about, house.kind, house.value).value
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


def _units(admission: Admission, packed: Mapping[str, bytes]) -> Iterator[Unit]:
    """The units one after the other: only one Book is unpacked at a time."""
    for submission in admission.taken:
        yield unit_of(submission, packed[submission.file], blanks=False)


# --- the department -----------------------------------------------------------------------------------------


def _earlier(path: Path) -> Checked:
    """The department's earlier workbook."""
    checked = read_derived(path)
    house, declared = checked.edition.house, checked.edition.consolidation
    kind = checked.book.cell(house.about, house.kind, house.value).value
    if declared is None or kind != declared.kind or path.suffix.lower() != WORKBOOK:
        raise UnusableInputError(path, "不是部门的填报表", "--from 用上次 consolidate 写出、改过的部门填报表")
    return checked


def _require_consolidation(edition: Edition) -> None:
    """Refuse a format that names no department."""
    if edition.consolidation is None:
        problem = "这一版式没有部门汇总"
        raise UnusableInputError(edition.edition.title, problem, "各单位各自生成公开文本")


def _same_year(earlier: Checked, edition: Edition) -> None:
    if earlier.edition.id != edition.id:
        problem = f"是 {earlier.edition.edition.title} 的部门填报表，各单位用的是 {edition.edition.title}"
        raise UnusableInputError(
            earlier.path, problem, "--from 用同一年度、上次 consolidate 写出的部门填报表"
        )


def _department(name: str, earlier: Checked | None) -> Department:
    """What the department says, with what its earlier workbook keeps."""
    if earlier is None:
        return Department(name)
    return Department(name, earlier.book, read_sources(earlier.path, earlier.edition, earlier.seal))


def _name(earlier: Checked | None) -> str:
    return earlier.unit if earlier else ""
