"""The first sheet of the workbook: how it is filled, what the colours mean, and a way to every sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname

from budgetgen.edition.declarations import YES
from budgetgen.writing.workbook.formats import (
    BARE,
    DERIVED,
    HEADER,
    INPUT,
    LABEL,
    LINK,
    TITLE,
    VOID,
    CellStyle,
    lines_of,
)
from budgetgen.writing.workbook.sheet import done

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.writing.workbook.sheet import Pen

LEGEND = (
    (INPUT, "浅黄", "请填这里。没有就空着，不要填“无”；“上年数”里上年没有的填 0。"),
    (
        DERIVED,
        "浅蓝",
        "自动计算，不用填。确要自己填的，先撤销工作表保护（没有密码）；填了以您填的为准，并会核对。",
    ),
    (VOID, "灰色", "这一格不用填。"),
)
SELDOM = "填报页（用到时，右键任一工作表名称，取消隐藏）"


def write_guide(pen: Pen, edition: Edition, *, carried: bool) -> None:
    """The whole sheet; of a workbook that last year's was carried to, with the list that says what."""
    pen.widths((24, 14, 100))
    pen.text(0, 0, f"{edition.edition.title}填报表", TITLE)
    row = 2
    for text in _steps(edition, carried=carried):
        pen.across(row, 0, 2, text, BARE)
        pen.height(row, lines_of(text, 138))
        row += 1
    row = _legend(pen, row + 1)
    _index(pen, row + 1, edition, carried=carried)
    pen.page(landscape=True)


def _steps(edition: Edition, *, carried: bool) -> tuple[str, ...]:
    house, stored = edition.house, edition.carried
    review = f"沿用了去年的内容：逐页看过、改好的，在“{stored.table}”的“{stored.done}”选“{YES}”；全部选了才能公开。"
    return (
        *((review,) if carried else ()),
        f"一、先填“{house.about}”，特别是“{house.money}”：各表的金额都按这个单位填。",
        "二、再填各表的浅黄格。行不够时，在灰色的末行上面插入行；多余的空行不用删。工作表名称、表头和固定的项目名称不要改。",
        f"三、保存后检查：拖到网页（budgetgen serve）上，或运行 budgetgen check；按提示改到没有错误；“需说明”的，核实无误后写在“{edition.explanations.table}”。",
        "四、没有错误了，在网页上点“生成公开文本”，或运行 budgetgen build。",
    )


def _legend(pen: Pen, row: int) -> int:
    for colour, name, text in LEGEND:
        pen.text(row, 0, name, CellStyle(colour, align="center"))
        pen.across(row, 1, 2, text, BARE)
        row += 1
    return row


def _index(pen: Pen, row: int, edition: Edition, *, carried: bool) -> None:
    for column, text in enumerate(("工作表（点击打开）", "用途", "怎么填")):
        pen.text(row, column, text, HEADER)
    live = edition.live
    pages = (
        (live.sheet, live.purpose, live.pointer),
        *(
            (table.name, _purpose(table), table.guide)
            for table in edition.table
            if not table.generated or (carried and table.name == edition.carried.table)
        ),
    )
    for offset, (name, purpose, guide) in enumerate(pages, start=1):
        target = f"internal:{quote_sheetname(name)}!A1"
        done(pen.sheet.write_url(row + offset, 0, target, pen.formats[LINK], name))
        pen.text(row + offset, 1, purpose, LABEL)
        pen.text(row + offset, 2, guide, LABEL)
        pen.height(row + offset, max(lines_of(guide, 104), lines_of(purpose, 14)))


def _purpose(table: TableDeclaration) -> str:
    """What a sheet is for; of one that few need, how it is had."""
    if table.printed:
        return f"公开表{table.number}"
    return SELDOM if table.seldom else "填报页"
