"""The disclosure as one web page that anyone can read or have read out: no script, no network, true headings and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable
from budgetgen.writing.document.columns import captions, leaves_of
from budgetgen.writing.pages import page_templates
from budgetgen.writing.publication.indicators import merged_columns, rows_in_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, PerformanceField, PerformanceTable
    from budgetgen.values.model import Disclosure, Printed
    from budgetgen.writing.document.columns import Leaf

TEMPLATE = "page.html"
SUBSECTION = "二级标题"
LEVELS = {"一级标题": "h3", SUBSECTION: "h4"}
"""The element of each style of heading; all others are paragraphs."""


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a table of the page.

    Attributes:
        text: what stands in it.
        heads: row or col where it says what others are; empty for a cell of data.
        across, down: how many columns and rows it takes.
        number: its figures stand right.
    """

    text: str
    heads: str = ""
    across: int = 1
    down: int = 1
    number: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of the page: its caption, then rows of cells; those of `head` say what the columns are."""

    caption: tuple[str, ...]
    head: tuple[tuple[PageCell, ...], ...]
    rows: tuple[tuple[PageCell, ...], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageText:
    """A heading or a paragraph of the page; a heading that the contents lead to has a name."""

    element: str
    text: str
    name: str = ""


def render_disclosure_page(disclosure: Disclosure, edition: Edition) -> bytes:
    """The page, UTF-8; the same input gives the same bytes."""
    environment = page_templates("writing/publication")
    environment.tests["table"] = lambda value: isinstance(value, PageTable)
    parts = [
        (part.heading, [content for block in part.blocks for content in _content(block, edition)])
        for part in disclosure.parts
    ]
    page = environment.get_template(TEMPLATE).render(
        disclosure=disclosure, language=edition.typography.language, parts=parts
    )
    return page.encode()


def _content(block: Printed, edition: Edition) -> Iterator[PageText | PageTable]:
    if isinstance(block, Paragraph):
        yield PageText(LEVELS.get(block.style, "p"), block.text)
    elif isinstance(block, PrintedTable):
        yield PageText("h3", block.title)
        yield _numbered(block, edition)
    else:
        yield from _performance(block, edition)


# --- the numbered tables ------------------------------------------------------------------------------------


def _numbered(table: PrintedTable, edition: Edition) -> PageTable:
    leaves = leaves_of(edition.tables[table.name], edition, table.without)
    number = edition.typography.table_number.replace("{号}", str(table.ordinal))
    caption = (f"{number}　{table.title}", f"{table.preparer}　{table.money}")
    rows = tuple(_row(row, leaves) for row in table.rows)
    return PageTable(caption, tuple(_head(leaves)), rows, table.remarks)


def _head(leaves: Sequence[Leaf]) -> Iterator[tuple[PageCell, ...]]:
    depth = max(len(leaf.path) for leaf in leaves)
    for level in range(depth):
        found = (caption for caption in captions(leaves, level) if caption.merge != "continue")
        yield tuple(
            PageCell(c.text, "col", c.columns.stop - c.columns.start, depth - level if c.merge else 1)
            for c in found
        )


def _row(row: Mapping[str, str], leaves: Sequence[Leaf]) -> tuple[PageCell, ...]:
    """What names the row is its head: of each block the first text that is no part of a code."""
    names = {leaf.key.rpartition(".")[0]: leaf.key for leaf in reversed(leaves) if leaf.role != "number"}
    names |= {leaf.key.rpartition(".")[0]: leaf.key for leaf in reversed(leaves) if leaf.role == "text"}
    return tuple(
        PageCell(
            row.get(leaf.key, ""),
            "row" if leaf.key in names.values() else "",
            number=leaf.role == "number",
        )
        for leaf in leaves
    )


# --- performance tables -------------------------------------------------------------------------------------


def _performance(grid: PerformanceGrid, edition: Edition) -> Iterator[PageTable]:
    declared = next(table for table in edition.performance if table.id == grid.id)
    facts = tuple(tuple(_facts(line, grid.head)) for line in declared.head)
    yield PageTable(grid.title, (), facts)
    head = (tuple(PageCell(field.label, "col") for field in declared.columns),)
    rows = tuple(_indicators(grid.rows, declared, edition))
    if rows:
        yield PageTable((f"{grid.title[0]}：指标",), head, rows)


def _facts(line: Sequence[PerformanceField], head: Mapping[str, str]) -> Iterator[PageCell]:
    for field in line:
        if field.up:
            continue
        label = bool(field.label or field.says)
        text = head.get(field.key, "") if field.key else field.label
        yield PageCell(text, "row" if label else "", field.span, field.down)


def _indicators(
    rows: Sequence[Mapping[str, str]], declared: PerformanceTable, edition: Edition
) -> Iterator[tuple[PageCell, ...]]:
    """Each row says all that it is of: a screen reader does not see what stands above."""
    merged = merged_columns(declared, edition)
    for full in rows_in_full(rows, merged):
        yield tuple(
            PageCell(full.get(field.column, ""), "row" if field.column in merged else "")
            for field in declared.columns
        )
