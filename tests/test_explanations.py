"""What the clerk explains passes; errors do not; what explains nothing is told."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.inputs import Checked, derived, examine, last_of
from budgetgen.app.reports import findings as report
from budgetgen.app.reports.machine import as_json
from budgetgen.book.derivation import derive
from budgetgen.checking.explanations import explain
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import Explanation, Severity, Spot
from budgetgen.writing.workbook.writer import render_workbook
from budgetgen.years.rolling import roll
from tests.conftest import SAMPLES
from tests.findings import at, finding

SAMPLE = (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8")
ASKED = finding(
    "negative",
    Severity.EXPLAIN,
    "合计 -5.00",
    spots=(Spot("支出总体", "2060501", "合计", at("支出总体!E12")),),
)
EXPLAINED = replace(ASKED, explained=Explanation("冲减", "张三"))
WHOLE = finding("prior-gap", Severity.EXPLAIN, "去年文件是 2024 年的")
WRONG = finding(
    "expenditure-row", Severity.ERROR, "合计 10.00 | 9.00", spots=(Spot("支出总体", "2060501", "合计"),)
)


def checked(edition, *findings):
    return Checked(Path("填报.xlsx"), read_grid("", edition)[0], edition, findings)


def explained(edition, rows, *findings):
    """What came of findings: rule, message, what was explained."""
    book, _ = read_grid(f"审核说明 | 规则 | 位置 | 说明 | 说明人\n{rows}", edition)
    return [(f.rule, f.message, str(f.explained or "")) for f in explain(findings, book, edition)]


@pytest.mark.parametrize(
    "place",
    [
        "支出总体!E12",
        "'支出总体'！$e$12",
        "填报.xlsx!支出总体!E12",
        "填报.xlsx!支出总体[2060501].合计",
        "支出总体［2060501］.合计",
        "支出总体[2060501]",
        "支出总体",
    ],
)
def test_a_place_may_be_written_in_several_ways(newest, place):
    assert explained(newest, f" | negative | {place} | 冲减上年多列的 | 张三", ASKED) == [
        ("negative", "合计 -5.00", "冲减上年多列的（张三）")
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("支出总体!E13", "“支出总体!E13”没有“negative”要说明的问题；要说明的是 支出总体!E12"),
        ("E12", "“E12”没有“negative”要说明的问题；要说明的是 支出总体!E12"),
        ("收入总体", "“收入总体”没有“negative”要说明的问题；要说明的是 支出总体!E12"),
        ("整个文件", "“整个文件”没有“negative”要说明的问题；要说明的是 支出总体!E12"),
        ("", "没有填位置；要说明的是 支出总体!E12"),
    ],
)
def test_an_explanation_of_another_place_is_told(newest, place, said):
    assert explained(newest, f" | negative | {place} | 冲减 | 张三", ASKED) == [
        ("negative", "合计 -5.00", ""),
        ("explanation-unused", said, ""),
    ]


@pytest.mark.parametrize("place", ["", "整个文件"])
def test_a_finding_on_the_whole_file_has_no_place(newest, place):
    assert explained(newest, f" | prior-gap | {place} | 去年新设 | 李四", WHOLE, ASKED) == [
        ("prior-gap", "去年文件是 2024 年的", "去年新设（李四）"),
        ("negative", "合计 -5.00", ""),
    ]


def test_errors_cannot_be_waived(newest):
    assert explained(newest, " | expenditure-row | 支出总体[2060501].合计 | 就是这样 | 张三", WRONG) == [
        ("expenditure-row", "合计 10.00 | 9.00", ""),
        ("explanation-refused", "“expenditure-row”是错误，不能用说明代替改正", ""),
    ]


def test_what_explains_nothing_is_told(newest):
    rows = " | negativ | 支出总体 | 冲减 | 张三\n | negative | 支出总体 | 冲减 | 张三"
    assert explained(newest, rows) == [
        ("explanation-unused", "没有编号为“negativ”的规则，是否指“negative”", ""),
        ("explanation-unused", "“negative”没有需要说明的问题", ""),
    ]


@pytest.mark.parametrize("row", ["| 支出总体 | 冲减 |", "| 支出总体 | | 张三", "| 支出总体 | |"])
def test_without_text_or_name_nothing_is_explained(newest, row):
    assert explained(newest, f" | negative {row}", ASKED) == [("negative", "合计 -5.00", "")]


# --- from workbook to report --------------------------------------------------------------------------------


@pytest.fixture
def workbook(newest, tmp_path):
    """The sample with a day of publication long past, and with explanations."""

    def write(explanations=""):
        grid = SAMPLE.replace("2026-02-27", "2020-02-27")
        assert grid != SAMPLE
        if explanations:
            grid += f"\n审核说明 | 规则 | 位置 | 说明 | 说明人\n{explanations}\n"
        book, findings = read_grid(grid, newest)
        assert findings == ()
        path = tmp_path / "填报.xlsx"
        path.write_bytes(render_workbook(newest, derive(book, newest)))
        return path

    return write


ROW = " | date-far | 单位信息[公开日期].内容 | 补公开 2020 年的 | 甄有名"


def levels(checked, rule="date-far"):
    return [(f.level, str(f.explained or "")) for f in checked.findings if f.rule == rule]


def test_a_workbook_with_its_explanations(workbook):
    assert levels(examine(workbook())) == [("需说明", "")]
    assert levels(examine(workbook(ROW))) == [("已说明", "补公开 2020 年的（甄有名）")]


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ((), "通过（错误 0 处，需说明 0 处，提示 0 处）"),
        ((ASKED, EXPLAINED), "通过，尚有需说明（错误 0 处，需说明 1 处，提示 0 处，已说明 1 处）"),
        ((EXPLAINED,), "通过（错误 0 处，需说明 0 处，提示 0 处，已说明 1 处）"),
        ((WRONG, ASKED), "未通过（错误 1 处，需说明 1 处，提示 0 处）"),
    ],
)
def test_the_verdict(newest, findings, said):
    assert report.summary(checked(newest, *findings)) == f"填报.xlsx：{said}"


def test_open_findings_come_before_explained_ones(newest):
    assert report.printed(checked(newest, EXPLAINED, ASKED)) == (
        "── 支出总体 ──\n"
        "填报.xlsx!支出总体!E12：需说明 negative\n"
        "  合计 -5.00\n"
        "填报.xlsx!支出总体!E12：已说明 negative\n"
        "  合计 -5.00\n"
        "  说明：冲减（张三）\n"
        "\n"
        "“需说明”的请核实：确实无误的，在填报表的“审核说明”页写明规则、位置、说明、说明人。\n"
        "填报.xlsx：通过，尚有需说明（错误 0 处，需说明 1 处，提示 0 处，已说明 1 处）"
    )


def test_explanations_in_the_json(newest):
    told = json.loads(as_json([checked(newest, ASKED, EXPLAINED)]))["files"][0]
    assert (told["explains"], told["explained"]) == (1, 1)
    assert [f["explained"] for f in told["findings"]] == [None, {"text": "冲减", "name": "张三"}]


def test_an_unfinished_explanation_is_an_error(workbook):
    found = examine(workbook(" | date-far | 单位信息 | 补公开 |"))
    assert levels(found) == [("需说明", "")]
    own = [(f.rule, f.level, f.message) for f in found.findings if f.spots and f.spots[0].table == "审核说明"]
    assert own == [("required-missing", "错误", "“说明人”必须填")]


def test_who_explained_is_not_published(workbook, tmp_path):
    document = build(workbook(ROW), tmp_path / "公开", draft=True).written[0]
    with zipfile.ZipFile(document) as archive:
        assert not any("甄有名".encode() in archive.read(name) for name in archive.namelist())


def test_explanations_are_not_carried_into_next_year(newest, tmp_path):
    edition = load("xinjiang-2025")
    book, _ = read_grid(
        f"单位信息 | 项目 | 内容\n | 预算年度 | 2025\n审核说明 | 规则 | 位置 | 说明 | 说明人\n{ROW}", edition
    )
    path = tmp_path / "去年.xlsx"
    path.write_bytes(render_workbook(edition, derive(book, edition)))
    last = derived(path)
    assert len(last.book["审核说明"].rows) == 1
    rolled = roll(last_of(last), newest)
    assert rolled.book["审核说明"].rows == ()
    assert "审核说明" not in repr(rolled.findings)


# --- secret items -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("结转用途[特定目标2410010U绝密字样].金额", "结转用途[特定目标2410010U].金额"),
        ("结转用途[特 定 目 标 2410010U（绝密字样）]", "结转用途[特定目标2410010U]"),
        ("特定目标2410010U绝密字样", "特定目标2410010U"),
        ("特定目标2410010U].绝密字样", "特定目标2410010U"),
        ("结转用途!A5", "结转用途!A5"),
    ],
)
def test_an_explanation_of_a_secret_item_is_withheld(newest, place, kept):
    book, _ = read_grid(
        f"""
        结转用途 | 项目名称 | 金额 | 用途


                 | 特定目标2410010U绝密字样 | -5.00 |
        审核说明 | 规则 | 位置 | 说明 | 说明人
                 | negative | {place.replace("A5", "A2")} | 绝密字样已停 | 张三
        """,
        newest,
    )
    row = book["审核说明"].rows[0]
    assert "绝密字样" not in repr(book)
    assert (row.text("位置"), row.text("说明")) == (kept.replace("A5", "A2"), "完全不予公开")


def test_kinds_of_projects_are_no_secret(newest):
    """特定目标类 is a kind of project; without a code it names no item."""
    assert explained(newest, " | negative | 支出总体 | 特定目标类项目冲减 | 张三", ASKED) == [
        ("negative", "合计 -5.00", "特定目标类项目冲减（张三）")
    ]


# --- which finding, which explanation -----------------------------------------------------------------------


def negative_at(row):
    return replace(ASKED, spots=(Spot("支出总体", str(row), "合计", at(f"支出总体!E{row}")),))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "支出总体!E1"),
        (3, "支出总体!E1、支出总体!E2、支出总体!E3"),
        (4, "支出总体!E1、支出总体!E2、支出总体!E3 等 4 处"),
    ],
)
def test_of_many_places_three_are_named_and_all_are_counted(newest, count, told):
    found = [negative_at(row) for row in range(1, count + 1)]
    *_, unused = explained(newest, " | negative | 支出总体!E99 | 冲减 | 张三", *found)
    assert unused[1] == f"“支出总体!E99”没有“negative”要说明的问题；要说明的是 {told}"


def test_places_that_are_explained_or_only_rounding_are_not_asked_for(newest):
    tail = replace(negative_at(1), severity=Severity.NOTE, tail=True)
    found = [tail, EXPLAINED, negative_at(2)]
    *_, unused = explained(newest, " | negative | 支出总体!E99 | 冲减 | 张三", *found)
    assert unused[1].endswith("要说明的是 支出总体!E2")


def test_a_tail_of_rounding_is_not_explained(newest):
    tail = replace(ASKED, severity=Severity.NOTE, tail=True)
    assert explained(newest, " | negative | 支出总体!E12 | 冲减 | 张三", tail)[0] == (
        "negative",
        "合计 -5.00",
        "",
    )


def test_the_first_explanation_counts_and_a_note_may_have_one(newest):
    rows = " | negative | 支出总体!E12 | 第一 | 张三\n | negative | 支出总体 | 第二 | 李四"
    note = replace(negative_at(7), severity=Severity.NOTE)
    assert explained(newest, rows, ASKED, note) == [
        ("negative", "合计 -5.00", "第一（张三）"),
        ("negative", "合计 -5.00", "第二（李四）"),
    ]


def test_it_belongs_to_the_first_cell_of_a_finding(newest):
    two = replace(ASKED, spots=(*ASKED.spots, Spot("收入总体", "2060501", "总计", at("收入总体!C3"))))
    told = explained(newest, " | negative | 收入总体!C3 | 冲减 | 张三", two)
    assert [rule for rule, _, _ in told] == ["negative", "explanation-unused"]
    assert told[0][2] == ""


@pytest.mark.parametrize(
    ("rule", "column"),
    [("expenditure-row", "规则"), ("negativ", "规则"), ("negative", "位置"), (" negative ", "位置")],
)
def test_what_is_wrong_with_an_explanation_is_told_at_its_own_cell(newest, rule, column):
    book, _ = read_grid(f"审核说明 | 规则 | 位置 | 说明 | 说明人\n | {rule} | 支出总体 | 冲减 | 张三", newest)
    (told,) = explain((), book, newest)
    assert [spot.column for spot in told.spots] == [column]


def test_an_explanation_of_another_rule_at_the_same_place_explains_nothing(newest):
    far = finding("unit-slip", Severity.EXPLAIN, "相差悬殊", spots=ASKED.spots)
    assert explained(newest, " | negative | 支出总体!E12 | 冲减 | 张三", far, ASKED) == [
        ("unit-slip", "相差悬殊", ""),
        ("negative", "合计 -5.00", "冲减（张三）"),
    ]


def test_a_rule_that_is_like_none_is_told_without_a_guess(newest):
    (told,) = explained(newest, " | 完全不像 | 支出总体 | 冲减 | 张三")
    assert told[1] == "没有编号为“完全不像”的规则"
