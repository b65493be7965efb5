"""The workbook of a published document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.inputs import derived
from budgetgen.app.pipeline.outputs import file_name, refuse_existing
from budgetgen.app.progress import begin
from budgetgen.reading.forms import is_document
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from budgetgen.app.pipeline.inputs import Checked

IMPORTED_NAME = "{}{}年填报表"


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        checked: the published document, with the findings of reading only.
        written: the workbook.
    """

    checked: Checked
    written: Path


def import_document(path: Path, *, edition: str | None = None, output: Path | None = None) -> Imported:
    """Write the filled workbook of a published document.

    Args:
        path: the document.
        edition: its format; by default that of its year.
        output: the workbook; by default in the current folder.

    Raises:
        UnusableInputError: the document cannot be worked with, or the workbook exists already.
    """
    if not is_document(path):
        fix = "给出公开文本（.docx、.pdf、.doc、.wps、.html）；填报表不用导入，直接 check 或 build"
        raise UnusableInputError(path, "不是公开文本", fix)
    checked = derived(path, edition)
    name = file_name(IMPORTED_NAME.format(checked.unit, checked.year or checked.edition.edition.year))
    begin("写填报表")
    target = output or Path(f"{name}.xlsx")
    refuse_existing(target)
    replace_file(target, render_workbook(checked.edition, checked.book))
    return Imported(checked, target)
