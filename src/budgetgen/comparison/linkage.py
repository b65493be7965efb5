"""What the new file says of last year, held against what the old one published; and the figures of both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.figures import figure_name, with_figures
from budgetgen.comparison.figures import number, rate
from budgetgen.comparison.values import LinkageBreak
from budgetgen.edition.declarations import FALL, FIGURES, FigureColumn
from budgetgen.formula.evaluation import KEY_JOINT
from budgetgen.values.amounts import CENT, HALF_CENT, HUNDRED
from budgetgen.years.priors import Last, priors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import Side
    from budgetgen.values.model import Cell, Row
    from budgetgen.values.places import FilePlace


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the new file's narrative, and what the old file has of it.

    Attributes:
        row: the figure with its change, as the new file says it.
        key: of the figure in the old file, where a code may be another one.
        published: the old file's amount; None where it does not have the figure.
    """

    row: Row
    key: str
    published: Cell | None

    @property
    def name(self) -> str:
        """What the figure is called."""
        return figure_name(self.row)

    @property
    def now(self) -> Decimal:
        """This year's amount."""
        return number(self.row[FigureColumn.AMOUNT].value)


def told_figures(both: Both) -> Iterator[Told]:
    """The figures of the new file's narrative; without those of which the tables were not read."""
    new = both.new
    there = priors(Last(new.book, new.edition, new.absent), new.edition) if new.absent else None
    known = priors(Last(both.old.book, both.old.edition, both.old.absent), both.new.edition)
    summed = {figure.id for figure in both.new.edition.figure if figure.prior}
    own = {
        row.key: row[FigureColumn.AMOUNT]
        for row in with_figures(both.old.book, both.old.edition)[FIGURES].rows
    }
    keys = _old_keys(both)
    for row in with_figures(new.book, new.edition)[FIGURES].rows:
        if there and row.key not in summed and there.get(row.key) is None:
            continue
        key = keys.get(row.key, row.key)
        found = own.get(key) if row.key in summed else known.get(key)
        yield Told(row, key, found)


def _old_keys(both: Both) -> Mapping[str, str]:
    """The figures of codes that are other ones in the old file."""
    return {
        f"{figure.id}{KEY_JOINT}{pair.new.key}": f"{figure.id}{KEY_JOINT}{pair.old.key}"
        for figure in both.new.edition.figure
        for pair in both.pairs.get(figure.each, ())
        if pair.old and pair.new and pair.old.key != pair.new.key
    }


def linkage(both: Both, figures: Sequence[Told]) -> tuple[LinkageBreak, ...]:
    """Where the new file speaks of last year and the old file has something else, largest differences first.

    Args:
        both: the files.
        figures: those of the new file's narrative.
    """
    filled = [one for one in figures if isinstance(one.row[FigureColumn.PRIOR].value, Decimal)]
    breaks = [broken for one in filled if (broken := _broken(both, one))]
    breaks += _left_out(both, figures, filled)
    return tuple(sorted(breaks, key=lambda b: (b.difference is not None, -abs(b.difference or Decimal(0)))))


def _left_out(both: Both, figures: Sequence[Told], filled: Sequence[Told]) -> Iterator[LinkageBreak]:
    """The figures of two workbooks of which last year's amount is blank, though the old one has it.

    Nothing where all are blank that are filled in, and not added up: nobody has begun with them.
    """
    stored, declared = both.new.edition.comparisons, both.new.edition.figures
    asked = [one for one in figures if not declared[one.row.text(FigureColumn.ID)].prior]
    if not both.workbooks or not any(one in filled for one in asked):
        return
    for one in asked:
        blank = both.new.book.cell(stored.prior, one.row.key, both.new.edition.basis(one.row.key).amount)
        if one.published and number(one.published.value) and blank.place and blank.value is None:
            published = number(one.published.value)
            yield LinkageBreak(
                figure=one.row.key,
                name=one.name,
                told=None,
                published=published,
                difference=None,
                told_change=None,
                change=one.now - published,
                told_rate=None,
                rate=rate(one.now - published, published),
                place=blank.place,
                old_place=one.published.place,
            )


def _broken(both: Both, one: Told) -> LinkageBreak | None:
    then = number(one.row[FigureColumn.PRIOR].value)
    published = None if one.published is None else number(one.published.value)
    change = None if published is None else one.now - published
    said = one.row[FigureColumn.CHANGE].value
    sign = -1 if one.row.text(FigureColumn.DIRECTION) == FALL[0] else 1
    told_rate = _rate(one.row) if then else None
    real = rate(change, published) if change is not None and published else None
    if published is not None and then == published and _fits(told_rate, one.now, published):
        return None
    stored = both.new.edition.comparisons
    return LinkageBreak(
        figure=one.row.key,
        name=one.name,
        told=then,
        published=published,
        difference=None if published is None else then - published,
        told_change=sign * number(said),
        change=change,
        told_rate=told_rate,
        rate=real,
        misrated=not _fits(told_rate, one.now, then),
        place=both.new.book.cell(stored.prior, one.row.key, both.new.edition.basis(one.row.key).amount).place,
        old_place=one.published.place if one.published else None,
    )


def misrated(side: Side) -> Iterator[FilePlace]:
    """Where a file says another rate of change than that of its own amounts."""
    for row in with_figures(side.book, side.edition)[FIGURES].rows:
        then, basis = row[FigureColumn.PRIOR].value, side.edition.basis(row.key)
        place = side.book.cell(side.edition.comparisons.prior, row.key, basis.rate).place
        now = number(row[FigureColumn.AMOUNT].value)
        if place and isinstance(then, Decimal) and not _fits(_rate(row), now, number(then)):
            yield place


def _rate(row: Row) -> Decimal | None:
    """The rate that a figure is told to have changed at, in percent; None where that is no number."""
    sign = -1 if row.text(FigureColumn.DIRECTION) == FALL[0] else 1
    stated = row[FigureColumn.RATE].value
    return sign * stated if isinstance(stated, Decimal) else None


def _fits(told: Decimal | None, now: Decimal, then: Decimal) -> bool:
    """Whether a rate is that of two amounts, which may have been rounded themselves."""
    if told is None or then <= HALF_CENT:
        return True
    least = (now - then - CENT) * HUNDRED / (then + HALF_CENT if now > then else then - HALF_CENT)
    most = (now - then + CENT) * HUNDRED / (then - HALF_CENT if now > then else then + HALF_CENT)
    return least - HALF_CENT <= told <= most + HALF_CENT
