"""What reviewers mark by hand in a document: headings, ends of sentences, figures said twice, uses of other items."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.proofreading.citations import citations
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES
from tests.workbooks import derived_of

UNIT = "xinjiang-2026-unit"
FORMATS = {"xinjiang-2026-unit": "xinjiang-2026", "shanghai-2024-unit": "shanghai-2024"}


@cache
def printed(sample):
    """The document of a sample as its paragraphs and tables."""
    edition = load(FORMATS[sample])
    book, _ = read_grid((SAMPLES / f"{sample}.txt").read_text(encoding="utf-8"), edition)
    return tuple(blocks(render_document(compose(derive(book, edition), edition), edition)))


@lru_cache(maxsize=8)
def reading(sample, *edits):
    """A sample's document as it is read; of each edit the last paragraph that begins so is said otherwise."""
    found = list(printed(sample))
    for start, old, new in edits:
        at = max(
            n for n, block in enumerate(found) if isinstance(block, Text) and block.text.startswith(start)
        )
        assert old in found[at].text
        found[at] = replace(found[at], text=new.join(found[at].text.rsplit(old, 1)))
    return read_blocks(Path("公开文本.docx"), found)


def told(sample, rule, *edits):
    """What a rule says of a sample's document with these edits."""
    return [f.message for f in reading(sample, *edits).findings if f.rule == rule]


ENDED = "单位资金28.00万元", "建设资金，列入本年预算。", "建设资金，列入本年预算"
HEADED = "一、关于乌鲁木齐科技信息服务中心2026年收支", "2026年收支", "年收支"
NUMBERED = "九、关于", "九、", "八、"
OTHER = (
    "乌鲁木齐科技信息服务中心2026年没有使用政府性基金",
    "政府性基金预算支出情况表",
    "国有资本经营预算支出情况表",
)
MISNAMED = OTHER[0], "政府性基金预算支出情况表", "政府性基金预算收支情况表"
MISSPELT = "收入全部为", "一般公共预算", "一般公供预算"
LISTED = "公用经费31.40", "取暖费", "取暧费"
CITED = "设立的政策依据：推动高质量", "165号", "156号"
SMALL = "资金分配情况：电费", "2.00万元", "2.00元"
REMARK = "注：本单位2024年无政府性", "本单位", "本部门"
SAID_TWICE = "6.“", "2024年预算安排50.37万元", "2024年预算安排53.07万元"


@pytest.mark.parametrize(
    ("sample", "rule", "edit", "words"),
    [
        ("xinjiang-2026-unit", "sentence-unended", ENDED, "1 段末尾没有标点：“设资金，列入本年预算”"),
        (
            "xinjiang-2026-unit",
            "contents-differs",
            HEADED,
            "正文的标题是“一、关于乌鲁木齐科技信息服务中心年收支",
        ),
        ("xinjiang-2026-unit", "text-sequence", NUMBERED, "序号“八、”接在“八、”后面"),
        ("xinjiang-2026-unit", "table-named", OTHER, "却说“国有资本经营预算支出情况表”是空表"),
        ("xinjiang-2026-unit", "table-named", MISNAMED, "文中的题名是“政府性基金预算支出情况表”"),
        ("xinjiang-2026-unit", "text-misspelt", MISSPELT, "“一般公供预算”像是“一般公共预算"),
        ("xinjiang-2026-unit", "sentence-list", LISTED, "写作“取暧费”，表中是“取暖费”"),
        ("xinjiang-2026-unit", "text-citation", CITED, "“乌编办〔2019〕156号”，别处是“乌编办〔2019〕165号”"),
        ("xinjiang-2026-unit", "text-small", SMALL, "写作 2.00 元，别处有 2.00 万元"),
        ("shanghai-2024-unit", "subject-mixed", REMARK, "“本部门”"),
        ("shanghai-2024-unit", "sentence-differs", SAID_TWICE, "正文写 53.07，由表算得 50.37"),
    ],
)
def test_a_slip_of_the_document_is_told_once_and_the_document_itself_has_none(sample, rule, edit, words):
    (message,) = told(sample, rule, edit)
    assert words in message
    assert told(sample, rule) == []


@pytest.mark.parametrize(
    ("sample", "edit", "rules"),
    [
        (
            "xinjiang-2026-unit",
            (
                "注：本表不含",
                "注：本表不含上年结转结余资金，含上级转移支付资金。",
                "备注：无内容应公开空表并说明情况。",
            ),
            {"text-residue": 1, "paragraph-unplaced": 0},
        ),
        (
            "shanghai-2024-unit",
            ("6.“", "卫生健康支出（类）", "卫生建康支出（类）"),
            {"sentence-name": 1, "text-misspelt": 0},
        ),
        ("xinjiang-2026-unit", MISSPELT, {"text-misspelt": 1}),
    ],
)
def test_what_one_rule_tells_of_a_paragraph_no_other_tells_again(sample, edit, rules):
    assert {rule: len(told(sample, rule, edit)) for rule in rules} == rules


WELL_WRITTEN = {
    "text-small": [
        (*SMALL[:2], words)
        for words in (
            "补助每人2.00元，全年安排2.00万元",
            "按每生每年2.00元标准，安排2.00万元",
            "标准为2.00元，合计2.00万元",
            "按2.00元的标准，安排2.00万元",
            "单价2.00元以上的，安排2.00万元",
            "2.00元/吨，安排2.00万元",
            "结转0.00元，上年0.00万元",
        )
    ],
    "table-named": [
        (*OTHER[:2], name)
        for name in (
            "政府性基金预算支出表",
            "政府性基金表",
            "表八",
            "公开08表",
            "故我单位基金预算支出情况表",
        )
    ],
    "text-usage": [
        ("设立的政策依据：推动高质量", "推动", f"{words}推动")
        for words in (
            "我单位单价100万元以上设备0台，",
            "满足群众的需要和社会发展的需要。",
            "既是改革的要求，也是发展的要求。",
            "是改革的要求更是发展的要求。",
            "实现减排的目标与增长的目标；",
        )
    ],
}
"""What each rule passes over; each rule's in a paragraph of its own, so that a document may have one of each."""
BESIDE = [
    {rule: edit for rule, edit in zip(WELL_WRITTEN, edits, strict=True) if edit}
    for edits in zip_longest(*WELL_WRITTEN.values())
]
BOTH = {"subject-mixed": (REMARK[0], "本单位", "落实本部门、本单位责任，本单位")}


@pytest.mark.parametrize(
    ("sample", "edits"),
    [*((UNIT, edits) for edits in BESIDE), ("shanghai-2024-unit", BOTH)],
)
def test_what_an_office_writes_well_is_passed_over(sample, edits):
    found = reading(sample, *edits.values()).findings
    assert [f.message for f in found if f.rule in edits] == []


LAW = "《科技专项资金管理办法》（{}）"


@pytest.mark.parametrize(
    ("numbers", "count"),
    [
        (("财农〔2025〕86号", "新财农〔2025〕112号"), 0),
        (("财农〔2025〕86号", "新财农〔2025〕86号"), 0),
        (("财农〔2024〕90号", "财农〔2025〕91号"), 0),
        (("财农〔2024〕90号", "财农〔2025〕90号"), 0),
        (("财农〔2025〕12号", "财农〔2025〕52号"), 0),
        (("财农〔2025〕86号", "财建〔2025〕86号"), 0),
        (("财农〔2025〕86号", "财农〔2025〕68号"), 1),
        (("昌州科字〔2025〕26号", "昌吉州科字〔2025〕26号"), 1),
        (("昌州科字〔2025〕26号", "昌洲科字〔2025〕26号"), 1),
    ],
)
def test_notices_of_two_offices_or_years_may_bear_one_title(newest, numbers, count):
    assert len(list(citations([LAW.format(one) for one in numbers], newest.lint.cited))) == count


def test_short_numbers_behind_words_that_documents_share_may_be_two(newest):
    texts = [f"关于下达资金预算的通知（乌财建〔2025〕{number}号）" for number in (12, 21)]
    assert list(citations(texts, newest.lint.cited)) == []


def test_a_title_behind_its_number_is_the_name_of_its_table():
    name = "政府性基金预算支出情况表"
    texts = {name: f"表8{name}"}
    edited = [
        replace(b, text=texts.get(b.text, b.text.replace(f"，{name}", f"，故{name}")))
        if isinstance(b, Text)
        else b
        for b in printed(UNIT)
    ]
    assert sum(b.text == texts[name] for b in edited if isinstance(b, Text)) == 1
    found = read_blocks(Path("公开文本.docx"), edited).findings
    assert [f.message for f in found if f.rule == "table-named"] == []


USES = """
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2120102 | 9.00 | 9.00 |
 | 2120104 | 5.00 | 5.00 |
支出用途 | 科目代码 | 用途
 | 2120102 | 城乡社区管理事务一般行政管理事务
 | 2120104 | {}
"""


def test_a_use_that_is_another_items_is_told():
    edition = load("shanghai-2024")
    found = {}
    for use in ("城管执法队伍的日常运行", "城乡社区管理事务一般行政管理事务"):
        book, _ = read_grid(USES.format(use), edition)
        found[use] = [f.message for f in check(derive(book, edition), edition) if f.rule == "use-other"]
    assert found == {
        "城管执法队伍的日常运行": [],
        "城乡社区管理事务一般行政管理事务": ["“城管执法”的用途说的是“一般行政管理事务”"],
    }


def test_uses_that_repeat_the_names_of_their_items_are_told_once():
    edition = load("shanghai-2024")
    found = {}
    for use in ("城管执法", "城管执法队伍的装备和培训"):
        book, _ = read_grid(USES.format(use), edition)
        found[use] = [f.message for f in check(derive(book, edition), edition) if f.rule == "use-bare"]
    assert found == {
        "城管执法": ["2 处用途只重复了科目名称：“一般行政管理事务”、“城管执法”"],
        "城管执法队伍的装备和培训": ["用途只重复了科目名称：“一般行政管理事务”"],
    }


def broken(edition, grid, rule):
    """What a rule says of a grid."""
    book, _ = read_grid(grid, edition)
    return [f.message for f in check(derive(book, edition), edition) if f.rule == rule]


GOAL = """
项目绩效 | 项目名称 | 财政拨款 | 总体目标
 | 甲项目 | 9.00 | {}
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 指标值设置依据 | 上年完成值 | 权重
 | 甲项目 | 产出指标 | 数量指标 | 签订意向协议数 | ≥2份 | 计划标准 |  | 10
"""


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ("计划签订4个合作意向协议，签约1亿元", "计划签订4个合作意向协议"),
        ("计划签订2个合作意向协议，签约1亿元", ""),
        ("2026年计划签订4个合作意向协议", ""),
        ("签订合作意向协议；召开4次意向会议", ""),
        ("签订4个意向合同、协议", ""),
        ("2026.12.31前签订合作意向协议。", ""),
        ("2026年签订各类意向协议，提高能力。", ""),
        ("全年签订合作意向协议1,200份。", ""),
        ("签订2,000份合作意向协议，签约1亿元", "签订2,000份合作意向协议"),
        ("第三季度完成80%以上签订合作意向协议任务。", ""),
        ("每季度签订1份意向协议", ""),
        ("其中上半年签订1份意向协议", ""),
        ("签订3-5份意向协议", ""),
        ("签订3个项目的合作意向协议", ""),
        ("签订3家企业意向协议", ""),
        ("签订1.5万份意向协议", ""),
        ("签订意向协议4份", "签订意向协议4份"),
        ("签订意向协议4份以上", "签订意向协议4份"),
        ("签订意向协议由1份提高到4份", ""),
        ("签订意向协议1.2.3份", ""),
        ("签订意向协议4份以内", ""),
    ],
)
def test_a_goal_tells_the_number_of_an_indicator_with_words_between(newest, goal, words):
    told_ = f"总体目标说“{words}”，“签订意向协议数”的指标值是“≥2份”"
    assert broken(newest, GOAL.format(goal), "goal-target") == ([told_] if words else [])


def test_targets_that_are_no_numbers_and_names_of_one_sign_are_passed_over(newest):
    grid = GOAL.replace("签订意向协议数", "{}").replace("≥2份", "{}")
    texts = [
        ("2026.12.31前签订", "签订意向协议数", "≥1.2.3份"),
        ("签订合作意向协议12000份。", "签订意向协议数", "≥1.2万份"),
        ("举办各类业务培训班4次", "举办业务培训班次数", "≥5次"),
        ("X" * 3000, "XXXXXXXXXXXXY数", "≥4份"),
        ("甲4份" * 3000, "甲" * 3000 + "数", "≥4份"),
    ]
    assert [broken(newest, grid.format(*one), "goal-target") for one in texts] == [[]] * len(texts)


INDICATOR = """
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 指标值设置依据 | 上年完成值 | 权重
 | 甲项目 | 产出指标 | 质量指标 | {} | {} | 计划标准 |  | 10
"""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("现代农业技术使用率", "逐步改善", "“现代农业技术使用率”是比率，指标值却是“逐步改善”"),
        ("现代农业技术使用率", "≥80%", ""),
        ("提升现代农业技术使用率", "有效提升", ""),
        ("财务工作效率", "有效提高", ""),
        ("外出考察城市数量", ">=5次", "“外出考察城市数量”以“个”计，指标值却是“>=5次”"),
        ("外出考察城市数量", ">=5座", ""),
        ("培训人数", "≥300人次", ""),
        ("培训人数", "≥300场", "“培训人数”以“人”计，指标值却是“≥300场”"),
        ("组织培训次数", "≥3场次", ""),
        ("婴儿死亡率", "≤5‰", ""),
        ("孕产妇死亡率", "≤10/10万", ""),
        ("粮食增长率", "≥2个百分点", ""),
        ("旅游收入增长率", "≥2倍", ""),
        ("设备额定功率", "≥500千瓦", ""),
        ("存货周转率", "≥5次", ""),
        ("图像分辨率", "≥300dpi", ""),
        ("医保覆盖率", "全覆盖", ""),
        ("群众知晓率", "高于上年", ""),
        ("资金到位率", "百分之百", ""),
        ("受益人数", "≥2万", ""),
        ("参训人数", "≥300余人", ""),
        ("群众满意率", "≥90分", "“群众满意率”是比率，指标值却是“≥90分”"),
        ("节目制作及时性", "=2期", "“节目制作及时性”以“%”计，指标值却是“=2期”"),
        ("工资发放及时性", "≤5个工作日", ""),
        ("工资发放及时性", "及时", ""),
        ("项目验收及时性", "=12月底前", ""),
        ("资金拨付及时性", "≥95%", ""),
    ],
)
def test_an_indicator_is_counted_in_what_its_name_counts(newest, name, value, words):
    assert broken(newest, INDICATOR.format(name, value), "indicator-unit") == ([words] if words else [])


REASONS = """
三公经费 | 项目 | 合计
 | 公务接待 | 2.00
 | 公务用车购置 | 3.00
上年数 | 指标 | 上年预算数
 | 三公：公务接待费 | 3.00
 | 三公：公务用车购置 | 4.00
增减原因 | 指标 | 原因
 | 三公：公务用车购置 | {}
"""


@pytest.mark.parametrize(
    ("reason", "told_"),
    [
        ("压减公务接待费", ["“三公经费 公务用车购置”的原因说的是“公务接待费”"]),
        ("压减公务用车购置和公务接待费", []),
        ("厉行节约", []),
        ("车辆购置减少，节余用于公务接待费", []),
        ("用车购置计划推迟，与公务接待费一并压减", []),
    ],
)
def test_the_reason_of_an_expense_of_three_names_none_of_the_others(newest, reason, told_):
    assert broken(newest, REASONS.format(reason), "reason-other") == told_


STRANGER = """
单位信息 | 项目 | 内容
 | 单位名称 | 某高新区创新服务中心
 | 公开主体 | 部门
职能与机构 | 类别 | 内容
 | 下属单位 | {}
项目绩效 | 项目名称 | 预算单位 | 财政拨款
 | 甲项目 | 某高新区创新服务中心 | 9.00
 | 乙项目 | 某市经济开发区 | 9.00
"""


@pytest.mark.parametrize(
    ("below", "told_"),
    [
        (
            "部门所属2-4级单位概况比照部门概况公开",
            ["绩效目标表的单位写作“某市经济开发区”，本单位是“某高新区创新服务中心”"],
        ),
        ("某市经济开发区", []),
    ],
)
def test_a_department_without_units_below_has_performance_tables_of_its_own(newest, below, told_):
    assert broken(newest, STRANGER.format(below), "performance-unit") == told_


def test_a_code_that_has_its_official_name_somewhere_is_told_once(newest):
    """Of names that differ the one of the list is right, however many tables have another; then that is all."""
    grid = """
收入总体 | 科目代码 | 科目名称 | 总计
 | 20604 | 技术与开发 | 1.00
支出总体 | 科目代码 | 科目名称 | 合计
 | 20604 | 技术与开发 | 1.00
一般公共预算支出 | 科目代码 | 科目名称 | 合计
 | 20604 | {} | 1.00
"""
    found = {
        name: (
            broken(newest, grid.format(name), "code-variant"),
            broken(newest, grid.format(name), "code-name"),
        )
        for name in ("技术研究与开发", "技术与开发")
    }
    assert found == {
        "技术研究与开发": (["20604 写作“技术与开发”，别处是“技术研究与开发”"] * 2, []),
        "技术与开发": ([], ["20604 写作“技术与开发”，代码表是“技术研究与开发”"]),
    }


def test_a_use_of_its_own_is_told_by_no_rule_on_uses():
    assert told("shanghai-2024-unit", "use-bare") == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("单位资金28.00", "18.00万元", "1,118.00万元，合1118.00万元"), "金额的千分位写法不一：“1"),
        (("注：本表不含", "，", ","), "文字中的逗号写法不一"),
    ],
)
def test_what_a_document_writes_in_two_ways_is_told_once(edit, words):
    (message,) = told("xinjiang-2026-unit", "text-ways", edit)
    assert message.startswith(words)
    assert told("xinjiang-2026-unit", "text-ways") == []


def test_codes_of_a_table_that_lack_zeros_are_told_once_and_read():
    found = list(printed("shanghai-2024-unit"))
    at = next(n for n, b in enumerate(found) if isinstance(b, Grid) and _held(b, "基本工资"))
    lines = tuple(
        tuple(raw._replace(value="7") if raw.value == "07" and n == 1 else raw for n, raw in enumerate(line))
        for line in found[at].lines
    )
    edited = [*found[:at], replace(found[at], lines=lines), *found[at + 1 :]]
    before, after = reading("shanghai-2024-unit"), read_blocks(Path("公开文本.docx"), edited)
    assert [f.message for f in after.findings if f.rule == "code-short"] == [
        "表8有 2 格代码少写了前面的零：“7”、“7”"
    ]
    assert [f for f in before.findings if f.rule == "code-short"] == []
    assert after.book["基本支出"] == before.book["基本支出"]


def _held(grid, words):
    return any(words in str(raw.value) for line in grid.lines for raw in line)


def test_a_forgotten_reason_leaves_the_sentence_readable():
    """The figures of the paragraph are compared as ever; that the reason lacks is told of the text."""
    start, old = "（二）公务用车购置及运行费", "主要原因是"
    (block,) = [b for b in printed("shanghai-2024-unit") if isinstance(b, Text) and b.text.startswith(start)]
    said = block.text[block.text.rindex(old) :]
    edit = start, said, f"{old}。"
    assert told("shanghai-2024-unit", "paragraph-unplaced", edit) == []
    assert len(told("shanghai-2024-unit", "text-unfinished", edit)) == 1


@pytest.mark.parametrize("nth", [3, 5])
def test_a_table_under_a_wrong_unit_of_money_is_one_line(nth):
    """Its amounts are read as they are meant; nothing else is told of them."""
    found = list(printed("xinjiang-2026-unit"))
    money = "单位：万元"
    at = [n for n, b in enumerate(found) if isinstance(b, Text) and b.text.endswith(money)][nth]
    edited = [
        *found[:at],
        replace(found[at], text=found[at].text.replace(money, "单位：元")),
        *found[at + 1 :],
    ]
    before, after = reading(UNIT), read_blocks(Path("公开文本.docx"), edited)
    assert after.book.tables == before.book.tables
    assert {f.rule for f in set(after.findings) - set(before.findings)} == {"money-differs"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2025年本部门将继续推进科普工作", ["“2025年本部门将继续推进”：2025 年已经过去，预算年度是 2026 年"]),
        ("2024 年度，将持续扩大服务范围", ["“2024年度,将持续扩大”：2024 年已经过去，预算年度是 2026 年"]),
        ("2026年本部门将继续推进科普工作", []),
        ("2025年本部门将预算执行率提高到95%", []),
        ("2025年将重点项目支出全部纳入绩效评价范围", []),
        ("2025年将持续结转的资金全部收回", []),
        ("根据2025年将继续实施的政策", []),
        ("按照2025年工作要点，本部门将继续推进科普工作", []),
        ("2025年将新增3名科技特派员", ["“2025年将新增3”：2025 年已经过去，预算年度是 2026 年"]),
        ("2025年将新增3名人员的经费列入项目支出", []),
        (
            "展厅将于2025年下半年开放。展厅将于2025年下半年开放",
            ["“将于2025年”：2025 年已经过去，预算年度是 2026 年"],
        ),
        ("将于2025年12月到期的合同续签一年", []),
        ("机房租赁合同将于2025年12月31日到期，2026年需重新签订", []),
        ("该设备保修期将于2025年6月届满", []),
        ("2025年计划培训300人次，全部完成，余下资金本年接着使用", []),
        ("信息系统维保预计2025年完成验收，本年安排尾款", []),
        ("2025年预计完成收入100万元，以此测算本年收入", []),
        ("预计于2025年退休3人，故人员经费相应核减", []),
        ("2025年将建成3个站点，2026年安排运行费", []),
        ("工程计划于2023年开工，2025年竣工", []),
        ("系统升级计划于2025年底前完成", ["“计划于2025年”：2025 年已经过去，预算年度是 2026 年"]),
        ("系统升级原计划于2025年底前完成", []),
        ("系统升级计划于2025年底前完成，2026年投入使用", []),
        ("系统升级计划于2025年底前完成，因招标推迟", []),
        ("预计2025年6月完成验收", ["“预计2025年6月完成”：2025 年已经过去，预算年度是 2026 年"]),
        ("预计2025年完成数为5.00万元", []),
        ("与2025年预计完成数持平", []),
        ("本项目计划2025年6月启动", ["“项目计划2025年6月启动”：2025 年已经过去，预算年度是 2026 年"]),
        ("按照年度采购计划2025年完成采购", []),
        ("2025年计划投入10万元", ["“2025年计划投入”：2025 年已经过去，预算年度是 2026 年"]),
        ("2025年计划招聘5人，实际到岗3人", []),
        ("2025年计划招聘的3名人员到岗", []),
        ("2026年计划投入10万元，将于2026年下半年开放", []),
    ],
)
def test_what_a_year_gone_by_is_said_to_bring_is_told(newest, said, told):
    text = (
        f"单位信息 | 项目 | 内容\n | 预算年度 | 2026\n其他说明 | 类别 | 内容\n | 其他需说明的事项 | {said}\n"
    )
    book = derive(read_grid(text, newest)[0], newest)
    assert [f.message for f in check(book, newest) if f.rule == "year-left"] == told


@pytest.mark.parametrize(("year", "count"), [("2024年预算单位", 0), ("2023年预算单位", 1)])
def test_a_title_of_a_table_has_the_year_that_the_contents_have_it_with(year, count):
    title = "2024年预算单位财务收支预算总表"
    found = told("shanghai-2024-unit", "sentence-year", (title, "2024年预算单位", year))
    assert found == ["正文写 2023 年，应为 2024 年"] * count


def test_one_sentence_does_not_make_a_department_a_unit():
    """What it calls itself there is told as that, and nothing else is read otherwise."""
    side = derived_of(SAMPLES / "xinjiang-2024-department.xlsx")
    found = list(blocks(render_document(compose(side.book, side.edition), side.edition)))
    at = next(n for n, block in enumerate(found) if isinstance(block, Text) and "本部门中" in block.text)
    slip = replace(found[at], text=found[at].text.replace("本部门中", "本单位中"))
    before, after = (
        read_blocks(Path("公开文本.docx"), one) for one in (found, [*found[:at], slip, *found[at + 1 :]])
    )
    about = after.book["单位信息"]
    assert about.get("公开主体").text("内容") == "部门"
    fresh = {(f.rule, f.message) for f in after.findings} - {(f.rule, f.message) for f in before.findings}
    assert fresh == {("subject-mixed", "文中既称“本单位”，又称“本部门”")}


OF_A_CODE = """支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 9.00 | 4.00 | 5.00
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 9.00 | 4.00 | 5.00
上年数 | 指标 | 上年预算数
 | 支出：基本支出 | 3.00
 | 支出：项目支出 | 4.00
增减原因 | 指标 | 原因
 | {指标} | 人员增加，项目支出减少
"""


@pytest.mark.parametrize(("figure", "count"), [("支出：基本支出", 1), ("一般公共预算支出/2060501", 0)])
def test_what_the_reason_of_a_code_calls_project_expenditure_is_its_own(figure, count):
    edition = load("xinjiang-2026")
    book, read = read_grid(OF_A_CODE.format(指标=figure), edition)
    found = check(derive(book, edition), edition, read)
    assert [f.rule for f in found if f.rule == "reason-names"] == ["reason-names"] * count
