"""How offices print tables otherwise than the program does."""

from __future__ import annotations

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Expression, Text


@declaration
class TableForms(Declared):
    """`[forms]` of an edition: what stands around and in published tables, and is no row of them.

    Attributes:
        numbers: what the number of a table may look like, with the group 号; white space and brackets' forms apart.
        continued: what is said above a table that goes on.
        endings: how the title of a table ends; without it no words are taken for one.
        fillers: what titles have and may lack: two titles that are the same without them are the same.
        notes: how a remark below a table begins.
        nothing: what says that a table holds nothing, as part of a sentence.
        none: likewise, alone.
        moneys: how the unit of money may be told above a table, besides the edition's own way; with 万元.
        preparers: what a line begins with that names the preparer, before a colon.
        counting: captions of columns that count the rows, and of columns that say nothing.
        footnotes: the marks of footnotes behind the label of a row or column, and its colon.
        running: what rows are called that only carry sums from page to page.
        offices: how names of units end: a text that ends so is one, even with a stop behind it.
    """

    numbers: tuple[Expression, ...]
    continued: tuple[Text, ...]
    endings: tuple[Text, ...]
    fillers: tuple[Text, ...]
    notes: tuple[Text, ...]
    nothing: tuple[Text, ...]
    none: tuple[Text, ...]
    moneys: tuple[Text, ...]
    preparers: tuple[Text, ...]
    counting: tuple[Text, ...]
    footnotes: tuple[Expression, ...] = ()
    running: tuple[Text, ...] = ()
    offices: tuple[Text, ...]
