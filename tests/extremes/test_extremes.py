"""What the narrative says of budgets that few offices have: read whole, kept as golden texts, read back."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable
from budgetgen.writing.document.writer import render_document
from tests.conftest import some

from .arithmetic import wrong
from .budgets import Budget, Line
from .cases import (
    CAPITAL,
    CARRIED,
    CASES,
    FUND,
    GENERAL,
    OTHER_CARRIED,
    OWN,
    SIGNS,
    TRANSFER,
    USUAL,
    VARIANTS,
)
from .contradictions import contradictions

FOLDER = "extremes"
READ = {"document-read", "fact-assumed", "money-unit-large"}
"""What reading a document tells that the workbook in 元 does not."""
REFUSED = {
    "本年没有预算",
    "上年是负数",
    "单位资金是负数",
    "新增的是负数",
    "基金正负相抵",
    "一般公共预算正负相抵",
}
"""Cases that have errors: they are only drafts, and not read back."""
ROUNDED = {"不到半分"}
"""What the document has only as 0.00 cannot be read back."""
SEEDS = range(24)


@cache
def disclosed(case, variant):
    """The document of a case, complete before it is written."""
    writer = variant.writer
    return compose(writer.book(variant.of(CASES[case])), writer.edition)


# --- golden texts -------------------------------------------------------------------------------------------


def sections(disclosure):
    """The paragraphs of the document under their headings; the glossary is always the same."""
    for part in disclosure.parts[:3]:
        heading = ""
        for block in part.blocks:
            if isinstance(block, Paragraph) and block.style == "一级标题":
                heading = block.text
            elif isinstance(block, Paragraph):
                yield heading, block.text


def golden_text(case):
    """What a case says otherwise than the usual budget; of each further edition and kind what it says otherwise."""
    lines, seen = [], set()
    for variant in VARIANTS:
        year = load(variant.edition).edition.year

        def plain(text, year=year):
            return (
                text.replace(str(year), "今年")
                .replace(str(year - 1), "去年")
                .replace("某局", "某中心")
                .replace("部门", "单位")
            )

        usual = set() if case == USUAL else {plain(text) for _, text in sections(disclosed(USUAL, variant))}
        told = [f"=== {year}年{variant.kind}，按{variant.money}填 ==="]
        last = ""
        for heading, text in sections(disclosed(case, variant)):
            if plain(text) in usual or plain(text) in seen:
                continue
            seen.add(plain(text))
            told += ([heading] if heading != last else []) + [f"　　{text}"]
            last = heading
        lines += told if len(told) > 1 else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", CASES)
def test_sentences_of_a_case(case, golden):
    golden(f"{FOLDER}/{case}.txt", golden_text(case))


def test_no_golden_text_is_left_over(golden):
    golden.only(FOLDER, {f"{case}.txt" for case in CASES})


# --- all of every narrative ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_no_narrative_contradicts_itself_or_the_money(case):
    found = [
        told
        for variant in VARIANTS
        for told in (
            *contradictions(disclosed(case, variant)),
            *mistaken(CASES[case], disclosed(case, variant)),
        )
    ]
    assert found == []


def mistaken(budget, disclosure):
    """The figures that are wrong; where a house style writes them in another form they are not looked at."""
    return () if budget.about else wrong(disclosure, budget)


AMOUNTS = ("1", "3", "3", "0.5", "12.34", "250", "1234.5", "0.01", "0.004", "-2.56", "-30", "0", "123456.78")
CODES = ("2060501", "2060599", "2080505", "2101102", "2210201")
USES = ("30101", "30113", "30201", "30227", "30231", "30302", "甲项目", "乙项目", SIGNS, "特定目标2410010U")
SOURCES = {GENERAL: 6, TRANSFER: 1, OWN: 2, CARRIED: 2, OTHER_CARRIED: 1, FUND: 1, CAPITAL: 1}


def drawn(seed):
    """A budget drawn at random: any amounts, of any source, this year and last."""
    draw = random.Random(seed)  # noqa: S311 - the same budgets each time

    def line():
        (source,) = draw.choices(list(SOURCES), list(SOURCES.values()))
        use = draw.choice(USES)
        if source in {OWN, FUND, CAPITAL}:
            use = draw.choice(("丙项目", "丁项目"))
        return Line(draw.choice(CODES), source, use, draw.choice(AMOUNTS))

    now, last = (tuple(line() for _ in range(draw.randint(0, 9))) for _ in range(2))
    return Budget(now, draw.choice((last, now, ())), unchanged=draw.choice(("", "标准没有变化")))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_budget_drawn_at_random_contradicts_itself_or_the_money(seed):
    variant, budget = VARIANTS[seed % len(VARIANTS)], drawn(seed)
    disclosure = compose(variant.writer.book(variant.of(budget)), variant.writer.edition)
    assert [*contradictions(disclosure), *wrong(disclosure, budget)] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("单位资金-5.00万元，占-2.56%。", "负的占比"),
        ("项目支出30.00万元，占102.56%。", "占比超过全部"),
        ("比上年预算减少105.00万元，下降105.00%。", "下降超过全部"),
        ("比上年预算增加-5.00万元。", "负的增减"),
        ("当年预算安排项目共0个，其中：财政拨款项目0.00万元。", "零个还要列举"),
        ("人员经费5.00万元，主要包括：。", "没有列举"),
        ("主要原因是主要原因是人员增加。", "词重复"),
        ("比上年预算增加5.00万元，。", "标点重复"),
    ],
)
def test_contradictions_are_found(text, what):
    usual = disclosed(USUAL, VARIANTS[0])
    part = replace(usual.parts[2], blocks=(Paragraph("正文", (replace(RUN, text=text),)),))
    assert what in {told.partition("：")[0] for told in contradictions(replace(usual, parts=(part,)))}


RUN = next(b for b in disclosed(USUAL, VARIANTS[0]).parts[2].blocks if isinstance(b, Paragraph)).runs[0]


# --- read back ----------------------------------------------------------------------------------------------


def printed(disclosure):
    """All that a document holds, as text."""
    for part in disclosure.parts:
        yield part.heading
        for block in part.blocks:
            match block:
                case Paragraph():
                    yield block.text
                case PrintedTable():
                    yield from (block.title, *block.rows, *block.remarks)
                case PerformanceGrid():
                    yield from (block.title, block.head, *block.rows)


@pytest.mark.parametrize(
    ("number", "case"), some(enumerate(sorted(CASES.keys() - REFUSED - ROUNDED - {"六十个项目"})), 12)
)
def test_a_document_gives_its_figures_back(number, case):
    """Each case in one of the editions and kinds in turn; `benchmarks/extremes.py` takes all."""
    assert unread(case, VARIANTS[number % len(VARIANTS)]) == []


@pytest.mark.parametrize("name", ["戊项目", "“戊”项目"])
def test_a_name_told_in_the_usual_words_is_no_contradiction(name):
    """Offices that repeat 项目 behind a name that ends so are read like all others."""
    variant = VARIANTS[0]
    budget = replace(CASES["名称很长，有各种符号"], name="某中心", merged={name: SIGNS})
    budget = replace(budget, now=tuple(n._replace(use=name) if n.use == "戊项目" else n for n in budget.now))
    content = blocks(
        render_document(compose(variant.writer.book(budget), variant.writer.edition), load(variant.edition))
    )
    told = "项目”项目上年结转" if name == "戊项目" else "项目项目上年结转"
    content = tuple(
        replace(b, text=re.sub("项目(”?)(的?)上年结转", told, b.text)) if isinstance(b, Text) else b
        for b in content
    )
    reading = read_blocks(Path("公开.docx"), content)
    assert [f.message for f in reading.findings if f.rule not in READ] == []


def unread(case, variant):
    """What is lost or found wrong when the document of a case is read."""
    writer = variant.writer
    book, disclosure = writer.book(variant.of(CASES[case])), disclosed(case, variant)
    reading = read_blocks(Path("公开.docx"), tuple(blocks(render_document(disclosure, writer.edition))))
    again = derive(reading.book, reading.edition)
    known = {finding.rule for finding in check(book, writer.edition)} | READ
    found = (
        *reading.findings,
        *of_document(check(again, reading.edition, reading.findings), again, reading.edition),
    )
    told = [f"{f.rule}：{f.message}" for f in found if f.rule not in known and not f.tail]
    before, after = list(printed(disclosure)), list(printed(compose(again, reading.edition)))
    return [*told, *(f"变成 {b}：原为 {a}" for a, b in zip(before, after, strict=False) if a != b)]
