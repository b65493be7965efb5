"""A copy of a checked file with what was found at the places where it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.copies import copied
from budgetgen.app.pipeline.outputs import ANNOTATED, beside, save
from budgetgen.reading.forms import is_document, new_suffix
from budgetgen.writing.archive import make_folder
from budgetgen.writing.review.annotations import annotated_document, annotated_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.values.findings import Finding


@dataclass(frozen=True)
class Annotated:
    """What was written.

    Attributes:
        path: the copy.
        kept: an earlier file of the same name, as (name, new name).
    """

    path: Path
    kept: tuple[tuple[str, str], ...] = ()


def annotate(checked: Checked, folder: Path, mends: Sequence[Finding] = ()) -> Annotated:
    """Write the annotated copy of a workbook or document; the file itself is never written to.

    Args:
        checked: the file.
        folder: where the copy goes; it is made where it does not exist.
        mends: the figures to mend first.

    Raises:
        UnusableInputError: the file tells of a secret item what a copy would spread; or the file or the folder
            cannot be worked with any more.
    """
    path = checked.path
    annotated = _annotated(checked, mends)
    stem = path.stem.removesuffix(ANNOTATED)
    make_folder(folder)
    target = beside(path, folder / f"{stem}{ANNOTATED}{new_suffix(path)}", ANNOTATED)
    return Annotated(target, tuple(save(target, annotated)))


def _annotated(checked: Checked, mends: Sequence[Finding]) -> bytes:
    if is_document(checked.path):
        return annotated_document(copied(checked), checked.findings, mends)
    sheet = checked.edition.sheets.results
    return annotated_workbook(copied(checked), checked.findings, mends, sheet=sheet)
