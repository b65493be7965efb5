"""What offices make of a document in Word and WPS, in formats whose documents are rare: it is read as it was."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, anchors, blocks
from budgetgen.reading.document.headings import apart
from budgetgen.reading.document.manuscript import manuscript
from budgetgen.reading.document.narrative import patterns
from budgetgen.reading.document.narrative.patterns import split
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.amounts import DIGITS, numeral, rounded
from budgetgen.values.text import fold
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES
from tests.extremes.budgets import Budget, Line, Writer
from tests.layers import cells, element, paragraph, paragraphs, reworded, rows, runs, tables, told, words
from tests.variants import outcome

PATH = Path("公开文本.docx")
CUT = re.compile(r".{30,}?(?=[、，])")
"""The beginning of a sentence as far as a line may reach."""


def tables_boxed(body):
    """Every other table stands in a text box."""
    for table in tables(body)[::2]:
        box = element("w:txbxContent")
        table.addprevious(element("w:p", element("w:r", element("w:pict", box))))
        box.append(table)
        box.append(element("w:p"))


def headings_joined(body):
    """Headings of sections and what stands below them are one paragraph, with a line end between."""
    seen = set()
    for one in reversed(paragraphs(body)):
        after = one.getnext()
        heading = re.match(r"[一二三四五六七八九十]+、(关于|.*情况)", words(one)) and words(one) not in seen
        seen.add(words(one))
        if heading and after is not None and words(after) and not re.match(".{1,3}、", words(after)):
            one.append(element("w:r", element("w:br")))
            one.extend(runs(after))
            body.remove(after)


def framed(body):
    """Sentences stand in tables of one cell, for a frame."""
    for one in told(body)[::3]:
        table = element("w:tbl", element("w:tblPr"))
        one.addprevious(table)
        table.append(element("w:tr", element("w:tc", one)))


def pages_typed(body):
    """The numbers of pages were typed below the tables."""
    for number, table in enumerate(tables(body), start=4):
        table.addnext(paragraph(f"— {number} —"))


def zeros_bare(body):
    """A zero has no places, in whatever words it stands."""
    for one in told(body):
        reworded(one, re.sub(r"(?<![\d.])0\.00(?=万元|%)", "0", words(one)))


def sentences_cut(body):
    """A line end cuts sentences in two: the second half is a paragraph."""
    for one in told(body):
        if (found := CUT.match(words(one))) and "原因" not in words(one):
            rest = words(one)[found.end() + 1 :]
            reworded(one, words(one)[: found.end() + 1])
            one.addnext(paragraph(rest))


def sentences_broken(body):
    """Line ends stand within sentences: behind what leads in others, and before it."""
    for one in told(body):
        if found := re.search("[：:](?=.*万元)|(?<=。)(?=其中)", words(one)):
            first, rest = words(one)[: found.end()], words(one)[found.end() :]
            reworded(one, first)
            one.append(element("w:r", element("w:br")))
            one.extend(runs(paragraph(rest)))


def marks_deleted(body):
    """Sentences were cut in two paragraphs, and a tracked change took that back."""
    for one in told(body):
        said = words(one)
        halves = said[: len(said) // 2], said[len(said) // 2 :]
        reworded(one, halves[1])
        one.addprevious(paragraph(halves[0]))
        one.getprevious().insert(0, element("w:pPr", element("w:rPr", element("w:del"))))


def day_in_numerals(body):
    """The day at the end is written out."""
    for one in paragraphs(body):
        reworded(one, re.sub(r"^2025年8月20日$", "二〇二五年八月二十日", words(one)))


def quotes_straight(body):
    """Captions and names in tables have the quotation marks of a keyboard."""
    for text in (text for table in tables(body) for text in table.iter(qn("w:t"))):
        text.text = re.sub("[“”]", '"', text.text or "")


def dashes(body):
    """A line stands where nothing is: of those that draw boxes."""
    for cell in (c for table in tables(body) for row in rows(table)[3:] for c in cells(row)):
        if not words(cell):
            cell.append(paragraph("─"))


def percent_in_words(body):
    """The sign of percentages is said in words."""
    for one in told(body):
        reworded(one, re.sub(r"([\d,.]+)%", r"百分之\1", words(one)))


def percent_in_numerals(body):
    """Percentages are said in words altogether: 百分之五, 百分之四点八六."""

    def spelt(found):
        places = "".join(DIGITS[int(sign)] for sign in found[2].rstrip("0"))
        return (
            f"百分之{numeral(int(found[1])) if int(found[1]) else DIGITS[0]}{'点' if places else ''}{places}"
        )

    for one in told(body):
        reworded(one, re.sub(r"(?<![\d,])(\d{1,2})\.(\d\d)%", spelt, words(one)))


def labels_coloned(body):
    """Labels of rows end in a colon, those of totals too."""
    for cell in (c for table in tables(body) for row in rows(table)[2:] for c in cells(row)):
        if re.fullmatch(r"(合|总)计|[一二三四五六七八九十]、\w+", words(cell)):
            reworded(cell, f"{words(cell)}：")


def headings_coloned(body):
    """Headings of sections end in a colon."""
    for one in paragraphs(body):
        reworded(one, re.sub(r"^([一二三四五六七八九十]+、.*(?:情况|说明))$", r"\1：", words(one)))


def headings_cut(body):
    """Headings of sections were typed as two paragraphs."""
    for one in paragraphs(body):
        found = re.fullmatch(r"([一二三四五六七八九十]+、关于.{6,}?)(\S{4}(?:情况|说明))", words(one))
        if found and next(one.iter(qn("w:tab")), None) is None:
            reworded(one, found[1])
            one.addnext(paragraph(found[2]))


def titles_cut(body):
    """Titles of tables take two lines, of which the second may be that of another table."""
    for one in paragraphs(body):
        found = re.fullmatch(r"(财政拨款收入)(支出决算总表)", words(one))
        if found and next(one.iter(qn("w:tab")), None) is None:
            reworded(one, found[1])
            one.addnext(paragraph(found[2]))


def units_otherwise(body):
    """The unit of money is told in another word."""
    for one in paragraphs(body):
        reworded(one, re.sub(r"(?:金额)?单位：(万?元)$", r"货币单位：\1", words(one)))


def units_first(body):
    """The unit of money stands before the preparer."""
    for one in paragraphs(body):
        reworded(one, re.sub(r"^(编制.*?)\s*((?:金额)?单位：万?元)$", r"\2\1", words(one)))


def units_in_captions(body):
    """The unit of money stands behind the outermost captions, in cells over several columns."""
    for cell in (cell for table in tables(body) for cell in cells(rows(table)[0])):
        reworded(cell, re.sub(r"^(预算数|决算数|支出预算)$", r"\1（万元）", words(cell)))


def units_in_titles(body):
    """The unit of money stands behind the title."""
    for one in paragraphs(body):
        found = re.fullmatch(r"(编制.*?)\s*((?:金额)?单位：万?元)", words(one))
        title = one.getprevious()
        if found and title is not None and words(title).endswith("表"):
            reworded(one, found[1])
            reworded(title, f"{words(title)}（{found[2].removeprefix('金额')}）")


def footnoted(body):
    """Captions and names in tables have the mark of a footnote."""
    for cell in (c for table in tables(body)[:6] for row in rows(table)[1:6] for c in cells(row)):
        if re.fullmatch(r"[\u4e00-\u9fff]{4,}", words(cell)):
            reworded(cell, f"{words(cell)}①")


def among_others(body):
    """Names of codes begin with 其中, but for those of the highest level."""
    for row in (row for table in tables(body) for row in rows(table)[2:]):
        held = cells(row)
        code = "".join(words(cell) for cell in held[:3] if words(cell).isdigit())
        name = next((cell for cell in held if re.search("[\u4e00-\u9fff]", words(cell))), None)
        if len(code) > 3 and name is not None:
            reworded(name, f"其中：{words(name)}")


def shares_short(body):
    """Percentages have one place."""
    for one in told(body):
        reworded(one, re.sub(r"\d+\.\d\d(?=%)", lambda found: str(rounded(Decimal(found[0]), 1)), words(one)))


def listed_by_signs(body):
    """Entries of lists have signs or circled numbers instead of numbers."""
    for number, one in enumerate(paragraphs(body)):
        sign = "①●"[number % 2]
        reworded(one, re.sub(r"^\d{1,2}[.、](?=\D)", sign, words(one)))


def contents_laid_out(body):
    """The contents are a table: what, and on which page."""
    entries = [one for one in paragraphs(body) if next(one.iter(qn("w:hyperlink")), None) is not None]
    table = element("w:tbl", element("w:tblPr"))
    entries[0].addprevious(table)
    for one in entries:
        told_in = re.sub(r"\s*\d*$", "", words(one))
        table.append(element("w:tr", element("w:tc", paragraph(told_in)), element("w:tc", paragraph("5"))))
        body.remove(one)


KINDS = {
    kind.__name__: kind
    for kind in (
        tables_boxed,
        headings_joined,
        framed,
        pages_typed,
        zeros_bare,
        sentences_cut,
        sentences_broken,
        marks_deleted,
        day_in_numerals,
        quotes_straight,
        dashes,
        percent_in_words,
        percent_in_numerals,
        labels_coloned,
        headings_coloned,
        headings_cut,
        titles_cut,
        units_otherwise,
        units_first,
        units_in_captions,
        units_in_titles,
        footnoted,
        among_others,
        shares_short,
        listed_by_signs,
        contents_laid_out,
    )
}


@pytest.fixture(scope="module", params=["shanghai-2024-unit", "xinjiang-2024-accounts-unit"])
def office(request):
    """The document of a sample, and what it gives."""
    edition = load(request.param.removesuffix("-unit"))
    book, _ = read_grid((SAMPLES / f"{request.param}.txt").read_text(encoding="utf-8"), edition)
    data = render_document(compose(derive(book, edition), edition), edition)
    return data, outcome(PATH, tuple(blocks(data)))


def changed(data, kind):
    document = Document(BytesIO(data))
    KINDS[kind](document.element.body)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_office_makes_of_a_document_is_read_as_it_was(office, kind):
    data, plain = office
    assert outcome(PATH, tuple(blocks(changed(data, kind)))).faults(plain, ()) == {}


def test_the_heading_of_a_part_is_one_however_many_lines_it_takes():
    """Only what stands behind all of it is a paragraph of its own; behind a mark alone that is not known."""
    section = "一、关于某单位2026年收支预算情况的总体说明"
    for *lines, parted in (
        ("第一部分", "2026年单位概况", []),
        ("第三部分", "2026年单位预算", "情况说明", []),
        ("第三部分2026年单位预算情况说明", section, [section]),
        ("第三部分", "2026年单位预算情况说明", section, "第一段。", [section, "第一段。"]),
        (section, "第一段。", "第二段。", ["第一段。第二段。"]),
        ("第四部分", "名词解释", []),
        ("第四部分", "各种名词", []),
    ):
        ends = tuple(itertools.accumulate(map(len, lines)))
        found = [
            block.text for block in apart([Text("".join(lines), 1, breaks=ends[:-1])], load("xinjiang-2026"))
        ]
        heading = "".join(lines).removesuffix("".join(parted))
        assert found == [heading, *parted]


@pytest.mark.parametrize(
    ("edition", "lines", "headings"),
    [
        ("xinjiang-2026", ("第三部分　2026年单位", "预算情况说明"), ["第三部分　2026年单位预算情况说明"]),
        ("xinjiang-2026", ("2026年单位", "预算情况说明"), ["2026年单位", "预算情况说明"]),
        ("shanghai-2025", ("（三）承办其他事项", "机构设置"), ["（三）承办其他事项", "机构设置"]),
        ("shanghai-2025", ("某某福利院", "主要职能"), ["某某福利院", "主要职能"]),
    ],
)
def test_two_paragraphs_are_the_heading_of_a_part_only_where_its_mark_says_so(edition, lines, headings):
    """Any words before the end of an unmarked heading could be a unit's name: the last duty stays a duty."""
    found = apart([Text(line, n) for n, line in enumerate(lines)], load(edition))
    assert [block.text for block in found] == headings


OWN = {
    "收入预算包括：一般公共预算、": ("", "（单位：万元）"),
    "支出预算包括：": ("", "本单位另有县级转移支付资金12.50万元在年中安排。"),
    "基本支出364.68万元，比上年": ("，", "该变化经过集体研究决定"),
    "人员经费": ("等", "其中：在职人员经费310.00万元，退休人员经费23.28万元。"),
    "公用经费": ("，", "公用经费按照定额标准核定。"),
    "2026年财政拨款“三公”经费预算比上年": ("，", "该变化经过集体研究决定。"),
}
"""How sentences begin, what each ends in instead of 。, and a paragraph of the office's own behind it."""


def test_a_sentence_without_its_end_takes_no_own_one_in():
    """What follows is told as not understood; a list and a reason say what they said."""
    edition = load("xinjiang-2026")
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), edition)
    plain = tuple(blocks(render_document(compose(derive(book, edition), edition), edition)))
    changed = []
    for block in plain:
        found = [
            said for start, said in OWN.items() if isinstance(block, Text) and block.text.startswith(start)
        ]
        changed.append(block)
        for end, own in found:
            changed[-1:] = [
                replace(block, text=block.text.removesuffix("。") + end),
                replace(block, text=own),
            ]
    assert len(changed) == len(plain) + len(OWN)
    before, after = read_blocks(PATH, plain), read_blocks(PATH, tuple(changed))
    told = [one.message for one in after.findings if one.rule in {"paragraph-unplaced", "sentence-list"}]
    assert told == [f"没有读懂：{own}" for _, own in OWN.values()]
    assert [*after.book["增减原因"].rows] == [*before.book["增减原因"].rows]


def test_a_table_in_a_box_is_called_the_same_by_all(office):
    """Reading, proof and annotation count tables alike, and the text of one in a box is told once."""
    data = changed(office[0], "tables_boxed")
    grids = [block.number for block in blocks(data) if hasattr(block, "lines")]
    held = manuscript(data)
    assert grids == sorted({passage.table for passage in held.passages if passage.table})
    assert grids == sorted(
        {place.table for place in anchors(Document(BytesIO(data)).element.body) if place.table}
    )
    assert not [aside for aside in held.asides if aside.where == "文本框"]


@pytest.mark.parametrize("other", ["本年收入合计", "收入合计", "合计", ""])
def test_a_sum_in_the_middle_is_never_read_as_the_grand_total(other):
    """Where another row is a total by name, declared or printed, a bare 合计 may be either."""
    edition = load("xinjiang-2024-accounts")
    lines = (("", "一、一般公共预算财政拨款收入", "5"), ("", "合计", "5"), ("", other, "5"))
    grid = "\n".join(" | ".join(line) for line in (("收支总体", "项目", "年初预算数"), *lines))
    rows = {row.key: row for row in read_grid(grid, edition)[0].tables["收支总体"].rows}
    assert "总计" not in rows


@pytest.fixture(scope="module")
def classes():
    """A document that tells of several classes what they are for, and what it gives."""
    codes = ("2060501", "2060502", "2080505", "2101102")
    lines = tuple(Line(code, "一般公共预算", "30101", "10.00") for code in codes)
    writer = Writer(load("xinjiang-2026"))
    book = writer.book(Budget(lines, lines, unchanged="标准没有变化"))
    data = render_document(compose(book, writer.edition), writer.edition)
    return data, outcome(PATH, tuple(blocks(data)))


@pytest.mark.parametrize("sign", ["，", "、", "。"])
def test_classes_and_what_they_are_for_are_parted_by_any_sign(classes, sign):
    data, plain = classes
    document = Document(BytesIO(data))
    body = document.element.body
    (one,) = (p for p in told(body) if words(p).startswith("一般公共预算支出包括"))
    assert words(one).count("；") > 1
    reworded(one, words(one).replace("；", sign))
    made = BytesIO()
    document.save(made)
    assert outcome(PATH, tuple(blocks(made.getvalue()))).faults(plain, ()) == {}


NAMES = ("教育支出", "社会保障和就业支出", "其他支出")


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["1.00", "1,234.5"])), min_size=1), st.data()
)
def test_entries_are_parted_where_the_next_name_begins(entries, drawn):
    """By the declared sign, by any other, or by a word between two amounts; never within a name or a number."""
    said = [f"{name}{amount}万元" for name, amount in entries]
    signs = [drawn.draw(st.sampled_from(["；", ";", "，", ",", "、", "和", "以及", "及"])) for _ in said[1:]]
    text = said[0] + "".join(sign + one for sign, one in zip(signs, said[1:], strict=True))
    assert list(split(text, "；", NAMES)) == list(zip(["", *signs], said, strict=True))
    assert list(split("主要用于修路、架桥，1,234.5万元和其他", "；", NAMES)) == [
        ("", "主要用于修路、架桥，1,234.5万元和其他")
    ]


def test_a_list_is_parted_in_steps_that_grow_with_its_length(monkeypatch):
    folded = []
    monkeypatch.setattr(patterns, "fold", lambda text: folded.append(len(text)) or fold(text))
    text = "，".join(f"第{n}项，{NAMES[0]}1.00万元" for n in range(2_000))
    assert len(list(patterns.split(text, "；", NAMES))) == 2_001
    assert sum(folded) == len(text) + 1
