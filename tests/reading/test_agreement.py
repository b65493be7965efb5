"""Sentences of a published document against its tables: what agrees is not told, what does not is."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.narrative.sentences import SentenceReader
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.places import told_place
from budgetgen.values.sides import sides_of
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES

TABLES = """
单位信息 | 项目 | 内容
 | 单位名称 | 示例中心
 | 公开主体 | 单位
 | 预算年度 | 2026
收支总体 | 项目 | 预算数
 | 单位资金 | 25.00
收入总体 | 科目代码 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 75.00 | 75.00 |
 | 2080505 | 25.00 |  | 25.00
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 75.00 |
 | 2080505 |  | 25.00
一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 75.00
基本支出 | 科目代码 | 人员经费
 | 30101 | 50.00
 | 30103 | 25.00
结转结余 | 项目 | 财政拨款项目支出
 | 特定目标2410010U | 1.00
 | 特定目标0510022L | 2.00
"""
GENERAL = "一般公共预算75.00万元，占75.00%，比上年预算增加25.00万元，增长50.00%，主要原因是人员增加。"
MORE = "一般公共预算75.00万元，占75.00%，比上年预算增加15.00万元，增长25.00%，主要原因是人员增加。"
OWN = "单位资金25.00万元，占25.00%，比上年预算增加25.00万元，增长100.00%，主要原因是新增合作项目。"
BASIC = "基本支出75.00万元，占75.00%，比上年预算增加25.00万元，增长50.00%，主要原因是人员增加。"
PROJECT = "项目支出25.00万元，占25.00%，比上年预算增加25.00万元，增长100.00%，主要原因是新增合作项目。"
USES = "（三）一般公共预算当年拨款具体使用情况"
UNSAID = ["sentence-missing", "sentence-missing"]
"""The same section also compares the basic expenditure, and tells the share of each category."""
USE = (
    "1.科学技术支出（类）科技条件与服务（款）机构运行（项）：2026年预算数为75.00万元，"
    "比上年预算增加25.00万元，增长50.00%，主要原因是人员增加。"
)


@pytest.fixture(scope="module")
def told(newest):
    """The rules that the paragraphs of a section break."""
    book, _ = read_grid(TABLES, newest)
    known = with_figures(derive(book, newest), newest)

    def read(section, *paragraphs):
        reader = SentenceReader(newest, known)
        reader.read(section, [Text(words, n) for n, words in enumerate(paragraphs, start=1)])
        assert reader.gathered.unplaced == []
        return [one.finding.rule for one in reader.agreement.told()]

    return read


@pytest.mark.parametrize(
    ("section", "paragraphs", "rules"),
    [
        ("收入", [GENERAL, OWN], []),
        (
            "收入",
            [GENERAL.replace("75.00万元", "76.00万元", 1), OWN],
            ["sentence-differs", "sentence-readings"],
        ),
        ("收入", [GENERAL.replace("占75.00%", "占74.00%"), OWN], ["sentence-share"]),
        ("收入", [GENERAL.replace("增长", "下降"), OWN], ["sentence-direction"]),
        ("收入", [GENERAL, OWN.replace("100.00%", "25.00%")], ["sentence-rate"]),
        ("收入", [GENERAL], ["sentence-missing"]),
        ("收入", [GENERAL, "单位资金未安排。", OWN], ["sentence-denied", "sentence-twice"]),
        ("收入", [GENERAL, MORE, OWN], ["sentence-prior", "sentence-twice"]),
        ("支出", [BASIC, PROJECT], []),
        ("支出", [BASIC, "项目支出未安排。"], ["sentence-denied"]),
        ("收支", ["收入预算包括：一般公共预算、单位资金。"], []),
        ("收支", ["收入预算包括：一般公共预算。"], ["sentence-list"]),
        ("收支", ["收入预算包括：一般公共预算、单位资金、政府性基金预算。"], ["sentence-list"]),
        ("收支", ["支出预算包括：科学技术支出、社会保障和就业支出。"], []),
        ("收支", ["支出预算包括：科学技术支出等。"], []),
        ("收支", ["支出预算包括：科学技术支出、教育支出等。"], ["sentence-list"]),
        ("一般公共预算", [USES, USE], [*UNSAID]),
        (
            "一般公共预算",
            [USES, USE.replace("75.00万元", "57.00万元")],
            ["sentence-differs", "sentence-readings", *UNSAID],
        ),
        (
            "一般公共预算",
            [USES, USE.replace("科技条件与服务（款）", "科技服务（款）")],
            ["sentence-name", *UNSAID],
        ),
        ("一般公共预算", [USES, USE, USE], ["sentence-twice", *UNSAID]),
        ("基本支出", ["示例中心2026年一般公共预算基本支出75.00万元，其中："], []),
        ("基本支出", ["示例中心2025年一般公共预算基本支出75.00万元，其中："], ["sentence-year"]),
        ("基本支出", ["示例服务中心2026年一般公共预算基本支出75.00万元，其中："], ["sentence-name"]),
        ("基本支出", ["人员经费75.00万元，主要包括：基本工资、奖金。"], []),
        ("基本支出", ["人员经费75.00万元，主要包括：基本工资、奖金、医疗费。"], ["sentence-list"]),
        ("基本支出", ["人员经费57.00万元，主要包括：基本工资、奖金。"], ["sentence-differs"]),
        (
            "其他",
            ["本单位上年结转SM项目2个，涉及预算金额3.00万元，项目绩效目标表完全不予公开。"],
            ["sentence-missing"],
        ),
        (
            "其他",
            ["本单位上年结转SM项目1个，涉及预算金额3.00万元，项目绩效目标表完全不予公开。"],
            ["sentence-differs", "sentence-missing"],
        ),
    ],
)
def test_sentences_agree_with_the_tables(told, section, paragraphs, rules):
    assert sorted(told(section, *paragraphs)) == sorted(rules)


FELL = GENERAL.replace("增长50.00%", "下降25.00%")
"""A rise by 25.00 from 50.00 is one of 50.00 %, a fall by it from 100.00 one of 25.00 %."""


@pytest.mark.parametrize(
    ("sentence", "prior", "told"),
    [
        (GENERAL, Decimal(50), {}),
        (
            GENERAL.replace("75.00万元", "57.00万元", 1),  # the rate follows from the amount of the table
            Decimal(50),
            {
                "sentence-readings": "“收入 一般公共预算”读作本年 57.00、增加 25.00，则上年 32.00，增减率 78.13%；"
                "读作本年 75.00、增加 25.00，则上年 50.00，增减率 50.00%；与所写的增减率相符，按上年 50.00 读取"
            },
        ),
        (
            FELL,
            Decimal(100),
            {
                "sentence-readings": "“收入 一般公共预算”读作本年 75.00、增加 25.00，则上年 50.00，增减率 50.00%；"
                "读作本年 75.00、减少 25.00，则上年 100.00，增减率 25.00%；与所写的增减率相符，按上年 100.00 读取"
            },
        ),
        (
            FELL.replace("25.00%", "30.00%"),
            None,
            {
                "sentence-ambiguous": "“收入 一般公共预算”读作本年 75.00、增加 25.00，则上年 50.00，增减率 50.00%；"
                "读作本年 75.00、减少 25.00，则上年 100.00，增减率 25.00%；不能确定是哪一种，都没有读取"
            },
        ),
    ],
)
def test_a_sentence_that_contradicts_itself_is_told_with_all_its_readings(newest, sentence, prior, told):
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    reader.read("收入", [Text(sentence, 1), Text(OWN, 2)])
    assert reader.gathered.priors.get("收入：一般公共预算") == prior
    others = {"sentence-differs", "sentence-direction"}
    assert {
        one.finding.rule: one.finding.message
        for one in reader.agreement.told()
        if one.finding.rule not in others
    } == told


NAMESAKES = """
单位信息 | 项目 | 内容
 | 单位名称 | 示例中心
 | 预算年度 | 2026
一般公共预算支出 | 科目代码 | 科目名称 | 基本支出
 | 2060501 | 机构运行 | 60.00
 | 2060599 | 机构运行 | 15.00
"""
"""Two lines of one name."""


@pytest.mark.parametrize(
    ("amount", "priors", "ambiguous"),
    [
        ("60.00", {"一般公共预算支出/2060501": Decimal(35)}, ""),
        ("15.00", {"一般公共预算支出/2060599": Decimal(-10)}, ""),
        (
            "40.00",
            {},
            (
                "“1.科学技术支出（类）科技条件与服务（款）机构运行（项）：2026年预算数为40…”可以是说"
                "“一般公共预算支出/2060501”（表中本年 60.00，则上年 15.00），也可以是说"
                "“一般公共预算支出/2060599”（表中本年 15.00，则上年 15.00），不能确定，没有读取"
            ),
        ),
    ],
)
def test_a_sentence_on_one_of_two_figures_of_a_name_is_of_that_of_its_amount_or_told(
    newest, amount, priors, ambiguous
):
    book, _ = read_grid(NAMESAKES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    reader.read("一般公共预算", [Text(USES, 1), Text(USE.replace("75.00万元", f"{amount}万元"), 2)])
    assert {key: prior for key, prior in reader.gathered.priors.items() if "/" in key} == priors
    said = [
        one.finding.message for one in reader.agreement.told() if one.finding.rule == "sentence-ambiguous"
    ]
    assert said == ([ambiguous] if ambiguous else [])


@pytest.mark.parametrize(
    ("section", "paragraphs", "wrong"),
    [
        ("收入", [GENERAL.replace("75.00万元", "7,5.00万元", 1), OWN], "7,5.00"),
        ("收入", [GENERAL.replace("75.00万元", ",万元", 1), OWN], ","),
        ("收入", [GENERAL.replace("75.00万元", f"{'9' * 13}万元", 1), OWN], "9" * 13),
        ("收入", [GENERAL.replace("占75.00%", "占7,5.00%"), OWN], "7,5.00%"),
        ("收入", [GENERAL.replace("25.00万元", "2,5.00万元"), OWN], "2,5.00"),
        ("收入", [GENERAL.replace("50.00%", "5,0.00%"), OWN], "5,0.00%"),
        ("收入", [GENERAL, OWN.replace("100.00%", ",100.00%")], ",100.00%"),
        ("基本支出", ["人员经费7,5.00万元，主要包括：基本工资、奖金。"], "7,5.00"),
    ],
)
def test_a_number_that_is_none_is_told_and_all_else_is_compared(newest, section, paragraphs, wrong):
    """Of the first sentence nothing but the number is told; what the second says of its figure is read."""
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    reader.read(section, [Text(words, n) for n, words in enumerate(paragraphs, start=1)])
    (told,) = reader.agreement.told()
    (said,) = [n for n, words in enumerate(paragraphs, start=1) if wrong in words]
    assert (told.finding.rule, told.text.number, told.finding.message) == (
        "sentence-number",
        said,
        f"正文写“{wrong}”，不是正确的数字，没有读取：“{paragraphs[said - 1][:40]}…”",
    )


def test_a_full_width_per_cent_sign_is_one(told):
    assert told("收入", GENERAL.replace("%", "％"), OWN.replace("100.00%", "25.00％")) == ["sentence-rate"]


@pytest.mark.parametrize(
    ("places", "rate", "off"),
    [
        (".00", "60.40%", True),
        (".0", "60.40%", False),
        (".0", "61.00%", True),
        ("", "60.40%", False),
        ("", "64.90%", False),
        ("", "70.00%", True),
    ],
)
def test_a_rate_is_held_against_amounts_as_finely_as_the_sentence_prints_them(told, places, rate, off):
    """80万元 after 50万元 may be 80.40 after 50.10; the tables have another amount."""
    said = (
        GENERAL.replace("75.00万", f"80{places}万")
        .replace("25.00万", f"30{places}万")
        .replace("50.00%", rate)
    )
    assert ("sentence-rate" in told("收入", said, OWN)) == off


def test_a_number_that_is_none_is_told_in_each_paragraph(told):
    wrong = "人员经费7,5.00万元，主要包括：基本工资、奖金。"
    assert sorted(told("基本支出", wrong, wrong)) == ["sentence-number", "sentence-number"]


def test_a_document_is_read_whatever_numbers_of_it_are_none(newest):
    """Of the sample: an amount, what changed, how many, and what is carried over to a project."""
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), newest)
    found = list(blocks(render_document(compose(derive(book, newest), newest), newest)))
    before = read_blocks(Path("公开文本.docx"), found)
    places = []
    for piece, wrong in (
        ("收支总预算", ","),
        ("一般公共预算648.89万元，占81.64%，比上年预算增加", "12,34.50"),
        ("机房运行维护费结转", "1234,5"),
        ("其他车辆", "1.5"),
    ):
        at, right = next((n, b) for n, b in enumerate(found) if isinstance(b, Text) and piece in b.text)
        text = re.sub(f"{piece}[\\d.,]+", f"{piece}{wrong}", right.text)
        found[at] = replace(right, text=text)
        places.append((f"正文写“{wrong}”", told_place(right.place)))
    reading = read_blocks(Path("公开文本.docx"), found)
    told = [finding for finding in reading.findings if finding.rule == "sentence-number"]
    assert [(f.message.partition("，不是")[0], told_place(f.spots[0].place)) for f in told] == places
    assert [f.spots[0].around for f in told] == [
        "“一、关于乌鲁木齐…026年收支预算情况的总体说明”下",
        "“二、关于乌鲁木齐…中心2026年收入预算情况说明”下",
        "“十二、关于乌鲁木…26年上年结转结余预算情况说明”下",
        "“十三、其他重要事项的情况说明”下",
    ]
    also = {"sentence-number", "text-ways"}  # a lone comma is one of another width
    assert [f.rule for f in reading.findings if f.rule not in also] == [f.rule for f in before.findings]
    printed = [table.name for table in newest.printed]
    assert [reading.book[name] for name in printed] == [before.book[name] for name in printed]


WITHHELD = "本单位上年结转SM项目2个，涉及预算金额3.00万元，项目绩效目标表完全不予公开{}"


@pytest.mark.parametrize(
    ("end", "slips", "unplaced"),
    [("。", [], 0), ("的。", ["的"], 0), ("的是。", [], 1)],
)
def test_a_stray_sign_at_the_end_of_a_sentence_is_overlooked(newest, end, slips, unplaced):
    """One sign is a slip; two make another sentence, and that is not understood."""
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    reader.read("其他", [Text(WITHHELD.format(end), 1)])
    told = [slip for _, slip in reader.gathered.slips]
    assert (told, len(reader.gathered.unplaced)) == (slips, unplaced)


def test_a_stray_sign_is_told_with_its_sentence_and_its_place(newest):
    """The document of the sample, with one sign too many."""
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), newest)
    found = list(blocks(render_document(compose(derive(book, newest), newest), newest)))
    at, right = next((n, b) for n, b in enumerate(found) if isinstance(b, Text) and "收支总预算" in b.text)
    found[at] = replace(right, text=right.text.replace("万元。", "万元的。"))
    reading = read_blocks(Path("公开文本.docx"), found)
    (told,) = (finding for finding in reading.findings if finding.rule == "sentence-slip")
    assert told.message == f"按没有“的”读懂：{found[at].text}"
    assert [told_place(spot.place) for spot in told.spots] == [told_place(right.place)]


# --- how far rounding reaches -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "rules"),
    [
        ("74.98%", ["sentence-share"]),
        ("74.99%", []),
        ("75.00%", []),
        ("75.01%", []),
        ("75.02%", ["sentence-share"]),
    ],
)
def test_a_share_may_be_off_by_what_both_amounts_were_rounded(told, share, rules):
    """Half a hundredth of its own, and a cent in a hundred 万元: 0.015 of a percent."""
    assert told("收入", GENERAL.replace("占75.00%", f"占{share}"), OWN) == rules


@pytest.mark.parametrize(
    ("amount", "share", "said"),
    [
        ("75.00", "100.00%", []),
        ("75.00", "80.00%", ["由表算得 100.00"]),
        ("60.00", "80.00%", []),  # of its own amount
        ("60.00", "100.00%", []),  # of that of the table
        ("60.00", "80.01%", []),
        ("60.00", "80.03%", ["由同一句的金额算得 80.00%"]),
        ("60.00", "95.00%", ["由同一句的金额算得 80.00%"]),
    ],
)
def test_a_share_is_judged_by_the_amount_beside_it_where_that_is_another_than_the_tables(
    newest, amount, share, said
):
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    texts = (
        "（二）一般公共预算当年拨款结构情况，其中：",
        f"1.科学技术支出（206类）{amount}万元，占{share}。",
    )
    reader.read("一般公共预算", [Text(words, n) for n, words in enumerate(texts, start=1)])
    assert reader.gathered.unplaced == []
    found = [one.finding for one in reader.agreement.told()]
    assert [one.message.partition("，")[2] for one in found if one.rule == "sentence-share"] == said
    differs = [one.rule for one in found if one.rule == "sentence-differs"]
    assert differs == ([] if amount == "75.00" else ["sentence-differs"])


SMALL = """
单位信息 | 项目 | 内容
 | 公开主体 | 单位
收入总体 | 科目代码 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 0.30 | 0.30 |
 | 2060502 | 0.45 | 0.45 |
 | 2080505 | 0.25 |  | 0.25
"""


@pytest.mark.parametrize(
    ("amount", "share", "rules"),
    [
        ("0.75", "75.00%", []),
        ("0.76", "75.00%", []),
        ("0.74", "75.00%", []),
        ("0.77", "75.00%", ["sentence-differs", "sentence-readings"]),
        ("0.73", "75.00%", ["sentence-differs", "sentence-readings"]),
        ("0.75", "76.00%", []),
        ("0.75", "76.01%", ["sentence-share"]),
        ("0.75", "74.00%", []),
        ("0.75", "73.99%", ["sentence-share"]),
    ],
)
def test_a_sum_of_two_may_be_off_by_a_cent_and_shares_of_little_by_more(newest, amount, share, rules):
    book, _ = read_grid(SMALL, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    said = (
        f"一般公共预算{amount}万元，占{share}，比上年预算增加0.25万元，增长50.00%，主要原因是人员增加。",
        "单位资金0.25万元，占25.00%，比上年预算增加0.25万元，增长100.00%，主要原因是新增合作项目。",
    )
    reader.read("收入", [Text(words, n) for n, words in enumerate(said, start=1)])
    assert [one.finding.rule for one in reader.agreement.told()] == rules


@pytest.mark.parametrize(
    ("amount", "rules"), [("75.00", []), ("75.01", ["sentence-differs"]), ("74.99", ["sentence-differs"])]
)
def test_an_amount_of_one_cell_is_that_amount(told, amount, rules):
    assert told("收入", GENERAL.replace("75.00万元", f"{amount}万元", 1), OWN) == rules


def test_what_differs_is_told_with_both_sides_the_difference_and_the_cells(newest):
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest))
    said = [
        GENERAL.replace("75.00万元", "76.50万元", 1).replace("50.00%", "48.54%"),
        OWN.replace("占25.00%", "占26.00%"),
    ]
    reader.read("收入", [Text(words, n) for n, words in enumerate(said, start=1)])
    assert [
        (d.finding.rule, d.finding.message, d.finding.difference, d.text.number)
        for d in reader.agreement.told()
    ] == [
        ("sentence-differs", "“收入 一般公共预算”正文写 76.50，由表算得 75.00", Decimal("1.50"), 1),
        ("sentence-share", "“收入 单位资金”正文写 26.00%，由表算得 25.00", None, 2),
    ]
    written, worked = sides_of(reader.agreement.told()[0].finding)
    assert [
        (side.value, [(s.table, s.column) for s in side.terms[0].cells]) for side in (written, worked)
    ] == [
        ("76.50", [("正文", "")]),
        ("75.00", [("收支总体", "预算数")]),
    ]


@pytest.mark.parametrize(
    ("rate", "rules"), [("100.00%", []), ("0.00%", ["sentence-rate"]), ("99.99%", ["sentence-rate"])]
)
def test_a_rate_from_nothing_is_a_hundred(told, rate, rules):
    assert told("收入", GENERAL, OWN.replace("增长100.00%", f"增长{rate}")) == rules


@pytest.mark.parametrize(
    ("absent", "rules"),
    [((), ["sentence-list"]), (("收入总体", "收支总体"), [])],
    ids=["complete", "a table lacks"],
)
def test_an_enumeration_is_not_held_against_what_is_not_known(newest, absent, rules):
    """That a source of income is left out is told only where the tables of income are there."""
    book, _ = read_grid(TABLES, newest)
    reader = SentenceReader(newest, with_figures(derive(book, newest), newest), absent=frozenset(absent))
    reader.read("收支", [Text("收入预算包括：一般公共预算。", 1)])
    assert [one.finding.rule for one in reader.agreement.told()] == rules
