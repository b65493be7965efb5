"""The blank workbook is written once: what is kept is the same to the byte, and never that of another format or program."""

from __future__ import annotations

import shutil

import pytest

from budgetgen.edition import folder, library
from budgetgen.edition.loading import load
from budgetgen.values import keeping
from budgetgen.writing.workbook import blank, writer
from budgetgen.writing.workbook.blank import blank_workbook

ID = "shanghai-2025"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """The formats that were written anew, with an empty cache of one's own."""
    monkeypatch.setattr(keeping, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    done = []
    render = writer.render_workbook
    monkeypatch.setattr(
        writer,
        "render_workbook",
        lambda edition, **given: done.append(edition.id) or render(edition, **given),
    )
    return done


def test_the_second_is_the_first_and_is_not_written_anew(written):
    first, second = (blank_workbook(load(ID), {}) for _ in range(2))
    assert (second == first == writer.render_workbook(load(ID), values={}), written) == (True, [ID, ID])


def test_one_that_says_something_of_a_unit_is_not_kept(written, tmp_path):
    edition = load(ID)
    named = blank_workbook(edition, {edition.house.unit: "示例单位"})
    assert (named == blank_workbook(edition, {}), written) == (False, [ID, ID])
    assert len(list((tmp_path / "cache" / blank.KEPT.name).iterdir())) == 1


def test_a_format_that_was_changed_is_written_anew(written, tmp_path, monkeypatch):
    home = tmp_path / "own"
    for name in ("shanghai-2024", ID):
        shutil.copytree(folder() / name, home / name)
    monkeypatch.setattr(library, "folders", lambda: (home, folder()))
    monkeypatch.setattr(blank, "folders", library.folders)
    first = blank_workbook(load(ID), {})
    (home / ID / "more.toml").write_text("", encoding="utf-8")
    assert (blank_workbook(load(ID), {}) == first, written) == (True, [ID, ID])


def test_another_program_writes_anew(written, monkeypatch):
    for program in ("one", "another"):
        monkeypatch.setattr(blank, "loaded", lambda told=program: told)
        blank_workbook(load(ID), {})
    assert written == [ID, ID]
