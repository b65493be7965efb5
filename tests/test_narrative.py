"""The sentences: every case of the wording, and the whole narrative of the sample as a golden text."""

from __future__ import annotations

import pytest

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.saying.narrative import Narrator
from budgetgen.values.model import Paragraph, PerformanceGrid, Table

from .conftest import SAMPLES

ABOUT = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 公开主体 | 单位
 | 预算年度 | 2026
 | 机构类型 | {kind}
 | 千分位 | {grouped}
 | 列表序号 | {number}
 | 持平表述 | {unchanged}
 | 上年为零时的增长率 | {zero}
"""
STYLE = {"kind": "事业单位", "grouped": "是", "number": "1.", "unchanged": "增加0.00万元", "zero": "100.00%"}


def said(edition, section, grid, **style):
    """The paragraphs of a section."""
    book, findings = read_grid(ABOUT.format(**{**STYLE, **style}) + grid, edition)
    assert [f.message for f in findings if f.rule != "secret-text"] == []
    narrator = Narrator(edition, with_figures(derive(book, edition), edition))
    return [block.text for block in narrator.phrase(section) if isinstance(block, Paragraph)]


def revenue(edition, amount, prior, reason="项目增加", house="", **style):
    grid = f"""{house}
    收入总体 | 科目代码 | 单位资金 | 财政拨款结转
     | 2060501 | {amount} | 1.00
    上年数 | 指标 | 上年预算数
     | 收入：单位资金 | {prior}
     | 收入：财政拨款结转 | 1.00
    增减原因 | 指标 | 原因
     | 收入：单位资金 | {reason}
    """
    return next(line for line in said(edition, "收入", grid, **style) if line.startswith("单位资金"))


@pytest.mark.parametrize(
    ("amount", "prior", "style", "sentence"),
    [
        (
            "9.00",
            "6.00",
            {},
            "单位资金9.00万元，占90.00%，比上年预算增加3.00万元，增长50.00%，主要原因是项目增加。",
        ),
        (
            "3.00",
            "6.00",
            {},
            "单位资金3.00万元，占75.00%，比上年预算减少3.00万元，下降50.00%，主要原因是项目增加。",
        ),
        (
            "",
            "6.00",
            {},
            "单位资金0.00万元，占0.00%，比上年预算减少6.00万元，下降100.00%，主要原因是项目增加。",
        ),
        (
            "9.00",
            "0",
            {},
            "单位资金9.00万元，占90.00%，比上年预算增加9.00万元，增长100.00%，主要原因是项目增加。",
        ),
        (
            "9.00",
            "0",
            {"zero": "不可比"},
            "单位资金9.00万元，占90.00%，比上年预算增加9.00万元，增长率不可比，主要原因是项目增加。",
        ),
        (
            "9.00",
            "9.00",
            {},
            "单位资金9.00万元，占90.00%，比上年预算增加0.00万元，增长0.00%，主要原因是项目增加。",
        ),
        (
            "9.00",
            "9.00",
            {"unchanged": "与上年预算持平"},
            "单位资金9.00万元，占90.00%，与上年预算持平，主要原因是项目增加。",
        ),
        (
            "1234.50",
            "4.50",
            {},
            "单位资金1,234.50万元，占99.92%，比上年预算增加1,230.00万元，增长27,333.33%，主要原因是项目增加。",
        ),
        (
            "1234.50",
            "4.50",
            {"grouped": "否"},
            "单位资金1234.50万元，占99.92%，比上年预算增加1230.00万元，增长27333.33%，主要原因是项目增加。",
        ),
    ],
)
def test_a_source_against_last_year(newest, amount, prior, style, sentence):
    assert revenue(newest, amount, prior, **style) == sentence


def test_a_missing_reason_is_an_open_point(newest):
    assert revenue(newest, "9.00", "6.00", reason="") == (
        "单位资金9.00万元，占90.00%，比上年预算增加3.00万元，增长50.00%，主要原因是【待补：原因】。"
    )


def test_no_change_wants_no_reason(newest):
    assert (
        revenue(newest, "9.00", "9.00", reason="")
        == "单位资金9.00万元，占90.00%，比上年预算增加0.00万元，增长0.00%。"
    )


def test_sources_that_the_format_always_tells(newest):
    assert said(newest, "收入", "收入总体 | 科目代码 | 单位资金\n | 2060501 | 1.00")[1:7] == [
        "一般公共预算未安排。",
        "上级一般公共预算安排的转移支付资金未安排。",
        "政府性基金预算未安排。",
        "上级政府性基金安排的转移支付资金未安排。",
        "国有资本经营预算未安排。",
        "上级国有资本经营预算安排的转移支付资金未安排。",
    ]


def test_three_budgets_together(newest):
    grid = """
    收入总体 | 科目代码 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算
     | 2060501 | 5.00 |  |
     | 2120801 |  | 3.00 |
     | 2230201 |  |  | 2.00
    一般公共预算支出 | 科目代码 | 基本支出
     | 2060501 | 5.00
    政府性基金预算支出 | 科目代码 | 项目支出
     | 2120801 | 3.00
    国有资本经营预算支出 | 科目代码 | 科目名称 | 项目支出
     | 2230201 | 国有经济结构调整支出 | 2.00
    """
    assert said(newest, "财政拨款", grid) == [
        "2026年财政拨款收支总预算10.00万元。",
        "收入包括一般公共预算拨款、政府性基金预算拨款和国有资本经营预算拨款。",
        "收入预算包括：一般公共预算拨款5.00万元、政府性基金预算拨款3.00万元、国有资本经营预算拨款2.00万元。",
        "一般公共预算支出包括：科学技术支出5.00万元，主要用于机构运行5.00万元。",
        "政府性基金预算支出包括：城乡社区支出3.00万元，主要用于征地和拆迁补偿支出3.00万元。",
        "国有资本经营预算支出包括：国有资本经营预算支出2.00万元，主要用于国有经济结构调整支出2.00万元。",
    ]


def test_fund_with_money(newest):
    grid = """
    政府性基金预算支出 | 科目代码 | 项目支出
     | 2120801 | 3.00
    上年数 | 指标 | 科目代码 | 上年预算数
     | 政府性基金预算支出 | 2120801 | 4.00
    增减原因 | 指标 | 科目代码 | 原因
     | 政府性基金预算支出 | 2120801 | 工程收尾
    """
    assert said(newest, "政府性基金", grid, number="1、") == [
        "某中心2026年政府性基金预算拨款安排的支出3.00万元，其中：人员经费0.00万元，公用经费0.00万元，项目支出3.00万元。具体使用情况：",
        "1、城乡社区支出（类）国有土地使用权出让收入安排的支出（款）征地和拆迁补偿支出（项）：2026年预算数为3.00万元，比上年预算减少1.00万元，下降25.00%，主要原因是工程收尾。",
    ]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("政府性基金", "某中心2026年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。"),
        (
            "国有资本经营",
            "某中心2026年没有使用国有资本经营预算拨款安排的支出，国有资本经营预算支出情况表为空表。",
        ),
        (
            "项目支出",
            "某中心2026年没有使用一般公共预算拨款安排的项目支出，一般公共预算项目支出情况表为空表。",
        ),
        (
            "委托业务费",
            "某中心2026年没有使用财政拨款安排的委托业务费支出，财政拨款委托业务费支出情况表为空表。",
        ),
        ("结转结余", "某中心2026年没有上年结转结余预算安排的支出，上年结转结余情况表为空表。"),
        ("一般公共预算", "某中心2026年没有使用一般公共预算拨款安排的支出，一般公共预算支出情况表为空表。"),
        ("财政拨款", "2026年财政拨款收支总预算0.00万元。"),
        ("机构", "某中心无下属预算单位。"),
    ],
)
def test_empty_tables_are_said(newest, section, sentence):
    assert said(newest, section, "")[0] == sentence


def test_institutions_of_a_department(newest):
    grid = """
    单位信息 | 项目 | 内容
     | 单位名称 | 某局
     | 公开主体 | 部门
     | 预算年度 | 2026
     | 内设机构称谓 | 处室
    职能与机构 | 类别 | 内容 | 单位性质
     | 内设机构 | 办公室 |
     | 内设机构 | 财务处 |
     | 下属单位 | 某局（本级） | 行政单位
     | 下属单位 | 某所 | 全额拨款事业单位
    """
    book, _ = read_grid(grid, newest)
    narrator = Narrator(newest, with_figures(derive(book, newest), newest))
    assert [block.text for block in narrator.phrase("机构")] == [
        "从预算单位构成看，某局的预算包括：某局本级预算及下属1家预算单位在内的汇总预算。",
        "某局本级下设2个处室，分别是：办公室、财务处。",
        "本部门中，行政单位1家，事业单位1家，纳入某局2026年部门预算编制范围的下属预算单位包括：",
        "1.某局（本级）（行政单位）",
        "2.某所（全额拨款事业单位）",
    ]


def test_running_costs_are_named_by_the_kind_of_institution(newest):
    grid = "基本支出 | 科目代码 | 公用经费\n | 30201 | 1.00\n上年数 | 指标 | 上年预算数\n | 运行经费 | 1.00"
    assert said(newest, "其他", grid)[1].startswith("某中心2026年的事业单位运行经费财政拨款预算1.00万元")
    assert said(newest, "其他", grid, kind="行政单位")[1].startswith(
        "某中心2026年的机关运行经费财政拨款预算1.00万元"
    )


def test_secret_items_are_counted_and_nothing_else(newest):
    grid = """
    结转结余 | 项目 | 财政拨款项目支出
     | 特定目标A01 | 101.31
     | 特定目标B02 | 4.80
     | 明码项目 | 1.00
    结转用途 | 项目名称 | 用途
     | 特定目标A01 | 不能说的用途
     | 明码项目 | 办公
     | 特定目标B02 |
    """
    assert said(newest, "结转结余", grid)[1:] == [
        "1.特定目标A01结转101.31万元，完全不予公开。",
        "2.明码项目结转1.00万元，主要用于：办公。",
        "3.特定目标B02结转4.80万元，完全不予公开。",
    ]
    assert (
        said(newest, "其他", grid)[-1]
        == "本单位上年结转SM项目2个，涉及预算金额106.11万元，项目绩效目标表完全不予公开。"
    )


def test_template_text_in_cells_is_text(newest):
    grid = '其他说明 | 类别 | 内容\n | 其他需说明的事项 | {{ 单位 }}{年}<b>&amp;"引号"“”'
    assert said(newest, "其他", grid)[-1] == '{{ 单位 }}{年}<b>&amp;"引号"“”'


@pytest.mark.parametrize(
    ("unchanged", "sentence"),
    [
        (
            "减少0.00万元",
            "单位资金9.00万元，占90.00%，比上年预算减少0.00万元，下降0.00%，主要原因是项目增加。",
        ),
        ("相比上年预算无变化", "单位资金9.00万元，占90.00%，相比上年预算无变化，主要原因是项目增加。"),
    ],
)
def test_no_change_is_said_as_the_office_says_it(newest, unchanged, sentence):
    assert revenue(newest, "9.00", "9.00", unchanged=unchanged) == sentence


def test_zeros_at_the_end_may_be_left_out(newest):
    grid = """
    单位信息 | 项目 | 内容
     | 去掉末尾零 | 是
    """
    assert revenue(newest, "3755.20", "1000.00", house=grid) == (
        "单位资金3,755.2万元，占99.97%，比上年预算增加2,755.2万元，增长275.52%，主要原因是项目增加。"
    )


GENERAL = """
收支总体 | 项目 | 预算数
 | 一般财力 | 10.00
一般公共预算支出 | 科目代码 | 基本支出
 | 2060404 | 6.00
 | 2060501 | 1.00
 | 2101102 | 2.00
 | 2101103 | 1.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060404 | 6.00
 | 一般公共预算支出 | 2060501 | 1.00
 | 一般公共预算支出 | 2101102 | 2.00
 | 一般公共预算支出 | 2101103 | 1.00
"""


def test_items_of_one_kind_in_one_paragraph(newest):
    lines = said(newest, "一般公共预算", "单位信息 | 项目 | 内容\n | 具体使用情况 | 按款合并\n" + GENERAL)
    assert lines[lines.index("（三）一般公共预算当年拨款具体使用情况") + 1 :] == [
        "1、科学技术支出（类）技术研究与开发（款）科技成果转化与扩散（项）：2026年预算数为6.00万元，比上年预算增加0.00万元，增长0.00%。",
        "科技条件与服务（款）机构运行（项）：2026年预算数为1.00万元，比上年预算增加0.00万元，增长0.00%。",
        "2、卫生健康支出（类）行政事业单位医疗（款）事业单位医疗（项）：2026年预算数为2.00万元，比上年预算增加0.00万元，增长0.00%；公务员医疗补助（项）：2026年预算数为1.00万元，比上年预算增加0.00万元，增长0.00%。",
    ]


def test_kinds_with_their_code(newest):
    lines = said(newest, "一般公共预算", "单位信息 | 项目 | 内容\n | 结构写类代码 | 是\n" + GENERAL)
    assert "1.科学技术支出（206类）7.00万元，占70.00%。" in lines


def test_uses_in_the_words_of_the_office(newest):
    uses = """
    支出用途 | 支出类别 | 主要用途
     | 卫生健康支出 | 职工医疗
     | 科学技术支出 | 科技服务
    收入总体 | 科目代码 | 一般公共预算
     | 2060501 | 10.00
    """
    assert said(newest, "财政拨款", GENERAL + uses)[-1] == (
        "一般公共预算支出包括：卫生健康支出3.00万元，主要用于职工医疗；科学技术支出7.00万元，主要用于科技服务。"
    )


def test_a_published_rate_is_kept(newest):
    grid = """
    基本支出 | 科目代码 | 公用经费
     | 30201 | 7.31
    上年数 | 指标 | 上年预算数 | 增减率
     | 运行经费 | 9.55 | 23.47
    """
    assert "减少2.24万元，下降23.47%" in said(newest, "其他", grid)[1]


@pytest.mark.parametrize(("own", "word"), [("本部门", "本部门"), ("同公开主体", "本单位"), ("", "本单位")])
def test_what_the_office_calls_itself(newest, own, word):
    lines = said(newest, "其他", f"单位信息 | 项目 | 内容\n | 自称 | {own}\n")
    assert any(line.startswith(f"2026年，{word}预算绩效管理") for line in lines)


def test_several_matters_are_numbered_and_one_is_not(newest):
    one = "其他说明 | 类别 | 内容\n | 其他需说明的事项 | 甲事。\n"
    assert said(newest, "其他", one)[-1] == "甲事。"
    assert said(newest, "其他", one + " | 其他需说明的事项 | 乙事。\n")[-2:] == ["（1）甲事。", "（2）乙事。"]


def test_projects_numbered_as_the_office_does(newest):
    grid = """
    单位信息 | 项目 | 内容
     | 项目序号 | 1、
    项目支出 | 科目代码 | 项目名称 | 其他支出
     | 2060501 | 甲项目 | 1.00
    项目说明 | 项目名称
     | 甲项目
    """
    assert said(newest, "项目支出", grid)[0] == "1、项目名称：甲项目"


def test_enumerations_may_end_openly(newest):
    grid = "单位信息 | 项目 | 内容\n | 列举加等 | 是\n基本支出 | 科目代码 | 公用经费\n | 30201 | 1.00\n"
    assert said(newest, "基本支出", grid)[-1] == "公用经费1.00万元，主要包括：办公费等。"


def test_narrative_of_the_sample(newest, golden):
    book, findings = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text("utf-8"), newest)
    assert findings == ()
    disclosure = compose(derive(book, newest), newest)
    lines = [
        line
        for part in disclosure.parts
        for line in (
            part.heading,
            *(b.text if isinstance(b, Paragraph) else f"〔表〕{b.title}" for b in part.blocks),
        )
    ]
    golden("xinjiang-2026-unit.txt", "\n".join(lines) + "\n")
    golden.only("", {"xinjiang-2026-unit.txt"})


def test_a_fact_of_a_performance_table_that_the_workbook_lacks_is_blank(newest):
    """Its row was renamed or deleted, which is told by itself."""
    book, _ = read_grid("整体绩效 | 项目 | 内容\n | 年度绩效目标 | 甲\n | 联系人 | 乙", newest)
    derived = derive(book, newest)
    left = tuple(row for row in derived["整体绩效"].rows if row.key != "联系人")
    lacking = derived.with_tables({"整体绩效": Table("整体绩效", left)})
    (grid,) = (
        block
        for part in compose(lacking, newest, draft=True).parts
        for block in part.blocks
        if isinstance(block, PerformanceGrid)
    )
    assert (grid.head["年度绩效目标"], grid.head["联系人"]) == ("甲", "")


OWN_TERM = """
其他说明 | 类别 | 术语 | 内容
 | 名词解释 | 项目支出 | 指本中心为完成特定任务安排的支出。
 | 名词解释 | 孵化载体 | 指为初创企业提供场地的机构。
"""


def test_a_term_of_the_format_that_the_unit_explains_itself_is_explained_once_in_its_place(newest):
    plain, own = (said(newest, "名词", grid) for grid in ("", OWN_TERM))
    at = next(n for n, text in enumerate(plain) if "、项目支出：" in text)
    numbered = plain[at].partition("项目支出")[0]
    wanted = [*plain[:at], f"{numbered}项目支出：指本中心为完成特定任务安排的支出。", *plain[at + 1 :]]
    assert own[:-1] == wanted
    assert own[-1].endswith("孵化载体：指为初创企业提供场地的机构。")


def test_of_several_explanations_of_one_term_none_is_left_out(newest):
    again = f"{OWN_TERM} | 名词解释 | 项目支出 | 指另一个中心的支出。\n"
    plain, own = said(newest, "名词", ""), said(newest, "名词", again)
    assert own[: len(plain)] == plain
    assert sum("项目支出：" in text for text in own) == sum("项目支出：" in text for text in plain) + 2
