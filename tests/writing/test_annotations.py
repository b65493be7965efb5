"""Annotated copies: what is marked where, that nothing else changes, and that programs show it."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.comments import Comment as CellComment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from xlsxwriter import Workbook

from budgetgen.app.pipeline.inputs import examine
from budgetgen.values.findings import Explanation, Severity, Spot
from budgetgen.values.places import DocumentPlace
from budgetgen.writing.review.annotations import annotated_document, annotated_workbook
from budgetgen.writing.review.comments import Comment, commented
from tests.conftest import SAMPLES
from tests.findings import at, finding

RED, ORANGE, GREEN, LILAC = "FFFFB3B3", "FFFFD28C", "FFC6E7C8", "FFE3D5F2"

TOTAL = finding(
    "expenditure-row",
    Severity.ERROR,
    "“2060501”：合计 12.00 | 基本支出 6.00 + 项目支出 4.00 = 10.00 | 差 2.00",
    "核对这一行",
    "预算支出由两部分组成",
    (
        Spot("支出总体", "2060501", "合计", at("支出总体!C9"), "12.00"),
        Spot("支出总体", "2060501", "基本支出", at("支出总体!D9"), "6.00"),
    ),
    Decimal("2.00"),
)
NEGATIVE = finding(
    "negative",
    Severity.EXPLAIN,
    "项目支出 -4.00",
    "核对这一格",
    "",
    (Spot("支出总体", "2060501", "项目支出", at("支出总体!E9")),),
)
FAR = finding(
    "date-far",
    Severity.EXPLAIN,
    "公开日期 2020-02-27",
    "核对日期",
    "",
    (Spot("单位信息", "公开日期", "内容", at("单位信息!B11")),),
    explained=Explanation("补公开", "张三"),
)
NOTE = finding(
    "code-name",
    Severity.NOTE,
    "名称与代码表不同",
    "",
    "",
    (Spot("支出总体", "2060501", "合计", at("支出总体!C9")),),
)
TAIL = finding(
    "hierarchy",
    Severity.NOTE,
    "差 0.01（尾差）",
    "",
    "",
    (Spot("支出总体", place=at("支出总体!C8")),),
    Decimal("0.01"),
    tail=True,
)
SHEET = finding("column-unknown", Severity.NOTE, "不认识的列", "", "", (Spot("支出总体"),))
ABSENT = finding(
    "prior-differs", Severity.ERROR, "两数不同", "", "", (Spot("上年数", place=at("去年.xlsx!上年数!C9")),)
)
FILE = finding("prior-gap", Severity.EXPLAIN, "隔了一年", "用前一年的文件", "")
FOUND = (TAIL, NOTE, FAR, NEGATIVE, TOTAL, SHEET, ABSENT, FILE)

HEADS = ["序号", "级别", "规则", "工作表", "单元格", "位置", "说明", "差额", "怎么改", "依据", "已说明"]
MARK = "【budgetgen 审核】\n"

annotated = partial(annotated_workbook, sheet="审核结果")


@pytest.fixture(scope="module")
def original() -> bytes:
    """A workbook with what must stay: computed formulas, validations, widths, frozen panes, protection."""
    buffer = BytesIO()
    workbook = Workbook(buffer)
    for name in ("单位信息", "支出总体", "上年数"):
        sheet = workbook.add_worksheet(name)
        sheet.protect()
        sheet.freeze_panes(5, 2)
        sheet.set_column(0, 4, 21)
        sheet.write_row(8, 0, ["2060501", "机构运行"])
        sheet.write_formula("C9", "=D9+E9", None, 10)
        sheet.write_row(8, 3, [6, 4])
        sheet.data_validation("D9:E20", {"validate": "decimal", "criteria": ">", "value": 0})
    workbook.close()
    return buffer.getvalue()


@pytest.fixture(scope="module")
def copy(original) -> bytes:
    return annotated(original, FOUND)


def opened(data):
    return load_workbook(BytesIO(data))


def colours(workbook):
    """Which cells are coloured by us, and how."""
    return {
        (sheet.title, cell): rule.dxf.fill.bgColor.rgb
        for sheet in workbook
        for formatting in sheet.conditional_formatting
        for rule in formatting.rules
        if rule.formula == ['N("budgetgen")=0']
        for cell in str(formatting.sqref).split()
    }


def notes(workbook):
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def results(workbook):
    return [[cell.value for cell in row] for row in workbook["审核结果"].iter_rows()]


def shown(sheet):
    """The values or formulas of a sheet."""
    return {
        cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def parts(data):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- what is marked -----------------------------------------------------------------------------------------


def test_failing_cells_are_coloured_by_the_worst_that_is_said_of_them(copy):
    assert colours(opened(copy)) == {
        ("支出总体", "C9"): RED,
        ("支出总体", "E9"): ORANGE,
        ("单位信息", "B11"): GREEN,
    }


def test_notes_tell_rule_both_sides_difference_and_what_to_do(copy):
    assert notes(opened(copy)) == {
        ("支出总体", "C9"): (
            f"{MARK}错误 expenditure-row\n{TOTAL.message}\n相关单元格：支出总体!D9\n差额：2.00 万元\n请：核对这一行。\n\n"
            "提示 code-name\n名称与代码表不同"
        ),
        ("支出总体", "E9"): f"{MARK}需说明 negative\n项目支出 -4.00\n请：核对这一格。",
        ("单位信息", "B11"): f"{MARK}已说明 date-far\n公开日期 2020-02-27\n说明：补公开（张三）",
    }


def test_the_sheet_of_results_lists_everything_worst_first(copy):
    place = "支出总体[2060501]"
    assert results(opened(copy)) == [
        ["审核结果", *[None] * 10],
        ["错误 2 处，需说明 2 处，已说明 1 处，提示 3 处", *[None] * 10],
        HEADS,
        [
            1,
            "错误",
            "expenditure-row",
            "支出总体",
            "C9",
            f"{place}.合计",
            TOTAL.message,
            2,
            "核对这一行",
            TOTAL.basis,
            None,
        ],
        [2, "错误", "prior-differs", "上年数", "整张表", "上年数", "两数不同", *[None] * 4],
        [
            3,
            "需说明",
            "negative",
            "支出总体",
            "E9",
            f"{place}.项目支出",
            "项目支出 -4.00",
            None,
            "核对这一格",
            None,
            None,
        ],
        [4, "需说明", "prior-gap", None, None, "整个文件", "隔了一年", None, "用前一年的文件", None, None],
        [
            5,
            "已说明",
            "date-far",
            "单位信息",
            "B11",
            "单位信息[公开日期].内容",
            "公开日期 2020-02-27",
            None,
            "核对日期",
            None,
            "补公开（张三）",
        ],
        [6, "提示", "code-name", "支出总体", "C9", f"{place}.合计", "名称与代码表不同", *[None] * 4],
        [7, "提示", "column-unknown", "支出总体", "整张表", "支出总体", "不认识的列", *[None] * 4],
        [8, "提示", "hierarchy", "支出总体", "C8", "支出总体", "差 0.01（尾差）", 0.01, None, None, None],
    ]


def test_the_sheet_of_results_leads_to_the_cells(copy):
    sheet = opened(copy)["审核结果"]
    links = {
        cell.coordinate: cell.hyperlink.location
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == {
        "E4": "'支出总体'!C9",
        "E5": "'上年数'!A1",
        "E6": "'支出总体'!E9",
        "E8": "'单位信息'!B11",
        "E9": "'支出总体'!C9",
        "E10": "'支出总体'!A1",
        "E11": "'支出总体'!C8",
    }


def test_the_sheet_of_results_is_in_view_alone_and_ready_to_print(copy):
    workbook = opened(copy)
    sheet = workbook["审核结果"]
    assert workbook.active.title == "审核结果"
    assert [own.title for own in workbook if own.sheet_view.tabSelected] == ["审核结果"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", "A3:K11")
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$3:$3", "landscape")
    assert (
        sheet.page_setup.paperSize,
        sheet.page_setup.fitToHeight,
        sheet.sheet_properties.pageSetUpPr.fitToPage,
    ) == (
        9,
        0,
        True,
    )


def test_what_is_to_be_mended_stands_first_and_is_not_counted(original):
    mend = finding(
        "先改这一格", Severity.ERROR, "现为 12.00，应为 10.00", spots=TOTAL.spots[:1], difference=Decimal(2)
    )
    workbook = opened(annotated(original, [TOTAL], [mend]))
    assert results(workbook)[1][0] == "错误 1 处，需说明 0 处，已说明 0 处，提示 0 处"
    assert [row[2] for row in results(workbook)[3:]] == ["先改这一格", "expenditure-row"]
    assert notes(workbook)["支出总体", "C9"].startswith(
        f"{MARK}错误 先改这一格\n现为 12.00，应为 10.00\n差额：2.00 万元\n\n"
    )


def test_many_findings_of_a_cell_are_told_in_part(original):
    many = [finding("code-name", Severity.NOTE, f"第{n}条", spots=NOTE.spots) for n in range(1, 13)]
    text = notes(opened(annotated(original, many)))["支出总体", "C9"]
    assert (text.count("提示 code-name"), text.endswith("\n\n另有 2 处，见“审核结果”")) == (10, True)


def test_a_formula_in_a_message_stays_a_text(original):
    found = finding("row-unknown", Severity.ERROR, '=HYPERLINK("x")\x07', spots=NOTE.spots)
    cell = opened(annotated(original, [found]))["审核结果"]["G4"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')


# --- what stays ---------------------------------------------------------------------------------------------


def test_everything_else_stays_byte_for_byte(original, copy):
    before, after = parts(original), parts(copy)
    assert set(before) <= set(after)
    marked = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    changed = {name for name in before if before[name] != after[name]} - marked
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}


def test_values_validations_widths_and_panes_stay(original, copy):
    for values in (True, False):
        before, after = (load_workbook(BytesIO(data), data_only=values) for data in (original, copy))
        assert after.sheetnames == [*before.sheetnames, "审核结果"]
        for old in before:
            new = after[old.title]
            assert shown(new) == shown(old)
            assert new.freeze_panes == old.freeze_panes
            assert {k: d.width for k, d in new.column_dimensions.items()} == {
                k: d.width for k, d in old.column_dimensions.items()
            }
            assert [(v.sqref, v.formula1) for v in new.data_validations.dataValidation] == [
                (v.sqref, v.formula1) for v in old.data_validations.dataValidation
            ]


def test_the_same_input_gives_the_same_bytes(original, copy):
    assert annotated(original, FOUND) == copy
    assert annotated(copy, FOUND) == copy


def test_marks_of_an_earlier_check_are_taken_off(copy):
    again = opened(annotated(copy, [NEGATIVE]))
    assert set(colours(again)) == set(notes(again)) == {("支出总体", "E9")}
    assert len(results(again)) == 4
    clean = opened(annotated(copy, []))
    assert (colours(clean), notes(clean), len(results(clean))) == ({}, {}, 3)


@pytest.fixture
def used(original):
    """A workbook that an office has noted and coloured itself, saved by another program."""
    workbook = opened(original)
    sheet = workbook["支出总体"]
    sheet["C9"].comment = CellComment("同上年", "李四")
    sheet["D9"].comment = CellComment("待定", "李四")
    fill = PatternFill("solid", bgColor="FF00FF00")
    sheet.conditional_formatting.add("C9:C20", CellIsRule(operator="greaterThan", formula=["5"], fill=fill))
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_notes_and_colours_of_others_stay(used):
    once = annotated(used, [TOTAL])
    first = notes(opened(once))
    assert first["支出总体", "D9"] == "待定"
    assert first["支出总体", "C9"].startswith(f"同上年\n\n{MARK}错误 expenditure-row\n")
    rules = [
        (str(formatting.sqref), rule.priority, rule.formula)
        for formatting in opened(once)["支出总体"].conditional_formatting
        for rule in formatting.rules
    ]
    assert sorted(rules) == [("C9", 1, ['N("budgetgen")=0']), ("C9:C20", 2, ["5"])]
    assert notes(opened(annotated(once, []))) == {
        ("支出总体", "C9"): "同上年",
        ("支出总体", "D9"): "待定",
    }


def test_the_copy_is_checked_with_the_same_findings(tmp_path):
    sample = SAMPLES / "xinjiang-2026-unit.xlsx"
    before = examine(sample)
    path = tmp_path / sample.name
    path.write_bytes(annotated(sample.read_bytes(), before.findings))
    assert examine(path).findings == before.findings
    assert before.findings


@pytest.mark.office
def test_libreoffice_keeps_colours_notes_and_links(copy, tmp_path, convert):
    path = tmp_path / "审核.xlsx"
    path.write_bytes(copy)
    saved = opened(convert("xlsx", tmp_path / "出", path)[0].read_bytes())
    mine = opened(copy)
    assert (colours(saved), notes(saved)) == (colours(mine), notes(mine))
    assert results(saved) == results(mine)
    assert saved["审核结果"]["E4"].hyperlink.location == "'支出总体'!C9"
    again = opened(annotated((tmp_path / "出" / path.name).read_bytes(), FOUND))
    assert (colours(again), notes(again), results(again)) == (colours(mine), notes(mine), results(mine))


# --- documents ----------------------------------------------------------------------------------------------


@pytest.fixture
def document():
    written = Document()
    written.add_paragraph("某中心2026年预算公开")
    written.add_paragraph("")
    written.add_paragraph("财政拨款10.00万元。")
    table = written.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "合计", "金额"
    table.cell(1, 1).text = "12.00"
    run = written.paragraphs[2].runs[0]
    written.add_comment(run, "请核", author="李四", initials="李")
    buffer = BytesIO()
    written.save(buffer)
    return buffer.getvalue()


ALL = """错误 1 处，需说明 2 处，已说明 0 处，提示 2 处
需说明 prior-gap
隔了一年
请：用前一年的文件。
另有四舍五入尾差 1 处，不影响公开"""


def anchored(data):
    """The comments with the text of the paragraph that each stands at."""
    opened = Document(BytesIO(data))
    places = {
        node.get(qn("w:id")): "".join(t.text for t in node.getparent().iter(qn("w:t")))
        for node in opened.element.body.iter(qn("w:commentRangeStart"))
    }
    return [(places[str(c.comment_id)], c.author, c.text) for c in opened.comments]


def test_comments_stand_where_the_findings_are(document):
    spots = (Spot("支出总体", "总计", "合计", DocumentPlace(1, 2, 2)), Spot("支出总体", "总计", "基本支出"))
    wrong = finding(
        "expenditure-row", Severity.ERROR, "合计 12.00 | 10.00 | 差 2.00", "核对", "", spots, Decimal(2)
    )
    said = finding(
        "sentence-differs",
        Severity.EXPLAIN,
        "正文说 10.00",
        "",
        "",
        (Spot("", place=DocumentPlace(paragraph=2)),),
    )
    blank = finding("negative", Severity.NOTE, "空", spots=(Spot("支出总体", place=DocumentPlace(1, 2, 1)),))
    assert anchored(annotated_document(document, [TAIL, blank, said, wrong, FILE])) == [
        ("财政拨款10.00万元。", "李四", "请核"),
        (
            "某中心2026年预算公开",
            "budgetgen",
            ALL,
        ),
        (
            "12.00",
            "budgetgen",
            "错误 expenditure-row\n合计 12.00 | 10.00 | 差 2.00\n相关单元格：支出总体[总计].基本支出\n差额：2.00 万元\n请：核对。",
        ),
        ("财政拨款10.00万元。", "budgetgen", "需说明 sentence-differs\n正文说 10.00"),
        ("", "budgetgen", "提示 negative\n空"),
    ]


def test_commented_copies_are_alike_and_say_the_same(document):
    comments = [
        Comment(DocumentPlace(paragraph=1), "甲\n乙\x07"),
        Comment(DocumentPlace(paragraph=999), "丙"),
    ]
    copy = commented(document, comments)
    assert copy == commented(document, comments)
    assert anchored(copy)[1:] == [
        ("某中心2026年预算公开", "budgetgen", "甲\n乙"),
        ("某中心2026年预算公开", "budgetgen", "丙"),
    ]
    before, after = (Document(BytesIO(data)) for data in (document, copy))
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]


def test_comments_are_in_the_styles_of_the_document_whatever_their_ids():
    """Chinese Word calls the style of a comment's text `a5` or the like; other documents have none."""
    written = Document()
    written.styles.add_style("annotation text", WD_STYLE_TYPE.PARAGRAPH).element.styleId = "a5"
    written.styles.add_style("另一种", WD_STYLE_TYPE.CHARACTER).element.styleId = "CommentReference"
    written.add_paragraph("甲")
    buffer = BytesIO()
    written.save(buffer)

    copy = Document(BytesIO(commented(buffer.getvalue(), [Comment(DocumentPlace(paragraph=1), "乙")])))
    (comment,) = copy.comments
    used = {
        style.get(qn("w:val"))
        for root in (comment._comment_elm, copy.element.body)
        for style in root.iter(qn("w:pStyle"), qn("w:rStyle"))
    }
    names = {style.styleId: style.name_val for style in copy.styles.element.style_lst}
    assert {own: names[own] for own in used} == {
        "a5": "annotation text",
        "CommentReference1": "annotation reference",
    }


def test_an_empty_document_takes_a_comment_too():
    written = Document()
    written.element.body.clear_content()
    buffer = BytesIO()
    written.save(buffer)
    assert anchored(commented(buffer.getvalue(), [Comment(None, "空的")])) == [("", "budgetgen", "空的")]
