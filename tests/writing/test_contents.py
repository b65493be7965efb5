"""The page numbers in the contents: those of the pages on which the headings stand."""

from __future__ import annotations

import os
import re
import subprocess
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from budgetgen.app.pipeline.build import build, with_page_numbers
from budgetgen.edition.declarations.own_styles import CONTENTS, PART, SECTION
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing import libreoffice
from budgetgen.writing.document.contents import numbered
from budgetgen.writing.document.filled import FilledBody, text_of
from budgetgen.writing.package import OfficePackage
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"


@pytest.fixture
def office(monkeypatch):
    """LibreOffice, as a user has it."""
    monkeypatch.delenv(libreoffice.SOFFICE)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The document as it is without LibreOffice."""
    written = build(SAMPLE, tmp_path_factory.mktemp("plain")).written
    return next(path for path in written if path.suffix == ".docx").read_bytes()


def styled(data, *names):
    """The paragraphs of a document in some styles."""
    return FilledBody.of(OfficePackage.read(data)).styled(*names)


def entries(data):
    """The entries of the contents as (text, number)."""
    found = [
        "\t".join(text.text or "" for text in entry.iter(qn("w:t"))) for entry in styled(data, *CONTENTS)
    ]
    return [entry.rpartition("\t")[::2] if "\t" in entry else (entry, "") for entry in found]


def test_without_libreoffice_the_contents_have_no_numbers(plain):
    assert not libreoffice.available()
    assert with_page_numbers(plain) == plain
    assert {number for _, number in entries(plain)} == {""}


def test_numbers_are_results_of_fields_that_refer_to_the_headings(plain):
    pages = range(1, 1 + len(entries(plain)))
    data = numbered(numbered(plain), pages)
    assert [number for _, number in entries(data)] == [str(page) for page in pages]
    assert data == numbered(plain, pages)
    body = docx.Document(BytesIO(data)).element.body
    fields = re.findall(r"PAGEREF (\S+)", "".join(node.text for node in body.iter(qn("w:instrText"))))
    assert fields == [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]


@pytest.mark.office
def test_each_heading_stands_on_the_page_that_the_contents_say(plain, office, tmp_path):
    data = with_page_numbers(plain)
    told = [int(number) for _, number in entries(data)]
    (pdf,) = libreoffice.to_pdf({"a": data}).values()
    (tmp_path / "a.pdf").write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    pages = ["".join(page.split()) for page in text.stdout.decode().split("\f")]
    headings = [text_of(each) for each in styled(data, PART, SECTION)]
    assert len(headings) == len(told)
    for heading, page in zip(headings, told, strict=True):
        assert "".join(heading.split())[:20] in pages[page - 1]
        assert f"—{page}—" in pages[page - 1]


@pytest.mark.office
def test_the_same_documents_give_the_same_pdf_tagged_with_fonts_and_bookmarks(plain, office):
    first, again = (libreoffice.to_pdf({"甲": plain})["甲"] for _ in range(2))
    assert first == again
    for mark in (b"/MarkInfo", b"/Outlines", b"/StructTreeRoot", b"pdfaid:part>2<", b"/FontFile2"):
        assert mark in first


@pytest.mark.parametrize(("program", "said"), [("", "没有找到"), ("/bin/false", "启动不了")])
def test_libreoffice_that_is_not_there_or_does_not_work_is_told(plain, monkeypatch, program, said):
    monkeypatch.setenv(libreoffice.SOFFICE, program)
    with pytest.raises(UnusableInputError, match=said):
        libreoffice.to_pdf({"甲": plain})
    assert with_page_numbers(plain) == plain
    assert os.environ[libreoffice.SOFFICE] == program


def test_libreoffice_that_takes_too_long_is_stopped(plain, monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv(libreoffice.SOFFICE, str(slow))
    monkeypatch.setattr(libreoffice, "_START", 0.2)
    monkeypatch.setattr(libreoffice, "_EACH", 0)
    with pytest.raises(UnusableInputError, match="已停止"):
        libreoffice.to_pdf({"甲": plain})
