"""The changes between two files as a workbook: a sheet for each list, the tables side by side, charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname

from budgetgen.comparison.listings import (
    COUNTED,
    Marked,
    Tone,
    charts,
    described,
    limit,
    listings,
    opposed,
    side_names,
)
from budgetgen.comparison.opinions import NONE, Opinion
from budgetgen.writing.workbook.formats import (
    BARE,
    GUIDE,
    HEADER,
    LABEL,
    LINK,
    TAB_HELP,
    TAB_INPUT,
    TAB_PRINTED,
    TEXT_FORMAT,
    TITLE,
    CellStyle,
    Formats,
    lines_of,
)
from budgetgen.writing.workbook.sheet import LONGEST_TEXT, Pen, Sheet, done, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from budgetgen.comparison import Changes
    from budgetgen.comparison.listings import Bars, Entry, Heading, Listing, ListLine, Opposed
    from budgetgen.comparison.opinions import Opinions

OVERVIEW = "概览"
CHART_DATA = "图表数据"
NUMBER_FORMATS = {"money": "#,##0.00", "percent": '0.00"%"', "text": TEXT_FORMAT}
COLOURS = {
    Tone.RISK: "#F8CBAD",
    Tone.CAME: "#E2EFDA",
    Tone.WENT: "#EDEDED",
    Tone.NOTE: "#FFF2CC",
    Tone.PLAIN: "",
}
MEANINGS = (
    (Tone.RISK, "要先看：与上年衔接不上，或原因缺失、方向相反"),
    (Tone.NOTE, "变动大，或请人工确认"),
    (Tone.CAME, "新增"),
    (Tone.WENT, "取消"),
)
OLD_COLOUR, NEW_COLOUR = "#A6A6A6", "#2F5597"
CHANGED_COLOUR = "#C00000"
MOST_LINES = 12
"""A row is made no higher: a longer text is read in the cell."""
BAR_HEIGHT, CHART_HEAD, CHART_WIDTH = 34, 130, 940
"""Of a chart, in pixels."""
NAME_WIDTH, AMOUNT_WIDTH = 44, 13
OPINION_WIDTHS = (18, 36, 11, 11, 12)
SETTLED = "已消除的意见"
OPINION = CellStyle(align="left", valign="top", num_format=TEXT_FORMAT)
MARKED = CellStyle(align="left", valign="top", num_format=TEXT_FORMAT, font_color="#808080", text_wrap=False)


def render_changes(changes: Changes, opinions: Opinions = NONE) -> bytes:
    """A workbook of all lists, with columns for opinions; the same input gives the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(f"{changes.old.book.file} → {changes.new.book.file}") as (workbook, buffer):
        _Writer(changes, opinions, workbook, Formats(workbook)).write()
    return buffer.getvalue()


@dataclass(frozen=True)
class _Writer:
    """Writes all sheets.

    Attributes:
        changes: what is told.
        opinions: what was said of it before.
        workbook: what is written to.
        formats: of its cells.
        bars: what is drawn.
    """

    changes: Changes
    opinions: Opinions
    workbook: Workbook
    formats: Formats
    bars: list[tuple[Bars, int]] = field(default_factory=list)

    def write(self) -> None:
        """The overview first and in view, the numbers behind the charts last and hidden."""
        overview = self._pen(OVERVIEW, TAB_HELP)
        for listing in listings(self.changes):
            self._listing(self._pen(listing.name, TAB_INPUT), listing)
        for table in opposed(self.changes):
            self._table(self._pen(f"对照 {table.name}", TAB_PRINTED), table)
        self._settled()
        self._chart_data()
        self._overview(overview)
        overview.sheet.activate()

    def _pen(self, name: str, tab: str) -> Pen:
        sheet = self.workbook.add_worksheet(name, Sheet)
        sheet.set_tab_color(tab)
        sheet.hide_gridlines(2)
        return Pen(sheet, self.formats, self.changes.new.book.file)

    # --- lists ---

    def _listing(self, pen: Pen, listing: Listing) -> None:
        pen.widths([*(heading.width for heading in listing.headings), *OPINION_WIDTHS])
        pen.sheet.outline_settings(visible=True, symbols_below=False)
        pen.text(0, 0, listing.name, TITLE)
        pen.text(
            1, 0, listing.guide if listing.lines else listing.empty, CellStyle(border=0, text_wrap=False)
        )
        if not listing.lines:
            return
        right = len(listing.headings) + len(self._captions) - 1
        for column, text in enumerate((*(h.text for h in listing.headings), *self._captions)):
            pen.text(3, column, text, HEADER)
        pen.height(3, 2)
        for row, line in enumerate(listing.lines, start=4):
            self._line(pen, row, line, listing.headings)
            self._opinion(pen, (row, len(listing.headings)), line)
        last = 3 + len(listing.lines)
        states = {"validate": "list", "source": list(self.changes.new.edition.review.states)}
        pen.admit((4, right - 2), (last, right - 2), {**states, "error_type": "information"}, "")
        done(pen.sheet.autofilter(3, 0, last, right))
        pen.sheet.freeze_panes(4, 0)
        pen.sheet.repeat_rows(3)
        pen.quiet(last, right)
        pen.page(landscape=True)

    @property
    def _captions(self) -> tuple[str, ...]:
        return self.changes.new.edition.review.opinion

    def _opinion(self, pen: Pen, place: tuple[int, int], line: ListLine) -> None:
        """What was said of a difference, and its mark, behind it."""
        row, left = place
        if line.mark is None:
            return
        said = self.opinions.current.get(line.mark, Opinion(line.mark))
        for offset, text in enumerate((str(line.mark), said.text, said.status, said.reviewer, said.date)):
            self._entry(pen, (row, left + offset), text, MARKED if not offset else OPINION)

    def _settled(self) -> None:
        """The opinions whose difference is no more: nothing that was said is lost."""
        if not self.opinions.settled:
            return
        pen = self._pen(SETTLED, TAB_HELP)
        pen.widths([70, *OPINION_WIDTHS])
        pen.text(0, 0, SETTLED, TITLE)
        for column, text in enumerate(("在哪里", *self._captions)):
            pen.text(3, column, text, HEADER)
        for row, one in enumerate(self.opinions.settled, start=4):
            texts = (one.subject, str(one.mark), one.text, one.status, one.reviewer, one.date)
            for column, text in enumerate(texts):
                self._entry(pen, (row, column), text, OPINION)
        pen.page(landscape=True)

    def _line(self, pen: Pen, row: int, line: ListLine, headings: Sequence[Heading]) -> None:
        for column, (value, heading) in enumerate(zip(line.values, headings, strict=True)):
            self._entry(pen, (row, column), value, _style(heading.kind, line.tone))
        texts = [lines_of(str(v), h.width) for v, h in zip(line.values, headings, strict=True) if v]
        pen.height(row, min(max(texts, default=1), MOST_LINES), folded=line.folded)

    def _entry(self, pen: Pen, place: tuple[int, int], value: Entry, style: CellStyle) -> None:
        if isinstance(value, Marked):
            self._marked(pen, place, value, style)
        elif isinstance(value, str) and not value:
            pen.value(*place, None, style)
        else:
            pen.value(*place, value, style)

    def _marked(self, pen: Pen, place: tuple[int, int], text: Marked, style: CellStyle) -> None:
        """A text whose changed pieces are red; Excel wants two pieces at least, and none that is empty."""
        if len(text.pieces) < 2 or len(str(text)) > LONGEST_TEXT:  # noqa: PLR2004 - as said
            pen.text(*place, str(text), style)
            return
        red = self._red
        parts = [part for piece, changed in text.pieces for part in ((red, piece) if changed else (piece,))]
        done(pen.sheet.write_rich_string(*place, *parts, self.formats[style]))

    @property
    def _red(self) -> Format:
        return self.formats[CellStyle(border=0, font_color=CHANGED_COLOUR, bold=True, text_wrap=False)]

    # --- tables side by side ---

    def _table(self, pen: Pen, table: Opposed) -> None:
        pen.widths([NAME_WIDTH, *[AMOUNT_WIDTH] * 3 * len(table.columns)])
        pen.text(0, 0, table.title, TITLE)
        pen.text(1, 0, "每栏依次是旧文件、新文件、增减。金额：万元。", CellStyle(border=0, text_wrap=False))
        pen.merged((3, 4), (0, 0), "行", HEADER)
        for index, name in enumerate(table.columns):
            left = 1 + index * 3
            pen.across(3, left, left + 2, name, HEADER)
            for offset, text in enumerate((*side_names(self.changes), "增减")):
                pen.text(4, left + offset, text, HEADER)
        for row, (name, figures, tone) in enumerate(table.lines, start=5):
            pen.text(row, 0, name, _style("text", tone))
            for index, amounts in enumerate(figures):
                for offset, amount in enumerate(amounts):
                    pen.value(row, 1 + index * 3 + offset, amount or None, _style("money", tone))
        pen.sheet.freeze_panes(5, 1)
        pen.sheet.repeat_rows(3, 4)
        pen.quiet(5 + len(table.lines), 3 * len(table.columns))
        pen.page(landscape=True)

    # --- overview and charts ---

    def _chart_data(self) -> None:
        drawn = charts(self.changes)
        if not drawn:
            return
        pen = self._pen(CHART_DATA, TAB_HELP)
        row = 0
        for bars in drawn:
            self.bars.append((bars, row + 1))
            for column, text in enumerate((bars.title, *side_names(self.changes))):
                pen.text(row, column, text, BARE)
            for offset, (label, old, new) in enumerate(
                zip(bars.labels, bars.old, bars.new, strict=True), start=1
            ):
                pen.text(row + offset, 0, label, BARE)
                pen.value(row + offset, 1, old, BARE)
                pen.value(row + offset, 2, new, BARE)
            row += len(bars.labels) + 2
        pen.sheet.hide()

    def _overview(self, pen: Pen) -> None:
        pen.widths((16, 12, 100))
        pen.text(0, 0, "两份预算文件的比较", TITLE)
        pen.text(1, 0, f"旧：{described(self.changes.old)}", CellStyle(border=0, text_wrap=False))
        pen.text(2, 0, f"新：{described(self.changes.new)}", CellStyle(border=0, text_wrap=False))
        for column, text in enumerate(("列表（点击打开）", "几处", "列什么")):
            pen.text(4, column, text, HEADER)
        row = 5
        for listing in listings(self.changes):
            target = f"internal:{quote_sheetname(listing.name)}!A1"
            done(pen.sheet.write_url(row, 0, target, self.formats[LINK], listing.name))
            pen.value(
                row, 1, Decimal(COUNTED[listing.id](self.changes)), CellStyle(num_format="0", align="center")
            )
            pen.text(row, 2, listing.guide if listing.lines else listing.empty, LABEL)
            row += 1
        pen.text(row + 1, 0, "颜色", HEADER)
        for offset, (tone, text) in enumerate(MEANINGS, start=2):
            pen.text(row + offset, 0, "", CellStyle(COLOURS[tone]))
            pen.across(row + offset, 1, 2, text, BARE)
        limit_text = f"变动达到 {limit(self.changes.threshold)} 的算大；比较按公开的两位小数。"
        pen.across(row + 2 + len(MEANINGS), 0, 2, limit_text, GUIDE)
        self._charts(pen, row + 4 + len(MEANINGS))
        pen.page(landscape=True)

    def _charts(self, pen: Pen, row: int) -> None:
        """Bars of both years for the largest movements, the largest on top."""
        top = 0
        for bars, first in self.bars:
            chart = self.workbook.add_chart({"type": "bar"})
            last = first + len(bars.labels) - 1
            for column, colour in ((1, OLD_COLOUR), (2, NEW_COLOUR)):
                chart.add_series(
                    {
                        "name": [CHART_DATA, first - 1, column],
                        "categories": [CHART_DATA, first, 0, last, 0],
                        "values": [CHART_DATA, first, column, last, column],
                        "fill": {"color": colour},
                        "gap": 60,
                        "data_labels": {
                            "value": True,
                            "num_format": "#,##0.00;-#,##0.00;",
                            "font": {"size": 8},
                        },
                    }
                )
            chart.set_title({"name": bars.title, "overlay": False, "name_font": {"size": 12}})
            chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "label_position": "low"})
            chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": False}})
            chart.set_legend({"position": "top"})
            height = CHART_HEAD + BAR_HEIGHT * len(bars.labels)
            chart.set_size({"width": CHART_WIDTH, "height": height})
            done(pen.sheet.insert_chart(row, 0, chart, {"y_offset": top, "description": bars.title}))
            top += height + 20


def _style(kind: str, tone: Tone) -> CellStyle:
    numeric = kind != "text"
    return CellStyle(
        COLOURS[tone],
        NUMBER_FORMATS[kind],
        "right" if numeric else "left",
        valign="top",
        text_wrap=not numeric,
    )
