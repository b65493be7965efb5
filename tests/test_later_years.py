"""A year whose format is not there yet: the newest stands in for it, says so, and goes when the format comes."""

from __future__ import annotations

import pytest

from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.follow import follow
from budgetgen.app.pipeline.inputs import examine
from budgetgen.edition import FOLDERS, EditionError, available, load
from budgetgen.values.findings import Severity, UnusableInputError
from tests.conftest import SAMPLES
from tests.workbooks import opened

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
NEXT = """extends = "xinjiang-2026"
[edition]
id = "xinjiang-2027"
title = "新疆维吾尔自治区单位（部门）预算公开（2027年）"
year = 2027
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The sample as a clerk would have it a year later: its format not there yet, its figures those of 2026."""
    path = tmp_path_factory.mktemp("next") / "填报.xlsx"
    workbook = opened(SAMPLE)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    cell.value = cell.value.replace("2026", "2027").replace("2025", "2026")
                elif cell.value == 2026:
                    cell.value = 2027
    workbook.save(path)
    return path


def told(checked, severity):
    return {finding.rule for finding in checked.findings if finding.severity == severity and not finding.tail}


def test_the_newest_edition_stands_in_for_later_years_and_for_no_others():
    ahead = load("xinjiang-2027").edition
    assert (ahead.id, ahead.year, ahead.ahead) == ("xinjiang-2027", 2027, 2026)
    assert ahead.title == "新疆维吾尔自治区单位（部门）预算公开（2027年）"
    assert "xinjiang-2027" not in available()
    for name in ("xinjiang-2023", "xinjiang-2032", "xinjiang-27", "beijing-2027", "xinjiang-2027-x"):
        with pytest.raises(EditionError, match="没有版式"):
            load(name)


def test_this_years_file_is_rolled_into_the_next(tmp_path):
    done = follow(SAMPLE, output=tmp_path / "填报.xlsx")
    assert [f.message for f in done.rolled.findings if f.rule == "edition-ahead"] == [
        "没有 2027 年的版式，暂按 2026 年的版式核对和生成"
    ]
    new = examine(done.written)
    assert (new.edition.id, new.year) == ("xinjiang-2027", 2027)
    assert new.book["上年数"].rows


def test_a_workbook_and_its_document_of_that_year_are_read_and_say_so(filled, tmp_path):
    checked = examine(filled)
    assert told(checked, Severity.ERROR) == set()
    assert "edition-ahead" in told(checked, Severity.EXPLAIN)
    document = next(path for path in build(filled, tmp_path).written if path.suffix == ".docx")
    assert document.name.startswith("2027年")
    again = examine(document)
    assert (again.edition.id, again.year) == ("xinjiang-2027", 2027)
    assert told(again, Severity.ERROR) == set()
    assert "edition-ahead" in told(again, Severity.EXPLAIN)


def test_the_format_of_that_year_takes_its_place_when_it_comes(filled, tmp_path, monkeypatch):
    (tmp_path / "xinjiang-2027").mkdir()
    (tmp_path / "xinjiang-2027" / "edition.toml").write_text(NEXT, encoding="utf-8")
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    checked = examine(filled)
    assert (checked.edition.id, checked.edition.edition.ahead) == ("xinjiang-2027", 0)
    assert "edition-ahead" not in told(checked, Severity.EXPLAIN)


def test_a_file_of_an_unknown_region_or_an_earlier_year_is_refused(filled, tmp_path):
    with pytest.raises(UnusableInputError, match="不比它新"):
        follow(filled, edition="xinjiang-2026", output=tmp_path / "填报.xlsx")
