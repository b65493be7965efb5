"""What is published beside the Word document: a page that can be read out, open data, a release."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from decimal import Decimal
from hashlib import sha256

import pytest
from lxml import html

from budgetgen.app.pipeline import publish
from budgetgen.app.pipeline.inputs import examine
from budgetgen.reading.document.manuscript import manuscript
from budgetgen.saying.brief import BriefBar, brief_of
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Paragraph, PrintedTable, Table
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.publication.brief import render_brief
from budgetgen.writing.publication.data import render_data_package
from budgetgen.writing.publication.page import render_disclosure_page
from tests.commands import run
from tests.conftest import SAMPLES
from tests.workbooks import examined, opened

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"
DEPARTMENT = SAMPLES / "xinjiang-2024-department.xlsx"


def published(path, *, draft=False):
    checked = examined(path)
    return compose(checked.book, checked.edition, draft=draft), checked.edition


@pytest.fixture(scope="module", params=[UNIT, DEPARTMENT], ids=["unit", "department"])
def both(request):
    disclosure, edition = published(request.param)
    return disclosure, edition, html.document_fromstring(render_disclosure_page(disclosure, edition).decode())


def text(node):
    return "".join("".join(node.itertext()).split())


def test_the_page_says_all_that_the_document_says(both):
    disclosure, _, page = both
    said = text(page)
    for part in disclosure.parts:
        for block in part.blocks:
            if isinstance(block, Paragraph):
                assert "".join(block.text.split()) in said
            elif isinstance(block, PrintedTable):
                cells = [cell for row in block.rows for cell in row.values()]
                table = next(
                    t for t in page.iter("table") if "".join(block.title.split()) in text(t.find("caption"))
                )
                shown = [text(cell) for row in table.find("tbody") for cell in row]
                assert sorted(filter(None, shown)) == sorted(
                    filter(None, ("".join(c.split()) for c in cells))
                )


def test_every_table_of_the_page_has_a_caption_scopes_and_a_full_grid(both):
    *_, page = both
    for table in page.iter("table"):
        assert text(table.find("caption"))
        assert all(head.get("scope") for head in table.iter("th"))
        widths = _widths(table.findall("thead/tr")), _widths(table.findall("tbody/tr"))
        assert len(set(widths[0]) | set(widths[1])) == 1


def _widths(rows):
    """How many columns each row fills, cells from above counted."""
    hanging: dict[int, int] = {}
    for place, row in enumerate(rows):
        for cell in row:
            for below in range(int(cell.get("rowspan", 1))):
                hanging[place + below] = hanging.get(place + below, 0) + int(cell.get("colspan", 1))
    return list(hanging.values())


def test_the_page_needs_neither_network_nor_script_and_its_links_lead_somewhere(both):
    *_, page = both
    assert page.get("lang") == "zh-CN"
    assert not list(page.iter("script", "link", "img", "iframe"))
    names = [node.get("id") for node in page.xpath("//*[@id]")]
    assert len(names) == len(set(names))
    assert {node.get("href")[1:] for node in page.iter("a")} <= set(names)
    assert [node.tag for node in page.iter("h1")] == ["h1"]


@pytest.fixture(scope="module")
def package():
    disclosure, edition = published(UNIT)
    with zipfile.ZipFile(io.BytesIO(render_data_package(disclosure, edition))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(package, name):
    return list(csv.DictReader(io.StringIO(package[name].decode())))


def test_every_resource_is_as_its_schema_says(package):
    described = json.loads(package["datapackage.json"])["resources"]
    assert {one["path"] for one in described} == set(package) - {"datapackage.json"}
    for one in described:
        data = package[one["path"]]
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{sha256(data).hexdigest()}")
        fields = {field["name"]: field["type"] for field in one["schema"]["fields"]}
        rows = rows_of(package, one["path"])
        assert all(list(row) == list(fields) for row in rows)
        for row in rows:
            for name, kind in fields.items():
                if kind == "number" and row[name]:
                    Decimal(row[name])
                if kind == "boolean":
                    assert row[name] in {"true", "false"}


def test_the_lines_of_a_table_add_up_to_its_total(package):
    rows = rows_of(package, "table-03.csv")
    total = next(row for row in rows if row["科目名称"] == "总计")
    lines = sum(Decimal(row["合计"]) for row in rows if row["汇总行"] == "false")
    assert abs(lines - Decimal(total["合计"])) <= Decimal("0.02")
    assert {len(row["科目代码"]) for row in rows if row["汇总行"] == "false"} == {7}
    assert not any("," in row["合计"] for row in rows)


def test_the_same_input_gives_the_same_bytes_and_a_draft_says_so():
    disclosure, edition = published(UNIT, draft=True)
    for render in (render_disclosure_page, render_data_package):
        assert render(disclosure, edition) == render(disclosure, edition)
    assert "草稿，不得公开" in render_disclosure_page(disclosure, edition).decode()


def test_text_is_never_taken_for_markup():
    disclosure, edition = published(UNIT)
    odd = disclosure.__class__(
        **{**{f: getattr(disclosure, f) for f in disclosure.__slots__}, "signature": ("<b>甲</b>&",)}
    )
    assert "&lt;b&gt;甲&lt;/b&gt;&amp;" in render_disclosure_page(odd, edition).decode()


def test_a_draft_is_no_release_and_without_libreoffice_nothing_is_written(tmp_path):
    assert run("build", UNIT, "--release", "--draft", "-o", tmp_path)[0] == 2
    code, told = run("build", UNIT, "--pdf", "--html", "-o", tmp_path)
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "没有找到这个程序，不能生成 PDF" in told


def test_a_pdf_that_does_not_say_what_the_workbook_says_is_told_in_the_release(tmp_path, monkeypatch):
    """Whatever came of printing it: here it is the document of a workbook in which one amount is another."""

    checked = examined(UNIT)
    document = render_document(compose(checked.book, checked.edition), checked.edition)
    other = checked.book.with_tables({"三公经费": Table("三公经费")})
    altered = render_document(compose(other, checked.edition), checked.edition)
    monkeypatch.setattr(publish, "to_pdf", lambda documents: documents)
    monkeypatch.setattr(publish, "_read_back", lambda *_: manuscript(altered))
    disclosure = compose(checked.book, checked.edition)
    made = publish.publications(checked, disclosure, tmp_path / "甲.docx", document, ["release"])
    report = next(data for path, data in made.files.items() if path.name == "核对报告.txt").decode()
    assert made.doubts > 0
    assert f"PDF 核实：未通过，{made.doubts} 处与填报表不符（" in report


@pytest.mark.office
def test_a_release_holds_all_files_and_what_they_are_known_by(tmp_path, monkeypatch):
    monkeypatch.delenv("BUDGETGEN_SOFFICE")
    code, told = run("build", UNIT, "--release", "-o", tmp_path)
    assert code == 0, told
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert sorted(path.suffix for path in folder.iterdir()) == [
        "",
        ".docx",
        ".html",
        ".html",
        ".pdf",
        ".txt",
        ".txt",
        ".zip",
    ]
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 7)
    report = (folder / "核对报告.txt").read_text(encoding="utf-8")
    assert "结论：通过" in report
    assert re.search(r"^PDF 核实：通过，\d{3,} 个数都与填报表一致$", report, re.MULTILINE)
    assert sha256(UNIT.read_bytes()).hexdigest() in report
    listed = (folder / "公开检查表.txt").read_text(encoding="utf-8")
    assert "── 公开检查表：18 项，缺 0 项 ──" in listed
    assert "有　收支总体情况表（财预〔2016〕143号）：表1 收支总体" in listed
    explained = [f.explained for f in examined(UNIT).findings if f.explained]
    assert explained
    assert not any(e.name in report or e.text in report for e in explained)


# --- one page for everybody ---------------------------------------------------------------------------------

PROVINCE = SAMPLES / "shanghai-2024-unit.xlsx"


def brief(path):
    checked = examined(path)
    return brief_of(checked.book, checked.edition)


def test_the_page_for_everybody_tells_whence_the_money_comes_and_where_it_goes():
    page = brief(UNIT)
    assert page.sentences == (
        "2026年，乌鲁木齐科技信息服务中心全部收入794.86万元，全部支出794.86万元，收支平衡。",
        "保障人员和日常运转的基本支出364.68万元，占45.88%；办专门事项的项目支出430.19万元，占54.12%。",
        "“三公”经费财政拨款预算1.89万元，与上年预算持平。",
    )
    assert [(c.title, [(b.label, b.told, b.prior_told) for b in c.bars]) for c in page.charts] == [
        (
            "钱从哪里来",
            [
                ("一般公共预算", "648.89", "427.31"),
                ("财政拨款结转", "117.98", "3.29"),
                ("单位资金", "28.00", "10.00"),
            ],
        ),
        ("钱用在哪些方面", [("科学技术支出", "790.06", ""), ("资源勘探工业信息等支出", "4.80", "")]),
        ("“三公”经费", [("公务用车运行维护费", "1.89", "1.89")]),
    ]


@pytest.mark.parametrize("path", [UNIT, DEPARTMENT, PROVINCE], ids=lambda path: path.stem)
def test_every_figure_of_the_page_for_everybody_is_one_of_the_document(path):
    said = render_disclosure_page(*published(path)).decode()
    printed = {Decimal(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d\d)?", said)}
    in_yuan = {(amount / 10000).quantize(Decimal("0.01")) for amount in printed}
    charts = brief(path).charts
    assert len(charts) == 3
    drawn = {bar.label: bar.amount for chart in charts for bar in chart.bars}
    assert {label for label, amount in drawn.items() if amount not in printed | in_yuan} == set()


def test_the_smaller_bars_become_one_and_what_is_negative_has_no_width(tmp_path):
    workbook = opened(UNIT)
    sheet = workbook["支出总体"]
    top = next(row for row in range(1, 40) if sheet.cell(row, 1).value == "2060501")
    for number, (code, amount) in enumerate(
        [("2010101", 70), ("2020101", 60), ("2030101", 50), ("2050101", 40), ("2070101", 30), ("2080101", -2)]
    ):
        for column, value in ((1, code), (3, amount), (4, amount)):
            sheet.cell(top + 10 + number, column).value = value
    workbook.save(tmp_path / "甲.xlsx")
    checked = examine(tmp_path / "甲.xlsx")
    page = brief_of(checked.book, checked.edition)
    bars = page.charts[1].bars
    assert [bar.told for bar in bars[1:5]] == ["70.00", "60.00", "50.00", "40.00"]
    assert bars[5] == BriefBar("其余3项", Decimal("32.80"), "32.80")
    drawn = html.document_fromstring(render_brief(page, checked.edition).decode())
    widths = [i.get("style") for i in drawn.iter("i")]
    assert widths[0] == "width:100.00%"


def test_a_format_without_the_page_says_so_and_a_draft_is_marked(tmp_path):
    checked = examined(UNIT)
    page = brief_of(checked.book, checked.edition, draft="草稿，不得公开")
    assert 'role="note">草稿，不得公开<' in render_brief(page, checked.edition).decode()
    code, told = run("build", UNIT, "--brief", "-o", tmp_path)
    assert (code, sorted(path.name for path in tmp_path.glob("*.html"))) == (
        0,
        ["2026年乌鲁木齐科技信息服务中心单位预算公开（一页看懂）.html"],
    ), told
