"""The sheet of results in a copy of an Excel file: what was found, line by line, with links to the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree
from xlsxwriter.utility import quote_sheetname

from budgetgen.values.addresses import letters
from budgetgen.values.text import INVISIBLE
from budgetgen.writing.package import OFFICE
from budgetgen.writing.review.parts import MAIN, SPREADSHEET, child, element, main
from budgetgen.writing.workbook.formats import FONT, HEAD, lines_of
from budgetgen.writing.workbook.sheet import LINE_HEIGHT, PADDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from lxml.etree import _Element

    from budgetgen.writing.review.parts import Package

TOP: Final = 3
"""The row of the captions."""
TALLEST: Final = 400
"""Excel takes rows of up to 409 points."""


class ResultLine(NamedTuple):
    """A line of the sheet.

    Attributes:
        level: 错误, 需说明, 已说明, 提示.
        rule: id of the rule.
        sheet: of the cell; empty where it is in no sheet of the file.
        cell: likewise; alone empty where it is the whole sheet.
        name: the place by row and column, as the sheet of explanations takes it.
        message: both sides.
        difference: in 万元.
        fix: what to do.
        basis: why.
        explained: explanation and name.
    """

    level: str
    rule: str
    sheet: str
    cell: str
    name: str
    message: str
    difference: Decimal | None
    fix: str
    basis: str
    explained: str


COLUMNS: Final[Mapping[str, float]] = {
    "序号": 6,
    "级别": 8,
    "规则": 20,
    "工作表": 16,
    "单元格": 9,
    "位置": 24,
    "说明": 46,
    "差额": 12,
    "怎么改": 28,
    "依据": 26,
    "已说明": 26,
}
"""Caption → width in characters."""
LINKED, DIFFERENCE = 4, 7
"""The columns of the link and of the amount, from 0."""


def add_results(
    package: Package, sheet: str, title: str, results: Sequence[ResultLine], colours: Mapping[str, str]
) -> None:
    """Put the sheet behind all others, in view, instead of that of an earlier check.

    Args:
        package: the file.
        sheet: its name.
        title: stands above, below the name.
        results: in order.
        colours: of the levels.
    """
    part, index = _place(package, sheet)
    package.put(part, _Sheet(package, (sheet, title), results, colours).written())
    _name(package, sheet, index, len(results))
    _show(package, index, part)


# --- its place in the workbook ------------------------------------------------------------------------------


def _place(package: Package, sheet: str) -> tuple[str, int]:
    """The part of the sheet, and its place among the sheets from 0."""
    known = package.sheets().get(sheet)
    root = package.tree(package.workbook)
    sheets = child(root, "sheets")
    if known:
        package.unrelate(known)
        return known, [node.get("name") for node in sheets].index(sheet)
    part = package.free("xl/worksheets/sheet{}.xml")
    package.parts[part] = b""
    package.declare(part, f"{SPREADSHEET}worksheet+xml")
    name = package.relate(package.workbook, "worksheet", part)
    number = max(int(node.get("sheetId", "0")) for node in sheets) + 1
    node = element(f'<sheet sheetId="{number}"/>')
    node.set("name", sheet)
    node.set(f"{{{OFFICE}}}id", name)
    sheets.append(node)
    package.put(package.workbook, root)
    return part, len(sheets) - 1


def _name(package: Package, sheet: str, index: int, lines: int) -> None:
    """The range of the filter and the rows that every printed page repeats."""
    root = package.tree(package.workbook)
    names = child(root, "definedNames")
    for node in list(names):
        if node.get("localSheetId") == str(index):
            names.remove(node)
    quoted = quote_sheetname(sheet)
    own = {
        "_xlnm._FilterDatabase": f"{quoted}!$A${TOP}:${letters(len(COLUMNS))}${TOP + lines}",
        "_xlnm.Print_Titles": f"{quoted}!${TOP}:${TOP}",
    }
    for name, text in own.items():
        node = element(f'<definedName name="{name}" localSheetId="{index}"/>')
        node.text = text
        if name == "_xlnm._FilterDatabase":
            node.set("hidden", "1")
        names.append(node)
    package.put(package.workbook, root)


def _show(package: Package, index: int, own: str) -> None:
    """Open on this sheet and no other: what is typed into one of several chosen sheets goes into all."""
    root = package.tree(package.workbook)
    views = child(root, "bookViews")
    if not len(views):
        views.append(element("<workbookView/>"))
    for view in views:
        view.set("activeTab", str(index))
    package.put(package.workbook, root)
    for part in package.sheets().values():
        if part != own and b"tabSelected" in package.parts[part]:
            sheet = package.tree(part)
            for view in sheet.iter(main("sheetView")):
                view.attrib.pop("tabSelected", "")
            package.put(part, sheet)


# --- the sheet ----------------------------------------------------------------------------------------------


class _Sheet:
    """Writes the sheet.

    Attributes:
        titles: the lines above.
        results: its lines.
        styles: indexes of the looks of its cells.
        levels: likewise of those of the levels.
    """

    def __init__(
        self,
        package: Package,
        titles: tuple[str, str],
        results: Sequence[ResultLine],
        colours: Mapping[str, str],
    ) -> None:
        self.titles, self.results = titles, results
        self.styles = {name: _style(package, *look) for name, look in _LOOKS.items()}
        self.levels = {
            level: _style(package, "", colour, "center", bordered=True) for level, colour in colours.items()
        }

    def written(self) -> _Element:
        """The whole sheet."""
        root = etree.Element(main("worksheet"), nsmap={None: MAIN})  # type: ignore[dict-item]  # lxml's own way
        last = letters(len(COLUMNS))
        pane = f'<pane xSplit="2" ySplit="{TOP}" topLeftCell="C{TOP + 1}" activePane="bottomRight" state="frozen"/>'
        chosen = f'<selection pane="bottomRight" activeCell="C{TOP + 1}" sqref="C{TOP + 1}"/>'
        root.append(element('<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'))
        root.append(
            element(
                '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
                f"{pane}{chosen}</sheetView></sheetViews>"
            )
        )
        root.append(self._widths())
        rows = element("<sheetData/>")
        rows.extend(self._rows())
        root.append(rows)
        root.append(element(f'<autoFilter ref="A{TOP}:{last}{TOP + len(self.results)}"/>'))
        root.extend(self._links())
        root.append(
            element('<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>')
        )
        root.append(element('<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'))
        root.append(
            element("<headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>")
        )
        return root

    def _widths(self) -> _Element:
        widths = enumerate(COLUMNS.values(), start=1)
        columns = [f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in widths]
        return element(f"<cols>{''.join(columns)}</cols>")

    def _rows(self) -> Iterator[_Element]:
        yield _row(1, 30, [_cell(1, 0, self.titles[0], self.styles["title"])])
        yield _row(2, 20, [_cell(2, 0, self.titles[1], self.styles["bare"])])
        heads = [_cell(TOP, i, text, self.styles["head"]) for i, text in enumerate(COLUMNS)]
        yield _row(TOP, 22, heads)
        for ordinal, result in enumerate(self.results, start=1):
            yield self._line(ordinal, result)

    def _line(self, ordinal: int, result: ResultLine) -> _Element:
        values = (ordinal, *result._replace(cell=_shown(result)))
        number = TOP + ordinal
        cells = [
            _cell(number, column, value, self._look(column, result)) for column, value in enumerate(values)
        ]
        texts = zip(values, COLUMNS.values(), strict=True)
        lines = max(
            sum(lines_of(line, width) for line in text.split("\n"))
            for text, width in texts
            if isinstance(text, str)
        )
        return _row(number, min(LINE_HEIGHT * lines + PADDING, TALLEST), cells)

    def _look(self, column: int, result: ResultLine) -> int:
        if column == 1:
            return self.levels[result.level]
        if column == LINKED and result.sheet:
            return self.styles["link"]
        return self.styles["amount" if column == DIFFERENCE else "number" if not column else "text"]

    def _links(self) -> Iterator[_Element]:
        links = element("<hyperlinks/>")
        letter = letters(LINKED + 1)
        for row, result in enumerate(self.results, start=TOP + 1):
            if result.sheet:
                link = element(f'<hyperlink ref="{letter}{row}"/>')
                quoted = result.sheet.replace("'", "''")
                link.set("location", f"'{quoted}'!{result.cell or 'A1'}")
                link.set("display", _shown(result))
                links.append(link)
        if len(links):
            yield links


def _shown(result: ResultLine) -> str:
    """What a link says: the cell, or that it leads to the sheet."""
    return result.cell or ("整张表" if result.sheet else "")


# --- cells and their looks ----------------------------------------------------------------------------------


def _row(number: int, height: float, cells: Sequence[_Element]) -> _Element:
    row = element(f'<row r="{number}" ht="{height}" customHeight="1"/>')
    row.extend(cells)
    return row


def _cell(row: int, column: int, value: object, style: int) -> _Element:
    """A number or a text; the text is never taken for a formula."""
    where = f'r="{letters(column + 1)}{row}" s="{style}"'
    if value is None or value == "":
        return element(f"<c {where}/>")
    if not isinstance(value, str):
        return element(f"<c {where}><v>{value}</v></c>")
    cell = element(f'<c {where} t="inlineStr"><is><t xml:space="preserve"/></is></c>')
    cell[0][0].text = INVISIBLE.sub("", value)
    return cell


_BORDER: Final = "".join(
    f'<{side} style="thin"><color rgb="FFA6A6A6"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_LOOKS: Final[Mapping[str, tuple[str, str, str, bool, str]]] = {
    "title": ('<b/><sz val="16"/>', "", "left", False, "0"),
    "bare": ("", "", "left", False, "0"),
    "head": ("<b/>", HEAD.removeprefix("#"), "center", True, "0"),
    "text": ("", "", "left", True, "49"),
    "number": ("", "", "center", True, "0"),
    "amount": ("", "", "right", True, "4"),
    "link": ('<u/><sz val="11"/><color rgb="FF1F4E9E"/>', "", "center", True, "49"),
}
"""Font, fill, alignment, border, number format."""


def _style(package: Package, font: str, fill: str, align: str, bordered: bool, numbers: str = "0") -> int:
    """The index of a look."""
    size = "" if "<sz" in font else '<sz val="11"/>'
    fonts = package.style("fonts", element(f'<font>{font}{size}<name val="{FONT}"/></font>'))
    solid = f'<patternFill patternType="solid"><fgColor rgb="FF{fill}"/><bgColor indexed="64"/></patternFill>'
    fills = package.style("fills", element(f"<fill>{solid}</fill>")) if fill else 0
    borders = package.style("borders", element(f"<border>{_BORDER}<diagonal/></border>")) if bordered else 0
    wrap = ' wrapText="1"' if bordered else ""
    return package.style(
        "cellXfs",
        element(
            f'<xf numFmtId="{numbers}" fontId="{fonts}" fillId="{fills}" borderId="{borders}" xfId="0"'
            ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<alignment horizontal="{align}" vertical="center"{wrap}/></xf>'
        ),
    )
