"""Units told by arithmetic: the lines of a printed table fall into groups, each a first row and those it sums up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.reading.document.printed.units import groups
from budgetgen.values.amounts import tolerance

CENTS = st.sampled_from(["0", "0.00", "0.01", "0.50", "1.00", "1.01", "1.50", "2.00", "-1.00"])
ROWS = st.integers(1, 2).flatmap(
    lambda width: st.lists(st.tuples(*[CENTS.map(Decimal)] * width), min_size=1, max_size=9)
)


def defined(rows, start=0):
    """The groups from a row on, as they are defined: of all ways to end the first, closest sums first."""
    if start == len(rows):
        return ()
    ends = []
    for end in range(start + 2, len(rows) + 1):
        sums = [sum(column) for column in zip(*rows[start + 1 : end], strict=True)]
        off = max(abs(said - total) for said, total in zip(rows[start], sums, strict=True))
        if off <= tolerance(end - start):
            ends.append((off, end))
    rests = (defined(rows, end) for _, end in sorted(ends))
    rest = next((rest for rest in rests if rest is not None), None)
    return None if rest is None else (start, *rest)


def amounts(*texts):
    return [(Decimal(text),) for text in texts]


@given(ROWS)
def test_the_groups_are_as_defined(rows):
    assert groups(rows) == defined(rows)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (amounts("3", "1", "2", "5", "5"), (0, 3)),
        (amounts("3", "1", "2", "0", "5", "5"), (0, 4)),  # a line of nothing belongs to the group before it
        (amounts("3", "1", "1"), None),
        (amounts("3", "3", "5"), None),  # a unit without lines is none
        (amounts("0.00", "0.00", "0.00"), (0,)),
    ],
)
def test_a_group_is_a_row_and_those_that_it_sums_up(rows, found):
    assert groups(rows) == found


@pytest.mark.parametrize("count", [40, 1100])
def test_rows_of_nothing_take_no_longer_where_the_last_fits_nowhere(count):
    """Every way to end a group is as good as another; none of them leads on to the last row."""
    assert groups(amounts(*["0.00"] * count, "7.00")) is None


def test_there_may_be_more_groups_than_calls_may_be_nested():
    assert groups(amounts(*["1.00", "1.00"] * 1000)) == tuple(range(0, 2000, 2))
