"""Merged columns are left blank and read in full by one rule."""

from itertools import product

import pytest

from budgetgen.values.repeats import in_full, without_repeats
from budgetgen.writing.publication.indicators import rows_in_full

NAMES = ["一级", "二级"]
ROWS = [dict(zip(NAMES, texts, strict=True)) for texts in product(("", "产出", "质量"), repeat=2)]


def read(rows):
    """The rows in full, as they are taken from a table."""
    return list(rows_in_full(rows, NAMES))


@pytest.mark.parametrize("first", ROWS)
def test_rows_read_in_full_are_the_same_with_their_repeats_left_blank(first):
    for rows in product([first], ROWS, ROWS):
        full = read(rows)
        above, printed = {}, []
        for row in full:
            printed.append(without_repeats(NAMES, row, above))
            above = row
        assert read(printed) == full, rows


def test_a_new_group_has_nothing_of_the_one_above():
    rows = [{"一级": "产出", "二级": "数量"}, {"一级": "满意度", "二级": ""}, {"一级": "", "二级": ""}]
    assert read(rows) == [
        {"一级": "产出", "二级": "数量"},
        {"一级": "满意度", "二级": ""},
        {"一级": "满意度", "二级": ""},
    ]


def test_a_column_that_a_row_has_not_goes_on():
    assert in_full(NAMES, {"二级": "质量"}, {"一级": "产出", "二级": "数量"}) == {
        "一级": "产出",
        "二级": "质量",
    }
