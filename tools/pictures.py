"""Take the pictures of docs/ anew: the sample's pages, its workbook, and what differs from a year later.

`make pictures` calls it, and then the tests that take those of the pages in the browser. Needs LibreOffice, poppler and
Chromium. The comments in Word are taken by hand: LibreOffice prints none without a window.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.commands import run  # noqa: E402

from budgetgen.book.derivation import derive  # noqa: E402
from budgetgen.edition import load  # noqa: E402
from budgetgen.reading.grid import read_grid  # noqa: E402
from budgetgen.writing.workbook.writer import render_workbook  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = ROOT / "samples" / "xinjiang-2026-unit.xlsx"
IMAGES = ROOT / "docs" / "images"
GREY = "#bebebe"
PAGES = {
    "page-tables": ("单位收支总体情况表", "一般公共预算基本支出情况表"),
    "page-narrative": ("第三部分", "八、关于"),
    "page-performance": ("项目支出绩效目标表", "刘某"),
}
"""Two pages of the document beside each other, by words that stand on them."""


EDITS = {
    "| 红山科技创新券奖补资金 | 12.00 | 238.00": "| 红山科技创新券奖补资金 | 12.00 | 138.00",
    "2060599 |  | 284.21": "2060599 |  | 184.21",
    "425.39": "325.39",
    "790.06": "690.06",
    "794.86": "694.86",
    ">=50家": ">=40家",
    "机房和业务系统的运行维护": "业务系统的运行维护",
    "办公家具 |  | 9.60": "办公家具 |  | 6.90",
}
"""What differs a year later."""


def year_later(folder: Path) -> Path:
    """A workbook of the next year with the sample's figures and texts, but for the edits."""
    text = (SAMPLE.with_suffix(".txt")).read_text(encoding="utf-8")
    for old, new in EDITS.items():
        text = text.replace(old, new)
    text = re.sub(r"20[0-9]{2}(?=年|\b)", lambda year: str(int(year[0]) + 1), text)
    edition = load("xinjiang-2027")
    book, _ = read_grid(text, edition)
    path = folder / "2027年预算公开填报表.xlsx"
    path.write_bytes(render_workbook(edition, derive(book, edition)))
    return path


def called(*command: str | Path) -> bytes:
    """What another program prints."""
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603


def printed(path: Path) -> Path:
    """A document or workbook as PDF, beside it."""
    command = ("soffice", "--headless", "--convert-to", "pdf", "--outdir", path.parent, path)
    called(*command)
    return path.with_suffix(".pdf")


def pages_with(path: Path, *words: str) -> list[int]:
    """The first page that holds each of the words, from 1; the contents apart."""
    pages = called("pdftotext", path, "-").decode().split("\f")
    return [
        next(n for n, page in enumerate(pages, 1) if word in page and "....." not in page) for word in words
    ]


def picture(path: Path, page: int) -> Image.Image:
    """A page of a PDF."""
    command = ("pdftoppm", "-r", "70", "-f", str(page), "-l", str(page), "-png", path)
    return Image.open(io.BytesIO(called(*command))).convert("RGB")


def side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    """Pages with a grey edge, in one picture."""
    framed = [ImageOps.expand(image, 10, GREY) for image in images]
    whole = Image.new("RGB", (sum(i.width for i in framed), max(i.height for i in framed)), GREY)
    left = 0
    for image in framed:
        whole.paste(image, (left, 0))
        left += image.width
    return whole


def taken(folder: Path) -> Iterator[tuple[str, Image.Image]]:
    """Every picture with its name in docs/images."""
    run("build", SAMPLE, "-o", folder)
    document = printed(next(folder.glob("*.docx")))
    for name, words in PAGES.items():
        yield name, side_by_side([picture(document, page) for page in pages_with(document, *words)])
    later = year_later(folder)
    lists = {kind: folder / f"比较.{kind}" for kind in ("html", "xlsx")}
    for path in lists.values():
        run("diff", SAMPLE, later, "-o", path)
    page = folder / "page.png"
    command = (
        "chromium",
        "--headless",
        "--no-sandbox",
        "--window-size=1400,1300",
        "--hide-scrollbars",
        f"--screenshot={page}",
    )
    called(*command, lists["html"].as_uri())
    yield "diff-page", Image.open(page).convert("RGB")
    yield "diff-workbook", picture(printed(lists["xlsx"]), 1)
    workbook = printed(Path(shutil.copy(SAMPLE, folder)))
    yield "workbook", picture(workbook, *pages_with(workbook, "单位收支总体情况表"))


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        for name, image in taken(Path(scratch)):
            image.quantize(64).save(IMAGES / f"{name}.png", optimize=True)
