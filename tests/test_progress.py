"""What is shown while somebody waits: one line, on a terminal alone, of which nothing is left."""

from __future__ import annotations

import io
import sys
import time

import pytest

from budgetgen.app import progress
from tests.commands import run
from tests.conftest import SAMPLES

UNIT = SAMPLES / "xinjiang-2026-unit.xlsx"
PATIENCE = 60


class Terminal(io.StringIO):
    """A screen; `shown` is what one would see on its last line."""

    def isatty(self):
        return True

    def lines(self):
        return [line.rstrip() for line in self.getvalue().split("\r") if line.strip()]


def until(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.fixture
def screen(monkeypatch):
    """What the commands show, at once and often; nothing goes on before it is shown what is being done."""
    terminal, take = Terminal(), progress.Screen.take

    def shown(own, stage, done, total):
        take(own, stage, done, total)
        told = f"{stage} {done}/{total}" if 0 < done < total else stage
        until(lambda: any(line.startswith(told) for line in terminal.lines()[-1:]))

    monkeypatch.setattr(progress.Screen, "take", shown)
    monkeypatch.setattr(progress, "SHORT", 0.0)
    monkeypatch.setattr(progress, "OFTEN", 0.001)
    monkeypatch.setattr(progress, "sys", type("System", (), {"stderr": terminal}))
    return terminal


@pytest.mark.parametrize(
    ("call", "stage"),
    [
        (("check", UNIT), "核对"),
        (("new",), "写填报表"),
        (("edition", "check", "xinjiang-2024"), "运行举例"),
        (("why", UNIT, "支出总体[总计].合计"), "追溯"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_says_what_it_is_doing_and_leaves_nothing_of_it(screen, tmp_path, call, stage):
    code, told = run(*call, cwd=tmp_path)
    assert code == 0, told
    assert any(line.startswith(stage) for line in screen.lines()), screen.lines()
    assert stage + "……" not in told
    assert screen.getvalue().endswith("\r")
    assert screen.getvalue().rsplit("\r", 2)[1].strip() == ""


def test_how_many_of_how_many_and_how_long_yet(screen, monkeypatch):
    monkeypatch.setattr(progress, "get_terminal_size", lambda: type("Size", (), {"columns": 29}))
    with progress.shown(), progress.Progress("核对各单位", 300) as counted:
        for _ in range(150):
            counted.step()
    shown = screen.lines()[-1]
    assert shown == "核对各单位 150/300，大约还要"  # no wider than the screen: else it would become two lines


def test_nothing_is_shown_where_nobody_waits(monkeypatch):
    quiet = io.StringIO()
    monkeypatch.setattr(progress, "SHORT", 0.0)
    monkeypatch.setattr(sys, "stderr", quiet)
    with progress.shown():
        progress.begin("核对")
        time.sleep(0.01)
    assert quiet.getvalue() == ""


def test_what_is_done_at_once_shows_nothing(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress, "SHORT", PATIENCE)
    monkeypatch.setattr(progress, "sys", type("System", (), {"stderr": terminal}))
    with progress.shown():
        progress.begin("核对")
    assert terminal.getvalue() == ""
