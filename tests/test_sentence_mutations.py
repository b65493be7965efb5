"""Figures mistyped in the sentences of published documents: `check` tells them, but for those that nothing else tells.

A figure is an amount or a percentage. What a reader alone could know stands in one place only: values of assets,
what was reserved for small firms, amounts within reasons and descriptions.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.guard import admit
from budgetgen.values.amounts import CENT
from budgetgen.values.places import told_place
from tests.conftest import PUBLISHED, some

pytestmark = pytest.mark.published

MUTATIONS, BATCH = 50, 5
"""Of each document; and how many are made in one test."""
FIGURE = re.compile(r"\d(?:[\d.,]*\d)?(?=万元|%)")
ALONE = re.compile(
    r"价值|预留|主要原因是|所以|补贴标准|左右"  # values of assets, small firms, the office's own words
    r"|项目上年结转结余资金|为上年结转资金"  # what an explanation of performance tables tells
)
"""In the clause of a figure that stands nowhere else."""
CLAUSE = re.compile(r"[^。；;，,]*$"), re.compile(r"^[^。；;，,]*")
"""What stands before a figure in its clause, and after it."""
ROUNDING = Decimal("0.0001")
"""A figure that is worked from rounded ones may be off by so much of it, or by one unit of its last place."""


def mistyped(draw, text):
    """A figure with two digits swapped, or one of them another."""
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    swaps = [n for n in digits if n + 1 in digits and text[n] != text[n + 1]]
    if swaps and draw.random() < 0.5:
        n = draw.choice(swaps)
        return text[:n] + text[n + 1] + text[n] + text[n + 2 :]
    place = draw.choice(digits)
    return text[:place] + draw.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]


def figure_in(figure, text):
    """Whether a text has a figure, however its thousands are parted."""
    return (
        re.search(rf"(?<![\d.]){re.escape(figure.replace(',', ''))}(?![\d.])", text.replace(",", ""))
        is not None
    )


class Document:
    """A published document, and what is told of it as it is."""

    def __init__(self, name):
        self.path = PUBLISHED / f"{name}.docx"
        self.blocks = tuple(blocks(admit(self.path, "docx")))
        self.base = self.told(self.blocks)

    def told(self, found):
        return Counter((finding.rule, finding.message) for finding in self.findings(found))

    def findings(self, found):
        reading = read_blocks(self.path, found)
        return (*reading.findings, *check(derive(reading.book, reading.edition), reading.edition))

    def figures(self):
        """Each figure of the paragraphs: the block that it stands in, and where."""
        texts = ((n, block.text) for n, block in enumerate(self.blocks) if isinstance(block, Text))
        return [(n, found) for n, text in texts for found in FIGURE.finditer(text)]

    def attributed(self, changed):
        """Which of several figures that are others at once are told: what is told more names its paragraph, or it."""
        texts = {number: self.blocks[number].text for number, *_ in changed}
        for number, found, new in sorted(changed, key=lambda one: -one[1].start()):
            texts[number] = texts[number][: found.start()] + new + texts[number][found.end() :]
        blocks = (replace(b, text=texts[n]) if n in texts else b for n, b in enumerate(self.blocks))
        more = [one for one in self.findings(tuple(blocks)) if (one.rule, one.message) not in self.base]
        places = {spot.place for one in more for spot in one.spots}
        said = "；".join(one.message for one in more)
        return {
            (n, found) for n, found, new in changed if self.blocks[n].place in places or figure_in(new, said)
        }

    def mutated(self, number, found, new):
        """The rules that a document with another figure breaks more than before."""
        text = self.blocks[number].text
        block = replace(self.blocks[number], text=text[: found.start()] + new + text[found.end() :])
        more = self.told((*self.blocks[:number], block, *self.blocks[number + 1 :])) - self.base
        return sorted({rule for rule, _ in more})

    def excused(self, number, found, new):
        """Whether nothing could tell: the figure stands alone, or the other one is as good within rounding."""
        text = self.blocks[number].text
        before, after = CLAUSE
        clause = before.search(text[: found.start()])[0] + found[0] + after.search(text[found.end() :])[0]
        old, other = (Decimal(figure.replace(",", "")) for figure in (found[0], new))
        return ALONE.search(clause) is not None or abs(other - old) <= max(CENT, abs(old) * ROUNDING)


@pytest.fixture(scope="module")
def document():
    """A published document by its name, read once."""
    return cache(Document)


@pytest.mark.parametrize("batch", some(range(MUTATIONS // BATCH), 2))
@pytest.mark.parametrize("name", ["2024-bureau", "2026-center"])
def test_a_mistyped_figure_of_a_sentence_is_told(document, name, batch):
    published = document(name)
    draw = random.Random(batch)  # noqa: S311 - the same mistakes each time
    changed = [(n, found, mistyped(draw, found[0])) for n, found in draw.sample(published.figures(), BATCH)]
    told = published.attributed(changed)
    unseen = [
        (told_place(published.blocks[n].place), found[0], new)
        for n, found, new in changed
        if (n, found) not in told
        and not published.excused(n, found, new)
        and not published.mutated(n, found, new)
    ]
    assert unseen == []


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("2024-bureau", "增长5.81%", "增长8.51%"),
        ("2024-bureau", "占35.77%", "占37.57%"),
        ("2025-district", "下降13.28%", "下降13.82%"),
        ("2025-district", "占90.56%", "占95.06%"),
        ("2026-center", "增长26.58%", "增长25.68%"),
        ("2026-center", "占45.88%", "占48.58%"),
        ("2026-park", "增长13.88%", "增长18.38%"),
        ("2026-park", "占95.79%", "占97.59%"),
    ],
)
def test_a_wrong_rate_and_a_wrong_share_are_told(document, name, right, wrong):
    published = document(name)
    number, text = next(
        (n, b.text) for n, b in enumerate(published.blocks) if isinstance(b, Text) and right in b.text
    )
    told = published.mutated(number, re.search(re.escape(right), text), wrong)
    assert told == ["sentence-share" if "占" in right else "prior-rate"]


def test_a_wrong_amount_beside_a_name_that_two_figures_share_is_told(document):
    """Grants of the office's own and those passed on go by one name; here only the one has money."""
    published = document("2025-district")
    number, text = next(
        (n, b.text)
        for n, b in enumerate(published.blocks)
        if isinstance(b, Text) and b.text.endswith("一般公共预算114.46万元。")
    )
    assert published.mutated(number, re.search("114.46", text), "141.46") == ["sentence-differs"]
