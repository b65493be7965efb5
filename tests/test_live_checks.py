"""The sheet 校验: what the workbook says by itself while the clerk types is what `check` says of it."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from io import BytesIO
from itertools import product
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from budgetgen.values.amounts import PER_WAN
from budgetgen.values.model import Book, Row, Table
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import FULL, SAMPLES, some
from tests.workbooks import opened

NEWEST = load(available()[0])
LIVE = NEWEST.live
EXCEL_2010 = {
    *(
        "SUM",
        "SUMPRODUCT",
        "COUNT",
        "COUNTIF",
        "IF",
        "IFERROR",
        "ROUND",
        "INDEX",
        "MATCH",
        "LEN",
        "LEFT",
        "AND",
    ),
    *(
        "OR",
        "ISNUMBER",
        "N",
        "ABS",
        "MIN",
        "MAX",
        "ROW",
        "COLUMN",
        "ADDRESS",
        "HYPERLINK",
        "LOOKUP",
        "MMULT",
        "TRANSPOSE",
    ),
    *("TEXT", "CHOOSE", "FIND"),
}


class Shown(NamedTuple):
    """A comparison as the clerk sees it."""

    what: str
    where: str
    left: float | str | None
    right: float | str | None
    difference: float | str | None
    result: str
    rule: str
    state: int
    rows: int


def sheet_of(data, *, values=True):
    return load_workbook(BytesIO(data), data_only=values)[LIVE.sheet]


def comparisons_of(source) -> list[Shown]:
    """The comparisons of a workbook, of which nothing else is parsed."""
    return shown(load_workbook(source, data_only=True, read_only=True)[LIVE.sheet])


def shown(sheet) -> list[Shown]:
    """The comparisons of a sheet 校验: below 全部核对, as far as a state stands beside them."""
    rows = list(sheet.iter_rows(max_col=9, values_only=True))
    return [Shown(*row) for row in rows[22:] if isinstance(row[7], int | float)]


def differing(comparisons) -> Counter:
    """How many rows differ, by rule."""
    counted: Counter = Counter()
    for one in comparisons:
        if one.state == 1:
            counted[one.rule] += one.rows
    return counted


def found(book, edition, comparisons) -> list:
    """The findings of the rules that the sheet compares, without rounding tails."""
    compared = {one.rule for one in comparisons}
    return [f for f in check(book, edition) if f.rule in compared and not f.tail]


def assert_as_checked(comparisons, book, edition, *, rows=True):
    """The same rules differ (in as many rows), and the differences shown are among those found."""
    findings = found(book, edition, comparisons)
    told, wanted = differing(comparisons), Counter(f.rule for f in findings)
    assert (told if rows else set(told)) == (wanted if rows else set(wanted))
    for one in comparisons:
        if one.state == 1 and isinstance(one.difference, int | float):
            worth = PER_WAN[edition.money.tables.unit]
            differences = [f.difference * worth for f in findings if f.rule == one.rule]
            least = min(abs(Decimal(str(one.difference)) - difference) for difference in differences)
            # a sum above typed sums is compared with the lines: their tails are in its difference
            assert least <= (Decimal("0.02") if one.rule == "hierarchy" else Decimal("0.000001")), (
                one,
                differences,
            )


def sample_book(edition=NEWEST) -> Book:
    """The sample of a region, as far as an edition has its tables and columns."""
    region = edition.id.rpartition("-")[0]
    sample = next(SAMPLES.glob(f"{region}-*-unit.txt"))
    book, _ = read_grid(sample.read_text(encoding="utf-8"), load(sample.stem.removesuffix("-unit")))
    tables = {}
    for declared in edition.table:
        rows = book.tables.get(declared.name, Table(declared.name)).rows
        kept = []
        for row in rows:
            own = declared.fixed[row.key][0].columns if row.key in declared.fixed else declared.main.columns
            if row.key in declared.fixed or declared.main.open:
                cells = {c.name: row.cells[c.name] for c in own if c.name in row.cells}
                kept.append(Row(row.key, row.level, row.parent, cells, row.line))
        present = {row.key for row in kept}
        kept += [Row(key, "", None, {}) for key in declared.fixed if key not in present]
        tables[declared.name] = Table(declared.name, tuple(kept))
    return Book(edition.id, book.file, tables)


@pytest.fixture(scope="module")
def blank() -> bytes:
    return render_workbook(NEWEST)


@pytest.fixture(scope="module")
def filled() -> bytes:
    return render_workbook(NEWEST, derive(sample_book(), NEWEST))


# --- without LibreOffice ------------------------------------------------------------------------------------


def test_the_values_written_with_the_formulas_are_what_check_says(edition):
    book = derive(sample_book(edition), edition)
    comparisons = shown(sheet_of(render_workbook(edition, book)))
    assert len({one.rule for one in comparisons}) > len(edition.relations) / 2
    assert_as_checked(comparisons, book, edition)


def test_the_summary_counts_the_comparisons(filled):
    sheet = sheet_of(filled)
    counted = Counter(one.state for one in shown(sheet))
    numbers = [int(n) for n in re.findall(r"\d+", sheet["A3"].value)]
    assert numbers == [counted[0], counted[1], counted[2]]


def test_those_that_differ_stand_first(filled):
    sheet = sheet_of(filled)
    top = [row for row in sheet.iter_rows(min_row=6, max_row=20, max_col=7, values_only=True) if row[0]]
    assert top == [one[:7] for one in shown(sheet) if one.state == 1][:15]


def test_every_rule_is_compared_or_left_to_the_program(blank):
    sheet = sheet_of(blank)
    listed = {row[6] for row in sheet.iter_rows(min_row=23, max_col=7, values_only=True)}
    assert {rule.id for rule in NEWEST.rule if rule.title} <= listed
    left = {row[6].value for row in sheet.iter_rows(min_row=23) if row[5].value == LIVE.program}
    assert left.isdisjoint({one.rule for one in shown(sheet)})


def test_only_functions_of_excel_2010(blank):
    formulas = [
        getattr(cell.value, "text", cell.value)
        for row in sheet_of(blank, values=False).iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 1000
    used = {
        name
        for formula in formulas
        for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", formula))
    }
    assert used <= EXCEL_2010
    assert max(map(len, formulas)) < 8192


def test_the_sheet_is_locked_hides_what_it_computes_with_and_is_linked_from_the_first(blank):
    workbook = opened(blank)
    sheet = workbook[LIVE.sheet]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows(max_row=30) for cell in row)
    assert sheet.column_dimensions["H"].hidden
    assert sheet.freeze_panes == "A5"
    links = {
        link.location.split("!")[0].strip("'")
        for row in workbook["填报说明"].iter_rows()
        for c in row
        if (link := c.hyperlink)
    }
    assert LIVE.sheet in links


def test_the_sheet_is_not_read(tmp_path, filled):
    path = tmp_path / "填报.xlsx"
    path.write_bytes(filled)
    assert [f for f in read(path).findings if f.rule == "sheet-unknown"] == []


# --- what a clerk types, recomputed -------------------------------------------------------------------------


def typed(*cells):
    """Somebody who types: (sheet, cell, value)."""

    def type_in(workbook):
        for sheet, cell, value in cells:
            workbook[sheet][cell].value = value

    return type_in


def moved(sheet, column, by):
    """Somebody who adds to every typed figure of a column's first three lines."""

    def move(workbook):
        cells = [
            row[0]
            for row in workbook[sheet][f"{column}6:{column}60"]
            if isinstance(row[0].value, int | float)
        ]
        assert cells
        for cell in cells[:3]:
            cell.value += by

    return move


def left_blank(*columns, every=1):
    """Somebody who leaves names blank below the first row of each, in every row or in some."""

    def leave(workbook):
        sheet = workbook["项目绩效指标"]
        above = None
        for number, row in enumerate(sheet.iter_rows(min_row=5, max_row=120, max_col=3)):
            names = [cell.value for cell in row]
            for index in range(3):
                same = above is not None and names[: index + 1] == above[: index + 1]
                if same and "ABC"[index] in columns and number % every == 0:
                    row[index].value = None
            above = names if any(names) else above

    return leave


def ended(workbook):
    """A project of last year whose amounts were never typed, and whose rows elsewhere are taken away."""
    sheet = workbook["项目支出"]
    contracted = {cell.value for row in workbook["委托业务费"].iter_rows() for cell in row}
    row = next(row for row in sheet.iter_rows(min_row=6) if row[3].value and row[3].value not in contracted)
    name = row[3].value
    for cell in row[5:15]:
        cell.value = None
    for other in ("项目说明", "项目绩效"):
        for line in workbook[other].iter_rows(min_row=5):
            if line[0].value == name:
                for cell in line:
                    cell.value = None


TYPED = {
    "as it is": typed(),
    "a figure of one line": moved("收入总体", "E", 10),
    "lines of expenditure": moved("支出总体", "D", 0.01),
    "a project": moved("项目支出", "G", 10),
    "a total typed over its formula": typed(("支出总体", "C6", 800)),
    "a line's sum typed over": typed(("支出总体", "C9", 12.34)),
    "a blank": typed(("三公经费", "C10", None), ("采购与资产", "C6", None), ("上年数", "E5", None)),
    "several": typed(
        ("上年数", "E5", 1), ("采购与资产", "C5", 99), ("采购与资产", "B12", 50), ("三公经费", "C7", 2.5)
    ),
    "all names left blank below the first": left_blank("A", "B", "C"),
    "names left blank here and there": left_blank("A", "B", every=3),
    "a project that ended": ended,
    "a line too many": typed(("支出总体", "A40", "2019999"), ("支出总体", "D40", 5)),
}


def at_once(*names):
    """Somebody who does several of these."""

    def change(workbook):
        for name in names:
            TYPED[name](workbook)

    return change


BLANK = "names left blank here and there"
AT_ONCE = {
    "as it is": typed(),
    BLANK: TYPED[BLANK],
    "all else": at_once(*(name for name in TYPED if "left blank" not in name and "typed over" not in name)),
}
"""LibreOffice takes seconds for each workbook: all that should be told is typed into one.

But sums typed over: the tails of the lines below them add up in what they differ by.
"""


@pytest.mark.office
def test_the_sample_as_typed_on(tmp_path, filled, convert):
    tried, files = TYPED if FULL else AT_ONCE, []
    for number, change in enumerate(tried.values()):
        workbook = opened(filled)
        change(workbook)
        files.append(tmp_path / f"填{number}.xlsx")
        workbook.save(files[-1])
    told = {}
    for name, file, computed in zip(tried, files, convert("xlsx", tmp_path / "算", *files), strict=True):
        comparisons = comparisons_of(computed)
        assert_as_checked(comparisons, derive(read(file).book, NEWEST), NEWEST, rows=False)
        told[name] = sum(one.state == 1 for one in comparisons)
    names = {name for name in tried if "left blank" in name}
    assert {told[name] for name in names} == {told["as it is"]}
    assert min(told[name] for name in {*tried} - names - {"as it is"}) > told["as it is"]


@pytest.mark.office
def test_tails_in_yuan_are_those_that_check_allows_for(tmp_path, convert):
    """A figure is rounded to 元, in one table to 100 元: neither judge allows for more."""
    edition = load("shanghai-2025")
    workbook = opened(render_workbook(edition, derive(sample_book(edition), edition)))
    typed(("收支总体", "B8", 9_501_204), ("三公经费", "B7", 0.01), ("财政拨款收支", "B35", 9_501_164.4))(
        workbook
    )
    moved("基本支出", "D", 1)(workbook)
    path = tmp_path / "填.xlsx"
    workbook.save(path)
    computed = convert("xlsx", tmp_path / "算", path)[0]
    assert_as_checked(comparisons_of(computed), derive(read(path).book, edition), edition, rows=False)


@pytest.mark.office
def test_every_edition_computes_what_was_written(tmp_path, convert):
    files = {}
    # the newest one's blank is computed anew with its other sheets, in `test_workbook`
    for name, kind in some(product(reversed(available()), "填空"), 1):
        edition = load(name)
        book = derive(sample_book(edition), edition) if kind == "填" else None
        files[tmp_path / f"{name}{kind}.xlsx"] = render_workbook(edition, book)
    for path, data in files.items():
        path.write_bytes(data)
    for data, computed in zip(files.values(), convert("xlsx", tmp_path / "算", *files), strict=True):
        wanted = [tidy(one) for one in comparisons_of(BytesIO(data))]
        assert [tidy(one) for one in comparisons_of(computed)] == wanted


def tidy(one):
    """A row without the dust of binary fractions; LibreOffice writes an empty text as none."""
    return tuple(round(v, 6) if isinstance(v, float) else v or (0 if v == 0 else "") for v in one)
