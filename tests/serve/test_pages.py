"""What the page does, without a browser: every way through it that needs no script."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import NamedTuple

import openpyxl
import pytest

from budgetgen.app.pipeline.inputs import derived
from budgetgen.edition import load
from budgetgen.reading.workbook import read
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook
from tests.canaries import Canaries, planted, texts_of
from tests.commands import run
from tests.conftest import PUBLISHED, ROOT
from tests.serve.conftest import opened, verdict
from tests.workbooks import derived_of, examined
from tests.workbooks import opened as workbook_of

SAMPLE = ROOT / "samples" / "xinjiang-2026-unit.xlsx"
UNITS = ROOT / "samples" / "department-2024"
DOCUMENT = "2026年乌鲁木齐科技信息服务中心单位预算公开"


def sheet_of(page, shown, text):
    """The picture that the place of that text leads to, and the cell that is named in the address."""
    address = re.search(rf'<a class="place" href="([^"]+)" target="sheet">{re.escape(text)}', shown)[1]
    drawn = page.client.get(html.unescape(address).partition("#")[0]).text
    cell = address.partition("#")[2]
    return drawn, re.search(rf'<td id="{cell}"[^>]*>.*?</td>', drawn)[0]


class Sent(NamedTuple):
    """A file that was sent to be checked: the address of what came of it, and the page that shows that."""

    at: str
    shown: str

    @property
    def key(self):
        return self.at.rpartition("/")[2]


@pytest.fixture(scope="module")
def failed(page, spoiled):
    """The check of the spoiled sample: what comes after it is held against it, and changes it not."""
    shown = page.ask("check", [("file", spoiled)])
    return Sent(page.at, shown)


@pytest.fixture(scope="module")
def passed(page, failed):
    """The check of the sample after that of the spoiled one."""
    shown = page.ask("check", [("file", SAMPLE)], {"before": failed.key})
    return Sent(page.at, shown)


def test_a_wrong_figure_is_shown_at_its_cell_then_mended_then_gone(page, failed, passed):
    shown, again = failed.shown, passed.shown
    assert verdict(shown).startswith("未通过（错误 6 处")
    assert shown.index("先改这些格") < shown.index("项目绩效!A5")
    drawn, cell = sheet_of(page, shown, "一般公共预算支出!E10")
    assert re.search(r"<h1>(.*?)</h1>", drawn)[1] == "一般公共预算支出"
    assert 'class="first n at"' in cell
    assert re.sub("<[^>]+>", " ", cell).split() == [
        "294.21",
        "现为",
        "294.21，应为",
        "284.21（像是一位数字打错）",
    ]
    heads = re.findall(r'<th scope="col">(\w+)</th>', drawn)
    assert heads == ["A", "B", "C", "D", "E"]
    assert "有错误，不能生成公开文本" in shown
    assert list(page.downloads(failed.at)) == ["填报（审核）.xlsx"]
    assert "与上次相比：改好 1 处，新出现 0 处，现在共 " in again
    assert "一般公共预算支出!E10" in re.search(r'<ul class="gone">(.*?)</ul>', again)[1]
    assert "没有错误，可以生成公开文本" in again


def test_a_file_that_was_not_saved_is_told_to_be_the_one_of_before(page, spoiled, failed, passed):
    told = "这个文件和上次送来的一模一样。改过的，先在 WPS 或 Excel 里保存，再送来。"
    assert told in page.ask("check", [("file", spoiled)], {"before": failed.key})
    assert told not in passed.shown


def test_what_is_checked_after_a_draft_is_held_against_the_check_before_it(page, failed):
    checked, shown = failed
    words = dict(re.findall(r'name="(before|draft)" value="(\w+)"', shown[shown.index("下一步") :]))
    draft = page.ask("build", words=words, at=f"{checked}/build")
    assert verdict(draft) == "已生成草稿：每页标明“草稿”，不能公开"
    assert f'<a href="{checked}">回到检查结果</a>' in draft
    assert re.findall(r"</a>　(.*?)</li>", draft) == [
        "公开文本（Word）：草稿，不能公开",
        "填报表的副本，空着的合计、推算数由程序填上了；本单位留存，不公开",
        "网页（可以朗读，不用联网）：草稿，不能公开",
    ]
    before = re.search(r'name="before" value="(\w+)"', draft)[1]
    again = page.ask("check", [("file", SAMPLE)], {"before": before})
    assert "与上次相比：改好 1 处，新出现 0 处，现在共 " in again


def test_the_start_leads_back_to_what_was_done_the_last_first(page, spoiled, failed):
    page.ask("diff", [("old", SAMPLE), ("new", spoiled)])
    done = re.search(r'<ul class="ended">(.*?)</ul>', page.client.get("/").text)[1]
    compared = (
        "与上年衔接 0 处（两份文件不是相邻的两年，不核对），增减原因 0 处，数字 1 处，文字 0 处，结构 0 处"
    )
    assert done.startswith(f'<li><a href="{page.at}">两份文件的比较：填报.xlsx</a>　{compared}</li><li>')
    assert f'</li><li><a href="{failed.at}">检查结果：填报.xlsx</a>　未通过（错误 6 处' in done


def test_a_workbook_of_something_else_is_told_what_to_do_on_the_page(page, tmp_path):
    path = tmp_path / "工资表.xlsx"
    openpyxl.Workbook().save(path)
    assert (
        "检查是否选错了文件；还没有填报表的，在网页首页新建（或用 budgetgen new 生成），填好后再试"
        in page.ask("check", [("file", path)])
    )


def test_what_the_page_gives_to_paste_explains_what_asks_for_it(page, tmp_path):
    book, path = workbook_of(SAMPLE), tmp_path / "填报.xlsx"
    sheet = book["审核说明"]
    for cell in sheet[5]:
        cell.value = None
    book.save(path)
    shown = page.ask("check", [("file", path)])
    assert "需说明 0 处" not in verdict(shown)
    pasted = html.unescape(re.search(r'<textarea id="explaining"[^>]*>(.*?)</textarea>', shown, re.DOTALL)[1])
    assert "粘贴到填报表“审核说明”页的空行" in shown
    for row, line in enumerate(pasted.splitlines(), start=5):
        for column, text in enumerate((*line.split("\t"), "已核实", "经办人"), start=1):
            sheet.cell(row, column).value = text
    book.save(path)
    again = page.ask("check", [("file", path)])
    assert "需说明 0 处" in verdict(again)
    assert f"已说明 {len(pasted.splitlines())} 处" in verdict(again)
    assert 'id="explaining"' not in again


def test_errors_forbid_the_document_and_a_draft_is_offered(page, spoiled):
    refused = page.ask("build", [("file", spoiled)])
    assert verdict(refused) == "有 6 处错误，没有生成公开文本。改正后再试；想先看样子，生成草稿。"
    draft = page.ask("build", words={"draft": "1"}, at=f"{page.at}/build")
    assert verdict(draft) == "已生成草稿：每页标明“草稿”，不能公开"
    assert set(page.downloads()) == {
        f"{DOCUMENT}（草稿）.docx",
        f"{DOCUMENT}（草稿）（补全）.xlsx",
        f"{DOCUMENT}（草稿）.html",
    }


def test_what_is_downloaded_is_what_the_command_writes(page, tmp_path):
    shown = page.ask("build", [("file", SAMPLE)])
    assert verdict(shown) == "已生成公开文本"
    run("build", SAMPLE, "--html", "-o", tmp_path)
    assert page.downloads() == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    preview = page.client.get(f"{page.at}/preview")
    assert preview.content == (tmp_path / f"{DOCUMENT}.html").read_bytes()
    assert preview.headers["content-security-policy"].endswith("; sandbox")


@pytest.mark.office
def test_the_release_is_one_file(page, monkeypatch):
    monkeypatch.delenv("BUDGETGEN_SOFFICE")
    own = opened(page.orders._folder)
    try:
        own.ask("build", [("file", SAMPLE)], {"release": "1"})
        made = own.downloads()
        (bundle,) = (data for name, data in made.items() if name.endswith("（公开包）.zip"))
    finally:
        own.orders.close()
    names = {name.rpartition(".")[2] for name in zipfile.ZipFile(io.BytesIO(bundle)).namelist()}
    assert {"docx", "pdf", "html", "zip", "txt", "SHA256SUMS"} == names
    assert [name.rpartition(".")[2] for name in made] == ["docx", "xlsx", "pdf", "html", "zip"]


def test_a_blank_workbook_of_a_department(page):
    words = {"edition": "xinjiang-2026", "kind": "部门", "name": "示例市科技局"}
    assert verdict(page.ask("new", words=words)) == "已生成空白的填报表"
    ((name, data),) = page.downloads().items()
    assert name == "2026年预算公开填报表.xlsx"
    assert data == render_workbook(
        load("xinjiang-2026"), values={"单位名称": "示例市科技局", "公开主体": "部门"}
    )


def test_an_untouched_workbook_is_told_what_to_fill_in(page, tmp_path):
    blank = tmp_path / "空.xlsx"
    blank.write_bytes(render_workbook(load("xinjiang-2026")))
    shown = page.ask("check", [("file", blank)])
    assert verdict(shown) == "还没有填"
    assert "收支总体：" in shown
    assert "生成草稿" not in shown


@pytest.mark.published
def test_next_year_begins_with_last_years_document(page, tmp_path):
    shown = page.ask("follow", [("file", PUBLISHED / "2025-district.docx")])
    assert verdict(shown) == "已生成下一年的填报表，上年数取自 2025-district.docx"
    assert "沿用了去年的内容" in shown
    ((name, data),) = page.downloads().items()
    (tmp_path / name).write_bytes(data)
    assert read(tmp_path / name).edition.id == "xinjiang-2026"


@pytest.mark.published
def test_a_published_document_is_read_back_as_the_workbook_of_its_own_year(page, tmp_path):
    shown = page.ask("import", [("file", PUBLISHED / "2025-district.docx")])
    assert verdict(shown) == "已由 2025-district.docx 读成填报表"
    ((name, data),) = page.downloads().items()
    (tmp_path / name).write_bytes(data)
    made, own = derived(tmp_path / name), derived_of(PUBLISHED / "2025-district.docx")
    assert made.edition.id == "xinjiang-2025"
    totals = [[row["合计"].value for row in one.book["支出总体"].rows] for one in (made, own)]
    assert totals[0] == totals[1] != []


def test_a_workbook_is_not_read_back(page):
    assert "不是公开文本" in page.ask("import", [("file", SAMPLE)])


def test_two_files_are_compared(page, spoiled):
    shown = page.ask("diff", [("old", SAMPLE), ("new", spoiled)])
    assert (
        verdict(shown)
        == "与上年衔接 0 处（两份文件不是相邻的两年，不核对），增减原因 0 处，数字 1 处，文字 0 处，结构 0 处"
    )
    assert list(page.downloads()) == ["比较.xlsx", "比较.html"]
    preview = page.client.get(f"{page.at}/preview")
    assert "sandbox allow-scripts" in preview.headers["content-security-policy"]


def test_a_document_is_proved_against_its_workbook(page, spoiled, tmp_path):
    document = tmp_path / "公开.docx"
    checked = examined(SAMPLE)
    document.write_bytes(
        render_document(compose(checked.book, checked.edition, draft=False), checked.edition)
    )
    shown = page.ask("verify", [("document", document), ("workbook", spoiled)])
    assert verdict(shown).startswith("未通过（")
    assert "个与 填报.xlsx 一致" in shown


def test_units_are_consolidated_and_the_result_is_checked(page):
    files = [("file", path) for path in sorted(UNITS.glob("*.xlsx"))]
    shown = page.ask("consolidate", files)
    assert verdict(shown) == "已汇总 3 个单位"
    units = re.findall(r'<th scope="row">([^<]+)</th><td>(\w+)</td><td>([^<]+)</td>', shown)
    assert {file for _, _, file in units} == {path.name for _, path in files}
    assert {state for _, state, _ in units} <= {"通过", "已说明"}
    checked = page.ask("check", at=f"{page.at}/check")
    assert re.search(r"<h1>检查结果：2024年.+部门汇总表.xlsx</h1>", checked)
    assert "审核说明" in checked


def test_units_of_which_one_cannot_be_read_are_not_consolidated(page, tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    files = [("file", path) for path in (min(UNITS.glob("*.xlsx")), tmp_path / "坏.xlsx")]
    shown = page.ask("consolidate", files)
    assert verdict(shown) == "没有汇总，改正后再试"
    assert "坏.xlsx" in shown
    assert len(page.downloads()) == 1


def test_no_page_and_no_file_gives_away_what_a_file_says_of_secret_items(page, tmp_path):
    path, canaries = tmp_path / "填报.xlsx", Canaries()
    planted(load("xinjiang-2026"), canaries, path, department=True, amounts=False)
    said = [page.ask("check", [("file", path)])]
    checked = page.at
    sheets = sorted(set(re.findall(rf'href="({checked}/sheets/\d+)"', said[0])))
    said += [page.client.get(address).text for address in sheets]
    said += [text for name, data in page.downloads().items() for text in texts_of(data, name)]
    said.append(page.ask("build", words={"draft": "1"}, at=f"{checked}/build"))
    said += [text for name, data in page.downloads().items() for text in texts_of(data, name)]
    assert len(canaries.places) > 100
    assert len(sheets) > 20
    assert any("特定目标2410010U" in text for text in said)
    assert canaries.found([*said, *map(html.unescape, said)]) == []
