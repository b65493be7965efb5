"""The schema that editors mark an edition's files by: what loads fits it, and what is misspelt does not."""

from __future__ import annotations

import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from budgetgen.edition import folder
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "docs" / "schema" / "edition.json").read_text("utf-8"))
FILES = (*folder().glob("*/**/*.toml"), *(ROOT / "docs" / "example").glob("*/**/*.toml"))


def marked(text):
    """The places that an editor marks, and why."""
    found = Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text))
    return [(".".join(map(str, one.absolute_path)), one.validator) for one in found]


def test_it_is_a_schema_and_every_file_of_an_edition_fits_it():
    Draft202012Validator.check_schema(SCHEMA)
    assert len(FILES) > 90
    assert {str(file): wrong for file in FILES if (wrong := marked(file.read_text("utf-8")))} == {}


def test_a_file_that_changes_another_edition_says_no_more_than_what_differs():
    text = 'extends = "xinjiang-2026"\n[[rule]]\nid = "basic-row"\nremove = true\n[[section]]\nid = "新"\nafter = "收支"\n'
    assert marked(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[[rule]]\nid = "new"\nseverty = "note"\n', [("rule.0", "additionalProperties")]),
        ('[[rule]]\nid = "new"\nseverity = "notes"\n', [("rule.0.severity", "enum")]),
        ('[[rule]]\nid = "new"\neach = "支出总体"\n', [("rule.0.each", "type")]),
        ("[hause]\n", [("", "additionalProperties")]),
    ],
)
def test_a_slip_is_marked_where_it_stands(text, wrong):
    assert marked(text) == wrong
