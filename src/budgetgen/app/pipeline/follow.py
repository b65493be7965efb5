"""A workbook to fill, out of last year's file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.inputs import derived, last_of
from budgetgen.app.pipeline.new import WORKBOOK_NAME
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.progress import begin
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import ahead
from budgetgen.edition import later as named
from budgetgen.edition import sound
from budgetgen.values.findings import Finding, UnusableInputError
from budgetgen.values.sayings import saying
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.writer import render_workbook
from budgetgen.years.rolling import roll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.years.rolling import Rolled


@dataclass(frozen=True)
class Followed:
    """What was made of last year's file.

    Attributes:
        last: last year's file, with the findings of reading only.
        rolled: next year's Book, and what has no place in it.
        written: the workbook.
    """

    last: Checked
    rolled: Rolled
    written: Path


def follow(path: Path, *, edition: str | None = None, output: Path | None = None) -> Followed:
    """Write next year's workbook out of last year's file.

    Args:
        path: last year's workbook or published document.
        edition: the new format; by default that of the year after, and while that is not there, the newest instead.
        output: the workbook; by default in the current folder.

    Raises:
        UnusableInputError: no later edition, the file cannot be worked with, or the workbook exists already.
    """
    last = derived(path)
    chosen = _following(last, edition)
    target = output or Path(WORKBOOK_NAME.format(chosen.edition))
    refuse_existing(target)
    begin("写新的填报表")
    rolled = roll(last_of(last), chosen)
    rolled = replace(rolled, findings=(*ahead(rolled.book, chosen), *_gap(last, chosen), *rolled.findings))
    replace_file(target, render_workbook(chosen, derive(rolled.book, chosen)))
    return Followed(last, rolled, target)


def _following(last: Checked, wanted: str | None) -> Edition:
    """The edition after last year's: of the next year, else the newest that is later."""
    year = last.year or last.edition.edition.year
    known = [edition_of(wanted)] if wanted else list(sound())
    own = last.edition.edition
    alike = [e for e in known if (e.edition.region, e.edition.kind) == (own.region, own.kind) or wanted]
    later = [e for e in alike if e.edition.year > year]
    if later:
        return min(later, key=lambda e: (e.edition.year != year + 1, -e.edition.year))
    if wanted or not alike:
        among = f"版式 {wanted} 不比它新" if wanted else "本程序没有比它更新的版式"
        problem = f"这是 {year} 年的文件，{among}"
        raise UnusableInputError(last.path, problem, "升级 budgetgen，或用 --edition 指定以后年份的版式")
    return edition_of(named(own.id, own.year, year + 1))


def _gap(last: Checked, chosen: Edition) -> Iterator[Finding]:
    year = last.year or last.edition.edition.year
    if chosen.edition.year != year + 1:
        yield Finding.of(chosen.rules["prior-gap"], saying(去年=year, 今年=chosen.edition.year))
