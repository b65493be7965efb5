"""Figures that come back in a list of questions, put into a copy of the file; the file itself stays as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from budgetgen.app.pipeline.answers import harmless
from budgetgen.app.reports.problems import problems
from budgetgen.reading.guard import admit
from budgetgen.reading.opinions import read_entries
from budgetgen.values.amounts import NotANumberError, parse, plain
from budgetgen.values.findings import Blame, Severity, Spot, UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.writing.review.figures import FigureSheets
from budgetgen.writing.workbook.formats import MONEY
from budgetgen.writing.workbook.listing import ListColumn
from budgetgen.writing.workbook.questions import QuestionSheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.app.pipeline.answers import Answers
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Column
    from budgetgen.reading.opinions import Entry
    from budgetgen.values.model import Cell, Value

TITLE: Final = "改数"
PLACE, FIGURE, NOW, ADVICE, NEW = "单元格", "这个数是", "现在的数", "怎么改", "新的数"
EDITED: Final = ".xlsx"
"""The only form of file that figures are put into where it stands."""
SHOWN: Final = 3
"""So many cells with formulas are named."""
NOWHERE: Final = "填报表里没有这一格，或不是填数的格"
WORKED_OUT: Final = "这一格由公式计算，不改；改公式用到的数"


class Correction(NamedTuple):
    """A figure that somebody wants in a cell.

    Attributes:
        place: of the cell, as the list says it.
        now: what the list says of it, as text; empty for nothing.
        new: the figure, as text.
        by: who says so, and when.
    """

    place: str
    now: str
    new: str
    by: str


@dataclass(frozen=True)
class Corrected:
    """What came of the figures of all lists.

    Attributes:
        data: the file with them; None where nothing has changed.
        told: cell by cell, what was changed and what was not, and why.
    """

    data: bytes | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Figures:
    """The cells of a file, those that hold figures by their places.

    Attributes:
        checked: the file.
        sheets: as they are stored.
    """

    checked: Checked
    sheets: FigureSheets

    @classmethod
    def of(cls, checked: Checked) -> _Figures:
        return cls(checked, FigureSheets.of(admit(checked.path, "xlsx")))

    @cached_property
    def cells(self) -> Mapping[str, Spot]:
        return {str(spot.place): spot for spot, column, _ in self._read() if column.numeric}

    @cached_property
    def own_formulas(self) -> tuple[str, ...]:
        """Where a person's own formulas give figures or words: what they would come to, only a spreadsheet can tell."""
        said = (
            str(spot.place) for spot, column, cell in self._read() if cell.given or column.type == "label"
        )
        return tuple(place for place in said if self.sheets.computes(place))

    def _read(self) -> Iterator[tuple[Spot, Column, Cell]]:
        """All cells that were read."""
        declared = self.checked.edition.tables
        for table in self.checked.book.tables.values():
            for row in table.rows:
                for name, cell in row.cells.items():
                    if cell.place:
                        spot = Spot(table.name, row.key, name, cell.place)
                        yield spot, declared[table.name].columns[name], cell


def to_correct(checked: Checked) -> Iterator[QuestionSheet]:
    """The sheet for new figures: each cell that a problem is about and somebody may fill; none where there are none."""
    if checked.path.suffix.lower() != EDITED:
        return
    figures = _Figures.of(checked)
    rows = tuple(_lines(checked, figures))
    if rows and not figures.own_formulas:
        columns = (
            ListColumn(PLACE, 26),
            ListColumn(FIGURE, 44),
            ListColumn(NOW, 16, MONEY),
            ListColumn(ADVICE, 44),
            ListColumn(NEW, 16, MONEY),
            ListColumn(checked.edition.explanations.name, 12),
        )
        yield QuestionSheet(TITLE, columns, rows)


def _lines(checked: Checked, figures: _Figures) -> Iterator[Sequence[Value]]:
    told = set[str]()
    for problem in problems(checked).all:
        if problem.severity == Severity.NOTE or problem.explained:
            continue
        expected = dict(problem.expected)
        clues = (clue.spot for one in problem.lists for clue in one.clues)
        for spot in (*problem.spots, *filter(None, clues)):
            place = told_place(spot.place)
            if place in told or place not in figures.cells or figures.sheets.computes(place):
                continue
            told.add(place)
            yield place, spot.name, figures.sheets.number(place), expected.get(place), None, None


def corrected(checked: Checked, given: Sequence[Answers]) -> Corrected:
    """The file with the figures of all lists that came back, of several for one cell the newest.

    Args:
        checked: the file, read.
        given: the lists, the oldest first.
    """
    wanted = {one.place: one for answers in given for one in _wanted(answers, checked)}
    if not wanted:
        return Corrected()
    if checked.path.suffix.lower() != EDITED:
        return Corrected(told=(f"“{TITLE}”页的新数没有改进去：报送的不是 .xlsx 填报表，请改好后重新报送",))
    figures = _Figures.of(checked)
    if own := figures.own_formulas:
        shown = "、".join(own[:SHOWN]) + ("等" if len(own) > SHOWN else "")
        why = f"“{TITLE}”页的新数没有改进去：{shown} 是自己写的公式，要在表格软件里重新计算。请改好填报表后重新报送"
        return Corrected(told=(why,))
    outcomes = [_put(one, figures) for one in wanted.values()]
    changed = any(done for done, _ in outcomes)
    told = tuple(line for _, line in outcomes if line)
    return Corrected(figures.sheets.data() if changed else None, told)


def _wanted(answers: Answers, checked: Checked) -> Iterator[Correction]:
    """The figures of a list; none of one that has no sheet for them, or cannot be read, which is told with its answers."""
    try:
        for entry in read_entries(answers.path, (NEW, NOW, checked.edition.explanations.name, PLACE)):
            yield _correction(entry, answers, checked)
    except UnusableInputError as error:
        if error.blame is not Blame.FILE:
            raise


def _correction(entry: Entry, answers: Answers, checked: Checked) -> Correction:
    by = "，".join(filter(None, (harmless(entry[checked.edition.explanations.name], checked), answers.by)))
    place, now, new = (harmless(entry[name], checked) for name in (PLACE, NOW, NEW))
    return Correction(place, now, new, by)


def _put(one: Correction, figures: _Figures) -> tuple[bool, str]:
    """Put a figure into its cell; whether that was done, and what is told of it: nothing where it stands there already."""
    if one.place not in figures.cells:
        return False, _refused(one, one.place, NOWHERE)
    name = f"{one.place}（{figures.cells[one.place].name}）"
    if figures.sheets.computes(one.place):
        return False, _refused(one, name, WORKED_OUT)
    now = figures.sheets.number(one.place)
    try:
        new, before = parse(one.new), parse(one.now)
    except NotANumberError:
        return False, _refused(one, name, f"“{one.new}”不是数")
    if new is None or new == now:
        return False, ""
    if before != now:
        return False, _refused(one, name, f"问题单上写的是 {_said(before)}，填报表里是 {_said(now)}")
    figures.sheets.put(one.place, new)
    return True, f"按问题单改数：{name} {_said(now)} → {_said(new)}（{one.by}）"


def _refused(one: Correction, name: str, why: str) -> str:
    return f"没有改：{name} 的新数 {one.new}（{one.by}）：{why}"


def _said(figure: Decimal | None) -> str:
    return "没有数" if figure is None else plain(figure)
