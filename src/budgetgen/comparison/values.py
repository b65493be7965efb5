"""What a comparison takes and gives: two sides in, lists of differences out. Amounts are in 万元."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from budgetgen.book.facts import year_of
from budgetgen.values.amounts import HUNDRED, NotANumberError, parse
from budgetgen.values.model import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Raw
    from budgetgen.reading.document.printed.altered import AlteredCaption
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book, Cell, Row
    from budgetgen.values.places import FilePlace

PERCENT = "%"
JOINT = "、"
"""Between several names, or tables, told as one."""


class Kind(StrEnum):
    """What became of a thing from the old file to the new one."""

    CHANGED = "changed"
    CAME = "came"
    WENT = "went"
    MOVED = "moved"
    """It stands in another place."""
    STAYED = "stayed"
    """It is as it was, and should have moved on with the year."""


class Restorable(Protocol):
    """A document that may be compared with other words in it."""

    def line(self, place: FilePlace) -> Sequence[Raw]:
        """The row of a table that a cell stands in; empty for any other place."""

    def side(self, instead: Mapping[FilePlace, str]) -> Side:
        """The document with other texts at some places."""


@dataclass(frozen=True)
class Side:
    """One of the two files.

    Attributes:
        book: derived.
        edition: its format.
        absent: the tables that the file lacks: what they would hold is not known, and is no zero.
        loose: what reading told of the narrative that no cell of the book holds.
        contradicted: where paragraphs say other figures than the tables do.
        told: the statements that a document makes, each by its id, terms by their names too; None of a workbook.
        paragraphs: the place and the text of each paragraph of a document; None of a workbook.
        altered: the captions of a document's tables that its format has otherwise.
        manuscript: a document as it may be compared with other words in it; None of a workbook.
    """

    book: Book
    edition: Edition
    absent: frozenset[str] = frozenset()
    loose: tuple[Finding, ...] = ()
    told: frozenset[tuple[str, str]] | None = None
    paragraphs: tuple[tuple[FilePlace | None, str], ...] | None = None
    altered: tuple[AlteredCaption, ...] = ()
    contradicted: frozenset[FilePlace] = frozenset()
    manuscript: Restorable | None = field(default=None, repr=False, compare=False)

    @property
    def unit(self) -> str:
        """The unit's full name, empty where it is not given."""
        return self.fact(self.edition.house.unit)

    @property
    def year(self) -> int:
        """The budget year; that of the edition where it is not given."""
        return year_of(self.book, self.edition) or self.edition.edition.year

    def fact(self, name: str) -> str:
        """A fact of the unit as text."""
        house = self.edition.house
        value = self.book.cell(house.about, name, house.value).value
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which a change is a large one.

    Attributes:
        value: percent of the old amount, or 万元.
        relative: whether it is percent.
    """

    value: Decimal
    relative: bool

    @classmethod
    def read(cls, text: str) -> Threshold:
        """`10%` or `50`.

        Raises:
            NotANumberError: the text is neither, or is negative.

        >>> Threshold.read("10%"), Threshold.read("50")
        (Threshold(value=Decimal('10'), relative=True), Threshold(value=Decimal('50'), relative=False))
        """
        value = parse(text.strip().removesuffix(PERCENT).removesuffix("％"))
        if value is None or value < 0:
            raise NotANumberError(text)
        return cls(value, text.strip()[-1:] in {PERCENT, "％"})

    def reached(self, old: Decimal, new: Decimal) -> bool:
        """Whether a change is that large; one from nothing is, in percent."""
        change = abs(new - old)
        return change > 0 and change * HUNDRED >= self.value * (abs(old) if self.relative else HUNDRED)


@dataclass(frozen=True, slots=True)
class Pair:
    """The same row in both files; None on the side that has none.

    Attributes:
        recoded: the rows have different codes and the same name.
    """

    old: Row | None
    new: Row | None
    recoded: bool = False

    @property
    def shown(self) -> Row:
        """The new row, else the old one."""
        row = self.new or self.old
        if row is None:
            raise ValueError
        return row

    def cells(self, column: str) -> tuple[Cell, Cell]:
        """The old and the new cell of a column; blank where there is no row."""
        return (self.old[column] if self.old else BLANK, self.new[column] if self.new else BLANK)


# --- what differs -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class FigureSpot:
    """Where a changed figure stands: table, key of the row as it is told, column."""

    table: str
    key: str
    column: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is another one now.

    Attributes:
        kind: of its line: both files have it, or only one.
        table, column: where it stands.
        key: of the row in the new file, else in the old one.
        name: what the row is called.
        measure: what it counts: 万元, 辆 …; empty where that is not declared.
        main: it stands in the first column of money of its table.
        line: it is a leaf, no sum of others.
        old, new: as printed; 0 where there is none.
        change: new less old.
        rate: of the old amount in percent, None where that is zero.
        share: of the change of the table's total in the same column in percent, None where there is none.
        large: it reaches the threshold.
        old_place, new_place: where the figures stand, None where they stand in no file.
        risk: why it is to be looked at first.
        causes: the changes that it only follows from, by the relations, largest first; none where it is a cause.
    """

    kind: Kind
    table: str
    column: str
    key: str
    name: str
    measure: str
    main: bool
    line: bool
    old: Decimal
    new: Decimal
    change: Decimal
    rate: Decimal | None
    share: Decimal | None
    large: bool
    old_place: FilePlace | None = None
    new_place: FilePlace | None = None
    risk: Risk | None = None
    causes: tuple[FigureSpot, ...] = ()

    @property
    def spot(self) -> FigureSpot:
        """Where it stands."""
        return FigureSpot(self.table, self.key, self.column)


class Concern(StrEnum):
    """What is to be looked at in a reason, worst first."""

    CONTRADICTS = "contradicts"
    OUTDATED = "outdated"
    """Copied, and the figure moves the other way now."""
    MISSING = "missing"
    COPIED = "copied"
    NEEDLESS = "needless"
    REWRITTEN = "rewritten"

    @property
    def risky(self) -> bool:
        """Whether the reason is wrong or lacks, not only to be looked at."""
        return self in {Concern.CONTRADICTS, Concern.OUTDATED, Concern.MISSING}


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """The reason of a figure's change that is to be looked at.

    Attributes:
        concern: why.
        figure: key of the figure.
        name: what the figure is called.
        old, new: the amounts of both files.
        change, rate: as of a figure.
        old_reason, new_reason: empty where there is none.
        place: where the new reason stands.
    """

    concern: Concern
    figure: str
    name: str
    old: Decimal
    new: Decimal
    change: Decimal
    rate: Decimal | None
    old_reason: str
    new_reason: str
    place: FilePlace | None = None


class Risk(StrEnum):
    """Why a difference is to be looked at first, worst first."""

    LOWERED = "lowered"
    DROPPED = "dropped"
    WEIGHED = "weighed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class WordingChange:
    """A text that reads differently, years that simply moved on apart.

    Attributes:
        kind: a text that both files have, or only one.
        table, key, column: where it stands; empty for a paragraph that no cell holds, the column also where a whole
            row came or went.
        name: what the row is called.
        statement: id of the statement that says it, empty where it stands in a table.
        section: heading above it, empty where it stands in a table.
        old, new: the texts.
        old_sentence, new_sentence: the sentences that say them; the texts where they stand in a table.
        place, old_place: where the new and the old text stand.
        risk: why it is to be looked at first; None where it is not.
    """

    kind: Kind
    table: str
    key: str
    column: str
    name: str
    statement: str
    section: str
    old: str
    new: str
    old_sentence: str
    new_sentence: str
    place: FilePlace | None = None
    risk: Risk | None = None
    old_place: FilePlace | None = None


class Matter(StrEnum):
    """What kind of thing came or went."""

    UNIT = "unit"
    PROJECT = "project"
    TABLE = "table"
    LINE = "line"
    CODE = "code"
    SECTION = "section"
    COLUMN = "column"


class Link(StrEnum):
    """What may have become of things that went, in those that came."""

    RENAMED = "renamed"
    DIVIDED = "divided"
    MERGED = "merged"
    RECODED = "recoded"
    """A line under another code, with all its figures."""
    CLOSED = "closed"
    """An open item that is secret now."""
    SPELT = "spelt"
    """The same name with other signs: quotation marks, dashes."""


@dataclass(frozen=True, slots=True)
class StructureChange:
    """A table, column, section, unit or project that came or went.

    Attributes:
        kind: CHANGED where one thing may have, or has, another name.
        matter: what it is.
        table: where it stands; several are joined by JOINT.
        old, new: its names; empty where it is not.
        old_amount, new_amount: its amounts, None where it has none.
        link: how they are proposed to be the same; None where nothing is proposed.
        likeness: of two names that are proposed as one renamed, 0 to 1.
        names: of the units or projects that it is about, each.
        template: the other format has it so: nobody changed it.
        place: where it stands in the new file.
        why: what of a table that could not be read reads otherwise; empty where it is not there.
    """

    kind: Kind
    matter: Matter
    table: str
    old: str
    new: str
    old_amount: Decimal | None = None
    new_amount: Decimal | None = None
    link: Link | None = None
    likeness: Decimal | None = None
    names: tuple[str, ...] = ()
    template: bool = False
    place: FilePlace | None = None
    why: str = ""

    @property
    def spot(self) -> FigureSpot:
        """What figures name that came, went or changed with it."""
        return FigureSpot("", self.new or self.old, "")


@dataclass(frozen=True, slots=True)
class LinkageBreak:
    """What the new file says of last year, and the old file did not publish.

    Attributes:
        figure: key of the figure.
        name: what it is called.
        told: last year's amount as the new file says it; None where its cell is blank.
        published: what the old file has; None where it does not have the figure.
        difference: told less published; None where either is.
        told_change, change: the change as the new file says it, and from what the old one published; None likewise.
        told_rate, rate: likewise in percent; None where that is no number.
        misrated: the rate is not that of what the new file says itself either.
        place, old_place: where they stand.
    """

    figure: str
    name: str
    told: Decimal | None
    published: Decimal | None
    difference: Decimal | None
    told_change: Decimal | None
    change: Decimal | None
    told_rate: Decimal | None
    rate: Decimal | None
    misrated: bool = False
    place: FilePlace | None = None
    old_place: FilePlace | None = None


@dataclass(frozen=True)
class TableView:
    """A table with the rows of both files side by side.

    Attributes:
        name: of the table.
        columns: of numbers that both files have.
        pairs: the rows in the order of the new file; those that went stand where they were.
    """

    name: str
    columns: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Changes:
    """Everything in which two files differ, risks first in each list.

    Attributes:
        old, new: the files.
        threshold: from which a change is large.
        linked: the old file is of the year before the new one: what is said of last year was compared.
        tables: the printed tables of both, side by side.
    """

    old: Side
    new: Side
    threshold: Threshold
    linked: bool
    linkage: tuple[LinkageBreak, ...]
    reasons: tuple[ReasonChange, ...]
    figures: tuple[FigureChange, ...]
    wording: tuple[WordingChange, ...]
    structure: tuple[StructureChange, ...]
    tables: tuple[TableView, ...]

    @property
    def differs(self) -> bool:
        """Whether anything differs that is not only the other format."""
        return any((self.linkage, self.reasons, self.figures, self.wording)) or any(
            not change.template for change in self.structure
        )

    @property
    def leading(self) -> tuple[FigureChange, ...]:
        """The figures that follow from nothing else."""
        return tuple(change for change in self.figures if not change.causes)

    @cached_property
    def following(self) -> Mapping[FigureSpot, tuple[FigureChange, ...]]:
        """Those that only follow, under their first cause: another figure, or what came or went."""
        found: dict[FigureSpot, tuple[FigureChange, ...]] = {}
        for change in self.figures:
            if change.causes:
                found[change.causes[0]] = (*found.get(change.causes[0], ()), change)
        return found

    def movements(self) -> Iterator[FigureChange]:
        """The lines that moved, largest first: of each table its main column only.

        What went and what came under another name are one line, unless nothing moved but the name.
        """
        renamed = {change.spot for change in self.structure if change.link is Link.RENAMED}
        lines: dict[FigureSpot, FigureChange] = {}
        for change in self.figures:
            if change.line and change.main:
                cause = next(filter(renamed.__contains__, change.causes), None)
                above = change.key.rpartition("/")[0]
                spot = FigureSpot(change.table, f"{above}/{cause.key}", "") if cause else change.spot
                other = lines.get(spot)
                if other and {other.kind, change.kind} == {Kind.CAME, Kind.WENT}:
                    lines[spot] = _as_one(other, change)
                else:
                    lines[spot if other is None else change.spot] = change
        moved = (line for line in lines.values() if line.change)
        yield from sorted(moved, key=lambda line: -abs(line.change))


def _as_one(one: FigureChange, other: FigureChange) -> FigureChange:
    """A line that went and the one that came in its place."""
    went, came = (one, other) if one.kind is Kind.WENT else (other, one)
    return replace(came, kind=Kind.CHANGED, old=went.old, change=came.new - went.old, rate=None, share=None)
