"""Where something stands in a file: one address for reading, checking, proof and annotation, in words at the edge."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple, TypeAlias


class SheetPlace(NamedTuple):
    """A place in a workbook; a tuple, for there are tens of thousands of them in one.

    Attributes:
        sheet: its name.
        cells: `E12`, `B3:D9`; empty for the whole sheet.
        file: the name of the file, where it is told too.
    """

    sheet: str
    cells: str = ""
    file: str = ""

    @property
    def first(self) -> str:
        """The cell, of a range its first."""
        return self.cells.partition(":")[0]

    @property
    def parts(self) -> dict[str, object]:
        """What is known of it, by name."""
        return {name: value for name, value in self._asdict().items() if value}

    @property
    def around(self) -> str:
        """Nothing: the address says it all."""
        return ""

    def stands_in(self, name: str) -> bool:
        """Whether it is in what is called so."""
        return self.sheet == name

    def of_file(self, file: str) -> SheetPlace:
        """The same with the name of its file."""
        return self._replace(file=file)

    def __str__(self) -> str:
        """The place as it is told.

        >>> print(SheetPlace("支出总体", "E12"), SheetPlace("收入总体"), SheetPlace("支出总体", "B3:D9", "甲.xlsx"))
        支出总体!E12 收入总体 甲.xlsx!支出总体!B3:D9
        """
        return "!".join(filter(None, (self.file, self.sheet, self.cells)))


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
        file: the name of the file, where it is told too.
        heading: the nearest heading above; empty where none is known.
        title: that of the table.
        label: what the row of the table is called.
        caption: what its column is called.
    """

    table: int = 0
    row: int = 0
    column: int = 0
    paragraph: int = 0
    line: int = 0
    beside: str = ""
    page: int = 0
    file: str = ""
    heading: str = field(default="", compare=False)
    title: str = field(default="", compare=False)
    label: str = field(default="", compare=False)
    caption: str = field(default="", compare=False)

    @property
    def parts(self) -> dict[str, object]:
        """What is known of it, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def around(self) -> str:
        """What helps to find it: the table with row and column by their captions, else the heading above.

        >>> print(DocumentPlace(3, 4, 2, title="支出总体情况表", label="教育支出", caption="合计").around)
        《支出总体情况表》“教育支出”行“合计”列
        >>> print(DocumentPlace(paragraph=83, heading="二、关于收入").around)
        “二、关于收入”下
        """
        if not (self.title or self.label or self.caption):
            return f"“{_short(self.heading)}”下" if self.heading else ""
        title = f"《{_short(self.title)}》" if self.title else ""
        label = f"“{_short(self.label)}”行" if self.label else ""
        return f"{title}{label}{f'“{_short(self.caption)}”列' if self.caption else ''}"

    def stands_in(self, name: str) -> bool:
        """Whether it is in what is called so, and no words of its table say more."""
        return not (self.label or self.caption) and name in {self.heading, self.title}

    def of_file(self, file: str) -> DocumentPlace:
        """The same with the name of its file."""
        return replace(self, file=file)

    def __str__(self) -> str:
        """The place as it is told.

        >>> print(DocumentPlace(paragraph=83), DocumentPlace(table=2, row=5, page=7))
        文档第83段 PDF第7页第2个表第5行
        """
        file = f"{self.file}!" if self.file else ""
        file += f"PDF第{self.page}页" if self.page else "文档"
        if self.table:
            row, column = f"第{self.row}行" if self.row else "", f"第{self.column}列" if self.column else ""
            return f"{file}第{self.table}个表{row}{column}"
        return f"{file}{self.beside}第{self.paragraph}段{f'第{self.line}行' if self.line else ''}"


FilePlace: TypeAlias = SheetPlace | DocumentPlace

MOST, BEGIN = 24, 8
"""So many signs of a heading or caption are told, and so many of its beginning where it is longer: its end tells more."""


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:BEGIN]}…{text[BEGIN + 1 - MOST :]}"


def told_place(place: FilePlace | None) -> str:
    """A place in words; empty for none."""
    return str(place) if place else ""


def parts_of(place: FilePlace | None) -> dict[str, object] | None:
    """What is known of a place, by name; None for none."""
    return place.parts if place else None


def cells_of(place: FilePlace | None) -> str:
    """`E12` of a cell of the workbook at hand; empty for any other place."""
    return place.cells if isinstance(place, SheetPlace) and not place.file else ""


def sheet_of(place: FilePlace | None) -> str:
    """The sheet of a place in the workbook at hand; empty for any other."""
    return place.sheet if isinstance(place, SheetPlace) and not place.file else ""
