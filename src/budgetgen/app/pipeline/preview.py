"""What the author of an edition sees before anybody has filled it in: workbook and document with dummy figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from budgetgen.app.pipeline.build import with_page_numbers
from budgetgen.app.pipeline.editions import named
from budgetgen.app.pipeline.outputs import file_name, save
from budgetgen.app.progress import begin
from budgetgen.checking.checks import check
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Severity, UnusableInputError
from budgetgen.values.text import near_name
from budgetgen.writing.archive import make_folder
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Table

MOST_CODES: Final = 10
NAME: Final = "{}{}样例"
"""Of the id of an edition and of what the document is of."""


@dataclass(frozen=True)
class Previewed:
    """What was written for one kind of document.

    Attributes:
        kind: 单位 or 部门.
        bare: the printed tables without a figure.
        findings: the errors that the dummy figures have: relations that cannot all hold.
        written: the workbook and the document.
        kept: earlier files of the same name, as (name, new name).
    """

    kind: str
    bare: tuple[str, ...]
    findings: tuple[Finding, ...]
    written: tuple[Path, Path]
    kept: tuple[tuple[str, str], ...]


def preview(name: str, folder: Path, codes: tuple[str, ...] = ()) -> tuple[Previewed, ...]:
    """Write a workbook and a document for each kind of document that an edition has.

    Args:
        name: its id, or its folder.
        folder: where to.
        codes: the codes that the lines are to have; by default such as show most.

    Raises:
        UnusableInputError: it does not load, has no such codes, or nothing can be written.
    """
    begin(f"读版式 {name}")
    edition = named(name)
    _check_codes(codes, edition)
    if find_spec("highspy") is None:
        raise UnusableInputError(
            "highspy", "没有安装这个程序库，配不平样例数据", "pip install budgetgen[localise]"
        )
    make_folder(folder)
    return tuple(_previewed(edition, kind, folder, codes) for kind in edition.choices(edition.house.kind))


def _check_codes(codes: tuple[str, ...], edition: Edition) -> None:
    """Refuse codes that no classification of the edition has, and more than lines have names for."""
    known = {**edition.codes("function"), **edition.codes("economic")}
    strange = [code for code in codes if code not in known]
    if strange:
        near = near_name(strange[0], known)
        raise UnusableInputError(
            "、".join(strange), f"版式 {edition.id} 的科目表里没有这个代码{near}", "核对 --codes"
        )
    if len(codes) > MOST_CODES:
        raise UnusableInputError("--codes", f"写了 {len(codes)} 个代码，最多 {MOST_CODES} 个", "分几次预览")


def _previewed(edition: Edition, kind: str, folder: Path, codes: tuple[str, ...]) -> Previewed:
    from budgetgen.specimen.specimen import specimen  # noqa: PLC0415 - its solver takes time to import

    begin(f"配平{kind}的样例数据")
    book = specimen(edition, kind, codes)
    errors = (finding for finding in check(book, edition) if finding.severity == Severity.ERROR)
    begin("写填报表和公开文本")
    mark = edition.sheets.specimen
    disclosure = replace(compose(book, edition, draft=True), draft=mark)
    stem = file_name(NAME.format(edition.id, kind))
    files = {
        folder / f"{stem}.xlsx": render_workbook(edition, book, mark=mark),
        folder / f"{stem}.docx": with_page_numbers(render_document(disclosure, edition)),
    }
    kept = [told for path, data in files.items() for told in save(path, data)]
    workbook, document = files
    bare = (f"表{table.ordinal}" for table in edition.printed if not _figures(book[table.name]))
    return Previewed(kind, tuple(bare), tuple(errors), (workbook, document), tuple(kept))


def _figures(table: Table) -> bool:
    return any(isinstance(cell.value, Decimal) for row in table.rows for cell in row.cells.values())
