"""What is published beside the Word document: PDF, web page, open data, one page for everybody, or all as one release."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.app.pipeline.verify import compared
from budgetgen.app.progress import begin
from budgetgen.app.reports.findings import required
from budgetgen.app.reports.release import doubts, release_report
from budgetgen.reading.document.published import published_manuscript
from budgetgen.saying.brief import brief_of
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.libreoffice import to_pdf
from budgetgen.writing.publication.brief import render_brief
from budgetgen.writing.publication.data import render_data_package
from budgetgen.writing.publication.page import render_disclosure_page

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.manuscript import Manuscript
    from budgetgen.values.model import Disclosure

Publication: TypeAlias = Literal["pdf", "html", "data", "brief", "release"]
DATA = "（数据）.zip"
BRIEF = "（一页看懂）.html"
RELEASE = "（公开包）"
REPORT = "核对报告.txt"
REQUIRED = "公开检查表.txt"
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Published:
    """What is published of a disclosure beside its document.

    Attributes:
        files: by where they are written.
        doubts: how many places of the PDF of a release do not say what the workbook says.
    """

    files: Mapping[Path, bytes]
    doubts: int = 0


def publications(
    checked: Checked,
    disclosure: Disclosure,
    document: Path,
    printed: bytes,
    also: Collection[Publication],
) -> Published:
    """What is published of a disclosure beside its document; the PDF of a release is proved against the workbook.

    Args:
        checked: the input.
        disclosure: what is published.
        document: where the Word document is written, whose name they share.
        printed: the Word document.
        also: what is asked for.

    Raises:
        UnusableInputError: LibreOffice is wanted and cannot do it, or the format has no page for everybody.
    """
    whole = "release" in also
    made: dict[str, bytes] = {}
    if whole or "pdf" in also:
        begin("生成 PDF")
        made[f"{document.stem}.pdf"] = to_pdf({document.name: printed})[document.name]
    if whole or "html" in also:
        made[f"{document.stem}.html"] = render_disclosure_page(disclosure, checked.edition)
    if whole or "data" in also:
        made[f"{document.stem}{DATA}"] = render_data_package(disclosure, checked.edition)
    if "brief" in also or (whole and checked.edition.brief.chart):
        made[f"{document.stem}{BRIEF}"] = _brief(checked, disclosure)
    if not whole:
        return Published({document.parent / name: data for name, data in made.items()})
    folder = document.parent / f"{document.stem}{RELEASE}"
    begin("核实 PDF")
    proof = compared(checked, disclosure, printed, _read_back(made[f"{document.stem}.pdf"], checked.edition))
    told = {REPORT: release_report(checked, proof).encode(), REQUIRED: f"{required(checked)}\n".encode()}
    made = {document.name: printed, **made, **told}
    files = {folder / name: data for name, data in {**made, CHECKSUMS: _sums(made)}.items()}
    return Published(files, len(doubts(proof)))


def _read_back(pdf: bytes, edition: Edition) -> Manuscript:
    """All that a PDF prints, as anybody reads it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "公开文本.pdf")
        path.write_bytes(pdf)
        return published_manuscript(path, edition)


def _brief(checked: Checked, disclosure: Disclosure) -> bytes:
    if not checked.edition.brief.chart:
        told = f"版式“{checked.edition.id}”没有声明一页看懂（[brief]）"
        raise UnusableInputError(checked.path, told, "去掉 --brief；要有这一页，在版式里加上 brief.toml")
    return render_brief(brief_of(checked.book, checked.edition, draft=disclosure.draft), checked.edition)


def _sums(files: Mapping[str, bytes]) -> bytes:
    """What the files are known by, as `sha256sum -c` reads it."""
    return "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
