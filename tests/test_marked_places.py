"""What only sentences tell stands where they say it; shares and rates are held against the amounts beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import judged
from budgetgen.app.reports.problems import problems
from budgetgen.reading.document.blocks import Text
from budgetgen.reading.document.reader import read_blocks
from tests.planted import document


def lines(found):
    path = Path("公开文本.docx")
    checked = judged(path, read_blocks(path, found), locating=False)
    return {one for one in problems(checked).all if one.rule != "document-read"}


@pytest.mark.parametrize(
    ("begins", "right", "wrong", "told"),
    [
        ("2026年，", "货物预算5.00", "货物预算6.00", ["procurement-total"]),
        ("2.车辆1辆", "一般公务用车1辆", "一般公务用车2辆", ["vehicles-count"]),
        ("3.特定目标", "4.80万元", "8.40万元", ["carry-over-use-amount"]),
        ("资金分配情况：租赁费", "租赁费8.00", "租赁费9.00", ["description-sum"]),
        ("国有资本经营预算未安排", "未安排", "未安排安排", ["paragraph-unplaced"]),
    ],
    ids=["采购", "车辆", "结转", "资金分配", "没有读懂的一句里没有数字"],
)
def test_one_slip_is_one_line_at_its_sentence(begins, right, wrong, told):
    found = document()
    said = next(b for b in found if isinstance(b, Text) and b.text.startswith(begins) and right in b.text)
    slipped = [replace(b, text=b.text.replace(right, wrong)) if b is said else b for b in found]
    known = {(one.rule, one.message) for one in lines(found)}
    fresh = [one for one in lines(slipped) if (one.rule, one.message) not in known]
    assert [one.rule for one in fresh] == told
    assert said.place in {spot.place for spot in fresh[0].spots}
