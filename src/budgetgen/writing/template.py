"""Drawing the Word template of an edition: everything that an office may restyle in Word or WPS stands in it.

The template is a package made from nothing, so that it carries no one else's name, paper or styles. What it
looks like comes from the edition's `typography`, which tables it holds from its `table` and `performance`;
what is printed in them is left to Chinese placeholders, which `document` fills:

* `{{ 表.收支总体.题名 }}` is replaced by a text;
* a paragraph `{%p … %}` and a table row `{%tr … %}` are instructions, and vanish.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from lxml import etree

from budgetgen.amounts import numeral
from budgetgen.writing.archive import CONTENT_TYPES, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.declarations import (
        Block,
        Column,
        Edition,
        Grid,
        Margins,
        Part,
        PerformanceField,
        PerformanceTable,
        Style,
        TableDeclaration,
        Typography,
    )

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for it
Role: TypeAlias = Literal["head", "text", "number", "centre"]

# Names of the styles that the template uses by itself; the cells' are named by the grids.
BASE: Final = "Normal"
BODY: Final = "Body Text"
PART: Final = "heading 1"
SECTION: Final = "heading 2"
CONTENTS: Final = ("toc 1", "toc 2")
REMARK: Final = "表注"
CLOSING: Final = "落款"
OPEN: Final = "待补"
SUM: Final = "合计行"
MARK: Final = "模板标记"

NUMBER: Final = "{号}"
PAGE: Final = "{页}"
"""Slots of the typography."""

TWIPS_PER_POINT = 20
TWIPS_PER_MM = 1440 / 25.4
HALF_POINTS = 2
EIGHTHS = 8


def render_template(edition: Edition) -> bytes:
    """Draw the template of an edition; the same edition gives the same bytes."""
    return pack(_parts(edition))


# --- vocabulary ---------------------------------------------------------------------------------------------

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": _OFFICE + "relationships",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "rel": _PACKAGE + "relationships",
    "types": _PACKAGE + "content-types",
    "core": _PACKAGE + "metadata/core-properties",
}


def element(tag: str, *children: Element | str | None, **attributes: object) -> Element:
    """Make an XML element.

    `element("w:tcPr", element("w:gridSpan", val=3))` is `<w:tcPr><w:gridSpan w:val="3"/></w:tcPr>`.

    Args:
        tag: prefix and name.
        children: elements and text; None is left out.
        attributes: those of `w:` elements are `w:` too unless they name another (`xml_space`, `r_id`);
            None is left out.
    """
    prefix, _, local = tag.partition(":")
    node = etree.Element(f"{{{NAMESPACES[prefix]}}}{local}", nsmap=_declared(prefix))  # type: ignore[arg-type]  # the stubs know no default namespace
    for key, value in attributes.items():
        if value is not None:
            node.set(_attribute(key, prefix), str(value))
    for child in children:
        if isinstance(child, str):
            node.text = child
        elif child is not None:
            node.append(child)
    return node


def _declared(prefix: str) -> dict[str | None, str]:
    """Word's own elements keep their prefix, those of the package stand in the default namespace."""
    return {prefix if prefix == "w" else None: NAMESPACES[prefix]}


def _attribute(key: str, prefix: str) -> str:
    scope, _, local = key.rpartition("_")
    scope = scope or (prefix if prefix == "w" else "")
    return f"{{{NAMESPACES[scope]}}}{local}" if scope else local


def _points(points: float) -> int:
    return round(points * TWIPS_PER_POINT)


def _millimetres(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)


def run(text: str, style: str | None = None) -> Element:
    """A run of text. Its quotation marks and dashes are Chinese ones, whatever stands beside them."""
    return element(
        "w:r",
        element(
            "w:rPr", element("w:rStyle", val=style) if style else None, element("w:rFonts", hint="eastAsia")
        ),
        element("w:t", text, xml_space="preserve"),
    )


def tab() -> Element:
    """A run that is a tab."""
    return element("w:r", element("w:tab"))


def field(instruction: str) -> tuple[Element, ...]:
    """The runs of a field that Word computes."""
    return (
        element("w:r", element("w:fldChar", fldCharType="begin")),
        element("w:r", element("w:instrText", f" {instruction} ", xml_space="preserve")),
        element("w:r", element("w:fldChar", fldCharType="separate")),
        element("w:r", element("w:t", "1")),
        element("w:r", element("w:fldChar", fldCharType="end")),
    )


# --- columns of tables --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Leaf:
    """A column of a Word table.

    Attributes:
        path: its captions from the outermost down.
        key: what its cells are called in a row.
        role: how its cells are set.
        weight: its share of the width.
        least: what it has to hold, in ems.
    """

    path: tuple[str, ...]
    key: str
    role: Role
    weight: float
    least: float = 0


class _Caption(NamedTuple):
    """A cell of the head: its text, the columns that it spans, and its part in a vertical merge."""

    text: str
    columns: slice
    merge: str | None


def _leaves(table: TableDeclaration, typography: Typography) -> list[_Leaf]:
    several = len(table.block) > 1
    return [leaf for block in table.block for leaf in _block_leaves(block, typography, several=several)]


def _block_leaves(block: Block, typography: Typography, *, several: bool) -> Iterator[_Leaf]:
    outer, prefix = ((block.name,), f"{block.name}.") if several else ((), "")
    for column in block.columns:
        path = (*outer, *column.captions)
        if column.parts:
            weight = column.width / len(column.parts)
            for part in column.parts:
                yield _Leaf((*path, part), prefix + part, "centre", weight, typography.code_width)
        elif column.type != "unit":  # a unit has a row of its own
            least = typography.number_width if column.numeric else 0
            yield _Leaf(path, prefix + column.name, _role(column, typography), column.width, least)


def _role(column: Column, typography: Typography) -> Role:
    if column.numeric:
        return "number"
    return "centre" if column.type == "code" or column.width <= typography.narrow else "text"


def _widths(leaves: Sequence[_Leaf], total: int, typography: Typography, grid: Grid) -> list[int]:
    """Widths in proportion to the weights, none below what it has to hold, together exactly the total."""
    floors = [_floor(leaf, typography, grid) for leaf in leaves]
    fixed: dict[int, float] = {}
    while True:
        free = [index for index in range(len(leaves)) if index not in fixed]
        scale = (total - sum(fixed.values())) / (sum(leaves[index].weight for index in free) or 1)
        short = {index: floors[index] for index in free if leaves[index].weight * scale < floors[index]}
        if not short:
            break
        fixed |= short
    ideal = [fixed.get(index, leaf.weight * scale) for index, leaf in enumerate(leaves)]
    edges = [round(edge * total / sum(ideal)) for edge in accumulate(ideal, initial=0)]
    return [right - left for left, right in pairwise(edges)]


def _floor(leaf: _Leaf, typography: Typography, grid: Grid) -> float:
    size = typography.styles[getattr(grid, leaf.role)].size
    ems = max(leaf.least, min(len(leaf.path[-1]), typography.caption_width))
    return _points(ems * size + 2 * (typography.padding + typography.border))


def _captions(leaves: Sequence[_Leaf], level: int) -> Iterator[_Caption]:
    """One row of the head: equal neighbours under one caption are one cell, a short path reaches down."""
    depth = max(len(leaf.path) for leaf in leaves)
    keys = [
        leaf.path[: level + 1] if level < len(leaf.path) - 1 else index for index, leaf in enumerate(leaves)
    ]
    for _, group in groupby(range(len(leaves)), key=keys.__getitem__):
        members = list(group)
        path = leaves[members[0]].path
        last = len(path) - 1
        reaches_down = last < depth - 1 and level >= last
        merge = ("restart" if level == last else "continue") if reaches_down else None
        yield _Caption(path[level] if level <= last else "", slice(members[0], members[-1] + 1), merge)


# --- drawing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pen:
    """Draws in the styles of an edition."""

    edition: Edition

    @property
    def typography(self) -> Typography:
        """What the edition's documents look like."""
        return self.edition.typography

    # --- paragraphs ---

    def paragraph(self, style: str, *content: Element, **formatting: Element) -> Element:
        """A paragraph in a style known by its name; `formatting` deviates from it, in the order of the schema."""
        properties = (element("w:pStyle", val=self.typography.styles[style].id), *formatting.values())
        return element("w:p", element("w:pPr", *properties), *content)

    def mark(self, instruction: str) -> Element:
        """An instruction: a paragraph that vanishes."""
        return self.paragraph(MARK, run(f"{{%p {instruction} %}}"))

    def each(self, name: str, values: str, *content: Element) -> list[Element]:
        """Content repeated for each of some values."""
        return [self.mark(f"for {name} in {values}"), *content, self.mark("endfor")]

    def choice(self, cases: Mapping[str, Sequence[Element]], otherwise: Sequence[Element]) -> list[Element]:
        """The content of the first case that holds."""
        drawn: list[Element] = []
        for condition, content in cases.items():
            drawn += [self.mark(f"{'elif' if drawn else 'if'} {condition}"), *content]
        return [*drawn, self.mark("else"), *otherwise, self.mark("endif")]

    def pieces(self, style: str) -> Element:
        """A paragraph of the text at hand, in which what is still open is highlighted."""
        return self.paragraph(
            style,
            run("{%r for 片 in 段.文字 %}"),
            run("{%r if 片.待补 %}"),
            run("{{ 片.文 }}", self.typography.styles[OPEN].id),
            run("{%r else %}"),
            run("{{ 片.文 }}"),
            run("{%r endif %}"),
            run("{%r endfor %}"),
        )

    # --- tables ---

    def cell(
        self, width: int, style: str, *content: Element, span: int = 1, merge: str | None = None
    ) -> Element:
        """A table cell; `merge` is restart or continue of a vertical merge."""
        properties = element(
            "w:tcPr",
            element("w:tcW", w=width, type="dxa"),
            element("w:gridSpan", val=span) if span > 1 else None,
            element("w:vMerge", val=merge) if merge else None,
            element("w:vAlign", val="center"),
        )
        return element("w:tc", properties, self.paragraph(style, *content))

    def row(self, grid: Grid, cells: Iterable[Element], *, repeated: bool = False) -> Element:
        """A table row, never broken across pages; a `repeated` one stands on each page of the table."""
        height = element("w:trHeight", val=_points(grid.row), hRule="atLeast")
        header = element("w:tblHeader") if repeated else None
        return element("w:tr", element("w:trPr", element("w:cantSplit"), height, header), *cells)

    def table(self, caption: str, widths: Sequence[int], rows: Iterable[Element]) -> Element:
        """A table of fixed column widths; `caption` is read out to those who cannot see it."""
        properties = element(
            "w:tblPr",
            element("w:tblStyle", val=_TABLE_STYLE),
            element("w:tblW", w=sum(widths), type="dxa"),
            element("w:jc", val="center"),
            element("w:tblLayout", type="fixed"),
            element("w:tblLook", val="0000"),
            element("w:tblCaption", val=caption),
        )
        grid = element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths))
        return element("w:tbl", properties, grid, *rows)

    def head(
        self, grid: Grid, leaves: Sequence[_Leaf], widths: Sequence[int], *, repeated: bool
    ) -> Iterator[Element]:
        """The rows of captions."""
        for level in range(max(len(leaf.path) for leaf in leaves)):
            cells = (
                self.cell(
                    sum(widths[caption.columns]),
                    grid.head,
                    *([run(caption.text)] if caption.text else ()),
                    span=len(widths[caption.columns]),
                    merge=caption.merge,
                )
                for caption in _captions(leaves, level)
            )
            yield self.row(grid, cells, repeated=repeated)

    def line(
        self, grid: Grid, leaves: Sequence[_Leaf], widths: Sequence[int], character: str | None = None
    ) -> Element:
        """A row of placeholders, in a character style."""
        cells = (
            self.cell(width, getattr(grid, leaf.role), run(_placeholder("行", leaf.key), character))
            for leaf, width in zip(leaves, widths, strict=True)
        )
        return self.row(grid, cells)

    def row_mark(self, grid: Grid, widths: Sequence[int], instruction: str) -> Element:
        """An instruction: a row that vanishes."""
        content = run(f"{{%tr {instruction} %}}")
        return self.row(grid, [self.cell(sum(widths), MARK, content, span=len(widths))])

    # --- the numbered tables ---

    def numbered(self, declared: TableDeclaration, page: _Page) -> list[Element]:
        """A numbered table with the lines above and below it."""
        name = f"表.{declared.name}"
        number = self.typography.table_number.replace(NUMBER, _placeholder(name, "编号"))
        unindented = element("w:ind", firstLineChars=0, firstLine=0)
        edge = element("w:tabs", element("w:tab", val="right", pos=page.text))
        preparer = (run(_placeholder(name, "编制")), tab(), run(_placeholder(name, "金额单位")))
        return [
            self.paragraph("表号", run(number)),
            self.paragraph(
                SECTION, run(_placeholder(name, "题名")), ind=unindented, jc=element("w:jc", val="center")
            ),
            self.paragraph("表编制", *preparer, tabs=edge),
            self.numbered_grid(declared, page, name),
            *self.each("注", f"{name}.备注", self.paragraph(REMARK, run("{{ 注 }}"))),
        ]

    def numbered_grid(self, declared: TableDeclaration, page: _Page, name: str) -> Element:
        """The table itself; the rows that add others up are drawn apart from the others."""
        grid, leaves = self.typography.grid_of(declared.name), _leaves(declared, self.typography)
        widths = _widths(leaves, page.text, self.typography, grid)
        rows = [
            *self.head(grid, leaves, widths, repeated=True),
            self.row_mark(grid, widths, f"for 行 in {name}.行"),
            self.row_mark(grid, widths, "if 行.强调"),
            self.line(grid, leaves, widths, self.typography.styles[SUM].id),
            self.row_mark(grid, widths, "else"),
            self.line(grid, leaves, widths),
            self.row_mark(grid, widths, "endif"),
            self.row_mark(grid, widths, "endfor"),
        ]
        return self.table(_placeholder(name, "题名"), widths, rows)

    # --- performance tables ---

    def performance(self, declared: PerformanceTable, page: _Page) -> list[Element]:
        """A performance table with its title."""
        first, others = (self.paragraph(style, run("{{ 题 }}")) for style in ("绩效表题", "绩效副题"))
        return [
            *self.each("题", "段.题名", *self.choice({"loop.first": [first]}, [others])),
            self.performance_grid(declared, page),
            self.paragraph("表后"),
        ]

    def performance_grid(self, declared: PerformanceTable, page: _Page) -> Element:
        """The table itself. Its head is no row to be repeated: it would fill half of each page."""
        grid, leaves = self.typography.grid_of(declared.id), list(self.indicator_leaves(declared))
        widths = _widths(leaves, page.text, self.typography, grid)
        rows = [
            *(self.row(grid, self.head_cells(declared, line, widths)) for line in declared.head),
            *self.head(grid, leaves, widths, repeated=False),
            self.row_mark(grid, widths, "for 行 in 段.行"),
            self.line(grid, leaves, widths),
            self.row_mark(grid, widths, "endfor"),
        ]
        return self.table(_placeholder("段.题名", "0"), widths, rows)

    def indicator_leaves(self, declared: PerformanceTable) -> Iterator[_Leaf]:
        """The columns of the indicator rows."""
        columns = self.edition.tables[declared.indicators].columns
        for field, width in zip(declared.columns, declared.widths, strict=True):
            yield _Leaf((field.label,), field.column, self.role(columns[field.column]), width)

    def head_cells(
        self, declared: PerformanceTable, line: Iterable[PerformanceField], widths: Sequence[int]
    ) -> Iterator[Element]:
        """One row of labels and facts."""
        grid, start = self.typography.grid_of(declared.id), 0
        for field in line:
            width = sum(widths[start : start + field.span])
            start += field.span
            style = getattr(grid, self.fact_role(declared, field.column)) if field.column else grid.head
            text = _placeholder("段.表头", field.column) if field.column else field.label
            merge = "continue" if field.up else "restart" if field.down > 1 else None
            yield self.cell(width, style, *([run(text)] if text else ()), span=field.span, merge=merge)

    def fact_role(self, declared: PerformanceTable, name: str) -> Role:
        """How a fact of the head is set; it is a column, or one of the rows, of the table of heads."""
        heads = self.edition.tables[declared.heads]
        if name in heads.fixed:
            block, row = heads.fixed[name]
            return self.role(next(column for column in block.of_row(row) if column.type != "label"))
        return self.role(heads.columns[name]) if name in heads.columns else "text"

    def role(self, column: Column) -> Role:
        """As in the numbered tables, but numbers are centred: they are not added up here."""
        role = _role(column, self.typography)
        return "centre" if role == "number" else role


def _placeholder(name: str, key: str) -> str:
    if key.isidentifier():
        return f"{{{{ {name}.{key} }}}}"
    return f"{{{{ {name}[{key}] }}}}" if key.isdigit() else f'{{{{ {name}["{key}"] }}}}'


# --- the document -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """A page, standing or lying down, in twips."""

    margins: Margins
    width: int
    height: int

    @property
    def text(self) -> int:
        """The width of the text."""
        return self.width - _millimetres(self.margins.left) - _millimetres(self.margins.right)

    def section(self, *references: Element) -> Element:
        """The properties of a section of such pages; the first carries headers and footers, and has a cover."""
        edges = ("top", "right", "bottom", "left", "header", "footer")
        return element(
            "w:sectPr",
            *references,
            element("w:type", val="nextPage"),
            element(
                "w:pgSz",
                w=self.width,
                h=self.height,
                orient="landscape" if self.width > self.height else None,
            ),
            element(
                "w:pgMar", **{name: _millimetres(getattr(self.margins, name)) for name in edges}, gutter=0
            ),
            element("w:titlePg") if references else None,
        )


def _page(typography: Typography, *, lying: bool) -> _Page:
    short, long = (_millimetres(side) for side in typography.paper)
    return _Page(typography.landscape, long, short) if lying else _Page(typography.portrait, short, long)


def _document(edition: Edition) -> Element:
    pen = _Pen(edition)
    sections = [
        (_page(edition.typography, lying=lying), [content for _, content in group])
        for lying, group in groupby(_flow(pen), key=lambda item: item[0])
    ]
    body: list[Element] = []
    for number, (page, contents) in enumerate(sections):
        properties = page.section(*_references() if number == 0 else ())
        body += [node for content in contents for node in content]
        # The last section's properties end the body; all others stand in a paragraph, as small as can be.
        last = number == len(sections) - 1
        body.append(properties if last else pen.paragraph("表后", sectPr=properties))
    return element("w:document", element("w:body", *body))


def _flow(pen: _Pen) -> Iterator[tuple[bool, list[Element]]]:
    """The content in order, each piece with whether its page lies down."""
    edition = pen.edition
    yield (
        False,
        [pen.paragraph("封面留白"), *pen.each("行", "封面", pen.paragraph("封面标题", run("{{ 行 }}")))],
    )
    yield False, _contents(pen)
    for part in edition.part:
        name = f"第{numeral(part.number)}部分"
        yield False, [pen.paragraph(PART, run(_placeholder(name, "标题")))]
        if any(section.part == part.number for section in edition.section):
            yield False, pen.each("段", f"{name}.内容", *_text(pen, part))
        else:
            for table in edition.printed:
                page = _page(edition.typography, lying=table.landscape)
                yield table.landscape, pen.numbered(table, page)
    yield (
        False,
        [pen.paragraph(CLOSING), *pen.each("行", "落款", pen.paragraph(CLOSING, run("{{ 行 }}")))],
    )


def _contents(pen: _Pen) -> list[Element]:
    first, second = ([pen.paragraph(style, run("{{ 条.文字 }}"))] for style in CONTENTS)
    entries = pen.choice({"条.级 == 1": first}, second)
    return [pen.paragraph("TOC Heading", run("{{ 目录标题 }}")), *pen.each("条", "目录", *entries)]


def _text(pen: _Pen, part: Part) -> list[Element]:
    """What may stand in a part of text: headings, paragraphs, and the performance tables told of there."""
    edition = pen.edition
    sections = {section.id for section in edition.section if section.part == part.number}
    told = {statement.performance for statement in edition.statement if statement.section in sections}
    page = _page(edition.typography, lying=False)
    cases = {
        f'段.样式 == "{style.carries}"': [pen.pieces(style.name)]
        for style in edition.typography.style
        if style.carries
    }
    cases |= {
        f'段.样式 == "{table.id}"': pen.performance(table, page)
        for table in edition.performance
        if table.id in told
    }
    return pen.choice(cases, [pen.pieces(BODY)])


# --- headers and footers ------------------------------------------------------------------------------------

_HEADERS: Final = {"default": "header1", "even": "header2", "first": "header3"}
_FOOTERS: Final = {"default": "footer1", "even": "footer2"}
"""Which part serves which pages; the first page, the cover, has no number."""
_SIDES: Final = {"default": "right", "even": "left"}


def _references() -> Iterator[Element]:
    for tag, parts in (("w:headerReference", _HEADERS), ("w:footerReference", _FOOTERS)):
        yield from (element(tag, type=pages, r_id=part) for pages, part in parts.items())


def _margins_parts(pen: _Pen) -> Iterator[tuple[str, Element]]:
    for part in _HEADERS.values():
        yield part, element("w:hdr", pen.paragraph("header", run("{{ 草稿 }}")))
    before, _, after = pen.typography.page.partition(PAGE)
    for pages, part in _FOOTERS.items():
        side = element("w:jc", val=_SIDES[pages])
        number = pen.paragraph("footer", run(before), *field("PAGE"), run(after), jc=side)
        yield part, element("w:ftr", number)


# --- styles -------------------------------------------------------------------------------------------------

_TABLE_STYLE: Final = "BudgetTable"


def _styles(typography: Typography) -> Element:
    base = typography.styles[BASE]
    language = element("w:lang", val="en-US", eastAsia=typography.language)
    defaults = element("w:rPr", _fonts(base, typography), *_sizes(base), language)
    return element(
        "w:styles",
        element("w:docDefaults", element("w:rPrDefault", defaults), element("w:pPrDefault")),
        *(_style(style, typography) for style in typography.style),
        _default("character", "DefaultParagraphFont", "Default Paragraph Font"),
        _default("table", "TableNormal", "Normal Table"),
        _table_style(typography),
    )


def _style(style: Style, typography: Typography) -> Element:
    paragraph = style.kind == "paragraph"
    based = None if style.name == BASE or not paragraph else element("w:basedOn", val=BASE)
    return element(
        "w:style",
        element("w:name", val=style.name),
        based,
        element("w:next", val=style.next) if style.next else None,
        element("w:qFormat"),
        element("w:pPr", *_paragraph_properties(style, typography)) if paragraph else None,
        element("w:rPr", *_run_properties(style, typography)),
        type=style.kind,
        styleId=style.id,
        default=1 if style.name == BASE else None,
        customStyle=None if style.name.isascii() else 1,
    )


def _paragraph_properties(style: Style, typography: Typography) -> Iterator[Element | None]:
    """In the order of the schema."""
    edge = _page(typography, lying=False).text
    yield element("w:keepNext") if style.keep_next else None
    yield element("w:pageBreakBefore") if style.page_break else None
    yield element("w:widowControl")
    if style.leader:
        yield element("w:tabs", element("w:tab", val="right", leader="dot", pos=edge))
    yield element(
        "w:spacing",
        before=_points(style.before),
        after=_points(style.after),
        line=_points(style.line) if style.line else None,
        lineRule="exact" if style.line else None,
    )
    yield _indents(style)
    yield element("w:jc", val=style.align) if style.align else None
    yield element("w:outlineLvl", val=style.outline - 1) if style.outline else None


def _indents(style: Style) -> Element:
    """In characters, which follow the size when it is changed, and in twips for those that know no characters."""
    attributes: dict[str, object] = {}
    for name, characters in (("left", style.left), ("right", style.right), ("firstLine", style.first_line)):
        attributes |= {f"{name}Chars": round(characters * 100), name: _points(characters * style.size)}
    return element("w:ind", **attributes)


def _run_properties(style: Style, typography: Typography) -> Iterator[Element | None]:
    """In the order of the schema."""
    yield _fonts(style, typography) if style.font else None
    yield from (element("w:b"), element("w:bCs")) if style.bold else ()
    yield element("w:color", val=style.colour) if style.colour else None
    yield from _sizes(style) if style.size else ()
    yield element("w:highlight", val=style.highlight) if style.highlight else None


def _fonts(style: Style, typography: Typography) -> Element:
    latin = style.latin or typography.latin
    return element("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=style.font, cs=latin)


def _sizes(style: Style) -> tuple[Element, Element]:
    size = round(style.size * HALF_POINTS)
    return element("w:sz", val=size), element("w:szCs", val=size)


def _default(kind: str, identity: str, name: str) -> Element:
    """A style that Word would otherwise add in its own way."""
    return element("w:style", element("w:name", val=name), type=kind, styleId=identity, default=1)


def _table_style(typography: Typography) -> Element:
    width = round(typography.border * EIGHTHS)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (element(f"w:{side}", val="single", sz=width, space=0, color="000000") for side in sides)
    padding = (element(f"w:{side}", w=_points(typography.padding), type="dxa") for side in ("left", "right"))
    return element(
        "w:style",
        element("w:name", val="预算表"),
        element("w:basedOn", val="TableNormal"),
        element("w:qFormat"),
        element("w:tblPr", element("w:tblBorders", *lines), element("w:tblCellMar", *padding)),
        type="table",
        styleId=_TABLE_STYLE,
        customStyle=1,
    )


def _font_table(typography: Typography) -> Element:
    return element(
        "w:fonts",
        *(
            element(
                "w:font",
                element("w:altName", val=font.instead),
                element("w:charset", val="86"),
                element("w:family", val="auto"),
                name=font.name,
            )
            for font in typography.font
        ),
    )


def _settings(typography: Typography) -> Element:
    # Word lays out as its version 2013 and later does, not as in a document of 2003.
    mode = element(
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    return element(
        "w:settings",
        element("w:evenAndOddHeaders"),
        element("w:characterSpacingControl", val="compressPunctuation"),
        element("w:compat", mode),
        element("w:themeFontLang", val=typography.language, eastAsia=typography.language),
    )


# --- the package --------------------------------------------------------------------------------------------

_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_PLAIN_TYPES: Final = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
}
_CORE: Final = "docProps/core.xml"


def _parts(edition: Edition) -> Mapping[str, bytes]:
    """All parts of the package by name."""
    word = {
        "styles": _styles(edition.typography),
        "settings": _settings(edition.typography),
        "fontTable": _font_table(edition.typography),
        **dict(_margins_parts(_Pen(edition))),
    }
    parts = {
        CONTENT_TYPES: _content_types(word),
        "_rels/.rels": _relationships(
            {
                "document": (f"{_OFFICE}relationships/officeDocument", "word/document.xml"),
                "core": (f"{_PACKAGE}relationships/metadata/core-properties", _CORE),
            }
        ),
        _CORE: element("core:coreProperties"),
        "word/document.xml": _document(edition),
        "word/_rels/document.xml.rels": _relationships(
            {name: (f"{_OFFICE}relationships/{_kind(name)}", f"{name}.xml") for name in word}
        ),
        **{f"word/{name}.xml": root for name, root in word.items()},
    }
    return {name: _serialised(root) for name, root in parts.items()}


def _kind(part: str) -> str:
    """What a part is: header1 and header2 are headers."""
    return part.rstrip("0123456789")


def _relationships(targets: Mapping[str, tuple[str, str]]) -> Element:
    return element(
        "rel:Relationships",
        *(
            element("rel:Relationship", Id=identity, Type=kind, Target=target)
            for identity, (kind, target) in targets.items()
        ),
    )


def _content_types(word: Iterable[str]) -> Element:
    kinds = {f"/word/{name}.xml": _WORD_TYPE.format(_kind(name)) for name in word}
    kinds["/word/document.xml"] = _WORD_TYPE.format("document.main")
    kinds[f"/{_CORE}"] = "application/vnd.openxmlformats-package.core-properties+xml"
    return element(
        "types:Types",
        *(element("types:Default", Extension=end, ContentType=kind) for end, kind in _PLAIN_TYPES.items()),
        *(element("types:Override", PartName=name, ContentType=kind) for name, kind in kinds.items()),
    )


def _serialised(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
