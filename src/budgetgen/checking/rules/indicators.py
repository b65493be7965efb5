"""Indicators of a performance table by themselves, and beside the goal in words: units, last year's values, counts."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.facts import year_of
from budgetgen.book.reviewed import item_of, standing_in
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, rule
from budgetgen.formula.functions import YEAR
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import as_named, unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
CLAUSES = re.compile(r"(?<!\d),|,(?!\d{3})|[。;:、]")
"""Where clauses end; not within 1,200."""
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}(?![\d,])|\d{1,12}(?![\d,]))(?:\.\d{1,4}(?![\d.]))?"
GAP = 2
"""How many signs may stand between two of a name that is told with words between."""
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
    name, value = unspaced(row.text(texts.name)), unspaced(row.text(texts.value))
    remark = REMARK.search(name)
    named = remark[1] if remark and remark[1] in texts.units else ""
    effect = texts.effects.match(name) is not None
    rate = not named and name.endswith(texts.rate) and not name.endswith(texts.often)
    found = VALUE.fullmatch(value)
    unit = _bare(found[2]) if found else ""
    if not value or any(sign in value for sign in texts.ratios):
        return None
    worded = found is None and (not rate or (not effect and texts.effects.match(value) is not None))
    if (named == texts.percent or rate) and (unit or worded):
        return texts.value, saying("rate", 指标=row.text(texts.name), 指标值=row.text(texts.value))
    wanted = (named,) if named else _counted_in(name, texts)
    if wanted and unit and unit not in texts.halves and not any(_same(one, unit) for one in wanted):
        told = saying("unit", 指标=row.text(texts.name), 单位=wanted[0], 指标值=row.text(texts.value))
        return texts.value, told
    return None


def _counted_in(name: str, texts: IndicatorTexts) -> tuple[str, ...]:
    """The units that the things an indicator is named after are counted in; none where that is not known."""
    return next((one.units for one in texts.things if name.endswith(one.names)), ())


def _past_misfit(row: Row, texts: IndicatorTexts, year: int | None) -> tuple[str, Stated] | None:
    """How last year's result does not fit the target."""
    name, reached_text = row.text(texts.name), row.text(texts.past)
    value, past = unspaced(row.text(texts.value)), unspaced(row.text(texts.past))
    if year and (told := YEAR.search(past)) and int(told[1]) >= year:
        dated_past = saying("dated", 指标=name, 列=texts.past, 年=told[1], 原文=reached_text)
        return texts.past, dated_past
    target, reached = VALUE.fullmatch(value), VALUE.fullmatch(past)
    if reached is None or not reached[1].strip("0.,"):
        return None
    unit, other = (_bare(target[2]) if target else ""), _bare(reached[2])
    dated = YEAR.search(value) is not None
    if dated or (unit and (not _same(unit, other) or other in texts.halves)):
        short = not dated and (not other or other in texts.halves)
        told_as = "short" if short else "units"
        differing = saying(told_as, 指标=name, 指标值=row.text(texts.value), 列=texts.past, 原文=reached_text)
        return texts.past, differing
    return None


def _bare(unit: str) -> str:
    return REMARK.sub("", unit)


def _same(one: str, other: str) -> bool:
    """Whether two units are the same, one of them shortened: 场, 场次."""
    return bool(other) and (
        one.startswith(other) or other.startswith(one) or one.endswith(other) or other.endswith(one)
    )


@rule("result-carried")
def _results_carried(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Last year's targets that stand in for its results, on a sheet that was said to be reviewed: one line for each item."""
    for table in (one.name for one in edition.house.stays if one.becomes):
        for own, other in standing_in(edition, table).items():
            by_item: dict[str, list[Row]] = defaultdict(list)
            for row in book[table].lines():
                if row.text(own).startswith(edition.house.carried):
                    by_item[item_of(row, edition, table)].append(row)
            for item, rows in by_item.items():
                texts = (row.text(own).removeprefix(edition.house.carried) for row in rows)
                told = saying(项目=item, 格数=len(rows), 列=own, 来源=other, 各格=listed(texts))
                yield told, tuple(spot(edition, table, row, own) for row in rows)


@rule("indicator-history")
def _history(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Targets that rest on the past, where the table says that there is none."""
    if (texts := edition.lint.indicators) is None:
        return
    for row in book[texts.table].lines():
        past = unspaced(row.text(texts.past))
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
        goals = {as_named(row.text(counts.item)): row for row in book[counts.goals].lines()}
        for row in book[counts.indicators].lines():
            goal = goals.get(as_named(row.text(counts.item)))
            if goal is not None and (told := _told_otherwise(row, unspaced(goal.text(counts.goal)), texts)):
                stated = saying(原文=told, 指标=row.text(texts.name), 指标值=row.text(texts.value))
                spots = (
                    spot(edition, counts.goals, goal, counts.goal),
                    spot(edition, texts.table, row, texts.value),
                )
                yield stated, spots


def _told_otherwise(row: Row, goal: str, texts: IndicatorTexts) -> str:
    """What a goal says of an indicator's thing, where that is not its target; empty where it fits or is not told once."""
    name, value = unspaced(row.text(texts.name)), VALUE.fullmatch(unspaced(row.text(texts.value)))
    core = REMARK.sub("", re.sub(texts.counting, "", name))
    target = _number(value[1]) if value and value[2] else None
    if value is None or target is None or len(core) < CORE:
        return ""
    unit = _bare(value[2])
    clauses = [one for one in CLAUSES.split(goal) if not texts.aside.search(one)]
    if core not in goal:
        return _told_apart(core, clauses, texts.measures if unit in texts.measures else (unit,), target)
    least = "|".join(map(re.escape, texts.least))
    ended = rf"(?={least}|[^\u4e00-\u9fff]|$)"
    counted = re.compile(rf"{re.escape(core)}{BETWEEN}({NUMBER}){re.escape(unit)}{ended}")
    said = [found for clause in clauses for found in counted.finditer(clause)]
    if len(said) != 1:
        return ""
    words = said[0][0]
    bounded = value[0].startswith("=") and any(word in words for word in texts.least)
    return words if _number(said[0][1]) != target or bounded else ""


def _told_apart(core: str, clauses: Iterable[str], units: Sequence[str], target: Decimal) -> str:
    """What a clause says of a thing with its number among the signs of its name: 签订4个合作意向协议 for 签订意向协议数."""
    if len(core) <= CORE:
        return ""
    counted = re.compile(rf"({NUMBER})(?:{'|'.join(map(re.escape, units))})(?=[\u4e00-\u9fff])")
    said = []
    for clause in clauses:
        found = counted.search(clause)
        if found and not re.search(r"\d", clause[: found.start()] + clause[found.end() :]):
            before, behind = clause[: found.start()], clause[found.end() :]
            said += [(clause, found[1])] if _around(core, before, behind) else []
    return said[0][0] if len(said) == 1 and _number(said[0][1]) != target else ""


def _around(core: str, before: str, behind: str) -> bool:
    """Whether a name stands at the end of one text and goes on in the next, with few signs between its own.

    >>> _around("签订意向协议", "计划签订", "合作意向协议"), _around("签订意向协议", "签订", "的合作方的意向协议")
    (True, False)
    """
    most = min(len(core) - 1, len(before))
    shared = next((n for n in range(most, 0, -1) if before.endswith(core[:n])), 0)
    at = 0
    for sign in core[shared:]:
        found = behind.find(sign, at, at + GAP + 1)
        if found < 0:
            return False
        at = found + 1
    return shared > 0


def _number(text: str) -> Decimal | None:
    """A number as it is written, its groups of three apart; None for what is none, as a date with points."""
    return Decimal(text.replace(",", "")) if re.fullmatch(NUMBER, text) else None
