"""Whose fault it is that nothing came of a file: said alike by the command line, the page and the board."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from contextlib import suppress

import pytest

from budgetgen.app.board.store import Store, Visitor
from budgetgen.app.serve import orders
from budgetgen.reading.guard import confined, door
from tests.board.conftest import SAMPLE, SECOND, state_of
from tests.commands import run
from tests.conftest import ROOT, SAMPLES
from tests.serve.conftest import Threaded, opened, verdict

TROUBLES = {
    "no memory": (MemoryError(), "内存不够，没有做完"),
    "no memory, as the system says": (OSError(errno.ENOMEM, ""), "内存不够，没有做完"),
    "a full disk": (OSError(errno.ENOSPC, ""), "磁盘已满，没有做完"),
    "no process": (BlockingIOError(errno.EAGAIN, ""), "系统开不出新的进程或文件，没有做完"),
    "a disk that fails": (OSError(errno.EIO, ""), "磁盘或网络盘出了问题，没有做完"),
}
BLANK = ROOT / "templates" / "xlsx" / "xinjiang-2026.xlsx"
"""A workbook of which little is to be told once it is read."""
HOSTILE = b"PK\3\4" + b"\0" * 60
NOT_ITS_OWN = "没有做完，不是文件的问题。"


@pytest.fixture(params=TROUBLES)
def trouble(request, monkeypatch):
    """What this machine says to whoever opens a workbook, in words."""
    error, told = TROUBLES[request.param]

    def fails(data):
        raise error

    monkeypatch.setattr(door, "parts", fails)
    return told


@pytest.fixture
def hostile(tmp_path):
    path = tmp_path / "填报.xlsx"
    path.write_bytes(HOSTILE)
    return path


def test_the_command_line_says_that_it_is_not_done_and_ends_with_a_code_of_its_own(trouble):
    code, said = run("check", SAMPLE)
    assert (code, trouble in said, "程序内部出错" in said) == (3, True, False), said


def test_a_file_that_is_refused_ends_with_the_code_of_files(hostile):
    code, said = run("check", hostile, "--format", "json")
    told, _ = json.JSONDecoder().raw_decode(said)  # what is said of it stands behind, on another stream
    assert (code, told["files"][0]["blame"]) == (2, "file")


def test_a_batch_asks_for_it_again(trouble, tmp_path):
    code, _ = run("check", SAMPLE, "-o", tmp_path / "out", "--workers", 1)
    (told,) = json.loads((tmp_path / "out" / "核对情况.json").read_text("utf-8"))["files"]
    assert (code, told["state"], told["remark"].startswith(trouble)) == (3, "unfinished", True)


def test_a_batch_that_is_run_again_does_what_was_not_done(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(door, "parts", lambda data: (_ for _ in ()).throw(MemoryError))
        assert run("check", SAMPLE, "-o", tmp_path / "out", "--workers", 1)[0] == 3
    assert run("check", SAMPLE, "-o", tmp_path / "out", "--workers", 1)[0] == 0


def test_a_consolidation_does_not_call_the_unit_s_file_unreadable(trouble, tmp_path):
    shutil.copy(SAMPLES / "department-2024" / "xinjiang-2024-information.xlsx", tmp_path / "信息.xlsx")
    code, said = run("consolidate", tmp_path, "--name", "示例部门", "--no-cache", "-o", tmp_path / "out.xlsx")
    assert (code, "单位的文件没有检查完" in said, "单位的文件读不了" in said) == (1, True, False), said
    assert trouble in said


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(orders, "Worker", Threaded)
    (tmp_path / "page").mkdir()
    made = opened(tmp_path / "page")
    yield made
    made.orders.close()


def test_the_page_says_so_and_offers_to_try_again(page, trouble, monkeypatch):
    shown = page.ask("check", [("file", BLANK)])
    assert (trouble in verdict(shown), NOT_ITS_OWN in shown, "再试一次</button>" in shown) == (
        True,
        True,
        True,
    )
    monkeypatch.undo()
    monkeypatch.setattr(orders, "Worker", Threaded)
    again = page.ask("check", at=f"{page.at}/check")
    assert verdict(again) == "还没有填"
    assert page.orders[page.at.rpartition("/")[2]].state == "done"


def test_the_page_does_not_say_so_of_a_file_that_is_refused(page, hostile):
    shown = page.ask("check", [("file", hostile)])
    assert (NOT_ITS_OWN in shown, "再试一次</button>" in shown) == (False, False)
    assert "文件不完整或已损坏" in verdict(shown)


def test_the_board_does_not_call_the_file_unreadable(office, trouble):
    assert state_of(office.send("jia", SAMPLE)) == "没有检查完"


def test_an_error_of_the_program_is_not_the_file_s(office, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(door, "parts", lambda data: 1 // 0)
    assert state_of(office.send("jia", SAMPLE)) == "没有检查完"


def test_the_board_calls_a_hostile_file_unreadable(office, hostile):
    assert state_of(office.send("jia", hostile)) == "读不了"


def test_a_limit_of_time_is_this_machine_s(office):
    office.orders._limit = 0.0
    assert state_of(office.send("jia", SAMPLE)) == "没有检查完"


class Dead(Threaded):
    """A worker that the system ends for want of memory."""

    def _work(self, theirs):
        with suppress(EOFError):
            theirs.recv()
        theirs.close()


def test_a_worker_that_was_killed_is_this_machine_s_fault(office, monkeypatch):
    office.orders._ready = None
    monkeypatch.setattr(orders, "Worker", Dead)
    assert state_of(office.send("jia", SAMPLE)) == "没有检查完"


def test_where_no_worker_can_be_started_the_order_ends_all_the_same(office, monkeypatch):
    def none():
        raise BlockingIOError(errno.EAGAIN, "")

    office.orders._ready = None
    monkeypatch.setattr(orders, "Worker", none)
    assert state_of(office.send("jia", SAMPLE)) == "没有检查完"


def test_a_check_that_could_not_be_begun_can_be_begun_again(office, monkeypatch):
    docket = office.store.send(office.unit(SECOND), SAMPLE, Visitor(2, "jia"))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "unit", lambda *_: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            office.checks.begin(docket)
    office.checks.begin(docket)
    home = f"/units/{office.unit(SECOND)}"
    assert state_of(office.settled(office.browser("jia"), home)) == "不是本单位的"


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOSPC, "")])
def test_answers_that_could_not_be_read_for_want_of_room_are_not_passed_over(office, monkeypatch, error):
    office.send("jia", SAMPLE)
    (docket,) = office.store.history(office.unit(SECOND))
    answered = office.store.answer(docket.arrival.id, SAMPLE, Visitor(docket.arrival.account_id))
    monkeypatch.setattr(
        "budgetgen.app.pipeline.questions.read_entries", lambda *_: (_ for _ in ()).throw(error)
    )
    office.checks.begin(answered)
    assert state_of(office.settled(office.browser("jia"), f"/units/{office.unit(SECOND)}")) == "没有检查完"


def ended(data, beat):
    """Work that the system ends."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="signals are of this system")
def test_a_process_that_takes_a_pdf_apart_and_is_killed_says_nothing_of_the_pdf(page, tmp_path, monkeypatch):
    path = tmp_path / "公开.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF\n")
    confine = confined.confined
    monkeypatch.setattr(
        "budgetgen.reading.document.pdf.reader.confined", lambda work, data: confine(ended, data)
    )
    shown = page.ask("check", [("file", path)])
    assert ("读这个 PDF 用的时间或内存太多，没有读完" in verdict(shown), NOT_ITS_OWN in shown) == (True, True)
