"""What the relations become in Excel: on the blank workbook, where every row is where it is declared."""

from __future__ import annotations

import re

import pytest

from budgetgen.book.relations import deriving
from budgetgen.edition import load
from budgetgen.writing.workbook.compiler import Compiler
from budgetgen.writing.workbook.formulas import ExcelFormula, Formulas, _covers
from budgetgen.writing.workbook.layout import BlockLayout, Line, WorkbookLayout, lay_out
from budgetgen.writing.workbook.sight import BoundRow, Sight, UncompilableError
from tests.conftest import SAMPLES
from tests.workbooks import examined as examined_file

EDITION = load("xinjiang-2026")
EXCEL_2010 = {
    *("SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTIF", "COUNTIFS", "IF", "IFERROR", "ROUND"),
    *("INDEX", "MATCH", "LEN", "LEFT", "AND", "OR", "ISNUMBER", "N"),
}

COUNTED = (
    '=SUMPRODUCT((项目绩效!$A$5:$A$45<>"")*1)'
    '+SUMPRODUCT((项目支出!$D$6:$D$46<>"")*(LEFT(项目支出!$D$6:$D$46,LEN("特定目标"))="特定目标")*1)'
)
"""The projects with targets, and the secret ones, which have none."""


@pytest.fixture(scope="module")
def layout() -> WorkbookLayout:
    return lay_out(EDITION, None)


@pytest.fixture(scope="module")
def live(layout) -> Formulas:
    return Formulas(layout)


def cells(layout: WorkbookLayout) -> list[tuple[BlockLayout, Line, str]]:
    return [
        (block, line, column)
        for sheet in layout.sheets.values()
        for block in sheet.blocks
        for line in block.lines
        for column in block.columns(line)
    ]


def formula_of(live: Formulas, table: str, key: str, column: str) -> str | None:
    """The formula of a fixed row or the total, or of the first line where the key is empty."""
    for block, line, name in cells(live.layout):
        if block.sheet == table and name == column and line.key == (key or line.key):
            if not key and line.kind != "line":
                continue
            found = live.of(block, line, column)
            return found.text if found else None
    raise KeyError(key)


@pytest.mark.parametrize(
    ("table", "key", "column", "expected"),
    [
        # 合计 == 基本支出 + 项目支出
        ("支出总体", "", "合计", '=IF(COUNT(D7:E7)=0,"",SUM(D7:E7))'),
        # 合计 == 财政拨款小计 + 非财政拨款小计, which are no neighbours
        ("结转结余", "", "合计", '=IF(COUNT(D8,H8)=0,"",SUM(D8,H8))'),
        # 各列 == 求和(行.各列 for 行 in 下级): the lines have complete codes
        (
            "支出总体",
            "总计",
            "基本支出",
            (
                '=IF(SUMPRODUCT((LEN($A$7:$A$67)=7)*ISNUMBER($D$7:$D$67))=0,"",'
                "SUMPRODUCT((LEN($A$7:$A$67)=7)*1,$D$7:$D$67))"
            ),
        ),
        # … or name an item
        (
            "委托业务费",
            "总计",
            "政府性基金",
            (
                '=IF(SUMPRODUCT(($B$7:$B$37<>"")*ISNUMBER($E$7:$E$37))=0,"",'
                'SUMPRODUCT(($B$7:$B$37<>"")*1,$E$7:$E$37))'
            ),
        ),
        # 收支总体[一般财力].预算数 == 收入总体[总计].一般公共预算
        ("收支总体", "一般财力", "预算数", '=IF(COUNT(收入总体!$E$6)=0,"",SUM(收入总体!$E$6))'),
        # a difference
        ("收支总体", "国有资本经营收入", "预算数", '=IF(COUNT($B$13,$B$15)=0,"",SUM($B$13)-SUM($B$15))'),
        # 各列 of a fixed row, where its own row gives nothing
        (
            "三公经费",
            "公务用车",
            "合计",
            '=IF(COUNT(C8:E8)=0,IF(COUNT($B$9:$B$10)=0,"",SUM($B$9:$B$10)),SUM(C8:E8))',
        ),
        # 求和 over fixed rows, chosen when the formula is made
        ("财政拨款收支", "支出总计", "政府性基金预算", '=IF(COUNT($F$6:$F$35)=0,"",SUM($F$6:$F$35))'),
        # a precondition that only the filled workbook can tell
        ("上年数", "运行经费", "增减额", '=IF(AND((E24<>""),COUNT(D24:E24)>0),SUM(D24)-SUM(E24),"")'),
        # 个数 is never blank
        ("整体绩效", "绩效目标个数", "内容", '=IF(($B$5<>""),1,0)'),
        ("整体绩效", "项目个数", "内容", COUNTED),
        # 求和(行.合计 for 行 in 委托业务费 if 行.项目名称 == 项目名称)
        (
            "委托业务费用途",
            "",
            "金额",
            (
                '=IF(SUMPRODUCT((委托业务费!$B$7:$B$37<>"")*((委托业务费!$B$7:$B$37=A5)*(((委托业务费!$A$7:$A$37="")+(D5="")+(委托业务费!$A$7:$A$37=D5)>0))>0)*ISNUMBER(委托业务费!$C$7:$C$37))=0,"",'
                'SUMPRODUCT((委托业务费!$B$7:$B$37<>"")*((委托业务费!$B$7:$B$37=A5)*(((委托业务费!$A$7:$A$37="")+(D5="")+(委托业务费!$A$7:$A$37=D5)>0))>0)*1,委托业务费!$C$7:$C$37))'
            ),
        ),
        # nothing derives these
        ("支出总体", "", "基本支出", None),
        ("收支总体", "事业收入", "预算数", None),
        ("支出总体", "", "科目名称", None),
    ],
)
def test_formula(live, table, key, column, expected):
    assert formula_of(live, table, key, column) == expected


def test_each_line_speaks_of_its_own_row(layout, live):
    (block,) = layout.sheets["支出总体"].blocks
    found = [live.of(block, line, "合计") for line in block.lines if line.kind == "line"]
    assert found == [ExcelFormula(f'=IF(COUNT(D{n}:E{n})=0,"",SUM(D{n}:E{n}))') for n in range(7, 67)]


def test_a_code_without_a_row_is_the_sum_of_its_lines(live):
    formula = formula_of(live, "收支总体", "206", "预算数") or ""
    codes, values = "支出总体!$A$7:$A$67", "支出总体!$C$7:$C$67"
    own = f'SUMPRODUCT(({codes}="206")*1,{values})'
    below = f'SUMPRODUCT((LEFT({codes},3)="206")*(LEN({codes})=7)*1,{values})'
    assert f'IF(SUMPRODUCT(({codes}="206")*ISNUMBER({values}))>0,{own},{below})' in formula


def test_the_row_at_hand_decides_where_its_label_is_typed(live):
    formula = formula_of(live, "上年数", "", "本年预算数") or ""
    assert re.findall(r'A\d+="[^"]+"', formula) == [
        f'A25="{table}"' for table in ("一般公共预算支出", "政府性基金预算支出", "国有资本经营预算支出")
    ]


def test_fixed_rows_refer_to_fixed_rows_and_lines_look_up(live):
    assert (
        formula_of(live, "增减原因", "运行经费", "增减额")
        == '=IF(COUNT(上年数!$F$24)=0,"",SUM(上年数!$F$24))'
    )
    assert "(上年数!$A$25:$A$85=A25)" in (formula_of(live, "增减原因", "", "增减额") or "")


def test_only_functions_of_excel_2010(layout, live):
    found = [formula for cell in cells(layout) if (formula := live.of(*cell))]
    used = {name for formula in found for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", formula.text)}
    assert used <= EXCEL_2010
    assert max(len(formula.text) for formula in found) < 8192


def test_every_relation_compiles(layout, monkeypatch):
    class Loud(Exception):  # noqa: N818 - stands in for the real one
        def __init__(self) -> None:
            pytest.fail("a deriving relation has no form in Excel")

    for module in ("compiler", "sight"):
        monkeypatch.setattr(f"budgetgen.writing.workbook.{module}.UncompilableError", Loud)
    live = Formulas(layout)
    assert any([live.of(*cell) for cell in cells(layout)])  # noqa: C419 - of every cell, not up to the first


@pytest.mark.parametrize(
    "text",
    [
        "占比(合计, 合计)",
        "合计 * 2",
        "求和(行.合计 for 行 in 支出总体.类)",
        "求和(行.合计 + 行.基本支出 for 行 in 支出总体)",
        '求和(行.合计 for 行 in 支出总体 if 相近(行.科目代码, "206"))',
        "求和(行.合计 for 行 in 支出总体 if 行.合计 == 基本支出)",
    ],
)
def test_what_has_no_form_in_excel_is_refused(layout, text):
    block, line = next((b, ln) for b, ln, _ in cells(layout) if b.sheet == "支出总体" and ln.kind == "line")
    compiler = Compiler(Sight(layout, block.address(line, "合计"), BoundRow(block, line)))
    with pytest.raises(UncompilableError):
        compiler.terms(EDITION.formula(text, each="支出总体"))


def test_a_count_is_zero_where_all_else_is_blank(layout, live):
    sheet = layout.sheets["整体绩效"]
    found = {
        line.key: formula
        for block in sheet.blocks
        for line in block.lines
        if (formula := live.of(block, line, "内容"))
    }
    assert found["项目个数"] == ExcelFormula(COUNTED, 0)
    assert found["资金合计"].empty == ""


def test_side_by_side_blocks_end_on_the_same_line(layout):
    sheet = layout.sheets["收支总体"]
    last = [max(line.row for line in block.lines) for block in sheet.blocks]
    assert last == [sheet.end, sheet.end]
    assert [block.left for block in sheet.blocks] == [0, 2]


def test_lines_reach_to_a_closing_row(layout):
    (block,) = layout.sheets["支出总体"].blocks
    assert block.lines[0].kind == "total"
    assert block.open_rows == (6, 66)
    assert block.lines[-1].row == 65


def test_the_formula_of_a_row_that_moves_is_the_one_compiled_for_its_place():
    edition = load("xinjiang-2024")
    department = examined_file(SAMPLES / "xinjiang-2024-department.xlsx").book
    layout = lay_out(edition, department)
    live, own, seen = Formulas(layout), Formulas(layout), set()
    for block, line, column in cells(layout):
        found = live.of(block, line, column)
        if found is None or line.kind not in {"line", "sum"}:
            continue
        covering = [r for r in deriving(edition, block.sheet, line.key, column) if _covers(r, line)]
        assert found == own._compiled(covering, block, line, column)
        seen.add((line.kind, line.row + 1 == (block.open_rows or (0, 0))[1]))
    assert {kind for kind, _ in seen} == {"line", "sum"}
