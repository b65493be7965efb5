"""How the Word template is drawn."""

from __future__ import annotations

from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Named, Text, Words


@declaration
class Density(Declared):
    """How densely tables are set.

    Attributes:
        name: that of its prototype in the base document.
        tables: the tables, or performance tables, set so.
    """

    name: Text
    tables: tuple[Annotated[str, Named("printed table")], ...] = ()


@declaration
class Typography(Declared):
    """How the Word template is drawn; what it looks like is the base document's.

    Attributes:
        language: of the document.
        table_number: the line above a table's title, where there is one; {号} stands for its number.
        apart: each table begins a page.
        number_width: what a column of money has to hold, in ems.
        digit_width: of a digit of a code, in ems.
        caption_width: what any column has to hold of its caption, in ems.
        narrow: text columns up to this width are centred.
        repeated: how much of a page a head may take that stands on each; of a higher one only the first row does.
        above: what the title takes of a page, in points; a table that the rest can hold is kept whole.
        grid: how tables are set; the first for those that none names.
    """

    language: Text
    table_number: Annotated[str, Words(("号",))] = ""
    apart: bool = False
    number_width: float
    digit_width: float
    caption_width: float
    narrow: float
    repeated: float
    above: float
    grid: tuple[Density, ...]

    def grid_of(self, table: str) -> Density:
        """How a table is set."""
        return next((grid for grid in self.grid if table in grid.tables), self.grid[0])
