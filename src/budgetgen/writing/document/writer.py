"""Filling the Word template: Disclosure → docx. The only importer of docxtpl.

docxtpl treats the text of a document as a Jinja template and puts the values in as text, which has three
silent effects on values that are kept away here: what looks like XML is dropped unless it is escaped, some
characters become layout, and `{_{` becomes `{{`. What Jinja cannot say (cells merged downwards, links,
tables kept whole) is done afterwards on the finished document.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONSHIP
from docx.oxml.ns import qn
from docx.shared import Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from budgetgen.edition import folder
from budgetgen.edition.declarations.own_styles import CLOSING, CONTENTS, PART, REMARK, SECTION, TABLE_NUMBER
from budgetgen.reading.guard import admit
from budgetgen.values.amounts import numeral
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable
from budgetgen.writing.archive import normalise
from budgetgen.writing.document.contents import styled, text_of
from budgetgen.writing.document.fitting import ems, fit_columns, room_in, size_of, sizes_of
from budgetgen.writing.document.markup import element, field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from docx.document import Document
    from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
    from docx.oxml.text.paragraph import CT_P

    from budgetgen.edition.declarations import Edition, Typography
    from budgetgen.values.model import Disclosure
    from budgetgen.writing.document.fitting import Sizes

OWN_TEMPLATE: Final = "template.docx"
"""The template of an edition in the edition's own folder."""
LONG_AGO: Final = date(2000, 1, 1)
"""The date of a document that has none: not today, so that the same input gives the same bytes."""


def render_document(disclosure: Disclosure, edition: Edition, template: Path | None = None) -> bytes:
    """The Word document of a disclosure, the same bytes for the same input.

    Raises:
        UnusableInputError: the template cannot be filled.
    """
    if template:
        _require_complete(template, edition)
    data = admit(template, "docx") if template else default_template(edition)
    document = _filled(data, _context(disclosure, edition), template or edition.id)
    _drop_empty_runs(document)
    _merge_repeats(document)
    _link_contents(document, disclosure, renewed=not any(part.entry for part in edition.part))
    for table in document.element.body.tbl_lst:
        fit_columns(table, sizes_of(edition.typography), edition.typography.caption_width)
    _keep_together(document, edition.typography)
    _describe(document, disclosure)
    buffer = io.BytesIO()
    document.save(buffer)
    return normalise(buffer.getvalue())


def default_template(edition: Edition) -> bytes:
    """The template that comes with an edition: in its own folder, with the program, or else drawn for it."""
    own = [file for home in edition.homes[:1] if (file := home / OWN_TEMPLATE).is_file()]
    package = Path(__file__).parents[2]
    # In an installed package the templates are part of it, in a checkout they stand at its root.
    folders = [place / "templates" / "docx" for place in (package, package.parents[1])]
    packed = [home.name for home in edition.homes[:1] if home == folder() / home.name]
    kept = [path for place in folders for name in packed if (path := place / f"{name}.docx").is_file()]
    if found := (*own, *kept):
        return found[0].read_bytes()
    from budgetgen.writing.document.template import render_template  # noqa: PLC0415 - only where none is kept

    return render_template(edition)


# --- what is put in -----------------------------------------------------------------------------------------

_ABOVE: Final = "\ufdd2"
"""Printed for None: the cell continues the one above. Unicode promises that no text holds such characters."""
_HIDDEN: Final = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_SHOWN: Final = {"\ufdd0": "{", "\ufdd1": "}"}
_UNPRINTABLE: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, what docxtpl takes for layout, and the stand-ins above."""


def _context(disclosure: Disclosure, edition: Edition) -> Mapping[str, Any]:
    """Everything that a template may name."""
    blocks = [block for part in disclosure.parts for block in part.blocks]
    values = {
        "单位": {"名称": disclosure.unit},
        "年": disclosure.year,
        "草稿": disclosure.draft,
        "封面": disclosure.cover,
        "目录标题": disclosure.contents,
        "目录": [{"级": level, "文字": text} for level, text in disclosure.entries],
        "表": {block.name: _table(block) for block in blocks if isinstance(block, PrintedTable)},
        "落款": disclosure.signature,
    }
    for declared, part in zip(edition.part, disclosure.parts, strict=True):
        content = [_block(block, edition) for block in part.blocks if not isinstance(block, PrintedTable)]
        values[f"第{numeral(declared.number)}部分"] = {"标题": part.heading, "内容": content}
    return {name: _literal(value) for name, value in values.items()}


def _table(table: PrintedTable) -> Mapping[str, Any]:
    return {
        "编号": table.number,
        "题名": table.title,
        "编制": table.preparer,
        "金额单位": table.money,
        "行": [{**row, "强调": index in table.emphasised} for index, row in enumerate(table.rows)],
        "备注": table.remarks,
        "不印": table.without,
    }


def _block(block: Paragraph | PerformanceGrid, edition: Edition) -> Mapping[str, Any]:
    if isinstance(block, Paragraph):
        return {"样式": block.style, "文字": [{"文": run.text, "待补": run.open} for run in block.runs]}
    rows = list(_continuing(block.rows, _merged_columns(block, edition)))
    return {"样式": block.id, "题名": block.title, "表头": block.head, "行": rows}


def _merged_columns(grid: PerformanceGrid, edition: Edition) -> list[str]:
    declared = next(table for table in edition.performance if table.id == grid.id)
    columns = edition.tables[declared.indicators].columns
    return [field.column for field in declared.columns if columns[field.column].merge]


def _continuing(
    rows: Iterable[Mapping[str, str]], merged: Sequence[str]
) -> Iterator[Mapping[str, str | None]]:
    """The rows with None where a cell continues the one above; never across a new cell to the left of it."""
    above: dict[str, str] = {}
    for row in rows:
        cells: dict[str, str | None] = dict(row)
        for place, name in enumerate(merged):
            if name in above and not row[name]:
                cells[name] = None
            else:
                above = {left: above[left] for left in merged[:place] if left in above}
                above |= {name: row[name]} if row[name] else {}
        yield cells


def _literal(value: Any) -> Any:
    """A value whose texts come out of docxtpl as they are."""
    if isinstance(value, str):
        return _printable(value).translate(_HIDDEN)
    if isinstance(value, Mapping):
        return {key: _literal(item) for key, item in value.items()}
    return [_literal(item) for item in value] if isinstance(value, list | tuple | frozenset) else value


# --- filling ------------------------------------------------------------------------------------------------


class _Template(DocxTemplate):  # type: ignore[misc]  # docxtpl declares no types
    """docxtpl, without its silent effects."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """Fill one part: the body, a header, a footer."""
        filled: str = super().render_xml_part(src_xml, part, context, jinja_env)
        # docxtpl reads this again, dropping what is not well-formed: let it be an error instead.
        etree.fromstring(filled)
        for stand_in, sign in _SHOWN.items():  # many times faster than translating so long a text
            filled = filled.replace(stand_in, sign)
        return filled

    def resolve_listing(self, xml: str) -> str:
        """Turn tabs and line breaks into layout: a search through every run, seldom needed."""
        return str(super().resolve_listing(xml)) if "\t" in xml or "\n" in xml else xml


def _require_complete(template: Path, edition: Edition) -> None:
    """Refuse an office's template that would leave a table or a part out.

    Raises:
        UnusableInputError: a placeholder that no disclosure can do without is not there.
    """
    body = docx.Document(io.BytesIO(admit(template, "docx"))).element.body
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    wanted = {f"表.{table.name}.行": f"“{table.name}”表各行" for table in edition.printed}
    headed = (f"第{numeral(part.number)}部分" for part in edition.part if part.heading)
    wanted |= {name: name for name in headed}
    for placeholder, name in wanted.items():
        if placeholder not in text:
            raise UnusableInputError(template, f"模板里没有{name}的占位符“{placeholder}”", _CORRECT)


def _filled(template: bytes, context: Mapping[str, Any], called: Path | str) -> Document:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=lambda value: _ABOVE if value is None else value
    )
    try:
        word = _Template(io.BytesIO(template))
        _free_sections(word.get_docx())
        word.render(context, environment, autoescape=True)
    except (
        TemplateError,
        etree.XMLSyntaxError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise UnusableInputError(called, *_trouble(error)) from error
    document: Document = word.docx  # get_docx() would read the template again
    return document


def _free_sections(document: Document) -> None:
    """Give section breaks a paragraph of their own where they stand in one that vanishes.

    LibreOffice, and anyone who deletes the small paragraph at the end of a section, puts them there.
    """
    body = document.element.body
    for paragraph in (each for each in body.p_lst if "{%p" in text_of(each)):
        for section in paragraph.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"):
            small = element("w:spacing", before=0, after=0, line=20, lineRule="exact")
            paragraph.addnext(element("w:p", element("w:pPr", small, section)))


_REMOVE: Final = "在 Word 中打开模板，改正或删去含有“{}”的占位符"
_CORRECT: Final = "在 Word 中打开模板改正，或用 budgetgen template 另取一份模板重新修改"


def _trouble(error: Exception) -> tuple[str, str]:
    """What is wrong with a template, and what to do."""
    named = re.findall(r"'([^']*)'", str(error)) or [str(error)]
    if isinstance(error, UndefinedError):
        return f"模板里用了本程序没有提供的名称“{named[-1]}”", _REMOVE.format(named[-1])
    if isinstance(error, SecurityError):
        return f"模板里用了不允许的名称“{named[0]}”", _REMOVE.format(named[0])
    if isinstance(error, TemplateSyntaxError):
        return f"模板里的占位符写得不对，{_near(error)}", _CORRECT
    if isinstance(error, etree.XMLSyntaxError):
        return "模板里的占位符放错了位置，例如 {%p … %} 不独占一段、{%tr … %} 不独占一行", _CORRECT
    return f"模板里的占位符算不出来（{error}）", _CORRECT


def _near(error: TemplateSyntaxError) -> str:
    """The first placeholders of the line that docxtpl points at."""
    lines = list(getattr(error, "docx_context", ()))
    line = lines[min(error.lineno, 4) - 1 :][:1]  # it gives up to three lines before
    marks = re.findall(r"\{[{%][^{}]*[%}]\}", "".join(line))
    return f"在“{' '.join(marks[:2])}”附近" if marks else "多半是 {% … %} 没有成对"


# --- afterwards ---------------------------------------------------------------------------------------------


def _merge_repeats(document: Document) -> None:
    """Merge the cells that continue the one above with it."""
    for table in document.element.body.iter(qn("w:tbl")):
        above: dict[int, CT_Tc] = {}
        for row in table.tr_lst:
            for place, cell in _cells(row):
                if text_of(cell) == _ABOVE and place in above:
                    _clear(cell)
                    cell.vMerge, above[place].vMerge = "continue", "restart"
                else:
                    above[place] = cell


def _cells(row: CT_Row) -> Iterator[tuple[int, CT_Tc]]:
    """The cells of a row with the grid column that each begins in."""
    place = 0
    for cell in row.tc_lst:
        yield place, cell
        place += cell.grid_span


def _clear(cell: CT_Tc) -> None:
    for paragraph in cell.p_lst:
        for run in paragraph.r_lst:
            paragraph.remove(run)


def _drop_empty_runs(document: Document) -> None:
    """Drop what docxtpl leaves on either side of each `{%r … %}`."""
    for run in document.element.body.xpath(
        ".//w:r[not(string(.)) and not(*[not(self::w:rPr or self::w:t)])]"
    ):
        run.getparent().remove(run)


def _link_contents(document: Document, disclosure: Disclosure, *, renewed: bool) -> None:
    """Make the entries links to the headings in order, inside a field that Word can renew with page numbers.

    Entries that say another thing than the headings, Word would overwrite: they are links only, in no field.
    """
    headings = styled(document, PART, SECTION)
    entries = styled(document, *CONTENTS)
    marks = document.element.iter(qn("w:bookmarkStart"))
    first = 1 + max((int(mark.get(qn("w:id"))) for mark in marks), default=0)
    names = [f"_Toc{number:08}" for number in range(first, first + len(headings))]
    for number, (name, heading) in enumerate(zip(names[: len(entries)], headings, strict=False), start=first):
        _open(heading, element("w:bookmarkStart", id=number, name=name))
        heading.append(element("w:bookmarkEnd", id=number))
    for entry, place in zip(entries, _headings_of(disclosure), strict=False):
        if place < len(names):
            entry.append(element("w:hyperlink", *entry.r_lst, anchor=names[place], history=1))
    if entries and renewed:
        begin, instruction, separate, _, end = field('TOC \\o "1-2" \\h \\z \\u')
        _open(entries[0], begin, instruction, separate)
        entries[-1].append(end)


def _headings_of(disclosure: Disclosure) -> Iterator[int]:
    """For each entry of the contents the number of its heading; a part without one begins with the next."""
    parts, place = iter(disclosure.parts), 0
    for level, _ in disclosure.entries:
        yield place
        place += level > 1 or bool(next(parts).heading)


def _open(paragraph: CT_P, *nodes: Any) -> None:
    """Put something before everything else in a paragraph."""
    place = 0 if paragraph.pPr is None else 1
    paragraph[place:place] = nodes


@dataclass(frozen=True)
class _Surroundings:
    """What stands around the tables of a document, and how large its styles are set."""

    remarks: frozenset[CT_P]
    numbers: frozenset[CT_P]
    parts: frozenset[CT_P]
    sizes: Sizes


def _keep_together(document: Document, typography: Typography) -> None:
    """Keep each table on one page, or of a higher one first and last rows; and the closing with the text."""
    remarks, numbers, parts = (frozenset(styled(document, name)) for name in (REMARK, TABLE_NUMBER, PART))
    around = _Surroundings(remarks, numbers, parts, sizes_of(typography))
    for table in document.element.body.tbl_lst:
        _keep_table(table, _free_height(table, typography), typography.repeated, around)
    for closing in styled(document, CLOSING)[:1]:
        if (before := closing.getprevious()) is not None and before.tag == qn("w:p"):
            _keep_with_next(before)


def _keep_table(table: CT_Tbl, free: float, repeated: float, around: _Surroundings) -> None:
    """Keep a table together, with the remarks below it, as far as it finds room on a page of that height."""
    rows, below = table.tr_lst, list(_below(table, around.remarks))
    room = free - _REMARK * len(below)
    heights = [_row_height(row, around.sizes) for row in rows]
    if room < sum(heights) <= free * _NEARLY:
        _begin_page(table, around)
        _tighten(rows, around.sizes)
        heights = [_row_height(row, around.sizes) for row in rows]
    end = len(rows) if below else len(rows) - 1
    heads = _repeat_heads(rows, heights, free * repeated)
    kept = range(end) if sum(heights) <= room else _kept(rows, heights, heads, end, free)
    for paragraph in (paragraph for place in kept for paragraph in rows[place].iter(qn("w:p"))):
        _keep_with_next(paragraph)
    for row in (row for row, height in zip(rows, heights, strict=True) if height > free / 2):
        _let_break(row)
    for remark in below[:-1]:
        _keep_with_next(remark)


def _tighten(rows: Sequence[CT_Row], sizes: Sizes) -> None:
    """Make rows no higher than their text: a remark alone on a second page is worse."""
    for row in rows:
        least = row.trHeight_val
        if least is not None:
            line = max(size_of(cell, least.pt, sizes)[1] for cell in row.tc_lst)
            row.trHeight_val = min(least, Pt(line + 1))


def _begin_page(table: CT_Tbl, around: _Surroundings) -> None:
    """Let a table that fills a page begin on one, with the captions above it: two halves are harder to read."""
    above = takewhile(lambda node: node.tag == qn("w:p"), table.itersiblings(preceding=True))
    first: Any = next((node for node in above if node in around.numbers), None)
    if first is not None and first.getprevious() not in around.parts:
        properties = first.get_or_add_pPr()
        properties.insert(0 if properties.pStyle is None else 1, element("w:pageBreakBefore"))


def _below(table: CT_Tbl, remarks: Collection[CT_P]) -> Iterator[CT_P]:
    """The remarks below a table."""
    yield from takewhile(lambda node: node in remarks, table.itersiblings())


def _kept(
    rows: Sequence[CT_Row], heights: Sequence[float], heads: int, end: int, free: float
) -> Iterator[int]:
    """The rows of a table over several pages that go with the next one: first and last, and groups under one label.

    A label that is merged over its rows would stand on the first of two pages only, so that a page begins with a label
    wherever its group finds room on one.
    """
    yield from (*range(heads + 1), *range(end - _LAST_ROWS, end))
    room = (free - sum(heights[:heads])) * _GROUP
    whole: set[int] = set()
    for column in (0, 1):
        for group in _groups(rows, column):
            if sum(heights[group.start : group.stop]) <= room and not whole & set(group):
                whole |= set(group)
                yield from range(group.start, min(group.stop - 1, end))


def _groups(rows: Sequence[CT_Row], column: int) -> Iterator[range]:
    """The rows under one label that is merged over them, heads apart."""
    cells = [dict(_cells(row)).get(column) if _repetition(row) is None else None for row in rows]
    starts = [place for place, cell in enumerate(cells) if cell is not None and cell.vMerge == "restart"]
    for start in starts:
        stop = start + 1
        while stop < len(cells) and (cell := cells[stop]) is not None and cell.vMerge == "continue":
            stop += 1
        yield range(start, stop)


def _repeat_heads(rows: Sequence[CT_Row], heights: Sequence[float], room: float) -> int:
    """Let a head stand on each page of its table, or its first row alone where all of it takes too much room.

    Word repeats rows from the first one on without a gap; what is marked below one is taken off.

    Returns:
        How many rows are repeated.
    """
    heads = next((place for place, row in enumerate(rows) if _repetition(row) is None), len(rows))
    if sum(heights[:heads]) > room:
        heads = min(heads, 1)
    for row in rows[heads:]:
        if (mark := _repetition(row)) is not None:
            mark.getparent().remove(mark)
    return heads


def _repetition(row: CT_Row) -> Any:
    """The mark of a row that is repeated on each page."""
    return None if row.trPr is None else row.trPr.find(qn("w:tblHeader"))


_LAST_ROWS: Final = 2
"""How many rows go with the last one onto the next page."""
_NEARLY: Final = 1.25
"""A table up to so much higher than a page begins on one of its own: estimates are high."""
_REMARK: Final = 32
"""The height of a remark below a table, in points: two lines."""
_GROUP: Final = 0.6
"""A group of rows is kept on one page where it takes no more than this of one."""
_POINTS_PER_MILLIMETRE: Final = 72 / 25.4


def _free_height(table: CT_Tbl, typography: Typography) -> float:
    """The height that a table finds on a fresh page of its section below its title, in points."""
    section = next(iter(table.xpath("following::w:sectPr[1]")), None)
    size = section.find(qn("w:pgSz")) if section is not None else None
    lying = size is not None and size.get(qn("w:orient")) == "landscape"
    margins = typography.landscape if lying else typography.portrait
    paper = typography.paper[0 if lying else 1]
    return (paper - margins.top - margins.bottom) * _POINTS_PER_MILLIMETRE - typography.above


def _row_height(row: CT_Row, sizes: Sizes) -> float:
    """About how high a row is with its longest cell broken into lines, in points."""
    least = row.trHeight_val.pt if row.trHeight_val is not None else 0.0
    return _SAFE * max(least, *(_cell_height(cell, least, sizes) for cell in row.tc_lst))


def _cell_height(cell: CT_Tc, least: float, sizes: Sizes) -> float:
    """About how high the text of a cell is."""
    (size, line), room = size_of(cell, least, sizes), room_in(cell)
    return line * math.ceil(ems(text_of(cell)) * size / room) if room > 0 else line


_SAFE: Final = 1.03
"""Other fonts and programs set a little wider and higher."""


def _let_break(row: CT_Row) -> None:
    """Let a row as high as half a page go over to the next one: kept whole, its end might be cut off."""
    if (properties := row.trPr) is not None:
        for rule in properties.findall(qn("w:cantSplit")):
            properties.remove(rule)


def _keep_with_next(paragraph: Any) -> None:
    properties = paragraph.get_or_add_pPr()
    if properties.keepNext is None:
        # Put where the schema wants it; python-docx would look for each of the thirty elements that may follow.
        properties.insert(0 if properties.pStyle is None else 1, element("w:keepNext"))


def _describe(document: Document, disclosure: Disclosure) -> None:
    """Say what the document is, and nothing that the template says of itself."""
    package = document.part.package
    for identity, relationship in list(package.rels.items()):
        if relationship.reltype not in {RELATIONSHIP.OFFICE_DOCUMENT, RELATIONSHIP.CORE_PROPERTIES}:
            del package.rels[identity]
    core = package.part_related_by(RELATIONSHIP.CORE_PROPERTIES)
    core.element[:] = []
    properties, day = document.core_properties, disclosure.date or LONG_AGO
    properties.title, properties.subject = _printable(disclosure.file), _printable(disclosure.subject)
    properties.author, properties.language = _printable(disclosure.unit), "zh-CN"
    properties.created = properties.modified = datetime.combine(day, time(), UTC)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
