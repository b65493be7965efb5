"""A heading is known by its words and its place: a wrong or lost number of it is one slip, told once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import judged
from budgetgen.app.reports.problems import problems
from budgetgen.edition import available, load
from budgetgen.reading.document.blocks import Text
from budgetgen.reading.document.headings import PartHeadings
from budgetgen.reading.document.reader import read_blocks
from tests.planted import document

MARKED = [name for name in available() if any(part.mark for part in load(name).part)]
NUMBERS = "一二三四五六"


def printed(edition):
    """The contents and the body of a document, and where the headings of the parts stand in the body."""
    says = {"{年}": str(edition.edition.year), "{主体}": "单位"}
    headings = []
    for part in edition.part:
        text = part.heading
        for slot, value in says.items():
            text = text.replace(slot, value)
        headings.append(text)
    body = [line for heading in headings for line in (heading, "一、其中一段", "")]
    first = len(headings)
    return [*headings, *body], {part.number: first + 3 * n for n, part in enumerate(edition.part)}


@pytest.mark.parametrize("name", MARKED)
def test_a_part_begins_at_its_words_whatever_its_number_is(name):
    edition = load(name)
    texts, expected = printed(edition)
    told = PartHeadings(edition)
    assert told.starts(texts) == expected
    for part in edition.part:
        words = texts[expected[part.number]].removeprefix(part.mark)
        for mark in ("", *(f"第{number}部分" for number in NUMBERS), "第9部分"):
            slipped = [*texts]
            slipped[expected[part.number]] = mark + words
            assert told.starts(slipped) == expected, mark + words
            assert told.starts(slipped[len(edition.part) :]) == {
                number: at - len(edition.part) for number, at in expected.items()
            }, mark + words


OTHERWISE = (
    "{n}、",
    "（{n}）",
    "{a}.",
    "{a}、",
    "第{n}章 ",
    "第{n}篇　",
    "（第{n}部分）",
    "",
    "{n} ",
    "{r}．",
)


@pytest.mark.parametrize("mark", OTHERWISE)
@pytest.mark.parametrize("name", MARKED)
def test_parts_are_known_by_their_words_however_an_office_numbers_them(name, mark):
    edition = load(name)
    texts, expected = printed(edition)
    told = PartHeadings(edition)
    marks = [mark.format(n=n, a=a, r=r) for a, (n, r) in enumerate(zip(NUMBERS, "ⅠⅡⅢⅣⅤⅥ", strict=True), 1)]
    own = {part.mark: one for part, one in zip(edition.part, marks, strict=False)}
    said = [next((one + t.removeprefix(p) for p, one in own.items() if t.startswith(p)), t) for t in texts]
    assert told.parted(said)
    assert told.starts(said) == expected


def test_words_of_a_heading_below_it_begin_no_part_again():
    edition = load("xinjiang-2026")
    texts, expected = printed(edition)
    assert PartHeadings(edition).starts([*texts, "名词解释"]) == expected


def test_words_of_a_heading_before_its_part_begin_none():
    edition = load("xinjiang-2026")
    texts, expected = printed(edition)
    before = expected[edition.part[1].number]
    moved = {number: at + (at >= before) for number, at in expected.items()}
    assert PartHeadings(edition).starts([*texts[:before], "名词解释", *texts[before:]]) == moved


def lines(found):
    path = Path("公开文本.docx")
    checked = judged(path, read_blocks(path, found), locating=False)
    return {(one.rule, one.message, one.spots[0].place) for one in problems(checked).all if one.spots}


def test_wrong_numbers_of_headings_are_each_one_line():
    found = document()
    part = [b for b in found if isinstance(b, Text) and b.text.startswith("第三部分")][-1]
    below = next(b for b in found if isinstance(b, Text) and b.text.startswith("（三）国有资产"))
    wrong = {
        id(part): part.text.replace("第三", "第二"),
        id(below): below.text.replace("（三）", "（四）"),
    }
    slipped = [replace(b, text=wrong[id(b)]) if id(b) in wrong else b for b in found]
    assert lines(slipped) ^ lines(found) == {
        ("text-sequence", "序号“第二部分”接在“第二部分”后面", part.place),
        ("text-sequence", "序号“(四)”接在“(二)”后面", below.place),
    }


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        ("xinjiang-2026", "预算", "决算"),
        ("shanghai-2024", "预算", "决算"),
        ("xinjiang-2024-accounts", "决算", "预算"),
    ],
)
def test_tables_tell_the_kind_of_a_disclosure_whose_cover_names_another(name, own, other):
    found = document(name)
    cover = next(b for b in found if isinstance(b, Text) and own in b.text)
    slipped = [replace(b, text=b.text.replace(own, other)) if b is cover else b for b in found]
    assert lines(slipped) ^ lines(found) == {
        ("cover-kind", f"封面写的是“{other}”，内容是{own}公开", cover.place),
    }


def test_another_year_in_a_heading_of_a_part_and_in_its_entry_is_told():
    found = document()
    headings = [b for b in found if isinstance(b, Text) and b.text.startswith("第一部分")]
    slipped = [replace(b, text=b.text.replace("2026", "2025")) if b in headings else b for b in found]
    assert {b.text[-9:] for b in headings} == {"2026年单位概况"}
    assert {one for one in lines(slipped) - lines(found) if one[0] != "document-read"} == {
        ("sentence-year", "正文写 2025 年，应为 2026 年", b.place) for b in headings
    }
