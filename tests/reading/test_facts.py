"""What a document tells of the office's own style, and of its day."""

import pytest

from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.facts import Facts

EDITION = load("xinjiang-2026")
HOUSE = EDITION.house
AMOUNTS = ("收入预算1,234.56万元。", "支出预算1,234.50万元。", "比上年增加3,486.02%。")


def facts(*texts, cells=()):
    grid = Grid((tuple(Raw(cell) for cell in cells),), 1)
    return Facts(EDITION, (*(Text(text, number) for number, text in enumerate(texts, start=1)), grid))


@pytest.mark.parametrize("cells", [(), ("650100240010000012",) * 9, ("09911234567", "68612345") * 9])
@pytest.mark.parametrize("period", ["", "资金执行时间：2026.1.1—2026.12.25", "版本2026.11，共1234.5千米。"])
def test_codes_and_days_are_no_amounts_without_separators(cells, period):
    assert facts(*AMOUNTS, *[period] * 5, cells=cells).habits([])[HOUSE.grouped] == "是"


def test_most_amounts_tell_whether_there_are_separators():
    assert facts(*AMOUNTS, *["支出预算1234.56万元。"] * 4).habits([])[HOUSE.grouped] == "否"
    assert facts(*AMOUNTS, cells=["1234.56"] * 4).habits([])[HOUSE.grouped] == "否"


@pytest.mark.parametrize("zero", ["政府性基金预算拨款，0万元。", "比上年增长0%。", "其中：0万元，0%。"])
def test_a_bare_zero_tells_nothing_of_zeros_at_the_end(zero):
    assert facts("收入预算1,234.50万元。", *[zero] * 5).habits([])[HOUSE.trimmed] == "否"
    assert facts("收入预算，12.5万元。", *[zero] * 5).habits([])[HOUSE.trimmed] == "是"


@pytest.mark.parametrize(
    ("last", "day"),
    [
        ("二〇二六年二月二十日", "2026年2月20日"),
        ("2026年3月1日", "2026年3月1日"),
        ("二〇二六年二月一十日", "2026年1月5日"),
    ],
)
def test_the_last_line_that_is_a_day_is_the_day(last, day):
    assert facts("2026年1月5日", last).about[HOUSE.date].replace("二〇二六", "2026") == day


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("某某市社会福利院是收养孤老、寄养有家老人的事业单位。", "事业单位"),
        ("本单位为公益一类事业单位，承担接待工作。", "事业单位"),
        ("某某市社会福利院是全额拨款的参照公务员法管理的事业单位。", "参照公务员法管理的事业单位"),
        ("某某市社会福利院是区政府的派出机关，依据规定履行职能。", "行政单位"),
        ("某某市民政局是主管养老的政府工作部门。", None),
        ("某某市社会福利院是主管区属3家事业单位的机构。", None),
        ("本单位是区政府的派出机关。\n本单位为公益一类事业单位。", None),
        ("本单位为非参照公务员法管理的事业单位，经费形式为全额拨款。", None),
        ("本单位为非行政单位。", None),
        ("本单位是未纳入参公管理事业单位。", None),
        ("本单位是代管全市行政单位。", None),
        ("本单位是面向全区各级事业单位，开展人事代理的行政机关。", None),
        ("本单位为全区各类事业单位，提供会计服务。", None),
        ("本单位是服务于全区的事业单位，提供会计服务的机构。", None),
    ],
)
def test_what_a_sentence_calls_the_unit_tells_its_kind(said, kind):
    texts = ["编制单位：某某市社会福利院", *said.split("\n")]
    found = Facts(load("shanghai-2025"), [Text(text, n) for n, text in enumerate(texts)])
    assert dict(found.called) == ({"机构类型": kind} if kind else {})
