"""Editions that were found sound are kept: read once, never stale, and never needed."""

from __future__ import annotations

import pickle
import shutil
from copy import copy
from dataclasses import astuple

import pytest

from budgetgen.edition import EditionError, folder, kept, library, listed, loading
from budgetgen.edition.loading import load
from budgetgen.values import keeping

NAME = "xinjiang-2024"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder of editions of one's own, with an empty cache."""
    shutil.copytree(folder(), tmp_path / "editions")
    monkeypatch.setattr(keeping, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    loading._loaded.cache_clear()
    yield tmp_path / "editions"
    loading._loaded.cache_clear()


@pytest.fixture
def unmerged(monkeypatch):
    """From here on no file of an edition is merged."""

    def forbid():
        loading._loaded.cache_clear()
        monkeypatch.setattr(loading, "_read", lambda *_: pytest.fail("read anew"))

    return forbid


def files(home):
    return sorted((home.parent / "cache" / kept.KEPT.name).glob("*"))


def test_a_second_start_takes_what_was_kept(home, unmerged):
    first = load(NAME, home)
    assert [file.suffix for file in files(home)] == [".kept"]
    unmerged()
    again = load(NAME, home)
    assert astuple(again) == astuple(first)
    assert again.homes == first.homes == copy(again).homes
    assert again.said == first.said
    assert again.codes("function") == first.codes("function")


@pytest.mark.parametrize(
    "file", ["common/house.toml", "xinjiang-2026/tables/01-summary.toml", f"{NAME}/edition.toml"]
)
def test_what_was_changed_is_read_anew(home, file):
    load(NAME, home)
    path = home / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n# 改过\n", encoding="utf-8")
    loading._loaded.cache_clear()
    load(NAME, home)
    assert len(files(home)) == 2


def test_what_was_changed_while_it_was_read_is_not_kept(home, monkeypatch):
    """Else what was made of the new file would be known by the old one."""
    path, read = home / NAME / "edition.toml", loading._read

    def changing(*asked):
        path.write_text(f"{path.read_text(encoding='utf-8')}\n# 改过\n", encoding="utf-8")
        return read(*asked)

    monkeypatch.setattr(loading, "_read", changing)
    load(NAME, home)
    assert files(home) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-40],
        lambda data: data.replace("预算".encode(), "决算".encode()),
        lambda data: b"[]",
    ],
)
def test_what_was_kept_and_is_damaged_is_not_taken(home, spoil):
    first = load(NAME, home)
    (file,) = files(home)
    file.write_bytes(spoil(file.read_bytes()))
    loading._loaded.cache_clear()
    assert astuple(load(NAME, home)) == astuple(first)


def test_where_nothing_can_be_kept_nothing_is_lost(home):
    (home.parent / "cache").write_text("一个文件", encoding="utf-8")
    assert load(NAME, home).id == NAME


def test_what_is_not_sound_is_not_kept(home):
    path = home / NAME / "edition.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[house]\nabout = '没有这张表'\n", encoding="utf-8")
    for _ in range(2):
        loading._loaded.cache_clear()
        with pytest.raises(EditionError, match="没有这张表"):
            load(NAME, home)
    assert files(home) == []


def test_only_the_newest_are_kept(home):
    cache = home.parent / "cache" / kept.KEPT.name
    cache.mkdir(parents=True)
    for number in range(kept.KEPT.most + 5):
        (cache / f"{number}.kept").write_text("", encoding="utf-8")
    load(NAME, home)
    assert len(files(home)) == kept.KEPT.most


class Foreign:
    """What runs something when it is taken from a pickle."""

    def __init__(self, call):
        self.call = call

    def __reduce__(self):
        return self.call, ("嘿",)


def hidden(way):
    """A pickle that calls what a way with dots from a module of the declarations leads to."""
    module, name = (text.encode() for text in way)
    told = b"".join(b"\x8c" + bytes([len(word)]) + word for word in (module, name))
    return b"\x80\x04" + told + b"\x93\x8c\x02oh\x85R."


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Foreign(print)),
        pickle.dumps(("xinjiang-2024", [])),
        hidden(("budgetgen.edition.declarations.base", "fields.__globals__")),
        hidden(("budgetgen.edition.declarations.edition", "codes.csv.reader")),
        hidden(("budgetgen.edition.declarations.base", "texts_of")),
    ],
)
@pytest.mark.parametrize("behind", [False, True])
def test_what_is_no_declaration_is_not_taken_whatever_its_fingerprint(home, data, behind, capsys):
    first = load(NAME, home)
    (file,) = files(home)
    head = pickle.dumps(first.edition) if behind else b""
    kept.KEPT.keep(file.stem, head + data)  # under a fingerprint of its own
    assert kept.introduced(file.stem) == (first.edition if behind else None)
    loading._loaded.cache_clear()
    assert astuple(load(NAME, home)) == astuple(first)
    assert capsys.readouterr().out == ""


def test_what_editions_say_of_themselves_is_told_without_taking_them_back(home, unmerged, monkeypatch):
    for other in {*home.glob("*-20*")} - {home / "xinjiang-2026"}:  # the one that extends none
        shutil.rmtree(other)
    monkeypatch.setattr(library, "folder", lambda: home)
    known = (load("xinjiang-2026").edition,)
    unmerged()
    monkeypatch.setattr(loading, "recall", lambda *_: pytest.fail("taken back"))
    assert listed() == known
