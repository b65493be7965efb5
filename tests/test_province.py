"""Another province is a folder of data: Shanghai's tables in 元 and text in 万元, from workbook to document and back."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import docx
import openpyxl
import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.edition import FOLDERS, EditionError, folder, load, merged, parse
from budgetgen.reading.document.blocks import PICTURE, Text, blocks
from budgetgen.reading.document.form import is_form
from budgetgen.reading.document.reader import read_blocks, read_document
from budgetgen.reading.grid import read_grid
from budgetgen.reading.headers import path_of
from budgetgen.reading.workbook import opened
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Severity
from budgetgen.values.model import Paragraph, PrintedTable
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import PROVINCE, SAMPLES
from tests.official_form import filled
from tests.test_house import PACKAGE
from tests.workbooks import examined, values

SAMPLE = SAMPLES / "shanghai-2024-unit.xlsx"
EDITION = load("shanghai-2024")
PROVINCES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
    "xinjiang",
    "shanghai",
]


def test_no_module_names_a_province():
    named = [
        f"{path.name}: {province}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for province in PROVINCES
        if province in path.read_text(encoding="utf-8").lower()
    ]
    assert named == []


# --- the sample, from the workbook to the document and back -------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The document of the sample."""
    home = tmp_path_factory.mktemp("上海")
    code, told = run("build", SAMPLE, "-o", home)
    assert code == 0, told
    return next(home.glob("*预算.docx"))


def cells(book):
    """Every value of a Book that is neither blank nor an explanation to the checker."""
    return {spot: value for spot, value in values(book).items() if spot[0] != EDITION.explanations.table}


def test_its_own_document_gives_the_same_book(built):
    read = read_document(built)
    unread = [f.rule for f in read.findings if f.rule in {"paragraph-unplaced", "table-unplaced"}]
    assert (read.edition.id, unread) == ("shanghai-2024", [])
    assert cells(derive(read.book, EDITION)) == cells(examined(SAMPLE).book)


def test_its_own_document_is_verified(built):
    code, told = run("verify", built, SAMPLE)
    assert code == 0, told


@pytest.fixture(scope="module")
def disclosure():
    """What the document says."""
    checked = examined(SAMPLE)
    return compose(checked.book, checked.edition)


def printed(disclosure):
    return {b.name: b for part in disclosure.parts for b in part.blocks if isinstance(b, PrintedTable)}


def test_each_table_is_in_the_unit_that_stands_above_it(disclosure):
    tables = printed(disclosure)
    assert {name: table.money for name, table in tables.items() if table.money != "单位：元"} == {
        "三公经费": "单位：万元"
    }
    assert dict(tables["收支总体"].rows[-1]) == {
        "本年收入.项目": "收入总计",
        "本年收入.预算数": "12,121,164",
        "本年支出.科目名称": "支出总计",
        "本年支出.合计": "12,121,164",
        "本年支出.人员经费": "7,380,214",
        "本年支出.公用经费": "2,120,950",
        "本年支出.项目支出": "2,620,000",
    }
    assert list(tables["三公经费"].rows[0].values()) == ["6.4", "0", "0", "6.4", "", "6.4", "0"]
    told = [b.text for part in disclosure.parts for b in part.blocks if isinstance(b, Paragraph)]
    assert any(
        "收入预算1,212.12万元，其中：财政拨款收入950.12万元，比2023年预算增加0.46万元" in t for t in told
    )


def test_only_classes_with_money_are_listed_and_numbered(disclosure):
    rows = printed(disclosure)["财政拨款收支"].rows
    assert [row["财政拨款支出.科目名称"] for row in rows] == [
        "一、社会保障和就业支出",
        "二、卫生健康支出",
        "三、住房保障支出",
        "支出总计",
    ]


def test_the_contents_list_parts_and_tables_in_words_of_their_own(disclosure):
    entries = [text for _, text in disclosure.entries]
    assert entries[:6] == [
        "一、单位主要职能",
        "二、单位机构设置",
        "三、名词解释",
        "四、单位预算编制说明",
        "五、单位预算表",
        "1. 2024年预算单位财务收支预算总表",
    ]
    assert len(entries) == 6 + 9


# --- against the published document -------------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?")


def published():
    """The pages of the unit's own document, as texts."""
    file = PROVINCE / "2024-welfare-home-unit.pdf"
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)
    return done.stdout.split("\f")


def figures_of(page, number):
    """The amounts below the header of a table."""
    body = page.split("编制单位", 1)[1].splitlines()
    if number == 9:  # the header holds numbers, and there is one row
        return Counter(NUMBER.findall([line for line in body if line.strip()][-1]))
    return Counter(found for line in body for found in re.findall(r"(?<![\d.,])\d{1,3}(?:,\d{3})+", line))


@pytest.mark.province
def test_every_figure_of_the_published_tables_is_printed(disclosure):
    pages = published()
    for name, table in printed(disclosure).items():
        own = Counter(
            text
            for row in table.rows
            for key, text in row.items()
            if text and (column := EDITION.tables[name].columns.get(key.split(".")[-1])) and column.numeric
        )
        titled = re.sub(r"\s", "", table.title)
        page = next(
            p for p in pages if "编制单位" in p and titled in re.sub(r"\s", "", p.split("编制单位")[0])
        )
        assert figures_of(page, table.number) == own, name


def narrated(disclosure, parts):
    return [b.text for part in parts for b in disclosure.parts[part].blocks if isinstance(b, Paragraph)]


def bare(text):
    """The sentences of a text, without marks of lists and without what an office says in words of its own."""
    for part in re.split(r"[。；\n]|：(?=1[.．]|（一）)", text):
        words = re.sub(r"^(?:[（(]?[一二三四五六七八九十]+[）)]?、?|[（(]?\d+[）)]?[.．]\s*)", "", part)
        words = re.sub(r"，?主要原因是：?[^，。；]*", "", words)
        if words := re.sub(r"主要用于[^。；]*", "主要用于", words).rstrip("："):
            yield words


@pytest.mark.province
def test_figures_and_fixed_sentences_of_the_published_narrative_are_said(disclosure):
    pages = published()
    headings = {heading for part in (2, 3, 5) if (heading := disclosure.parts[part].heading)}
    # the heading of a page, and headings of sections, stand alone on their lines
    lines = [line.strip() for page in (pages[4], pages[5], pages[-2]) for line in page.splitlines()]
    alone = [
        line in headings or re.fullmatch(r"[一二三四五]、[^，。]*(?:情况|预算|说明|）)", line)
        for line in lines
    ]
    joined = "".join(f"\n{line}\n" if own else line for line, own in zip(lines, alone, strict=True))
    told = re.sub(r"[ \t]", "", joined)
    said = "\n".join(narrated(disclosure, (2, 3, 5)))
    # the published text tells one item otherwise than its own table 5 does, 738.66 for 696.48
    lost = Counter(NUMBER.findall(told)) - Counter(NUMBER.findall(said))
    assert lost == {"738.66": 2, "3.84": 1}
    wanted = [words for words in bare(told) if words not in headings]
    missing = [words for words in wanted if words not in set(bare(said))]
    assert len(missing) / len(wanted) < 0.1, missing


# --- the official form --------------------------------------------------------------------------------------


@pytest.mark.province
def test_a_filled_official_form_is_read(tmp_path):
    file = tmp_path / "样表.xlsx"
    filled(PROVINCE / "unit-form.xlsx").save(file)
    checked = examined(file)
    counts = next(f.message for f in checked.findings if f.rule == "document-read")
    assert is_form(opened(file))
    assert checked.edition.id == "shanghai-2026"  # by the format of 2025, until its own is there
    assert counts == "读懂 54 段，共 54 段；读懂 9 个表格，共 9 个"
    assert [f.message for f in checked.findings if f.severity == "error"] == []
    assert {
        place: checked.book.cell(*place).value
        for place in (
            ("收支总体", "收入总计", "预算数"),
            ("支出总体", "2081005", "项目支出"),
            ("三公经费", "预算数", "运行费"),
            ("上年数", "支出：财政拨款", "上年预算数"),
            ("支出用途", "2081005", "用途"),
        )
    } == {
        ("收支总体", "收入总计", "预算数"): Decimal(300),
        ("支出总体", "2081005", "项目支出"): Decimal(100),
        ("三公经费", "预算数", "运行费"): Decimal("6.4"),
        ("上年数", "支出：财政拨款", "上年预算数"): Decimal(190),
        ("支出用途", "2081005", "用途"): "人员和日常开支",
    }


@pytest.mark.province
def test_the_blank_workbook_has_the_captions_of_the_official_form(tmp_path):
    """In the same order, but for the code: one column where the form has 类, 款 and 项."""
    form = openpyxl.load_workbook(PROVINCE / "unit-form.xlsx")
    file = tmp_path / "空表.xlsx"
    file.write_bytes(render_workbook(load("shanghai-2025")))
    own = openpyxl.load_workbook(file)
    for table in load("shanghai-2025").printed:
        sheet = next(s for s in form if s.title.strip() in table.aliases)
        coded = any(column.parts for column in table.columns.values())
        depth = max(len(path_of(table, block, column)) for block in table.block for column in block.columns)
        theirs = captions(sheet, 4 if table.number == 9 else 6, depth + coded)
        assert [c for c in theirs if c not in {"类", "款", "项"}] == captions(own[table.name], 4, depth)


def captions(sheet, top, depth):
    """The texts of some rows, row by row."""
    rows = sheet.iter_rows(min_row=top, max_row=top + depth - 1)
    texts = (re.sub(r"\s", "", str(cell.value)) for row in rows for cell in row if cell.value)
    return [text.replace("(", "（").replace(")", "）") for text in texts]


# --- a department -------------------------------------------------------------------------------------------


def test_units_are_consolidated_and_their_department_has_a_document(tmp_path):
    grid = SAMPLES.joinpath("shanghai-2024-unit.txt").read_text(encoding="utf-8")
    own = grid.replace("社会福利院", "街道办事处（本部）").replace(
        "机构类型 | 事业单位", "机构类型 | 行政单位"
    )
    own = own.replace("| 6.4 | 6.4 | 0\n", "| 6.4 | 6.4 | 100.5\n")
    units = tmp_path / "单位"
    units.mkdir()
    for name, text in (("1", own), ("2", grid)):
        book, _ = read_grid(text, EDITION)
        (units / f"{name}.xlsx").write_bytes(render_workbook(EDITION, derive(book, EDITION)))
    done = tmp_path / "部门.xlsx"
    code, told = run("consolidate", units, "--name", "上海市普陀区街道办事处", "-o", done)
    assert code == 0, told
    code, told = run("build", done, "--draft", "-o", tmp_path / "out")
    checked = examined(done)
    document = compose(checked.book, checked.edition, draft=True)
    tables, texts = printed(document), narrated(document, (1, 3))
    assert document.cover == ("上海市普陀区街道办事处2024年部门预算", "预算主管部门：上海市普陀区街道办事处")
    assert tables["收支总体"].rows[-1]["本年支出.合计"] == "24,242,328"
    assert list(tables["三公经费"].rows[0].values())[:1] == ["12.8"]
    assert tables["收支总体"].without == {f"本年支出.{name}" for name in ("人员经费", "公用经费", "项目支出")}
    grid = next(table for table in docx.Document(next((tmp_path / "out").glob("*.docx"))).tables)
    assert [cell.text for cell in grid.rows[-1].cells] == ["收入总计", "24,242,328", "支出总计", "24,242,328"]
    assert "本部门中，行政单位1家，参公单位0家，事业单位1家，具体包括：" in texts
    assert "收入预算2,424.23万元" in "".join(texts)


def test_a_format_need_not_have_departments_nor_words_to_suspect(tmp_path, monkeypatch):
    home = tmp_path / "editions" / "east-2025"
    shutil.copytree(str(folder() / "shanghai-2025"), home)
    for optional in ("consolidation.toml", "lint.toml"):
        (home / optional).unlink()
    settings = (home / "edition.toml").read_text(encoding="utf-8")
    (home / "edition.toml").write_text(settings.replace("shanghai-2025", "east-2025"), encoding="utf-8")
    monkeypatch.setenv(FOLDERS, str(tmp_path / "editions"))
    edition = load("east-2025")
    grid = SAMPLES.joinpath("shanghai-2024-unit.txt").read_text(encoding="utf-8")
    grid = grid.replace("预算年度 | 2024", "预算年度 | 2025").replace(
        " | 公开主体", " | 所在区 | 某市某区\n | 公开主体", 1
    )
    book, _ = read_grid(grid, edition)
    file = tmp_path / "1.xlsx"
    file.write_bytes(render_workbook(edition, derive(book, edition)))
    code, told = run("build", file, "-o", tmp_path)
    assert (code, edition.consolidation) == (0, None), told
    code, told = run("consolidate", file, "-o", tmp_path / "部门.xlsx")
    assert code == 2
    assert "这一版式没有部门汇总" in told


# --- slips of an author -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: d["money"]["tables"].update(label="单位：万元"),
            "金额单位写作“单位：万元”，声明的却是 unit = “元”",
        ),
        (
            lambda d: next(t for t in d["table"] if t["name"] == "三公经费")["money"].update(unit="元"),
            "金额单位写作“单位：万元”，声明的却是 unit = “元”",
        ),
        (
            lambda d: d["statement"].append(
                {"id": "new", "section": "采购", "cases": [{"says": "共{采购与资产[采购总额].数}元。"}]}
            ),
            "正文的金额以万元计，“元”写错了",
        ),
        (
            lambda d: d["statement"].append(
                {"id": "new", "section": "采购", "cases": [{"says": "共{采购与资产[采购总额].数}亿元。"}]}
            ),
            "正文的金额以万元计，“亿元”写错了",
        ),
        (
            lambda d: d["section"].append({"id": "更多", "part": 5, "heading": "更多"}),
            "应当正好有一个部分没有章节",
        ),
        (lambda d: d["figure"][0].update(basis="决算"), "没有比较口径“决算”"),
    ],
    ids=[
        "label of all tables",
        "label of one table",
        "unit in a sentence",
        "another unit",
        "part of the tables",
        "basis",
    ],
)
def test_what_contradicts_itself_is_told_when_the_edition_loads(change, told):
    declared = merged(folder(), "shanghai-2025")
    change(declared)
    with pytest.raises(EditionError) as error:
        parse(declared)
    assert told in str(error.value)


@pytest.mark.parametrize("unit", ["美元", "亿美元", "日元", "元"])
def test_a_text_that_somebody_wrote_is_no_amount_in_another_unit(unit):
    declared = merged(folder(), "shanghai-2025")
    declared["names"]["外资额"] = "单位信息[单位名称].内容"
    declared["layout"]["signature"] = ["{单位}", f"其中利用外资{{外资额}}{unit}"]
    assert parse(declared).names["外资额"] == "单位信息[单位名称].内容"


# --- what its author asks -----------------------------------------------------------------------------------


def test_an_edition_is_examined_and_next_years_is_begun(tmp_path):
    code, told = run("edition", "new", "--from", "shanghai-2025", "--year", "2027", "-o", tmp_path)
    home = tmp_path / "shanghai-2027"
    assert (code, sorted(path.name for path in home.iterdir())) == (0, ["edition.toml"]), told
    assert run("edition", "new", "--from", "shanghai-2025", "--year", "2027", "-o", tmp_path)[0] == 2
    (home / "more.toml").write_text(
        '[[rule]]\nid = "income-row"\nremove = true\n'
        '[[rule]]\nid = "basic-row"\nfails = """\n基本支出 | 科目代码 | 合计 | 人员经费\n | 30101 | 1 | 1\n"""\n'
        '[[section]]\nid = "空"\npart = 6\nheading = "没有话的一节"\n'
        '[phrase."空话"]\ncases = [{ says = "没有人说" }]\n',
        encoding="utf-8",
    )
    code, told = run("edition", "check", home)
    assert code == 1
    assert "basic-row：反例（fails）通过了" in told
    assert "没有语句的章节 1 处：\n  空" in told
    assert "没有用到的说法（[phrase]） 1 处：\n  空话" in told
    run("edition", "new", "--from", "shanghai-2025", "--year", "2028", "-o", tmp_path / "别处")
    other = tmp_path / "别处" / "shanghai-2028"
    (other / "more.toml").write_text('[[rule]]\nid = "hierarchy"\nremove = true\n', encoding="utf-8")
    code, told = run("edition", "check", other)
    assert "支出总体[总计].基本支出" in told.split("没有关系推算的合计")[1]


def test_next_years_edition_is_sound_as_it_is_begun(tmp_path):
    """Its examples are of its own year."""
    run("edition", "new", "--from", "xinjiang-2026", "--year", "2027", "-o", tmp_path)
    code, told = run("edition", "check", tmp_path / "xinjiang-2027")
    assert (code, "举例都对" in told) == (0, True), told


def test_an_edition_that_does_not_load_tells_all_at_once(tmp_path):
    home = tmp_path / "west-2025"
    home.mkdir()
    (home / "edition.toml").write_text(
        'extends = "shanghai-2025"\n[edition]\nid = "west-2025"\n[money.tables]\nlabel = "单位：万元"\n'
        '[house]\nunit = "单位名"\n',
        encoding="utf-8",
    )
    code, told = run("edition", "check", home)
    assert code == 2
    assert "金额单位写作“单位：万元”，声明的却是 unit = “元”" in told
    assert "没有“单位信息”这一页的项目“单位名”" in told


@pytest.mark.published
def test_sums_of_whole_yuan_that_are_off_by_one_are_no_errors():
    """The amounts were rounded from 元角分 one by one, so that sums of them are not theirs to the 元."""
    checked = examine(PROVINCE / "2025-street-office-department.pdf")
    assert [f.message for f in checked.findings if f.severity == Severity.ERROR] == []
    tails = [f.difference for f in checked.findings if f.tail]
    assert [abs(difference) for difference in tails] == [Decimal("0.0001")] * 10


@pytest.mark.published
def test_the_published_document_of_a_department_has_only_its_own_errors():
    """Its first table prints one column for expenditure, not the four of a unit's."""
    checked = examine(PROVINCE / "2024-street-office-department.pdf")
    assert [f.message for f in checked.findings if f.severity == Severity.ERROR] == [
        "“三公经费”有金额，表下却说是空表：注:本部门2024年无“三公”经费和机关运行经费预算，故本表为空表。",
        "“一般公共预算支出 2210201 住房公积金”正文写 352.67，由表算得 350.3499",
    ]
    assert [f.message for f in checked.findings if f.rule == "column-missing"] == []
    summary = checked.book["收支总体"].get("201")
    assert (summary["合计"].value, summary["人员经费"].value) == (Decimal("293.27"), None)


@pytest.mark.published
@pytest.mark.parametrize("year", [2024, 2025])
def test_the_workbook_of_a_department_holds_what_its_tables_hold(tmp_path, year):
    """No rule asks for what only the tables of a unit have, and nothing seems to have gone."""
    document, workbook = PROVINCE / f"{year}-street-office-department.pdf", tmp_path / "部门.xlsx"
    code, told = run("import", document, "-o", workbook)
    assert code == 0, told
    errors = [f.message for f in examined(workbook).findings if f.severity == Severity.ERROR]
    code, told = run("diff", document, workbook)
    assert (errors, code, "没有差异" in told) == ([], 0, True), told


# --- what a department publishes beside its tables ----------------------------------------------------------


@pytest.fixture
def lines(built):
    """The document of the sample, to be changed."""
    return list(blocks(built.read_bytes()))


def headed(lines, heading):
    """Where a heading stands in the text."""
    return max(n for n, b in enumerate(lines) if isinstance(b, Text) and b.text.endswith(heading))


def added(lines, heading, *texts):
    """Paragraphs below a heading."""
    at = headed(lines, heading) + 1
    return [*lines[:at], *(Text(text, 900 + n) for n, text in enumerate(texts)), *lines[at:]]


def test_how_many_units_of_each_kind_is_kept_though_it_is_not_told_which(built, lines):
    told = added(
        lines,
        "机构设置",
        "甲局部门预算是包括甲街本部以及下属2家预算单位的综合收支计划。",
        "本部门中，行政单位1家，参公单位0家，事业单位2家，具体包括：",
        "1. 甲局（本部）",
        "2. 甲局乙中心",
        "3. 甲局丙中心",
    )
    book = read_blocks(built, told).book
    units = [row.text("内容") for row in book["职能与机构"].rows if row.text("类别") == "下属单位"]
    counts = {
        key: book.cell("采购与资产", key, "数").value for key in ("行政单位数", "参公单位数", "事业单位数")
    }
    assert units == ["甲局（本部）", "甲局乙中心", "甲局丙中心"]
    assert counts == {"行政单位数": 1, "参公单位数": None, "事业单位数": 2}  # none: nothing to count


def test_a_project_is_told_in_a_part_that_others_do_not_have(built, lines, disclosure):
    told = [
        Text(text, 900 + n) for n, text in enumerate(("项目经费情况说明", "一、项目概述", "甲楼的修缮。"))
    ]
    read = read_blocks(built, [*lines, *told])
    rows = [(row.text("类别"), row.text("内容")) for row in read.book["项目经费"].rows]
    assert rows == [("项目概况", "甲楼的修缮。")]
    again = compose(derive(read.book, EDITION), EDITION)
    assert again.parts[-1].heading == "项目经费情况说明"
    assert [block.text for block in again.parts[-1].blocks] == ["一、项目概况", "甲楼的修缮。"]
    assert (again.entries[-1], disclosure.entries[-1]) == (
        (1, "七、项目经费情况说明"),
        (1, "六、其他相关情况说明"),
    )
    assert (disclosure.parts[-1].heading, disclosure.parts[-1].blocks) == ("", ())


def test_a_sentence_on_an_item_that_no_table_has_is_not_lost(built, lines):
    one = next(b for b in lines if isinstance(b, Text) and "（项）" in b.text)
    other = replace(one, text=re.sub(r"（款）.*?（项）", "（款）并无此项（项）", one.text))
    read = read_blocks(built, [other if block is one else block for block in lines])
    assert [f.spots[0].place for f in read.findings if f.rule == "paragraph-unplaced"] == [other.place]


def test_a_page_that_is_a_picture_is_told_whatever_lines_the_cover_may_have(built, lines):
    read = read_blocks(built, [*lines, Text("整页都是图片", 1, PICTURE, page=5)])
    told = [str(f.spots[0].place) for f in read.findings if f.rule == "paragraph-unplaced"]
    assert told == ["PDF第5页图片第1段"]


def test_thousands_are_set_apart_as_the_tables_in_whole_yuan_are(built, lines):
    bare = [replace(b, text=b.text.replace(",", "")) if isinstance(b, Text) else b for b in lines]
    assert read_blocks(built, bare).book.cell("单位信息", "千分位", "内容").value == "是"
