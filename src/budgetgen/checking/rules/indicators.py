"""Indicators of a performance table by themselves, and beside the goal in words: units, last year's values, counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from budgetgen.book.facts import year_of
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, rule
from budgetgen.formula.functions import YEAR
from budgetgen.saying.lint import folded
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.lint import IndicatorTexts
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated

VALUE = re.compile(r"[≥≤><=]*(\d[\d,.]{0,20})([^\d,.]*)")
"""A target or result as a number with what it counts."""
REMARK = re.compile(r"\(([^()]*)\)$")
"""What a name or unit says in brackets at its end."""
CORE = 4
"""A shorter name of what is counted may stand in a goal as common words."""
CLAUSES = re.compile(r"[,。;:、]")
BETWEEN = r"[^\d,。;、]{0,8}?"
"""What may stand between a thing and its number: 数量不少于."""


@rule("indicator-unit")
def _units(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Targets in another unit than their name says, last year's results in another than the target."""
    if (texts := edition.lint.indicators) is None:
        return
    for row in book[texts.table].lines():
        if words := _misfit(row, texts) or _past_misfit(row, texts, year_of(book, edition)):
            column, told = words
            yield told, (spot(edition, texts.table, row, column),)


def _misfit(row: Row, texts: IndicatorTexts) -> tuple[str, Stated] | None:
    """How a target does not fit the unit that the indicator's name tells."""
    name, value = folded(row.text(texts.name)), folded(row.text(texts.value))
    remark = REMARK.search(name)
    named = remark[1] if remark and remark[1] in texts.units else ""
    effect = texts.effects.match(name) is not None
    rate = not named and name.endswith(texts.rate) and not name.endswith(texts.often)
    found = VALUE.fullmatch(value)
    unit = _bare(found[2]) if found else ""
    if not value or texts.percent in value:
        return None
    if (named == texts.percent or rate) and (unit or not (found or (rate and effect))):
        return texts.value, saying("rate", 指标=row.text(texts.name), 指标值=row.text(texts.value))
    wanted = (named,) if named else _counted_in(name, texts)
    if wanted and unit and not any(_same(one, unit) for one in wanted):
        told = saying("unit", 指标=row.text(texts.name), 单位=wanted[0], 指标值=row.text(texts.value))
        return texts.value, told
    return None


def _counted_in(name: str, texts: IndicatorTexts) -> tuple[str, ...]:
    """The units that the things an indicator is named after are counted in; none where that is not known."""
    return next((one.units for one in texts.things if name.endswith(one.names)), ())


def _past_misfit(row: Row, texts: IndicatorTexts, year: int | None) -> tuple[str, Stated] | None:
    """How last year's result does not fit the target."""
    name, reached_text = row.text(texts.name), row.text(texts.past)
    value, past = folded(row.text(texts.value)), folded(row.text(texts.past))
    if year and (told := YEAR.search(past)) and int(told[1]) >= year:
        dated_past = saying("dated", 指标=name, 列=texts.past, 年=told[1], 原文=reached_text)
        return texts.past, dated_past
    target, reached = VALUE.fullmatch(value), VALUE.fullmatch(past)
    if reached is None or not reached[1].strip("0.,"):
        return None
    unit, other = (_bare(target[2]) if target else ""), _bare(reached[2])
    dated = YEAR.search(value) is not None
    if dated or (unit and (not _same(unit, other) or other in texts.halves)):
        differing = saying("units", 指标=name, 指标值=row.text(texts.value), 列=texts.past, 原文=reached_text)
        return texts.past, differing
    return None


def _bare(unit: str) -> str:
    return REMARK.sub("", unit)


def _same(one: str, other: str) -> bool:
    """Whether two units are the same, one of them shortened: 场, 场次."""
    return bool(other) and (
        one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)
    )


@rule("indicator-history")
def _history(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Targets that rest on the past, where the table says that there is none."""
    if (texts := edition.lint.indicators) is None:
        return
    for row in book[texts.table].lines():
        past = folded(row.text(texts.past))
        if texts.history in row.text(texts.basis) and any(word in past for word in texts.absent):
            told = saying(
                指标=row.text(texts.name),
                依据=row.text(texts.basis),
                列=texts.past,
                原文=row.text(texts.past),
            )
            yield told, tuple(spot(edition, texts.table, row, c) for c in (texts.basis, texts.past))


@rule("goal-target")
def _goal_targets(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Goals that name an indicator's own thing with another number, or another bound, than the indicator."""
    if (texts := edition.lint.indicators) is None:
        return
    for counts in edition.lint.goals:
        goals = {row.text(counts.item): row for row in book[counts.goals].lines()}
        for row in book[counts.indicators].lines():
            goal = goals.get(row.text(counts.item))
            if goal is not None and (told := _told_otherwise(row, folded(goal.text(counts.goal)), texts)):
                stated = saying(原文=told, 指标=row.text(texts.name), 指标值=row.text(texts.value))
                spots = (
                    spot(edition, counts.goals, goal, counts.goal),
                    spot(edition, texts.table, row, texts.value),
                )
                yield stated, spots


def _told_otherwise(row: Row, goal: str, texts: IndicatorTexts) -> str:
    """What a goal says of an indicator's thing, where that is not its target; empty where it fits or is not told once."""
    name, value = folded(row.text(texts.name)), VALUE.fullmatch(folded(row.text(texts.value)))
    core = REMARK.sub("", re.sub(texts.counting, "", name))
    if value is None or len(core) < CORE or not value[2]:
        return ""
    if core not in goal:
        return _told_apart(core, goal, value[1])
    said = re.findall(rf"({re.escape(core)}{BETWEEN}(\d[\d,.]{{0,20}}){re.escape(_bare(value[2]))})", goal)
    if len(said) != 1:
        return ""
    words, number = said[0]
    least = any(word in words for word in texts.least)
    exact = value[0].startswith("=")
    return words if _float(number) != _float(value[1]) or (least and exact) else ""


def _told_apart(core: str, goal: str, target: str) -> str:
    """What a goal says of a thing with words between those of its name: 签订4个合作意向协议 for 签订意向协议数."""
    if len(core) <= CORE:
        return ""
    words = re.compile("[^,。;:、]{0,6}?".join(map(re.escape, core)))
    said = [clause for clause in CLAUSES.split(goal) if words.search(clause)]
    numbers = re.findall(r"\d[\d.]*", said[0]) if len(said) == 1 else []
    return said[0] if len(numbers) == 1 and float(numbers[0]) != _float(target) else ""


def _float(number: str) -> float:
    return float(number.replace(",", "").rstrip("."))
