"""Patterns with slots: the same result as `re`, in time that grows with the text."""

from __future__ import annotations

import random
import re
from itertools import product

import pytest

from budgetgen.edition import available, load
from budgetgen.reading.document.narrative.patterns import Turned, Turner
from budgetgen.reading.document.narrative.walking import (
    WholePattern,
    again,
    anything,
    chain,
    either,
    fixed,
    group,
    perhaps,
    some,
    word,
)

SIGNS = "ab1"


def spans(pattern: WholePattern, expression: str, text: str):
    """What the pattern finds, and what `re` does."""
    found = re.fullmatch(expression, text)
    groups = range(1, re.compile(expression).groups + 1)
    wanted = found and {number: found.span(number) for number in groups if found.start(number) >= 0}
    return pattern.spans(text), wanted


@pytest.mark.parametrize(
    ("part", "expression"),
    [
        (chain(group(1, anything(least=1)), word("a"), group(2, anything(least=0))), "(.+?)a(.*?)"),
        (chain(group(1, some("[b1]")), group(2, some("1"))), "([b1]+)(1+)"),
        (
            chain(group(1, either(word("a"), word("ab"))), group(2, perhaps(word("b")))),
            "(a|ab)(b|)",
        ),
        (chain(group(1, anything(least=1)), word("1"), again(1), perhaps(fixed("[ab]"))), r"(.+?)1\1[ab]?"),
        (
            chain(
                group(1, anything(least=1)),
                either(chain(word("1"), again(1)), chain(word("b"), group(2, anything(least=1)))),
            ),
            r"(.+?)(?:1\1|b(.+?))",
        ),
    ],
)
def test_the_way_that_is_found_is_that_of_re(part, expression):
    """Every text of up to seven signs."""
    pattern = WholePattern(part)
    for length in range(8):
        for signs in product(SIGNS, repeat=length):
            found, wanted = spans(pattern, expression, "".join(signs))
            assert found == wanted, "".join(signs)


def test_patterns_put_together_at_random_find_what_re_does():
    chosen = random.Random(11)  # noqa: S311

    def drawn(depth: int, groups: list[int]):
        kind = chosen.randrange(7 if depth else 5)
        if kind == 0:
            signs = "".join(chosen.choices(SIGNS, k=chosen.randint(1, 2)))
            return word(signs), signs
        if kind == 1:
            groups.append(len(groups) + 1)
            number, least = groups[-1], chosen.randint(0, 1)
            return group(number, anything(least=least)), f"(.{'+' if least else '*'}?)"
        if kind == 2:
            return some("[1b]"), "[1b]+"
        if kind == 3:
            return perhaps(word("a")), "a?"
        if kind == 4:
            return fixed("[ab]"), "[ab]"
        parts = [drawn(depth - 1, groups) for _ in range(3)]
        one, two = [part for part, _ in parts], [expression for _, expression in parts]
        return (chain(*one), "".join(two)) if kind == 5 else (either(*one), f"(?:{'|'.join(two)})")

    matches = 0
    for _ in range(300):
        numbers: list[int] = []
        parts = [drawn(2, numbers) for _ in range(4)]
        pattern, expression = WholePattern(chain(*[part for part, _ in parts])), "".join(e for _, e in parts)
        for _ in range(20):
            text = "".join(chosen.choices(SIGNS, k=chosen.randint(1, 9)))
            found, wanted = spans(pattern, expression, text)
            assert found == wanted, (expression, text)
            matches += found is not None
    assert matches > 300


# --- time ---------------------------------------------------------------------------------------------------

OPEN = re.compile(r"\{[^{}]*\}")
LONG = 24
FILLINGS = ("1,", "，", "（一）")


def patterns(name: str) -> dict[str, Turned]:
    """Every pattern that an edition reads sentences by."""
    edition = load(name)
    found: dict[str, Turned] = {}

    def lists(turner: Turner) -> None:
        for declared in (turner.lists or {}).values():
            within = turner.within(declared)
            for case in declared.cases:
                found.update((says, within.turn(says)) for says in (case.says, *case.reads))
            lists(within)

    for statement in edition.statement:
        turner = Turner.of(edition, statement)
        for number, cases in enumerate((statement.cases, *statement.lines)):
            mark = "" if number else statement.numbered
            for case in cases:
                found.update((says, turner.turn(says, numbered=mark)) for says in (case.says, *case.reads))
        lists(turner)
    layout, plain = edition.layout, Turner(edition)
    titles = [text for table in edition.performance for text in (*table.title, *table.reads)]
    for says in (*layout.cover, layout.contents, layout.open, *layout.preparers, layout.preparer, *titles):
        found[says] = plain.turn(says)
    return {says: turned for says, turned in found.items() if says}


def hostile(says: str, length: int):
    """Texts of the pattern's own pieces that fit nearly, and never end as it does."""
    words = [piece for piece in OPEN.split(says) if piece]
    for filling in FILLINGS:
        yield OPEN.sub((filling * length)[:length], says) + "!"
    once = OPEN.sub("1", says)
    for unit in {once, once.rstrip("。"), "".join(words), *words[:1], *words[-1:]}:
        if unit:
            yield (unit * (length * 4 // len(unit) + 1))[: length * 4] + "!"


def test_no_pattern_takes_more_than_one_attempt_of_each_step_at_each_sign():
    """The bound is what matters; how the steps grow for twice the text is told where it is broken."""
    every = {(says, t.pattern.size): t for name in available() for says, t in patterns(name).items()}
    assert len(every) > 150
    for (says, size), turned in every.items():
        for short, long in zip(hostile(says, LONG), hostile(says, 2 * LONG), strict=True):
            once, twice = (turned.pattern.walk(text)[1] for text in (short, long))
            assert once <= size * (len(short) + 1), (says, short, once)
            assert twice <= size * (len(long) + 1), (says, long, once, twice)


def test_a_group_that_is_said_again_costs_no_more():
    """Where what stands in a group matters, the steps at a sign are as many as the ways to fill it: that is bounded."""
    anywhere = anything(least=1)
    pattern = WholePattern(chain(group(1, anywhere), word("a"), group(2, anywhere), again(1), word("!")))
    for length in (100, 200, 400):
        assert pattern.walk("a" * length) == (None, pattern.size * length + 1)
