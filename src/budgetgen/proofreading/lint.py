"""What is suspicious about a text by itself: leftovers of the template, doubled words, slips, private numbers.

The patterns are the edition's. A text is looked at without blanks and with half-width signs, as it is matched.
"""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values import amounts
from budgetgen.values.likeness import alike, telling
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import Edition, Lint
    from budgetgen.values.sayings import Stated

ENDS = 2, 4
"""How many signs at both ends of a name make it recognisable in running text."""
MONTHS = 12
YEAR = r"(?=20\d\d年)"
ENDED = rf"(?:{YEAR}|(?![\u4e00-\u9fff])|$)"
LISTED = re.compile(r"(?<![(0-9一二三四五六七八九十])[0-9一二三四五六七八九十]{1,3}\)")
"""The mark of a list that only closes: 1)."""
TO = "-—–~至到"
"""The signs between the first day and the last one."""
NEAR = 6
"""How many signs around a find are told."""
ENTRY = re.compile(r"(?:(?<![\d.、第])([1-9])、|\(([1-9])\))(?=[\u4e00-\u9fff])")
"""The mark of an entry of a list within a text."""
SLIPPED = 2
"""So many signs open without an end after one slip: one that opens where it should close."""
SENTENCES = re.compile(r"[。;]")
EACH = frozenset({"text-marks"})
"""The rules of which each find in a text is another thing to set right."""
SENTENCE = 10
"""A shorter sentence may be said twice on purpose."""


def lint(text: str, patterns: Lint) -> Iterator[tuple[str, Stated]]:
    """The complaints about a text, each as (rule id, what it finds)."""
    plain = _plain(text)
    lone = [*unpaired(plain, patterns.pairs)]
    yield from (one for one in _told(plain, patterns) if not _halved(*one, plain, lone))
    if found := patterns.mixed.search(text):
        yield "text-mixed", saying(原文=_around(text, found))
    for found in patterns.fine.finditer(plain):
        yield "text-decimals", saying(金额=found[1])
    yield from _dates(plain, patterns)
    for pair in lone:
        yield "text-brackets", saying(符号=pair)
    yield from _unended(plain)
    for one in patterns.renamed:
        if unspaced(one.old) in plain:
            yield "text-renamed", saying(旧称=one.old, 现称=one.new)
    yield from _overfull(plain, patterns)
    for before, after in itertools.pairwise(SENTENCES.split(plain)):
        if len(after) >= SENTENCE and before.endswith(after):
            yield "text-doubled", saying(原文=after)


def _plain(text: str) -> str:
    """A text as it is matched; …… is no row of dots."""
    return unspaced(text.replace("…", "⋯"))


def _told(plain: str, patterns: Lint) -> Iterator[tuple[str, Stated]]:
    """What a pattern finds, once for each; signs of which one thing is told are not told of again."""
    kinds: tuple[tuple[str, Iterable[re.Pattern[str]], Callable[[re.Match[str]], Stated]], ...] = (
        ("text-private", patterns.private, lambda found: saying(开头=_hidden(found[0]))),
        ("text-doubled", (patterns.doubled,), lambda found: saying(原文=found[1])),
        ("text-residue", patterns.residue, _found),
        ("text-numeral", (patterns.numerals,), _found),
        (
            "text-joined",
            patterns.joined,
            lambda found: saying(前后=_around(plain, found), 原文=found[0]),
        ),
        ("text-marks", patterns.marks, _found),
        ("text-stray", patterns.stray, lambda found: saying(前后=_around(plain, found), 原文=found[0])),
        ("text-level", (patterns.levels,) if patterns.levels else (), _found),
        ("text-usage", patterns.usage, _found),
        ("text-unfinished", patterns.unfinished, _found),
        ("text-replaced", patterns.replaced, _found),
    )
    spans: list[tuple[int, int]] = []
    for rule, tried, told in kinds:
        for pattern in tried:
            for found in pattern.finditer(plain):
                if not _within(found, spans):
                    spans.append(found.span())
                    yield rule, told(found)
                    if rule not in EACH:
                        break


def _within(found: re.Match[str], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a find shares signs with others."""
    return any(found.start() < end and start < found.end() for start, end in spans)


def _found(found: re.Match[str]) -> Stated:
    return saying(原文=found[0])


def _unended(plain: str) -> Iterator[tuple[str, Stated]]:
    """Entries of a list, numbered from one on, that begin where the entry before has not ended."""
    found = list(ENTRY.finditer(plain))
    if [int(one[1] or one[2]) for one in found] != list(range(1, len(found) + 1)):
        return
    for one in found[1:]:
        if plain[one.start() - 1].isalnum():
            yield "text-unended", saying(前后=_around(plain, one))


def _overfull(plain: str, patterns: Lint) -> Iterator[tuple[str, Stated]]:
    """Numbers whose parts, in brackets behind them, are more than the whole."""
    for found in patterns.parts.finditer(plain) if patterns.parts else ():
        parts = re.findall(rf"(?<![\d.,])(\d[\d,]*(?:\.\d+)?){found['unit']}", found["parts"])
        total, whole = sum(map(_number, parts)), _number(found["whole"])
        if len(parts) > 1 and total > whole:
            yield "text-parts", saying(原文=found[0], 合计=str(total), 总数=str(whole))


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def instruction(text: str, edition: Edition) -> bool:
    """Whether a text is nothing but what the template says to its user."""
    plain = _plain(text)
    left = next((one.sub("", plain) for one in edition.lint.residue if one.search(plain)), plain)
    marks = "|".join(map(re.escape, edition.forms.notes))
    return re.fullmatch(rf"(?:{marks})?\W*", left) is not None


def mixed_ways(texts: Sequence[str], patterns: Lint) -> Iterator[tuple[tuple[int, ...], Stated]]:
    """What some texts write in several ways: the texts that have one of the rarer, and what is told of it."""
    plain = ["".join(text.split()) for text in texts]
    for declared in patterns.ways:
        met: list[tuple[int, str, list[int]]] = []
        for way in declared.ways:
            found = [(n, match[0]) for n, text in enumerate(plain) for match in way.finditer(text)]
            if found:
                met.append((len(found), found[0][1], list(dict.fromkeys(n for n, _ in found))))
        if len(met) > 1:
            ways = (saying("way", 例=example, 处=count) for count, example, _ in sorted(met, reverse=True))
            rare = tuple(n for _, _, numbers in sorted(met)[:-1] for n in numbers)
            yield rare, saying(什么=declared.what, 各种=listed(ways, "，"))


def unsequenced(texts: Sequence[str], patterns: Lint) -> Iterator[tuple[int, Stated]]:
    """The paragraphs whose number is not the next after the one before of its form: 一、…三、.

    A number one begins anew, and what it broke off may go on behind it: （一）（1 of its own）（二）. A form within another
    begins anew with each of that other. Behind a wrong number may follow what follows it, or what would follow the right
    one, which may have been a one. Numbers that are written in no proper form are passed over with what stands around them.
    """
    last: dict[str, tuple[tuple[int, ...], str, frozenset[int]]] = {}
    for index, text in enumerate(texts):
        found = patterns.numbered.match(unspaced(text))
        if found is None or found.lastgroup is None:
            continue
        form, number = found.lastgroup, amounts.from_numeral(found[found.lastgroup])
        before, mark, broken = last.get(form, ((), "", frozenset[int]()))
        wrong = number > 1 and any(before) and number - 1 not in {*before, *broken}
        broken = broken | set(before) if number == 1 else broken - {number - 1}
        if wrong:
            yield index, saying(序号=found[0], 前一个=mark)
        outer = list(last)[: list(last).index(form)] if form in last else last
        taken = (number, before[0] + 1, 1) if wrong else (number,)
        last = {one: last[one] for one in outer} | {form: (taken, found[0], broken)}


def dangling(texts: Sequence[str], patterns: Lint) -> Iterator[tuple[int, Stated]]:
    """The paragraphs whose number of two levels follows none: 1.2 where no paragraph is 1.1."""
    plain = [unspaced(text) for text in texts]
    met: dict[tuple[str, int], int] = {}
    for index, text in enumerate(plain):
        if found := patterns.nested.match(text) if patterns.nested else None:
            met.setdefault((found["whole"], int(found["part"])), index)
    firsts = {whole for whole, part in met if part == 1}
    for (whole, part), index in met.items():
        if whole not in firsts and (whole, part - 1) not in met:
            yield index, saying("dangling", 序号=f"{whole}.{part}", 前一个=f"{whole}.{part - 1}")


def _halved(rule: str, told: Stated, plain: str, lone: Iterable[str]) -> bool:
    """Whether signs seem to stand wrong only since one half of them lacks."""
    marks = [str(said) for _, said in told.fields] if rule == "text-marks" else []
    return any(_lacks(mark, plain, pair) for mark in marks for pair in lone)


def _lacks(mark: str, plain: str, pair: str) -> bool:
    """Whether the half that lacks in a text may be that of some signs: these are not closed, or not opened, around them.

    Where more halves lack than those of one slip, they are not that one alone.
    """
    opening, closing = pair[0], pair[1]
    at = plain.index(mark) + next((n for n, sign in enumerate(mark) if sign in pair), len(mark))
    if at == plain.index(mark) + len(mark):
        return False
    if plain[at] == closing:
        return plain[:at].count(opening) <= plain[:at].count(closing)
    depths = itertools.accumulate((sign == opening) - (sign == closing) for sign in plain[at:])
    return 0 not in depths and plain.count(opening) - plain.count(closing) <= SLIPPED


def unpaired(plain: str, pairs: Iterable[str]) -> Iterator[str]:
    """Those of some signs that open and close of which one half lacks.

    >>> [*unpaired("《办法(试行)", ["()", "《》"])], [*unpaired("1)总则(一)", ["()"])]
    (['《》'], [])
    """
    text = LISTED.sub("", plain)
    return (pair for pair in pairs if text.count(pair[0]) != text.count(pair[1]))


def budgeted(text: str, patterns: Lint) -> Iterator[str]:
    """The amounts that a text calls the budget of its project, as written."""
    plain = unspaced(text)
    for pattern in patterns.budgeted:
        yield from (found[1].replace(",", "") for found in pattern.finditer(plain))


def selves(texts: Iterable[str], patterns: Lint) -> tuple[str, ...]:
    """The ways in which the unit calls itself, the first that is met of each kind, in the order of the edition.

    Two that stand together are whoever is meant: 本部门、本单位.
    """
    names = "|".join(re.escape(name) for kind in patterns.selves for name in kind)
    said = "\n".join(unspaced(text) for text in texts)
    said = re.sub(rf"(?:{names})[^\n]{{0,2}}(?:{names})", "", said) if names else said
    met = (next((name for name in kind if name in said), "") for kind in patterns.selves)
    return tuple(filter(None, met))


def calling(said: Sequence[str]) -> Stated:
    """That the unit calls itself in several ways."""
    return saying(自称=listed(said, saying("also")))


def variants(text: str, name: str, offices: Container[str]) -> Iterator[str]:
    """Other forms of a name in running text, none that is another's name: what tells the two apart is the same.

    One without its last sign may be another's name, or its beginning: it counts only where a year follows, and where that
    sign alone makes no body, as 政协 and 政协办 are two.

    Args:
        text: as printed.
        name: of the unit.
        offices: how names of units end.
    """
    plain = unspaced(text)
    if len(name) > sum(ENDS):
        found = dict.fromkeys((*_stretched(plain, name), *_shortened(plain, name)))
        yield from (one for one in found if telling(one) == telling(name))
        twice = (name + name[-more:] for more in range(ENDS[1], 0, -1))
        yield from itertools.islice((one for one in twice if re.search(re.escape(one) + ENDED, plain)), 1)
        yield from _shuffled(plain, name)
        if name[-1] not in offices and re.search(rf"{re.escape(name[:-1])}{YEAR}", plain):
            yield name[:-1]


def _stretched(plain: str, name: str) -> Iterator[str]:
    """What has the beginning and the end of a name, and is much like it; not the end of the name itself: 甲省甲市…."""
    first, last = name[: ENDS[0]], name[-ENDS[1] :]
    between = rf"(?=({re.escape(first)}[\u4e00-\u9fff]{{0,{2 * len(name)}}}?{re.escape(last)}))"
    own = [range(one.start() + 1, one.end()) for one in re.finditer(re.escape(name), plain)]
    found = (
        one[1] for one in re.finditer(between, plain) if not any(one.start() in inside for inside in own)
    )
    yield from (one for one in found if one != name and alike(one, name))


def _shortened(plain: str, name: str) -> Iterator[str]:
    """A name with one sign left out, other than at its ends."""
    if name[0] in plain and name[-1] in plain:
        tried = dict.fromkeys(name[:n] + name[n + 1 :] for n in range(1, len(name) - 1))
        yield from (short for short in tried if short in plain and short not in name)


def _shuffled(plain: str, name: str) -> Iterator[str]:
    """The end of a name with words of it in another order: 创新创业服务中心 for 创业创新服务中心."""
    last, own = name[-ENDS[1] :], name[-2 * ENDS[1] :]
    for found in re.finditer(re.escape(last), plain):
        other = plain[max(0, found.end() - len(own)) : found.end()]
        if other != own and Counter(other) == Counter(own) and telling(other) == telling(own):
            yield other


def _dates(plain: str, patterns: Lint) -> Iterator[tuple[str, Stated]]:
    """Dates that there are not, and periods that end before they begin."""
    dates = list(patterns.dates.finditer(plain))
    for found in dates:
        yield from _impossible(found, patterns.years)
    for first, last in itertools.pairwise(dates):
        if last.start() - first.end() == 1 and plain[first.end()] in TO and _day(first) > _day(last) > ():
            yield "text-date", saying("turned", 原文=plain[first.start() : last.end()])


def _impossible(found: re.Match[str], years: tuple[int, int]) -> Iterator[tuple[str, Stated]]:
    """A year that no text of today means, or a month or day that there is not."""
    year, month, day = (int(found[name] or 1) for name in ("year", "month", "day"))
    first, last = years
    known = first <= year <= last and 1 <= month <= MONTHS
    if not known or not 1 <= day <= monthrange(year, month)[1]:
        yield "text-date", _found(found)


def _day(found: re.Match[str]) -> tuple[int, ...]:
    """Year, month and day; empty where one of them is not given."""
    parts = [found[name] for name in ("year", "month", "day")]
    return tuple(map(int, parts)) if all(parts) else ()


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - NEAR) : found.end() + NEAR]


def _hidden(number: str) -> str:
    """A private number is not repeated."""
    return f"{number[:3]}…"
