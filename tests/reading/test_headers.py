"""Where the columns of a table stand, however its header was printed."""

from __future__ import annotations

import pytest

from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.printed.bodies import body_of
from budgetgen.reading.headers import find_header, path_of
from budgetgen.values.places import DocumentPlace

EDITION = load("xinjiang-2026")
TABLE = EDITION.tables["支出总体"]
WHOLE = (("科目代码", "科目名称", "支出预算", "", ""), ("", "", "合计", "基本支出", "项目支出"))
TORN = (("科目代码", "科目", "支出预算", "", ""), ("", "名称", "合计", "基本支出", "项目支出"))
LINES = (("206", "科学技术支出", "3", "1", "2"),)


def header(*rows):
    return find_header(EDITION, TABLE, [tuple(Raw(text or None) for text in row) for row in rows])


def test_a_caption_that_the_end_of_a_page_tears_is_whole():
    whole, torn = header(*WHOLE, *LINES), header(*TORN, *LINES)
    assert (torn.places, torn.rows, torn.strangers) == (whole.places, whole.rows, {})
    assert torn.known >= {*whole.known, "科目", "名称"}


def test_a_caption_of_parts_that_are_no_column_together_stays_strange():
    other = tuple(tuple(text.replace("名称", "摘要") for text in row) for row in TORN)
    found = header(*other, *LINES)
    assert (0, "科目名称") not in found.places
    assert found.strangers == {1: "摘要"}


def test_signs_of_columns_that_are_not_counted_are_so_however_many_stand_in_one_cell():
    assert header(*WHOLE, ("※※※", "※", "1", "2", "3"), *LINES).rows == 3
    assert header(*WHOLE, ("※甲", "乙", "1", "2", "9"), *LINES).rows == 2


TABLES = [
    (edition, table)
    for edition in map(load, ("xinjiang-2026", "shanghai-2025", "xinjiang-2024-accounts"))
    for table in edition.table
    if any(len(path_of(table, block, column)) > 1 for block in table.block for column in block.columns)
]


@pytest.mark.parametrize(("edition", "table"), TABLES, ids=[f"{e.id} {t.name}" for e, t in TABLES])
def test_captions_of_several_rows_may_be_written_as_one(edition, table):
    """But for those that are called like another column of the table then, or like two."""
    columns = [(n, column) for n, block in enumerate(table.block) for column in block.columns]
    paths = [path_of(table, table.block[n], column) for n, column in columns]
    flat = ["".join(path) for path in paths]
    lines = [tuple(map(Raw, flat)), tuple(Raw(f"{n}.00") for n, _ in enumerate(flat))]
    found = find_header(edition, table, lines)
    for at, ((n, column), text) in enumerate(zip(columns, flat, strict=True)):
        if flat.count(text) == 1:
            assert found.places[n, column.name] == (at,)


def test_what_stands_below_any_part_of_a_wide_caption_stands_below_it():
    """Two texts below one caption stay where they are: which is its own is not known."""
    places = [DocumentPlace(1, 1, column) for column in (1, 2, 2, 4, 4, 6)]
    texts = ("科目代码", "科目名称", None, "合计", None, "基本支出")
    head = tuple(Raw(text, place=place) for text, place in zip(texts, places, strict=True))
    rows = (
        ("206", "科学", None, None, "3", "1"),
        ("207", None, "文化", "2", None, "1"),
        ("208", "a", "b", "1", "2", "3"),
    )
    lines = [
        head,
        *(
            tuple(Raw(text, place=DocumentPlace(1, n + 2, m)) for m, text in enumerate(row))
            for n, row in enumerate(rows)
        ),
    ]
    found = find_header(EDITION, TABLE, lines)
    body, _, _ = body_of(EDITION, TABLE, lines, found, "万元")
    assert [[raw.value for raw in line] for line in body[1:]] == [
        ["206", "科学", None, "3", None, "1"],
        ["207", "文化", None, "2", None, "1"],
        ["208", "a", "b", "1", "2", "3"],
    ]
