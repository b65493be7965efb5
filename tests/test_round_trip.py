"""What is written reads back as the same Book: through the workbook, through the document, and through what
other programs and other hands make of the document."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.import_ import import_document
from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Severity
from budgetgen.values.model import Paragraph
from budgetgen.writing.document.writer import render_document
from tests.conftest import PUBLISHED, SAMPLES, some
from tests.workbooks import examined

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
DOCUMENTS = ["2026-center", "2024-bureau", "2025-district", "2026-park"]


def values(book, *, printed=False):
    """All that a Book holds, by table, key and column; of the numbered tables only, on demand."""
    edition = load(book.edition)
    return {
        (name, row.key, column): cell.value
        for name, table in book.tables.items()
        if not printed or edition.tables[name].printed
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value is not None
    }


def told(path):
    """The narrative of a file's Book."""
    checked = examined(path)
    parts = compose(checked.book, checked.edition).parts
    return [block.text for part in parts for block in part.blocks if isinstance(block, Paragraph)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The sample's document and completed workbook."""
    return build(SAMPLE, tmp_path_factory.mktemp("甲")).written


@pytest.fixture(scope="module")
def original():
    """All of the sample that a document holds: the explanations of findings are not published."""
    checked = examined(SAMPLE)
    kept = checked.edition.explanations.table
    return {place: value for place, value in values(checked.book).items() if place[0] != kept}


@pytest.fixture(scope="module")
def content(written):
    """The paragraphs and tables of the sample's document."""
    return tuple(blocks(written[0].read_bytes()))


def read(content):
    """What the paragraphs and tables of a document give: all values, and the findings of reading."""
    reading = read_blocks(Path("变体.docx"), tuple(content))
    return values(derive(reading.book, reading.edition)), reading.findings


def test_the_sample_through_the_workbook(written):
    assert values(examine(written[1]).book) == values(examined(SAMPLE).book)


def test_the_sample_through_the_document(written, original):
    assert values(examine(written[0]).book) == original
    assert told(written[0]) == told(SAMPLE)


@pytest.mark.published
@pytest.mark.parametrize("name", some(DOCUMENTS, 3))
def test_published_documents_through_workbook_and_document(name, tmp_path):
    source = build(PUBLISHED / f"{name}.docx", tmp_path, draft=True)
    before = values(source.checked.book)
    assert values(examine(source.written[1]).book) == before
    if name != "2026-park":  # its slips (a name twice under one code, texts cut in two) are not written again
        assert values(examine(source.written[0]).book) == before


# --- what other hands make of a document --------------------------------------------------------------------


def texts(content, change):
    """The same with every paragraph changed: to another text, to several, or to none."""
    for block in content:
        if isinstance(block, Text):
            changed = change(block.text)
            for text in [changed] if isinstance(changed, str) else changed:
                yield replace(block, text=text)
        else:
            yield block


def grids(content, change):
    """The same with every table changed: to other lines, or to several tables."""
    for block in content:
        yield from (
            [replace(block, lines=lines) for lines in change(block)] if isinstance(block, Grid) else [block]
        )


def holding(grid, word):
    """Whether a table holds a word."""
    return any(word in str(raw.value) for line in grid.lines for raw in line)


def heads(grid):
    """How many rows the header of a numbered table has."""
    return next(
        i
        for i, line in enumerate(grid.lines)
        if any(re.fullmatch(r"[\d,]+\.\d\d", str(r.value)) for r in line)
    )


def unmerged_headers(content):
    """Cells of the header that were merged say their caption in each place."""

    def repeated(line):
        last = None
        for raw in line:
            last = raw.value or last
            yield raw._replace(value=last)

    def change(grid):
        if not holding(grid, "资金来源") or holding(grid, "年度"):
            return [grid.lines]
        return [(tuple(repeated(grid.lines[0])), *grid.lines[1:])]

    return grids(content, change)


def numbering_rows(content):
    """A row of column numbers below the header of 表3."""

    def change(grid):
        if not holding(grid, "支出预算"):
            return [grid.lines]
        row = [Raw("※"), Raw("※"), Raw("※"), Raw("※"), Raw("1"), Raw("2"), Raw("3")]
        return [(*grid.lines[: heads(grid)], tuple(row), *grid.lines[heads(grid) :])]

    return grids(content, change)


def totals_first(content):
    """总计 on the first line of 表3, and called 合计."""

    def change(grid):
        if not holding(grid, "支出预算"):
            return [grid.lines]
        last = tuple(raw._replace(value="合 计") if raw.value == "总计" else raw for raw in grid.lines[-1])
        return [(*grid.lines[: heads(grid)], last, *grid.lines[heads(grid) : -1])]

    return grids(content, change)


def continued_tables(content):
    """表6 goes on in a second table after a repeated header, 表1 without one."""

    def change(grid):
        if holding(grid, "工会经费") and holding(grid, "科目代码"):
            return [grid.lines[:20], (*grid.lines[: heads(grid)], *grid.lines[20:])]
        return [grid.lines[:12], grid.lines[12:]] if holding(grid, "201 一般公共服务支出") else [grid.lines]

    return grids(content, change)


def broken_captions(content):
    """Line ends within captions, blanks within titles and labels."""

    def broken(raw):
        return raw._replace(value="\n".join(raw.value)) if raw.value else raw

    def change(grid):
        if not holding(grid, "工资福利支出") or holding(grid, "30101"):
            return [grid.lines]
        return [
            (*(tuple(map(broken, line)) for line in grid.lines[: heads(grid)]), *grid.lines[heads(grid) :])
        ]

    return grids(texts(content, lambda text: " ".join(text) if text.endswith("情况表") else text), change)


def titles_on_the_line_of_the_number(content):
    """表 3 支出总体情况表: number and title on one line."""
    found = list(content)
    for index, block in enumerate(found):
        if isinstance(block, Text) and re.fullmatch(r"表 ?\d+", block.text):
            found[index] = replace(block, text=block.text + "　" + found[index + 1].text)
            found[index + 1] = None
    return filter(None, found)


def titles_cut_in_two(content):
    """A title that a line end cuts in two."""
    return texts(content, lambda text: [text[:6], text[6:]] if text == "一般公共预算项目支出情况表" else text)


def preparers(content):
    """编制部门（单位）, and 单位：万元 on a line of its own."""

    def change(text):
        if not text.startswith("编制单位"):
            return text
        return [text.replace("编制单位", "编制部门（单位）").replace("单位：万元", ""), "单位: 万元"]

    return texts(content, change)


def other_numbers(content):
    """1、 instead of 1. in lists, (一) instead of （一）."""
    return texts(
        content,
        lambda text: re.sub(r"^(\d{1,2})\.(?!\d)", r"\1．", text).replace("（", "(").replace("）", ")"),
    )


def no_ends(content):
    """Sentences of figures without their full stop, or with a half-width one."""

    def change(text):
        own = "万元" in text and not re.search("用于|资金分配|主要原因", text)
        return re.sub("。$", "." if len(text) % 2 else "", text) if own else text

    return texts(content, change)


VARIANTS = [
    unmerged_headers,
    numbering_rows,
    totals_first,
    continued_tables,
    broken_captions,
    titles_on_the_line_of_the_number,
    titles_cut_in_two,
    preparers,
    other_numbers,
    no_ends,
]


def same(text):
    """A value as two documents with other signs may both have it."""
    return text.translate(str.maketrans("（）．", "().")) if isinstance(text, str) else text


@pytest.mark.parametrize("change", VARIANTS)
def test_variants_of_a_document_read_the_same(content, original, change):
    found, findings = read(change(content))
    plain = {tuple(map(same, place)): same(value) for place, value in found.items()}
    expected = {tuple(map(same, place)): same(value) for place, value in original.items()}
    assert plain == expected
    assert [f.message for f in findings if f.severity != Severity.NOTE] == []


# --- what cannot be placed is told --------------------------------------------------------------------------


def without_table_seven(content):
    """表7 is left out, with its title."""
    kept = list(content)
    title = next(
        i
        for i, b in enumerate(kept)
        if isinstance(b, Text) and b.text == "一般公共预算项目支出情况表" and isinstance(kept[i + 2], Grid)
    )
    return [*kept[: title - 1], *kept[title + 3 :]]


def reported(findings):
    """What was not read, by rule."""
    rules = {
        "sheet-missing",
        "table-unplaced",
        "paragraph-unplaced",
        "column-unknown",
        "column-missing",
        "cell-unread",
    }
    return [(f.rule, f.message) for f in findings if f.rule in rules]


def test_a_missing_table_is_told_and_no_other_takes_its_place(content, original):
    found, findings = read(without_table_seven(content))
    assert ("sheet-missing", "没有“表7”（项目支出）") in reported(findings)
    lost = {place[0] for place in original if found.get(place) != original[place]}
    assert "项目支出" in lost
    assert "基本支出" not in lost


def test_a_table_without_a_title_is_told(content):
    strange = Grid(((Raw("甲"), Raw("乙")), (Raw("1.00"), Raw("2.00"))), 99)
    place = (
        next(i for i, b in enumerate(content) if isinstance(b, Text) and b.text == "政府性基金预算支出情况表")
        - 1
    )
    for index in (place, len(content) - 1):
        _, findings = read([*content[:index], strange, *content[index:]])
        assert [m for r, m in reported(findings) if r == "table-unplaced"] == [
            "没有读懂文档第99个表（甲 乙 1.00……）"
        ]


def test_a_strange_paragraph_is_told_wherever_it_stands(content):
    said = "本段不属于任何章节。"
    starts = [i for i, b in enumerate(content) if isinstance(b, Text) and b.text.startswith("第")]
    for index in starts[-4:]:
        _, findings = read([*content[: index + 1], Text(said, 0), *content[index + 1 :]])
        unplaced = [m for r, m in reported(findings) if r == "paragraph-unplaced"]
        assert unplaced == [f"没有读懂：{said}"]


def test_a_strange_column_is_told(content):
    def change(grid):
        if not holding(grid, "支出预算"):
            return [grid.lines]
        more = ["", "其中：债务", "", *["7.00"] * len(grid.lines)]
        return [tuple((*line, Raw(text or None)) for line, text in zip(grid.lines, more, strict=False))]

    _, findings = read(grids(content, change))
    assert [m for r, m in reported(findings) if r == "column-unknown"] == [
        "不认识的列“其中:债务”，其中内容没有读取"
    ]


def test_a_blank_that_contradicts_the_figures_is_kept(content):
    def change(grid):
        if not holding(grid, "支出预算"):
            return [grid.lines]
        return [
            tuple(
                tuple(
                    r._replace(value=None)
                    if i == 5 and str(line[0].value) == "206" and not line[1].value
                    else r
                    for i, r in enumerate(line)
                )
                for line in grid.lines
            )
        ]

    found, _ = read(grids(content, change))
    assert found["支出总体", "206", "基本支出"] == 0


# --- a secret that stands in a document ---------------------------------------------------------------------

CANARY = "绝密字样"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def leaking(source, target):
    """The sample's document with a secret wherever a document can hold one."""
    document = docx.Document(source)
    for node in document.element.body.iter(qn("w:t")):
        if node.text and node.text.startswith("特定目标0510022L"):
            node.text = node.text.replace("特定目标0510022L", f"“特定目标0510022L”{CANARY}")
    last = document.paragraphs[-30]
    last.insert_paragraph_before(f"特定目标0510022L{CANARY}，见附件。")
    last.insert_paragraph_before(f"本单位{CANARY}（特定目标0510022L）另行说明。")
    spoken = next(p for p in document.paragraphs if "特定目标0510022L" in p.text)
    document.add_comment(spoken.runs, text=CANARY, author=CANARY)
    deleted = docx.oxml.parse_xml(
        f"<w:del {W} w:id='1' w:author='某'><w:r><w:delText>{CANARY}</w:delText></w:r></w:del>"
    )
    spoken._p.append(deleted)
    for section in document.sections:
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
        section.header.paragraphs[0].text = section.footer.paragraphs[0].text = CANARY
    document.core_properties.title = document.core_properties.comments = CANARY
    document.save(target)


def test_a_secret_in_a_document_is_in_no_part_of_any_output(written, tmp_path):
    leaking(written[0], tmp_path / "密.docx")
    checked = examine(tmp_path / "密.docx")
    made = [
        *build(tmp_path / "密.docx", tmp_path / "出", draft=True).written,
        import_document(tmp_path / "密.docx", output=tmp_path / "导入.xlsx").written,
    ]
    parts = [
        archive.read(n) for file in made for archive in [zipfile.ZipFile(file)] for n in archive.namelist()
    ]
    assert len(made) == 3
    assert not any(CANARY.encode() in part for part in parts)
    assert not any(CANARY in repr(finding) for finding in checked.findings)
    assert CANARY not in repr(checked.book)
    assert (
        str(checked.book.cell("结转结余", "乌鲁木齐科技信息服务中心/特定目标0510022L", "合计").value) == "4.8"
    )


# --- a unit that no document here is of ---------------------------------------------------------------------

ARCHIVE = """
单位信息 | 项目 | 内容
 | 单位名称 | 某县档案馆
 | 公开主体 | 单位
 | 预算年度 | 2026
 | 金额单位 | 万元
 | 机构类型 | 行政单位
 | 公开日期 | 2026-02-10
 | 内设机构称谓 | 科室
 | 千分位 | 否
 | 列表序号 | 1、
 | 持平表述 | 与上年预算持平
 | 上年为零时的增长率 | 100.00%
 | 去掉末尾零 | 否
 | 自称 | 同公开主体
 | 列举加等 | 是
 | 项目序号 | （一）
 | 具体使用情况 | 逐项编号
 | 结构写类代码 | 是
 | 绩效表冒号 | 否
 | 绩效表盖章 | 否
 | 整体绩效分组 | 合并
 | 项目绩效分组 | 合并
职能与机构 | 类别 | 内容
 | 主要职能 | 收集、保管本县各机关的档案。
 | 主要职能 | 提供档案查阅服务。
 | 内设机构 | 办公室
 | 内设机构 | 保管利用科
收支总体 | 项目 | 预算数
 | 一般财力 | 1195.50
收入总体 | 科目代码 | 一般公共预算
 | 2012601 | 1180.20
 | 2080505 | 15.30
支出总体 | 科目代码 | 基本支出
 | 2012601 | 1180.20
 | 2080505 | 15.30
一般公共预算支出 | 科目代码 | 基本支出
 | 2012601 | 1180.20
 | 2080505 | 15.30
基本支出 | 科目代码 | 人员经费 | 公用经费
 | 30101 | 1170.50 |
 | 30201 |  | 25.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 收入：一般公共预算 |  | 1000.00
 | 支出：基本支出 |  | 1000.00
 | 一般公共预算：基本支出 |  | 1000.00
 | 收入：上级一般公共预算转移支付 |  | 0
 | 收入：政府性基金预算 |  | 0
 | 收入：上级政府性基金转移支付 |  | 0
 | 收入：国有资本经营预算 |  | 0
 | 收入：上级国有资本经营预算转移支付 |  | 0
 | 支出：项目支出 |  | 0
 | 一般公共预算：项目支出 |  | 0
 | 三公：因公出国（境）费用 |  | 0
 | 三公：公务用车购置 |  | 0
 | 三公：公务用车运行维护费 |  | 0
 | 三公：公务接待费 |  | 0
 | 运行经费 |  | 25.00
 | 一般公共预算支出 | 2012601 | 984.70
 | 一般公共预算支出 | 2080505 | 15.30
增减原因 | 指标 | 科目代码 | 原因
 | 收入：一般公共预算 |  | 新增人员经费
 | 支出：基本支出 |  | 新增人员
 | 一般公共预算支出 | 2012601 | 新增人员
采购与资产 | 项目 | 数量 | 金额
 | 采购货物 |  | 2.00
 | 采购工程 |  | 0
 | 采购服务 |  | 1.00
 | 预留中小企业 |  | 3.00
 | 预留小微企业 |  | 2.00
 | 房屋 | 120.50 | 33.10
 | 一般公务用车 | 1 | 12.00
 | 执法执勤用车 | 0 | 0
 | 其他车辆 | 0 | 0
 | 办公家具 |  | 4.00
 | 其他资产 |  | 5.00
 | 大型设备50 | 0 |
 | 大型设备100 | 0 |
 | 购置大型设备50 | 0 |
 | 购置大型设备100 | 0 |
"""


def test_a_unit_without_projects_through_the_document():
    edition = load("xinjiang-2026")
    book = derive(read_grid(ARCHIVE, edition)[0], edition)
    document = render_document(compose(book, edition), edition)
    found, findings = read(blocks(document))
    assert found == values(book)
    assert reported(findings) == []


@pytest.mark.office
def test_a_document_saved_by_libreoffice_reads_the_same(written, tmp_path, convert):
    (saved,) = convert("docx", tmp_path / "存", written[0])
    assert values(examine(saved).book, printed=True) == values(examined(SAMPLE).book, printed=True)
    assert told(saved) == told(SAMPLE)
