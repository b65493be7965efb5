"""From a file to its blocks: what can be wrong with a PDF as such is told here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.marks import (
    UNKNOWN,
    BareError,
    DamagedError,
    LockedError,
    ScannedError,
    TooManyError,
    UndecodedError,
)
from budgetgen.reading.guard import admit_pdf
from budgetgen.reading.guard.confined import ExhaustedError, confined
from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.pdf.marks import SeenPage
    from budgetgen.reading.guard.confined import Beat

MOST_PAGES: Final = 1_000
MOST_SIGNS: Final = 200_000
"""How many signs and shapes may stand on one page."""
MOST: Final = 3_000_000
"""How many may stand on all of them."""
UNREADABLE: Final = 0.02
"""Of what part of its signs a file may not tell what they are."""
LIBRARY: Final = "pdfplumber"
NO_WORD: Final = "换成 Word 文档；没有的，新建空白填报表（网页首页，或用 budgetgen new），照着填"
REPRINT: Final = "用 Word、WPS 打开原文档，重新存为 PDF；有 Word 文档的，直接用 Word 文档"
_TROUBLES: Final = {
    LockedError: ("这个 PDF 设置了打开密码", "在 PDF 阅读器里输入密码打开，另存为不带密码的 PDF"),
    DamagedError: ("这个 PDF 不完整或已损坏，可能在复制、下载或传输时中断", f"重新复制或下载；或者{REPRINT}"),
    TooManyError: (
        f"这个 PDF 太大：超过 {MOST_PAGES} 页，或页上的内容太多",
        "检查是否选错了文件；把它分成几个文件",
    ),
    ExhaustedError: ("读这个 PDF 用的时间或内存太多，没有读完", f"再试一次；还是这样，{REPRINT}"),
    ScannedError: ("是扫描件：只有图片，没有文字（图片里识别出来的文字靠不住，不读）", NO_WORD),
    BareError: ("是空的 PDF，没有文字", "检查是否选错了文件"),
    UndecodedError: ("这个 PDF 没有写明其中的字是什么字，看得见但读不出来", REPRINT),
}


def pdf_blocks(path: Path) -> tuple[Block, ...]:
    """The paragraphs and tables of a PDF, in order.

    Raises:
        UnusableInputError: it cannot be read, or has no text.
    """
    data = admit_pdf(path)
    if find_spec(LIBRARY) is None:
        problem = "读 PDF 要用的组件没有安装"
        raise UnusableInputError(path, problem, "执行 pip install “budgetgen[pdf]”；或换成 Word 文档")
    try:
        found: tuple[Block, ...] = confined(read, data)
    except tuple(_TROUBLES) as error:
        blame = Blame.MACHINE if isinstance(error, ExhaustedError) else Blame.FILE
        raise UnusableInputError(path, *_TROUBLES[type(error)], blame) from None
    return found


def read(data: bytes, beat: Beat) -> tuple[Block, ...]:
    """The same of a PDF that was admitted; done in a process of its own."""
    from budgetgen.reading.document.pdf.extraction import Extraction  # noqa: PLC0415 - only there
    from budgetgen.reading.document.pdf.flow import blocks_of  # noqa: PLC0415

    extraction = Extraction(data)
    sheets: list[SeenPage] = []
    left = MOST
    for number, page in enumerate(extraction.pages(MOST_PAGES), start=1):
        sheets.append(extraction.sheet(number, page, min(MOST_SIGNS, left)))
        left -= len(sheets[-1].signs)
        beat()
    _check(sheets)
    return tuple(blocks_of(sheets, beat))


def _check(sheets: Sequence[SeenPage]) -> None:
    """Refuse a PDF without a text that can be relied on."""
    signs = [sign.text for sheet in sheets for sign in sheet.signs if sign.text.strip()]
    if not signs:
        raise ScannedError if any(sheet.pictured for sheet in sheets) else BareError
    if sum(not _readable(sign) for sign in signs) > UNREADABLE * len(signs):
        raise UndecodedError


def _readable(text: str) -> bool:
    """Whether a sign is one: not unknown, not one that only its own font knows."""
    return text != UNKNOWN and not any("\ue000" <= sign <= "\uf8ff" or sign < " " for sign in text)
