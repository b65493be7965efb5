"""Lines as paragraphs: where one ends is measured on the pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.lines import TextLine, is_full, unled
from budgetgen.reading.document.pdf.marks import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.furniture import LaidPage

INDENT: Final = 1.2
"""By how much, in its size, the first line of a paragraph begins further in, at least."""
DEEP: Final = 3.0
"""Beyond it, all lines of a paragraph begin further in."""
LARGER: Final = 1.0
"""By how many points the sizes of two paragraphs differ."""
LOOSE: Final = 1.2
"""How much further apart than its lines, at least, paragraphs stand."""
PARTED: Final = 3.0
"""How wide, in its size, a gap is that parts a line into two texts."""
COMMON: Final = 3
"""How many lines begin or end where a margin is, at least."""
FULL: Final = 5
MANY: Final = 0.3
"""How many lines of a page, and what part of them, end together where the page has a margin of its own."""
FAR: Final = 0.6
"""Where on a page any margin is, at least: short lines show none."""
NUMBERED: Final = re.compile(r"[（(]\d{1,2}[）)]|\d{1,2}[.、．](?!\d)|表\s?\d{1,2}")
"""How a paragraph with a number begins, where the sentence above has ended."""
HEADING: Final = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)
"""How one begins that goes on with nothing but an unfinished clause."""
OPEN: Final = re.compile(r"[，、（(“‘《和及与按据照]$")
LABEL: Final = re.compile(r"[^：:]{4,10}[：:]")
"""What a paragraph begins with that tells one thing of several."""
ENDED: Final = re.compile(r"[。：；！？!?:;]$")


@dataclass(frozen=True)
class TextFrame:
    """Where text stands on pages of one size.

    Attributes:
        left, right: its margins.
        pitch: from line to line of a paragraph, by the size of its signs.
        labels: with which paragraphs begin that certainly are some.
    """

    left: float
    right: float
    pitch: Mapping[float, float]
    labels: frozenset[str] = frozenset()


@dataclass
class PageParagraph:
    """Lines that are one text.

    Attributes:
        placed: from above, each with its page.
    """

    placed: list[tuple[int, TextLine]]

    @property
    def page(self) -> int:
        """That it begins on."""
        return self.placed[0][0]

    @property
    def lines(self) -> list[TextLine]:
        """Its lines."""
        return [line for _, line in self.placed]

    @property
    def text(self) -> str:
        """What it says; an entry of the contents without its page."""
        return unled(self._said)

    @property
    def led(self) -> bool:
        """Whether it is an entry of the contents."""
        return unled(self._said) != self._said

    @property
    def breaks(self) -> tuple[int, ...]:
        """How many of its signs, blanks apart, stand before each line end within it."""
        return tuple(accumulate(len("".join(line.text.split())) for line in self.lines[:-1]))

    @property
    def _said(self) -> str:
        said = self.lines[0].text
        for above, below in pairwise(self.lines):
            parted = above.text[-1:].isascii() and above.text[-1:].isalpha() and below.text[:1].isalpha()
            said += f" {below.text}" if parted else below.text
        return said


def frames(pages: Sequence[LaidPage]) -> Sequence[TextFrame]:
    """Where text stands on each page: pages of one size share their margins, unless one shows its own."""
    held: dict[tuple[int, int], list[LaidPage]] = defaultdict(list)
    for page in pages:
        held[page.sheet.size].append(page)
    shared = {key: _frame(own) for key, own in held.items()}
    labels = frozenset(label for key, own in held.items() for label in _labels(shared[key], own))
    framed = (replace(shared[page.sheet.size], labels=labels) for page in pages)
    return [_own(frame, page) for frame, page in zip(framed, pages, strict=True)]


def _own(frame: TextFrame, page: LaidPage) -> TextFrame:
    """The frame of a page on which several lines begin, or many end, further in, and none beyond them."""
    begins, ends = [line.box.x0 for line in page.lines], [line.reach for line in page.lines]
    first, last = min(begins, default=0.0), max(ends, default=0.0)
    sizes = [line.size for line in page.lines]
    level = sum(begin - first < size / 2 for begin, size in zip(begins, sizes, strict=True))
    full = sum(last - end < size for end, size in zip(ends, sizes, strict=True))
    shown = full >= FULL and full >= MANY * len(ends) and last > page.sheet.width * FAR
    left = first if level >= COMMON and first > frame.left else frame.left
    return replace(frame, left=left, right=last if shown and last < frame.right else frame.right)


def _labels(frame: TextFrame, pages: Sequence[LaidPage]) -> Iterator[str]:
    for page in pages:
        for above, below in pairwise(page.lines):
            label = LABEL.match(below.text)
            if label and not goes_on(frame, above, below, same_page=True):
                yield label[0]


def _frame(pages: Sequence[LaidPage]) -> TextFrame:
    lines = [line for page in pages for line in page.lines]
    lefts = Counter(round(line.box.x0) for line in lines)
    rights = Counter(round(line.reach) for line in lines)
    steps: dict[float, Counter[int]] = defaultdict(Counter)
    for page in pages:
        for above, below in pairwise(page.lines):
            if above.size == below.size and below.box.top > above.box.top:
                steps[above.size][round(2 * (below.box.top - above.box.top))] += 1
    boxes = [line.box for line in lines] or [Box(0, 0, 0, 0)]
    return TextFrame(
        min((x for x, count in lefts.items() if count >= COMMON), default=min(box.x0 for box in boxes)),
        max(_right(rights), FAR * pages[0].sheet.width),
        {size: _closest(found) for size, found in steps.items()},
    )


def _right(rights: Counter[int]) -> float:
    """Where lines end that are full: the last place where several do, for a number may stand out from the margin."""
    near = {x: sum(rights[x + step] for step in range(-6, 7)) for x in rights}
    return max((x for x, count in near.items() if count >= COMMON), default=max(rights, default=0))


def _closest(steps: Counter[int]) -> float:
    """The smallest step from line to line that is no exception."""
    usual = [step for step, count in steps.items() if count * 10 >= sum(steps.values())]
    return min(usual or steps) / 2


def goes_on(frame: TextFrame, above: TextLine, below: TextLine, *, same_page: bool) -> bool:
    """Whether a line goes on with the paragraph of the one above.

    Args:
        frame: where text stands.
        above: the last line of the paragraph.
        below: the next line.
        same_page: whether both stand on one page, so that the space between them tells something.
    """
    if abs(above.size - below.size) > LARGER or above.bold != below.bold:
        return False
    if _of_contents(above) or _parted(above) or _parted(below):
        return False  # an entry of the contents ends with its page; its first line may be full
    centred = _centred(frame, above, below)
    room = frame.right - (frame.left if centred else above.box.x0)
    if not is_full(above, below, room) or (_indented(frame, above, below) and not centred):
        return False
    if same_page and below.box.top - above.box.top > LOOSE * frame.pitch.get(above.size, 0):
        return False
    return not _begins(frame, above.text, below.text)


def _begins(frame: TextFrame, above: str, below: str) -> bool:
    """Whether a line begins a paragraph by what it says."""
    label = LABEL.match(below)
    return (
        (label is not None and label[0] in frame.labels)
        or (NUMBERED.match(below) is not None and ENDED.search(above) is not None)
        or (HEADING.match(below) is not None and OPEN.search(above) is None)
    )


def _of_contents(line: TextLine) -> bool:
    """Whether a line ends with the page of an entry of the contents."""
    return unled(line.text) != line.text


def _parted(line: TextLine) -> bool:
    """Whether a line is of texts that stand apart."""
    gaps = (b.box.x0 - a.box.x1 for a, b in pairwise(line.signs))
    return any(gap > PARTED * line.size for gap in gaps)


def _centred(frame: TextFrame, above: TextLine, below: TextLine) -> bool:
    """Whether both lines stand in the middle of the page."""
    middles = [(box.x0 + box.x1) / 2 for box in (above.box, below.box)]
    centre = (frame.left + frame.right) / 2
    inward = min(above.box.x0, below.box.x0) > frame.left
    return inward and all(abs(middle - centre) < above.size / 2 for middle in middles)


def _indented(frame: TextFrame, above: TextLine, below: TextLine) -> bool:
    """Whether a line is the first of a paragraph by where it begins."""
    inward = (below.box.x0 - frame.left) / below.size
    aligned = abs(below.box.x0 - above.box.x0) < below.size / 2
    return inward > INDENT and not (aligned and inward > DEEP)
