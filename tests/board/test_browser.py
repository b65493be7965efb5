"""The board in a real Chromium without a window; `--screenshots` renews the pictures of docs/."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from budgetgen.app.board.store import Visitor, opened_store
from budgetgen.app.board.tables import Examination
from tests import browser
from tests.board.conftest import FIRST, PASSWORD, SAMPLE, opened_account
from tests.conftest import ROOT

pytestmark = pytest.mark.browser
LONG = 120
STANDINGS = ("passed", "failed", "open", "explained", "unfit", "passed", "passed", "open")


@pytest.fixture
def served(tmp_path):
    """The address of a board of twelve units, some of which have sent something before."""
    store = opened_store(tmp_path / "board", new=True)
    names = [FIRST, *(f"示例市第{sign}中心" for sign in "一二三四五六七八九十"), "示例市科技馆"]
    store.list_units({name: f"{171001 + n}" for n, name in enumerate(names)}, Visitor())
    for name, role, unit in (("kjzx", "unit", FIRST), ("bumen", "department", "")):
        opened_account(store, name, role, unit)
    for unit, standing in enumerate(STANDINGS, start=2):
        sent = store.send(unit, SAMPLE, Visitor(1, "kjzx")).arrival.id
        errors, explains = 3 * (standing == "failed"), 2 * (standing in {"open", "explained"})
        counts = {"errors": errors, "explains": explains, "notes": 9}
        store.checked(Examination(submission_id=sent, replies=0, standing=standing, **counts))
    for submission, kind, remark in (
        (1, "approved", ""),
        (2, "returned", "请核对"),
        (6, "approved", ""),
        (6, "published", ""),
    ):
        store.decide(submission, kind, remark, Visitor(2, "bumen"))
    store.engine.dispose()
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "budgetgen", "serve", "--department", str(tmp_path / "board")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    yield re.search(r"http://\S+", process.stdout.readline())[0]
    process.terminate()
    process.communicate(timeout=LONG)


def signed_in(driver, origin, name):
    driver.get(origin)
    driver.switch_to.active_element.send_keys(name, Keys.TAB, PASSWORD, Keys.ENTER)
    WebDriverWait(driver, LONG).until(lambda _: "/sign-in" not in driver.current_url)


def waited(driver, text):
    """Until the page says how the unit stands."""
    told = "return document.querySelector('.verdict strong')?.textContent"
    WebDriverWait(driver, LONG).until(lambda _: driver.execute_script(told) == text)


def test_a_unit_sends_and_the_department_approves(served, tmp_path, request):
    def pictured(name):
        if request.config.getoption("--screenshots"):
            driver.save_screenshot(str(ROOT / "docs" / "images" / f"{name}.png"))

    with browser.browser(tmp_path) as driver:
        signed_in(driver, served, "kjzx")
        assert driver.execute_script("return document.cookie") == ""
        driver.find_element(By.ID, "send-file").send_keys(str(SAMPLE))
        driver.find_element(By.CSS_SELECTOR, ".card.main button").click()
        waited(driver, "已说明")
        driver.find_element(By.CSS_SELECTOR, ".top form button").click()
        signed_in(driver, served, "bumen")
        pictured("board")
        assert len(driver.find_elements(By.CSS_SELECTOR, "table.units tbody tr")) == 12
        driver.find_element(By.LINK_TEXT, FIRST).click()
        pictured("board-unit")
        driver.find_element(By.CSS_SELECTOR, ".decisions button").send_keys(Keys.ENTER)
        waited(driver, "已批准")
