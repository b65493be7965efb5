"""Whether a Word document is a disclosure, and of which edition."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml.ns import qn

from budgetgen.edition import if_sound, listed, load, standing_in
from budgetgen.formula.functions import YEAR
from budgetgen.reading.document.blocks import BOX, Grid, Text
from budgetgen.reading.document.headings import PartHeadings
from budgetgen.reading.forms import PDF
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.patterns import pieces
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition, Settings
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.workbook import Reading

HALF = 0.5
"""The share of a format's tables whose titles a document of it has at least."""
NO_TABLES = "PDF 里的表没有框线、列分不清的，换成 Word 文档；本来就没有表格的，不是预算、决算公开文本"
COVER = 6
"""How many paragraphs the cover may have."""
LINE, NEARLY_ALL = 60, 5
"""How long a heading is at most; how many times as often as that on the cover another year stands in such lines."""
DATE = re.compile(r"20\d\d年[\d一二三四五六七八九十]{1,3}月")
"""When something was done or published."""
PICTURES = (qn("w:drawing"), qn("w:pict"))


def refuse_bare(path: Path, data: bytes, found: Sequence[Block]) -> None:
    """Refuse a document without a text.

    Raises:
        UnusableInputError: it is empty, or a scan.
    """
    if any(block.beside in {"", BOX} if isinstance(block, Text) else not _bare(block) for block in found):
        return
    if _pictured(data):
        problem = "是扫描件：只有图片，没有文字"
        raise UnusableInputError(
            path,
            problem,
            "换成 Word 编辑的原文件；只有扫描件的，新建空白填报表（网页首页，或用 budgetgen new），照着填",
        )
    raise UnusableInputError(path, "是空文档，没有文字", "检查是否选错了文件")


def _bare(grid: Grid) -> bool:
    return all(raw.blank for line in grid.lines for raw in line)


def _pictured(data: bytes) -> bool:
    """Whether a document has pictures."""
    return next(Document(BytesIO(data)).element.body.iter(*PICTURES), None) is not None


def edition_of(path: Path, found: Sequence[Block], wanted: str | None) -> Edition:
    """The edition that was asked for, else that of the kind and year that the cover names.

    Where several regions have one of that year, it is the one most of whose tables' titles the document has, and
    where that does not decide, the one of the default region. Where it has the titles of none of them, it may be of
    a region whose own format of that year is not there yet.

    Raises:
        UnusableInputError: it is no disclosure, or of a kind or year that no edition is of.
    """
    texts = [
        fold(block.text).form for block in found if isinstance(block, Text) and block.beside in {"", BOX}
    ]
    known, year = listed(), _year(texts)
    likely = sorted(known, key=lambda own: own.year != year)
    if not any(PartHeadings(edition).parted(texts) for edition in _sound(likely)):
        first, told = next(_sound(known)).part[0], "、".join(kinds(known))
        problem = f"不是单位（部门）{told}公开文本：没有“{first.mark or first.heading}”等标题"
        raise UnusableInputError(path, problem, "换一个文件")
    if not any(block.laid for block in found):
        refuse_tableless(path, found)
    if wanted:
        return load(wanted)
    named = _of_kind(texts[:COVER], known)
    return _titled_most(texts, year, named, known) or _nearest(path, texts, year, named)


def refuse_tableless(path: Path, found: Iterable[Block]) -> None:
    """Refuse a document without any table.

    Raises:
        UnusableInputError: it has none, or none that could be read.
    """
    if not any(isinstance(block, Grid) for block in found):
        raise UnusableInputError(path, "没有读到表格", NO_TABLES)


def _sound(told: Iterable[Settings]) -> Iterator[Edition]:
    """The editions that say so; one that was damaged since it did is none."""
    return (edition for own in told if (edition := if_sound(own.id)))


def kinds(editions: Iterable[Settings]) -> tuple[str, ...]:
    """The kinds of disclosure that there are formats of: 预算, 决算."""
    return tuple(dict.fromkeys(own.kind for own in editions))


def _of_kind(cover: Sequence[str], editions: Sequence[Settings]) -> Sequence[Settings]:
    """The editions of the kind (预算, 决算) that a cover names first; all where no line of it names just one."""
    named = ([kind for kind in kinds(editions) if kind in text] for text in cover)
    kind = next((own[0] for own in named if len(own) == 1), None)
    return [own for own in editions if kind in {None, own.kind}]


def _titled_most(
    texts: Sequence[str], year: int | None, named: Sequence[Settings], known: Sequence[Settings]
) -> Edition | None:
    """The edition of the document's year most of whose tables it has: of the kind that its cover names, or of another.

    The tables decide over a word on the cover that was written wrongly; None where no edition has half of them.
    """
    for editions in (named, known):
        own = list(_sound(each for each in editions if each.year == year))
        best = max(own, key=lambda edition: _titled(edition, texts), default=None)
        if best and _titled(best, texts) >= HALF:
            return best
    return None


def _nearest(path: Path, texts: Sequence[str], year: int | None, editions: Sequence[Settings]) -> Edition:
    """The edition of the document's year, or that may stand in for one, with most of its tables though less than half."""
    known = "、".join(str(year) for year in sorted({own.year for own in editions}, reverse=True))
    told = "、".join(kinds(editions))
    if year is None:
        raise UnusableInputError(
            path, f"封面上没有年份，看不出是哪一年的{told}公开", f"用 --edition 指定版式，现有年份：{known}"
        )
    own = _sound(each for each in editions if each.year == year)
    kept = {each.kind for each in editions}
    of_year = (*own, *(edition for edition in standing_in(year) if edition.edition.kind in kept))
    if not of_year:
        fix = f"用 --edition 指定最接近的版式，现有年份：{known}"
        raise UnusableInputError(path, f"没有 {year} 年的{told}版式", fix)
    return max(of_year, key=lambda edition: _titled(edition, texts))


def _year(texts: Sequence[str]) -> int | None:
    """The year on the cover; the one that nearly all short lines name where the cover has another: it was left over.

    A date, as that of its publication, is the year where the cover has no other.
    """
    covers = (year for named in (year_of, year_in) for year in map(named, texts[:COVER]))
    cover = next(filter(None, covers), None)
    named = Counter(found for text in texts if len(text) <= LINE and (found := year_in(text)))
    usual, count = named.most_common(1)[0] if named else (None, 0)
    return usual if cover and count >= NEARLY_ALL * named[cover] else cover


def year_of(text: str) -> int | None:
    """The first year that a text names otherwise than in a date.

    >>> year_of("发布时间:2025年9月12日"), year_of("2024年度决算")
    (None, 2024)
    """
    return year_in(DATE.sub("", text))


def year_in(text: str) -> int | None:
    """The first year that a text names."""
    found = YEAR.search(text)
    return int(found[1]) if found else None


def _titled(edition: Edition, texts: Sequence[str]) -> float:
    """The share of an edition's tables whose titles a document has."""
    titles = [[fold(p).form for p in pieces(t.title) if isinstance(p, str)] for t in edition.printed]
    held = sum(any(all(part in text for part in parts) for text in texts) for parts in titles)
    return held / len(titles)


def recognised(path: Path, reading: Reading) -> Reading:
    """A reading that found at least half of its edition's tables.

    Raises:
        UnusableInputError: fewer were found: the document is of another format.
    """
    wanted = len(reading.edition.printed)
    absent = {spot.table for f in reading.findings if f.rule == "sheet-missing" for spot in f.spots}
    if len(absent) * 2 > wanted:
        settings = reading.edition.edition
        problem = (
            f"不是{settings.region}的{settings.kind}公开格式：{wanted} 张表只找到 {wanted - len(absent)} 张"
        )
        unruled = "；是本地区的，多半是 PDF 里的表没有框线、列分不清，换成 Word 文档"
        printed = unruled if path.suffix.lower() == PDF else ""
        raise UnusableInputError(path, problem, f"换成本地区的公开文本，或用 --edition 指定它的版式{printed}")
    return reading
