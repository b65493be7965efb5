"""Orders end when they are to, and leave nothing."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from types import SimpleNamespace

import httpx2
import pytest

from budgetgen.app.serve import server
from budgetgen.app.serve import workspace as runs
from budgetgen.app.serve.messages import Order
from budgetgen.app.serve.orders import ASKED, LEFT, SENT, Orders
from budgetgen.values.findings import Blame
from budgetgen.values.troubles import LATE, LOST
from tests.conftest import ROOT
from tests.reading.pages import ENDLESS
from tests.serve.conftest import opened, verdict

SAMPLE = ROOT / "samples" / "xinjiang-2026-unit.xlsx"
UNITS = ROOT / "samples" / "department-2024"
PATIENCE = 120


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def placed(orders, file=SAMPLE):
    return orders.place(Order("check", orders.new_folder(), {"file": (file,)}))


@pytest.fixture
def endless(tmp_path):
    """A file that is never read to its end."""
    path = tmp_path / "没完.pdf"
    path.write_bytes(ENDLESS)
    return path


def test_an_order_that_is_stopped_ends_its_process_and_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("budgetgen.app.serve.orders.GRACE", PATIENCE)  # closing waits as long as it takes
    page = opened(tmp_path)
    answer = page.client.post("/orders/check", files={"file": ("没完.pdf", ENDLESS)})
    page.at = answer.headers["location"]
    handling = page.orders[page.at.rpartition("/")[2]]
    until(lambda: handling.stage)
    assert 'aria-live="polite"' in page.client.get(page.at).text
    assert page.client.post(f"{page.at}/stop").status_code == 303
    shown = page.client.get(page.at).text
    assert verdict(shown) == "已停止，没有做完。"
    assert f'<form method="post" action="{page.at}/check">' in shown
    assert page.client.post(f"{page.at}/check").status_code == 303
    page.orders.close()
    assert not any(thread.is_alive() for thread in page.orders._threads)
    assert not (handling.order.folder / "tmp").exists()


def test_an_order_that_takes_too_long_is_stopped(tmp_path):
    orders = Orders(tmp_path, limit=0.0)
    key = placed(orders)
    until(lambda: orders[key].ended)
    orders.close()
    refusal = orders[key].refusal
    assert (orders[key].state, refusal.problem, refusal.blame) == ("refused", LATE[0], Blame.MACHINE)


@pytest.mark.skipif(os.name != "posix", reason="processes are ended otherwise on this system")
def test_a_worker_that_the_system_has_ended_is_told(tmp_path):
    orders = Orders(tmp_path)
    os.kill(orders._ready._process.pid, signal.SIGKILL)
    key = placed(orders)
    until(lambda: orders[key].ended)
    orders.close()
    refusal = orders[key].refusal
    assert (orders[key].state, refusal.problem, refusal.blame) == ("refused", LOST[0], Blame.MACHINE)


def test_more_orders_than_are_done_at_once_wait_and_can_be_stopped(tmp_path, endless):
    orders = Orders(tmp_path)
    keys = [placed(orders, endless) for _ in range(4)]
    until(lambda: sum(orders[key].state == "running" for key in keys) == 2)
    assert [orders[key].state for key in keys].count("waiting") == 2
    orders.close()
    assert {orders[key].state for key in keys} == {"stopped"}


def test_who_waits_at_a_page_goes_before_what_units_send_and_that_before_what_was_left(tmp_path, monkeypatch):
    began, go = [], threading.Event()
    monkeypatch.setattr("budgetgen.app.serve.orders.AT_ONCE", 1)
    monkeypatch.setattr(
        Orders, "_work", lambda self, handling: (began.append(handling.order.kind), go.wait())
    )
    orders, handlings = Orders(tmp_path), {}
    turns = {"check": ASKED, "judge": LEFT, "questions": SENT, "diff": ASKED, "new": ASKED}
    for kind, turn in turns.items():
        handlings[kind] = orders[orders.place(Order(kind, orders.new_folder(), {}), turn=turn)]
        until(lambda: began == ["check"])
    ahead = {kind: orders.ahead(one) for kind, one in handlings.items()}
    assert ahead == {"check": 0, "diff": 1, "new": 2, "questions": 3, "judge": 4}
    orders.stop(handlings["diff"].order.folder.name)
    assert orders.ahead(handlings["new"]) == 1
    go.set()
    until(lambda: len(began) == 4)
    orders.close()
    assert began == ["check", "new", "questions", "judge"]


def test_an_order_whose_end_cannot_be_told_keeps_no_other_from_being_done(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(Orders, "_work", lambda self, handling: setattr(handling, "state", "done"))
    orders, ended = Orders(tmp_path), []

    def fails(handling):
        raise RuntimeError

    for _ in range(4):
        orders.place(Order("check", orders.new_folder(), {}), fails)
    orders.place(Order("build", orders.new_folder(), {}), lambda handling: ended.append(handling.state))
    until(lambda: ended == ["done"])
    orders.close()
    assert "RuntimeError" in next((tmp_path / "state").rglob("*.log")).read_text("utf-8")


def test_an_order_whose_answer_cannot_be_taken_is_refused_and_told(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def fails(self, handling, connection):
        raise MemoryError

    monkeypatch.setattr(Orders, "_follow", fails)
    orders, ended = Orders(tmp_path), []
    order = Order("check", orders.new_folder(), {"file": (SAMPLE,)}, owner="kj")
    orders.place(order, lambda handling: ended.append((handling.state, handling.refusal.blame)))
    until(lambda: ended == [("refused", Blame.MACHINE)])
    assert orders.waiting("kj") == 0
    orders.close()


def test_how_far_a_department_is_is_told(tmp_path, monkeypatch):
    from budgetgen.app.serve import tasks

    told = []
    files = tuple(sorted(UNITS.glob("*.xlsx")))
    order = Order("consolidate", tmp_path, {"file": files})
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    from budgetgen.app.progress import watched

    with watched(lambda *step: told.append(step)):
        tasks.TASKS["consolidate"](order)
    assert [step for step in told if step[2]] == [("核对", 1, 3), ("核对", 2, 3), ("核对", 3, 3)]


# --- the folder of a run ------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return runs.home()


@pytest.mark.skipif(os.name != "posix", reason="modes are of this system")
def test_the_folder_is_nobody_elses_and_goes_with_the_run(home):
    with runs.workspace() as folder:
        assert folder.parent == home
        assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, home)] == [0o700, 0o700]
        (folder / "填报.xlsx").write_bytes(b"x")
    assert list(home.iterdir()) == []


def test_what_a_killed_run_has_left_is_deleted_and_what_lives_is_not(home):
    left = home / "run-killed"
    left.mkdir(parents=True)
    (left / "填报.xlsx").write_bytes(b"x")
    with runs.workspace() as first, runs.workspace() as second:
        assert not left.exists()
        assert first.is_dir()
        assert second.is_dir()


@pytest.fixture
def started(home, tmp_path):
    """The program as it is started, and the address that it tells."""
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "budgetgen", "serve", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    yield process, re.search(r"http://\S+", process.stdout.readline())[0]
    process.kill()
    process.wait(PATIENCE)


def test_the_button_ends_the_program_after_its_last_page(home, started):
    process, address = started
    origin = address.partition("/enter")[0]
    options = {"headers": {"origin": origin}, "follow_redirects": True, "timeout": PATIENCE}
    with httpx2.Client(base_url=origin, **options) as browser:
        browser.get(address)
        assert "程序已结束" in browser.post("/quit").text
        assert browser.get("/static/style.css").status_code == 200
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert told.endswith("已结束，送进来的文件都已删除。\n")
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_the_program_ends(home, started, end):
    process, address = started
    with urllib.request.urlopen(address.partition("enter")[0] + "static/style.css") as answer:  # noqa: S310
        assert answer.status == 200
    (folder,) = (path for path in home.iterdir() if path.is_dir())
    (folder / "填报.xlsx").write_bytes(b"x")
    process.send_signal(end)
    process.communicate(timeout=PATIENCE)
    if end == signal.SIGKILL:
        assert (folder / "填报.xlsx").exists()
        with runs.workspace():
            pass
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
def test_an_end_that_is_asked_for_before_anything_is_answered_is_one(tmp_path):
    own, orders = signal.getsignal(signal.SIGTERM), Orders(tmp_path)
    nobody = SimpleNamespace(run=lambda **_: pytest.fail("is answered"))
    try:
        server.run(nobody, None, orders, lambda: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, own)
    assert not any(thread.is_alive() for thread in orders._threads)


def test_only_this_machine_is_listened_to(started):
    process, address = started
    process.kill()
    process.communicate()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/enter\?token=[\w-]{43}", address)
