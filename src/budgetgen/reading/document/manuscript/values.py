"""What a document carries: its passages, the texts beside them, and what should not be left in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from budgetgen.values.places import DocumentPlace


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that is not empty, or a row of a table that is not.

    Attributes:
        cells: the text of a paragraph; those of a row, cell by cell, a cell that continues the one above empty.
        number: the ordinal of the paragraph among these, or of the row in its table.
        table: the ordinal of its table, 0 for a paragraph.
        contents: whether it stands in the table of contents, which Word makes.
    """

    cells: tuple[str, ...]
    number: int
    table: int = 0
    contents: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return "\t".join(self.cells) if self.table else self.cells[0]

    def place(self, where: str, column: str = "", label: str = "") -> DocumentPlace:
        """Where it stands, as findings name it.

        Args:
            where: the table or section that it belongs to.
            column: what a column of its row is called.
            label: what that row is called.
        """
        if self.table:
            return DocumentPlace(self.table, self.number, title=where, caption=column, label=label)
        return DocumentPlace(paragraph=self.number, heading=where)


@dataclass(frozen=True, slots=True)
class Aside:
    """A text outside the sequence of paragraphs and tables.

    Attributes:
        where: 页眉, 页脚, 脚注, 尾注, 文本框 or 水印.
        text: of one of its paragraphs.
    """

    where: str
    text: str


class RemnantKind(StrEnum):
    """What should not be left in a document."""

    REVISION = "revision"
    COMMENT = "comment"
    HIDDEN = "hidden"
    HIGHLIGHT = "highlight"
    NUMBERING = "numbering"
    FIELD = "field"
    OBJECT = "object"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Residue:
    """Something that is left in a document beside its text.

    Attributes:
        kind: what it is.
        name: what it is called, in Chinese.
        text: what it says.
    """

    kind: RemnantKind
    name: str
    text: str = ""


@dataclass(frozen=True)
class Manuscript:
    """All of a document.

    Attributes:
        passages: its paragraphs and rows, in order, as they would be with all changes accepted.
        asides: the other texts.
        residue: what is left in it.
    """

    passages: tuple[Passage, ...]
    asides: tuple[Aside, ...] = ()
    residue: tuple[Residue, ...] = ()
