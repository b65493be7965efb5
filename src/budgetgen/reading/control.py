"""Reading the finance bureau's sheet of approved figures: any layout, its columns known by their captions."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from budgetgen.department.control import ApprovedFigure
from budgetgen.edition.declarations import Column
from budgetgen.reading.cells import CellReader
from budgetgen.reading.forms import WORKBOOKS
from budgetgen.reading.guard import admit_parts
from budgetgen.reading.sheets import Surroundings
from budgetgen.reading.stored import StoredWorkbook
from budgetgen.reading.workbook import NOT_A_WORKBOOK
from budgetgen.values.amounts import PER_WAN, UNIT_OF_MONEY, WAN, ZERO
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import BLANK, TOTAL, Cell
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Control, Edition
    from budgetgen.reading.cells import Line

MONEY: Final = Column(name="amount", type="money")
DEEP: Final = 40
"""Rows among which the header is looked for."""
LEVELS: Final = 3
"""Rows that a header may have."""
CODE: Final = re.compile(r"\d{3,7}(?!\d)")
MONEY_TOLD: Final = re.compile(rf"单位[:：]?\s*(?:人民币)?\s*({UNIT_OF_MONEY})|[(（]({UNIT_OF_MONEY})[)）]")
NAMED: Final = re.compile(r"^(.{2,10})[:：]\s*(.{2,60})$")
BESIDE: Final = re.compile(rf"[(（]{UNIT_OF_MONEY}[)）]|(?<![\d\W])[\d\W]+$")
"""What a caption has beside its words."""


def read_control(
    path: Path, edition: Edition, control: Control, *, money: str | None = None
) -> tuple[ApprovedFigure, ...]:
    """The approved figures of a workbook, those of one unit, code and column added up.

    Args:
        path: the workbook.
        edition: the format of the files that it is compared with.
        control: how its columns may be called.
        money: 元 or 万元, where the sheet does not tell it; else 万元.

    Raises:
        UnusableInputError: it cannot be read, or no sheet has such columns; an amount is no number.
    """
    if path.suffix.lower() not in WORKBOOKS:
        raise UnusableInputError(path, "控制数不是工作簿", "用 WPS 或 Excel 另存为 .xlsx 文件")
    workbook = StoredWorkbook(admit_parts(path, "xlsx"))
    try:
        sheets = [(s.title, tuple(workbook.rows(s, Surroundings()))) for s in workbook.sheets if s.shown]
    except NOT_A_WORKBOOK as error:
        raise UnusableInputError(path, "控制数工作簿读不出内容", "另存为新的 .xlsx 文件") from error
    figures = [
        f for title, lines in sheets for f in _Sheet(path, edition, control, title, lines, money).figures()
    ]
    if not figures:
        known = "、".join(dict.fromkeys(one.captions[0] for one in control.amount))
        fix = f"表头要有单位、科目编码和金额列（例如 {known}）；列名不同的，在版式的 control.toml 里增补"
        raise UnusableInputError(path, "没有找到控制数的表头", fix)
    return tuple(_added(figures))


def _added(figures: Sequence[ApprovedFigure]) -> Iterator[ApprovedFigure]:
    """One for each unit, code and column: a code may stand in several lines, one for each project."""
    groups: defaultdict[tuple[str, str, str, str], list[ApprovedFigure]] = defaultdict(list)
    for one in figures:
        groups[caption(one.unit), one.key, one.table, one.column].append(one)
    for same in groups.values():
        yield same[0] if len(same) == 1 else replace(same[0], cell=_sum([one.cell for one in same]))


def _sum(cells: Sequence[Cell]) -> Cell:
    """What several lines of one code come to; one of them may be the sum of the others."""
    whole = sum((cell.amount for cell in cells), ZERO)
    most = max(cells, key=lambda cell: abs(cell.amount))
    if most.amount * 2 == whole:
        return most
    return Cell(whole, cells[0].place, given=True, terms=sum(cell.terms for cell in cells))


@dataclass(frozen=True)
class _Header:
    """Where the columns stand, and how many rows there are above the first line."""

    rows: int
    unit: int | None
    unit_code: int | None
    code: int | None
    amounts: Mapping[int, tuple[str, str]]

    @property
    def known(self) -> int:
        """How many columns are known."""
        return len(self.amounts) + sum(at is not None for at in (self.unit, self.unit_code, self.code))


@dataclass(frozen=True)
class _Line:
    """A line of the body.

    Attributes:
        unit, unit_code: whose it is; the unit is empty for all units together.
        key: its code, or 总计.
        raws: its cells.
    """

    unit: str
    unit_code: str
    key: str
    raws: Line


@dataclass(frozen=True)
class _Sheet:
    """One sheet."""

    path: Path
    edition: Edition
    control: Control
    title: str
    lines: Sequence[Line]
    money: str | None

    def figures(self) -> Iterator[ApprovedFigure]:
        """Every amount below the header; none where there is no header."""
        header = self._header()
        if header is None:
            return
        reader = CellReader(self._money(header), summed=True)
        for line in self._body(header):
            for place, (table, column) in header.amounts.items():
                cell = self._amount(reader, line.raws, place)
                if cell.value is not None:
                    yield ApprovedFigure(line.unit, line.unit_code, line.key, table, column, cell)

    def _amount(self, reader: CellReader, line: Line, place: int) -> Cell:
        if place >= len(line):
            return BLANK
        cell, complaints = reader.read(line[place], MONEY, derived=False)
        if wrong := next((c for c in complaints if c.rule != "text-number"), None):
            problem = wrong.stated.told(self.edition.rules[wrong.rule].says)
            raise UnusableInputError(self.path, f"{line[place].place} {problem}", "改成数字后再比对")
        return cell

    # --- the header ---

    def _header(self) -> _Header | None:
        """The rows of captions: those by which most columns are known; of equal ones the fewest."""
        tops = range(min(len(self.lines), DEEP))
        found = (self._columns(top, depth) for top in tops for depth in range(1, LEVELS + 1))
        return max((h for h in found if h), key=lambda header: (header.known, -header.rows), default=None)

    def _columns(self, top: int, depth: int) -> _Header | None:
        lines = self.lines[top : top + depth]
        if len(lines) < depth or any(isinstance(raw.value, int | float) for raw in lines[-1]):
            return None
        paths = _paths(lines)
        unit, unit_code, code = (
            next((place for place, path in paths.items() if path[-1] in wanted), None)
            for wanted in (self.control.unit, self.control.unit_code, self.control.code)
        )
        amounts: dict[int, tuple[str, str]] = {}
        for place, path in paths.items():
            figure = self._figure(path) if place not in {unit, unit_code, code} else None
            if figure and figure not in amounts.values():
                amounts[place] = figure
        return _Header(top + depth, unit, unit_code, code, amounts) if amounts else None

    def _figure(self, path: tuple[str, ...]) -> tuple[str, str] | None:
        """The figure of a column: by its whole path; by its own caption where those above are of no other figure."""
        other = any(text in amount.captions for amount in self.control.amount for text in path[:-1])
        told = ("".join(path),) if other else ("".join(path), path[-1])
        fitting = (one.figure for words in told for one in self.control.amount if words in one.captions)
        return next(fitting, None)

    # --- the body ---

    def _body(self, header: _Header) -> Iterator[_Line]:
        """The lines with a code, and those that add up; a blank unit is that above."""
        unit, code = ("" if header.unit is not None else self._unit_above(header)), ""
        for raws in self.lines[header.rows :]:
            own = _text(raws, header.unit)
            named = bool(own) and own not in self.control.total
            if named:
                unit, code = str(raws[header.unit or 0].value).strip(), _text(raws, header.unit_code)
            if self._is_whole(raws, header):
                yield _Line("", "", TOTAL, raws)
            elif found := CODE.match(_text(raws, header.code)):
                yield _Line(unit, code, found[0], raws)
            elif (
                unit
                and not _text(raws, header.code).strip("".join(self.control.total))
                and (named or self._adds_up(raws, header))
            ):
                yield _Line(unit, code, TOTAL, raws)

    def _is_whole(self, raws: Line, header: _Header) -> bool:
        """Whether a line is of all units: it says so where the unit stands, or before it."""
        if header.unit is None:
            return False
        return any(_text(raws, place) in self.control.whole for place in range(header.unit + 1))

    def _adds_up(self, raws: Line, header: _Header) -> bool:
        return any(
            _text(raws, at) in self.control.total for at in range(len(raws)) if at not in header.amounts
        )

    # --- what stands around ---

    def _money(self, header: _Header) -> str:
        """The unit of money that the sheet tells above its body.

        Raises:
            UnusableInputError: it is one that amounts cannot be given in.
        """
        texts = (str(raw.value) for line in self.lines[: header.rows] for raw in line if not raw.blank)
        told = (found[1] or found[2] for text in texts if (found := MONEY_TOLD.search(text)))
        money = next(told, self.money or WAN)
        if money not in PER_WAN:
            known = "、".join(PER_WAN)
            problem = f"工作表“{self.title}”的金额单位是“{money}”，控制数只认{known}"
            raise UnusableInputError(self.path, problem, f"金额换算成{known}，写明单位，再比对")
        return money

    def _unit_above(self, header: _Header) -> str:
        """The unit of a sheet without such a column: named above the header, else the sheet is called so."""
        for raw in (raw for line in self.lines[: header.rows] for raw in line):
            found = NAMED.match(str(raw.value or "").strip())
            if found and caption(found[1]) in self.control.unit:
                return found[2].strip()
        return self.title


def _text(line: Line, place: int | None) -> str:
    if place is None or place >= len(line):
        return ""
    value = line[place].value
    return caption(int(value) if isinstance(value, float) and value.is_integer() else value)


def _paths(lines: Sequence[Line]) -> Mapping[int, tuple[str, ...]]:
    """The captions of each column from above; a blank one in an upper row goes on with that to its left."""
    paths: dict[int, tuple[str, ...]] = {}
    for depth, line in enumerate(lines, start=1):
        last = ""
        for place, raw in enumerate(line):
            own = BESIDE.sub("", caption(raw.value))
            last = own or (last if depth < len(lines) else "")
            if last:
                paths[place] = (*paths.get(place, ()), last)
    return {place: tuple(dict.fromkeys(path)) for place, path in paths.items()}
