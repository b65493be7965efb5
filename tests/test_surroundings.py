"""The program among others: libraries that print, systems without Chinese, errors inside of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from budgetgen.app import incidents
from tests.conftest import SAMPLES
from tests.workbooks import opened

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
UNITS = SAMPLES / "department-2024"
SECRETS = "某涉密装备", "Nightjar77"


def run(*args, cwd, spoilt: str = "", **env):
    """Exit code, output and errors; `spoilt` runs first in every process, the workers too."""
    (cwd / "sitecustomize.py").write_text(spoilt, encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if k not in {"LANG", "LC_ALL", "PYTHONUTF8"}}
    paths = os.pathsep.join([str(cwd), os.environ.get("PYTHONPATH", "")])
    given = {"XDG_STATE_HOME": str(cwd / "state"), "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8", **env}
    command = [sys.executable, "-m", "budgetgen", *map(str, args)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, env={**clean, **given})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def spoiled(tmp_path):
    """The sample with one wrong figure."""
    workbook = opened(SAMPLE)
    workbook["一般公共预算支出"]["E10"] = 294.21
    path = tmp_path / "填报.xlsx"
    workbook.save(path)
    return path


# --- the output is ours -------------------------------------------------------------------------------------

NOISE = """
import os
from budgetgen.localisation import solver
solve = solver.Programme.solve
def noisy(self):
    os.write(1, b"Running")
    os.system("echo HiGHS")
    return solve(self)
solver.Programme.solve = noisy
"""


def test_what_a_library_prints_is_not_in_our_output(spoiled, tmp_path):
    code, said, _ = run("check", spoiled, "--format", "json", cwd=tmp_path, spoilt=NOISE)
    assert code == 1
    assert json.loads(said)["files"][0]["unit"] == "乌鲁木齐科技信息服务中心"


def test_what_a_worker_prints_is_not_in_our_output(tmp_path):
    noise = "import os, sys\nif '-c' in sys.orig_argv: os.write(1, b'noise')"
    args = "consolidate", UNITS, "--workers", 2, "--no-cache", "--format", "json", "-o", "部门.xlsx"
    code, said, _ = run(*args, cwd=tmp_path, spoilt=noise)
    assert (code, len(json.loads(said)["units"])) == (0, 3)


# --- any language of the system -----------------------------------------------------------------------------

LOCALES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""},
    {"LC_ALL": "POSIX", "LANG": "", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
]


@pytest.mark.skipif(os.name != "posix", reason="file names are in Unicode on this system")
@pytest.mark.parametrize("language", LOCALES)
def test_every_command_works_where_the_system_knows_no_chinese(language, tmp_path):
    code, _, errors = run("build", SAMPLE, "-o", "成文", cwd=tmp_path, **language)
    assert (code, errors) == (0, "")
    written = {path.name for path in (tmp_path / "成文").iterdir()}
    assert "2026年乌鲁木齐科技信息服务中心单位预算公开.docx" in written
    args = "consolidate", UNITS, "--workers", 2, "--no-cache", "--format", "json", "-o", "部门.xlsx"
    code, said, errors = run(*args, cwd=tmp_path, **language)
    assert (code, errors, json.loads(said)["written"]) == (0, "", "部门.xlsx")
    assert (tmp_path / "部门.xlsx").is_file()


@pytest.mark.skipif(os.name != "posix", reason="file names are in Unicode on this system")
def test_where_nothing_helps_the_message_says_what_to_set(tmp_path):
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "1"}
    command = [sys.executable, "-X", "utf8=0", "-m", "budgetgen", "rules"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env=env)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (
        2,
        b"",
        "系统的语言设置写不出中文文件名。\n  请：设置环境变量 PYTHONUTF8=1 或 LC_ALL=C.UTF-8 后再运行。\n",
    )


# --- an error inside ----------------------------------------------------------------------------------------

BROKEN = f"""
import budgetgen.app.pipeline.inputs as inputs
def broken(path, edition=None, workbook=None):
    one, other = (bytes.fromhex(text).decode() for text in {[secret.encode().hex() for secret in SECRETS]})
    try:
        {{}}[one]
    except KeyError as error:
        raise ValueError("invalid cell " + other) from error
inputs.read = broken
"""
"""Reads no workbook, but fails with what stands in it; the words themselves are nowhere in the program."""


def the_log(folder: Path) -> str:
    (log,) = folder.rglob("error-*.log")
    return log.read_text(encoding="utf-8")


def test_an_error_inside_leaves_a_log_without_what_was_in_the_file(tmp_path):
    code, said, errors = run("check", SAMPLE, "--format", "json", cwd=tmp_path, spoilt=BROKEN)
    (log,) = (tmp_path / "state" / "budgetgen").iterdir()
    assert (code, said) == (2, "")
    assert errors.splitlines() == [
        "程序内部出错，没有写出文件（ValueError：invalid cell …，sitecustomize.py:8）。",
        f"  记录写在 {log}，其中没有文件的内容。",
        "  请：把这份记录和出错的文件交给软件维护人员。",
    ]
    kept = the_log(tmp_path)
    assert [secret for secret in SECRETS if secret in kept + errors] == []
    lines = kept.splitlines()
    assert lines[0].startswith("budgetgen ")
    assert lines[1].startswith("Python 3.")
    assert "openpyxl 3." in lines[3]
    assert lines[4] == "budgetgen check ….xlsx --format …"
    assert "builtins.KeyError: '…'" in lines
    assert "builtins.ValueError: invalid cell …" in lines
    assert any("pipeline/inputs.py:" in line and line.endswith(" examine") for line in lines)
    assert str(SAMPLES.parent) not in kept


def test_an_error_inside_a_worker_is_told_with_its_place(tmp_path):
    code, _, errors = run("consolidate", UNITS, "--workers", 2, "--no-cache", cwd=tmp_path, spoilt=BROKEN)
    kept = the_log(tmp_path)
    assert code == 2
    assert "sitecustomize.py:8" in errors
    assert "pipeline/unit_files.py" in kept
    assert "sitecustomize.py:8 broken" in kept
    assert [secret for secret in SECRETS if secret in kept + errors] == []


def test_debug_shows_the_log_and_a_log_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").touch()
    state = str(tmp_path / "file" / "none")
    code, _, errors = run("check", SAMPLE, cwd=tmp_path, spoilt=BROKEN, XDG_STATE_HOME=state)
    assert code == 2
    assert errors.splitlines()[1:] == [
        "  记录没有地方写。",
        "  请：加 --debug 再运行一次，把显示的文字和出错的文件交给软件维护人员。",
    ]
    for args in (("--debug", "check", SAMPLE), ("check", SAMPLE, "--debug")):
        _, _, errors = run(*args, cwd=tmp_path, spoilt=BROKEN, XDG_STATE_HOME=state)
        assert "builtins.ValueError: invalid cell …" in errors.splitlines()


def test_the_newest_logs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(incidents, "folder", lambda: tmp_path)
    for number in range(30):
        (tmp_path / f"error-20200101-0000{number:02}-1.log").touch()
    kept = incidents.keep(ValueError("x"), ["check"], {"check"})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert (len(names), names[0], names[-1]) == (20, "error-20200101-000011-1.log", kept.log.name)


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("--name=某某", "--name"),
        ("-o某某.xlsx", "-o"),
        ("build", "build"),
        ("secret", "…"),
        ("某某.docx", "….docx"),
    ],
)
def test_arguments_are_told_as_far_as_they_are_the_programs(argument, told, tmp_path, monkeypatch):
    monkeypatch.setattr(incidents, "folder", lambda: tmp_path)
    assert incidents.keep(ValueError(), [argument], {"build"}).text.splitlines()[4] == f"budgetgen {told}"
