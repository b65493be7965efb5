"""A document against its workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.inputs import Checked, examine
from budgetgen.app.progress import begin
from budgetgen.reading.document.manuscript import manuscript
from budgetgen.reading.document.published import published_manuscript
from budgetgen.reading.forms import is_document
from budgetgen.reading.secrets import Secrets, spoken
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Finding, Severity, Spot, UnusableInputError
from budgetgen.values.sayings import saying
from budgetgen.verification import drafted, stranger, verify
from budgetgen.writing.document.writer import render_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetgen.reading.document.manuscript import Manuscript
    from budgetgen.values.model import Disclosure
    from budgetgen.verification import Verified


@dataclass(frozen=True)
class Proved:
    """What a proof found.

    Attributes:
        checked: the document, with the findings of the proof.
        workbook: the file that it was proved against.
        numbers: how many numbers the document has.
        tied: how many of them are right.
    """

    checked: Checked
    workbook: Path
    numbers: int
    tied: int

    @property
    def passed(self) -> bool:
        """Whether the document says what the workbook says: explanations are not for what differs from it."""
        return all(finding.severity == Severity.NOTE for finding in self.checked.findings)


def prove(
    document: Path,
    workbook: Path,
    *,
    edition: str | None = None,
    template: Path | None = None,
    prior: Path | None = None,
) -> Proved:
    """Prove a document against its workbook.

    Args:
        document: as it is to be published.
        workbook: that it was built from, or the completed copy.
        edition: the format; by default that which the workbook names.
        template: the office's own Word template that it was built with.
        prior: last year's file, where it was built with one.

    Raises:
        UnusableInputError: a file cannot be worked with, or the two are not of the same unit and year.
    """
    if not is_document(document):
        fix = "先给出公开文本（.docx、.pdf、.doc、.wps、.html），再给出它的填报表"
        raise UnusableInputError(document, "不是公开文本", fix)
    if is_document(workbook):
        raise UnusableInputError(workbook, "不是填报表", "第二个文件给出 .xlsx 填报表")
    truth = examine(workbook, edition=edition, prior=prior, locating=False)
    found = published_manuscript(document, truth.edition)
    # A draft is refused for its marks; against the draft, what else is wrong with it shows as well.
    disclosure = compose(truth.book, truth.edition, draft=drafted(found, truth.edition))
    if problem := stranger(disclosure, found):
        raise UnusableInputError(
            document, f"与填报表不是同一单位、同一年度：{problem}", "换成同一份预算的两个文件"
        )
    proof = compared(truth, disclosure, render_document(disclosure, truth.edition, template), found)
    findings = (*_unproved(truth), *proof.findings)
    return Proved(Checked(document, truth.book, truth.edition, findings), workbook, proof.numbers, proof.tied)


def compared(truth: Checked, disclosure: Disclosure, given: bytes, found: Manuscript) -> Verified:
    """What a document says beside the one that its workbook gives.

    Args:
        truth: the workbook.
        disclosure: what it gives.
        given: that as a Word document.
        found: the document that is proved.
    """
    begin("逐个核对数字")
    own = manuscript(given)
    return verify(disclosure, truth.book, truth.edition, own, found, _secrets(truth, found))


def _secrets(truth: Checked, found: Manuscript) -> Secrets | None:
    """The secret items that the workbook and the document tell of; None for none."""
    texts = [text for passage in found.passages for text in passage.cells]
    items = [text for passage in found.passages if passage.table for text in passage.cells]
    own = Secrets.of(
        truth.edition, (text for text in items if spoken(text, truth.edition)), texts, (truth.unit,)
    )
    secrets = own.joined(truth.seal.secrets) if truth.seal else own
    return secrets or None


def _unproved(truth: Checked) -> Iterator[Finding]:
    """That the workbook itself has errors."""
    errors = sum(finding.severity == Severity.ERROR for finding in truth.findings)
    if errors:
        told = saying(文件=str(truth.path), 处=errors)
        yield Finding.of(truth.edition.rules["verify-workbook"], told, Spot("填报表"))
