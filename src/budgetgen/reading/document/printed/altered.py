"""Captions that a table has otherwise than its format: what stands in the place of one that lacks, and is like it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.likeness import likest
from budgetgen.values.patterns import slots
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import PerformanceTable, TableDeclaration
    from budgetgen.reading.cells import Raw
    from budgetgen.values.places import FilePlace

LIKE = Decimal("0.5")
"""How alike a caption is at least to one that lacks, to be that one."""


@dataclass(frozen=True, slots=True)
class AlteredCaption:
    """A caption that reads otherwise than the format has it.

    Attributes:
        place: where it stands.
        table: in which table; of a performance table that of its heads.
        said, meant: as printed, and as the format has it.
        tells: the columns, and the fixed rows, that it is the caption of: what stands under it may not have been read.
    """

    place: FilePlace | None
    table: str
    said: str
    meant: str
    tells: frozenset[str]


@dataclass
class DeclaredCaptions:
    """The captions of one table as its format has them.

    Attributes:
        table: its stable name.
        forms: each caption, and whatever else means the same, as it is compared → the caption as declared.
        tells: the columns and fixed rows of each.
    """

    table: str
    forms: dict[str, str] = field(default_factory=dict)
    tells: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def printed(cls, table: TableDeclaration) -> DeclaredCaptions:
        """Those of a numbered table; what stands over its sides, where it has two, is told of neither's cells."""
        own = cls(table.name)
        for block in table.block:
            own.forms[caption(block.name)] = ""
            if len(table.block) > 1:
                own._add(block.name, (), "")
            for row in block.rows:
                own._add(row.caption, row.aliases, row.key)
            for column in block.columns:
                for text in (*column.captions, *column.parts):
                    own._add(text, column.aliases if text == column.captions[-1] else (), column.name)
        return own

    @classmethod
    def performance(cls, table: PerformanceTable) -> DeclaredCaptions:
        """Those of a performance table: a label is told with the column of the cell behind it."""
        own = cls(table.heads)
        for line in (*table.head, table.columns):
            for one, after in zip(line, (*line[1:], None), strict=True):
                if one.label and not slots(one.label):
                    own._add(one.label, one.aliases, one.column or (after.column if after else ""))
        return own

    def _add(self, text: str, aliases: Sequence[str], tells: str) -> None:
        self.forms |= dict.fromkeys(map(caption, (text, *aliases)), text)
        self.tells[text].add(tells)

    def fits(self, lines: Sequence[Sequence[Raw]]) -> bool:
        """Whether most of the captions of a table stand in some lines, so that these are that table."""
        stand = {caption(raw.value) for line in lines for raw in line if isinstance(raw.value, str)}
        return 2 * len({self.forms[form] for form in stand & self.forms.keys()}) > len(self.tells)

    def altered(
        self, lines: Iterable[Sequence[Raw]], read: Collection[FilePlace]
    ) -> Iterator[AlteredCaption]:
        """The captions of a table that are altered.

        Args:
            lines: its rows as printed.
            read: the places of the cells that were read as something else.
        """
        texts = [raw for line in lines for raw in line if isinstance(raw.value, str) and raw.value.strip()]
        stand = {caption(raw.value) for raw in texts}
        met = {self.forms[form] for form in stand & self.forms.keys()}
        lacking = [text for text in self.tells if text not in met]
        others = [raw for raw in texts if caption(raw.value) not in self.forms and raw.place not in read]
        said = [caption(raw.value) for raw in others]
        for n, m, _ in likest(said, list(map(caption, lacking)), LIKE):
            meant = lacking[m]
            told = frozenset(filter(None, self.tells[meant]))
            yield AlteredCaption(others[n].place, self.table, str(others[n].value), meant, told)
