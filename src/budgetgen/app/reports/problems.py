"""What is wrong with a file, in the order in which a clerk sets it right: what the screen prints and the page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from budgetgen.app.reports.mending import Mending, same_row, where
from budgetgen.checking.consequences import consequences
from budgetgen.values.findings import NAMES, WHOLE_FILE, Finding, Severity
from budgetgen.values.places import told_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.localisation.culprits import Culprit, Mend, WrongLine
    from budgetgen.values.findings import Spot
    from budgetgen.values.sayings import Stated

BREAKS, CELLS = "- ", "· "
"""What begins an entry of a list: what something breaks, cells of which some are wrong."""


@dataclass(frozen=True, slots=True)
class Clue:
    """An entry of a list below a problem: what it says, and the cell that it is about."""

    text: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class ClueList:
    """A list below a problem.

    Attributes:
        caption: the line above it; empty for none.
        mark: begins each entry.
        clues: all entries.
        asking: so many of them, the first, ask for something of their own: they are shown, however long it is.
    """

    caption: str
    mark: str
    clues: tuple[Clue, ...]
    asking: int = 0

    @property
    def unit(self) -> str:
        """What its entries are counted in."""
        return "格" if self.mark == CELLS else "处"

    @property
    def long(self) -> bool:
        """Whether it may be so long that only its beginning is shown."""
        return self.mark in {BREAKS, CELLS}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to set right, to explain or to know.

    Attributes:
        place: where, as it is told; empty for the whole file.
        around: what helps to find that: the heading above it, or its table with the captions of row and column.
        severity, level: how it is treated, as the worst of what it holds, and that in words, with the rule of the worst
            where that is not its own.
        rule: the rule that it breaks; empty where figures are named that break several.
        message: what is wrong: both sides, the difference.
        spots: the cells that it is about, the one to look at first.
        explained, fix, basis: as of a finding; empty where there is nothing to tell.
        lists: what hangs on it.
        expected: of figures that are named, what each should be: its place, and that.
        said: what it states, of a finding.
        sure: whether a cell, a line or a rule is named, not several figures of which some are wrong.
        open: whether it waits for an explanation itself, however bad what it holds is.
    """

    place: str
    severity: Severity
    level: str
    rule: str
    message: str
    spots: tuple[Spot, ...] = ()
    explained: str = ""
    fix: str = ""
    basis: str = ""
    lists: tuple[ClueList, ...] = ()
    expected: tuple[tuple[str, str], ...] = ()
    said: tuple[Stated, ...] = ()
    sure: bool = True
    around: str = ""
    open: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others in two versions of a file: its rule and the cell by name, wherever that stands now."""
        return (self.rule, self.spots[0].name) if self.spots else (self.rule, self.said)


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """The problems of one sheet."""

    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Problems:
    """All problems of a file.

    Attributes:
        lines: lines to set right before any figure.
        culprits: figures that are wrong, or of which some are, those that explain most first.
        note: what could not be found out about figures.
        sheets: the other findings, sheet by sheet, worst first.
        tails: how many differences by rounding are left out.
    """

    lines: tuple[Problem, ...]
    culprits: tuple[Problem, ...]
    note: str
    sheets: tuple[ProblemGroup, ...]
    tails: int

    @property
    def all(self) -> Iterator[Problem]:
        """Each of them."""
        yield from (*self.lines, *self.culprits)
        for group in self.sheets:
            yield from group.problems


def problems(checked: Checked, *, tails: bool = False) -> Problems:
    """The problems of a checked file.

    Args:
        checked: the file.
        tails: whether differences by rounding are among them.
    """
    words, located = Mending.of(checked), checked.located
    left = _left(checked)
    told = [finding for finding in left if tails or not finding.tail]
    return Problems(
        tuple(_line(line) for line in located.lines),
        tuple((_culprit if culprit.mends else _open)(culprit, words) for culprit in located.culprits),
        located.note,
        tuple(_sheets(told, checked.edition)),
        len(left) - len(told),
    )


def place_of(finding: Finding) -> str:
    """Where it is, by cell or by name; empty for the whole file."""
    first = finding.spots[0] if finding.spots else None
    return (told_place(first.place) or first.name) if first else ""


def _left(checked: Checked) -> list[Finding]:
    """The findings that no figure or line to be set right explains."""
    located = checked.located
    above = {finding.key for line in located.lines for finding in (line.finding, *line.explains)}
    above |= {finding.key for culprit in located.culprits for finding in culprit.explains}
    return [finding for finding in checked.findings if finding.key not in above]


def _sheets(findings: Sequence[Finding], edition: Edition) -> Iterator[ProblemGroup]:
    groups: dict[str, list[Problem]] = {}
    for finding, following in _causes(findings, edition):
        sheet = finding.spots[0].table if finding.spots else WHOLE_FILE
        groups.setdefault(sheet, []).append(_cause(finding, following, edition))
    return (ProblemGroup(sheet, tuple(found)) for sheet, found in groups.items())


def _causes(findings: Sequence[Finding], edition: Edition) -> list[tuple[Finding, Sequence[Finding]]]:
    """The findings that follow from no other, each with those that follow from it; the worst first."""
    roots = consequences(findings, edition)
    following: dict[int, list[Finding]] = {n: [] for n in range(len(findings)) if n not in roots}
    for number, root in roots.items():
        following.setdefault(root, []).append(findings[number])
    causes = [(findings[number], found) for number, found in following.items()]
    return sorted(causes, key=lambda one: min(finding.rank for finding in (one[0], *one[1])))


def _cause(finding: Finding, following: Sequence[Finding], edition: Edition) -> Problem:
    """A finding with what follows from it, treated as the worst of them; what to do about it goes by its own level."""
    if not following:
        return _problem(finding)
    ranked = sorted(following, key=lambda one: one.rank)
    asking = sum(one.severity != Severity.NOTE for one in ranked)
    waiting = ClueList(f"由此另有 {len(ranked)} 处：", BREAKS, _ruled(ranked, edition), asking)
    problem, worst = _problem(finding, waiting), ranked[0]
    if worst.rank >= finding.rank:
        return problem
    level = f"{worst.level}（{worst.rule}）、{finding.level}"
    return replace(problem, severity=worst.severity, level=level)


def _problem(finding: Finding, *lists: ClueList) -> Problem:
    return Problem(
        place_of(finding),
        finding.severity,
        finding.level,
        finding.rule,
        finding.message,
        finding.spots,
        explained=str(finding.explained or ""),
        fix=finding.fix,
        basis=finding.basis,
        lists=lists,
        said=finding.said,
        around=finding.spots[0].around if finding.spots else "",
        open=finding.open,
    )


def _line(line: WrongLine) -> Problem:
    """A line to set right, and what compares it with others."""
    waiting = ClueList(f"改正后再核对下列 {len(line.explains)} 处：", BREAKS, _broken(line.explains))
    return _problem(line.finding, *([waiting] if line.explains else ()))


def _culprit(culprit: Culprit, words: Mending) -> Problem:
    """What to mend, what it breaks, what else could be wrong instead."""
    first, number = culprit.mends[0], len(culprit.explains)
    alone = len(culprit.mends) == 1
    then = f"，改正后下列{f' {number} 处都' if number > 1 else '这处'}成立：" if number else ""
    head = words.mended(culprit, first).told() if alone else f"这 {len(culprit.mends)} 格一起改"
    lists = [
        ClueList("", "", () if alone else tuple(Clue(_to(mend, words), mend.spot) for mend in culprit.mends)),
        ClueList("", BREAKS, _broken(culprit.explains)),
        ClueList("", "也可能是：", () if same_row(culprit) else tuple(_others(culprit, words))),
        ClueList("", "", (Clue("可能还有其他同样少的改法，请对照原始资料"),) if culprit.capped else ()),
        _whys(culprit),
    ]
    return Problem(
        (first.spot.table if first.absent else where(first)) if alone else "",
        Severity.ERROR,
        NAMES[Severity.ERROR],
        "",
        f"{head}{then}",
        tuple(mend.spot for mend in culprit.mends),
        lists=tuple(one for one in lists if one.clues),
        expected=tuple((told_place(mend.spot.place), words.should(mend).told()) for mend in culprit.mends),
    )


def _others(culprit: Culprit, words: Mending) -> Iterator[Clue]:
    for mends in culprit.alternatives:
        yield Clue("；".join(_to(mend, words) for mend in mends), mends[0].spot)


def _to(mend: Mend, words: Mending) -> str:
    return f"{where(mend)} {words.should(mend).told()}"


def _open(culprit: Culprit, words: Mending) -> Problem:
    """Figures of which some are wrong: by how much, what they break, and what each would be if it were the only one."""
    cells = (Clue(f"{where(mend)} {words.if_alone(mend).told()}", mend.spot) for mend in culprit.among)
    broken = ClueList("", BREAKS, _broken(culprit.explains))
    return Problem(
        "",
        Severity.ERROR,
        NAMES[Severity.ERROR],
        "",
        f"{words.some(culprit).told()}，使下列 {len(culprit.explains)} 处不成立：",
        tuple(mend.spot for mend in culprit.among),
        lists=(
            broken,
            ClueList("如果只错一格，可能是：", CELLS, tuple(cells)),
            _ways(culprit),
            _whys(culprit),
        ),
        expected=tuple((told_place(mend.spot.place), words.if_alone(mend).told()) for mend in culprit.among),
        sure=False,
    )


def _ways(culprit: Culprit) -> ClueList:
    """What to do where no cell is named, each way once."""
    return ClueList("", "请：", _each_once(finding.fix for finding in culprit.explains))


def _whys(culprit: Culprit) -> ClueList:
    """Why what is broken has to hold, each reason once."""
    errors = (finding for finding in culprit.explains if finding.severity == Severity.ERROR)
    return ClueList("", "依据：", _each_once(finding.basis for finding in errors))


def _each_once(texts: Iterable[str]) -> tuple[Clue, ...]:
    told = "；".join(filter(None, dict.fromkeys(texts)))
    return (Clue(f"{told}。"),) if told else ()


def _broken(findings: Iterable[Finding]) -> tuple[Clue, ...]:
    """What something breaks."""
    return tuple(_clue(finding) for finding in findings)


def _ruled(findings: Iterable[Finding], edition: Edition) -> tuple[Clue, ...]:
    """What follows from something, each with its level and rule: an explanation names the rule."""
    return tuple(
        _clue(finding, f"{finding.level} {finding.rule}（{edition.rules[finding.rule].title}）：")
        for finding in findings
    )


def _clue(finding: Finding, rule: str = "") -> Clue:
    place, spots = place_of(finding), finding.spots
    return Clue(f"{place}{'：' if place else ''}{rule}{finding.message}", spots[0] if spots else None)
