"""What a defect of the program leaves behind, what libraries print, and languages of the system without Chinese."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from budgetgen import faults
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
BROKEN = """
import sys
from budgetgen import cli
from budgetgen.pipeline import build
def fail(*_, **__):
    try:
        raise ValueError("机密的单元格内容")
    except ValueError as error:
        raise KeyError("机密的单元格内容") from error
build.build = fail
cli.main()
"""
LOUD = """
import ctypes, sys
from budgetgen import cli, console
prepare = console.prepare
def loud():
    prepare()
    library = ctypes.CDLL(None)
    library.puts(b"Running a solver")
    library.fflush(None)
console.prepare = loud
cli.main()
"""


def python(code, *call, folder, **settings):
    """Run a program on its own, with its logs in a folder."""
    known = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONUTF8", "PYTHONIO"))
    }
    return subprocess.run(
        [sys.executable, *code, *map(str, call)],
        cwd=folder,
        env={**known, "XDG_STATE_HOME": str(folder / "state"), **settings},
        capture_output=True,
        check=False,
    )


def test_a_defect_is_told_with_its_log_and_the_log_holds_nothing_of_the_file(tmp_path):
    done = python(["-c", BROKEN], "build", SAMPLE, "-o", tmp_path / "机密", folder=tmp_path)
    (log,) = (tmp_path / "state").rglob("*.txt")
    said = done.stderr.decode()
    assert done.returncode == 2
    assert said.startswith("程序内部出错，没有写出文件（KeyError，<string>:9）。记录（不含文件内容）在 ")
    assert str(log) in said
    assert "机密" not in said
    kept = log.read_text("utf-8")
    assert "机密" not in kept
    assert [
        line for line in kept.splitlines() if line.startswith(("budgetgen build", "ValueError", "KeyError"))
    ] == [
        kept.splitlines()[0],
        "ValueError (8)",
        "KeyError (10)",
    ]
    assert kept.splitlines()[0].startswith("budgetgen build (")
    assert kept.splitlines()[0].endswith(f").xlsx -o ({len(str(tmp_path / '机密'))})")


def test_debug_shows_how_it_came_about(tmp_path):
    done = python(["-c", BROKEN], "build", SAMPLE, "--debug", folder=tmp_path)
    assert "Traceback (most recent call last)" in done.stderr.decode()
    assert "KeyError: '机密的单元格内容'" in done.stderr.decode()


def test_where_no_log_can_be_written_it_is_told_all_the_same(tmp_path):
    (tmp_path / "state").write_text("a file in the way")
    done = python(["-c", BROKEN], "build", SAMPLE, folder=tmp_path)
    assert done.returncode == 2
    assert "记录没有写成" in done.stderr.decode()


def test_only_so_many_logs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "user_state_path", lambda *_, **__: tmp_path)
    paths = [faults.record(ValueError("x"), []) for _ in range(faults.KEPT + 3)]
    assert sorted((tmp_path / "log").iterdir()) == paths[3:]


@pytest.mark.skipif(sys.platform == "win32", reason="C's output is reached otherwise there")
def test_what_a_library_prints_is_not_in_our_output(tmp_path):
    done = python(["-c", LOUD], "check", SAMPLE, "--format", "json", folder=tmp_path, PYTHONUTF8="1")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("{")


@pytest.mark.skipif(sys.platform == "win32", reason="file names are always Unicode there")
@pytest.mark.parametrize(
    "settings",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        {"LANG": "", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["C", "POSIX", "none"],
)
def test_in_any_language_of_the_system(tmp_path, settings):
    done = python(["-m", "budgetgen"], "build", SAMPLE, "-o", tmp_path / "公开", folder=tmp_path, **settings)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert sorted(path.name for path in (tmp_path / "公开").iterdir()) == [
        "2026年乌鲁木齐科技信息服务中心单位预算公开.docx",
        "2026年乌鲁木齐科技信息服务中心单位预算公开（补全）.xlsx",
    ]
