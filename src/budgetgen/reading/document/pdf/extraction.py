"""The pages of a PDF as what stands on them: the only module that knows the library that takes a PDF apart."""

from __future__ import annotations

import logging
import math
import unicodedata
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTPage, LTRect
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from budgetgen.reading.document.pdf.marks import (
    UNKNOWN,
    Box,
    DamagedError,
    LockedError,
    SeenPage,
    Sign,
    TooManyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pdfminer.layout import LTItem
    from pdfminer.pdfinterp import PDFTextState

INVISIBLE: Final = 3
"""How text is painted that is there to be found, not seen (ISO 32000-1, 9.3.6)."""
THIN: Final = 3.0
"""A filled rectangle that is no thicker is a line."""
WHOLE: Final = 0.95
"""A rectangle that covers as much of a page is its background."""
PICTURED: Final = 0.3
"""How much of a page pictures cover where its text may be in them."""
SMALLEST: Final = 1.0
"""A font of which nobody sees anything."""
TWICE: Final = 0.2
"""How far apart, in its own size, a sign is printed a second time to look bold."""
KANGXI: Final = range(0x2F00, 0x2FD6)
"""Radicals that look like common signs and are others; programs that print web pages write them instead."""
COMPATIBLE: Final = range(0xF900, 0xFB00)
"""Signs that are the same as common ones to everybody but an old set of signs."""
RADICALS: Final = str.maketrans(
    "⺁⺄⺅⺈⺉⺊⺌⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺶⺹⺺⺼⺽⺾⺿⻀⻁"
    "⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
    "⻳戶靑\u2329\u232a",
    "厂乙亻刀刂卜小兀尣尢巳幺彑彐忄扌攵旡月歺母民氵氺灬爫丬牛犭王疋罒示礻竹糹纟罓罒羊耂肀月臼艹艹艹虎"
    "衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
    "龟户青〈〉",
)
"""Likewise, those that Unicode does not hold to be the same (EquivalentUnifiedIdeograph.txt)."""
_QUARTERS: Final = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}


class Extraction:
    """The pages of a PDF; whatever the library raises on one means that it is damaged."""

    def __init__(self, data: bytes) -> None:
        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
        self._manager = PDFResourceManager()
        try:
            self._document = PDFDocument(PDFParser(BytesIO(data)))
        except PDFPasswordIncorrect:
            raise LockedError from None
        except Exception as error:  # noqa: BLE001 - the library raises whatever it stumbles upon
            raise _damaged(error) from None

    def pages(self, most: int) -> Sequence[PDFPage]:
        """Its pages, before anything on them is read.

        Raises:
            TooManyError: there are more.
        """
        try:
            found = list(islice(PDFPage.create_pages(self._document), most + 1))
        except Exception as error:  # noqa: BLE001 - the library raises whatever it stumbles upon
            raise _damaged(error) from None
        if len(found) > most:
            raise TooManyError
        return found

    def sheet(self, number: int, page: PDFPage, most: int) -> SeenPage:
        """What stands on a page.

        Raises:
            TooManyError: there are more signs and shapes.
        """
        device = _Device(self._manager, most)
        try:
            PDFPageInterpreter(self._manager, device).process_page(page)
        except TooManyError:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises whatever it stumbles upon
            raise _damaged(error) from None
        return _Seen(number, page, device.get_result(), device.unseen).sheet()


def _damaged(error: Exception) -> Exception:
    """What an error of the library means; to be out of memory is none."""
    return error if isinstance(error, MemoryError) else DamagedError()


class _Device(PDFPageAggregator):
    """Notes of each sign whether it is painted at all, and counts."""

    def __init__(self, manager: PDFResourceManager, room: int) -> None:
        super().__init__(manager)
        self.unseen: set[int] = set()
        self._room = room
        self._mode = 0

    def render_string(self, textstate: PDFTextState, *drawn: Any) -> None:
        self._mode = textstate.render
        super().render_string(textstate, *drawn)

    def render_char(self, *drawn: Any) -> float:
        self._count()
        advance = super().render_char(*drawn)
        if self._mode == INVISIBLE:
            self.unseen.add(id(self.cur_item._objs[-1]))  # noqa: SLF001 - it tells of no sign that it has added
        return advance

    def paint_path(self, *drawn: Any) -> None:
        self._count()
        super().paint_path(*drawn)

    def _count(self) -> None:
        self._room -= 1
        if self._room < 0:
            raise TooManyError


class _Seen:
    """A page as a person sees it: the right way up, without what is not seen."""

    def __init__(self, number: int, page: PDFPage, layout: LTPage, unseen: AbstractSet[int]) -> None:
        self._number, self._layout, self._unpainted = number, layout, unseen
        self._items = tuple(_flat(layout))
        self._crop = _cropped(page, layout)

    def sheet(self) -> SeenPage:
        """The page."""
        turn = self._turn
        width, height = self._crop.width, self._crop.height
        seen, hidden, slanted = self._parted()
        return SeenPage(
            number=self._number,
            width=height if turn % 2 else width,
            height=width if turn % 2 else height,
            signs=tuple(_printed(self._sign(char) for char in seen)),
            rules=self._ruled(),
            hidden=_joined(hidden),
            slanted=_joined(slanted),
            pictured=self._pictured,
        )

    def _parted(self) -> tuple[list[LTChar], list[LTChar], list[LTChar]]:
        """The signs that are seen, those that are not, and those that stand at another angle."""
        seen: list[LTChar] = []
        hidden: list[LTChar] = []
        slanted: list[LTChar] = []
        for char in self._chars:
            if self._unseen(char):
                hidden.append(char)
            elif _quarter(char) != self._turn:
                slanted.append(char)
            else:
                seen.append(char)
        return seen, hidden, slanted

    @cached_property
    def _chars(self) -> tuple[LTChar, ...]:
        return tuple(item for item in self._items if isinstance(item, LTChar))

    @cached_property
    def _shapes(self) -> tuple[LTCurve, ...]:
        return tuple(item for item in self._items if isinstance(item, LTCurve))

    @cached_property
    def _turn(self) -> int:
        """By how many quarters of a turn, against the clock, most of the text stands."""
        turns = [turn for char in self._chars if (turn := _quarter(char)) is not None]
        return max(range(4), key=turns.count)

    # --- what is seen ---

    def _unseen(self, char: LTChar) -> bool:
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        unpainted = id(char) in self._unpainted or char.size < SMALLEST or not self._crop.holds(x, y)
        return unpainted or (_is_white(char.graphicstate.ncolor) and not self._backed(x, y))

    def _backed(self, x: float, y: float) -> bool:
        """Whether something stands behind a white sign against which it is seen."""
        pictures = (Box(i.x0, i.y0, i.x1, i.y1) for i in self._items if isinstance(i, LTImage))
        fills = (
            Box(item.x0, item.y0, item.x1, item.y1)
            for item in self._shapes
            if item.fill and not _is_white(item.non_stroking_color)
        )
        return any(box.holds(x, y) for box in (*fills, *pictures))

    @property
    def _pictured(self) -> bool:
        areas = (i.width * i.height for i in self._items if isinstance(i, LTImage))
        return sum(areas) > PICTURED * self._crop.width * self._crop.height

    # --- places ---

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A place as a person sees the page: turned, and counted from above."""
        left, low, right, high = self._crop.x0, self._crop.top, self._crop.x1, self._crop.bottom
        match self._turn:
            case 1:
                return Box(y0 - low, x0 - left, y1 - low, x1 - left)
            case 2:
                return Box(right - x1, y0 - low, right - x0, y1 - low)
            case 3:
                return Box(high - y1, right - x1, high - y0, right - x0)
        return Box(x0 - left, high - y1, x1 - left, high - y0)

    def _sign(self, char: LTChar) -> Sign:
        text = char.get_text()
        known = UNKNOWN if text.startswith("(cid:") else _common(text)
        size = char.width if self._turn % 2 else char.size
        return Sign(known, self._box(*char.bbox), round(size, 1), "bold" in char.fontname.lower())

    def _ruled(self) -> tuple[Box, ...]:
        """All lines, the dotted among them."""
        found = [rule for item in self._shapes for rule in self._rules(item)]
        dots = [rule for rule in found if max(rule.width, rule.height) < THIN]
        lines = [rule for rule in found if max(rule.width, rule.height) >= THIN]
        dotted = (_lined(dots, level=level, step=step) for level in (True, False) for step in (0.0, 0.5))
        return (*lines, *chain.from_iterable(dotted))

    def _rules(self, item: LTCurve) -> Iterator[Box]:
        """The lines that a shape is made of, the sides of a rectangle among them; not of one that covers the page.

        A ground in colour has no sides: every other row may stand on one. White is seen on what is dark, between cells.
        """
        box = self._box(*item.bbox)
        page = self._crop
        if isinstance(item, LTLine) or min(box.width, box.height) < THIN:
            yield _flattened(box)
        elif box.width * box.height < WHOLE * page.width * page.height:
            if isinstance(item, LTRect):
                seen = item.stroke or _is_white(item.non_stroking_color)
                yield from _sides(box) if seen else ()
            else:
                yield from self._segments(item)

    def _segments(self, item: LTCurve) -> Iterator[Box]:
        """The upright and level parts of a line that goes round corners."""
        for (ax, ay), (bx, by) in zip(item.pts, item.pts[1:], strict=False):
            box = self._box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            if min(box.width, box.height) < THIN / 2:
                yield _flattened(box)


def _flat(container: LTContainer[Any]) -> Iterator[LTItem]:
    """All items, those in figures too; without recursion, for figures nest as a file likes."""
    waiting = [iter(container)]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, LTContainer):
            waiting.append(iter(item))
        else:
            yield item


def _cropped(page: PDFPage, layout: LTPage) -> Box:
    """What of a page is shown, in the library's own places: those of the page turned as the file says."""
    x0, y0, x1, y1 = page.mediabox
    left, low, right, high = page.cropbox
    match page.rotate:
        case 90:
            shown = Box(low - y0, x1 - right, high - y0, x1 - left)
        case 180:
            shown = Box(x1 - right, y1 - high, x1 - left, y1 - low)
        case 270:
            shown = Box(y1 - high, left - x0, y1 - low, right - x0)
        case _:
            shown = Box(left - x0, low - y0, right - x0, high - y0)
    within = Box(
        max(shown.x0, 0.0), max(shown.top, 0.0), min(shown.x1, layout.width), min(shown.bottom, layout.height)
    )
    return within if min(within.width, within.height) > 0 else Box(0, 0, layout.width, layout.height)


def _quarter(char: LTChar) -> int | None:
    """By how many quarters of a turn, against the clock, a sign stands; None where it stands at an angle."""
    a, b, *_ = char.matrix
    length = math.hypot(a, b) or 1.0
    cos, sin = a / length, b / length
    level = (round(cos), round(sin))
    return _QUARTERS.get(level) if abs(cos - level[0]) + abs(sin - level[1]) < THIN / 100 else None


def _is_white(colour: object) -> bool:
    parts = tuple(colour) if isinstance(colour, (tuple, list)) else (colour,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return False
    return parts in {(1,), (1, 1, 1), (0, 0, 0, 0)}


def _common(text: str) -> str:
    """A sign as it is usually written."""
    told = (
        unicodedata.normalize("NFKC", sign) if ord(sign) in KANGXI or ord(sign) in COMPATIBLE else sign
        for sign in text
    )
    return "".join(told).translate(RADICALS)


def _joined(chars: Sequence[LTChar]) -> str:
    return "".join(char.get_text() for char in chars).strip()


def _flattened(box: Box) -> Box:
    """A thin shape as a line."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return Box(box.x0, y, box.x1, y) if box.width >= box.height else Box(x, box.top, x, box.bottom)


def _lined(dots: Sequence[Box], *, level: bool, step: float) -> Iterator[Box]:
    """The lines that dots make: several at one height, or below each other, with no more space than one takes.

    Args:
        dots: they.
        level: whether level lines are looked for, or upright ones.
        step: where heights begin that are taken for one, as a part of a point.
    """
    placed = [(dot.top, dot.x0, dot) if level else (dot.x0, dot.top, dot) for dot in dots]
    runs: list[list[Box]] = []
    last = (0, 0.0)
    for across, along, dot in sorted(
        ((round(at + step), along, dot) for at, along, dot in placed), key=itemgetter(0, 1)
    ):
        if not runs or across != last[0] or along - last[1] > THIN:
            runs.append([])
        runs[-1].append(dot)
        last = across, along
    for run in runs:
        box = Box.around(run)
        if (box.width if level else box.height) > 2 * THIN:
            yield _flattened(box)


def _sides(box: Box) -> Iterator[Box]:
    yield replace(box, bottom=box.top)
    yield replace(box, top=box.bottom)
    yield replace(box, x1=box.x0)
    yield replace(box, x0=box.x1)


def _printed(signs: Iterator[Sign]) -> Iterator[Sign]:
    """The signs without those that are printed again on their own place to look bold."""
    last: dict[str, list[Sign]] = {}
    for sign in signs:
        near = last.setdefault(sign.text, [])
        shift = max(TWICE * sign.box.width, THIN / 10)
        again = any(
            abs(sign.box.x0 - other.box.x0) < shift and abs(sign.box.top - other.box.top) < shift
            for other in near
        )
        if not again or not sign.text.strip():
            near.append(sign)
            del near[:-64]
            yield sign
