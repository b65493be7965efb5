"""The page without a browser: its application within the process of the test, its workers as they are."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("starlette")

from starlette.testclient import TestClient

from budgetgen.app.serve.orders import Orders
from budgetgen.app.serve.server import application

if TYPE_CHECKING:
    from pathlib import Path

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
        until = time.monotonic() + LONG
        while not self.client.get(f"{self.at}/state").json()["ended"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        return self.client.get(self.at).text

    def downloads(self):
        """What can be taken: name → bytes."""
        shown = self.client.get(self.at).text
        found = re.findall(r'<a href="([^"]+)" download>([^<]+)</a>', shown)
        return {name: self.client.get(address).content for address, name in found}


def opened(folder: Path, **options) -> Page:
    orders = Orders(folder, **options)
    app = application(orders, port=PORT, token=TOKEN, leave=lambda: None)
    client = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
    answer = client.get("/enter", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return Page(client, orders)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page, and a folder of its own."""
    made = opened(tmp_path_factory.mktemp("serve"))
    yield made
    made.orders.close()


def verdict(shown):
    """What a page says of the whole."""
    return re.search(r"<strong>(.*?)</strong>", shown)[1]
