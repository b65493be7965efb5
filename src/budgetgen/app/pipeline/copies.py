"""A file as it may be copied: as it is, or, where it tells of secret items, after all in it was judged."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final

from budgetgen.reading.forms import is_document, is_word
from budgetgen.reading.guard import admit
from budgetgen.reading.secrets import EXPOSING, texts_in
from budgetgen.reading.sources import read_sources
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.app.pipeline.inputs import Checked

SHOWN: Final = 8
"""How many places are named."""


def copied(checked: Checked) -> bytes:
    """The bytes of a file, for a copy with remarks.

    Raises:
        UnusableInputError: the file holds texts of a secret item, or something that may be one, which a copy would
            spread; or it cannot be read any more.
    """
    path = checked.path
    if any(finding.rule in EXPOSING for finding in checked.findings):
        problem = "文件里有涉密项目代码以外的文字，没有写出副本，免得传出去"
        rules = "、".join(sorted({f.rule for f in checked.findings if f.rule in EXPOSING}))
        raise UnusableInputError(path, problem, f"按 {rules} 所列的位置删去这些文字，再写副本")
    document = is_document(path)
    if document and not is_word(path):
        problem = "批注写不进 PDF 和网页"
        fix = "换成 Word 文档；没有的，由它生成公开文本或草稿（网页上，或用 budgetgen build），在同时写出的“（补全）”填报表上改"
        raise UnusableInputError(path, problem, fix)
    data = admit(path, "docx" if document else "xlsx")
    return _judged(checked, data, document=document) if checked.seal else data


def _judged(checked: Checked, data: bytes, *, document: bool) -> bytes:
    from budgetgen.writing.review.secrecy import Copying  # noqa: PLC0415 - only where a file tells of secrets

    known = frozenset(map(words, set(_document(data) if document else _workbook(checked))))
    cells = (c for table in checked.book.tables.values() for row in table.rows for c in row.cells.values())
    judged = frozenset(str(cell.place) for cell in cells if cell.place and cell.value is not None)
    copying = Copying.of(data, known | checked.edition.said, frozenset() if document else judged)
    if places := copying.places():
        named = "、".join(places[:SHOWN]) + (f" 等 {len(places)} 处" if len(places) > SHOWN else "")
        problem = f"文件里有涉密项目，下列内容不能断定与它无关，没有写出副本，免得传出去：{named}"
        raise UnusableInputError(checked.path, problem, "删去这些内容，另存后再写副本")
    return copying.data()


def _document(data: bytes) -> Iterator[str]:
    """The texts of a document that reading has judged."""
    from budgetgen.reading.document.blocks import Text, blocks  # noqa: PLC0415 - not for a workbook

    for block in blocks(data):
        if isinstance(block, Text):
            if not block.beside:
                yield block.text
        else:
            yield from texts_in(block.lines)


def _workbook(checked: Checked) -> Iterator[str]:
    """All texts in the workbook that the program writes of the same figures."""
    from lxml import etree  # noqa: PLC0415 - only where a file tells of secrets

    from budgetgen.writing.workbook.writer import render_workbook  # noqa: PLC0415 - heavy

    sources = read_sources(checked.path, checked.edition, checked.seal)
    with zipfile.ZipFile(BytesIO(render_workbook(checked.edition, checked.book, sources=sources))) as archive:
        for name in archive.namelist():
            for node in etree.fromstring(archive.read(name)).iter():
                yield from (*map(str, node.attrib.values()), node.text or "")
