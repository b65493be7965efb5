"""Reasons proposed from the lines that drove a change; a person decides whether they are true.

The movement of a figure is what its lines moved up and down together, and what no line tells. Its largest lines
are told until they are the declared share of it and go the way of the figure. Lines that cannot reach that share
do not explain the change: then nothing is proposed, but what is known is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from budgetgen.book.figures import change_of, with_figures
from budgetgen.edition.declarations import FALL, FIGURES, RISE, FigureColumn
from budgetgen.formula.evaluation import KEY_JOINT, Scope, evaluate, holds
from budgetgen.formula.reader import OUTER, FormulaError
from budgetgen.saying.phrasing import Phrasing
from budgetgen.values.amounts import HUNDRED, ZERO, percentage, plain, rounded
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.sayings import ONLY, listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, FigureDeclaration
    from budgetgen.edition.declarations.drafting import DrivingLines, Staff
    from budgetgen.values.model import Book
    from budgetgen.years.priors import Last


NO_FIGURE = ("", Row("", "", None, {}))
"""Where lines belong to the whole file, and to no figure's own row."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A line with its amounts in both years, in 万元 as printed.

    Attributes:
        noun: what it is.
        name: what it is called.
        before: last year, None where there was none.
        now: this year, None where there is none.
        told_by: the figure whose reason tells why it moved; empty where it is told by itself.
    """

    noun: str
    name: str
    before: Decimal | None
    now: Decimal | None
    told_by: str = ""

    @property
    def change(self) -> Decimal:
        """This year's amount less last year's."""
        return (self.now or ZERO) - (self.before or ZERO)


@dataclass(frozen=True)
class Proposal:
    """What the lines tell of a figure's change.

    Attributes:
        key: of its row in the tables of last year's figures and of reasons.
        name: what it is called.
        change: this year's amount less last year's, in 万元.
        told: the lines that are told, largest first.
        share: how much of the movement they are, in percent.
        text: the reason; empty where the lines do not explain the change.
        known: whether there are lines of both years at all.
    """

    key: str
    name: str
    change: Decimal
    told: tuple[Mover, ...] = ()
    share: Decimal = ZERO
    text: str = ""
    known: bool = False


def propose(book: Book, edition: Edition, last: Last | None = None) -> tuple[Proposal, ...]:
    """A proposal for each figure whose change has no reason.

    Args:
        book: derived.
        edition: its format.
        last: last year's file; without it only lines whose last year stands in the book itself can be compared.
    """
    drafter = _Drafter(with_figures(book, edition), edition, last)
    wanted = {name: figure for name, figure in edition.figures.items() if figure.reasoned}
    made: dict[str, Proposal] = {}
    for row in drafter.book[FIGURES].rows:
        figure = wanted.get(row.text(FigureColumn.ID))
        if figure and row[FigureColumn.CHANGE].value and not row[FigureColumn.REASON].value:
            served = made.get(figure.same_as)
            if served is None or not served.text or not drafter.same(row, figure.same_as):
                made[row.key] = drafter.draft(row, figure)
    return tuple(made.values())


def with_proposals(book: Book, edition: Edition, proposals: Sequence[Proposal]) -> Book:
    """The Book with the proposed reasons where none stands, each with the mark of what is to be decided."""
    stored = edition.comparisons
    texts = {p.key: Cell(edition.drafting.mark + p.text, given=True) for p in proposals if p.text}
    table = book[stored.reasons]
    keys = {row.key for row in table.rows}
    rows = [
        row.with_cells({stored.reason: texts[row.key]})
        if row.key in texts and row[stored.reason].value is None
        else row
        for row in table.rows
    ]
    added = [_row(edition, key, cell) for key, cell in texts.items() if key not in keys]
    return book.with_tables({stored.reasons: Table(table.name, (*rows, *added))})


def _row(edition: Edition, key: str, reason: Cell) -> Row:
    """A further row of the table of reasons, for a figure with a code."""
    stored = edition.comparisons
    label, *code = edition.tables[stored.reasons].main.key
    parts = key.split(KEY_JOINT, 1)
    cells = {column: Cell(part, given=True) for column, part in zip((label, *code), parts, strict=False)}
    return Row(key, "", None, {**cells, stored.reason: reason})


def told_proposals(book: Book, edition: Edition, proposals: Sequence[Proposal]) -> Iterator[Finding]:
    """What was proposed, and where the lines do not explain the change."""
    stored = edition.comparisons
    amount = Phrasing(edition, book).value
    for proposal in proposals:
        found = book[stored.reasons].get(proposal.key)
        place = found[stored.reason].place if found else None
        here = Spot(stored.reasons, proposal.key, stored.reason, place)
        verb = (RISE if proposal.change > 0 else FALL)[0]
        change = amount(abs(proposal.change), "money")
        if proposal.text:
            told = saying(
                指标=proposal.name, 增减=verb, 金额=change, 原因=proposal.text, 占比=str(proposal.share)
            )
            yield Finding.of(edition.rules["reason-proposed"], told, here)
            continue
        words = tuple(_phrases(proposal.told, edition, book))
        lines = listed(words, edition.drafting.separator)
        known = saying("known", 明细=lines, 占比=str(proposal.share)) if words else None
        which = ONLY if proposal.known else "unknown"
        told = saying(which, 指标=proposal.name, 增减=verb, 金额=change, 已知=known)
        yield Finding.of(edition.rules["reason-unexplained"], told, here)


# --- drafting -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Drafter:
    book: Book
    edition: Edition
    last: Last | None

    def same(self, row: Row, other: str) -> bool:
        """Whether a figure has the same amounts as another in both years, so that one reason serves both."""
        found = self.book[FIGURES].get(other)
        return found is not None and all(
            row[c].value == found[c].value for c in (FigureColumn.AMOUNT, FigureColumn.PRIOR)
        )

    def draft(self, row: Row, figure: FigureDeclaration) -> Proposal:
        """The proposal of the first source that explains a change, else of the one that tells most of it."""
        change = _amount(row[FigureColumn.AMOUNT].value) - _amount(row[FigureColumn.PRIOR].value)
        name = f"{figure.id} {row.text(FigureColumn.NAME)}" if figure.each else figure.id
        drafts = [
            self._proposal(row, name, change, movers)
            for source in self.edition.drafting.source
            if figure.id in source.figures
            and (movers := self._movers(source.lines, (figure.each, row))) is not None
        ]
        explained = next((draft for draft in drafts if draft.text), None)
        return explained or max(drafts, key=lambda d: d.share, default=Proposal(row.key, name, change))

    def _proposal(self, row: Row, name: str, change: Decimal, movers: Sequence[Mover]) -> Proposal:
        moved = [mover for mover in movers if mover.change]
        largest = sorted(moved, key=lambda mover: -abs(mover.change))
        untold = abs(change - sum((mover.change for mover in moved), ZERO))
        movement = sum((abs(mover.change) for mover in moved), untold)
        enough = movement * self.edition.drafting.share / HUNDRED
        # what the lines do not tell may be any line that is no larger: it may be of another figure
        sure = [mover for mover in largest if abs(mover.change) > untold]
        told = self._opposed(sure, _needed(sure, change, enough), movement)
        text = self._text(row, change, told) if _explains(told, change, enough) else ""
        if not text:
            told = self._opposed(largest, _needed(largest, change, enough), movement)
        share = percentage(sum((abs(mover.change) for mover in told), ZERO), movement)
        return Proposal(row.key, name, change, tuple(told), share, text, known=True)

    def _opposed(self, largest: Sequence[Mover], needed: int, movement: Decimal) -> list[Mover]:
        """The lines that are told: as many of the largest as are needed, and a large one that goes the other way."""
        told = list(largest[:needed])
        least = movement * self.edition.drafting.against / HUNDRED
        if told and all(mover.change * told[0].change > 0 for mover in told):
            others = (mover for mover in largest[needed:] if mover.change * told[0].change < 0)
            told += [mover for mover in others if abs(mover.change) >= least][:1]
        return told

    def _text(self, row: Row, change: Decimal, told: Sequence[Mover]) -> str:
        """The reason, what went the figure's way first; empty where the lines say only that the figure moved."""
        own = self.edition.drafting
        told = sorted(told, key=lambda mover: mover.change * change < 0)
        reasons = {mover: self._known(mover) for mover in told if mover.told_by}
        unwritten = any(own.why in reason for reason in reasons.values())
        known = {mover: reason.replace(own.separator + own.why, "") for mover, reason in reasons.items()}
        said_of = "".join(known.values())
        people = {words: movers for words, movers in self._staff(row, change, told) if words not in said_of}
        staff = list(people)
        if told and not staff and all(mover.told_by and not known[mover] for mover in told):
            return ""
        words = [
            known.get(mover) or next(_phrases([mover], self.edition, self.book))
            for mover in told
            if not (staff and mover.told_by and not known[mover])
        ]
        said = {mover for mover in told if known.get(mover)}.union(*people.values())
        why = (
            [own.why]
            if unwritten or any(None not in {m.before, m.now} for m in told if m not in said)
            else []
        )
        return own.separator.join(dict.fromkeys((*words, *staff, *why)))

    def _known(self, mover: Mover) -> str:
        """The reason of the figure that tells why a line moved, written or proposed, where the line is most of it."""
        row, stored = self.book[FIGURES].get(mover.told_by), self.edition.comparisons
        change = change_of(row) if row else None
        least = (abs(change) if change else ZERO) * self.edition.drafting.share / HUNDRED
        if row is None or not change or mover.change * change < 0 or abs(mover.change) < least:
            return ""
        written = self.book[stored.reasons].get(row.key)
        said = written.text(stored.reason) if written else ""
        if said and not said.startswith(self.edition.drafting.mark):
            return said
        return self.draft(row, self.edition.figures[mover.told_by]).text

    def _staff(self, row: Row, change: Decimal, told: Sequence[Mover]) -> Iterator[tuple[str, set[Mover]]]:
        """The people who came or went, as the figure moved, with the lines that are told and that they moved."""
        staff = self.edition.drafting.staff
        if staff is None or row.text(FigureColumn.ID) not in staff.figures:
            return
        for one in self.book[staff.table].rows:
            kind = one.text(staff.name) or one.key
            more, fewer = (_amount(one[column].value) for column in (staff.more, staff.fewer))
            moved = more - fewer
            if moved * change > 0 and (paid := self._paid(staff, kind, moved, told)):
                form = staff.grown if moved > 0 else staff.shrunk
                yield form.format(名称=kind, 数=plain(abs(moved), 0)), paid

    def _paid(self, staff: Staff, kind: str, moved: Decimal, told: Sequence[Mover]) -> set[Mover]:
        """The lines that are told and that a kind of people moved: what they are paid, and sums that hold it."""
        lines = [paid.lines for paid in staff.paid if kind in paid.kinds]
        changes = {mover.name: mover.change for mover in self._movers(lines, NO_FIGURE) or ()}
        if sum(changes.values(), ZERO) * moved <= 0:
            return set()
        along = (mover for mover in told if mover.change * moved > 0)
        return {mover for mover in along if mover.told_by or changes.get(mover.name)}

    def _movers(self, lines: Sequence[DrivingLines], outer: tuple[str, Row]) -> list[Mover] | None:
        """Lines in both years; None where last year's are not known."""
        found: dict[tuple[str, str], tuple[Decimal | None, Decimal | None, str]] = {}
        for some in lines:
            before, now = self._before(some, outer), self._now(some, outer)
            if before is None:
                return None
            known = self._items if some.noun in self._everywhere else ({}, {})
            for name in dict.fromkeys((*now, *before)):
                amounts = before.get(name, known[0].get(name)), now.get(name, known[1].get(name))
                found[some.noun, name] = *amounts, some.told_by or ""
        return [Mover(noun, name, *known) for (noun, name), known in found.items()]

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(noun.name for noun in self.edition.drafting.noun if noun.everywhere)

    @cached_property
    def _items(self) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
        """What stands under a name in any table of last year's file, and of this year's: nothing, of a figure's own."""
        last = _item_names(self.last.book, self.last.edition) if self.last else ()
        return dict.fromkeys(last, ZERO), dict.fromkeys(_item_names(self.book, self.edition), ZERO)

    def _now(self, lines: DrivingLines, outer: tuple[str, Row]) -> Mapping[str, Decimal]:
        return _named_amounts(self.book, self.edition, lines, lines.value, outer)

    def _before(self, lines: DrivingLines, outer: tuple[str, Row]) -> Mapping[str, Decimal] | None:
        """Last year's lines; None where they are not known: blank is not zero."""
        if lines.prior:
            return _named_amounts(self.book, self.edition, lines, lines.prior, outer)
        if self.last is None or lines.each in self.last.absent or lines.each not in self.last.edition.tables:
            return None
        try:
            return _named_amounts(self.last.book, self.last.edition, lines, lines.value, outer)
        except FormulaError:  # last year's format has no such column
            return None


def _item_names(book: Book, edition: Edition) -> Iterator[str]:
    """The names of projects in all tables."""
    for table in edition.table:
        columns = [name for name, column in table.columns.items() if column.type == "item"]
        yield from (row.text(column) for row in book[table.name].rows for column in columns)


def _needed(largest: Sequence[Mover], change: Decimal, enough: Decimal) -> int:
    """How many of the largest lines have to be told."""
    sizes = accumulate(abs(mover.change) for mover in largest)
    nets = accumulate(mover.change for mover in largest)
    for count, (size, net) in enumerate(zip(sizes, nets, strict=True), start=1):
        if size >= enough and net * change > 0:
            return count
    return len(largest)


def _explains(told: Sequence[Mover], change: Decimal, enough: Decimal) -> bool:
    net = sum((mover.change for mover in told), ZERO)
    return bool(told) and sum(abs(mover.change) for mover in told) >= enough and net * change > 0


def _named_amounts(
    book: Book, edition: Edition, lines: DrivingLines, formula: str, outer: tuple[str, Row]
) -> Mapping[str, Decimal]:
    """The amounts of a table's lines by their names, as printed; those without money are not there."""
    above = {OUTER: outer} if outer[0] else {}
    amounts: dict[str, Decimal] = {}
    fixed = edition.tables[lines.each].fixed if lines.each in edition.tables else {}
    for row in book[lines.each].lines():
        scope = Scope(book, {**above, "": (lines.each, row)})
        node = edition.formula
        if lines.where and not holds(node(lines.where, each=lines.each, outer=outer[0]), scope):
            continue
        name = str(evaluate(node(lines.called, each=lines.each, outer=outer[0]), scope).value or "")
        if name == row.key in fixed:  # a row with a label of its own is called by that
            name = fixed[name][1].caption
        value = evaluate(node(formula, each=lines.each, outer=outer[0]), scope).value
        if name and isinstance(value, Decimal) and value:
            amounts[name] = amounts.get(name, ZERO) + value
    return {name: rounded(value) for name, value in amounts.items()}


def _phrases(movers: Sequence[Mover], edition: Edition, book: Book) -> Iterator[str]:
    nouns = {noun.name: noun for noun in edition.drafting.noun}
    spoken = Phrasing(edition, book)
    for mover in movers:
        noun = nouns[mover.noun]
        if mover.before is None:
            form = noun.new
        elif mover.now is None:
            form = noun.ended
        else:
            form = noun.grown if mover.change > 0 else noun.shrunk
        name = mover.name.translate(_INNER) if "“" in form else mover.name
        yield form.format(名称=name, 额=spoken.value(abs(mover.change), "money"))


_INNER = str.maketrans("“”", "‘’")
"""Quotation marks within quotation marks."""


def _amount(value: object) -> Decimal:
    return rounded(value) if isinstance(value, Decimal) else ZERO
