"""Reasons proposed from the lines: the true drivers, largest first, and none where the lines do not explain."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.reasons import reasons
from budgetgen.book.derivation import derive
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import Paragraph
from budgetgen.writing.workbook.writer import render_workbook
from budgetgen.years.drafting import propose, told_proposals, with_proposals
from budgetgen.years.priors import Last

EDITION = load(available()[0])
BEFORE = load("xinjiang-2025")
MARK = EDITION.drafting.mark


def last_year(text):
    return Last(derive(read_grid(text, BEFORE)[0], BEFORE), BEFORE)


def this_year(text):
    return derive(read_grid(text, EDITION)[0], EDITION)


def proposed(now, before=None):
    """Key → (reason, share) of every proposal."""
    return {p.key: (p.text, str(p.share)) for p in propose(now, EDITION, before)}


LAST_YEAR = """
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 科普活动 | 30.00
 | 2060599 | 机房运行 | 20.00
 | 2060599 | 旧楼改造 | 50.00
 | 2060599 | 特定目标001 | 7.00
"""
THIS_YEAR = """
一般公共预算支出 | 科目代码 | 项目支出
 | 2060599 | 321.00
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 科普活动 | 42.00
 | 2060599 | 机房运行 | 20.00
 | 2060599 | 创新券 | 250.00
 | 2060599 | 特定目标001 | 9.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算：项目支出 |  | 107.00
"""


def test_drivers_are_named_largest_first_until_enough_is_told():
    # moved: 创新券 +250, 旧楼改造 −50, 科普活动 +12, 特定目标001 +2, together 314; 80 % are 251.20
    now = this_year(THIS_YEAR)
    assert proposed(now, last_year(LAST_YEAR)) == {
        "一般公共预算：项目支出": (
            "新增“创新券”项目250.00万元，“旧楼改造”项目本年不再安排，减少50.00万元",
            "95.54",
        ),
    }


def test_a_secret_item_is_told_by_its_code_only():
    secret = THIS_YEAR.replace("创新券 | 250.00", "特定目标002（绝密工程） | 250.00")
    (proposal,) = propose(this_year(secret), EDITION, last_year(LAST_YEAR))
    assert proposal.text == "新增“特定目标002”项目250.00万元，“旧楼改造”项目本年不再安排，减少50.00万元"


def test_quotation_marks_in_a_name_become_inner_ones():
    now = this_year(THIS_YEAR.replace("创新券", "“双创”平台"))
    (proposal,) = propose(now, EDITION, last_year(LAST_YEAR))
    assert proposal.text.startswith("新增“‘双创’平台”项目250.00万元")


def test_lines_that_do_not_explain_the_change_give_no_reason_but_what_is_known():
    # the figure fell from 900.00 to 321.00, but the lines rose from 107.00 to 321.00
    now = this_year(THIS_YEAR.replace("107.00", "900.00"))
    proposals = propose(now, EDITION, last_year(LAST_YEAR))
    assert [(p.key, p.text, p.known) for p in proposals] == [("一般公共预算：项目支出", "", True)]
    assert [(f.rule, f.message) for f in told_proposals(now, EDITION, proposals)] == [
        (
            "reason-unexplained",
            (
                "“一般公共预算：项目支出”减少 579.00 万元，明细说明不了这一变动，已知：新增“创新券”项目250.00万元，"
                "“旧楼改造”项目本年不再安排，减少50.00万元，“科普活动”项目增加12.00万元，“特定目标001”项目增加2.00万元"
                "（只占变动的 28.36%）"
            ),
        )
    ]
    assert with_proposals(now, EDITION, proposals) == now


def test_without_last_year_nothing_is_known():
    now = this_year(THIS_YEAR)
    proposals = propose(now, EDITION)
    assert [(f.rule, f.message) for f in told_proposals(now, EDITION, proposals)] == [
        ("reason-unexplained", "“一般公共预算：项目支出”增加 214.00 万元，没有上年的明细")
    ]


def test_a_table_that_last_years_file_lacks_is_not_known():
    last = last_year(LAST_YEAR)
    assert proposed(this_year(THIS_YEAR), Last(last.book, last.edition, frozenset({"项目支出"}))) == {
        "一般公共预算：项目支出": ("", "0")
    }


def test_last_years_figures_by_code_explain_without_last_years_file():
    now = this_year("""
收支总体 | 项目 | 预算数
 | 一般财力 | 100.00
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 60.00 |
 | 2060599 |  | 40.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 收入：一般公共预算 |  | 70.00
 | 一般公共预算支出 | 2060501 | 55.00
 | 一般公共预算支出 | 2060599 | 15.00
增减原因 | 指标 | 科目代码 | 原因
 | 一般公共预算支出 | 2060501 | 人员增加
 | 一般公共预算支出 | 2060599 | 新增项目
""")
    known = proposed(now)
    assert known["收入：一般公共预算"] == (
        "其他科技条件与服务支出增加25.00万元，【待补：写明为什么】",
        "83.33",
    )


def test_a_figure_of_a_code_is_told_by_its_own_projects():
    now = this_year("""
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 60.00 | 5.00
 | 2060599 |  | 40.00
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060501 | 甲 | 5.00
 | 2060599 | 乙 | 40.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060501 | 50.00
 | 一般公共预算支出 | 2060599 | 10.00
""")
    last = last_year("""
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 50.00 |
 | 2060599 |  | 10.00
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 乙 | 10.00
""")
    known = proposed(now, last)
    assert known["一般公共预算支出/2060501"] == (
        "基本支出增加10.00万元，新增“甲”项目5.00万元，【待补：写明为什么】",
        "100.00",
    )
    assert known["一般公共预算支出/2060599"] == ("“乙”项目增加30.00万元，【待补：写明为什么】", "100.00")


OWN = """
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | {} |
 | 2060502 | {} |
基本支出 | 科目代码 | 人员经费
 | 30102 | {}
 | 30107 | 20.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算：基本支出 |  | 50.00
 | 一般公共预算支出 | 2060501 | 30.00
 | 一般公共预算支出 | 2060502 | 20.00
"""
OWN_LAST = """
一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 30.00
 | 2060502 | 20.00
基本支出 | 科目代码 | 人员经费
 | 30102 | 30.00
 | 30107 | 20.00
"""


def test_of_an_item_that_is_basic_expenditure_only_that_it_moved_is_no_reason():
    """What drove the basic expenditure is told of the item that is most of it, and of no other."""
    own = proposed(this_year(OWN.format("39.00", "21.00", "40.00")), last_year(OWN_LAST))
    assert own["一般公共预算：基本支出"] == ("津贴补贴增加10.00万元，【待补：写明为什么】", "100.00")
    assert own["一般公共预算支出/2060501"][0] == "津贴补贴增加10.00万元，【待补：写明为什么】"
    assert own["一般公共预算支出/2060502"][0] == ""


def test_a_written_reason_of_the_basic_expenditure_serves_the_item_that_is_most_of_it():
    written = "\n增减原因 | 指标 | 原因\n | 一般公共预算：基本支出 | 调入人员3名"
    own = proposed(this_year(OWN.format("39.00", "21.00", "40.00") + written), last_year(OWN_LAST))
    assert own["一般公共预算支出/2060501"][0] == "调入人员3名"
    assert own["一般公共预算支出/2060502"][0] == ""


def test_people_who_came_are_told_where_the_figure_rose():
    edition = load("xinjiang-2025")
    people = "\n人员情况 | 项目 | 人数 | 增加 | 减少\n | 在职 | 9 | 2 |\n | 退休 | 3 |  | 1\n"
    book = derive(read_grid(OWN.format("39.00", "21.00", "40.00") + people, edition)[0], edition)
    found = {p.key: p.text for p in propose(book, edition, last_year(OWN_LAST))}
    assert found["一般公共预算：基本支出"] == "津贴补贴增加10.00万元，在职人员增加2人"
    assert found["一般公共预算支出/2060502"] == "在职人员增加2人"


def test_people_are_no_reason_of_what_a_project_moved_and_are_counted_in_plain_digits():
    edition = load("xinjiang-2025")
    grid = """
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 39.00 |
 | 2069999 |  | 500.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2069999 | 信息系统 | 500.00
基本支出 | 科目代码 | 人员经费
 | 30102 | 39.00
人员情况 | 项目 | 人数 | 增加 | 减少
 | 在职 | 9 | 10 |
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算：基本支出 |  | 30.00
 | 一般公共预算支出 | 2060501 | 30.00
 | 一般公共预算支出 | 2069999 | 10.00
"""
    before = """
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 30.00 |
 | 2069999 |  | 10.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2069999 | 信息系统 | 10.00
基本支出 | 科目代码 | 人员经费
 | 30102 | 30.00
"""
    book = derive(read_grid(grid, edition)[0], edition)
    found = {p.key: p.text for p in propose(book, edition, last_year(before))}
    assert found["一般公共预算：基本支出"] == "津贴补贴增加9.00万元，在职人员增加10人"
    assert found["一般公共预算支出/2069999"] == "“信息系统”项目增加490.00万元，【待补：写明为什么】"


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("40.00", ""),
        ("5.00", "新增“甲”项目100.00万元，新增“乙”项目50.00万元"),
        ("0.00", "新增“甲”项目100.00万元，新增“乙”项目50.00万元"),
    ],
)
def test_a_line_that_may_be_of_another_figure_is_no_reason(other, reason):
    """The figure rose by 150.00, the lines by more: the smallest of them may be paid by somebody else."""
    now = this_year(f"""
一般公共预算支出 | 科目代码 | 项目支出
 | 2060599 | 170.00
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 甲 | 100.00
 | 2060599 | 乙 | 50.00
 | 2060599 | 丙 | {other}
 | 2060599 | 丁 | 20.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算：项目支出 |  | 20.00
""")
    before = "项目支出 | 科目代码 | 项目名称 | 商品和服务支出\n | 2060599 | 丁 | 20.00\n"
    assert proposed(now, last_year(before))["一般公共预算：项目支出"][0] == reason


def test_a_project_that_only_moved_is_neither_new_nor_ended():
    """Last year it was paid by this code, this year by another: of the code it grew or shrank, and why is to be written."""
    table = "项目支出 | 科目代码 | 项目名称 | 商品和服务支出\n | {} | 甲 | 40.00\n"
    now = this_year(
        table.format("2060599")
        + """
一般公共预算支出 | 科目代码 | 项目支出
 | 2060599 | 40.00
 | 2060499 | 0
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060499 | 40.00
 | 一般公共预算支出 | 2060599 | 0
"""
    )
    found = proposed(now, last_year(table.format("2060499")))
    assert found["一般公共预算支出/2060599"][0] == "“甲”项目增加40.00万元，【待补：写明为什么】"


def test_people_are_no_reason_of_lines_that_do_not_pay_them():
    """Retired people are paid of 303, which did not move; wages rose, and there are as many employed as before."""
    edition = load("xinjiang-2025")
    people = "\n人员情况 | 项目 | 人数 | 增加 | 减少\n | 在职 | 9 |  | \n | 退休 | 3 | 2 | \n"
    book = derive(read_grid(OWN.format("39.00", "21.00", "40.00") + people, edition)[0], edition)
    found = {p.key: p.text for p in propose(book, edition, last_year(OWN_LAST))}
    assert found["一般公共预算：基本支出"] == "津贴补贴增加10.00万元，【待补：写明为什么】"
    assert found["一般公共预算支出/2060502"] == ""


def test_what_moved_the_basic_expenditure_is_the_reason_of_the_appropriation_too():
    edition = load("xinjiang-2025")
    grid = """
收支总体 | 项目 | 预算数
 | 一般财力 | 190.00
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 40.00 |
 | 2060599 |  | 150.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 创新券 | 150.00
基本支出 | 科目代码 | 人员经费
 | 30102 | 40.00
人员情况 | 项目 | 人数 | 增加 | 减少
 | 在职 | 9 |  | 3
上年数 | 指标 | 科目代码 | 上年预算数
 | 收入：一般公共预算 |  | 110.00
 | 一般公共预算：基本支出 |  | 60.00
"""
    before = """
一般公共预算支出 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | 60.00 |
 | 2060599 |  | 50.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 创新券 | 50.00
基本支出 | 科目代码 | 人员经费
 | 30102 | 60.00
"""
    book = derive(read_grid(grid, edition)[0], edition)
    found = {p.key: p.text for p in propose(book, edition, last_year(before))}
    assert found["收入：一般公共预算"] == (
        "“创新券”项目增加100.00万元，津贴补贴减少20.00万元，在职人员减少3人，【待补：写明为什么】"
    )


def test_a_large_driver_that_goes_the_other_way_is_told():
    # moved: 创新券 +420, 旧楼改造 −50, 科普活动 +12, 特定目标001 +2: the first is 86.78 % of it
    now = this_year(THIS_YEAR.replace("创新券 | 250.00", "创新券 | 420.00").replace("321.00", "491.00"))
    assert proposed(now, last_year(LAST_YEAR))["一般公共预算：项目支出"][0] == (
        "新增“创新券”项目420.00万元，“旧楼改造”项目本年不再安排，减少50.00万元"
    )


# --- what becomes of a proposal -----------------------------------------------------------------------------


def spoken(book, *, draft):
    parts = compose(book, EDITION, draft=draft).parts
    paragraphs = [b for part in parts for b in part.blocks if isinstance(b, Paragraph)]
    return next(p for p in paragraphs if p.text.startswith("项目支出321.00万元，占"))


def test_a_proposal_is_an_open_point_of_the_draft_and_no_text_of_the_document():
    now = this_year(
        THIS_YEAR.replace("一般公共预算：项目支出", "支出：项目支出")
        + "\n支出总体 | 科目代码 | 项目支出\n | 2060599 | 321.00"
    )
    last = last_year(LAST_YEAR)
    book = with_proposals(now, EDITION, propose(now, EDITION, last))
    text = "新增“创新券”项目250.00万元，“旧楼改造”项目本年不再安排，减少50.00万元"
    stored = EDITION.comparisons
    assert book.cell(stored.reasons, "支出：项目支出", stored.reason).value == MARK + text
    assert [(run.text, run.open) for run in spoken(book, draft=True).runs][-2:] == [
        (MARK + text, True),
        ("。", False),
    ]
    assert [(run.text, run.open) for run in spoken(book, draft=False).runs][-2:] == [
        ("【待补：原因】", True),
        ("。", False),
    ]
    told = told_proposals(book, EDITION, propose(book, EDITION, last))
    assert [finding.rule for finding in told] == ["reason-proposed"]
    assert propose(book, EDITION, last)[0].text == text, "a proposal that nobody has accepted is no reason"


def test_an_accepted_proposal_is_a_reason():
    now = this_year(THIS_YEAR)
    accepted = this_year(THIS_YEAR + "增减原因 | 指标 | 原因\n | 一般公共预算：项目支出 | 新增创新券项目")
    assert len(propose(now, EDITION)) == 1
    assert propose(accepted, EDITION) == ()


def test_a_reason_is_never_replaced():
    now = this_year(THIS_YEAR)
    proposals = propose(now, EDITION, last_year(LAST_YEAR))
    written = this_year(THIS_YEAR + "增减原因 | 指标 | 原因\n | 一般公共预算：项目支出 | 自己写的")
    assert with_proposals(written, EDITION, proposals) == written


# --- the true drivers, whatever they are --------------------------------------------------------------------

NAMES = [f"项目{sign}" for sign in "甲乙丙丁戊己庚辛壬癸"]
AMOUNTS = st.integers(0, 50_000).map(lambda cents: Decimal(cents) / 100)
YEARS = st.dictionaries(st.sampled_from(NAMES), st.tuples(AMOUNTS, AMOUNTS), min_size=1)


def grid(amounts):
    lines = [f" | 2060599 | {name} | {amount}" for name, amount in amounts.items() if amount]
    return "\n".join(["项目支出 | 科目代码 | 项目名称 | 合计", *lines])


@settings(max_examples=60, deadline=None)
@given(YEARS)
def test_told_are_the_largest_true_changes_and_enough_of_them(years):
    before, now = ({name: both[year] for name, both in years.items()} for year in (0, 1))
    total = sum(before.values())
    book, _ = read_grid(
        f"{grid(now)}\n一般公共预算支出 | 科目代码 | 项目支出\n | 总计 | {sum(now.values())}\n"
        f"上年数 | 指标 | 上年预算数\n | 一般公共预算：项目支出 | {total}",
        EDITION,
    )
    found = propose(book, EDITION, Last(read_grid(grid(before), BEFORE)[0], BEFORE))
    change = sum(now.values()) - total
    if not change:
        assert found == ()
        return
    (proposal,) = found
    changes = {name: now[name] - before[name] for name in years if now[name] != before[name]}
    told = {mover.name: mover.change for mover in proposal.told}
    assert proposal.change == change
    assert proposal.text, "the lines are the whole of the change"
    assert {name: changes[name] for name in told} == told
    ways = [size * change > 0 for size in told.values()]
    against = ways[:-1] and all(ways[:-1]) and not ways[-1]
    if against:  # the largest that goes the other way is told beside those that are needed
        others = [size for name, size in changes.items() if size * change < 0]
        assert abs(told[proposal.told[-1].name]) == max(map(abs, others))
        needed = list(told.items())[:-1]
        if sum(abs(size) for _, size in needed) >= sum(map(abs, changes.values())) * Decimal("0.8"):
            told = dict(needed)
    sizes = [abs(size) for size in told.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert all(min(sizes) >= abs(size) for name, size in changes.items() if name not in told)
    movement = sum(map(abs, changes.values()))
    assert sum(sizes) >= movement * Decimal("0.8")
    assert sum(told.values()) * change > 0
    fewer = sizes[:-1]
    net = sum(list(told.values())[:-1])
    assert not (sum(fewer) >= movement * Decimal("0.8") and net * change > 0), "no more than needed"
    for name, size in told.items():
        words = (
            "新增" if not before[name] else "不再安排" if not now[name] else "增加" if size > 0 else "减少"
        )
        assert f"{abs(size):,.2f}万元" in proposal.text
        assert any(
            name in part and words in part for part in proposal.text.replace("，减少", "减少").split("，")
        )


@pytest.mark.parametrize("name", available())
def test_every_source_can_be_read_in_every_edition(name):
    edition = load(name)
    assert edition.drafting.source or not name.startswith("xinjiang") or edition.edition.kind != "预算"
    assert propose(derive(read_grid("", edition)[0], edition), edition) == ()


def test_the_copy_has_the_proposals_and_the_workbook_stays_as_it_is(tmp_path):
    path, last = tmp_path / "今年.xlsx", tmp_path / "去年.xlsx"
    unit = "单位信息 | 项目 | 内容\n | 单位名称 | 甲中心\n | 公开主体 | 单位\n | 预算年度 | {}\n"
    path.write_bytes(render_workbook(EDITION, this_year(unit.format(2026) + THIS_YEAR)))
    last.write_bytes(render_workbook(BEFORE, last_year(unit.format(2025) + LAST_YEAR).book))
    given = path.read_bytes()
    done = reasons(path, prior=last)
    assert path.read_bytes() == given
    assert done.written == tmp_path / "今年（建议原因）.xlsx"
    stored = EDITION.comparisons
    text = "新增“创新券”项目250.00万元，“旧楼改造”项目本年不再安排，减少50.00万元"
    copy = examine(done.written)
    assert copy.book.cell(stored.reasons, "一般公共预算：项目支出", stored.reason).value == MARK + text
    missing = [finding.spots[0].row for finding in copy.findings if finding.rule == "reason-missing"]
    assert missing == ["一般公共预算：项目支出", "一般公共预算支出/2060599"], "a proposal is no reason yet"
    with pytest.raises(UnusableInputError, match="已经存在"):
        reasons(path, prior=last)
