"""The lines between the titles of tables and the tables: one that lacks, or is another's, at a table of one document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.comparison.own_words import LEAST
from budgetgen.comparison.paragraphs import told_paragraph
from budgetgen.comparison.values import Kind
from budgetgen.values.header import is_header
from budgetgen.values.likeness import likest
from budgetgen.values.places import DocumentPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison.own_words import OwnWords
    from budgetgen.comparison.two_years import TwoYears
    from budgetgen.comparison.values import WordingChange

USUAL = 2
"""A line that stands above so many tables of a document is one that it has above its tables."""


class TableLine(NamedTuple):
    """A line above a table.

    Attributes:
        title: of the table.
        place, text: as printed.
        plain: without figures and years.
    """

    title: str
    place: DocumentPlace
    text: str
    plain: str


@dataclass(frozen=True)
class TableLines:
    """The lines above the numbered tables of a document."""

    document: OwnWords

    @cached_property
    def above(self) -> Mapping[str, Sequence[TableLine]]:
        """Those of each table behind its title, where that and its header stand."""
        found: dict[str, Sequence[TableLine]] = {}
        lines: list[TableLine] = []
        for place, text in self.document.side.paragraphs or ():
            if not isinstance(place, DocumentPlace) or place.beside:
                continue
            if not is_header(text):
                lines.append(TableLine("", place, text, self.document.plain(text)))
                continue
            name, texts = self._grids.get((place.page, place.table), ""), [one.text for one in lines]
            if name and name not in found and place.title in texts:
                behind = len(texts) - texts[::-1].index(place.title)
                found[name] = [one._replace(title=place.title) for one in lines[behind:]]
            lines.clear()
        return found

    @cached_property
    def _grids(self) -> Mapping[tuple[int, int], str]:
        """The tables by where they stand."""
        side = self.document.side
        return {
            (cell.place.page, cell.place.table): table.name
            for table in side.edition.printed
            for row in side.book[table.name].rows
            for cell in row.cells.values()
            if isinstance(cell.place, DocumentPlace) and cell.place.table
        }

    @cached_property
    def joined(self) -> Mapping[str, str]:
        """The same as one text: a page may divide them otherwise."""
        return {name: "".join(one.plain for one in lines) for name, lines in self.above.items()}

    def lacks(self, table: str, plain: str) -> bool:
        """Whether a line, or the preparer or unit of money in it, stands above other tables and not above this one."""
        given = self.document.above_tables.get(table, frozenset())
        parts = {plain, *(part for part in given if part in plain)}
        return any(
            part not in self.joined[table] and sum(part in lines for lines in self.joined.values()) >= USUAL
            for part in parts
        )


def around_tables(years: TwoYears) -> Iterator[WordingChange]:
    """The lines that only one of two documents has above a table, though they belong there in the other too."""
    old, new = (TableLines(document) for document in years.documents)
    for table in years.both.shared:
        if table in old.above and table in new.above:
            yield from _of_table(table, old, new)


def _of_table(table: str, old: TableLines, new: TableLines) -> Iterator[WordingChange]:
    """Those of one table; a line in words of its own stands for one like it that lacks, and is told as such."""
    over = [
        [one for one in mine.above[table] if one.plain not in other.joined[table]]
        for mine, other in ((old, new), (new, old))
    ]
    usual = [
        [one for one in lines if other.lacks(table, one.plain)]
        for lines, other in zip(over, (new, old), strict=True)
    ]
    own = [[one for one in lines if one not in known] for lines, known in zip(over, usual, strict=True)]
    for gone, come in zip_longest(_unlike(usual[0], own[1]), _unlike(usual[1], own[0])):
        was, now = gone or _rest(come, old.above[table]), come or _rest(gone, new.above[table])
        kind = Kind.CHANGED if was and now else Kind.WENT if was else Kind.CAME
        told = told_paragraph(
            kind, was.text if was else "", now.text if now else "", now.place if now else None
        )
        yield replace(told, section=(come or gone).title, old_place=was.place if was else None)


def _rest(one: TableLine, lines: Sequence[TableLine]) -> TableLine | None:
    """What the other document has of a line of which it lacks a part."""
    return next(
        (left for left in lines if left.plain and left.plain != one.plain and left.plain in one.plain), None
    )


def _unlike(lines: Sequence[TableLine], own: Sequence[TableLine]) -> list[TableLine]:
    """The lines that none in words of its own stands for."""
    alike = {a for a, _, _ in likest([one.plain for one in lines], [one.plain for one in own], LEAST)}
    return [one for n, one in enumerate(lines) if n not in alike]
