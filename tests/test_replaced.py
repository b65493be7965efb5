"""A program that is replaced while it runs: what the old one makes is never taken for what the new one makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from budgetgen.app.batch import fingerprints
from budgetgen.values import keeping
from tests.test_house import PACKAGE

NAMES = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
from budgetgen.app.batch.fingerprints import program_fingerprint
from budgetgen.edition import kept
from budgetgen.edition.library import folders
from budgetgen.writing.document import prepared
from budgetgen.writing.workbook import blank

def names():
    made_of = kept.all_made_of(folders()), prepared._fingerprint(b""), blank._fingerprint(SimpleNamespace(id=""))
    return *made_of, program_fingerprint()

told = [names()]
for file in sys.argv[1:]:
    Path(file).write_text(Path(file).read_text("utf-8") + "\\n", "utf-8")
print(json.dumps([*told, names()]))
"""
"""Prints by what names editions, templates, blank workbooks and units go, before and after files were changed."""


@pytest.fixture
def program(tmp_path):
    """Another copy of the program: called with the files that are changed while it runs, it tells its names."""
    copied = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))

    def names(*changed):
        call = [sys.executable, "-c", NAMES, *(copied / name for name in changed)]
        env = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(call, env=env, cwd=tmp_path, check=True, capture_output=True, encoding="utf-8")
        return json.loads(done.stdout)

    return names


def test_a_program_that_was_replaced_while_it_ran_keeps_nothing_under_the_new_ones_name(program):
    """What decides is the program in memory, not the files that stand there by now."""
    before, after = program("values/amounts.py")
    assert (after[:3], after[3] != before[3]) == (before[:3], True)
    ((*new, unit), again) = program()
    assert ([*new, unit], set(new) & set(before), unit in {before[3], after[3]}) == (again, set(), False)


def test_every_shelf_goes_by_one_of_these_names():
    shelves = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*.py")
        if (found := re.findall(r'Shelf\("(\w+)"', path.read_text("utf-8")))
    }
    assert shelves == {
        "edition/kept.py": ["editions"],
        "writing/document/prepared.py": ["templates"],
        "writing/workbook/blank.py": ["blanks"],
        "app/batch/examined.py": ["units"],
        "app/batch/added.py": ["sums"],
    }


def test_a_program_that_stands_as_it_was_loaded_is_called_by_what_it_is_made_of_alone(monkeypatch):
    """So that it is called the same on every machine of a cluster."""
    names = []
    for places in (keeping.LOADED, {"elsewhere": "1"}):
        monkeypatch.setattr(keeping, "LOADED", places)
        monkeypatch.setattr(keeping, "standing", lambda *_, stood=places: stood)
        names.append(fingerprints.program_fingerprint())
    assert names[0] == names[1]
