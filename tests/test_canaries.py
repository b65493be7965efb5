"""No command lets a word out that a file says of a secret item: a small part of `benchmarks/canaries.py`."""

from __future__ import annotations

import subprocess

import pytest
from pypdf import PdfReader

from budgetgen.edition import load
from tests.canaries import Canaries, planted, planted_document, run, written


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path, canaries = tmp_path_factory.mktemp("入") / "填报.xlsx", Canaries()
    planted(load("xinjiang-2026"), canaries, path, department=True, amounts=False)
    return path, canaries


def test_a_workbook_gives_no_word_away(workbook, tmp_path):
    path, canaries = workbook
    said = [
        run("check", path, "--all", "--annotate", tmp_path / "审核"),
        run("build", path, "--draft", "--html", "--data", "-o", tmp_path / "出"),
        run("diff", path, path, "-o", tmp_path / "比较.json"),
    ]
    assert len(canaries.places) > 100
    assert {p.suffix for p in tmp_path.rglob("*") if p.is_file()} == {
        ".json",
        ".docx",
        ".xlsx",
        ".html",
        ".zip",
    }
    assert canaries.found([*said, *written(tmp_path)]) == []


@pytest.mark.office
def test_a_pdf_gives_no_word_away(workbook, tmp_path, monkeypatch):
    path, canaries = workbook
    monkeypatch.delenv("BUDGETGEN_SOFFICE")
    said = run("build", path, "--draft", "--pdf", "-o", tmp_path)
    (pdf,) = tmp_path.glob("*.pdf")
    shown = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
    assert "特定目标2410010U" in "".join(shown.split())
    about = str(PdfReader(pdf).metadata)
    assert canaries.found([said, pdf.name, shown, "".join(shown.split()), about]) == []


def test_a_document_gives_no_word_away(tmp_path):
    path, canaries = tmp_path / "公开.docx", Canaries(2)
    planted_document(load("xinjiang-2026"), canaries, path)
    said = [run("check", path, "--all"), run("diff", path, path, "-o", tmp_path / "出" / "批注.docx")]
    said += [run("import", path, "-o", tmp_path / "导入.xlsx")]
    path.unlink()
    assert len(canaries.places) > 25
    assert canaries.found([*said, *written(tmp_path)]) == []


def test_a_department_gives_no_word_away_where_its_amounts_are_left_alone(tmp_path):
    """The key of a row and the name of a file without an ending may hold words, too."""
    path, canaries = tmp_path / "填报.xlsx", Canaries()
    planted(load("xinjiang-2026"), canaries, path, department=True, amounts=True)
    said = [run("check", path, "--format", "json"), run("build", path, "--draft", "-o", tmp_path / "出")]
    assert {p.suffix for p in (tmp_path / "出").iterdir()} == {".docx", ".xlsx"}
    assert canaries.found([*said, *written(tmp_path / "出")]) == []
