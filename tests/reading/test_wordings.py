"""What a document says is the same however an office words it: the Book, and the errors that are found."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache

import pytest

from budgetgen.app.pipeline.build import build
from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.narrative.candidates import Matcher
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.reading.guard import admit
from budgetgen.values.findings import Severity
from budgetgen.values.text import fold
from tests.conftest import PUBLISHED, SAMPLES
from tests.wordings import KINDS, reworded, said

SAMPLE = "sample"
DOCUMENTS = ("2025-district", "2026-center", "2024-bureau", "2026-park")
UNLIKE = {"增减率"}
"""A published rate is kept or not as the amounts are printed."""


class Document:
    """A document, and what is read of it as it is."""

    def __init__(self, path):
        self.path, self.blocks = path, tuple(blocks(admit(path, "docx")))
        self.facts, self.texts, self.errors = self.read(self.blocks)

    def read(self, found):
        """The numbers and choices of its Book, its texts, and the errors and questions by rule."""
        reading = read_blocks(self.path, found)
        told = (
            *reading.findings,
            *check(derive(reading.book, reading.edition), reading.edition, reading.findings),
        )
        house = reading.edition.house.about
        cells = {
            (name, row.key, column): cell.value
            for name, table in reading.book.tables.items()
            for row in table.rows
            for column, cell in row.cells.items()
            if name != house and cell.value is not None and column not in UNLIKE
        }
        texts = {key: plain(value) for key, value in cells.items() if isinstance(value, str)}
        errors = sorted(f.rule for f in told if f.severity != Severity.NOTE)
        return {key: value for key, value in cells.items() if key not in texts}, texts, errors

    def unlike(self, kinds):
        """What of it is read otherwise when it is worded so: numbers, texts, errors that are new."""
        facts, texts, errors = self.read(reworded(self.blocks, kinds))
        rows = {key[:2] for key in {**self.facts, **self.texts}}
        numbers = {key for key in self.facts.keys() | facts.keys() if self.facts.get(key) != facts.get(key)}
        words = {key for key, text in self.texts.items() if not alike(text, texts.get(key, ""))}
        new = [rule for rule in errors if rule not in self.errors]
        return sorted(numbers), sorted(words), new, sorted({k[:2] for k in texts if k[0] == "上年数"} - rows)


def plain(text):
    return re.sub(r"\W|(?<=\d)0+(?=元)", "", unicodedata.normalize("NFKC", text)).replace("万元", "元")


def alike(one, other):
    """The kinds change words within free texts too."""
    return one == other or SequenceMatcher(None, one, other).ratio() > 0.7


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """A document by its name: the sample's, or a published one."""

    @cache
    def of(name):
        if name != SAMPLE:
            return Document(PUBLISHED / f"{name}.docx")
        made = build(SAMPLES / "xinjiang-2026-unit.xlsx", tmp_path_factory.mktemp("甲")).written
        return Document(next(path for path in made if path.suffix == ".docx"))

    return of


def drawn(seed, most):
    draw = random.Random(seed)  # noqa: S311 - the same wordings each time
    return tuple(draw.sample(sorted(KINDS), draw.randint(1, most)))


SAME = ([], [], [], [])


@pytest.mark.parametrize("seed", range(3))
def test_the_sample_reads_the_same_however_it_is_worded(document, seed):
    assert document(SAMPLE).unlike(drawn(seed, 3)) == SAME


def test_sentences_without_a_figure_may_stand_in_one_paragraph(document):
    own = document(SAMPLE)
    some = [block for block in own.blocks if isinstance(block, Text) and block.text.endswith("未安排。")]
    one = replace(some[0], text="".join(block.text for block in some))
    assert len(some) > 1
    found = [one if block is some[0] else block for block in own.blocks if block not in some[1:]]
    assert own.read(found) == (own.facts, own.texts, own.errors)


def test_sentences_behind_a_comma_that_leads_them_in_are_parted(document):
    """单位收入预算…万元，其中，一般公共预算…；单位资金…。"""
    assert document(SAMPLE).unlike(("连成一段；", "其中，")) == SAME


@pytest.mark.published
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_published_document_reads_the_same_however_it_is_worded(document, name, seed):
    assert document(name).unlike(drawn(seed, 3)) == SAME


def test_every_kind_of_wording_changes_the_sample(document):
    found = document(SAMPLE).blocks
    rare = {"增加百分比", "负数", "千分位", "无千分位"} & {
        kind for kind in KINDS if reworded(found, [kind]) == found
    }
    assert {kind for kind in KINDS if reworded(found, [kind]) == found} <= rare | {"年度", "金额前的为"}


# --- single sentences ---------------------------------------------------------------------------------------

BOOK = """
单位信息 | 项目 | 内容
 | 单位名称 | 示例单位
 | 预算年度 | 2026
收入总体 | 科目代码 | 总计 | 一般公共预算
 | 2060501 | 648.89 | 648.89
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 648.89 | 364.68 | 284.21
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 648.89 | 364.68 | 284.21
"""


@pytest.fixture(scope="module")
def matcher():
    """Matches sentences about a small Book."""
    edition = load("xinjiang-2026")
    book = derive(read_grid(BOOK, edition)[0], edition)
    return Matcher(edition, with_figures(book, edition))


def meant(matcher, section, text):
    """What the slots of a sentence hold, by its meaning; None where that is not sure."""
    found = matcher.best(matcher.candidates(section, loose=True), fold(text), "")
    return found[1] if found is not None and matcher.sure(found) else None


BASIC = {"名称": "基本支出", "金额": "364.68", "占比": "56.20%"}
MORE = {"增减": "增加", "增减额": "76.58", "升降": "增长", "增减率": "26.58%"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "基本支出364.68万元，占56.20%，较上年增加76.58万元，增幅26.58%，主要是人员增加。",
            BASIC | MORE | {"原因": "人员增加"},
        ),
        (
            "其中：基本支出为3646800元,占比56.20%,与2025年相比,增长26.58%,增加765800元;原因:人员增加",
            BASIC | MORE | {"原因": "人员增加"},
        ),
        ("基本支出364.68万元，占百分之56.20，同比增加76.58万元（增长百分之26.58）。", BASIC | MORE),
        (
            "基本支出364.68万元，占56.20%，比上年预算增加-76.58万元，增长-26.58%，系人员减少所致。",
            BASIC
            | {"增减": "减少", "增减额": "76.58", "升降": "下降", "增减率": "26.58%", "原因": "人员减少"},
        ),
        ("基本支出364.68万元，占56.20%，与上年持平。", BASIC),
    ],
)
def test_a_sentence_is_understood(matcher, text, wanted):
    assert meant(matcher, "支出", text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "行政支出364.68万元，较上年增加76.58万元，增幅26.58%。",  # no such name
        "基本支出364.68万元，较2020年增加76.58万元，增幅26.58%。",  # not last year
        "基本支出364.68万元，比上年决算数增加76.58万元，增长26.58%。",  # not last year's budget
        "基本支出364.68万元，比年初计划多76.58万元。",
        "基本支出约三百万元，较上年增加。",
    ],
)
def test_what_is_not_sure_is_not_understood(matcher, text):
    assert meant(matcher, "支出", text) is None


def test_what_follows_from_a_sentence_that_is_not_understood_is_no_error(document):
    """A comparison with something else than last year's budget: told as unread, with what it leaves unknown."""
    known = document(SAMPLE)
    found = said(known.blocks, "比上年预算", "比年初执行口径")
    reading = read_blocks(known.path, found)
    told = check(derive(reading.book, reading.edition), reading.edition, reading.findings)
    assert [f.rule for f in reading.findings if f.rule == "sentence-untold"] == ["sentence-untold"]
    assert [f.rule for f in told if f.severity == Severity.ERROR and f.rule not in known.errors] == []
