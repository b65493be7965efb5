"""What the program itself puts into a workbook beside the tables, and does not read as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Named, Text

META_SHEET, META_EDITION = "_meta", "edition"
"""The sheet that tells the edition of a workbook, and the word beside its id: known before any edition is."""


@declaration
class OwnSheets(Declared):
    """`[sheets]` of an edition: the program's own sheets and columns.

    Attributes:
        guide: the first sheet, how the workbook is filled.
        codes: the lists of codes: function or economic → sheet.
        lists: the drop-down lists that are too long to stand in a cell.
        results: in an annotated copy, what was found.
        units: in a department's workbook, its figures with those of each unit beside them.
        remarks: the caption of the help beside fixed rows.
        automatic: the help beside a row that the workbook works out.
        specimen: the mark on every sheet and page of dummy figures.
    """

    guide: Text
    codes: Mapping[Annotated[str, Named("coding")], Text]
    lists: Text
    results: Text
    units: Text
    remarks: Text
    automatic: Text
    specimen: Text

    def worked_out(self, remark: str) -> str:
        """The help beside a row that the workbook works out."""
        return "；".join(filter(None, (self.automatic, remark)))

    def names(self) -> Iterator[str]:
        """Of all these sheets."""
        yield from (META_SHEET, self.guide, *self.codes.values(), self.lists, self.results, self.units)
