"""What a reviewer looks at first stands first: targets lowered or dropped, years that were not moved on."""

from __future__ import annotations

import pytest

from budgetgen.app.reports.changes import printed
from budgetgen.comparison import compare
from budgetgen.comparison.risks import lowered
from budgetgen.comparison.values import Kind, Risk
from budgetgen.edition import load
from tests.test_comparison import BOOK, side

TARGET = load("xinjiang-2026").review.targets[0]


@pytest.mark.parametrize(
    ("old", "new", "less"),
    [
        ("≥5场", "≥4场", True),
        (">=95%", "≥90％", True),
        ("≥4场", "≥5场", False),
        ("≤5天", "≤6天", True),
        ("<=6天", "≤5天", False),
        ("=5人", "=4人", True),
        ("≥5场", "≤4场", False),
        ("有效提高", "提高", False),
    ],
)
def test_a_target_is_lowered_where_it_asks_for_less(old, new, less):
    assert lowered(old, new, TARGET) is less


def test_risks_stand_first_worst_first():
    new = (
        BOOK.replace("负责科学普及工作。", "负责科学普及。")
        .replace("≥5场", "≥3场")
        .replace(" | 科普周活动经费 | 效益指标 | 社会效益指标 | 参与人次 | ≥500人次 | 20\n", "")
    )
    changes = compare(side(BOOK), side(new))
    assert [one.risk for one in changes.wording] == [Risk.LOWERED, Risk.DROPPED, None]
    lines = [line for line in printed(changes).splitlines() if line.startswith("  ")]
    assert lines[0].startswith("  【目标调低】项目绩效指标")
    assert lines[1].startswith("  【指标取消】项目绩效指标")


def test_weights_that_were_moved_stand_before_greater_figures_and_name_their_indicator():
    grid = BOOK.replace("| 2 | 30.00", "| 3 | 90.00")
    row = next(line for line in BOOK.splitlines() if "≥500人次" in line)
    changes = compare(side(BOOK), side(grid.replace(row, row.removesuffix("20") + "15")))
    assert [one.risk for one in changes.figures][:2] == [Risk.WEIGHED, None]
    first = next(line for line in printed(changes).splitlines() if line.startswith("  "))
    assert first.startswith("  【权重变动】项目绩效指标 科普周活动经费 参与人次 权重 20 → 15")


@pytest.mark.parametrize(
    ("time", "stays"), [("2025年全年", True), ("2026年全年", False), ("2025年至2026年", False)]
)
def test_a_year_that_had_to_move_on_and_did_not_is_told(time, stays):
    last = BOOK.replace("预算年度 | 2026", "预算年度 | 2025").replace("2026年全年", "2025年全年")
    if time.endswith("2026年"):
        last = last.replace("2025年全年", time)
    changes = compare(side(last, "xinjiang-2025"), side(BOOK.replace("2026年全年", time)))
    found = [one for one in changes.wording if one.column == "资金执行时间"]
    assert [one.kind for one in found] == [Kind.STAYED] * (2 if stays else 0)
