"""What a document calls its unit is kept, or told where its format has another word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES


@pytest.fixture(scope="module")
def printed():
    edition = load("shanghai-2024")
    book, _ = read_grid((SAMPLES / "shanghai-2024-unit.txt").read_text(encoding="utf-8"), edition)
    return tuple(blocks(render_document(compose(derive(book, edition), edition), edition)))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("本单位", []),
        ("本部门", ["文中自称“本部门”，版式的句子称“本单位”：公开文本印“本单位”"]),
        ("我部门", ["文中自称“我部门”，版式的句子称“本单位”：公开文本印“本单位”"]),
    ],
)
def test_a_document_that_calls_its_unit_otherwise_than_its_format_throughout_is_told_so(printed, own, said):
    found = tuple(
        replace(b, text=b.text.replace("本单位", own)) if isinstance(b, Text) else b for b in printed
    )
    findings = read_blocks(Path("公开文本.docx"), found).findings
    assert [one.message for one in findings if one.rule == "subject-mixed"] == said
