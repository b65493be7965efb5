"""The pages as they are printed: what no reader should meet on one."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.libreoffice import SOFFICE, to_pdf
from tests.conftest import FULL, PUBLISHED, SAMPLES
from tests.workbooks import examined

FILES = {
    "unit": SAMPLES / "xinjiang-2026-unit.xlsx",
    **({"department": SAMPLES / "xinjiang-2024-department.xlsx"} if FULL else {}),
    **({"bureau": PUBLISHED / "2024-bureau.docx"} if FULL else {}),
    **({"district": PUBLISHED / "2025-district.docx"} if FULL else {}),
}
LONG = ("2026年新疆维吾尔自治区乌鲁木齐市沙依巴克区财政局财政国库支付中心", "单位预算公开")
"""A cover with a name that one line does not hold."""
pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def printed():
    """Each document as PDF; rendered by one process."""
    known = {name: examined(path) for name, path in FILES.items() if path.exists()}
    composed = {
        name: (compose(one.book, one.edition, draft=False), one.edition) for name, one in known.items()
    }
    disclosure, edition = composed["unit"]
    composed["long"] = (replace(disclosure, cover=LONG, signature=(LONG[0][5:], "2026年1月27日")), edition)
    documents = {name: render_document(*both) for name, both in composed.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(SOFFICE)
        return to_pdf(documents)


@pytest.fixture(scope="module")
def pages(printed, tmp_path_factory):
    """The lines of each page of each document, its number apart."""
    folder = tmp_path_factory.mktemp("pages")
    return {name: list(_lines(folder / f"{name}.pdf", pdf)) for name, pdf in printed.items()}


def _lines(path, pdf):
    path.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    for page in shown.stdout.decode().split("\f"):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        yield [line for line in lines if not re.fullmatch(r"— \d+ —", line)]


def test_no_page_begins_with_the_remark_of_a_table_on_the_page_before(pages):
    assert [
        (name, page[0])
        for name, each in pages.items()
        for page in each
        if page and page[0].startswith("注：")
    ] == []


def test_no_page_ends_with_a_heading_or_the_captions_of_a_table(pages):
    heading = re.compile(
        r"[一二三四五六七八九十]+、.{0,40}|（[一二三四五六七八九十]+）[^，。；：]{0,20}|表 ?\d+|.*绩效目标表|编制(单位|部门)：.*"
    )
    last = [
        (name, page[-1]) for name, each in pages.items() for page in each if page and "目" not in page[0][:1]
    ]
    # The contents consist of headings; they end in page numbers or go on.
    told = [
        (name, line)
        for name, line in last
        if heading.fullmatch(line) and not re.search(r"\.{3}|情况说明$", line)
    ]
    assert told == []


def test_no_code_is_broken_into_lines(pages):
    """Of a code of three digits in a column of its own."""
    for name, each in pages.items():
        for page in each:
            broken = [
                (name, one, two)
                for one, two in pairwise(page)
                if re.match(r"2\d( |$)", one) and re.fullmatch(r"\d", two)
            ]
            assert broken == []


def test_a_performance_table_that_finds_room_on_a_page_stands_on_one(pages):
    """A table of the unit's sample has no more than a dozen indicators."""
    for page in pages["unit"]:
        if "项目支出绩效目标表" in page:
            text = "".join(page)
            assert text.count("项目总体目标") == page.count("项目支出绩效目标表")


def test_names_that_are_too_long_for_a_line_end_where_a_person_would_end_them(pages):
    first, second = "新疆维吾尔自治区乌鲁木齐市", "沙依巴克区财政局财政国库支付中心"
    assert pages["long"][0] == [f"2026 年{first}", second, "单位预算公开"]
    last = next(page for page in reversed(pages["long"]) if page)
    assert last[-3:] == [first, second, "2026 年 1 月 27 日"]


# --- what a PDF claims --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(printed):
    return PdfReader(io.BytesIO(printed["unit"]))


def test_it_claims_to_be_pdf_a_2_and_says_in_both_places_the_same_of_itself(pdf):
    root = pdf.trailer["/Root"]
    told = etree.fromstring(root["/Metadata"].get_object().get_data().strip())
    archive = "{http://www.aiim.org/pdfa/ns/id/}"
    assert [told.findtext(f".//{archive}{name}") for name in ("part", "conformance")] == ["2", "B"]
    (title,) = told.iterfind(".//{http://purl.org/dc/elements/1.1/}title//{*}li")
    assert title.text == pdf.metadata.title == "2026年乌鲁木齐科技信息服务中心单位预算公开"
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("zh-CN", True)
    (intent,) = root["/OutputIntents"]
    profile = intent.get_object()["/DestOutputProfile"].get_object()
    assert (intent.get_object()["/S"], profile["/N"], profile.get_data()[36:40]) == ("/GTS_PDFA1", 3, b"acsp")
    assert len(pdf.trailer["/ID"]) == 2


def test_nothing_of_it_is_outside_the_file_hidden_or_a_program(pdf):
    """As PDF/A-2 forbids: ISO 19005-2, 6.1.3, 6.1.7, 6.2.11.4, 6.5.1, 6.6.1, 6.8, 6.9."""
    assert not pdf.is_encrypted
    root = pdf.trailer["/Root"]
    assert {"/AA", "/AcroForm", "/NeedsRendering", "/OCProperties", "/Perms"} & set(root) == set()
    assert {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {})) == set()
    streams = [one for one in every_object(pdf) if isinstance(one, StreamObject)]
    assert [
        one for one in streams if {"/F", "/FFilter"} & set(one) or "/LZWDecode" in str(one.get("/Filter"))
    ] == []
    dictionaries = [one for one in every_object(pdf) if isinstance(one, DictionaryObject)]
    forbidden = {"/JavaScript", "/Launch", "/Movie", "/Sound", "/ResetForm", "/ImportData", "/SubmitForm"}
    assert [one for one in dictionaries if one.get("/S") in forbidden or "/AA" in one] == []
    shown = [one for one in dictionaries if one.get("/Type") == "/Annot"]
    assert shown
    assert all(
        one["/F"] & 0b100 and not one["/F"] & 0b11 for one in shown
    )  # printed, neither hidden nor invisible


def test_every_font_of_it_is_embedded_and_tells_which_signs_it_draws(pdf):
    fonts = [
        one for one in every_object(pdf) if isinstance(one, DictionaryObject) and one.get("/Type") == "/Font"
    ]
    drawn = [one for one in fonts if "/FontDescriptor" in one]
    assert drawn
    for font in drawn:
        described = font["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described), font["/BaseFont"]
        assert "+" in font["/BaseFont"]
    used = [font for font in fonts if font["/Subtype"] in {"/Type0", "/TrueType", "/Type1"}]
    assert all("/ToUnicode" in font for font in used)


def test_it_is_tagged_its_tables_have_heads_and_its_bookmarks_are_its_headings(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a value of the library
    kinds = Counter(
        one["/S"]
        for one in every_object(pdf)
        if isinstance(one, DictionaryObject) and "/P" in one and "/S" in one
    )
    roles = {kind: root["/StructTreeRoot"]["/RoleMap"].get(kind, kind) for kind in kinds}
    meant = {
        "/Document",
        "/H1",
        "/H2",
        "/H3",
        "/P",
        "/Span",
        "/Link",
        "/TOC",
        "/TOCI",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
    }
    assert set(roles.values()) == meant
    assert kinds["/Table"] == 16  # the twelve tables and four of performance targets
    assert kinds["/TH"] > kinds["/Table"]
    assert all("/StructParents" in page for page in pdf.pages)
    marks = [one["/Title"] for one in pdf.outline if isinstance(one, dict)]
    first = [re.sub(r"\s", "", title) for title in marks if title.startswith("第")]
    assert [title[:4] for title in first] == ["第一部分", "第二部分", "第三部分", "第四部分"]
    said = [re.sub(r"\s", "", page.extract_text()) for page in pdf.pages]
    for title in first:
        assert sum(title in page for page in said) >= 2  # in the contents, and where it stands


def every_object(pdf):
    """All objects of a PDF."""
    for number in range(1, len(pdf.xref[0]) + len(pdf.xref_objStm) + 1):
        with suppress(PdfReadError):
            found = IndirectObject(number, 0, pdf).get_object()
            if found is not None:
                yield found
