"""Filling patterns: cases, slots, lists and phrases of the wording become runs of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.edition.declarations import YES
from budgetgen.formula.evaluation import Scope, evaluate, holds, kind_of
from budgetgen.formula.reader import OUTER
from budgetgen.values.amounts import PER_WAN, PRINTED_PLACES, numeral, written
from budgetgen.values.model import Row, Run
from budgetgen.values.patterns import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, Scale
    from budgetgen.formula.nodes import Node
    from budgetgen.values.model import Book, Value

HOUSE_MARK = "1."
TO_BE_FILLED = "【待补：{}】"
"""What stands in a draft where something is missing."""


@dataclass(frozen=True)
class Frame:
    """Where a pattern is filled.

    Attributes:
        scope: the rows at hand.
        each: the table of the row at hand.
        outer: the table of the enclosing row.
        let: slots that are formulas.
        lists: slots that are lists.
    """

    scope: Scope
    each: str = ""
    outer: str = ""
    let: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, ListDeclaration] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrasing:
    """Fills the patterns of an edition with the figures of a Book (that holds its computed tables)."""

    edition: Edition
    book: Book

    def text(self, pattern: str, scope: Scope | None = None, each: str = "") -> str:
        """A pattern as plain text."""
        return "".join(run.text for run in self.fill(pattern, Frame(scope or Scope(self.book), each)))

    def fill(self, pattern: str, frame: Frame) -> Iterator[Run]:
        """A pattern as runs."""
        for piece in pieces(pattern):
            if isinstance(piece, str):
                yield Run(piece)
            else:
                yield from self._slot(piece.name, frame)

    def slot(self, name: str, frame: Frame) -> str:
        """What stands in a slot, as plain text."""
        return "".join(run.text for run in self._slot(name, frame))

    def choose(self, cases: Iterable[Case], frame: Frame) -> Case | None:
        """The first case that holds."""
        for case in cases:
            if not case.when or holds(self._formula(case.when, frame), _quiet(frame.scope)):
                return case
        return None

    def rows(self, each: str, level: str, where: str, frame: Frame) -> Iterator[Frame]:
        """A frame for each row of a table that a statement or list runs over."""
        table = self.book[each]
        rows = (row for row in table.rows if row.level == level) if level else table.lines()
        for row in rows:
            inner = self._inner(each, row, frame)
            if not where or holds(self._formula(where, inner), _quiet(inner.scope)):
                yield inner

    def mark(self, form: str, number: int) -> str:
        """The mark before the n-th of a numbered list: 一、 （一） （1）; 1. as the office writes it; or a phrase."""
        form = self.text(form)
        if "一" in form:
            return form.replace("一", numeral(number))
        return (self._house.get("numbers") or form if form == HOUSE_MARK else form).replace("1", str(number))

    def value(self, value: Value, kind: str, places: int = PRINTED_PLACES) -> str:
        """A value as printed; empty where it is blank and no number."""
        match kind:
            case "count":
                return f"{value:f}" if isinstance(value, Decimal) else "0"
            case "money" | "number" | "percent":
                return self._number(value, places) + (
                    "%" if kind == "percent" and not isinstance(value, str) else ""
                )
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        return "" if value is None else str(value)

    def amount(self, value: Decimal, scale: Scale) -> str:
        """An amount as a table has it."""
        if not value:
            return scale.zero
        told = self._number(value * PER_WAN[scale.unit], scale.places)
        return _trimmed(told) if scale.trimmed else told

    # --- slots ---

    def _slot(self, name: str, frame: Frame) -> Iterator[Run]:
        if name in frame.lists:
            runs = tuple(self._list(frame.lists[name], frame))
            yield from runs or (Run(TO_BE_FILLED.format(name), open=True),)
        elif name in self.edition.phrase and name not in frame.let:
            case = self.choose(self.edition.phrase[name].cases, frame)
            yield from self.fill(case.says, frame) if case else ()
        else:
            yield self._formula_run(name, frame)

    def _formula_run(self, name: str, frame: Frame) -> Run:
        node = self._formula(frame.let.get(name, name), frame)
        scope = _quiet(frame.scope)
        value = evaluate(node, scope).value
        spots = tuple((r.table, r.key, r.column) for r in scope.read)
        text = self.spoken(value, kind_of(node)) if not isinstance(value, bool) else ""
        if not text:
            return Run(TO_BE_FILLED.format(name), open=True, spots=spots)
        return Run(text, open=text.startswith(self.edition.drafting.mark), spots=spots)

    def _list(self, declared: ListDeclaration, frame: Frame) -> Iterator[Run]:
        number, before = 0, ""
        for inner in self.rows(declared.each, declared.level, declared.where, frame):
            own = Frame(inner.scope, declared.each, frame.each, declared.let, declared.list)
            case = self.choose(declared.cases, own)
            runs = tuple(self.fill(case.says, own)) if case else ()
            text = "".join(run.text for run in runs)
            if not text or text == before:  # what is said in one breath with the entry before
                continue
            number, before = number + 1, text
            if number > 1:
                yield Run(declared.separator)
            if declared.numbered:
                yield Run(self.mark(declared.numbered, number))
            yield from runs

    # --- helpers ---

    def spoken(self, value: Value, kind: str) -> str:
        """A value as the narrative has it: some offices leave out the zeros at the end."""
        text = self.value(value, kind)
        if self._house.get("trimmed") != YES or kind not in {"money", "number", "percent"}:
            return text
        number = text.removesuffix("%")
        return _trimmed(number) + text[len(number) :]

    def _inner(self, each: str, row: Row, frame: Frame) -> Frame:
        outer = {OUTER: frame.scope.rows[""]} if "" in frame.scope.rows else {}
        scope = Scope(self.book, {**outer, "": (each, row)})
        return Frame(scope, each, frame.each)

    def _formula(self, text: str, frame: Frame) -> Node:
        return self.edition.formula(text, each=frame.each, outer=frame.outer)

    def _number(self, value: Value, places: int) -> str:
        if isinstance(value, str):
            return value
        number = value if isinstance(value, Decimal) else Decimal(0)
        return written(number, places, grouped=self._house.get("grouped") == YES)

    @cached_property
    def _house(self) -> Mapping[str, str]:
        """The office's choices of style."""
        house = self.edition.house
        rows = {"grouped": house.grouped, "numbers": house.numbers, "trimmed": house.trimmed}
        return {n: fact(self.book, self.edition, row) for n, row in rows.items()}


def _trimmed(number: str) -> str:
    """A printed number without the zeros at the end of its decimals."""
    return number.rstrip("0").removesuffix(".") if "." in number else number


def _quiet(scope: Scope) -> Scope:
    """The same scope with an empty list of cells read."""
    return Scope(scope.book, scope.rows, scope.fetch)
