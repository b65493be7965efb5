"""The page of differences as a reviewer works on it, in a real browser."""

from __future__ import annotations

import json
from base64 import b64decode
from io import BytesIO

import pytest
from pypdf import PdfReader
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

from budgetgen.edition import load
from budgetgen.writing.workbook.writer import render_workbook
from tests.browser import browser
from tests.commands import run
from tests.conftest import SAMPLES
from tests.test_comparison import book_of

pytestmark = pytest.mark.browser
LONG = 120

SAMPLE = (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8")


def edited(first):
    """The sample with some differences, the first of another size."""
    text = SAMPLE.replace("| 红山科技创新券奖补资金 | 12.00 |", f"| 红山科技创新券奖补资金 | {first} |")
    text = text.replace(">=30家", ">=20家").replace("参与科技项目绩效评价", "开展绩效评价")
    return text.replace("办公家具 |  | 9.60", "办公家具 |  | 6.90")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("审核")
    for name, text in (("原", SAMPLE), ("改", edited("22.00")), ("再改", edited("32.00"))):
        folder.joinpath(f"{name}.xlsx").write_bytes(render_workbook(load("xinjiang-2026"), book_of(text)))
    for new in ("改", "再改"):
        run("diff", folder / "原.xlsx", folder / f"{new}.xlsx", "-o", folder / f"{new}.html")
    return folder


@pytest.fixture(scope="module")
def driver(files):
    with browser(files) as started:
        yield started


def opened(driver, page):
    driver.get("about:blank")
    driver.get(page.as_uri())


def shown(driver):
    return [row for row in driver.find_elements(By.CSS_SELECTOR, "table.list tbody tr") if row.is_displayed()]


def opinion(row, text="", status=""):
    """Type an opinion, or only read it."""
    area, choice = row.find_element(By.TAG_NAME, "textarea"), Select(row.find_element(By.TAG_NAME, "select"))
    if text:
        area.send_keys(text)
        choice.select_by_visible_text(status)
    return area.get_property("value"), choice.first_selected_option.text


def saved(files):
    """The file that the page saved, once it is there and whole."""
    WebDriverWait(files, LONG).until(lambda _: any(file.stat().st_size for file in files.glob("意见*.json")))
    return max(files.glob("意见*.json"))


def test_lists_are_searched_filtered_unfolded_and_sorted(driver, files):
    opened(driver, files / "改.html")
    every = len(shown(driver))
    search = driver.find_element(By.ID, "search")
    search.send_keys("办公家具")
    (found,) = shown(driver)
    assert "6.90" in found.text
    assert driver.find_element(By.ID, "count").text == "显示 1 处"
    search.clear()
    search.send_keys(" ")
    driver.find_element(By.ID, "unfold").click()
    assert len(shown(driver)) > every
    driver.find_element(By.ID, "unfold").click()
    opinion(shown(driver)[0], "看过", "需修改")
    counts = []
    for index in (4, 1, 0):  # 需修改, none, all
        Select(driver.find_element(By.ID, "state")).select_by_index(index)
        counts.append(len(shown(driver)))
    assert counts == [1, every - 1, every]
    head = next(
        h for h in driver.find_elements(By.CSS_SELECTOR, "#figures ~ .scroll th") if h.text == "增减额"
    )
    orders = []
    for _ in range(2):
        head.click()
        place = head.get_property("cellIndex")
        body = head.find_element(By.XPATH, "ancestor::table").find_elements(By.CSS_SELECTOR, "tbody tr")
        cells = (r.find_elements(By.TAG_NAME, "td")[place].text for r in body if r.is_displayed())
        orders.append([float(text.replace(",", "")) for text in cells if text])
    assert orders[0] == sorted(orders[0])
    assert orders[1] == orders[0][::-1]


def test_an_opinion_is_saved_comes_back_and_is_open_again_where_the_figure_changed(driver, files, tmp_path):
    opened(driver, files / "改.html")
    texts = {"商品和服务支出": "资金用途已核实", "办公家具": "资产账已核对"}
    for word, text in texts.items():
        opinion(next(row for row in shown(driver) if word in row.text), text, "已认可")
    driver.find_element(By.ID, "save").click()
    file = saved(files)
    assert [one["意见"] for one in json.loads(file.read_text("utf-8"))["opinions"]] == list(texts.values())

    code, _ = run(
        "diff", files / "原.xlsx", files / "再改.xlsx", "--opinions", file, "-o", tmp_path / "带回.html"
    )
    assert code == 1
    wanted = {"商品和服务支出": ("资金用途已核实", "重新核对"), "办公家具": ("资产账已核对", "已认可")}
    opened(driver, tmp_path / "带回.html")
    assert {w: opinion(next(r for r in shown(driver) if w in r.text)) for w in wanted} == wanted

    opened(driver, files / "再改.html")
    driver.find_element(By.ID, "load").send_keys(str(file))
    count = driver.find_element(By.ID, "count")
    WebDriverWait(driver, LONG).until(lambda _: count.text.startswith("读入 2 条，其中 1 条要重新核对"))
    assert {w: opinion(next(r for r in shown(driver) if w in r.text)) for w in wanted} == wanted


def test_it_is_printed_in_a_few_pages_with_what_was_typed(driver, files):
    opened(driver, files / "改.html")
    said = "逐笔核对了合同和发票，" * 6
    opinion(next(row for row in shown(driver) if "办公家具" in row.text), said, "已认可")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    pages = PdfReader(BytesIO(b64decode(printed))).pages
    assert len(pages) <= 3
    assert "6.90" in "".join(page.extract_text() for page in pages)
    assert driver.get_log("browser") == []
