"""What a published document says and the format has no place for stands in the next document too, where it stood."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.edition.loading import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.saying.interleaving import Verse, interleaved
from budgetgen.values.model import Paragraph, PrintedTable, Run
from budgetgen.values.places import DocumentPlace, SheetPlace
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import SAMPLES, some

WORDS = "另按程序安排备用资金12.34万元。"
"""A sentence that no format has."""


def composed(book, edition):
    return compose(derive(book, edition), edition)


@pytest.fixture(scope="module", params=["xinjiang-2026", "shanghai-2024"])
def sample(request):
    """A format, and the paragraphs and tables of the document of its sample."""
    edition = load(request.param)
    book, _ = read_grid((SAMPLES / f"{request.param}-unit.txt").read_text(encoding="utf-8"), edition)
    return edition, tuple(blocks(render_document(composed(book, edition), edition)))


def taken(found, edition):
    return read_blocks(Path("公开文本.docx"), found, edition.edition.id).book


def paragraphs(book, edition):
    """The texts of the document in order, each with what stands below tables."""
    for part in composed(book, edition).parts:
        yield part.heading
        for block in part.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, PrintedTable):
                yield from (block.title, *block.remarks)


def test_a_paragraph_that_no_format_has_stands_in_the_next_document_where_it_stood(sample):
    edition, found = sample
    plain = list(paragraphs(taken(found, edition), edition))
    texts = [block.text if isinstance(block, Text) else "" for block in found]
    said = [
        n for n, text in enumerate(texts) if len(text) > 12 and texts.count(text) == plain.count(text) == 1
    ]
    for n in some(said, 4):
        more = Text(WORDS, 9000)
        again = list(paragraphs(taken((*found[: n + 1], more, *found[n + 1 :]), edition), edition))
        at = plain.index(found[n].text)
        whole = [*plain[: at + 1], WORDS, *plain[at + 1 :]]
        if again != whole:  # it went on with a free text, or is one of a list of free texts
            assert "万元" not in found[n].text, [t for t in again if t not in plain]
            assert "".join(again).count(WORDS) == 1
            assert words(again) == words(plain)


def words(texts):
    """What texts say, without the words that were added and without numbers of items, in any order."""
    return sorted(
        filter(None, (re.sub(r"^(\d+[.、]|（.+?）)", "", text).replace(WORDS, "") for text in texts))
    )


def test_a_table_that_no_format_has_is_kept_line_by_line(sample):
    edition, found = sample
    cells = [["事项", "数量"], ["甲", "12"], ["乙", "34"]]
    lines = tuple(
        tuple(Raw(text, DocumentPlace(99, r, c)) for c, text in enumerate(line, start=1))
        for r, line in enumerate(cells, start=1)
    )
    at = next(
        n
        for n, b in enumerate(found)
        if (isinstance(b, Text) and b.text.startswith("名词解释")) or n == len(found) - 1
    )
    again = list(paragraphs(taken((*found[:at], Grid(lines, 99), *found[at:]), edition), edition))
    kept = [text for text in again if text in {"事项　数量", "甲　12", "乙　34"}]
    assert kept == ["事项　数量", "甲　12", "乙　34"]


def test_paragraphs_in_one_cell_with_their_heading_are_read(sample):
    edition, found = sample
    section = next(s.heading for s in edition.section if s.heading and "{" not in s.heading)
    at = next(
        n
        for n in reversed(range(len(found)))
        if isinstance(found[n], Text) and found[n].text.endswith(section)
    )
    cell = SheetPlace("情况说明", 3, 1)
    together = [
        replace(b, cell=cell) if at <= n < at + 3 and isinstance(b, Text) else b for n, b in enumerate(found)
    ]
    assert list(paragraphs(taken(together, edition), edition)) == list(
        paragraphs(taken(found, edition), edition)
    )


def test_a_line_below_a_table_is_printed_below_it(sample):
    edition, found = sample
    at = next(n for n, block in enumerate(found) if isinstance(block, Grid))
    book = taken((*found[: at + 1], Text(WORDS, 9000), *found[at + 1 :]), edition)
    tables = [
        block
        for part in composed(book, edition).parts
        for block in part.blocks
        if isinstance(block, PrintedTable)
    ]
    assert [table.remarks[-1:] for table in tables if WORDS in table.remarks] == [(WORDS,)]
    assert WORDS in tables[0].remarks


def test_what_was_kept_is_in_the_workbook_and_is_explained_where_it_has_figures(sample, tmp_path):
    edition, found = sample
    first = next(n for n, block in enumerate(found) if isinstance(block, Text) and "万元" in block.text)
    read = taken((*found[: first + 1], Text(WORDS, 9000), *found[first + 1 :]), edition)
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(render_workbook(edition, derive(read, edition)))
    checked = examine(path)
    assert [f.message for f in checked.findings if f.rule == "paragraph-kept"] == [f"照原文印出：“{WORDS}”"]
    assert WORDS in paragraphs(checked.book, edition)


@pytest.mark.parametrize(
    ("after", "placed"),
    [
        ("", ["原文", "甲收入预算1.00万元。", "乙支出预算2.00万元。"]),
        ("甲收入预算9.00万元", ["甲收入预算1.00万元。", "原文", "乙支出预算2.00万元。"]),
        ("没有这样的一段", ["甲收入预算1.00万元。", "乙支出预算2.00万元。", "原文"]),
    ],
)
def test_a_verse_stands_after_the_paragraph_that_it_followed(after, placed):
    said = [Paragraph("正文", (Run(text),)) for text in ("甲收入预算1.00万元。", "乙支出预算2.00万元。")]
    assert [block.text for block in interleaved(said, [Verse(after, "原文")])] == placed
