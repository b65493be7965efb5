"""What is told of the keys of an edition is told of each of them, and of no other: to editors and in docs/keys.md."""

from __future__ import annotations

import json
import sys
import tomllib

import pytest

from budgetgen.edition.declarations import Density, Money
from tests.conftest import ROOT

TEXTS = tomllib.loads((ROOT / "docs" / "keys.toml").read_text("utf-8"))


@pytest.fixture
def unmatched(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    from keys import unmatched

    yield unmatched
    del sys.modules["keys"]


def test_a_key_without_a_text_and_a_text_without_a_key_are_told(unmatched):
    told = {
        "Density": {"_": "一种疏密。", "name": "名称。", "size": "字号。"},
        "Paper": {"_": "一种纸。"},
        "Money": {"_": "金额。", "tables": ""},
    }
    assert list(unmatched(told, [Density, Money])) == [
        "[Density] tables has no text",
        "[Money] tables has no text",
        "[Density] size is no key",
        "[Paper] _ is no key",
    ]


def test_whoever_writes_an_edition_reads_of_every_key_in_an_editor_and_on_the_page():
    schema = json.loads((ROOT / "docs" / "schema" / "edition.json").read_text("utf-8"))
    kinds = {**schema["$defs"], "Edition": schema}
    offered = {
        kind: {
            "_": kinds[kind]["description"],
            **{key: kinds[kind]["properties"][key]["description"] for key in keys if key != "_"},
        }
        for kind, keys in TEXTS.items()
    }
    page = (ROOT / "docs" / "keys.md").read_text("utf-8")
    assert offered == TEXTS
    assert [text for keys in TEXTS.values() for text in keys.values() if text not in page] == []
