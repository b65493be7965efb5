"""The page in a real Chromium without a window, as a clerk uses it; `--screenshots` renews the pictures of docs/."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from tests.conftest import PUBLISHED, ROOT
from tests.reading.pages import ENDLESS
from tests.workbooks import opened as workbook_of

pytestmark = pytest.mark.browser
SAMPLE = ROOT / "samples" / "xinjiang-2026-unit.xlsx"
IMAGES = ROOT / "docs" / "images"
LONG = 120
DROP = """
const [box, field] = arguments, carried = new DataTransfer();
carried.items.add(field.files[0]);
field.value = "";
box.dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
"""
"""Drops the file that a field holds on a box, as a hand does."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address that the program opens the browser at."""
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "budgetgen", "serve", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    yield re.search(r"http://\S+", process.stdout.readline())[0]
    process.terminate()
    process.communicate(timeout=LONG)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where downloads go."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(address, folder):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN"):
        options.add_argument(each)
    options.add_argument("--window-size=1280,1000")
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    driver.get(address)
    yield driver
    said = driver.get_log("browser")
    driver.quit()
    assert said == []


@pytest.fixture(autouse=True)
def _at_the_start(browser, address):
    browser.get(address.partition("enter")[0])


@pytest.fixture
def pictured(browser, request):
    """Takes a picture for docs/, where that is asked for."""

    def taken(name):
        if request.config.getoption("--screenshots"):
            browser.save_screenshot(str(IMAGES / f"{name}.png"))

    return taken


def waited(browser, selector):
    """The element, once it is there."""
    return WebDriverWait(browser, LONG).until(
        lambda driver: next(iter(driver.find_elements(By.CSS_SELECTOR, selector)), None)
    )


def told(browser, selector, words):
    """Wait until an element says some words: the page before may have such an element, too."""
    WebDriverWait(browser, LONG, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda driver: any(words in one.text for one in driver.find_elements(By.CSS_SELECTOR, selector))
    )


@contextmanager
def left(browser):
    """What is done here leaves the page: nothing is looked for until it has gone, for the next may have the like."""
    page = browser.find_element(By.TAG_NAME, "html")
    yield
    WebDriverWait(browser, LONG).until(staleness_of(page))


def dropped(browser, name, path):
    field = browser.find_element(By.ID, name)
    field.send_keys(str(path))
    box = field.find_element(By.XPATH, "..")
    with left(browser):
        browser.execute_script(DROP, box, field)


def pressed(browser, selector):
    """Press a button that sends a form."""
    button = waited(browser, selector)
    with left(browser):
        button.click()


def downloaded(folder, link):
    """The file that a link gives."""
    path = folder / link.text
    link.click()
    WebDriverWait(None, LONG).until(lambda _: path.exists() and path.stat().st_size)
    return path


INSIDE = """
const box = document.querySelector("td.at")?.getBoundingClientRect();
return box && box.top >= 0 && box.bottom <= innerHeight;
"""


def marked(browser, selector):
    """What a cell of the sheet beside says; the sheet is shown anew when a place is asked for."""
    browser.switch_to.frame("sheet")
    try:
        return WebDriverWait(browser, LONG, ignored_exceptions=[StaleElementReferenceException]).until(
            lambda driver: next((one.text for one in driver.find_elements(By.CSS_SELECTOR, selector)), None)
        )
    finally:
        browser.switch_to.default_content()


def focused(browser):
    return browser.switch_to.active_element


def tabbed(browser, true):
    """Go on with the Tab key until the element that has the focus is the right one."""
    for _ in range(60):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if true(focused(browser)):
            return focused(browser)
    pytest.fail("no such element is reached by the Tab key")


def test_the_token_is_not_in_the_address(browser):
    assert "token" not in browser.current_url
    assert browser.execute_script("return document.cookie") == ""


def test_a_dropped_workbook_its_error_the_cell_the_document(browser, folder, spoiled, pictured):
    pictured("serve-start")
    dropped(browser, "check-file", spoiled)
    told(browser, ".verdict.bad strong", "未通过（错误 6 处")
    place = browser.find_element(By.CSS_SELECTOR, ".problem.error a.place")
    assert place.text.startswith("一般公共预算支出!E10")
    above = browser.execute_script("return scrollY")
    place.click()
    assert browser.find_element(By.ID, "shown").text == f"标出了：{place.text}"
    assert marked(browser, "td.at").split() == [
        "294.21",
        "现为",
        "294.21，应为",
        "284.21（像是一位数字打错）",
    ]
    browser.switch_to.frame("sheet")
    WebDriverWait(browser, LONG).until(lambda driver: driver.execute_script(INSIDE))
    browser.switch_to.default_content()
    assert browser.execute_script("return scrollY") == above
    pictured("serve-result")
    pressed(browser, ".next button")
    told(browser, ".verdict.bad strong", "草稿")
    written = downloaded(folder, waited(browser, ".files a"))
    assert written.read_bytes().startswith(b"PK")
    browser.switch_to.frame(waited(browser, "iframe.preview"))
    assert "草稿" in waited(browser, ".draft").text
    browser.switch_to.default_content()


def test_what_is_mended_is_told_and_the_document_is_downloaded(browser, folder, spoiled, pictured):
    dropped(browser, "check-file", spoiled)
    waited(browser, ".next button")
    dropped(browser, "again-file", SAMPLE)
    told(browser, ".gone", "一般公共预算支出!E10")
    pressed(browser, ".next button")
    written = downloaded(folder, waited(browser, ".files a"))
    assert written.name == "2026年乌鲁木齐科技信息服务中心单位预算公开.docx"
    pictured("serve-document")


@pytest.mark.published
def test_new_from_last_years_document(browser, folder):
    dropped(browser, "follow-file", PUBLISHED / "2025-district.docx")
    told(browser, ".verdict.fine strong", "已生成下一年的填报表")
    assert downloaded(folder, waited(browser, ".files a")).name == "2026年预算公开填报表.xlsx"


@pytest.mark.published
def test_a_document_is_read_back_to_be_corrected_and_checked(browser, folder):
    dropped(browser, "import-file", PUBLISHED / "2026-center.docx")
    told(browser, ".verdict.fine strong", "已由 2026-center.docx 读成填报表")
    made = downloaded(folder, waited(browser, ".files a"))
    assert made.name.endswith("2026年填报表.xlsx")
    dropped(browser, "again-file", made)
    told(browser, ".verdict strong", "通过")


def test_what_is_to_be_pasted_is_copied_by_its_button(browser, tmp_path):
    book, path = workbook_of(SAMPLE), tmp_path / "填报.xlsx"
    for cell in book["审核说明"][5]:
        cell.value = None
    book.save(path)
    dropped(browser, "check-file", path)
    waited(browser, "#explaining")
    browser.find_element(By.CSS_SELECTOR, "[data-copies]").click()
    WebDriverWait(browser, LONG).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, "[data-copies]").text == "已复制"
    )
    field = browser.find_element(By.ID, "explaining")
    browser.execute_script("arguments[0].readOnly = false; arguments[0].value = ''", field)
    field.send_keys(Keys.CONTROL, "v")
    assert re.fullmatch(r"[a-z-]+\t\S+!\w+", field.get_property("value"))


def test_the_end_asks_before_everything_is_deleted(browser, address):
    browser.find_element(By.CSS_SELECTOR, "form[action='/quit'] button").click()
    asked = browser.switch_to.alert
    assert asked.text == "结束后，送进来的文件和没有下载的结果全部删除。要留的都下载了吗？"
    asked.dismiss()
    browser.get(address.partition("enter")[0])
    assert browser.find_element(By.ID, "h-check").text == "检查并生成公开文本"
    assert browser.find_element(By.CSS_SELECTOR, "form[action='/quit'] button").is_enabled()


def test_all_with_the_keyboard_alone(browser, spoiled):
    tabbed(browser, lambda own: own.get_attribute("class") == "skip").send_keys(Keys.ENTER)
    field = tabbed(browser, lambda own: own.get_attribute("id") == "check-file")
    field.send_keys(str(spoiled))
    tabbed(browser, lambda own: own.text == "检查").send_keys(Keys.ENTER)
    waited(browser, ".problems")
    place = tabbed(browser, lambda own: own.get_attribute("class") == "place")
    outline = browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", place)
    assert outline == "solid"
    place.send_keys(Keys.ENTER)
    assert marked(browser, "td.at").startswith("294.21")


NAMELESS = """
return [...document.querySelectorAll("input:not([type=hidden]), select, button, a, iframe, progress")]
  .filter((one) => !(one.labels?.length || one.textContent.trim() || one.title || one.ariaLabel))
  .map((one) => one.outerHTML);
"""


def test_everything_that_can_be_used_has_a_name_and_headings_do_not_skip(browser, spoiled):
    for selector in (".cards", ".problems"):
        waited(browser, selector)
        assert browser.execute_script(NAMELESS) == []
        heads = [int(one.tag_name[1]) for one in browser.find_elements(By.CSS_SELECTOR, "h1, h2, h3")]
        assert heads[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(heads))
        if selector == ".cards":
            dropped(browser, "check-file", spoiled)


def test_without_a_script_the_way_is_the_same(browser, spoiled):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.refresh()
        browser.find_element(By.ID, "check-file").send_keys(str(spoiled))
        pressed(browser, ".main button")
        place = waited(browser, ".problem.error a.place")
        place.click()
        assert marked(browser, "td.first").startswith("294.21")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_long_order_can_be_stopped(browser, tmp_path):
    path = tmp_path / "没完.pdf"
    path.write_bytes(ENDLESS)
    dropped(browser, "check-file", path)
    pressed(browser, "#waiting button")
    told(browser, ".verdict.bad strong", "已停止，没有做完。")
