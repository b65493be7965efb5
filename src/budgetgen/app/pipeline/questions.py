"""A list of what is wrong with a file, to be answered, and its answers: beside the file, which stays as it was sent."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Final

from budgetgen.app.pipeline.answers import harmless
from budgetgen.app.pipeline.corrections import to_correct
from budgetgen.app.reports.problems import problems
from budgetgen.checking.explanations import answered
from budgetgen.reading.opinions import read_entries
from budgetgen.values.findings import NAMES, WHOLE_FILE, Blame, Severity, UnusableInputError
from budgetgen.values.model import Cell, Row
from budgetgen.writing.workbook.listing import ListColumn
from budgetgen.writing.workbook.questions import QuestionSheet, render_questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.app.pipeline.answers import Answers
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.reports.problems import Problem
    from budgetgen.reading.opinions import Entry as Answer

TITLE: Final = "问题单"
ASKED: Final = "部门提问"
"""Stands for a rule where a person asks."""
QUESTION: Final = "问题"
SHOWN: Final = 6
"""So many cells that hang on a problem are listed."""
MEND: Final = "填“改数”页，或改正填报表后重新报送；这里不用填"


def questions(checked: Checked, asked: Sequence[str]) -> bytes:
    """The list as a workbook: what the department asks, then the errors, then what is to be explained; cells for new figures.

    Args:
        checked: the file.
        asked: what the department asks, one question each.
    """
    where = checked.edition.explanations
    columns = (
        ListColumn("类别", 8),
        ListColumn(where.rule, 22),
        ListColumn(where.place, 26),
        ListColumn(QUESTION, 60),
        ListColumn("怎么办", 36),
        ListColumn(where.text, 44),
        ListColumn(where.name, 12),
    )
    own = ((ASKED, ASKED, WHOLE_FILE, text, f"在“{where.text}”里回答", None, None) for text in asked)
    found = (_line(problem) for problem in problems(checked).all if _open(problem))
    return render_questions([QuestionSheet(TITLE, columns, (*own, *found)), *to_correct(checked)])


def _open(problem: Problem) -> bool:
    return problem.severity != Severity.NOTE and not problem.explained


def _line(problem: Problem) -> tuple[str | None, ...]:
    clues = [clue.text for told in problem.lists for clue in told.clues]
    more = [f"等 {len(clues)} 处"] if len(clues) > SHOWN else []
    message = "\n· ".join([problem.message, *clues[:SHOWN], *more])
    error = problem.severity == Severity.ERROR
    return (
        NAMES[problem.severity],
        problem.rule,
        problem.place or WHOLE_FILE,
        message,
        problem.fix or "改正这些格",
        MEND if error else None,
        None,
    )


def with_answers(checked: Checked, given: Sequence[Answers]) -> tuple[Checked, tuple[str, ...]]:
    """A checked file with what was answered, the newest first; and in words what answers no finding."""
    rows: list[Row] = []
    told: list[str] = []
    for answers in reversed(given):
        try:
            entries = tuple(_entries(answers, checked))
        except UnusableInputError as error:
            if error.blame is not Blame.FILE:
                raise
            told.append(f"{answers.by}交回的问题单读不了：{error.problem}")
            continue
        rows += (
            _row(entry, checked) for entry in entries if entry[checked.edition.explanations.rule] != ASKED
        )
        told += _told(entries, checked)
    return replace(checked, findings=answered(checked.findings, rows, checked.edition)), tuple(told)


def _entries(answers: Answers, checked: Checked) -> Iterator[Answer]:
    """The answers of a list that say something, each with who says it and when; no word of a secret item."""
    where = checked.edition.explanations
    for entry in read_entries(answers.path, (where.rule, where.text, where.name, QUESTION, where.place)):
        if entry[where.text] and entry[where.text] != MEND:
            said = harmless(entry[where.text], checked)
            name = "，".join(filter(None, (harmless(entry[where.name], checked), answers.by)))
            yield {**entry, where.text: said, where.name: name}


def _row(entry: Answer, checked: Checked) -> Row:
    where = checked.edition.explanations
    columns = (where.rule, where.place, where.text, where.name)
    return Row("", "", None, {column: Cell(entry[column], given=True) for column in columns})


def _told(entries: Sequence[Answer], checked: Checked) -> Iterator[str]:
    where, number = checked.edition.explanations, count(1)
    for entry in entries:
        if entry[where.rule] == ASKED:
            question = harmless(entry[QUESTION], checked)
            yield f"部门提问 {next(number)}：{question}"
            yield f"  答：{entry[where.text]}（{entry[where.name]}）"
