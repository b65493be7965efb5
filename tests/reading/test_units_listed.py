"""Which lines below 机构设置 are units, and which say something else of them."""

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

EDITION = load("xinjiang-2026")
LEAD = "本单位中，行政单位0家，事业单位2家，纳入乌鲁木齐科技信息服务中心2026年单位预算编制范围的下属预算单位包括："


@pytest.fixture(scope="module")
def found():
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), EDITION)
    return tuple(blocks(render_document(compose(derive(book, EDITION), EDITION), EDITION)))


@pytest.mark.parametrize(
    ("lines", "units", "others"),
    [
        (["甲市科技馆", "甲市创新中心"], ["甲市科技馆", "甲市创新中心"], []),
        (["1.甲市科技馆", "2.甲市创新中心"], ["甲市科技馆", "甲市创新中心"], []),
        (["甲市科技馆；", "甲市创新中心。"], ["甲市科技馆；", "甲市创新中心。"], []),
        (["甲市科技馆", "以上单位均为独立核算。"], ["甲市科技馆"], ["以上单位均为独立核算。"]),
        (
            ["甲市科技馆", "核定事业编制20名，实有18人。"],
            ["甲市科技馆"],
            ["核定事业编制20名，实有18人。"],
        ),
    ],
)
def test_names_are_units_and_sentences_are_none(found, lines, units, others):
    at = next(n for n, block in enumerate(found) if "无下属预算单位" in getattr(block, "text", ""))
    more = [Text(text, 9000 + n) for n, text in enumerate([LEAD, *lines])]
    book = read_blocks(Path("公开文本.docx"), (*found[:at], *more, *found[at + 1 :]), EDITION.edition.id).book
    rows = [(row.text("类别"), row.text("内容")) for row in book["职能与机构"].rows]
    assert [text for kind, text in rows if kind == "下属单位"] == units
    assert [text for kind, text in rows if kind == "机构补充说明"] == others
