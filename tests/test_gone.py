"""What a document has to say and leaves out is told where the other file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.comparison import Side, compare
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import unsaid
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """The document of the sample, as paragraphs and tables that can be left out."""
    edition = load("xinjiang-2026")
    book, _ = read_grid(SAMPLES.joinpath("xinjiang-2026-unit.txt").read_text(encoding="utf-8"), edition)
    data = render_document(compose(derive(book, edition), edition), edition)
    return tuple(blocks(data))


def side(found):
    path = Path("公开文本.docx")
    reading = read_blocks(path, found)
    book = derive(reading.book, reading.edition)
    return Side(book, reading.edition, told=reading.told)


@pytest.mark.parametrize(
    "start", ["2026年，乌鲁木齐科技信息服务中心政府采购预算", "单位价值50万元以上", "支出预算包括"]
)
def test_a_paragraph_that_is_gone_is_told_with_the_words_of_the_other_file(document, start):
    gone = [b for b in document if isinstance(b, Text) and b.text.startswith(start)]
    assert len(gone) == 1
    before, after = side(document), side([b for b in document if b is not gone[0]])
    lost = [change for change in compare(before, after).wording if not change.table]
    assert [(c.kind, c.new) for c in lost] == [(Kind.WENT, "")]
    assert lost[0].old.startswith(start.rstrip("："))
    back = [change for change in compare(after, before).wording if not change.table]
    assert [(change.kind, change.old) for change in back] == [(Kind.CAME, "")]


def test_of_a_document_and_itself_nothing_is_gone(document):
    one = side(document)
    assert unsaid(one) == {}
