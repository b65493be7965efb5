"""The document of a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.outputs import COMPLETED, beside, file_name, save
from budgetgen.app.progress import begin
from budgetgen.reading.sources import read_sources
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import Paragraph
from budgetgen.writing import libreoffice
from budgetgen.writing.archive import make_folder
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.publish import Publication
    from budgetgen.app.pipeline.reasons import Drafted
    from budgetgen.values.model import Disclosure

DRAFT = "（草稿）"
ANEW = "（重新生成）"
SHOWN: Final = 3
"""So many of the paragraphs that lack something are quoted."""


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes:
        checked: the input.
        written: the files written: document, completed workbook; none where errors stopped the build.
        kept: earlier files of the same name, as (name, new name).
        drafted: the reasons proposed, in a draft.
        doubts: in how many places the PDF of a release does not say what the workbook says.
    """

    checked: Checked
    written: tuple[Path, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    drafted: Drafted | None = None
    doubts: int = 0

    @property
    def doubtful(self) -> str:
        """What there is to say of the PDF of a release; empty where it says what the workbook says."""
        told = f"公开包里的 PDF 有 {self.doubts} 处与填报表不符，先不要公开：用“核实”（budgetgen verify）核对这个 PDF"
        return told if self.doubts else ""


def build(  # noqa: PLR0913 - one for each option
    path: Path,
    folder: Path,
    *,
    draft: bool = False,
    edition: str | None = None,
    template: Path | None = None,
    prior: Path | None = None,
    also: Collection[Publication] = (),
) -> Built:
    """Write the document and the completed copy of a workbook, or of a published document.

    Nothing is written where the input has errors, unless a draft is asked for. The input itself is never
    written to; a file of the same name that holds something else is kept under another name.

    Args:
        path: the workbook or document.
        folder: where to.
        draft: whatever errors there are.
        edition: its format; by default that which the file names.
        template: the office's own.
        prior: last year's file.
        also: what else is published of it.

    Raises:
        UnusableInputError: the workbook, the template or the folder cannot be worked with.
    """
    checked = examine(path, edition=edition, prior=prior)
    if checked.failed and not draft:
        return Built(checked)
    proposed = _drafted(checked, prior) if draft else None
    book = proposed.checked.book if proposed else checked.book
    begin("生成公开文本")
    disclosure = compose(book, checked.edition, draft=draft)
    if not draft:
        _refuse_gaps(path, disclosure)
    stem = file_name(disclosure.file) + (DRAFT if draft else "")
    document = beside(path, folder / f"{stem}.docx", ANEW)
    copy = beside(path, folder / f"{stem}{COMPLETED}.xlsx", COMPLETED)
    printed = with_page_numbers(render_document(disclosure, checked.edition, template))
    begin("写补全的填报表")
    completed = render_workbook(
        checked.edition, book, sources=read_sources(path, checked.edition, checked.seal)
    )
    rendered, wrong = {document: printed, copy: completed}, 0
    if also:
        from budgetgen.app.pipeline.publish import publications  # noqa: PLC0415 - only where it is asked for

        published = publications(checked, disclosure, document, printed, also)
        rendered, wrong = {**rendered, **published.files}, published.doubts
    for target in rendered:
        make_folder(target.parent)
    make_folder(folder)
    kept = [told for target, data in rendered.items() for told in save(target, data)]
    return Built(checked, tuple(rendered), tuple(kept), proposed, wrong)


def _refuse_gaps(path: Path, disclosure: Disclosure) -> None:
    """Refuse a text in which something is still missing: rules ask for what is printed, as far as the format says so."""
    told = [block for part in disclosure.parts for block in part.blocks if isinstance(block, Paragraph)]
    gaps = [block.text for block in told if any(run.open for run in block.runs)]
    if gaps:
        problem = f"公开文本里有 {len(gaps)} 段还有没填的：{'；'.join(f'“{text}”' for text in gaps[:SHOWN])}"
        raise UnusableInputError(
            path, problem, "填上这几段要的数和文字（上年没有的，在“上年数”填 0）；先看样子的用 --draft"
        )


def _drafted(checked: Checked, prior: Path | None) -> Drafted:
    from budgetgen.app.pipeline.reasons import drafted  # noqa: PLC0415 - not for what is published

    return drafted(checked, prior)


def with_page_numbers(document: bytes) -> bytes:
    """The document with true page numbers in its contents where LibreOffice can tell them; Word renews them in any case."""
    if not libreoffice.available():
        return document
    from budgetgen.writing.document.contents import numbered, pages_of  # noqa: PLC0415 - only with LibreOffice

    begin("数目录的页码")
    draft = numbered(document)
    try:
        pages = pages_of(draft, libreoffice.to_pdf({"目录": draft})["目录"])
    except UnusableInputError:
        return document
    return numbered(draft, pages) if pages else document
