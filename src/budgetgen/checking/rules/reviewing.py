"""What reviewers mark by hand: texts that do not fit the figures, the year or the indicators beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING

from budgetgen.book.facts import year_of
from budgetgen.book.figures import change_of
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, Where, rule
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.values.amounts import DIGITS
from budgetgen.values.sayings import ONLY, listed, saying
from budgetgen.values.text import as_named, unspaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.lint import FirstYear, GoalCounts, Lint
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated

YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|[-./]\d)")
JOINED = re.compile(r"[^\d,，。；;:：]{0,12}[及和与、][^\d,，。；;:：]{0,4}")
"""What stands between two numbers that are added: 1名临聘及1名雇员."""
PIECE = 8
"""So many signs of a project's name at least tell that it is meant."""
SHORT = 6
"""A shorter name of a project may stand in a reason as common words."""
NAMED = 4
"""A shorter name of a figure may stand for something else."""
RETOLD, KEPT, PLACES = 30, Decimal("0.95"), 2
"""A goal so long, of which so much stands in another text, and that differs in so many places at most, was copied."""
LONGEST = 3000
"""How long a text is at most that is compared sign by sign: the time grows with its square."""
AROUND = 4
"""How many signs around a difference are told."""
ENDING = "。;"
DIGIT = re.compile(r"\d")
ENDS = re.compile(r"[。;；]")
NEAR = 8
"""So many signs at most stand between a word that tells of a new project and its name."""


@rule("year-left")
def _year_left(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Texts that speak of last year where they have to speak of this one."""
    year = year_of(book, edition) or edition.edition.year
    for moving in edition.lint.moving:
        for row in book[moving.table].lines():
            said = row.text(moving.column)
            years = [int(found[1]) for found in YEAR.finditer(said)]
            if moving.leading:
                years = years[:1] if YEAR.match(said) else []
            if years and max(years) == year - 1:
                told = saying(行=row.key, 列=moving.column, 年=year - 1, 原文=said)
                yield told, (spot(edition, moving.table, row, moving.column),)
    yield from _behind(book, edition, year)


def _behind(book: Book, edition: Edition, year: int) -> Iterator[Complaint]:
    """Texts that say of a year gone by what it will bring: each year of a text once."""
    for text, where in _said(book, edition):
        told: dict[str, str] = {}
        for sentence in ENDS.split(unspaced(text)):
            for found in _intended(sentence, edition.lint):
                if int(found["year"]) < year:
                    told.setdefault(found["year"], found[0])
        for gone, words in told.items():
            yield saying("ahead", 原文=words, 年=gone, 年度=year), (where(),)


def _intended(sentence: str, lint: Lint) -> Iterator[re.Match[str]]:
    """What a sentence intends in some year; a plan only where nothing, and no later year, tells what became of it."""
    yield from (found for pattern in lint.ahead for found in pattern.finditer(sentence))
    if lint.settled is None or not lint.settled.search(sentence):
        last = max((int(found[1]) for found in YEAR.finditer(sentence)), default=0)
        plans = (found for pattern in lint.planned for found in pattern.finditer(sentence))
        yield from (found for found in plans if int(found["year"]) == last)


@rule("period-left")
def _period_left(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Texts that speak of the time of a plan that is over, as if it were now."""
    year = year_of(book, edition) or edition.edition.year
    for period in (over for over in edition.lint.periods if year and over.last < year):
        if spots := tuple(where() for text, where in _said(book, edition) if period.words in text):
            yield saying(时期=period.words, 年=year), spots


@rule("meeting-left")
def _meeting_left(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Texts that name an earlier meeting of a committee than other texts do."""
    if (meetings := edition.lint.meetings) is None:
        return
    told: dict[str, list[tuple[int, str, Where]]] = defaultdict(list)
    for text, where in _said(book, edition):
        for found in meetings.finditer(text):
            last = max(DIGITS.find(sign) for sign in found["sessions"])
            told[found["committee"]].append((last, found[0], where))
    for named in told.values():
        last, latest, _ = max(named, key=lambda one: one[0])
        for number, name, where in named:
            if number < last:
                yield saying(会议=name, 别处=latest), (where(),)


def _said(book: Book, edition: Edition) -> Iterator[tuple[str, Where]]:
    """The free texts, in which nothing is quoted as the basis of anything, each with its cell."""
    for table in edition.table:
        names = table.of_type("text")
        for row in book[table.name].rows if names else ():
            said = ((n, text) for n in names if (text := row.text(n)))
            yield from ((text, partial(spot, edition, table.name, row, n)) for n, text in said)


@rule("goal-count")
def _goal_counts(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A goal that counts people or things otherwise than the one indicator that counts them exactly."""
    for counts in edition.lint.goals:
        by_item: dict[str, list[Row]] = defaultdict(list)
        for row in book[counts.indicators].lines():
            by_item[as_named(row.text(counts.item))].append(row)
        for row in book[counts.goals].lines():
            yield from _miscounted(edition, counts, row, by_item[as_named(row.text(counts.item))])


def _miscounted(
    edition: Edition, counts: GoalCounts, goal: Row, indicators: Sequence[Row]
) -> Iterator[Complaint]:
    said = unspaced(goal.text(counts.goal))
    for measure in counts.measures:
        told = tuple(_sums(said, measure))
        exact = [
            (int(found[1]), row)
            for row in indicators
            if (value := unspaced(row.text(counts.value))).startswith("=")
            and (found := measure.fullmatch(value[1:]))
        ]
        if told and len(exact) == 1 and exact[0][0] not in {*told, sum(told)}:
            row = exact[0][1]
            yield (
                saying(
                    项目=goal.text(counts.item),
                    列=counts.goal,
                    个数=listed(told),
                    指标值=row.text(counts.value),
                ),
                (
                    spot(edition, counts.goals, goal, counts.goal),
                    spot(edition, counts.indicators, row, counts.value),
                ),
            )


@rule("goal-retold")
def _goal_retold(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A goal that repeats what another sheet says of its project, but for a number or some words."""
    for counts in edition.lint.goals:
        texts = tuple(_of_items(edition, counts.goals))
        for goal in book[counts.goals].lines():
            name, said = as_named(goal.text(counts.item)), unspaced(goal.text(counts.goal))
            own = spot(edition, counts.goals, goal, counts.goal)
            for table, item, column in texts if len(said) >= RETOLD else ():
                rows = (row for row in book[table].lines() if as_named(row.text(item)) == name)
                for row in rows:
                    if pairs := _differing(unspaced(row.text(column)), said):
                        told = saying(项目=goal.text(counts.item), 列=column, 各处=listed(pairs, "；"))
                        yield told, (spot(edition, table, row, column), own)


def _of_items(edition: Edition, goals: str) -> Iterator[tuple[str, str, str]]:
    """The sheets that tell of projects other than that of the goals, with the column of the name and each of texts."""
    tables = (table for table in edition.table if table.name != goals and len(table.of_type("item")) == 1)
    yield from (
        (table.name, table.of_type("item")[0], text) for table in tables for text in table.of_type("text")
    )


def _differing(text: str, goal: str) -> Sequence[Stated]:
    """Where two texts that are nearly the same differ; nothing where they are the same, or are others."""
    if text[-1:] in ENDING and goal[-1:] not in ENDING:
        text = text[:-1]
    if text == goal or min(len(text), len(goal)) < KEPT * max(len(text), len(goal)):
        return ()
    matcher = SequenceMatcher(None, text, goal, autojunk=False)
    if len(text) > LONGEST or matcher.quick_ratio() < KEPT:
        return ()
    spans: list[tuple[int, int, int, int]] = []
    for tag, start, end, since, till in matcher.get_opcodes():
        if tag != "equal" and spans and start - spans[-1][1] <= AROUND:
            spans[-1] = (spans[-1][0], end, spans[-1][2], till)
        elif tag != "equal":
            spans.append((start, end, since, till))
    meant = [(a, b, c, d) for a, b, c, d in spans if any(map(str.isalnum, text[a:b] + goal[c:d]))]
    if not meant or len(spans) > PLACES or matcher.ratio() < KEPT:
        return ()
    return [saying("place", 写作=_near(text, a, b), 目标=_near(goal, c, d)) for a, b, c, d in meant]


def _near(text: str, start: int, end: int) -> str:
    return text[max(0, start - AROUND) : end + AROUND]


def _sums(said: str, measure: re.Pattern[str]) -> Iterator[int]:
    """The numbers of a text that count one kind of thing; those that are joined by a conjunction as their sum."""
    total, end = 0, -1
    for found in measure.finditer(said):
        joined = end >= 0 and JOINED.fullmatch(said[end : found.start()])
        if end >= 0 and not joined:
            yield total
        total = (total if joined else 0) + int(found[1])
        end = found.end()
    if end >= 0:
        yield total


@rule("reason-project")
def _reason_project(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A reason of one code's change that names a project of other codes only."""
    codes = _codes(book, edition)
    stored = edition.comparisons
    for row in book[FIGURES].rows:
        own, code = book[stored.reasons].get(row.key), row.text(FigureColumn.CODE)
        if own is None or not code:
            continue
        for name, known in codes.items():
            if as_named(name) in as_named(own.text(stored.reason)) and not any(
                one.startswith(code) for one in known
            ):
                told = saying(指标=row.key, 项目=name, 科目=listed(sorted(known)))
                yield told, (spot(edition, stored.reasons, own, stored.reason),)


def _codes(book: Book, edition: Edition, shortest: int = SHORT) -> Mapping[str, set[str]]:
    """The codes that each project stands under whose name is not too short."""
    found: dict[str, set[str]] = defaultdict(set)
    called: dict[str, str] = {}
    for table in edition.printed:
        items = table.main.of_type("item")
        codes = table.main.of_type("code")
        for row in book[table.name].lines() if items and codes else ():
            name, code = row.text(items[0]), row.text(codes[0])
            if len(name) >= shortest and code:
                found[called.setdefault(as_named(name), name)].add(code)
    return found


@rule("item-first")
def _item_first(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A project that is said to be new, or whose codes had no budget last year, with indicators of what it did then."""
    first = edition.lint.first
    if first is None:
        return
    stored = edition.comparisons
    said = unspaced("\n".join(row.text(stored.reason) for row in book[stored.reasons].rows))
    words = "|".join(map(re.escape, first.words))
    unbudgeted = _unbudgeted(book, edition, first)
    past: dict[str, list[Spot]] = defaultdict(list)
    for row in book[first.table].lines():
        columns = [c for c in first.past if DIGIT.search(row.text(c))]
        columns += [first.basis] if first.history in row.text(first.basis) else []
        past[row.text(first.item)] += (spot(edition, first.table, row, column) for column in columns)
    for item, spots in past.items():
        name = unspaced(item)
        called = rf"(?:{words})[^，,。；;]{{0,{NEAR}}}{re.escape(name)}"
        new = len(name) >= SHORT and name in said and re.search(called, said)
        if spots and (new or as_named(item) in unbudgeted):
            told = listed(dict.fromkeys(one.column for one in spots))
            yield saying(ONLY if new else "unbudgeted", 项目=item, 各列=told), tuple(spots)


def _unbudgeted(book: Book, edition: Edition, first: FirstYear) -> set[str]:
    """The projects all of whose codes had no budget last year, where nothing was carried over that could have paid them."""
    priors = {row.key: row[FigureColumn.PRIOR].value for row in book[FIGURES].rows}
    if any(priors.get(figure) for figure in first.carried):
        return set()
    none = {
        row.text(FigureColumn.CODE)
        for row in book[FIGURES].rows
        if row[FigureColumn.PRIOR].value == 0 and change_of(row)
    }
    return {as_named(item) for item, codes in _codes(book, edition, shortest=1).items() if codes <= none}


@rule("reason-source")
def _reason_source(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A reason that names a project which is not paid from that source."""
    foreign, stored = edition.lint.foreign, edition.comparisons
    if foreign is None:
        return
    rows = [row for row in book[foreign.table].lines() if row.text(foreign.item)]
    paid = "\n".join(row.text(foreign.item) for row in rows if row[foreign.own].value)
    for other in rows:
        name = other.text(foreign.item)
        if other[foreign.own].value or not other[foreign.other].value:
            continue
        pieces = [name[n : n + PIECE] for n in range(len(name) - PIECE + 1)]
        for figure in foreign.figures:
            own = book[stored.reasons].get(figure)
            said = own.text(stored.reason) if own else ""
            named = [piece for piece in pieces if piece in said and piece not in paid]
            if own and named:
                told = saying(指标=figure, 说到=named[0], 项目=name, 没有=foreign.own, 用的=foreign.other)
                yield told, (spot(edition, stored.reasons, own, stored.reason),)


@rule("reason-names")
def _reason_names(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A reason that says of another figure that it moved the other way than it did.

    What a code's reason calls like a column of its table is the code's own part: another figure than the whole.
    """
    stored, words = edition.comparisons, edition.review
    moves = {
        row.text(FigureColumn.NAME): change
        for row in book[FIGURES].rows
        if (change := change_of(row)) and not row.text(FigureColumn.CODE)
    }
    for row in book[stored.reasons].rows:
        said, own = unspaced(row.text(stored.reason)), _own_parts(book, edition, row.key)
        for name, change in ((name, change) for name, change in moves.items() if name not in own):
            opposite = words.falls if change > 0 else words.rises
            found = re.search(rf"{re.escape(unspaced(name))}({'|'.join(map(re.escape, opposite))})", said)
            if found and len(name) >= NAMED:
                which = "rose" if change > 0 else "fell"
                told = saying(which, 指标=row.key, 原文=found[0], 名称=name, 金额=abs(change))
                yield told, (spot(edition, stored.reasons, row, stored.reason),)


def _own_parts(book: Book, edition: Edition, key: str) -> Collection[str]:
    """The columns of the table whose rows a figure is told of one by one; none where it is a single one."""
    row = book[FIGURES].get(key)
    figure = edition.figures.get(row.text(FigureColumn.ID)) if row is not None else None
    return edition.tables[figure.each].columns if figure is not None and figure.each in edition.tables else ()
