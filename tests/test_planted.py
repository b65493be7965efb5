"""What is planted is told, on one line, and nothing else; in workbooks, in documents, and across the editions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from budgetgen.app.pipeline.diff import side_of
from budgetgen.app.pipeline.inputs import unjudged
from budgetgen.app.reports.changes import printed
from budgetgen.book.derivation import derive
from budgetgen.comparison import Side, compare
from budgetgen.comparison.alignment import Alignment
from budgetgen.comparison.chapters import Chapters
from budgetgen.comparison.matching import Both
from budgetgen.comparison.matching import rolled as rolled_text
from budgetgen.comparison.own_words import OwnWords
from budgetgen.comparison.paragraphs import told_paragraph
from budgetgen.comparison.places import DocumentHeadings
from budgetgen.comparison.restored import NOWHERE, WordSlip, _where_written
from budgetgen.comparison.structure import structure
from budgetgen.comparison.successive import Successive
from budgetgen.comparison.values import Kind, Matter, Threshold
from budgetgen.edition import later, load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Table
from budgetgen.values.places import DocumentPlace
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES, some
from tests.planted import DOCUMENT, SAMPLE, WORKBOOK, added, at, document, gone, moved, text, together
from tests.plants import Manuscript, planted
from tests.test_comparison import filled
from tests.workbooks import derived_of


def workbook(text):
    edition = load("xinjiang-2026")
    book, _ = read_grid(text, edition)
    return Side(derive(book, edition), edition)


def published(found):
    path = Path("公开文本.docx")
    return side_of(unjudged(path, read_blocks(path, found)))


def lines(changes):
    """How many things are told, the other format's own apart."""
    real = [one for one in changes.structure if not one.template]
    told = (changes.leading, changes.reasons, changes.wording, changes.linkage, real)
    return sum(map(len, told))


@pytest.fixture(scope="module")
def bases():
    return workbook(SAMPLE), published(document())


def test_there_are_enough_and_of_enough_kinds():
    for kinds in ([one.kind for one in DOCUMENT], [kind for kind, *_ in WORKBOOK]):
        assert len(kinds) >= 55
        assert len(set(kinds)) >= 40


@pytest.mark.parametrize("batch", together(WORKBOOK, 7), ids=lambda batch: batch[0][0])
def test_what_is_typed_otherwise_is_told(bases, batch):
    typed = SAMPLE
    for kind, old, new, _ in batch:
        assert old in typed
        typed = typed.replace(old, new, -1 if kind == "项目改名" else 1)
    changes = compare(bases[0], workbook(typed))
    told = printed(changes, everything=True)
    assert [kind for kind, _, _, trace in batch if trace not in told] == []
    assert lines(changes) == len(batch)


ALONE = [[one] for one in DOCUMENT if one.alone]
TOGETHER = together([one for one in DOCUMENT if not one.alone], 6)


@pytest.mark.parametrize("batch", some([*ALONE, *TOGETHER], 4), ids=lambda batch: batch[0].kind)
def test_what_is_printed_otherwise_is_told(bases, batch):
    found = list(document())
    for one in batch:
        found = one.edit(found)
    changes = compare(bases[1], published(found))
    told = printed(changes, everything=True)
    assert [one.kind for one in batch if one.trace not in told] == []
    assert lines(changes) == sum(one.lines for one in batch)


def test_a_document_and_itself_do_not_differ(bases):
    assert lines(compare(bases[1], published(document()))) == 0


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_a_document_of_another_format_differs_in_nothing_that_only_the_format_has(rolled, year):
    """The department's document, rolled forward and filled with the same figures."""
    old, new = rolled[str(int(year) - 1)], rolled[year]
    changes = compare(old, new)
    assert (old.edition.id, new.edition.id) == (f"xinjiang-{int(year) - 1}", f"xinjiang-{year}")
    assert lines(changes) == 0


def section(start, end, edit):
    """The paragraphs of a section, other than its heading, changed or left out."""

    def edited(found):
        first, last = at(found, start), at(found, end)
        inner = [edit(block) if isinstance(block, Text) else block for block in found[first + 1 : last]]
        return [*found[: first + 1], *filter(None, inner), *found[last:]]

    return edited


def unread(block):
    return replace(block, text="另行公布：" + block.text[::-1])


SECTIONS = [
    ("整节删去", section("五、关于", "六、关于", lambda _: None), "整节，共"),
    ("一段的一节删去", section("八、关于", "九、关于", lambda _: None), "没有使用政府性基金"),
    ("整节未读", section("七、关于", "八、关于", unread), "”改为“另行公布："),
    ("节标题", text("一、关于", "总体说明", "情况说明"), "的情况说明”"),
    ("节标题加字", text("五、关于", "当年拨款", "当年财政拨款"), "当年财政拨款情况说明”"),
]


@pytest.mark.parametrize(
    ("edit", "trace"),
    [one[1:] for one in some(SECTIONS, 3)],
    ids=[one[0] for one in some(SECTIONS, 3)],
)
def test_a_whole_section_is_one_line_in_a_year_and_over_two(bases, rolled, documents, edit, trace):
    for old, found in ((bases[1], document()), (rolled["2024"], documents["2025"])):
        changes = compare(old, published(edit(list(found))))
        assert (lines(changes), trace in printed(changes, everything=True)) == (1, True)


def test_a_section_of_which_half_stands_elsewhere_is_told_as_a_whole(rolled, documents):
    """Each of several statements told that its paragraph went: of a section without counterpart that is one line."""
    found = list(documents["2025"])
    first, last = at(found, "四、关于"), at(found, "五、关于")
    half = first + 1 + (last - first - 1) // 2
    new = published([*found[:first], *map(unread, found[first + 1 : half]), *found[half:]])
    both = Both(rolled["2024"], new, Threshold.read(new.edition.review.threshold))
    sections = DocumentHeadings(both.old).sections
    heading = next(one for one in sections if one.startswith("四、关于"))
    went = replace(told_paragraph(Kind.WENT, sections[heading][1][1], "", None), section=heading)
    (told,) = Chapters(both, [went] * 4).wording()
    assert (told.kind, told.section) == (Kind.WENT, heading)


ACROSS = [
    (
        "执行时间未改",
        text("资金执行时间：", "2025年1月1日", "2024年1月1日"),
        "年份未改：资金执行时间：2024年1月",
        1,
    ),
    ("执行时间后半未改", text("资金执行时间：", "2025年12月", "2024年12月"), "—2024年12月31日", 1),
    ("承担单位删去", gone("项目承担单位："), "取消：项目承担单位：", 1),
    ("政策依据删去", gone("设立的政策依据：市重点人才计划"), "取消：设立的政策依据：市重点人才计划", 1),
    ("资产删去", gone("1.房屋"), "取消：1.房屋", 1),
    ("采购", text("2025年，乌鲁木齐市科学技术局政府采购预算", "货物预算4.51", "货物预算4.15"), "4.15", 1),
    ("固定语句改写", text("按照全口径", "纳入部门预算管理", "列入部门预算管理"), "列入部门预算管理", 1),
    ("执行时间全未改", text("资金执行时间：", "2025", "2024", 9), "2024", 1),
    ("固定语句删去", gone("收入全部为"), "取消：收入全部为", 1),
    (
        "半句删去",
        text("收入全部为", "，无政府性基金预算拨款和国有资本经营预算", ""),
        "”改为“收入全部为一般公共预算拨款。",
        1,
    ),
    (
        "列举次序",
        text("人员经费1,306.29", "基本工资、津贴补贴", "津贴补贴、基本工资"),
        "包括津贴补贴、基本",
        1,
    ),
    ("列举漏一项", text("人员经费1,306.29", "津贴补贴、", ""), "包括基本工资、奖金", 1),
    ("职能移动", moved("（四）组织科技人才队伍", "（一）拟订全市"), "组织科技人才队伍建设", 1),
    ("职能改写", text("（二）统筹推进全市创新体系", "管理市级", "负责市级"), "负责市级", 1),
    ("语句移动", moved("政府性基金预算未安排", "一般公共预算3,901.89"), "移动：政府性基金预算未安排", 1),
    ("名词删去", gone("五、基本支出："), "取消：五、基本支出：", 1),
    ("名词改写", text("四、其他资金：", "事业经营收入", "经营收入"), "收入、经营收入", 1),
    ("多写一段", added("公用经费116.36", "以上支出均按定额标准安排。"), "新增：以上支出", 1),
    ("空表说明改写", text("乌鲁木齐市科学技术局2025年没有使用国有", "没有使用", "未使用"), "2025年未使用", 1),
    ("结转用途改写", text("1.技术市场专项工作经费结转", "培训", "宣传培训"), "宣传培训", 1),
    ("政策依据改写", text("设立的政策依据：市重点人才计划", "计划", "工程"), "人才工程", 1),
    ("采购语句改写", text("2025年，乌鲁木齐市科学技术局面向", "政府采购项目预算", "采购"), "预留采购金额", 1),
    ("表注相反", text("注：本表不含", "不含上年", "含上年"), "本表含上年结转", 1),
    ("未安排改写", text("政府性基金预算未安排", "未安排", "本年没有安排"), "本年没有安排", 1),
    ("占比删去", text("基本支出1,422.65万元，占", "占35.77%，", ""), "改为“基本支出", 1),
    ("绩效段删去", gone("2025年，本部门预算绩效管理"), "取消：2024年，本部门预算绩效", 1),
    ("资产年份未改", text("截至2024年底", "2024年底", "2023年底"), "年份未改", 1),
    ("增加0改减少0", text("2025年财政拨款“三公”", "增加0.00", "减少0.00"), "减少0.00", 1),
    ("表下说明删去", gone("注：本表不含"), "取消：注：本表不含", 1),
    ("规模删去", gone("预算安排规模：5.21"), "取消：预算安排规模：5.21万元", 1),
]


@pytest.mark.parametrize("batch", some(together(ACROSS, 6), 3), ids=lambda batch: batch[0][0])
def test_what_is_planted_in_the_next_years_document_is_told(rolled, documents, batch):
    found = list(documents["2025"])
    for _, edit, _, _ in batch:
        found = edit(found)
    changes = compare(rolled["2024"], published(found))
    told = printed(changes, everything=True)
    assert [kind for kind, _, trace, _ in batch if trace not in told] == []
    assert lines(changes) == sum(count for *_, count in batch)


DRAWN = (
    "行名少字",
    "栏目少字",
    "表序号",
    "段落重复",
    "目录少一条",
    "项目改名一处",
    "绩效表删去",
    "句子添加",
    "执行时间后加句",
    "落款删去",
    "节标题删去",
    "名词少字",
    "运行经费删去",
    "科目级次",
    "部分标题改写",
    "科目代码",
    "万元写作元",
)


@pytest.mark.parametrize("kind", some(DRAWN, 4))
def test_what_a_draw_plants_in_the_next_years_document_is_one_line(rolled, manuscript, kind):
    """As `benchmarks/successors.py` measures it, for the kinds that were told in several lines, or not at all."""
    plant = planted(kind, Random(kind), manuscript)  # noqa: S311 - a seeded choice
    changes = compare(rolled["2024"], published(plant.blocks))
    told = printed(changes, everything=True)
    assert (lines(changes), plant.place is None or plant.trace in told) == (1, True)


STAYED = "比上年预算增加0.00万元，增长0.00%。"
ROSE = "比上年预算增加20.00万元，增长1.43%，主要原因是在职人员增加。"
FELL = "较上年预算减少30.00万元，下降2.07%，主要原因是在职人员减少。"


def test_no_figure_is_told_of_a_sentence_in_the_words_of_the_other_year(rolled, documents):
    """What is said otherwise is told as it is, however many slips stand beside it that are put back."""
    told = partial(text, "基本支出1,422.65万元，占", STAYED)
    old = published(told(ROSE)(list(documents["2025"])))
    found = told(FELL)(list(documents["2026"]))
    alone = compare(old, published(found))
    labels = [f"（{number}）项目名称" for number in "二四九"]
    for label in labels:
        found = text(label, "项目名称", "事项名称")(found)
    beside = compare(old, published(found))
    assert [one.difference for one in alone.linkage] == [Decimal(30)]
    assert (beside.linkage, beside.reasons) == (alone.linkage, alone.reasons)
    assert lines(beside) == lines(alone) + len(labels)


OWN = "本局下设3个服务窗口，每年9月1日起轮值，另有周转金20.00万元由财务科管理。"


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [("", "", 0), ("3个", "4个", 1), ("9月", "8月", 1), ("20.00万元", "26.00万元", 1)],
    ids=["不变", "个数", "月", "没有读懂的金额"],
)
def test_what_a_sentence_of_the_offices_own_counts_is_told(documents, rolled, old, new, count):
    add = added("收入全部为", OWN)
    before = published(add(list(documents["2024"])))
    after = published(added("收入全部为", OWN.replace(old, new))(list(documents["2025"])))
    changes = compare(before, after)
    assert (lines(changes), new in printed(changes, everything=True)) == (count, True)


YEARLY = [
    ("目录", "编制日期：2024年2月10日", "编制日期：2025年2月8日"),
    ("目录", "二、收入预算的有关情况15", "二、收入预算的有关情况16"),
    ("目录", "2024科学技术的管理机关", "2025科学技术的管理机关"),
    ("收入全部为", "2024局机关全部收支一览表", "2025局机关全部收支一览表"),
    ("收入全部为", "展厅的安排参见第15页，截至20231231。", "展厅的安排参见第16页，截至20241231。"),
    ("收入全部为", "截至2023-12-31，建局30周年展品完好。", "截至2024-12-31，建局31周年展品完好。"),
]
KEPT = "机房执行GB/T 22239-2024，值守依照科信字第2024号通知，滚动规划期为2024—2026年。"


def test_what_own_words_have_otherwise_every_year_is_not_told(documents, rolled):
    before, after = list(documents["2024"]), list(documents["2025"])
    for start, old, new in (*YEARLY, ("收入全部为", KEPT, KEPT)):
        before, after = added(start, old)(before), added(start, new)(after)
    assert lines(compare(published(before), published(after))) == 0


def test_a_paragraph_in_the_words_of_a_new_format_is_told_to_stand_elsewhere(rolled, documents):
    earlier, later = (OwnWords(rolled[year]) for year in ("2025", "2026"))
    known = {source for source in later.says if source in earlier.says and source[0]}
    worded = {later.says[one] for one in known if later.plain(later.says[one]) not in earlier.given}
    found = list(documents["2026"])
    n = next(
        n
        for n, (one, other) in enumerate(pairwise(found))
        if isinstance(one, Text) and isinstance(other, Text) and one.text in worded and other.text
    )
    found[n], found[n + 1] = found[n + 1], found[n]
    changes = compare(rolled["2025"], published(found))
    assert (lines(changes), [one.kind for one in changes.wording]) == (1, [Kind.MOVED])


def test_the_figures_of_a_line_that_came_are_one_line(bases):
    """The first line of the table of projects under the code of another class: it has money in several columns."""
    found = Manuscript(document())
    place = next(
        one.place for one in cells(found.reading.book["项目支出"]) if one.place and one.value == "206"
    )
    changes = compare(bases[1], published(found.with_cell(place, "202")))
    came = [one for one in changes.figures if (one.table, one.key) == ("项目支出", "202")]
    assert ([one.causes for one in came].count(()), len(came)) == (1, 3)


def cells(table):
    return (cell for row in table.rows for cell in row.cells.values())


def test_two_paragraphs_that_became_one_are_one_line_and_a_third_that_is_gone_another(rolled, documents):
    found = list(documents["2025"])
    n = at(found, "（一）拟订全市")
    found[n : n + 2] = [replace(found[n], text=found[n].text + found[n + 1].text)]
    changes = compare(rolled["2024"], published(found))
    assert (lines(changes), [one.kind for one in changes.wording]) == (1, [Kind.CHANGED])
    both = compare(rolled["2024"], published(gone("（四）组织科技人才队伍")(found)))
    assert (lines(both), sorted(one.kind for one in both.wording)) == (2, [Kind.CHANGED, Kind.WENT])


def test_a_lone_heading_is_put_back_and_a_second_slip_beside_it_stays(rolled, documents):
    """Without it what stands below it is read into the project above: only that it lacks is told."""
    lost = gone("（二）项目名称：")(list(documents["2025"]))
    alone = compare(rolled["2024"], published(lost))
    (told,) = alone.wording
    assert (lines(alone), told.kind, told.old.startswith("（二）项目名称：")) == (1, Kind.WENT, True)
    both = compare(rolled["2024"], published(text("（三）项目名称：", "项目名称", "事项名称")(lost)))
    assert (lines(both), sorted(one.kind for one in both.wording)) == (2, [Kind.CHANGED, Kind.WENT])


def without_line(found, word):
    """The document without the lines of tables that hold a text in their first cells; those below move up."""
    return [block if isinstance(block, Text) else moved_up(block, word) for block in found]


def moved_up(grid, word):
    """A table without such lines, each that is left in the place that it has then."""
    kept = [line for line in grid.lines if all(raw.value != word for raw in line[:4])]
    places = [[raw.place for raw in line] for line in grid.lines]
    lines = (
        tuple(raw._replace(place=place) for raw, place in zip(line, there, strict=False))
        if len(line) == len(there)
        else line
        for line, there in zip(kept, places, strict=False)
    )
    return grid if len(kept) == len(places) else replace(grid, lines=tuple(lines))


@pytest.mark.parametrize("amount", ["5", "2.8"])
def test_a_line_of_a_departments_table_that_lacks_is_one_line(rolled, documents, amount):
    """Its units are told by arithmetic as long as all is there: then by the names that other tables have."""
    table = published(documents["2025"]).book["结转结余"]
    name = next(row.text("项目") for row in table.rows if row.line and f"{row['合计'].value}" == amount)
    changes = compare(rolled["2024"], published(without_line(documents["2025"], name)))
    assert lines(changes) == 1
    assert name in printed(changes, everything=True)


def test_lines_of_the_format_that_came_and_went_are_two_though_they_stand_on_one_line(rolled, documents):
    came, went = "231债务还本支出", "232债务付息支出"
    sides = [published(without_line(documents["2025"], label)) for label in (came, went)]
    changes = structure(Both(*sides, Threshold.read("10%")))
    told = [(one.kind, one.old, one.new) for one in changes if one.matter is Matter.LINE]
    came_and_went = [(Kind.CAME, "", "231 债务还本支出"), (Kind.WENT, "232 债务付息支出", "")]
    assert told == sorted(came_and_went * 2)  # two tables have such lines


@pytest.mark.parametrize(("old", "count"), [("2024", 1), ("2025", 0)], ids=["前一年有", "两年都没有"])
def test_a_line_of_the_format_without_figures_that_lacks_is_told(rolled, documents, old, count):
    label = "上级国有资本经营预算安排转移支付"
    found = without_line(documents["2025"], label)
    earlier = published(found) if old == "2025" else rolled["2024"]
    changes = compare(earlier, published(found))
    told = [(one.kind, one.matter) for one in changes.structure if not one.template]
    assert (told, lines(changes)) == ([(Kind.WENT, Matter.LINE)] * count, count)


def test_the_rate_of_the_earlier_document_that_is_not_that_of_its_figures_is_told(rolled, documents):
    told = partial(text, "基本支出1,422.65万元，占", STAYED)
    earlier = told(ROSE)(list(documents["2025"]))
    wrong = told(ROSE.replace("1.43", "1.34"))(list(documents["2025"]))
    right, other = (compare(published(found), rolled["2026"]) for found in (earlier, wrong))
    assert lines(other) == lines(right) + 1
    assert "增长1.34%" in printed(other, everything=True)


def test_a_share_that_no_longer_fits_is_told_beside_a_sentence_with_a_long_reason(rolled, documents):
    told = partial(text, "基本支出1,422.65万元，占", STAYED)
    old = published(
        told(ROSE.replace("在职人员增加", "新录用工作人员，工资和社会保险随之增加，" * 4))(
            list(documents["2025"])
        )
    )
    wrong = text("基本支出1,422.65万元，占", "占35.77%", "占37.57%")(list(documents["2026"]))
    changes = compare(old, published(wrong))
    assert ["占37.57%" in one.new for one in changes.wording] == [True]


@pytest.mark.parametrize(("day", "count"), [("8月31日", 0), ("12月7日", 1)], ids=["版式的", "自己的"])
def test_a_fact_that_is_not_what_its_format_starts_with_is_told(day, count):
    """The formats of both years start with different days."""
    edition, following = load("shanghai-2024"), load("shanghai-2025")
    book, _ = read_grid((SAMPLES / "shanghai-2024-unit.txt").read_text(encoding="utf-8"), edition)
    one = Side(derive(book, edition), edition)
    new = filled(one, following, partial(moved_on, edition=following))
    house = following.house
    facts = new[house.about]
    rows = tuple(
        row.with_cells({house.value: replace(row[house.value], value=day)})
        if row.key == "资产截止日"
        else row
        for row in facts.rows
    )
    changes = compare(one, Side(new.with_tables({facts.name: Table(facts.name, rows)}), following))
    assert [one.key for one in changes.wording].count("资产截止日") == count


@pytest.mark.parametrize(("share", "count"), [("45.88", 1), ("48.58", 2)], ids=["合计", "合计和占比"])
def test_a_total_is_one_line_with_the_sentences_that_say_the_other_one(share, count):
    """Its figure is put back as well: a second slip in one of these sentences stays."""
    edition = load("xinjiang-2026")
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), edition)
    one = Side(derive(book, edition), edition)
    following = load(later(edition.id, 2026, 2027))
    two = Side(filled(one, following, partial(moved_on, edition=following)), following)
    old, new = (tuple(blocks(render_document(compose(x.book, x.edition), x.edition))) for x in (one, two))
    found = Manuscript(new)
    total = found.reading.book["支出总体"].get("总计")["合计"]
    wrong = text("基本支出364.68万元，占", "占45.88%", f"占{share}%")(
        list(found.with_cell(total.place, "794.16"))
    )
    changes = compare(published(old), published(wrong))
    assert (lines(changes), len(changes.leading)) == (count, 1)


def test_one_of_several_lines_that_say_the_same_is_told_once_to_stand_elsewhere():
    """Wherever one of them stands now: the others keep their places."""
    before = [f"{label}{end}" for end in "甲乙丙丁" for label in ("项目", "单位", "规模")]
    plain = [one.replace(one[-1], "") if one[:2] != "项目" else one for one in before]
    for n, m in ((11, 2), (2, 11), (4, 9), (10, 1)):
        rest = [*plain[:n], *plain[n + 1 :]]
        moved = [*rest[:m], plain[n], *rest[m:]]
        assert [moved[k] for k in Alignment(plain, moved).displaced] == [plain[n]]
    assert not Alignment(plain, plain).displaced


def test_each_of_two_equal_paragraphs_that_stand_elsewhere_is_told(rolled, documents):
    """One stays where it was: of three that say the same, two were put before other paragraphs."""
    own = "以上支出均按规定标准核定，由本局财务科负责解释。"
    starts = (
        "收入全部为",
        "公用经费116.36",
        "人员经费1,306.29",
        "一般公共预算3,901.89",
        "政府性基金预算未安排",
    )
    old, new = list(documents["2024"]), list(documents["2025"])
    for start in starts[:3]:
        old = added(start, own)(old)
    for start in (starts[0], *starts[3:]):
        new = added(start, own)(new)
    told = [(one.kind, one.new) for one in compare(published(old), published(new)).wording]
    assert told == [(Kind.MOVED, own)] * 2


TOTALS = (
    ("支出总体", "总计", "合计"),
    ("收入总体", "总计", "总计"),
    ("一般公共预算支出", "总计", "合计"),
    ("支出总体", "总计", "基本支出"),
)


@pytest.mark.parametrize("count", some([4, 3, 2, 1], 1))
def test_each_total_that_changed_is_told_and_not_the_sentence_that_stays(rolled, manuscript, count):
    """One after the other is put back, in several tables and on one line: what was put back is told still."""
    found = manuscript
    for n, (table, key, column) in enumerate(TOTALS[:count]):
        total = manuscript.reading.book[table].get(key)[column]
        found = Manuscript(found.with_cell(total.place, str(total.value + 9 + 2 * n)))
    changes = compare(rolled["2024"], published(found.blocks))
    told = {(one.table, one.key, one.column) for one in changes.leading}
    assert (lines(changes), told) == (count, set(TOTALS[:count]))


def test_the_first_paragraph_of_the_other_document_is_a_counterpart_as_any(bases):
    """Two paragraphs that are much alike, where no other begins in the same way."""
    old, new = "本单位预算收支安排的总体说明如下", "本单位预算收支安排总体说明如下"
    words = tuple(SimpleNamespace(printed=[(None, text, text)], plain=str) for text in (old, new))
    found = Successive(SimpleNamespace(documents=words))
    assert [found._counterpart(0, side) for side in (0, 1)] == [0, 0]


def test_a_slip_on_the_cover_does_not_make_a_department_a_unit(rolled, documents):
    slip = text("2024年部门预算公开", "公开", "开")
    changes = compare(rolled["2024"], published(slip(list(documents["2024"]))))
    assert (lines(changes), "2024年部门预算开" in printed(changes, everything=True)) == (1, True)


def test_a_share_that_no_longer_fits_is_told_where_it_stands(rolled, documents):
    wrong = text("基本支出1,422.65万元，占", "占35.77%", "占37.57%")
    changes = compare(rolled["2025"], published(wrong(list(documents["2026"]))))
    assert lines(changes) == 1
    (told,) = changes.wording
    assert ("占35.77%" in told.old, "占37.57%" in told.new, told.place is not None) == (True, True, True)


UNIT_LINE = "编制部门：乌鲁木齐市科学技术局单位：万元"
ONE, TWO = "部门收入总体情况表", "政府性基金预算支出情况表"
AROUND = {
    "删去": ({ONE: []}, [(ONE, Kind.WENT)]),
    "两处": ({ONE: [], TWO: [UNIT_LINE.replace("万元", "元")]}, [("", Kind.CHANGED), (ONE, Kind.WENT)]),
    "各表只有单位": ({"": [UNIT_LINE[-5:]]}, []),
    "分作两行": ({ONE: [UNIT_LINE[:-5], UNIT_LINE[-5:]]}, []),
    "只剩编制部门": ({ONE: [UNIT_LINE[:-5]]}, [("", Kind.CHANGED)]),
    "只剩编制部门、另一处元": (
        {ONE: [UNIT_LINE[:-5]], TWO: [UNIT_LINE.replace("万元", "元")]},
        [("", Kind.CHANGED), ("", Kind.CHANGED)],
    ),
    "各表都没有": ({"": []}, []),
    "另加说明": ({ONE: ["（本表数据以财政批复为准）"]}, [("", Kind.CAME), (ONE, Kind.WENT)]),
}


@pytest.mark.parametrize("case", some([*AROUND], 3))
def test_a_line_between_title_and_table_is_told_at_its_table(rolled, documents, case):
    """One that no table of the document has lacks nowhere."""
    instead, told = AROUND[case]
    found = list(documents["2025"])
    for title, texts in instead.items():
        for n in [n for n, one in enumerate(found) if getattr(one, "text", "") == UNIT_LINE][::-1]:
            if not title or n == at(found, title) + 1:
                found[n : n + 1] = [replace(found[n], text=one) for one in texts]
    changes = compare(rolled["2024"], published(found))
    assert sorted((one.section if one.kind is Kind.WENT else "", one.kind) for one in changes.wording) == told
    assert lines(changes) == len(told)


LACKING = {
    "目录": (next, "委托业务费支出情况表", "目录"),
    "表下说明": (max, "2026年没有使用财政拨款安排的委托业务费", "财政拨款委托业务费支出情况表"),
}


@pytest.mark.parametrize("case", some([*LACKING], 1))
def test_what_only_the_new_format_asks_for_and_the_document_lacks_is_told(rolled, documents, case):
    which, words, where = LACKING[case]
    found = list(documents["2026"])
    n = which(n for n, one in enumerate(found) if words in getattr(one, "text", ""))
    (told,) = compare(rolled["2025"], published([*found[:n], *found[n + 1 :]])).wording
    assert (told.kind, told.section, words in told.old) == (Kind.WENT, where, True)


def test_a_line_of_the_format_that_lacks_is_told_though_relations_give_its_figure(rolled, documents):
    """Both sides of it are told: one has a figure, the other none."""
    found = without_line(documents["2025"], "1.一般公共预算拨款")
    changes = compare(rolled["2024"], published(found))
    assert lines(changes) == 1
    assert "一般公共预算拨款、202 外交支出" in printed(changes, everything=True)


def test_an_office_that_lacks_in_a_list_is_told_where_the_list_stands(rolled, documents):
    """Though the heading of the section is another one in the new format."""
    found = text("乌鲁木齐市科学技术局本级下设", "、高新技术与成果转化科", "")(list(documents["2026"]))
    changes = compare(rolled["2025"], published(found))
    (told,) = changes.wording
    assert (lines(changes), told.kind, told.old) == (1, Kind.WENT, "高新技术与成果转化科")
    assert told.place == found[at(found, "乌鲁木齐市科学技术局本级下设")].place


HEADS = ("项目名称", "目名称"), ("项目负责人", "项目责人")


@pytest.mark.parametrize("slips", some([HEADS[:1], HEADS], 1))
def test_the_captions_of_a_performance_table_that_was_not_read_are_a_line_each(rolled, manuscript, slips):
    grids = ({raw.value: raw.place for line in grid.lines for raw in line} for grid in manuscript.grids)
    places = next(one for one in grids if {meant for meant, _ in HEADS} <= one.keys())
    found = manuscript
    for meant, said in slips:
        found = Manuscript(found.with_cell(places[meant], said))
    changes = compare(rolled["2024"], published(found.blocks))
    told = {(one.old, one.new, one.place) for one in changes.wording}
    assert (lines(changes), told) == (len(slips), {(meant, said, places[meant]) for meant, said in slips})


def test_nothing_is_told_of_a_paragraph_that_was_only_put_back():
    """What is told of one that moved stands at its own place."""
    place = DocumentPlace(paragraph=7)
    wrong = told_paragraph(Kind.CHANGED, "占64%", "占46%", NOWHERE)
    beside = told_paragraph(Kind.WENT, "一、说明", "", None)
    gone = WordSlip(1, {place: "二、说明"}, told_paragraph(Kind.WENT, "二、说明", "", None))
    elsewhere = WordSlip(1, {place: ""}, told_paragraph(Kind.MOVED, "占64%", "占46%", place))
    assert [*_where_written([wrong, beside], [gone])] == [beside]
    assert [*_where_written([wrong, beside], [elsewhere])] == [replace(wrong, place=place), beside]


def test_the_heading_of_a_section_that_lacks_is_one_line(rolled, documents):
    changes = compare(rolled["2024"], published(gone("五、关于")(list(documents["2025"]))))
    assert (lines(changes), [one.kind for one in changes.wording]) == (1, [Kind.WENT])


@pytest.mark.parametrize("years", some([("2025",), ("2024", "2025")], 2))
def test_a_sentence_that_counts_otherwise_than_its_list_is_told_where_only_one_document_has_it(
    rolled, documents, years
):
    wrong = text("本部门中，行政单位", "事业单位2家", "事业单位3家")
    old, new = (
        published((wrong if year in years else list)(list(documents[year]))) for year in ("2024", "2025")
    )
    changes = compare(old, new)
    assert [one.new[-60:].count("事业单位3家") for one in changes.wording] == [1] * (len(years) == 1)
    assert lines(changes) == len(changes.wording)


def everywhere(found, old, new):
    """Other words wherever some stand."""
    for block in found:
        if isinstance(block, Text):
            yield replace(block, text=block.text.replace(old, new))
        else:
            said = (
                [
                    raw._replace(value=raw.value.replace(old, new)) if isinstance(raw.value, str) else raw
                    for raw in line
                ]
                for line in block.lines
            )
            yield replace(block, lines=tuple(map(tuple, said)))


def test_the_texts_of_a_project_are_compared_though_its_name_tells_the_year(rolled, documents):
    name = rolled["2025"].book["项目说明"].rows[-1].key
    same = [*everywhere(documents["2025"], name, name.replace("2024年", "2025年"))]
    longer = text("资金执行时间：", "2025年12月31日", "2025年12月31日，由财务科负责")(same)
    alone, told = (compare(rolled["2024"], published(found)) for found in (same, longer))
    assert [one.new for one in told.wording if one not in alone.wording] == [
        longer[at(longer, "资金执行时间：")].text[7:]
    ]
    assert lines(told) == lines(alone) + 1


ELSEWHERE = "设立的政策依据：市重点人才计划"


@pytest.mark.parametrize("second", some([False, True], 2))
def test_a_paragraph_in_another_section_is_one_line_and_a_second_slip_another(rolled, documents, second):
    found = moved(ELSEWHERE, "收入全部为")(list(documents["2025"]))
    if second:
        found = text("资金执行时间：", "2025年12月", "2024年12月")(found)
    changes = compare(rolled["2024"], published(found))
    told = [one.kind for one in changes.wording]
    assert (sorted(told), lines(changes)) == ([Kind.MOVED, *[Kind.STAYED] * second], 1 + second)


def test_a_paragraph_that_moved_with_another_figure_is_told_for_both(rolled, documents):
    income = "收入预算包括：一般公共预算拨款"
    found = moved(income, "收入全部为")(list(documents["2025"]))
    found = text(income, "3,956.08", "3,965.08")(found)
    changes = compare(rolled["2024"], published(found))
    told = sorted((one.kind, one.new) for one in changes.wording)
    said = "收入预算包括：一般公共预算拨款3,965.08万元。"
    assert (told, lines(changes)) == ([(Kind.CHANGED, said), (Kind.MOVED, said)], 2)


@pytest.mark.parametrize("start", ["一般公共预算3,901.89万元", "上级一般公共预算安排的转移支付资金54.19万元"])
def test_a_sentence_of_income_that_lacks_is_told(rolled, documents, start):
    """Both years share but half of the cells that it is said of."""
    changes = compare(rolled["2024"], published(gone(start)(list(documents["2025"]))))
    assert [(one.kind, one.old.startswith(start)) for one in changes.wording] == [(Kind.WENT, True)]
    assert lines(changes) == 1


@pytest.mark.parametrize("second", some([False, True], 2))
def test_the_level_of_a_code_is_put_back_into_a_sentence_with_another_reason(rolled, documents, second):
    found = text("1.科学技术支出", "（款）", "（类）")(list(documents["2025"]))
    if second:
        found = text("2.科学技术支出", "（款）", "（类）")(found)
    changes = compare(rolled["2024"], published(found))
    assert [one.kind for one in changes.wording] == [Kind.CHANGED] * (1 + second)
    assert lines(changes) == 1 + second


def test_what_stands_over_a_side_of_a_table_is_told_where_the_table_was_not_read():
    edition = load("shanghai-2024")
    book, _ = read_grid((SAMPLES / "shanghai-2024-unit.txt").read_text(encoding="utf-8"), edition)
    one = Side(derive(book, edition), edition)
    following = load(later(edition.id, 2024, 2025))
    two = Side(filled(one, following, partial(moved_on, edition=following)), following)
    old, new = (tuple(blocks(render_document(compose(x.book, x.edition), x.edition))) for x in (one, two))
    found = Manuscript(new)
    side = next(
        raw for grid in found.grids for line in grid.lines[:1] for raw in line if raw.value == "财政拨款收入"
    )
    changes = compare(published(old), published(found.with_cell(side.place, "财政拨卯收入")))
    told = [(told.new, told.place) for told in changes.wording]
    assert (lines(changes), told) == (1, [("财政拨卯收入", side.place)])


def moved_on(book, edition):
    """The texts that speak of the budget year, a year later."""
    tables = {}
    for table, columns in groupby(edition.lint.moving, key=lambda one: one.table):
        names = [one.column for one in columns]
        rows = tuple(
            row.with_cells(
                {c: replace(row[c], value=rolled_text(row.text(c), 1)) for c in names if row.text(c)}
            )
            for row in book[table].rows
        )
        tables[table] = Table(table, rows)
    return book.with_tables(tables)


@pytest.fixture(scope="module")
def documents():
    """The paragraphs and tables of each year's document, as `rolled` printed them."""
    return {}


@pytest.fixture(scope="module")
def manuscript(rolled, documents):
    """The next year's document as something may be planted in it; read once."""
    return Manuscript(documents["2025"])


@pytest.fixture(scope="module")
def rolled(documents):
    """The department of 2024, and what it would publish in the next years if nothing changed."""
    side = side_of(derived_of(SAMPLES / "xinjiang-2024-department.xlsx"))
    found = {}
    for year in ("2024", "2025", "2026"):
        edition = load(f"xinjiang-{year}")
        if year != "2024":
            side = Side(filled(side, edition, partial(moved_on, edition=edition)), edition)
        found[year] = published(
            documents.setdefault(
                year, tuple(blocks(render_document(compose(side.book, side.edition), side.edition)))
            )
        )
    return found
