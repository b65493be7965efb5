"""Units that are added up in groups: the same comes out in whatever groups, put away in between or not."""

from __future__ import annotations

import pickle
import zlib
from functools import cache
from itertools import pairwise

import pytest

from budgetgen.book.derivation import derive
from budgetgen.department.department import Department, concluded, consolidate
from budgetgen.department.stowed import stow, taken_back
from budgetgen.department.together import Together
from budgetgen.department.units import Unit
from budgetgen.edition import load
from tests.conftest import SAMPLES
from tests.workbooks import examined

EDITION = load("xinjiang-2024")
NAME = "乌鲁木齐市科学技术局"
FILES = tuple(
    SAMPLES / "department-2024" / f"xinjiang-2024-{name}.xlsx"
    for name in ("bureau", "information", "transfer")
)


@cache
def units():
    """Three units that differ, and a department that is one here."""
    read = [examined(path) for path in FILES]
    sent = [Unit(checked.unit, checked.book) for checked in read]
    inner = consolidate(sent, EDITION, Department("另一个局"))
    return (*sent, Unit("另一个局", derive(inner.book, EDITION)))


def together(some, *, stowed):
    own = Together(EDITION, NAME)
    for unit in some:
        own.add(unit)
    return taken_back(stow(own), EDITION) if stowed else own


def joined(groups):
    whole = Together(EDITION, NAME)
    for group in groups:
        whole.join(group)
    return whole


@cache
def one_by_one():
    return consolidate(units(), EDITION, Department(NAME))


@pytest.mark.parametrize(("ends", "stowed"), [((0, 1, 2, 3, 4), True), ((0, 2, 4), False), ((0, 1, 4), True)])
def test_the_groups_do_not_show(ends, stowed):
    groups = (together(units()[start:end], stowed=stowed) for start, end in pairwise(ends))
    assert concluded(joined(groups), Department(NAME)) == one_by_one()


def test_groups_of_groups_do_not_show_either():
    first, *others = (together([unit], stowed=False) for unit in units())
    assert concluded(joined([first, joined(others)]), Department(NAME)) == one_by_one()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        pickle.dumps(Together),
        zlib.compress(pickle.dumps({"whole": 1})),
        zlib.compress(pickle.dumps(print)),
        zlib.compress(b"cbudgetgen.department.together\ncompleted.__globals__\n."),
        zlib.compress(b"cos\nsystem\n(S'true'\ntR."),
    ],
)
def test_only_what_units_have_together_is_taken_back(data):
    with pytest.raises(ValueError, match=r".*"):
        taken_back(data, EDITION)
