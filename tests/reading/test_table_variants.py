"""Tables are read by what they are: printed otherwise, in each kind of `table_variants`, they give the same Book.

The documents are read without their narrative: what it says is held against the tables elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Severity
from budgetgen.writing.document.writer import render_document
from tests.conftest import PUBLISHED, SAMPLES
from tests.reading.table_variants import AMOUNT, FAMILIES, KINDS, mixture, put_together, taken_apart, varied

PARTS = ("第一部分", "第二部分", "第三部分", "第四部分")
FOREIGN = {"extra_tables": Counter({"table-unplaced": 2})}
"""The kinds that are no other print of the same, with what is rightly told of them."""


@dataclass(frozen=True)
class Outcome:
    """What a document gave.

    Attributes:
        cells: the cells of the numbered and of the performance tables that are neither blank nor zero.
        told: the errors and points to explain, by rule.
    """

    cells: dict
    told: Counter


def outcome(found, *, without=()):
    """What is read of a document, and what is told of it and of what its relations say.

    Args:
        found: its paragraphs and tables.
        without: columns that are not compared.
    """
    reading = read_blocks(Path("公开文本.docx"), found)
    book = derive(reading.book, reading.edition)
    told = (*reading.findings, *check(book, reading.edition, reading.findings))
    performance = {name for p in reading.edition.performance for name in (p.heads, p.indicators)}
    cells = {
        (table.name, row.key, column): str(cell.value).replace("\n", "")
        if isinstance(cell.value, str)
        else cell.value
        for table in reading.book.tables.values()
        if reading.edition.tables[table.name].printed or table.name in performance
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value and column not in without
    }
    return Outcome(cells, Counter(f.rule for f in told if f.severity != Severity.NOTE))


def bare(document):
    """A document without its narrative: cover, headings of the parts, tables, performance tables."""
    texts = [b for b in document.before if isinstance(b, Text)]
    marks = [next(b for b in reversed(texts) if b.text.startswith(part)) for part in PARTS[:2]]
    after = [b for b in document.after if isinstance(b, Grid) or b.text.startswith(PARTS)]
    return replace(document, before=(*texts[:2], *marks), after=tuple(after))


@pytest.fixture(scope="module")
def sample(newest):
    """The document of the sample, and what it gives as it is."""
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), newest)
    written = render_document(compose(derive(book, newest), newest), newest)
    document = bare(taken_apart(tuple(blocks(written))))
    return document, outcome(put_together(document))


LOST = {"performance_without_last": ("上年完成值",), "performance_unmerged": ("二级指标",)}
"""The columns that a kind leaves out, or fills where it was blank."""


def lost(kinds):
    return tuple(column for kind in kinds for column in LOST.get(kind, ()))


def assert_same(plain, document, kinds):
    """That a document reads the same in some kinds of variant, and nothing more is told."""
    made = outcome(varied(document, kinds), without=lost(kinds))
    wanted = {key: value for key, value in plain.cells.items() if key[2] not in lost(kinds)}
    foreign = sum((FOREIGN.get(kind, Counter()) for kind in kinds), Counter())
    assert (made.cells, made.told - plain.told) == (wanted, foreign)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_printed_otherwise_gives_the_same(sample, kind):
    document, plain = sample
    assert_same(plain, document, (kind,))


@pytest.mark.parametrize("seed", range(8))
def test_a_document_printed_otherwise_in_several_ways_gives_the_same(sample, seed):
    document, plain = sample
    assert_same(plain, document, mixture(str(seed)))


@pytest.mark.published
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", ["2024-bureau", "2025-district", "2026-center", "2026-park"])
def test_a_published_document_printed_otherwise_gives_the_same(name, seed):
    document = bare(taken_apart(tuple(blocks((PUBLISHED / f"{name}.docx").read_bytes()))))
    kinds = mixture(f"{name} {seed}")
    assert_same(outcome(put_together(document)), document, kinds)


@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_figure_is_told_however_the_tables_are_printed(sample, seed):
    """A line of 支出总体 whose 合计 is 10.00 more than its parts."""
    document, plain = sample
    kinds = [kind for kind in mixture(str(seed)) if kind not in FAMILIES["amounts"]]
    table = document.tables[2]
    at, line = next(
        (i, x) for i, x in enumerate(table.lines) if i > table.head and AMOUNT.fullmatch(x[table.first])
    )
    more = f"{Decimal(line[table.first].replace(',', '')) + 10:.2f}"
    wrong = (*line[: table.first], more, *line[table.first + 1 :])
    lines = (*table.lines[:at], wrong, *table.lines[at + 1 :])
    altered = replace(
        document, tables=(*document.tables[:2], replace(table, lines=lines), *document.tables[3:])
    )
    assert "expenditure-row" in outcome(varied(altered, kinds)).told - plain.told


# --- what is told of a table that is printed otherwise ------------------------------------------------------


def findings(document, rule):
    reading = read_blocks(Path("公开文本.docx"), put_together(document))
    return [(f.message, f.severity) for f in reading.findings if f.rule == rule]


@pytest.mark.parametrize(
    ("told", "rule", "message"),
    [
        (
            "单位：万元",
            "money-differs",
            "“一般公共预算支出”写的是“万元”，但其中的数与正文和别的表差一万倍，按“元”读取",
        ),
        (
            "",
            "money-untold",
            "“一般公共预算支出”没有写金额单位，但其中的数与正文和别的表差一万倍，按“元”读取",
        ),
    ],
)
def test_a_table_in_another_unit_of_money_than_it_tells_is_told(sample, told, rule, message):
    document, plain = sample
    yuan = KINDS["yuan_in_one"](document)
    above = tuple(text.replace("单位：元", told) for text in yuan.tables[4].above)
    tables = (*yuan.tables[:4], replace(yuan.tables[4], above=above), *yuan.tables[5:])
    altered = replace(yuan, tables=tables)
    severity = Severity.EXPLAIN if told else Severity.NOTE
    assert findings(altered, rule) == [(message, severity)]
    assert outcome(put_together(altered)).cells == plain.cells


@pytest.mark.parametrize("unit", ["千元", "百万元", "亿元", "美元"])
def test_a_table_in_a_unit_of_money_that_amounts_cannot_be_given_in_is_not_read(sample, unit):
    """Its figures would be wrong by a factor; the preparer in the same line is still read."""
    document, plain = sample
    above = tuple(text.replace("万元", unit) for text in document.tables[4].above)
    tables = (*document.tables[:4], replace(document.tables[4], above=above), *document.tables[5:])
    made = outcome(put_together(replace(document, tables=tables)))
    assert made.cells == {key: value for key, value in plain.cells.items() if key[0] != "一般公共预算支出"}
    assert made.told - plain.told == Counter({"sheet-missing": 1})
    assert findings(replace(document, tables=tables), "sheet-missing") == [
        (
            f"没有读“表5”（一般公共预算支出）：写的金额单位是“{unit}”，不是万元、元，数会差几倍",
            Severity.ERROR,
        )
    ]


def test_of_a_table_whose_header_is_gone_nothing_is_known(sample):
    """It is told once: what would follow from it is not."""
    document, plain = sample
    table = document.tables[2]
    headless = replace(table, lines=table.lines[table.head :])
    made = outcome(
        put_together(replace(document, tables=(*document.tables[:2], headless, *document.tables[3:])))
    )
    assert made.told - plain.told == Counter({"column-missing": 1})
    assert made.cells == {key: value for key, value in plain.cells.items() if key[0] != "支出总体"}


def test_a_column_of_one_block_is_none_of_the_other(sample):
    """预算数 of the income stands in no row of the expenditure, whose own column lacks."""
    document, plain = sample
    table = document.tables[0]
    lines = tuple(line[:-1] for line in table.lines)
    made = outcome(
        put_together(replace(document, tables=(replace(table, lines=lines), *document.tables[1:])))
    )
    lacking = plain.cells.keys() - made.cells.keys()
    assert {key[2] for key in lacking} == {"预算数"}
    assert all(plain.cells[key] == value for key, value in made.cells.items())
    assert made.told - plain.told == Counter({"column-missing": 1})


def with_last_row(document, change):
    """The tables of lines with their last rows changed: these are the totals."""
    return put_together(
        document.each(lambda table: table if table.blocked else replace(table, lines=change(table.lines)))
    )


def test_the_sum_of_the_only_page_is_the_total(sample):
    """It is read as the total that it is; a wrong figure in it is told."""
    document, plain = sample
    named = with_last_row(document, lambda lines: (*lines[:-1], tuple(map(paged, lines[-1]))))
    assert named != put_together(document)
    assert outcome(named) == plain


def paged(text):
    return "本页合计" if re.sub(r"\s", "", text) in {"合计", "总计"} else text


def test_sums_of_pages_beside_a_total_are_told(sample):
    document, plain = sample
    found = with_last_row(
        document, lambda lines: (*lines[:-1], ("本页小计", *("9.99" for _ in lines[-1][1:])), lines[-1])
    )
    assert outcome(found) == plain
    told = [f.message for f in read_blocks(Path("公开文本.docx"), found).findings if f.rule == "row-carried"]
    assert told
    assert all("有 1 行是逐页的小计：“本页小计”，没有读取，也没有核对" in message for message in told)
