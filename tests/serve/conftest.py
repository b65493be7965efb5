"""The page without a browser: its application within the process of the test, its workers as they are."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from budgetgen.app.serve import orders
from budgetgen.app.serve.orders import Orders
from budgetgen.app.serve.server import application
from budgetgen.app.serve.workers import _outcome
from tests.conftest import SAMPLES
from tests.workbooks import opened as workbook_of

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
PORT, TOKEN = 8123, "the-token"
ORIGIN = f"http://127.0.0.1:{PORT}"
LONG = 120
"""Seconds that are waited for an order: as much as a busy machine takes."""


@dataclass
class Page:
    """The page as somebody uses it who came by the right address."""

    client: TestClient
    orders: Orders

    def ask(self, kind, files=(), words=None, at=""):
        """Send a form and wait for what comes of it: the page that is shown then."""
        sent = [(role, (path.name, path.read_bytes())) for role, path in files]
        address = at or f"/orders/{kind}"
        answer = self.client.post(address, files=sent or {"none": ("", b"")}, data=words or {})
        assert answer.status_code == 303, answer.text
        self.at = answer.headers["location"]
        return self.waited()

    def waited(self):
        ended(self.orders, lambda: self.client.get(f"{self.at}/state").json()["ended"])
        return self.client.get(self.at).text

    def downloads(self, at=""):
        """What can be taken, of the last order or of another: name → bytes."""
        shown = self.client.get(at or self.at).text
        found = re.findall(r'<a href="([^"]+)" download>([^<]+)</a>', shown)
        return {name: self.client.get(address).content for address, name in found}


def ended(placed: Orders, told):
    """Wait until it is told that all has ended: asked for once it has, for to ask costs more than to wait."""
    until = time.monotonic() + LONG
    while any(not one.ended for one in tuple(placed._handled.values())) or not told():
        assert time.monotonic() < until
        time.sleep(0.02)


def opened(folder: Path, **options) -> Page:
    placed = Orders(folder, **options)
    app = application(placed, port=PORT, token=TOKEN, leave=lambda: None)
    client = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    answer = client.get("/enter", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return Page(client, placed)


class Threaded:
    """A worker within the process of the test: to start a process takes longer than most of what it does.

    That orders are done in processes of their own is shown in `test_orders` and `test_browser`.
    """

    def __init__(self):
        self.connection, theirs = Pipe()
        Thread(target=self._work, args=(theirs,), daemon=True).start()

    def _work(self, theirs):
        with suppress(EOFError, OSError):
            order = theirs.recv()
            theirs.send(_outcome(order))

    def end(self):
        self.connection.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page, and a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "Worker", Threaded)
        made = opened(tmp_path_factory.mktemp("serve"))
        yield made
        made.orders.close()


def verdict(shown):
    """What a page says of the whole."""
    return re.search(r"<strong>(.*?)</strong>", shown)[1]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """The sample with one wrong figure."""
    workbook = workbook_of(SAMPLE)
    workbook["一般公共预算支出"]["E10"] = 294.21
    path = tmp_path_factory.mktemp("in") / "填报.xlsx"
    workbook.save(path)
    return path
