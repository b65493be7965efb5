"""Filling the Word template: Disclosure → docx.

docxtpl treats the text of a document as a Jinja template and puts the values in as text, which has three
silent effects on values that are kept away here: what looks like XML is dropped unless it is escaped, some
characters become layout, and `{_{` becomes `{{`. What Jinja cannot say (cells merged downwards, links,
tables kept whole) is set in the one tree of the filled document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from lxml import etree

from budgetgen.edition import folder
from budgetgen.edition.declarations.own_styles import CLOSING, COVER
from budgetgen.reading.guard import admit
from budgetgen.values.amounts import numeral
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable
from budgetgen.values.repeats import in_full
from budgetgen.writing.document.contents import link_contents
from budgetgen.writing.document.divided import divide
from budgetgen.writing.document.filled import (
    GRID,
    TABLE,
    FilledBody,
    merge_repeats,
    read_table,
    write_table,
)
from budgetgen.writing.document.fitting import fit_columns
from budgetgen.writing.document.lines import LineRoom, broken, narrow
from budgetgen.writing.document.markup import NAMESPACES, element, qn
from budgetgen.writing.document.paging import Paging, keep_closing
from budgetgen.writing.document.prepared import ABOVE, PROPERTIES, environment, language, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import CodeType

    from budgetgen.edition.declarations import Edition, Typography
    from budgetgen.values.model import Disclosure
    from budgetgen.writing.document.divided import DividedText
    from budgetgen.writing.document.filled import FilledTable
    from budgetgen.writing.document.markup import Element
    from budgetgen.writing.document.prepared import PreparedTemplate
    from budgetgen.writing.package import OfficePackage

OWN_TEMPLATE: Final = "template.docx"
"""The template of an edition in the edition's own folder."""
LONG_AGO: Final = date(2000, 1, 1)
"""The date of a document that has none: not today, so that the same input gives the same bytes."""


def render_document(disclosure: Disclosure, edition: Edition, template: Path | None = None) -> bytes:
    """The Word document of a disclosure, the same bytes for the same input.

    Raises:
        UnusableInputError: the template cannot be filled.
    """
    data = admit(template, "docx") if template else default_template(edition)
    called = template or edition.id
    try:
        prepared = prepare(data)
        if template:
            _require_complete(prepared, template, edition)
        room = LineRoom.of(prepared.package)
        package, divided, bookmarks = _filled(prepared, _context(disclosure, edition, room))
        body = FilledBody.of(package, etree.fromstring(divided.around))
    except _UNFILLABLE as error:
        raise UnusableInputError(called, *_trouble(error)) from error
    renewed = not any(part.entry for part in edition.part)
    link_contents(body, disclosure, bookmarks, renewed=renewed)
    narrow(body, room, edition.layout)
    keep_closing(body)
    try:
        main = _set(body, divided, edition.typography)
    except etree.XMLSyntaxError as error:
        raise UnusableInputError(called, *_trouble(error)) from error
    package.put(package.related("", PROPERTIES) or "", _properties(disclosure))
    return package.data({package.main: main})


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

_HIDDEN: Final = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_SHOWN: Final = {"\ufdd0": "{", "\ufdd1": "}"}
_MEANT: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
"""How a template says what would be a placeholder."""
_UNPRINTABLE: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, what docxtpl takes for layout, and the stand-ins above."""


def _context(disclosure: Disclosure, edition: Edition, room: LineRoom) -> Mapping[str, Any]:
    """Everything that a template may name."""
    blocks = [block for part in disclosure.parts for block in part.blocks]
    values = {
        "单位": {"名称": disclosure.unit},
        "年": disclosure.year,
        "草稿": disclosure.draft,
        "封面": [broken(line, COVER, room, edition.layout) for line in disclosure.cover],
        "目录标题": disclosure.contents,
        "目录": [{"级": level, "文字": text} for level, text in disclosure.entries],
        "表": {block.name: _table(block) for block in blocks if isinstance(block, PrintedTable)},
        "落款": [broken(line, CLOSING, room, edition.layout) for line in disclosure.signature],
    }
    for declared, part in zip(edition.part, disclosure.parts, strict=True):
        content = [_block(block, edition) for block in part.blocks if not isinstance(block, PrintedTable)]
        values[f"第{numeral(declared.number)}部分"] = {"标题": part.heading, "内容": content}
    return {name: _literal(value) for name, value in values.items()}


def _table(table: PrintedTable) -> Mapping[str, Any]:
    return {
        "编号": table.ordinal,
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
    """The rows with None where a cell continues the one above."""
    above: Mapping[str, str] = {}
    for row in rows:
        above = in_full(merged, {name: row[name] or None for name in merged}, above)
        yield {name: text or (None if name in above else text) for name, text in row.items()}


def _literal(value: Any) -> Any:
    """A value whose texts come out of docxtpl as they are."""
    if isinstance(value, str):
        return _printable(value).translate(_HIDDEN)
    if isinstance(value, Mapping):
        return {key: _literal(item) for key, item in value.items()}
    return [_literal(item) for item in value] if isinstance(value, list | tuple | frozenset) else value


# --- filling ------------------------------------------------------------------------------------------------

_UNFILLABLE: Final = (
    TemplateError,
    etree.XMLSyntaxError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
)
"""What a placeholder may come to that nobody has tried."""


def _require_complete(prepared: PreparedTemplate, template: Path, edition: Edition) -> None:
    """Refuse an office's template that would leave a table or a part out.

    Raises:
        UnusableInputError: a placeholder that no disclosure can do without is not there.
    """
    wanted = {f"表.{table.name}.行": f"“{table.name}”表各行" for table in edition.printed}
    headed = (f"第{numeral(part.number)}部分" for part in edition.part if part.heading)
    wanted |= {name: name for name in headed}
    for placeholder, name in wanted.items():
        if placeholder not in prepared.text:
            raise UnusableInputError(template, f"模板里没有{name}的占位符“{placeholder}”", _CORRECT)


def _filled(prepared: PreparedTemplate, context: Mapping[str, Any]) -> tuple[OfficePackage, DividedText, int]:
    """The package with all but its body; that, still to be set; and the highest number of a bookmark in it."""
    package = prepared.package
    for name, code in prepared.codes.items():
        if name != package.main:
            package.put(name, etree.fromstring(_meant("".join(_pieces(code, context))).encode()))
    numbers, bookmarks = count(_FIRST_PICTURE), [0]

    def finished(text: str) -> str:
        told = _PICTURE.sub(lambda found: f"{found[1]}{next(numbers)}", _meant(text))
        bookmarks.extend(map(int, _BOOKMARK.findall(told)))
        return _EMPTY_RUN.sub("", told)

    divided = divide(_pieces(prepared.codes[package.main], context), finished)
    return package, divided, max(bookmarks)


_BOOKMARK: Final = re.compile('<w:bookmarkStart [^<>]*?w:id="([0-9]+)"')
_PICTURE: Final = re.compile(r'(<wp:docPr [^<>]*?\bid=")[0-9]+')
_FIRST_PICTURE: Final = 1001
"""The ids of pictures, which have to differ, are given anew from here on: a loop repeats those that stand in it."""


def _set(body: FilledBody, divided: DividedText, typography: Typography) -> Iterator[bytes]:
    """The document with its tables merged, fitted and kept together, one after the other."""
    sizes, paging = body.styles.sizes, Paging.of(body, typography)
    for place, table in zip(divided.places(body.root), divided.tables, strict=True):
        was = read_table(table)
        if not was.complete:
            table.unite()
            was = _completed(*table)
        fitted = fit_columns(merge_repeats(was, ABOVE), sizes, typography.caption_width)
        write_table(_with_inner(table.changing()), was, paging.keep_table(fitted, place))
    return divided.joined(body.root)


def _with_inner(pieces: Iterable[Element]) -> Iterator[Element]:
    """The pieces of a table; once one is written, the cells of the tables within it are merged."""
    for piece in pieces:
        yield piece
        for node in list(piece.iter(TABLE))[1:]:
            table = read_table([node])
            was = table if table.complete else _completed(node)
            write_table([node], was, merge_repeats(was, ABOVE))


def _completed(node: Element) -> FilledTable:
    """A table in which placeholders made or left out cells, with a grid of as many columns."""
    fixed = language().fix_tables(etree.tostring(node, encoding="unicode"))
    for old, new in zip(node.findall(GRID), fixed.findall(GRID), strict=True):
        node.replace(old, new)
    return read_table([node])


_EMPTY_RUN: Final = re.compile(
    "<w:r(?: [^<>]*)?>(?:<w:rPr>(?:(?!</w:rPr>)<[^<>]*>)*</w:rPr>)?<w:t(?: [^<>]*)?></w:t></w:r>"
)
"""docxtpl leaves one on either side of each `{%r … %}`, and an empty value another."""


def _pieces(code: CodeType, context: Mapping[str, Any]) -> Iterator[str]:
    """The text of a part filled, piece by piece."""
    known = environment()
    return known.template_class.from_code(known, code, known.make_globals(None)).generate(context)


def _meant(text: str) -> str:
    """A filled text as it is meant: what docxtpl does with it, and the signs that were hidden from it."""
    for written, sign in _MEANT.items():
        text = text.replace(written, sign)
    if "\t" in text or "\n" in text:  # a search through every run, seldom needed
        text = language().resolve_listing(text)
    for stand_in, sign in _SHOWN.items():  # many times faster than translating so long a text
        text = text.replace(stand_in, sign)
    return text


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
    """The first placeholders of the paragraph where a template cannot be understood."""
    lines = (error.source or "").splitlines()[error.lineno - 1 :][:1]
    marks = re.findall(r"\{[{%][^{}]*[%}]\}", re.sub(r"<[^<>]+>", "", "".join(lines)))
    return f"在“{' '.join(marks[:2])}”附近" if marks else "多半是 {% … %} 没有成对"


# --- what the file says of itself ---------------------------------------------------------------------------


def _properties(disclosure: Disclosure) -> Element:
    """What the document is, and nothing that the template says of itself."""
    day = f"{disclosure.date or LONG_AGO}T00:00:00Z"
    spaces = {None: NAMESPACES["core"], "xsi": NAMESPACES["xsi"]}
    root = etree.Element(qn("core:coreProperties"), nsmap=spaces)  # type: ignore[arg-type]  # the stubs know no default namespace
    root.extend(
        (
            element("dc:title", _printable(disclosure.file)),
            element("dc:subject", _printable(disclosure.subject)),
            element("dc:creator", _printable(disclosure.unit)),
            element("dc:language", "zh-CN"),
            element("dcterms:created", day, xsi_type=_DAY),
            element("dcterms:modified", day, xsi_type=_DAY),
        )
    )
    return root


_DAY: Final = "dcterms:W3CDTF"


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
