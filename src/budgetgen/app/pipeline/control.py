"""The approved figures of the finance bureau against the files of a department."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.pipeline.unit_files import read_files
from budgetgen.app.reports.control import render_differences
from budgetgen.department.admission import common_edition
from budgetgen.department.control import ControlComparison, ControlDifference
from budgetgen.department.units import Unit
from budgetgen.reading.control import read_control
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.packing import unpack_book
from budgetgen.writing.archive import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from budgetgen.app.batch.examined import ExaminedUnit
    from budgetgen.app.pipeline.unit_files import Sources
    from budgetgen.edition.declarations import Edition


@dataclass(frozen=True)
class Controlled:
    """What a comparison with approved figures found.

    Attributes:
        edition: the format of the files.
        figures: how many are approved.
        units: how many units were compared.
        differences: of units in their order, then of all together.
        unread: files that could not be read, with why.
    """

    edition: Edition
    figures: int
    units: int
    differences: tuple[ControlDifference, ...]
    unread: tuple[tuple[str, str], ...]


def control(approved: Path, sources: Sources, *, money: str | None, output: Path | None) -> Controlled:
    """Compare approved figures with those of units, and of their department where its workbook is there.

    Args:
        approved: the bureau's sheet.
        sources: the files.
        money: 元 or 万元, where the sheet does not tell it.
        output: a workbook for the differences.

    Raises:
        UnusableInputError: the sheet cannot be read, or the workbook exists.
    """
    if output:
        refuse_existing(output)
    read = read_files(sources)
    edition = edition_of(sources.edition or common_edition([unit.submission for unit in read]) or None)
    if edition.control is None:
        raise UnusableInputError(
            approved, f"版式“{edition.id}”没有说明控制数、批复表怎样读", "换一个有这项说明的版式"
        )
    figures = read_control(approved, edition, edition.control, money=money)
    comparison = ControlComparison(edition, figures)
    found = tuple(_compared(read, comparison, edition))
    unread = tuple((sent.file, sent.problem) for sent, *_ in read if sent.problem)
    done = Controlled(edition, len(figures), len(comparison.met), found, unread)
    if output:
        replace_file(output, render_differences(done.differences))
    return done


def _compared(
    read: Sequence[ExaminedUnit], comparison: ControlComparison, edition: Edition
) -> Iterator[ControlDifference]:
    whole = None
    for sent, book, _ in read:
        if sent.problem:
            continue
        unit = Unit(sent.unit, unpack_book(book))
        if sent.kind == edition.consolidating.kind and not comparison.names(sent.unit, sent.code):
            whole = unit
        else:
            yield from comparison.of(unit, sent.code)
    yield from comparison.rest(whole)
