"""Where something stands in a document that is read: one address, for reading, checking, proof and annotation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SAID: Final = re.compile(
    r"(?:文档|PDF第(?P<page>\d+)页)(?:第(?P<table>\d+)个表(?:第(?P<row>\d+)行)?(?:第(?P<column>\d+)列)?"
    r"|(?P<beside>\D*)第(?P<paragraph>\d+)段(?:第(?P<line>\d+)行)?)"
)


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A place as people count; two are equal that are the same, so that a comment finds what a finding names.

    Attributes:
        table: the ordinal of a table; 0 for a paragraph.
        row: the ordinal of its row; 0 for the whole table.
        column: that of the column of the grid; 0 for the whole row.
        paragraph: the ordinal of a paragraph that is not empty; 0 for a table.
        line: that of a sentence that stands as a line of it; 0 for all of it.
        beside: what a paragraph stands in beside the text, and is counted in: 文本框, 页眉 …; empty for the text.
        page: the page, where the file has pages: then ordinals are those on the page.
    """

    table: int = 0
    row: int = 0
    column: int = 0
    paragraph: int = 0
    line: int = 0
    beside: str = ""
    page: int = 0

    @classmethod
    def read(cls, text: str) -> DocumentPlace | None:
        """The place that a text names as `str` does; None where it names none.

        >>> DocumentPlace.read("文档第3个表第4行第2列"), DocumentPlace.read("支出总体!E12")
        (DocumentPlace(table=3, row=4, column=2, paragraph=0, line=0, beside='', page=0), None)
        """
        found = _SAID.fullmatch(text)
        if found is None:
            return None
        said = found.groupdict()
        beside = said.pop("beside") or ""
        return cls(beside=beside, **{name: int(number or 0) for name, number in said.items()})

    def __str__(self) -> str:
        """The place as it is told.

        >>> print(DocumentPlace(paragraph=83), DocumentPlace(table=2, row=5, page=7))
        文档第83段 PDF第7页第2个表第5行
        """
        file = f"PDF第{self.page}页" if self.page else "文档"
        if self.table:
            row, column = f"第{self.row}行" if self.row else "", f"第{self.column}列" if self.column else ""
            return f"{file}第{self.table}个表{row}{column}"
        return f"{file}{self.beside}第{self.paragraph}段{f'第{self.line}行' if self.line else ''}"
