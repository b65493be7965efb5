"""Where a figure of a file comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.pipeline.inputs import derived
from budgetgen.app.progress import begin
from budgetgen.department.tracing import NotFoundError, find, trace
from budgetgen.reading.sources import read_sources
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.department.tracing import Trace


def why(path: Path, text: str, *, edition: str | None = None) -> Trace:
    """Trace a figure.

    Args:
        path: a workbook or a published document.
        text: the figure, `支出总体[2060501].合计` or `支出总体!E12`.
        edition: the file's format; by default that which it names.

    Raises:
        UnusableInputError: the file cannot be worked with, or has no such figure.
    """
    checked = derived(path, edition)
    try:
        begin("追溯")
        figure = find(checked.book, checked.edition, text)
        return trace(checked.book, checked.edition, figure, read_sources(path, checked.edition, checked.seal))
    except NotFoundError as error:
        raise UnusableInputError(text or path, error.problem, error.fix) from error
