"""A server that is killed while units send: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256
from threading import Thread, Timer

import httpx2
import pytest
from filelock import FileLock

from budgetgen.app.board.store import Visitor, opened_store
from budgetgen.app.serve import department
from tests.board.conftest import PASSWORD, opened_account
from tests.commands import run
from tests.conftest import some

NAMES = [f"单位{n}" for n in range(5)]
PATIENCE = 120


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "board"
    store = opened_store(made, new=True)
    store.list_units(dict.fromkeys(NAMES, ""), Visitor())
    for name in NAMES:
        opened_account(store, name, "unit", name)
    store.engine.dispose()
    return made


@pytest.fixture
def served(folder, tmp_path):
    """The program as it is started, and how it is reached."""
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "budgetgen", "serve", "--department", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    yield process, re.search(r"http://\S+", process.stdout.readline())[0]
    process.kill()
    process.wait(PATIENCE)


def signed_in(origin, name):
    browser = httpx2.Client(base_url=origin, headers={"origin": origin}, timeout=PATIENCE)
    browser.post("/sign-in", data={"name": name, "password": PASSWORD})
    return browser


def keeps_sending(browser, acknowledged, seed):
    """Send until the server is gone; note what it has acknowledged."""
    home = browser.get("/").headers["location"]
    data = random.Random(seed)  # noqa: S311 - the same each time
    with suppress(httpx2.HTTPError):
        while True:
            body = data.randbytes(data.randrange(1, 300_000))
            answer = browser.post(f"{home}/submissions", files={"file": ("填报.xlsx", body)})
            if answer.status_code == 303:
                acknowledged.append(sha256(body).hexdigest())


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
@pytest.mark.parametrize("seed", some(range(20), 2))
def test_what_was_acknowledged_survives_a_kill_at_any_moment(folder, served, seed):
    process, origin = served
    acknowledged = []
    browsers = [signed_in(origin, name) for name in NAMES]
    senders = [
        Thread(target=keeps_sending, args=(browser, acknowledged, f"{seed} {number}"))
        for number, browser in enumerate(browsers)
    ]
    for sender in senders:
        sender.start()
    until = time.monotonic() + PATIENCE
    while len(acknowledged) < 5 and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(random.Random(seed).uniform(0, 0.5))  # noqa: S311
    process.send_signal(signal.SIGKILL)
    for sender in senders:
        sender.join(PATIENCE)
    store = opened_store(folder)
    dockets = [docket for unit in store.units() for docket in store.history(unit.id)]
    kept = {docket.arrival.sha256 for docket in dockets}
    assert len(acknowledged) >= 5
    assert set(acknowledged) <= kept
    for key in kept:
        assert sha256(store.vault.path(key).read_bytes()).hexdigest() == key
    sent = [line for line in store.audit() if line.event == "sent"]
    assert len(sent) == len(dockets)


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
def test_a_board_is_served_once_and_ends_as_it_is_asked_to(folder, served, monkeypatch):
    monkeypatch.setattr(department, "LETTING_GO", 0.0)
    process, origin = served
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", origin)
    code, told = run("serve", "--department", folder)
    assert (code, "这个看板已经在运行" in told) == (2, True)
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told.endswith("已结束，收下的都在。\n")) == (0, True)


def test_a_board_that_a_server_is_just_letting_go_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(department, "LETTING_GO", PATIENCE)
    held = FileLock(tmp_path / department.LOCK, thread_local=False)
    held.acquire()
    Timer(0.2, held.release).start()
    with department._alone(tmp_path):
        assert not held.is_locked


MOMENTS = {
    # where the program is when it dies → whether the sender has been told, and what is there afterwards
    "while the file is copied": ("budgetgen.app.board.vault.os.fsync", False),
    "between the file and the database": ("budgetgen.app.board.store._newest", False),
    "before the database has it for good": ("budgetgen.app.board.store._note", False),
    "after the database has it": ("budgetgen.app.board.store.Docket", True),
}
DIES = """
import os, sys
from pathlib import Path
from unittest import mock
from budgetgen.app.board.store import Visitor, opened_store

store = opened_store(Path(sys.argv[1]))
with mock.patch(sys.argv[2], lambda *_, **__: os.kill(os.getpid(), 9)):
    store.send(1, Path(sys.argv[3]), Visitor(1, "单位0"))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_each_moment_leaves_a_whole_submission_or_none(folder, tmp_path, moment):
    place, there = MOMENTS[moment]
    (tmp_path / "填报.xlsx").write_bytes(b"figures")
    call = [sys.executable, "-c", DIES, folder, place, tmp_path / "填报.xlsx"]
    assert subprocess.run(call, check=False).returncode == -signal.SIGKILL
    store = opened_store(folder)
    store.vault.sweep()
    sent = [docket.arrival for docket in store.history(1)]
    assert [one.sha256 for one in sent] == [sha256(b"figures").hexdigest()] * there
    assert [line.event for line in store.audit()].count("sent") == there
    assert [path.name for path in store.vault.folder.iterdir() if path.name.startswith(".")] == []
    again = store.send(1, tmp_path / "填报.xlsx", Visitor(1, "单位0")).arrival
    assert (again.number, store.vault.path(again.sha256).read_bytes()) == (1, b"figures")
