"""Published documents are read by the declarations that write them, and written anew from what was read."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.reading.document.reader import read_document
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Severity
from budgetgen.values.model import Paragraph
from tests.conftest import COMPARE, PUBLISHED

pytestmark = pytest.mark.published


@dataclass(frozen=True)
class Published:
    """What a published document gives.

    Attributes:
        unplaced: a piece of each paragraph that was not understood.
        reading: the errors found while reading.
        errors: the rules that it breaks.
        habits: rows of 单位信息 that it shows.
        numbers, text: the least scores of the narrative written anew.
    """

    unplaced: tuple[str, ...] = ()
    reading: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    habits: tuple[tuple[str, str], ...] = ()
    numbers: float = 0.98
    text: float = 0.9


DOCUMENTS = {
    "2026-center": Published(
        reading=frozenset({"sentence-differs"}),
        errors=frozenset({"performance-merged"}),
        habits=(
            ("机构类型", "事业单位"),
            ("千分位", "是"),
            ("持平表述", "增加0.00万元"),
            ("自称", "同公开主体"),
            ("绩效表冒号", "否"),
        ),
    ),
    "2024-bureau": Published(
        habits=(("公开主体", "部门"), ("机构类型", "行政单位"), ("千分位", "是"), ("自称", "同公开主体")),
    ),
    "2025-district": Published(
        errors=frozenset({"prior-balance", "prior-general"}),
        habits=(("机构类型", "行政单位"), ("千分位", "否"), ("持平表述", "减少0.00万元"), ("自称", "本部门")),
        text=0.85,
    ),
    "2026-park": Published(
        # what the template says to its user is told as that, and not here
        unplaced=("故财政拨款“三公”经费支出情况表为空表（", "办公设备价值"),
        reading=frozenset({"sheet-missing", "sentence-differs", "sentence-share", "sentence-list"}),
        errors=frozenset(
            {
                "appropriation-category-general",
                "appropriation-general",
                "general-projects",
                "general-projects-item",
                "hierarchy",
                "income-expenditure",
                "income-general",
                "income-row",
                "income-row-appropriation",
                "kind-use-missing",
                "kind-use-unknown",
                "summary-category",
                "summary-general",
            }
        ),
        habits=(
            ("去掉末尾零", "是"),
            ("列举加等", "是"),
            ("项目序号", "1、"),
            ("具体使用情况", "按款合并"),
            ("结构写类代码", "是"),
            ("持平表述", "相比上年预算无变化"),
            ("绩效表冒号", "是"),
            ("绩效表盖章", "是"),
        ),
        numbers=0.8,
        text=0.6,
    ),
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request):
    """A published document: its path, what it should give, what was read, and the Book derived from it."""
    path = PUBLISHED / f"{request.param}.docx"
    reading = read_document(path)
    return path, DOCUMENTS[request.param], reading, derive(reading.book, reading.edition)


def test_what_was_not_understood_is_told(document):
    _, expected, reading, _ = document
    told = [f.message.removeprefix("没有读懂：") for f in reading.findings if f.rule == "paragraph-unplaced"]
    assert len(told) == len(expected.unplaced)
    assert [piece for piece, text in zip(expected.unplaced, told, strict=True) if piece not in text] == []


def test_its_errors_are_found_and_no_others(document):
    _, expected, reading, book = document
    assert {f.rule for f in reading.findings if f.severity == Severity.ERROR} == expected.reading
    found = {f.rule for f in check(book, reading.edition) if f.severity == Severity.ERROR and not f.tail}
    assert found == expected.errors


def test_its_house_style_is_recognised(document):
    _, expected, reading, _ = document
    house = reading.edition.house
    shown = [(key, str(reading.book.cell(house.about, key, house.value).value)) for key, _ in expected.habits]
    assert shown == list(expected.habits)


def test_its_narrative_is_written_anew(document):
    path, expected, reading, book = document
    spec = importlib.util.spec_from_file_location("compare", COMPARE)
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    composed = compose(book, reading.edition, draft=True)
    said = [block.text for block in composed.parts[2].blocks if isinstance(block, Paragraph)]
    same, exact, total, _ = compare.compare_narrative(compare.read(path)[1], said)
    assert exact / total >= expected.numbers
    assert same / total >= expected.text


def test_a_published_rate_is_kept_where_the_printed_amounts_give_another():
    reading = read_document(PUBLISHED / "2025-district.docx")
    stored = reading.edition.comparisons
    rates = {r.key: r[stored.basis[0].rate].value for r in reading.book[stored.prior].rows}
    kept = {key: str(rate) for key, rate in rates.items() if rate is not None}
    assert kept == {
        "支出：基本支出": "13.28",
        "一般公共预算：基本支出": "13.28",
        "运行经费": "23.47",
        "一般公共预算支出/2080505": "12.08",
    }
