"""A board with three units and an account of each kind, within the process of the test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from budgetgen.app.board import passwords
from budgetgen.app.board.store import Opening, Visitor, opened_store
from budgetgen.app.serve import orders
from budgetgen.app.serve.department import board_application
from budgetgen.app.serve.orders import Orders
from tests import postgresql
from tests.conftest import IN_CI, SAMPLES
from tests.serve.conftest import ORIGIN, PORT, Page, Threaded, ended

if TYPE_CHECKING:
    from pathlib import Path

    from budgetgen.app.board.store import Store
    from budgetgen.app.serve.checks import Checks

UNITS = {
    "乌鲁木齐科技信息服务中心": "171002",
    "示例市甲中心": "171003",
    "示例市乙中心": "",
}
FIRST, SECOND, THIRD = UNITS
SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
PASSWORD = "right-password"  # noqa: S105 - of this test alone
ACCOUNTS = {
    "kj": ("unit", FIRST),
    "jia": ("unit", SECOND),
    "bumen": ("department", ""),
    "shen": ("reviewer", ""),
}
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def opened_account(store, name, role="unit", unit="", password=PASSWORD, **options):
    store.open_accounts([Opening(name, role, CHEAP.hash(password), unit, **options)], Visitor())


def filled(store: Store, accounts=ACCOUNTS, units=UNITS) -> Store:
    store.list_units(units, Visitor())
    for name, (role, unit) in accounts.items():
        opened_account(store, name, role, unit)
    return store


@dataclass
class Office:
    """The board as its people use it."""

    store: Store
    orders: Orders
    checks: Checks
    app: object
    browsers: dict = field(default_factory=dict)

    def stranger(self):
        return TestClient(self.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)

    def browser(self, name):
        """That of somebody who has signed in."""
        if name not in self.browsers:
            client = self.stranger()
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
            self.browsers[name] = client
        return self.browsers[name]

    def unit(self, name):
        return next(unit.id for unit in self.store.units() if unit.name == name)

    def send(self, name, path):
        """What somebody is shown after a file was sent and checked."""
        client = self.browser(name)
        home = client.get("/").headers["location"]
        answer = client.post(f"{home}/submissions", files={"file": (path.name, path.read_bytes())})
        assert (answer.status_code, answer.headers["location"]) == (303, home), answer.text
        return self.settled(client, home)

    def settled(self, client, home):
        ended(self.orders, lambda: client.get(f"{home}/state").json()["ended"])
        return client.get(home).text

    def ask(self, who, address, /, **words):
        """The page of an order that somebody places, once it is done."""
        page = Page(self.browser(who), self.orders)
        answer = page.client.post(address, data=words)
        assert answer.status_code == 303, answer.text
        page.at = answer.headers["location"]
        page.waited()
        return page


def opened_office(folder: Path, temporary: Path, address: str = "") -> Office:
    store = filled(opened_store(folder, address, new=True))
    placed = Orders(temporary)
    app, checks = board_application(store, placed, origin=ORIGIN, port=PORT)
    return Office(store, placed, checks, app)


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setattr(orders, "Worker", Threaded)
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    (tmp_path / "run").mkdir()
    made = opened_office(tmp_path / "board", tmp_path / "run")
    yield made
    made.orders.close()


# --- the databases ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server():
    """Where the PostgreSQL of the tests is reached; in CI it has to be there."""
    if not postgresql.present():
        (pytest.fail if IN_CI else pytest.skip)("PostgreSQL is absent")
    with postgresql.cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """The address of an empty database; empty for SQLite in the folder of the board."""
    if request.param == "sqlite":
        return ""
    return postgresql.new_database(request.getfixturevalue("server"))


@pytest.fixture
def store(tmp_path, database):
    return filled(opened_store(tmp_path / "board", database, new=True))


def state_of(shown):
    """How a unit stands, as its page says."""
    return re.search(r'<p role="status"><strong>(.*?)</strong>', shown)[1]
