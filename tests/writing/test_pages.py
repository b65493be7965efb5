"""The pages as they are printed: what no reader should meet on one."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise

import pytest

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
pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The lines of each page of each document, its number apart; rendered by one process."""
    folder = tmp_path_factory.mktemp("pages")
    known = {name: examined(path) for name, path in FILES.items() if path.exists()}
    documents = {
        name: render_document(compose(one.book, one.edition, draft=False), one.edition)
        for name, one in known.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(SOFFICE)
        found = to_pdf(documents)
    return {name: list(_lines(folder / f"{name}.pdf", pdf)) for name, pdf in found.items()}


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
