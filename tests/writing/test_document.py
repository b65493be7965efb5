"""The Word document: what is in it, how it is set, and that templates of others cannot spoil it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from budgetgen.edition import load
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import Disclosure, Paragraph, PerformanceGrid, PrintedPart, PrintedTable, Run
from budgetgen.writing.archive import pack
from budgetgen.writing.document import divided
from budgetgen.writing.document.base import base_of
from budgetgen.writing.document.template import render_template
from budgetgen.writing.document.writer import default_template, render_document

if TYPE_CHECKING:
    from pathlib import Path

EDITION = load("xinjiang-2026")
UNIT = "某科技信息服务中心"
MAIN = "word/document.xml"
PADDING = 2
"""Left and right of the text in a cell, in points."""


# --- a Disclosure by hand -----------------------------------------------------------------------------------


def keys(name: str) -> list[str]:
    """The names of the printed columns of a table."""
    table = EDITION.tables[name]
    several = len(table.block) > 1
    return [
        f"{block.name}.{caption}" if several else caption
        for block in table.block
        for column in block.columns
        if column.type != "unit"
        for caption in column.parts or (column.name,)
    ]


def table(
    name: str, grid: str = "", *, sums: tuple[int, ...] = (), remarks: tuple[str, ...] = ()
) -> PrintedTable:
    """A table of rows such as `206 | 05 |  | 机构运行 | 364.68`; what is not given is blank."""
    names = keys(name)
    lines = [[cell.strip() for cell in line.split("|")] for line in grid.strip().splitlines()]
    rows = [dict(zip(names, line + [""] * (len(names) - len(line)), strict=True)) for line in lines]
    declared = EDITION.tables[name]
    title, preparer = declared.title.replace("{主体}", "单位"), f"编制单位：{UNIT}"
    return PrintedTable(
        name, declared.number, title, preparer, "单位：万元", tuple(rows), frozenset(sums), remarks
    )


def text(content: str, style: str = "正文") -> Paragraph:
    return Paragraph(style, (Run(content),))


def disclosure(*tables: PrintedTable, told: tuple = (), **changes) -> Disclosure:
    """A short document: these tables, the others empty, and what is told in part three."""
    given = {each.name: each for each in tables}
    numbered = tuple(given.get(each.name) or table(each.name) for each in EDITION.printed)
    parts = (
        PrintedPart("第一部分　概况", (text("一、主要职能", "一级标题"), text("（一）承担信息研究。"))),
        PrintedPart("第二部分　公开表", numbered),
        PrintedPart("第三部分　情况说明", told),
        PrintedPart("第四部分　名词解释", (text("一、财政拨款：指财政拨款数。"),)),
    )
    made = Disclosure(
        edition=EDITION.id,
        unit=UNIT,
        year=2026,
        date=date(2026, 2, 27),
        subject="单位预算公开",
        cover=(f"2026年{UNIT}", "单位预算公开"),
        contents="目　录",
        entries=tuple(entries(parts)),
        parts=parts,
        signature=(UNIT, "2026年2月27日"),
        draft="",
        file=f"2026年{UNIT}单位预算公开",
    )
    return replace(made, **changes)


def entries(parts: tuple[PrintedPart, ...]):
    for part in parts:
        yield 1, part.heading
        for block in part.blocks:
            if isinstance(block, PrintedTable):
                yield 2, f"{block.number}、{block.title}"
            elif isinstance(block, Paragraph) and block.style == "一级标题":
                yield 2, block.text


def opened(made: Disclosure, template: Path | None = None):
    return Document(io.BytesIO(render_document(made, EDITION, template)))


@pytest.fixture(scope="module")
def plain() -> bytes:
    """The document of the shortest disclosure."""
    return render_document(disclosure(), EDITION)


@pytest.fixture
def short(plain):
    return Document(io.BytesIO(plain))


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def printed(node) -> str:
    """The text of a paragraph, cell or row as it is seen."""
    marks = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    texts = (
        marks.get(piece.tag, piece.text or "") for piece in node.iter(qn("w:t"), *marks) if not in_tabs(piece)
    )
    return "".join(texts)


def in_tabs(node) -> bool:
    return node.getparent().tag == qn("w:tabs")


def paragraphs(document) -> list[tuple[str, str]]:
    return [(each.style.name, printed(each._p)) for each in document.paragraphs]


def rows(document, number: int) -> list[list[str]]:
    """The cells of the nth table."""
    return [[printed(cell) for cell in row.tc_lst] for row in document.tables[number - 1]._tbl.tr_lst]


def body_rows(document, number: int) -> list[list[str]]:
    heads = document.tables[number - 1]._tbl.findall(f".//{qn('w:tblHeader')}")
    return rows(document, number)[len(heads) :]


# --- what is in it ------------------------------------------------------------------------------------------


def test_everything_is_printed_once_and_in_order():
    told = (
        text("一、关于收支的说明", "一级标题"),
        text("（一）规模", "二级标题"),
        Paragraph(
            "正文", (Run("预算"), Run("648.89", spots=(("收支总体", "收入总计", "预算数"),)), Run("万元。"))
        ),
    )
    document = opened(disclosure(table("收入总体", "206 | 05", remarks=("注：甲。", "注：乙。")), told=told))

    lines = paragraphs(document)
    first = lines.index(("表号", "表 1"))
    last = lines.index(("Heading 1", "第三部分　情况说明"))
    assert lines[:first] == [
        ("封面留白", ""),
        ("封面标题", "2026年某科技信息服务中心"),
        ("封面标题", "单位预算公开"),
        ("TOC Heading", "目　录"),
        ("toc 1", "第一部分　概况"),
        ("toc 2", "一、主要职能"),
        ("toc 1", "第二部分　公开表"),
        *(("toc 2", f"{each.number}、{each.title.replace('{主体}', '单位')}") for each in EDITION.printed),
        ("toc 1", "第三部分　情况说明"),
        ("toc 2", "一、关于收支的说明"),
        ("toc 1", "第四部分　名词解释"),
        ("Heading 1", "第一部分　概况"),
        ("Heading 2", "一、主要职能"),
        ("Body Text", "（一）承担信息研究。"),
        ("Heading 1", "第二部分　公开表"),
    ]
    assert lines[first : first + 10] == [
        ("表号", "表 1"),
        ("Heading 2", "单位收支总体情况表"),
        ("表编制", "编制单位：某科技信息服务中心\t单位：万元"),
        ("表后", ""),
        ("表号", "表 2"),
        ("Heading 2", "单位收入总体情况表"),
        ("表编制", "编制单位：某科技信息服务中心\t单位：万元"),
        ("表注", "注：甲。"),
        ("表注", "注：乙。"),
        ("表后", ""),
    ]
    assert lines[last:] == [
        ("Heading 1", "第三部分　情况说明"),
        ("Heading 2", "一、关于收支的说明"),
        ("Heading 3", "（一）规模"),
        ("Body Text", "预算648.89万元。"),
        ("Heading 1", "第四部分　名词解释"),
        ("Body Text", "一、财政拨款：指财政拨款数。"),
        ("落款", ""),
        ("落款", UNIT),
        ("落款", "2026年2月27日"),
    ]


def test_the_rows_of_a_table_are_those_given():
    document = opened(
        disclosure(
            table(
                "支出总体",
                "206 |  |  | 科学技术支出 | 7.00\n206 | 05 | 01 | 机构运行 | 7.00\n | | | 总计 | 7.00",
            ),
            table("财政拨款收支", "一、财政拨款 | 6.00 | 201 一般公共服务支出 | 6.00 | 6.00"),
        )
    )

    assert body_rows(document, 3) == [
        ["206", "", "", "科学技术支出", "7.00", "", ""],
        ["206", "05", "01", "机构运行", "7.00", "", ""],
        ["", "", "", "总计", "7.00", "", ""],
    ]
    assert body_rows(document, 4) == [
        ["一、财政拨款", "6.00", "201 一般公共服务支出", "6.00", "6.00", "", ""]
    ]
    assert [body_rows(document, number) for number in (1, 2, 5, 6, 7, 8, 9, 10, 11, 12)] == [[]] * 10


HOSTILE = [
    "R&D经费<10%",
    "<=2小时",
    "A&B；100<200；a>b",
    "&lt;w:p&gt;",
    "<w:p/>",
    "]]>",
    "<!-- 注 -->",
    "{{ 单位.名称 }}",
    "{% for 行 in 封面 %}",
    "{%p endfor %}",
    "{# 注 #}",
    "{_{",
    "}_}",
    "{_%",
    "%_}",
    "{{r 7 * 7 }}",
    "\"双\"'单'“弯”‘弯’",
    "\\n \\1 \\g<0>",
    "　　缩进  两格 ",
    "𠮷䶮\ue000",
    "先\t后",
    "先\n后",
]


def test_every_value_survives_literally_wherever_it_stands():
    grid = PerformanceGrid(
        "项目绩效",
        tuple(HOSTILE),
        dict.fromkeys(
            ("预算单位", "项目名称", "项目负责人", "年度预算总额", "财政拨款", "其他资金"), "<=2小时"
        )
        | {"总体目标": "R&D{{ 甲 }}", "年度预算总额绩效表冒号": "{{ 乙 }}&", "其他资金绩效表冒号": "{_{<丙>"},
        tuple(dict.fromkeys(INDICATORS, value) for value in HOSTILE),
    )
    project = dict.fromkeys(keys("项目支出"), "")
    projects = replace(
        table("项目支出"), title="<&{{ 甲 }}", rows=tuple({**project, "项目名称": value} for value in HOSTILE)
    )
    told = (*(text(value) for value in HOSTILE), grid)
    document = opened(disclosure(projects, told=told, cover=tuple(HOSTILE), draft="<草稿>&{{ 甲 }}{_{"))

    lines = paragraphs(document)
    assert [value for style, value in lines if style == "封面标题"] == HOSTILE
    assert [value for style, value in lines if style == "Body Text"][1:-1] == HOSTILE
    assert [value for style, value in lines if style in {"绩效表题", "绩效副题"}] == HOSTILE
    assert ("Heading 2", "<&{{ 甲 }}") in lines
    assert [row[4] for row in body_rows(document, 7)] == HOSTILE
    assert [row[2] for row in rows(document, 13)[5:]] == HOSTILE
    assert [row[1] for row in rows(document, 13)[:4]] == ["<=2小时"] * 2 + ["{{ 乙 }}&", "R&D{{ 甲 }}"]
    assert rows(document, 13)[2][5] == "{_{<丙>"
    sections = document.sections[0]
    headers = (sections.header, sections.even_page_header, sections.first_page_header)
    assert [header.paragraphs[0].text for header in headers] == ["<草稿>&{{ 甲 }}{_{"] * 3


def test_characters_that_no_document_can_hold_are_dropped():
    document = opened(disclosure(cover=("a\x07b\x0cc\x0bd\x00e\ufffef\ud800g\ufdd0h\ufdd2i\r\nj",)))

    assert [value for style, value in paragraphs(document) if style == "封面标题"] == ["abcdefghi\nj"]


def test_no_placeholder_is_left_in_any_part(plain):
    parts = parts_of(plain)

    assert [name for name, content in parts.items() if b"{{" in content or b"{%" in content] == []
    assert sorted(parts) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/footer2.xml",
        "word/header1.xml",
        "word/header2.xml",
        "word/header3.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    ]


def test_what_is_open_is_highlighted():
    told = (Paragraph("正文", (Run("增长"), Run("【待补】", open=True), Run("。"))),)
    document = opened(disclosure(told=told))

    paragraph = next(each for each in document.paragraphs if "【待补】" in each.text)
    assert [(run.text, run.style.name) for run in paragraph.runs] == [
        ("增长", "Default Paragraph Font"),
        ("【待补】", "待补"),
        ("。", "Default Paragraph Font"),
    ]
    shade = document.styles["待补"].element.find(f"{qn('w:rPr')}/{qn('w:shd')}")
    assert (shade.get(qn("w:val")), shade.get(qn("w:fill"))) == ("clear", "FFFF00")


def test_rows_that_add_others_up_are_bold():
    document = opened(disclosure(table("委托业务费", "甲 | 1.00\n总计 | 1.00", sums=(1,))))

    styles = [
        {run.style.name for cell in row.cells for each in cell.paragraphs for run in each.runs if run.text}
        for row in document.tables[10].rows[2:]
    ]
    assert styles == [{"Default Paragraph Font"}, {"合计行"}]


# --- heads of tables ----------------------------------------------------------------------------------------


def head(document, number: int) -> list[str]:
    """Each head row as text: `caption×span`, ↓ begins a cell that reaches down, ^ continues it."""
    drawn = []
    for row in document.tables[number - 1]._tbl.tr_lst:
        if row.find(f".//{qn('w:tblHeader')}") is None:
            break
        cells = []
        for cell in row.tc_lst:
            merge = {None: "", "restart": "↓", "continue": "^"}[cell.vMerge]
            cells.append(printed(cell) + (f"×{cell.grid_span}" if cell.grid_span > 1 else "") + merge)
        drawn.append(" | ".join(cells))
    return drawn


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, ["收入×2 | 支出×2", "项目 | 预算数 | 科目名称 | 预算数"]),
        (
            2,
            [
                "科目代码×3 | 科目名称↓ | 总计↓ | 财政拨款（补助）×6 | 财政专户（教育收费）↓ | 单位资金↓ | 财政拨款结转↓ | 非财政拨款结转结余↓",
                "类 | 款 | 项 | ^ | ^ | 财政拨款（补助）小计 | 一般公共预算 | 上级一般公共预算安排的转移支付 | 政府性基金预算 | 上级政府性基金安排的转移支付 | 国有资本经营预算 | ^ | ^ | ^ | ^",
            ],
        ),
        (
            3,
            [
                "科目×4 | 支出预算×3",
                "科目代码×3 | 科目名称↓ | 合计↓ | 基本支出↓ | 项目支出↓",
                "类 | 款 | 项 | ^ | ^ | ^ | ^",
            ],
        ),
        (
            4,
            [
                "财政拨款收入×2 | 财政拨款支出×5",
                "项目 | 合计 | 科目名称 | 合计 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算",
            ],
        ),
        (6, ["科目代码×2 | 科目名称↓ | 一般公共预算基本支出×3", "类 | 款 | ^ | 合计 | 人员经费 | 公用经费"]),
        (
            8,
            [
                "科目×4 | 政府性基金预算支出×4",
                "科目代码×3 | 科目名称↓ | 合计↓ | 基本支出×2 | 项目支出↓",
                "类 | 款 | 项 | ^ | ^ | 人员经费 | 公用经费 | ^",
            ],
        ),
        (
            10,
            [
                "“三公”经费支出内容↓ | 合计↓ | 资金来源×3",
                "^ | ^ | 一般公共预算 | 政府性基金 | 国有资本经营预算",
            ],
        ),
        (
            12,
            [
                "项目↓ | 合计↓ | 财政拨款×4 | 非财政拨款×4",
                "^ | ^ | 小计↓ | 基本支出×2 | 项目支出↓ | 小计↓ | 基本支出×2 | 项目支出↓",
                "^ | ^ | ^ | 人员经费 | 公用经费 | ^ | ^ | 人员经费 | 公用经费 | ^",
            ],
        ),
    ],
)
def test_captions_are_merged_as_declared(short, number, expected):
    assert head(short, number) == expected


def widths(table_element) -> list[int]:
    return [int(column.get(qn("w:w"))) for column in table_element.iter(qn("w:gridCol"))]


def test_every_table_fills_the_text_with_consistent_widths():
    template = Document(io.BytesIO(default_template(EDITION)))

    page = {False: 11906 - 1587 - 1474, True: 16838 - 2 * 850}
    lying = [each.landscape for each in EDITION.printed] + [False] * len(EDITION.performance)
    for each, down in zip(template.tables, lying, strict=True):
        grid = widths(each._tbl)
        assert sum(grid) == page[down] == int(each._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
        assert each._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
        for row in each._tbl.tr_lst:
            assert row.find(f".//{qn('w:cantSplit')}") is not None
            place = 0
            for cell in row.tc_lst:
                assert cell.width.twips == sum(grid[place : place + cell.grid_span])
                place += cell.grid_span
            assert place == len(grid)


DIGIT, MARK, WIDEST_DIGIT = 0.5, 0.25, 0.64
"""Widths in ems: of Times New Roman, and the digits of the widest font that may stand in for it."""


def needed(column, part: int) -> float:
    """What a column, or a part of a code, has to hold in one line, in ems."""
    if column.parts:
        cuts = (0, *EDITION.code_lengths(column.of))
        return (cuts[part + 1] - cuts[part]) * WIDEST_DIGIT
    if not column.numeric:
        return 1  # texts are broken between any two characters
    return sum(DIGIT if sign.isdigit() else MARK for sign in LONG)


def printed_of(block, whole=True):
    """The printed columns of a block: name, whether it is of amounts, and what it has to hold, in ems."""
    for column in (
        column for column in block.columns if column.type != "unit" and (whole or not column.only)
    ):
        for part in range(len(column.parts) or 1):
            yield column.name, column.numeric, needed(column, part)
        if column.type == "label" and block.ordinals:
            yield block.ordinals, False, 2 * WIDEST_DIGIT


def test_every_column_holds_what_may_stand_in_it(edition):
    base, template = base_of(edition), Document(io.BytesIO(default_template(edition)))

    narrow = []
    drawn = [
        (declared, whole)
        for declared in edition.printed
        for whole in ([False, True] if any(column.only for column in declared.columns.values()) else [True])
    ]
    for (declared, whole), each in zip(drawn, template.tables, strict=False):
        grid = base.prototypes[edition.typography.grid_of(declared.name).name]
        leaves = [leaf for block in declared.block for leaf in printed_of(block, whole)]
        sizes = [grid.sizes["number" if numeric else "text"] for _, numeric, _ in leaves]
        for (name, _, ems), size, width in zip(leaves, sizes, widths(each._tbl), strict=True):
            wanted = (ems * size + 2 * PADDING) * 20
            if width < wanted:
                narrow.append(f"{declared.name} {name}: {width} < {wanted}")
    assert narrow == []


# --- performance tables -------------------------------------------------------------------------------------

INDICATORS = [field.column for field in EDITION.performance[1].columns]


def grid_of(lines: str) -> PerformanceGrid:
    """A performance table of rows such as `产出指标 | 数量指标 | 信息发布 | ≥60篇`."""
    cells = [[cell.strip() for cell in line.split("|")] for line in lines.strip().splitlines()]
    indicators = [
        dict(zip(INDICATORS, line + [""] * (len(INDICATORS) - len(line)), strict=True)) for line in cells
    ]
    facts = ("预算单位", "项目名称", "项目负责人", "年度预算总额", "财政拨款", "其他资金", "总体目标")
    labels = {"年度预算总额绩效表冒号": "年度预算总额：", "其他资金绩效表冒号": "其他资金："}
    head = dict.fromkeys(facts, "某") | labels
    return PerformanceGrid("项目绩效", ("绩效目标表", "（2026年）"), head, tuple(indicators))


def merges(document, number: int) -> list[str]:
    """The indicator rows with their merges, as in `head`."""
    marks = {None: "", "restart": "↓", "continue": "^"}
    lines = document.tables[number - 1]._tbl.tr_lst[5:]
    return [" | ".join(printed(cell) + marks[cell.vMerge] for cell in row.tc_lst[:4]) for row in lines]


def test_indicators_that_continue_the_row_above_are_merged_and_groups_that_are_written_again_are_not():
    told = (
        grid_of("""
            产出指标 | 数量指标 | 信息发布 | ≥60篇
                     |          | 更新     | =4次
                     | 质量指标 | 完成率   | =100%
            成本指标 | 经济成本 | 经费     | ≤8万元
                     |          |          | ≤2万元
                     | 社会成本 | 创新     | 有效
            效益指标 |          | 影响     | 有效
                     |          | 影响     | 有效
            效益指标 | 满意度   | 满意度   | ≥95%
        """),
    )

    assert merges(opened(disclosure(told=told)), 13) == [
        "产出指标↓ | 数量指标↓ | 信息发布 | ≥60篇",
        "^ | ^ | 更新 | =4次",
        "^ | 质量指标 | 完成率 | =100%",
        "成本指标↓ | 经济成本↓ | 经费 | ≤8万元",
        "^ | ^ |  | ≤2万元",
        "^ | 社会成本 | 创新 | 有效",
        "效益指标↓ |  | 影响 | 有效",
        "^ |  | 影响 | 有效",
        "效益指标 | 满意度 | 满意度 | ≥95%",
    ]


def test_the_head_of_a_performance_table():
    document = opened(disclosure(told=(grid_of("产出指标 | 数量指标 | 信息发布 | ≥60篇"),)))

    assert rows(document, 13)[:5] == [
        ["预算单位", "某"],
        ["项目名称", "某", "项目负责人", "某"],
        ["项目资金（万元）", "年度预算总额：", "某", "其中：财政拨款", "某", "其他资金：", "某"],
        ["项目总体目标", "某"],
        [
            "一级指标",
            "二级指标",
            "三级指标",
            "指标值",
            "指标值设置依据",
            "上年完成值",
            "指标分值权重",
            "指标赋分规则",
            "佐证资料",
        ],
    ]


def test_the_head_of_the_overall_performance_table_reaches_down():
    facts = {
        field.column: field.column for line in EDITION.performance[0].head for field in line if field.column
    }
    label = {"部门（单位）名称绩效表盖章": "部门（单位）名称（盖章）"}
    indicator = dict.fromkeys((field.column for field in EDITION.performance[0].columns), "甲")
    grid = PerformanceGrid("整体绩效", ("整体绩效目标表",), facts | label, (indicator,))
    document = opened(disclosure(told=(grid,)))

    marks = {None: "", "restart": "↓", "continue": "^"}
    drawn = [
        [printed(cell) + marks[cell.vMerge] for cell in row.tc_lst] for row in document.tables[12]._tbl.tr_lst
    ]
    assert drawn[0] == ["部门（单位）名称（盖章）", "单位"]
    assert drawn[3:8] == [
        ["年度预算（万元）↓", "资金来源", "资金总额（万元）"],
        ["^", "财政资金（万元）↓", "上级安排", "上级安排"],
        ["^", "^", "本级安排", "本级安排"],
        ["^", "其他资金（万元）", "其他", "其他资金"],
        ["^", "合计：", "资金合计"],
    ]


def test_the_head_of_a_performance_table_is_repeated_unless_it_takes_too_much_room():
    table, long = grid_of("产出指标 | 数量指标 | 信息发布 | ≥60篇"), "目标" * 600
    document = opened(disclosure(told=(table, replace(table, head={**table.head, "总体目标": long}))))

    repeated = [
        [
            row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            for row in document.tables[number]._tbl.tr_lst
        ]
        for number in (12, 13)
    ]
    assert repeated == [[True] * 5 + [False], [True] + [False] * 5]


# --- contents -----------------------------------------------------------------------------------------------


def links(document) -> list[tuple[str, str]]:
    """Each entry of the contents with the heading that its link leads to."""
    body = document.element.body
    targets = {mark.get(qn("w:name")): printed(mark.getparent()) for mark in body.iter(qn("w:bookmarkStart"))}
    return [(printed(link), targets[link.get(qn("w:anchor"))]) for link in body.iter(qn("w:hyperlink"))]


def linked() -> list[tuple[str, str]]:
    titles = [(f"{each.number}、", each.title.replace("{主体}", "单位")) for each in EDITION.printed]
    return [
        ("第一部分　概况", "第一部分　概况"),
        ("一、主要职能", "一、主要职能"),
        ("第二部分　公开表", "第二部分　公开表"),
        *((number + title, title) for number, title in titles),
        ("第三部分　情况说明", "第三部分　情况说明"),
        ("第四部分　名词解释", "第四部分　名词解释"),
    ]


def test_the_contents_lead_to_the_headings_and_can_be_renewed_in_word(short):
    assert links(short) == linked()
    listed = [each._p for each in short.paragraphs if each.style.name in {"toc 1", "toc 2"}]
    fields = [
        (place, mark.get(qn("w:fldCharType")), mark.get(qn("w:dirty")))
        for place, each in enumerate(listed)
        for mark in each.iter(qn("w:fldChar"))
    ]
    assert fields == [(0, "begin", None), (0, "separate", None), (len(listed) - 1, "end", None)]
    assert [node.text for node in listed[0].iter(qn("w:instrText"))] == [' TOC \\o "1-2" \\h \\z \\u ']
    assert short.settings.element.find(qn("w:updateFields")) is None


# --- pages --------------------------------------------------------------------------------------------------


def kept(table_element) -> list[bool]:
    """Of each row, whether all its paragraphs are kept with the next."""
    return [
        all(each.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for each in row.iter(qn("w:p")))
        for row in table_element.tr_lst
    ]


def test_a_short_table_stays_on_one_page_with_its_remarks():
    grid = "\n".join(f"项目{number} | 1.00" for number in range(3))
    document = opened(disclosure(table("三公经费", grid), table("委托业务费", grid, remarks=("注：甲。",))))

    assert kept(document.tables[9]._tbl) == [True, True, True, True, False]
    assert kept(document.tables[10]._tbl) == [True, True, True, True, True]


def test_a_long_table_keeps_its_first_rows_and_its_last():
    grid = "\n".join(f"项目{number} | 1.00" for number in range(60))
    document = opened(disclosure(table("委托业务费", grid)))

    assert kept(document.tables[10]._tbl) == [True] * 3 + [False] * 56 + [True] * 2 + [False]


def test_a_table_that_just_fills_a_page_begins_on_one_and_is_set_tighter():
    """Its last row and its remark would stand alone on a second page."""
    grid = "\n".join(f"项目{number} | 1.00" for number in range(28))
    document = opened(
        disclosure(table("三公经费", "甲 | 1.00"), table("委托业务费", grid, remarks=("注：甲。",)))
    )

    begins = [
        each.text
        for each in document.paragraphs
        if each._p.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None
    ]
    assert begins == ["表 11"]
    assert {row.trHeight_val.pt for row in document.tables[10]._tbl.tr_lst} == {15.0}
    assert {row.trHeight_val.pt for row in document.tables[9]._tbl.tr_lst} == {17.0}
    assert all(kept(document.tables[10]._tbl))


def test_what_a_column_does_not_need_goes_to_long_names():
    grid = "206 | 05 | 99 | 其他支出 | 自治区创新环境建设专项科技创新基地建设资源共享平台建设项目 | 28.00"
    short, long = (
        widths(opened(disclosure(table("项目支出", text))).tables[6]._tbl)
        for text in ("206 | 05 | 99 | 其他支出 | 项目 | 28.00", grid)
    )
    assert sum(short) == sum(long)
    assert long[4] > short[4] * 1.8
    assert long[:3] == short[:3]
    assert min(long[5:]) >= 4 * 9 * 20


def test_a_long_table_is_set_in_pieces_as_in_one(monkeypatch):
    """Merges, groups, the head and the last rows go over the edges of pieces; widths depend on all rows."""
    lines = "\n".join(f"指标{n % 3} |  | {'长' * n} | ≥{n}" for n in range(40))
    groups = "\n".join(f"{'产出指标' if n % 5 == 0 else ''} | 质量 | {n} | ≥{n}" for n in range(60))
    uses = "\n".join(f"项目{'名' * (n % 50)} | {n}.00" for n in range(60))
    made = disclosure(
        table("委托业务费", uses, remarks=("注：甲。",)), told=(grid_of(lines), grid_of(groups))
    )
    whole, pieces = render_document(made, EDITION), list[int]()
    rows_of = divided._rows

    def counted(text: str):
        found = list(rows_of(text))
        pieces.append(len(found))
        return found

    monkeypatch.setattr(divided, "_BLOCK", 500)
    monkeypatch.setattr(divided, "_rows", counted)

    assert render_document(made, EDITION) == whole
    assert min(pieces[10], *pieces[12:14]) > 40


ROW, PART = "<w:tr><w:tc><w:p/></w:tc></w:tr>", '<w:tr w:rsidR="1"><w:tc><w:p/></w:tc></w:tr>'
INNER = f"<w:tr><w:tc><w:tbl><w:tblPr/>{ROW * 2}</w:tbl><w:p/></w:tc></w:tr>"


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        (ROW * 3, 3),
        (PART + ROW + INNER, 3),  # a row holds the rows of a table within it
        (f"<w:sdt><w:sdtContent>{ROW * 3}</w:sdtContent></w:sdt>", 1),
        (f"{ROW}<w:bookmarkEnd/>{ROW * 2}", 1),
        (ROW, 1),
        ("", 1),
    ],
)
def test_a_table_is_divided_between_rows_that_stand_side_by_side(monkeypatch, rows, pieces):
    monkeypatch.setattr(divided, "_BLOCK", 1)
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"
    space = qn("w:p")[1:].partition("}")[0]
    text = f'<w:document xmlns:w="{space}"><w:body>{table}<w:p/></w:body></w:document>'
    found = divided.divide(text, str)
    (parted,) = found.tables
    assert len(parted.pieces) == pieces
    assert [node.tag for node in parted.changing()] == [qn("w:tbl")] * pieces
    joined = b"".join(found.joined(etree.fromstring(found.around)))
    assert etree.tostring(etree.fromstring(joined)) == text.encode()
    parted.unite()
    assert len(list(parted)) == 1


def test_a_page_begins_with_a_label_where_its_group_finds_room_on_one():
    """A label that is merged over its rows stands on the first of two pages only."""
    lines = [
        f"{'产出指标' if n == 0 else ''} | {'数量指标' if n == 0 else ''} | 指标{n} | 1" for n in range(12)
    ]
    lines += [
        f"{'效益指标' if n == 0 else ''} | {'社会效益' if n == 0 else ''} | 效益{n} | 1" for n in range(60)
    ]
    (told,) = (grid_of("\n".join(lines)),)
    rows = kept(opened(disclosure(told=(told,))).tables[12]._tbl)[5:]
    assert rows[:12] == [True] * 11 + [False]
    assert not any(rows[12:-3])


def test_the_closing_does_not_stand_alone_on_a_page(short):
    *_, before, blank, unit, day = short.paragraphs
    assert [each.text for each in (before, blank, unit, day)] == [
        "一、财政拨款：指财政拨款数。",
        "",
        UNIT,
        "2026年2月27日",
    ]
    assert before.paragraph_format.keep_with_next


def test_wide_tables_lie_down_in_sections_of_their_own(short):
    sections = [
        (each.orientation, round(each.page_width.mm), round(each.page_height.mm)) for each in short.sections
    ]

    assert sections == [(0, 210, 297), (1, 297, 210)] * 3 + [(0, 210, 297)]
    first = short.sections[0]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]


def test_pages_are_numbered_outside_and_the_cover_is_not(short):
    first = short.sections[0]

    assert first.different_first_page_header_footer
    assert short.settings.odd_and_even_pages_header_footer
    numbers = [
        (printed(each._p), each.alignment)
        for foot in (first.footer, first.even_page_footer)
        for each in foot.paragraphs
    ]
    assert numbers == [("— 1 —", 2), ("— 1 —", 0)]
    assert first.footer._element.findtext(f".//{qn('w:instrText')}") == " PAGE "
    assert first.first_page_footer.is_linked_to_previous  # it has none
    assert [each.text for each in first.header.paragraphs] == [""]


def test_every_style_names_a_chinese_font(plain):
    styles = etree.fromstring(parts_of(plain)["word/styles.xml"])
    fonts = {
        style.find(qn("w:name")).get(qn("w:val")): [
            font.get(qn("w:eastAsia")) for font in style.iter(qn("w:rFonts"))
        ]
        for style in styles.iter(qn("w:docDefaults"), qn("w:style"))
        if style.get(qn("w:type")) == "paragraph"
    }
    default = styles.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")

    assert default.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert {name: font for name, font in fonts.items() if len(font) != 1 or not font[0]} == {}
    chosen = ("Normal", "Body Text", "heading 1", "heading 2", "heading 3", "表头", "表数", "footer")
    assert [fonts[name][0] for name in chosen] == [
        "仿宋_GB2312",
        "仿宋_GB2312",
        "方正小标宋简体",
        "黑体",
        "楷体_GB2312",
        "宋体",
        "宋体",
        "宋体",
    ]


# --- the file -----------------------------------------------------------------------------------------------


def test_the_properties_tell_what_it_is_and_nothing_else(plain):
    core = etree.fromstring(parts_of(plain)["docProps/core.xml"])

    assert [(etree.QName(node).localname, node.text) for node in core] == [
        ("title", "2026年某科技信息服务中心单位预算公开"),
        ("subject", "单位预算公开"),
        ("creator", UNIT),
        ("language", "zh-CN"),
        ("created", "2026-02-27T00:00:00Z"),
        ("modified", "2026-02-27T00:00:00Z"),
    ]


def test_a_document_without_a_date_is_not_of_today():
    assert opened(disclosure(date=None)).core_properties.created.isoformat() == "2000-01-01T00:00:00+00:00"


def test_the_same_disclosure_gives_the_same_bytes(plain):
    assert render_document(disclosure(), EDITION) == plain


def test_a_template_is_drawn_with_the_same_bytes():
    assert render_template(EDITION) == render_template(EDITION)


# --- templates of others ------------------------------------------------------------------------------------


def changed(tmp_path: Path, *changes: tuple[str, str], part: str = MAIN) -> Path:
    """The default template with some text of a part replaced."""
    parts = parts_of(default_template(EDITION))
    content = parts[part].decode()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    path = tmp_path / "本单位模板.docx"
    path.write_bytes(pack({**parts, part: content.encode()}))
    return path


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{{ 目录标题 }}", "{{ 目录名 }}", "模板里用了本程序没有提供的名称“目录名”"),
        ("{{ 表.收支总体.题名 }}", "{{ 表.收支总体.标题 }}", "模板里用了本程序没有提供的名称“标题”"),
        ("{{ 目录标题 }}", "{{ 目录标题.__class__ }}", "模板里用了不允许的名称“__class__”"),
        ("{{ 目录标题 }}", "{{ 目录标题 + 1 }}", "模板里的占位符算不出来"),
        (
            "{{ 目录标题 }}",
            "{{ 目录标题 1 }}",
            "模板里的占位符写得不对，在“{{ 目录标题 1 }} {% for 条 in 目录 %}”附近",
        ),
        ("{%p for 行 in 封面 %}", "", "模板里的占位符写得不对，在“{{ 行 }} {% endfor %}”附近"),
        ("{%p for 行 in 落款 %}", "{%p for 行 in 落款 %}{%p if 年 %}", "模板里的占位符写得不对"),
        ("{%p for 行 in 封面 %}", "{% for 行 in 封面 %}", "模板里的占位符放错了位置"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_with_the_place(tmp_path, old, new, problem):
    template = changed(tmp_path, (old, new))

    with pytest.raises(UnusableInputError) as caught:
        render_document(disclosure(), EDITION, template)
    assert caught.value.path == template
    assert caught.value.problem.startswith(problem)
    assert caught.value.fix.startswith("在 Word 中打开模板")


def test_a_template_that_is_no_document(tmp_path):
    template = tmp_path / "模板.docx"
    template.write_text("模板")

    with pytest.raises(UnusableInputError) as caught:
        render_document(disclosure(), EDITION, template)
    assert caught.value.path == template


def test_a_template_saved_by_chinese_word_still_has_contents(tmp_path):
    """Word renames the ids of styles: of Heading 1 to 1, of TOC 1 to 10 or the like."""
    template = changed(
        tmp_path, ('"Heading1"', '"1"'), ('"Heading2"', '"2"'), ('"TOC1"', '"10"'), ('"TOC2"', '"20"')
    )
    renamed = {"Heading1": "1", "Heading2": "2", "TOC1": "10", "TOC2": "20"}
    parts = parts_of(template.read_bytes())
    styles = re.sub(
        r'styleId="(\w+)"',
        lambda found: f'styleId="{renamed.get(found[1], found[1])}"',
        parts["word/styles.xml"].decode(),
    )
    template.write_bytes(pack({**parts, "word/styles.xml": styles.encode()}))

    assert links(opened(disclosure(), template)) == linked()


# --- as an office sees it -----------------------------------------------------------------------------------


def pages(pdf: Path) -> list[str]:
    result = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    return result.stdout.decode().split("\f")[:-1]


LONG = "1,234,567.89"


def amounts(before: str, *, columns: int, lines: int) -> str:
    return "\n".join([" | ".join([before, *[LONG] * columns])] * lines)


def first_line(page: str) -> str:
    return re.sub(r"\s", "", page.strip().splitlines()[0])


def as_wide_as_times() -> bool:
    """Whether the font that stands for Times New Roman here has digits of its width."""
    wanted = ["fc-match", "-f", "%{family}", "Times New Roman"]
    found = subprocess.run(wanted, capture_output=True, check=True, text=True).stdout
    return any(name in found for name in ("Times", "Liberation Serif", "Tinos", "Termes", "Nimbus Roman"))


@pytest.mark.office
def test_amounts_are_unbroken_pages_numbered_and_heads_repeated(tmp_path, convert):
    document = disclosure(
        table("收入总体", amounts("206 | 05 | 01 | 其他科技条件与服务支出", columns=11, lines=2)),
        table("基本支出", amounts("301 | 01 | 基本工资", columns=3, lines=60)),
        table(
            "项目支出", amounts("206 | 05 | 99 | 其他科技条件与服务支出 | 科教兴市栏目", columns=11, lines=2)
        ),
        table("结转结余", amounts("科教兴市栏目", columns=9, lines=2)),
    )
    written = tmp_path / "文本.docx"
    written.write_bytes(render_document(document, EDITION))

    (pdf,) = convert("pdf", tmp_path, written)
    seen = pages(pdf)
    # How many lines a page holds depends on the fonts of the machine; what must hold does not. The columns are made
    # for the digits of Times New Roman, as Word and WPS have it: a wider font may break them.
    if as_wide_as_times():
        assert sum(page.count(LONG) for page in seen) == 22 + 22 + 180 + 18
    assert [page for page in seen if LONG in page and "科目代码" not in page and "结转" not in page] == []
    opening = [first_line(page) for page in seen]
    parts = ["第一部分概况", "第二部分公开表", "第三部分情况说明", "第四部分名词解释"]
    assert [line for line in opening if line in {f"2026年{UNIT}", "目录", *parts}] == [
        f"2026年{UNIT}",
        "目录",
        *parts,
    ]
    assert [re.findall(r"— *(\d+) *—", page) for page in seen] == [
        [],
        *([str(n)] for n in range(2, len(seen) + 1)),
    ]


@pytest.mark.office
def test_a_pdf_is_chinese_and_no_figure_is_broken_into_lines(tmp_path, convert):
    told = tuple(text("算" * shift + f"比上年增加{LONG}万元，" * 12) for shift in range(20))
    written = tmp_path / "文本.docx"
    written.write_bytes(render_document(disclosure(told=told), EDITION))

    (pdf,) = convert("pdf", tmp_path, written)
    assert sum(page.count(LONG) for page in pages(pdf)) == 20 * 12
    assert re.findall(rb"/Lang\s*\(([^)]*)\)", pdf.read_bytes()) == [b"zh-CN"]


@pytest.mark.office
def test_a_template_saved_by_another_program_gives_the_same_text(tmp_path, convert):
    kept = tmp_path / "原来" / "模板.docx"
    kept.parent.mkdir()
    kept.write_bytes(default_template(EDITION))
    (template,) = convert("docx", tmp_path, kept)
    made = disclosure(
        table("收支总体", "甲 | 1.00 | 乙 | 1.00"), told=(grid_of("产出 | 数量 | 甲 | 1\n | | 乙 | 2"),)
    )

    own, others = opened(made), opened(made, template)
    assert [line for _, line in paragraphs(others) if line] == [line for _, line in paragraphs(own) if line]
    assert [rows(others, number) for number in range(1, 14)] == [rows(own, number) for number in range(1, 14)]
    assert merges(others, 13) == merges(own, 13) == ["产出↓ | 数量↓ | 甲 | 1", "^ | ^ | 乙 | 2"]
    assert links(others) == linked()
    assert [each.orientation for each in others.sections] == [each.orientation for each in own.sections]
