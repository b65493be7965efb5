"""Drawing the Word template of an edition: everything that an office may restyle in Word or WPS stands in it.

What it looks like comes from the edition's base document, which tables it holds from its `table` and `performance`;
what is printed in them is left to Chinese placeholders, which `document` fills:

* `{{ 表.收支总体.题名 }}` is replaced by a text;
* a paragraph `{%p … %}` and a table row `{%tr … %}` are instructions, and vanish.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, groupby
from typing import TYPE_CHECKING, Final

from budgetgen.edition.declarations.own_styles import (
    BODY,
    CARRIED,
    CLOSING,
    CONTENTS,
    CONTENTS_TITLE,
    COVER,
    COVER_SPACE,
    MARK,
    OPEN,
    PART,
    PERFORMANCE,
    PREPARER,
    REMARK,
    SECTION,
    SMALL,
    SUM,
    TABLE_NUMBER,
)
from budgetgen.values.amounts import numeral
from budgetgen.writing.document.base import base_of
from budgetgen.writing.document.columns import Leaf, captions, leaves_of, role_of, widths_of
from budgetgen.writing.document.markup import (
    Element,
    element,
    run,
    tab,
)
from budgetgen.writing.document.prepared import PROPERTIES
from budgetgen.writing.package import OfficePackage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import (
        Column,
        Edition,
        Part,
        PerformanceField,
        PerformanceTable,
        TableDeclaration,
        Typography,
    )
    from budgetgen.writing.document.base import BaseDocument, Page, Prototype, Role

NUMBER: Final = "{号}"
"""The slot of the typography."""


def render_template(edition: Edition) -> bytes:
    """Draw the template of an edition; the same edition gives the same bytes."""
    base = base_of(edition)
    package = OfficePackage(dict(base.package.parts))
    package.put(package.main, _document(_Pen(edition, base)))
    if core := package.related("", PROPERTIES):
        package.put(core, element("core:coreProperties"))  # it names nobody, whoever saved the base document
    return package.data()


# --- drawing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pen:
    """Draws in the styles of an edition."""

    edition: Edition
    base: BaseDocument

    @property
    def typography(self) -> Typography:
        """What the edition's documents look like."""
        return self.edition.typography

    # --- paragraphs ---

    def paragraph(self, style: str, *content: Element, **formatting: Element) -> Element:
        """A paragraph in a style known by its name; `formatting` deviates from it, in the order of the schema."""
        return self.styled(self.base.style(style), *content, **formatting)

    def styled(self, style: str, *content: Element, **formatting: Element) -> Element:
        """A paragraph in a style known by its id."""
        properties = (element("w:pStyle", val=style), *formatting.values())
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
            run("{{ 片.文 }}", self.base.style(OPEN)),
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
        return element("w:tc", properties, self.styled(style, *content))

    def row(self, grid: Prototype, cells: Iterable[Element], *, repeated: bool = False) -> Element:
        """A table row, never broken across pages; a `repeated` one stands on each page of the table."""
        height = element("w:trHeight", val=grid.row, hRule="atLeast")
        header = element("w:tblHeader") if repeated else None
        return element("w:tr", element("w:trPr", element("w:cantSplit"), height, header), *cells)

    def table(self, grid: Prototype, caption: str, widths: Sequence[int], rows: Iterable[Element]) -> Element:
        """A table of fixed column widths; `caption` is read out to those who cannot see it."""
        own = element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths))
        return element("w:tbl", grid.of_width(sum(widths), caption), own, *rows)

    def grid_of(self, table: str) -> Prototype:
        """How a table is set."""
        return self.base.prototypes[self.typography.grid_of(table).name]

    def head(self, grid: Prototype, leaves: Sequence[Leaf], widths: Sequence[int]) -> Iterator[Element]:
        """The rows of captions."""
        for level in range(max(len(leaf.path) for leaf in leaves)):
            cells = (
                self.cell(
                    sum(widths[caption.columns]),
                    grid.styles["head"],
                    *([run(caption.text)] if caption.text else ()),
                    span=len(widths[caption.columns]),
                    merge=caption.merge,
                )
                for caption in captions(leaves, level)
            )
            yield self.row(grid, cells, repeated=True)

    def line(
        self, grid: Prototype, leaves: Sequence[Leaf], widths: Sequence[int], character: str | None = None
    ) -> Element:
        """A row of placeholders, in a character style."""
        cells = (
            self.cell(width, grid.styles[leaf.role], run(_placeholder("行", leaf.key), character))
            for leaf, width in zip(leaves, widths, strict=True)
        )
        return self.row(grid, cells)

    def row_mark(self, grid: Prototype, widths: Sequence[int], instruction: str) -> Element:
        """An instruction: a row that vanishes."""
        content = run(f"{{%tr {instruction} %}}")
        return self.row(grid, [self.cell(sum(widths), self.base.style(MARK), content, span=len(widths))])

    # --- the numbered tables ---

    def numbered(self, declared: TableDeclaration, page: Page) -> list[Element]:
        """A numbered table with the lines above and below it."""
        name = f"表.{declared.name}"
        told = self.typography.table_number
        number = (
            [self.paragraph(TABLE_NUMBER, run(told.replace(NUMBER, _placeholder(name, "编号"))))]
            if told
            else []
        )
        apart = (
            {"pageBreakBefore": element("w:pageBreakBefore")} if self.typography.apart and not told else {}
        )
        unindented = element("w:ind", firstLineChars=0, firstLine=0)
        edge = element("w:tabs", element("w:tab", val="right", pos=page.text))
        preparer = (run(_placeholder(name, "编制")), tab(), run(_placeholder(name, "金额单位")))
        return [
            *number,
            self.paragraph(
                SECTION,
                run(_placeholder(name, "题名")),
                **apart,
                ind=unindented,
                jc=element("w:jc", val="center"),
            ),
            self.paragraph(PREPARER, *preparer, tabs=edge),
            *self.grids(declared, page, name),
            *self.each("注", f"{name}.备注", self.paragraph(REMARK, run("{{ 注 }}"))),
        ]

    def grids(self, declared: TableDeclaration, page: Page, name: str) -> list[Element]:
        """The table; where documents of one kind lack columns of it, with and without them."""
        several = len(declared.block) > 1
        parted = frozenset(
            f"{block.name}.{column.name}" if several else column.name
            for block in declared.block
            for column in block.columns
            if column.only
        )
        whole = [self.numbered_grid(declared, page, name)]
        if not parted:
            return whole
        return self.choice({f"{name}.不印": [self.numbered_grid(declared, page, name, parted)]}, whole)

    def numbered_grid(
        self, declared: TableDeclaration, page: Page, name: str, without: Collection[str] = frozenset()
    ) -> Element:
        """The table itself; the rows that add others up are drawn apart from the others."""
        grid, leaves = self.grid_of(declared.name), leaves_of(declared, self.edition, without)
        widths = widths_of(leaves, page.text, self.typography, grid)
        rows = [
            *self.head(grid, leaves, widths),
            *([self.ordinals(declared, grid, leaves, widths)] if declared.numbered else ()),
            self.row_mark(grid, widths, f"for 行 in {name}.行"),
            self.row_mark(grid, widths, "if 行.强调"),
            self.line(grid, leaves, widths, self.base.style(SUM)),
            self.row_mark(grid, widths, "else"),
            self.line(grid, leaves, widths),
            self.row_mark(grid, widths, "endif"),
            self.row_mark(grid, widths, "endfor"),
        ]
        return self.table(grid, _placeholder(name, "题名"), widths, rows)

    def ordinals(
        self, declared: TableDeclaration, grid: Prototype, leaves: Sequence[Leaf], widths: Sequence[int]
    ) -> Element:
        """The row of column numbers; of several blocks the last one is counted."""
        last = declared.block[-1]
        counted = {f"{last.name}.{column.name}" for column in last.columns} | set(declared.columns)
        numbers = count(1)
        texts = [
            str(next(numbers))
            if leaf.role == "number" and leaf.key in counted
            else self.edition.layout.uncounted
            for leaf in leaves
        ]
        cells = (
            self.cell(w, grid.styles["centre"], run(text)) for text, w in zip(texts, widths, strict=True)
        )
        return self.row(grid, cells, repeated=True)

    # --- performance tables ---

    def performance(self, declared: PerformanceTable, page: Page) -> list[Element]:
        """A performance table with its title."""
        first, others = (self.paragraph(style, run("{{ 题 }}")) for style in PERFORMANCE)
        return [
            *self.each("题", "段.题名", *self.choice({"loop.first": [first]}, [others])),
            self.performance_grid(declared, page),
            self.paragraph(SMALL),
        ]

    def performance_grid(self, declared: PerformanceTable, page: Page) -> Element:
        """The table itself. Its facts and captions are its head; `writer` repeats of it what leaves room for more."""
        grid, leaves = self.grid_of(declared.id), list(self.indicator_leaves(declared))
        widths = widths_of(leaves, page.text, self.typography, grid)
        rows = [
            *(
                self.row(grid, self.head_cells(declared, line, widths), repeated=True)
                for line in declared.head
            ),
            *self.head(grid, leaves, widths),
            self.row_mark(grid, widths, "for 行 in 段.行"),
            self.line(grid, leaves, widths),
            self.row_mark(grid, widths, "endfor"),
        ]
        return self.table(grid, _placeholder("段.题名", "0"), widths, rows)

    def indicator_leaves(self, declared: PerformanceTable) -> Iterator[Leaf]:
        """The columns of the indicator rows."""
        columns = self.edition.tables[declared.indicators].columns
        for fact, width in zip(declared.columns, declared.widths, strict=True):
            yield Leaf((fact.label,), fact.column, self.role(columns[fact.column]), width)

    def head_cells(
        self, declared: PerformanceTable, line: Iterable[PerformanceField], widths: Sequence[int]
    ) -> Iterator[Element]:
        """One row of labels and facts."""
        grid, start = self.grid_of(declared.id), 0
        for fact in line:
            width = sum(widths[start : start + fact.span])
            start += fact.span
            style = (
                grid.styles["head"]
                if fact.label or not fact.key
                else grid.styles[self.fact_role(declared, fact.column)]
            )
            text = _placeholder("段.表头", fact.key) if fact.key else fact.label
            merge = "continue" if fact.up else "restart" if fact.down > 1 else None
            yield self.cell(width, style, *([run(text)] if text else ()), span=fact.span, merge=merge)

    def fact_role(self, declared: PerformanceTable, name: str) -> Role:
        """How a fact of the head is set; it is a column, or one of the rows, of the table of heads."""
        heads = self.edition.tables[declared.heads]
        if name in heads.fixed:
            block, row = heads.fixed[name]
            return self.role(next(column for column in block.of_row(row) if column.type != "label"))
        return self.role(heads.columns[name]) if name in heads.columns else "text"

    def role(self, column: Column) -> Role:
        """As in the numbered tables, but numbers are centred: they are not added up here."""
        role = role_of(column, self.typography)
        return "centre" if role == "number" else role


def _placeholder(name: str, key: str) -> str:
    if key.isidentifier():
        return f"{{{{ {name}.{key} }}}}"
    return f"{{{{ {name}[{key}] }}}}" if key.isdigit() else f'{{{{ {name}["{key}"] }}}}'


# --- the document -------------------------------------------------------------------------------------------


def _document(pen: _Pen) -> Element:
    sections = [
        (pen.base.page(lying=lying), [content for _, content in group])
        for lying, group in groupby(_flow(pen), key=lambda item: item[0])
    ]
    body: list[Element] = []
    for number, (page, contents) in enumerate(sections):
        properties = page.section(first=number == 0)
        body += [node for content in contents for node in content]
        # The last section's properties end the body; all others stand in a paragraph, as small as can be.
        last = number == len(sections) - 1
        body.append(properties if last else pen.paragraph(SMALL, sectPr=properties))
    return element("w:document", element("w:body", *body))


def _flow(pen: _Pen) -> Iterator[tuple[bool, list[Element]]]:
    """The content in order, each piece with whether its page lies down."""
    edition = pen.edition
    yield (
        False,
        [pen.paragraph(COVER_SPACE), *pen.each("行", "封面", pen.paragraph(COVER, run("{{ 行 }}")))],
    )
    yield False, _contents(pen)
    for part in edition.part:
        name = f"第{numeral(part.number)}部分"
        if part.heading:
            heading = pen.paragraph(PART, run(_placeholder(name, "标题")))
            told = {f"{name}.标题": [heading]}
            yield False, pen.choice(told, []) if part.optional else [heading]
        if part.number != edition.tables_part:
            yield False, pen.each("段", f"{name}.内容", *_text(pen, part))
            continue
        for table in edition.printed:
            yield table.landscape, pen.numbered(table, pen.base.page(lying=table.landscape))
    yield (
        False,
        [pen.paragraph(CLOSING), *pen.each("行", "落款", pen.paragraph(CLOSING, run("{{ 行 }}")))],
    )


def _contents(pen: _Pen) -> list[Element]:
    first, second = ([pen.paragraph(style, run("{{ 条.文字 }}"))] for style in CONTENTS)
    entries = pen.choice({"条.级 == 1": first}, second)
    return [pen.paragraph(CONTENTS_TITLE, run("{{ 目录标题 }}")), *pen.each("条", "目录", *entries)]


def _text(pen: _Pen, part: Part) -> list[Element]:
    """What may stand in a part of text: headings, paragraphs, and the performance tables told of there."""
    edition = pen.edition
    sections = {section.id for section in edition.section if section.part == part.number}
    told = {statement.performance for statement in edition.statement if statement.section in sections}
    page = pen.base.page(lying=False)
    cases = {f'段.样式 == "{carried}"': [pen.pieces(style)] for carried, style in CARRIED.items()}
    cases |= {
        f'段.样式 == "{table.id}"': pen.performance(table, page)
        for table in edition.performance
        if table.id in told
    }
    return pen.choice(cases, [pen.pieces(BODY)])
