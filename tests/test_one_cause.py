"""A slip in a published document is told on one line, with what only follows from it below that; nothing else is told."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import Checked, judged
from budgetgen.app.reports.findings import printed
from budgetgen.app.reports.problems import problems
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.consequences import consequences
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Explanation, Finding, Spot
from budgetgen.values.sayings import saying
from budgetgen.values.text import unspaced
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES, some
from tests.planted import added, cell, document, gone, text

UNIT = "乌鲁木齐科技信息服务中心"
PLATFORM = "“小微企业创业创新综合管理信息服务大平台”机房运行维护费"


def told(found):
    """Each line: its rule, what it says, and the rules that only follow."""
    path = Path("公开文本.docx")
    lines = problems(judged(path, read_blocks(path, found), locating=False)).all
    return {
        (one.rule, one.message): [
            re.search(r"[a-z]+(-[a-z]+)+(?=（)", clue.text)[0] for c in one.lists for clue in c.clues
        ]
        for one in lines
        if one.rule not in {"document-read", "fact-assumed"}
    }


@pytest.fixture(scope="module")
def plain():
    return told(document())


def entry(old, new):
    """Another text in an entry of the contents: the first paragraph that begins so."""

    def edit(found):
        n = next(n for n, block in enumerate(found) if block.text.startswith(old))
        return [*found[:n], type(found[n])(new, found[n].number), *found[n + 1 :]]

    return edit


def last(old, new):
    """Another text in the last paragraph that says just this."""

    def edit(found):
        n = max(n for n, block in enumerate(found) if isinstance(block, Text) and block.text == old)
        return [*found[:n], Text(new, found[n].number), *found[n + 1 :]]

    return edit


INCOME = f"{UNIT}单位收入预算794.86万元，其中："
SLIPS = [
    (
        "标题的单位",
        text("六、关于乌鲁木齐", UNIT, UNIT.replace("信", "")),
        ("unit-variant", "单位写作“乌鲁木齐科技息服务中心”", ["sentence-name"]),
    ),
    (
        "目录的单位少首字",
        entry("五、关于", f"五、关于{UNIT[1:]}2026年一般公共预算当年拨款情况说明"),
        ("unit-variant", "单位写作“鲁木齐科技信息服务中心”", []),
    ),
    (
        "目录的单位少字",
        entry("五、关于", f"五、关于{UNIT.replace('信', '')}2026年一般公共预算当年拨款情况说明"),
        ("unit-variant", "单位写作“乌鲁木齐科技息服务中心”", []),
    ),
    (
        "下属一句的单位少首字",
        text(f"{UNIT}无下属", UNIT, UNIT[1:]),
        ("sentence-name", "单位写作“鲁木齐科技信息服务中心”，别处是“乌鲁木齐科技信息服务中心”", []),
    ),
    (
        "下属一句的单位错字",
        text(f"{UNIT}无下属", UNIT, UNIT.replace("科", "利")),
        (
            "unit-variant",
            "单位写作“乌鲁木齐利技信息服务中心”，别处是“乌鲁木齐科技信息服务中心”",
            ["sentence-name"],
        ),
    ),
    (
        "绩效表的项目",
        cell(14, PLATFORM, PLATFORM, PLATFORM.replace("机房", "机")),
        ("item-variant", "机运行维护费", ["performance-missing", "performance-unplaced"]),
    ),
    (
        "标题的年份",
        text("一、关于乌鲁木齐", "2026", "2025"),
        ("sentence-year", "正文写 2025 年", ["contents-differs"]),
    ),
    (
        "节的序号",
        text("五、关于乌鲁木齐", "五、", "六、"),
        ("text-sequence", "序号“六、”", ["contents-differs"]),
    ),
    (
        "万元写作元",
        text("1.科学技术支出（类）648.89", "万元", "元"),
        ("text-small", "648.89 元", ["sentence-differs"]),
    ),
    ("权重", cell(14, "机房正常运转率", "10", "12"), ("performance-weights", "差 2.00", [])),
    ("封面的年份", entry("2026年", f"2025年{UNIT}"), ("sentence-year", "正文写 2025 年，应为 2026 年", [])),
    ("表的序号", text("表5", "表5", "表4"), ("text-sequence", "序号“表4”接在“表4”后面", [])),
    (
        "表题",
        text("财政拨款收支预算总体情况表", "收支", "支"),
        ("contents-differs", "正文的标题是“财政拨款支预算总体情况表”", ["paragraph-unplaced"]),
    ),
    ("三公总数一段", gone(f"{UNIT}2026年财政拨款“三公”"), ("statement-missing", "“三公”一节没有", [])),
    ("绩效一段", gone("2026年，本单位预算绩效"), ("statement-missing", "“其他”一节没有", [])),
    (
        "采购一段",
        gone(f"2026年，{UNIT}政府采购预算"),
        ("statement-missing", "政府采购预算…万元", ["procurement-small", "assets-blank"]),
    ),
    ("落款少字", last(UNIT, UNIT.replace("信", "")), ("unit-variant", "乌鲁木齐科技息服务中心", [])),
    ("段落重复", added(INCOME, INCOME), ("text-doubled", "单位收入预算794.86万元", [])),
    ("三公增减一段", gone("2026年财政拨款“三公”经费预算比"), ("prior-missing", "公务接待费", [])),
    (
        "书名号少一半",
        text(
            "设立的政策依据：推动高质量",
            "设立的政策依据：",
            "设立的政策依据：《关于印发《办法》的通知（2025年）、",
        ),
        ("text-brackets", "“《》”没有成对", []),
    ),
    (
        "绩效表的项目加注",
        cell(14, PLATFORM, PLATFORM, f"{PLATFORM}（本年和结转）"),
        ("item-variant", "本年和结转", ["performance-missing", "performance-unplaced"]),
    ),
    (
        "权重读不懂",
        cell(14, "机房正常运转率", "10", "十分"),
        ("cell-unread", "十分", ["performance-weights"]),
    ),
]


@pytest.mark.parametrize(
    ("edit", "line"), [one[1:] for one in some(SLIPS, 5)], ids=[one[0] for one in some(SLIPS, 5)]
)
def test_a_slip_is_one_line(plain, edit, line):
    rule, words, following = line
    fresh = {key: below for key, below in told(edit(list(document()))).items() if key not in plain}
    ((found, message),) = fresh
    assert (found, words in message, fresh[found, message]) == (rule, True, following)


def test_what_is_explained_is_no_cause():
    edition = load("xinjiang-2026")
    spot = Spot("项目绩效", "甲项目", "项目名称")
    right = Spot("项目支出", "甲个项目", "项目名称")
    cause = Finding.of(
        edition.rules["item-variant"], saying(写作="甲项目", 表="项目支出", 别处="甲个项目"), spot, right
    )
    follows = Finding.of(edition.rules["performance-unplaced"], saying(), spot)
    elsewhere = Finding.of(
        edition.rules["performance-unplaced"], saying(), Spot("项目绩效", "乙项目", "项目名称")
    )
    explained = Finding(
        cause.rule, cause.severity, cause.said, spots=(spot,), explained=Explanation("是另一项目", "甲")
    )
    assert consequences((follows, cause, elsewhere), edition) == {0: 1}
    assert consequences((follows, explained, elsewhere), edition) == {}


def test_a_use_under_the_names_of_another_level_is_told_once_with_both():
    edition = load("shanghai-2024")
    book, _ = read_grid((SAMPLES / "shanghai-2024-unit.txt").read_text(encoding="utf-8"), edition)
    found = list(blocks(render_document(compose(derive(book, edition), edition), edition)))
    path = Path("公开文本.docx")
    whole = "“卫生健康支出（类）行政事业单位医疗（款）事业单位医疗（项）”"
    wrong = "“卫生健康支出（类）卫生健康支出（款）行政事业单位医疗（项）”"
    slipped = [replace(b, text=b.text.replace(whole, wrong)) if isinstance(b, Text) else b for b in found]
    lines = [
        {one.message: [clue.text for part in one.lists for clue in part.clues] for one in told.all}
        for told in (
            problems(judged(path, read_blocks(path, own), locating=False)) for own in (found, slipped)
        )
    ]
    fresh = {words: below for words, below in lines[1].items() if words not in lines[0]}
    ((words, below),) = ((w, b) for w, b in fresh.items() if "没有读懂：" in w)
    assert words.endswith("金额与表中的“卫生健康支出”、“行政事业单位医疗”、“事业单位医疗”相同，名称不同）")
    assert ["use-missing" in one for one in below].count(True) == 1
    assert not any("没有写用途" in w for w in fresh)


def test_one_tail_is_one_line_in_whatever_tables_it_stands():
    edition = load("shanghai-2025")
    rules = [edition.rules[name] for name in ("hierarchy", "expenditure-row")]

    def tail(rule, difference, *keys):
        found = Finding.of(rule, saying(), *(Spot(table, key, "合计") for table, key in keys))
        return replace(found, difference=Decimal(difference), tail=True)

    found = (
        tail(rules[1], "1", ("支出总体", "21201")),
        tail(rules[0], "-1", ("收入总体", "212"), ("收入总体", "21201")),
        tail(rules[0], "1", ("收入总体", "212")),
        tail(rules[0], "2", ("支出总体", "21201")),
        tail(rules[0], "1", ("支出总体", "208")),
        tail(rules[0], "1", ("支出总体", "总计")),
        tail(rules[0], "1", ("收入总体", "总计")),
    )
    assert consequences(found, edition) == {1: 0, 2: 0}


@pytest.mark.parametrize("date", ["发布时间：2027年2月12日", "二〇二七年二月"])
def test_the_day_of_publication_is_no_year_of_the_cover(plain, date):
    """Nor where it stands before the title."""
    found = list(document())
    fresh = {rule for rule, _ in set(told([Text(date, 0), *found])) - set(plain)}
    assert "sentence-year" not in fresh


@pytest.mark.parametrize(("same", "rules"), [(True, set()), (False, {"text-sequence"})])
def test_a_number_that_stands_again_over_its_own_title_goes_on(same, rules):
    found = list(document())
    at = next(n for n, block in enumerate(found) if isinstance(block, Text) and unspaced(block.text) == "表7")
    title = found[at + 1].text if same else "另一张表"
    again = [found[at], Text(title, found[at].number)]
    fresh = {rule for rule, _ in told([*found[: at + 2], *again, *found[at + 2 :]])}
    assert fresh & {"text-sequence"} == rules


@pytest.mark.parametrize(
    ("lead", "rules"),
    [
        ("2026年委托业务费", set()),
        ("单位收入预算", set()),
        ("一般公共预算基本支出", {"statement-missing"}),
        ("上年结转结余", {"statement-missing"}),
    ],
)
def test_a_line_that_only_sums_up_the_items_below_it_may_lack(lead, rules):
    """Its one figure is what they tell; one that tells more, or stands over no items of a kind, is told."""
    found = [
        b for b in document() if not (isinstance(b, Text) and lead in b.text and b.text.endswith("其中："))
    ]
    assert len(document()) - len(found) == 1
    assert {rule for rule, _ in told(found)} & {"statement-missing"} == rules


SHEETS = """
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 红山科技创新券 | 1.00
项目说明 | 项目名称
 | {}
项目绩效 | 项目名称 | 财政拨款
 | 红山科技创新卷 | 1.00
"""


OUTSOURCED = """委托业务费 | 项目名称 | 合计
 | 红山科技创新券 | 1.00
委托业务费用途 | 项目名称
 | 红山科技创新卷
"""


def shown(described, more=""):
    """The lines on the screen that name a place: of what is wrong with the names of a project, and what only follows."""
    edition = load("xinjiang-2026")
    book, read = read_grid(SHEETS.format(described) + more, edition)
    book = derive(book, edition)
    found = (*read, *check(book, edition, read))
    wanted = {"item-variant", *(rule.id for rule in edition.rules.values() if "item-variant" in rule.follows)}
    checked = Checked(Path("填报.xlsx"), book, edition, tuple(f for f in found if f.rule in wanted))
    return [
        line.strip() for line in printed(checked).splitlines() if line.strip().startswith(("填报.xlsx!", "-"))
    ]


MISSING = "“红山科技创新券”在“项目绩效”页没有对应的行"
UNPLACED = "“红山科技创新卷”有财政拨款 1.00 万元，表7、表12 都没有这个项目"
FOLLOWING = [
    "填报.xlsx!项目绩效!A6：需说明 item-variant",
    f"- 项目支出!B2：需说明 performance-missing（表7 的项目没有绩效目标表）：{MISSING}",
    f"- 项目绩效!A6：需说明 performance-unplaced（有财政拨款的绩效目标表，项目不在表7、表12）：{UNPLACED}",
]


def test_what_is_missing_in_another_table_than_that_of_the_slip_is_told_by_itself():
    """It is missing there, whatever the project is called in 项目绩效."""
    assert shown("红山科技创新券") == FOLLOWING
    assert shown("道路养护") == [
        "填报.xlsx!项目支出!B2：错误 description-missing",
        "填报.xlsx!项目说明!A4：错误 description-unknown",
        *FOLLOWING,
    ]


def test_what_follows_and_asks_for_something_is_never_cut_and_the_level_says_whose_it_is():
    """The slip itself asks for an explanation, and so says what is to be done about it; errors follow from it."""
    first, *following = shown("红山科技创新卷", OUTSOURCED)
    assert first == "填报.xlsx!项目说明!A4：错误（description-missing）、需说明 item-variant"
    assert [re.search(r"：(\w+ [a-z-]+)（", one)[1] for one in following] == [
        "错误 description-missing",
        "错误 outsourced-use-missing",
        "错误 description-unknown",
        "错误 outsourced-use-unknown",
        "需说明 performance-missing",
        "需说明 performance-unplaced",
    ]


def test_a_project_named_nearly_as_its_unit_is_a_line():
    """No line names the unit, and nothing below the project adds up to it."""
    like, other = UNIT.replace("服务", "共享"), "红山科技创新券奖补资金"
    found = [
        replace(b, lines=tuple(ln for ln in b.lines if ln[0].value != UNIT)) if isinstance(b, Grid) else b
        for b in cell(11, other, other, like)(list(document()))
    ]
    rows = read_blocks(Path("公开文本.docx"), found).book["委托业务费"].rows
    assert [row.text("项目名称") for row in rows if row.line][-1] == like
