"""A department's workbook out of its units' files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.app.batch.added import summed_up
from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.inputs import derived as read_derived
from budgetgen.app.pipeline.outputs import STATUSES, file_name, refuse_existing, save
from budgetgen.app.pipeline.unit_files import read_files
from budgetgen.app.progress import begin
from budgetgen.book.derivation import derive
from budgetgen.book.facts import fact
from budgetgen.department.admission import admit, common_edition
from budgetgen.department.department import Department, concluded
from budgetgen.department.statuses import statuses_table
from budgetgen.department.units import is_own_office
from budgetgen.reading.names import read_names
from budgetgen.reading.sources import read_sources
from budgetgen.reading.workbook import WORKBOOK
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.listing import render_listing
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.unit_files import Sources
    from budgetgen.department.submissions import Admission
    from budgetgen.department.together import Together
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding

NAME = "{}{}部门汇总表"


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
    submissions = tuple(unit.submission for unit in read)
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
    sent = {unit.submission.file: unit for unit in read}
    taken = (sent[submission.file] for submission in admission.taken)
    together = summed_up(taken, edition, department.name, kept=sources.kept)
    return _consolidated(admission, together, department, target)


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
    admission: Admission, together: Together, department: Department, target: Path
) -> ConsolidationRun:
    """Write the workbook of a department of the units that were taken."""
    edition, done = together.edition, concluded(together, department)
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


# --- the department -----------------------------------------------------------------------------------------


def _earlier(path: Path) -> Checked:
    """The department's earlier workbook."""
    checked = read_derived(path)
    edition, declared = checked.edition, checked.edition.consolidation
    kind = fact(checked.book, edition, edition.house.kind)
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
