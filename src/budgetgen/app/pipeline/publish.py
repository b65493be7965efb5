"""What is published beside the Word document: PDF, web page, open data, one page for everybody, or all as one release."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.app.progress import begin
from budgetgen.app.reports.findings import required
from budgetgen.app.reports.release import release_report
from budgetgen.saying.brief import brief_of
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.libreoffice import to_pdf
from budgetgen.writing.publication.brief import render_brief
from budgetgen.writing.publication.data import render_data_package
from budgetgen.writing.publication.page import render_disclosure_page

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.values.model import Disclosure

Publication: TypeAlias = Literal["pdf", "html", "data", "brief", "release"]
DATA = "（数据）.zip"
BRIEF = "（一页看懂）.html"
RELEASE = "（公开包）"
REPORT = "核对报告.txt"
REQUIRED = "公开检查表.txt"
CHECKSUMS = "SHA256SUMS"


def publications(
    checked: Checked,
    disclosure: Disclosure,
    document: Path,
    printed: bytes,
    also: Collection[Publication],
) -> Mapping[Path, bytes]:
    """The files that are published of a disclosure beside its document, by where they are written.

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
        return {document.parent / name: data for name, data in made.items()}
    folder = document.parent / f"{document.stem}{RELEASE}"
    told = {REPORT: release_report(checked).encode(), REQUIRED: f"{required(checked)}\n".encode()}
    made = {document.name: printed, **made, **told}
    return {folder / name: data for name, data in {**made, CHECKSUMS: _sums(made)}.items()}


def _brief(checked: Checked, disclosure: Disclosure) -> bytes:
    if not checked.edition.brief.chart:
        told = f"版式“{checked.edition.id}”没有声明一页看懂（[brief]）"
        raise UnusableInputError(checked.path, told, "去掉 --brief；要有这一页，在版式里加上 brief.toml")
    return render_brief(brief_of(checked.book, checked.edition, draft=disclosure.draft), checked.edition)


def _sums(files: Mapping[str, bytes]) -> bytes:
    """What the files are known by, as `sha256sum -c` reads it."""
    return "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
