"""What the sentences of a document gave, before it is a Book; and what ways of saying a thing tell of its house style."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.formula.nodes import CellOf, Constant, Node, Operation
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Case, Edition
    from budgetgen.reading.cells import Complaint, Raw
    from budgetgen.reading.document.blocks import Text
    from budgetgen.reading.document.narrative.leftover import Kept
    from budgetgen.reading.document.narrative.patterns import Said
    from budgetgen.reading.document.narrative.reworded import Rewording
    from budgetgen.reading.secrets.paragraphs import Understood
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated

Place: TypeAlias = tuple[str, str, str]
"""Table, row key, column."""


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """A cell of a performance table that was not read.

    Attributes:
        place: where it stands.
        wrong: why.
        called: what its column is called; empty where that is told by itself.
    """

    place: FilePlace | None
    wrong: Complaint
    called: str = ""

    def stated(self, edition: Edition) -> Stated:
        """What is told of it."""
        own = self.wrong.of(self.called, edition) if self.called else None
        return saying("cell", 情况=own) if own else self.wrong.stated


@dataclass
class Gathered:
    """What the sentences gave, not yet a Book.

    Attributes:
        cells: texts of fixed rows.
        facts: of the unit, by the cell that holds them: ways of saying a thing that contradict them are not meant.
        rows: texts of open rows, by table, in order.
        places: where cells of fixed rows stand, and those of open rows, by the identity of the row and the column.
        votes: how often a house style was met, by the cell that declares it; "" where another form was.
        priors: last year's amounts by key of the figure.
        rates: published rates that are not those of the printed amounts, by key of the figure.
        near: sentences with a rate that exact amounts may give, but not the printed ones, and what these give.
        reasons: reasons by key of the figure.
        said: the sentence that compares a figure with last year, by its key.
        understood: how many paragraphs were placed.
        stood: the section that each place belongs to, by its id.
        unplaced: paragraphs that no pattern matched.
        kept: those of them, and lines of tables, that are to be printed as they stand.
        reworded: those that the format says itself, in other words.
        doubtful: the sections of those among them that may tell a figure.
        slips: paragraphs understood without a stray sign at their end, with that sign.
        unended: sentences without the sign that ends them.
        headings: those of the sections, as they stand above these.
        miscounted: sentences that tell another number of things than they list, with both.
        cells_unread: what is wrong with cells of performance tables, with their places.
        broken: the cells of indicators on a page that have the end of a line: they may be of two rows.
        marks: the marks before list entries that were seen.
        sources: what was made of each paragraph of the narrative, in order.
        told: the statements that were met, each by its id; a term by its name too.
        spoken: the rows that a statement told of, each with its id.
    """

    cells: dict[Place, str] = field(default_factory=dict)
    facts: Mapping[Place, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    places: dict[Place | tuple[int, str], FilePlace | None] = field(default_factory=dict)
    votes: dict[Place, Counter[str]] = field(default_factory=dict)
    priors: dict[str, Decimal] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)
    near: list[tuple[Text, str, Decimal]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    said: dict[str, Text] = field(default_factory=dict)
    understood: int = 0
    stood: dict[FilePlace | None, str] = field(default_factory=dict)
    unplaced: list[Text] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    reworded: Sequence[Rewording] = ()
    doubtful: set[str] = field(default_factory=set)
    slips: list[tuple[Text, str]] = field(default_factory=list)
    unended: list[Text] = field(default_factory=list)
    headings: list[Text] = field(default_factory=list)
    miscounted: list[tuple[Text, int, tuple[str, ...]]] = field(default_factory=list)
    cells_unread: list[UnreadCell] = field(default_factory=list)
    broken: list[Raw] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    sources: list[Understood] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    spoken: set[tuple[int, str]] = field(default_factory=set)

    def vote(self, edition: Edition, said: Iterable[Said], each: str = "", outer: str = "") -> None:
        """Count what chosen ways of saying a thing tell of the house style.

        A case of which a choice is the condition is one vote for it; a later case is one against it.

        Args:
            edition: whose wording.
            said: the cases that were met.
            each: the table of the row at hand.
            outer: that of the enclosing row.
        """
        for one in said:
            meant = next((c for c in one.cases if self._meant(edition, one, c, each, outer)), one.case)
            told = _choices(edition, meant.when, each, outer)
            for case in one.cases[: one.cases.index(meant)]:
                if case.when and " and " not in case.when:
                    told = {**dict.fromkeys(_choices(edition, case.when, each, outer), ""), **told}
            for place, text in told.items():
                self.votes.setdefault(place, Counter())[text] += 1

    def _meant(self, edition: Edition, one: Said, case: Case, each: str, outer: str) -> bool:
        """Whether a case says what was said, and wants nothing that the unit is not."""
        wanted = _choices(edition, case.when, each, outer)
        return case.says == one.case.says and all(
            self.facts.get(place, text) == text for place, text in wanted.items()
        )

    def habits(self) -> dict[Place, str]:
        """The house style that most sentences show."""
        chosen = {place: votes.most_common(1)[0][0] for place, votes in self.votes.items()}
        return {place: text for place, text in chosen.items() if text}


def _choices(edition: Edition, when: str, each: str, outer: str) -> dict[Place, str]:
    """The choices of fixed rows that a condition wants: `机构类型 == "事业单位"`."""
    return _wanted(edition.formula(when, each=each, outer=outer)) if when else {}


def _wanted(node: Node) -> dict[Place, str]:
    """The fixed cells that a condition compares with a text."""
    match node:
        case Operation(
            sign="==",
            left=CellOf(table=table, key=(Constant(value=str(key)),), column=column),
            right=Constant(value=str(text)),
        ):
            return {(table, key, column): text}
        case Operation(sign="and", left=left, right=right):
            return _wanted(left) | _wanted(right)
    return {}
