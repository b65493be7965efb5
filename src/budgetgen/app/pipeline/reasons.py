"""Proposed reasons for the changes of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.inputs import derived, examine, last_of
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.progress import begin
from budgetgen.reading.sources import read_sources
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.writer import render_workbook
from budgetgen.years.drafting import propose, told_proposals, with_proposals

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.years.drafting import Proposal

PROPOSED = "（建议原因）"


@dataclass(frozen=True)
class Drafted:
    """What was proposed.

    Attributes:
        checked: the workbook, its Book with the proposals in it; their findings only.
        proposals: one for each change without a reason.
        written: the copy with the proposals; None where there are none.
    """

    checked: Checked
    proposals: tuple[Proposal, ...]
    written: Path | None = None


def drafted(checked: Checked, prior: Path | None) -> Drafted:
    """A checked file with proposals where reasons are missing.

    Args:
        checked: the file.
        prior: last year's file, where there is one.
    """
    last = last_of(derived(prior)) if prior else None
    begin("找增减的原因")
    proposals = propose(checked.book, checked.edition, last)
    book = with_proposals(checked.book, checked.edition, proposals)
    findings = tuple(told_proposals(book, checked.edition, proposals))
    return Drafted(replace(checked, book=book, findings=findings), proposals)


def reasons(
    path: Path, *, prior: Path | None = None, output: Path | None = None, edition: str | None = None
) -> Drafted:
    """Write a copy of a workbook with proposed reasons; the workbook itself is left as it is.

    Args:
        path: the workbook.
        prior: last year's workbook or published document.
        output: the copy; by default beside the workbook.
        edition: its format; by default that which the file names.

    Raises:
        UnusableInputError: a file cannot be worked with, or the copy exists already.
    """
    done = drafted(examine(path, edition=edition, prior=prior), prior)
    if not any(proposal.text for proposal in done.proposals):
        return done
    target = output or path.with_name(f"{path.stem}{PROPOSED}.xlsx")
    refuse_existing(target)
    edition_, sources = done.checked.edition, read_sources(path, done.checked.edition, done.checked.seal)
    replace_file(target, render_workbook(edition_, done.checked.book, sources=sources))
    return replace(done, written=target)
