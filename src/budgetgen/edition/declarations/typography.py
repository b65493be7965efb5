"""What the Word template looks like."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Named, Text, Words

if TYPE_CHECKING:
    from collections.abc import Mapping


@declaration
class Margins(Declared):
    """The margins of a page, and how far header and footer stand from its edge, in millimetres."""

    top: float
    bottom: float
    left: float
    right: float
    header: float
    footer: float


@declaration
class Font(Declared):
    """A font, and the one to take where it is not installed."""

    name: Text
    instead: Text


@declaration
class Style(Declared):
    """A named style of the Word template. Sizes are in points, indents in characters.

    Attributes:
        id: as in the template; Word may rename it when the template is saved, so it is found by name.
        name: as shown in Word; of a built-in style its English name.
        carries: the style of a printed paragraph (一级标题 …) that it stands for; Body Text stands for the rest.
        next: id of the style of the paragraph after it.
        font: of Chinese text; none in a character style, which keeps that of its paragraph.
        latin: of letters and digits, where it is not that of the document.
        line: exact line spacing; that of Normal by default.
        outline: depth of a heading, 0 for text.
        shade: the colour behind the text. Word ignores the highlighting of a style, it is for runs alone.
        leader: a right tab with dots at the edge of the text, for page numbers in the contents.
    """

    id: Text
    name: Text
    kind: Literal["paragraph", "character"] = "paragraph"
    carries: Text = ""
    next: Annotated[str, Named("style id")] = ""
    font: Annotated[str, Named("font")] = ""
    latin: Text = ""
    size: float = 0
    bold: bool = False
    colour: Text = ""
    shade: Text = ""
    align: Literal["left", "right", "center", "both"] | None = None
    line: float = 0
    before: float = 0
    after: float = 0
    first_line: float = 0
    left: float = 0
    right: float = 0
    outline: int = 0
    leader: bool = False
    keep_next: bool = False
    page_break: bool = False


@declaration
class Density(Declared):
    """How densely tables are set.

    Attributes:
        tables: the tables, or performance tables, set so.
        row: least height of a row, in points.
        head, text, number, centre: names of the styles of its cells.
    """

    name: Text
    tables: tuple[Annotated[str, Named("printed table")], ...] = ()
    row: float
    head: Annotated[str, Named("style")]
    text: Annotated[str, Named("style")]
    number: Annotated[str, Named("style")]
    centre: Annotated[str, Named("style")]


@declaration
class Typography(Declared):
    """What the Word template looks like before an office restyles it.

    Attributes:
        language: of the document.
        latin: the font of letters and digits.
        paper: width and height in millimetres, standing.
        page: the page number; {页} stands for it.
        table_number: the line above a table's title, where there is one; {号} stands for its number.
        lying: the whole document lies down, not only the tables that say so.
        apart: each table begins a page.
        padding: left and right of the text in a cell, in points.
        border: of tables, in points.
        number_width: what a column of money has to hold, in ems.
        digit_width: of a digit of a code, in ems, in the widest font that may stand in for `latin`.
        caption_width: what any column has to hold of its caption, in ems.
        narrow: text columns up to this width are centred.
        repeated: how much of a page a head may take that stands on each; of a higher one only the first row does.
        above: what the title takes of a page, in points; a table that the rest can hold is kept whole.
        grid: how tables are set; the first for those that none names.
    """

    language: Text
    latin: Text
    paper: tuple[float, float]
    page: Annotated[str, Words(("页",))]
    table_number: Annotated[str, Words(("号",))] = ""
    lying: bool = False
    apart: bool = False
    padding: float
    border: float
    number_width: float
    digit_width: float
    caption_width: float
    narrow: float
    repeated: float
    above: float
    portrait: Margins
    landscape: Margins
    font: tuple[Font, ...]
    grid: tuple[Density, ...]
    style: tuple[Style, ...]

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """The styles by name."""
        return {style.name: style for style in self.style}

    def grid_of(self, table: str) -> Density:
        """How a table is set."""
        return next((grid for grid in self.grid if table in grid.tables), self.grid[0])
