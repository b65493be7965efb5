"""Tables without the rules that part their cells, put together by the captions that the format has for them.

Each caption of a table is looked for in what is printed below its title, in one line or in several below each other;
nothing else may stand among them. What stands below a caption, or beside it where no other column is left, is its
column; rows are where amounts and codes, or the labels of the format, stand, and names that take several lines are
parted among these in one way only. Where anything is left over, or may be read in two ways, nothing is taken; what is
taken has yet to add up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise, product, zip_longest
from statistics import median
from typing import TYPE_CHECKING, Final

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.headings import PartHeadings
from budgetgen.reading.document.printed.captions import Captions
from budgetgen.reading.headers import counting_signs, find_header, numbers_columns, path_of, total_names
from budgetgen.reading.tables import row_names
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import caption, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Block as TableBlock
    from budgetgen.edition.declarations import Column, Edition, TableDeclaration
    from budgetgen.reading.document.blocks import Block, PlacedText

FIGURE: Final = re.compile(r"[-－—]?\d[\d,，]*(?:[.．]\d+)?%?|[-－—]{1,2}")
"""An amount, a part of a code, a number; or a dash for none."""
CODE: Final = re.compile(r"\d{3,7}")
CUT: Final = re.compile(r"[-－—]?[\d,，]+(?:[.．]\d\|\d|[.．,，]\|[\d,，.．]+|\|[.．,，][\d,，.．]*)")
SENTENCE: Final = re.compile(r"[，。；]")
ALIGNED: Final = 0.45
"""How far apart, in the size of the signs, the middles of two lines of one caption are at most, or where they begin."""
LEADING: Final = 2.0
"""How far, in the size of the signs, one line of a cell is below the other at most."""
CLOSEST: Final = 0.8
"""How far it is at least."""
LEVEL: Final = 0.35
"""How far apart, in the size of the signs, two texts of one row are at most."""
MOST: Final = 12
"""How many texts a caption, or a label, takes at most."""
LONGEST: Final = 40
"""How many lines any other cell takes."""
PITCH: Final = 1.2
"""How far, in the size of the signs, two lines are taken to be apart that the end of a page parts."""
SPACED: Final = 0.55
"""How far, in the size of the signs, two texts of one cell are apart at most, where a blank parts them."""
WIDELY: Final = 3.0
"""The same of the signs of one caption that is set widely."""
WAYS: Final = 2
"""So many ways to read one thing are looked for: with a second, none is taken."""
TRIED: Final = 20_000
"""So many steps are taken at most to find the columns."""


def with_captioned(found: Sequence[Block], edition: Edition) -> tuple[Block, ...]:
    """The paragraphs and tables of a document, with the tables that are known by their captions alone.

    Args:
        found: the paragraphs and tables; where their parts stand is of no more use then.
        edition: the format.
    """
    if not any(block.laid for block in found):
        return tuple(found)
    captions = Captions(edition, Facts(edition, found))
    instead: dict[int, Sequence[Block]] = {}
    numbers = Counter[int]()
    for block in found:
        numbers[block.page] = max(numbers[block.page], block.number if isinstance(block, Grid) else 0)
    for table, indexes in _regions(found, captions):
        own = [found[index] for index in indexes]
        made = _table_in(edition, table, own, numbers)
        instead |= dict(zip(indexes, made, strict=True)) if made else {}
    return tuple(replace(one, laid=()) for n, block in enumerate(found) for one in instead.get(n, (block,)))


def _regions(
    found: Sequence[Block], captions: Captions
) -> Iterator[tuple[TableDeclaration, tuple[int, ...]]]:
    """What stands below the title of each table, up to the next title, a remark, or a table with all its rules."""
    owner: TableDeclaration | None = None
    held: list[int] = []
    above, parts = "", PartHeadings(captions.edition)
    for index, block in enumerate(found):
        text = block.text if isinstance(block, Text) else ""
        titled = (captions.titled(text) or captions.titled(above + text)) if text else None
        above = text
        if owner and ((titled or owner) is owner) and (titled or captions.says(text)):
            continue
        heads = captions.number(text) is not None or any(parts.heads(p, text) for p in captions.edition.part)
        if titled or heads or not block.laid or (owner and _ends(captions, owner, text)):
            if owner and held:
                yield owner, tuple(held)
            owner, held = titled, []
        elif owner:
            held.append(index)
    if owner and held:
        yield owner, tuple(held)


def _ends(captions: Captions, owner: TableDeclaration, text: str) -> bool:
    """Whether a line is a remark below a table, or says that there is nothing in it."""
    form, words = fold(text).form, captions.edition.forms.notes
    noted = any(re.match(rf"[(]?{re.escape(word)}[:\d、.]", form) for word in words)
    return bool(form) and (noted or captions.below(owner, text) or captions.hollow(text))


def _table_in(
    edition: Edition, table: TableDeclaration, own: Sequence[Block], numbers: Counter[int]
) -> list[Sequence[Block]] | None:
    """What stands instead of each block: the table in the place of the first that it takes; None where there is none.

    A table that was measured stays, unless it lacks columns, or lines beside it belong to it.

    Args:
        edition: the format.
        table: which it is.
        own: what stands below its title.
        numbers: the last ordinal that a table has on each page.
    """
    printed = CaptionedTable(edition, table, tuple(_words_of(_before_sentences(own))))
    lines = printed.lines()
    if lines is None or not any(_lacks(edition, table, block, printed.taken) for block in own):
        return None
    page = min(part.page for part in printed.taken)
    numbers[page] += 1
    raws = tuple(_raws(lines, numbers[page], page))
    grid: Grid | None = Grid(raws, numbers[page], page=page, measured=True)
    made: list[Sequence[Block]] = []
    for block in own:
        left = [part for part in block.laid if not any(_holds(one, part) for one in printed.taken)]
        if len(left) == len(block.laid):
            made.append((block,))
            continue
        rest = [Text("".join(part.text for part in left), block.number, page=block.page)] if left else []
        made.append((*rest, grid) if grid else rest)
        grid = None
    return made


def _lacks(edition: Edition, table: TableDeclaration, block: Block, taken: Iterable[PlacedText]) -> bool:
    """Whether a paragraph belongs to a table, or a table that was measured has not all of its columns."""
    if isinstance(block, Text):
        return any(_holds(one, part) for part in block.laid for one in taken)
    header = find_header(edition, table, block.lines)
    wanted = {
        (n, c.name) for n, own in enumerate(table.block) for c in own.columns if c.numeric and not c.only
    }
    return block.banded or header is None or bool(header.strangers) or not wanted <= header.places.keys()


def _raws(lines: Sequence[Sequence[str]], number: int, page: int) -> Iterator[tuple[Raw, ...]]:
    for row, line in enumerate(lines, start=1):
        yield tuple(
            Raw(text or None, place=DocumentPlace(number, row, column, page=page))
            for column, text in enumerate(line, start=1)
        )


@dataclass(frozen=True)
class PrintedCaption:
    """A caption as it is printed.

    Attributes:
        text: as it is compared.
        parts: its lines.
    """

    text: str
    parts: tuple[PlacedText, ...]

    @cached_property
    def x0(self) -> float:
        """Where it begins."""
        return min(part.x0 for part in self.parts)

    @cached_property
    def x1(self) -> float:
        """Where it ends."""
        return max(part.x1 for part in self.parts)

    @property
    def middle(self) -> float:
        """From left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.parts[0].top

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.parts[-1].bottom


@dataclass(frozen=True)
class DeclaredLeaf:
    """A single column of a table, as the format has it.

    Attributes:
        block: the number of the block that it is of.
        path: its captions from the outermost in, as compared.
        names: what its own may be.
        type: what it holds.
    """

    block: int
    path: tuple[str, ...]
    names: frozenset[str]
    type: str


@dataclass(frozen=True)
class HeadedColumn:
    """A column of a printed table: its caption, and what it is.

    Attributes:
        leaf: what it is.
        head: its caption.
    """

    leaf: DeclaredLeaf
    head: PrintedCaption

    def may_hold(self, parts: Sequence[PlacedText]) -> bool:
        """Whether texts are such as may stand in it."""
        figures = all(FIGURE.fullmatch(part.text) for part in parts)
        if self.leaf.type in {"money", "number", "count"}:
            return figures
        return figures if self.leaf.type == "code" else not figures


@dataclass(frozen=True)
class PrintedHead:
    """The header of a printed table.

    Attributes:
        columns: from the left.
        captions: all, those over several columns too.
    """

    columns: tuple[HeadedColumn, ...]
    captions: tuple[PrintedCaption, ...]


@dataclass(frozen=True)
class CaptionedTable:
    """What may be a table below its title.

    Attributes:
        edition: the format.
        table: which it is.
        parts: all texts below the title.
    """

    edition: Edition
    table: TableDeclaration
    parts: tuple[PlacedText, ...]

    def lines(self) -> list[list[str]] | None:
        """Its header, one line for each depth of captions, and its rows; None where it cannot be told."""
        rows = self._body() if self._head else None
        if rows is None:
            return None
        depth = max(len(column.leaf.path) for column in self._columns)
        heads = [
            [column.leaf.path[n] if n < len(column.leaf.path) else "" for column in self._columns]
            for n in range(depth)
        ]
        return [*heads, *rows]

    @property
    def taken(self) -> frozenset[PlacedText]:
        """The texts that stand in it: all from its captions on."""
        return frozenset(self.parts) - frozenset(self._above)

    @cached_property
    def _above(self) -> list[PlacedText]:
        """What stands above it."""
        top = min((one.top for one in self._head.captions), default=0.0) if self._head else float("inf")
        first = self.parts[0].page if self.parts else 0
        return [part for part in self.parts if part.page == first and part.bottom <= top + 1]

    @property
    def _columns(self) -> tuple[HeadedColumn, ...]:
        return self._head.columns if self._head else ()

    @cached_property
    def _pages(self) -> list[tuple[PlacedText, ...]]:
        """What stands on each page; a header that the end of a page cuts, on the first."""
        pages = [tuple(own) for _, own in groupby(self.parts, key=lambda part: part.page)]
        if len(pages) > 1 and self._head_of(pages[0]) is None:
            return [tuple(_after(pages[0], pages[1])), *pages[2:]]
        return pages

    @cached_property
    def _totals(self) -> frozenset[str]:
        return total_names(self.edition)

    # --- the header ---

    @cached_property
    def _leaves(self) -> tuple[tuple[tuple[DeclaredLeaf, ...], ...], ...]:
        """The columns that the format has, in order, each in all ways that it may be printed: as one, in parts, not at all."""
        return tuple(
            tuple(self._ways(block, index, column))
            for index, block in enumerate(self.table.block)
            for column in block.columns
        )

    def _ways(self, block: TableBlock, index: int, column: Column) -> Iterator[tuple[DeclaredLeaf, ...]]:
        path = path_of(self.table, block, column)
        if column.parts:
            parts = (caption(part) for part in column.parts)
            yield tuple(DeclaredLeaf(index, (*path, part), frozenset({part}), column.type) for part in parts)
        names = frozenset({path[-1], *map(caption, column.aliases)})
        yield (DeclaredLeaf(index, path, names, column.type),)
        if column.only or column.type == "unit":
            yield ()

    @cached_property
    def _words(self) -> frozenset[str]:
        """All that may stand in its header."""
        leaves = (leaf for ways in self._leaves for way in ways for leaf in way)
        own = (text for leaf in leaves for text in (*leaf.path, *leaf.names))
        return frozenset(own) | counting_signs(self.edition)

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """What single columns are called."""
        return frozenset(name for ways in self._leaves for way in ways for leaf in way for name in leaf.names)

    def _is_label(self, text: str) -> bool:
        """Whether a text is the label of a row, and no caption."""
        said = caption(text)
        names = self.edition.once(row_names)
        return said not in self._words and any(
            names[id(block)].rows(said) for block in self.table.block if block.rows and block.label
        )

    @cached_property
    def _head(self) -> PrintedHead | None:
        """The header on the first page; None where its columns can be told in no way or in several."""
        return self._head_of(self._pages[0]) if self._pages else None

    def _head_of(self, page: Sequence[PlacedText]) -> PrintedHead | None:
        """The header on a page: rows of labels begin below it, or beside its lower captions; a total may follow it."""
        labels = [part for part in page if self._is_label(part.text)]
        for bound in (labels, ()):
            captions = self._captions(page, bound)
            for found in (captions[:-1], captions) if self._totalled(captions) else (captions,):
                columns = self._columns_of(found)
                if columns is not None:
                    return PrintedHead(tuple(columns), tuple(found))
        return None

    def _totalled(self, captions: Sequence[PrintedCaption]) -> bool:
        """Whether the name of a total may follow a header."""
        return bool(captions) and captions[-1].text in self._totals

    def _captions(self, page: Sequence[PlacedText], labels: Sequence[PlacedText]) -> list[PrintedCaption]:
        """The captions on a page above figures and labels; none where anything else stands beside the lowest.

        What stands above these may be over several columns, and is of no column.
        """
        figures = [part.top for part in page if FIGURE.fullmatch(part.text) or part in labels]
        below = min(figures, default=float("inf"))
        left = sorted((p for p in page if p.height < below), key=lambda p: (p.top, p.x0))
        found: list[PrintedCaption] = []
        unknown: list[PlacedText] = []
        while left:
            own = max(self._spelt(left[0], left[1:]), key=lambda one: len(one.text), default=None)
            if own:
                found.append(own)
                left = [part for part in left if part not in own.parts]
            else:
                known = self._is_label(left[0].text) or caption(left[0].text) in self._totals
                unknown += () if known else (left[0],)
                left = left[1:]
        lowest = max(found, key=lambda one: one.top, default=None)
        stray = lowest and any(lowest.top < part.bottom and part.top < lowest.bottom for part in unknown)
        return [] if stray else sorted(found, key=lambda one: one.top)

    def _spelt(self, first: PlacedText, others: Sequence[PlacedText]) -> Iterator[PrintedCaption]:
        """The captions that begin with a text and go on beside or below it."""
        waiting: list[tuple[tuple[PlacedText, ...], PlacedText]] = [((first,), first)]
        while waiting:
            parts, line = waiting.pop()
            said = "".join(caption(part.text) for part in parts)
            if said in self._words:
                yield PrintedCaption(said, parts)
            if len(parts) < MOST and any(word.startswith(said) for word in self._words):
                for part in others:
                    if _beside(line, part, WIDELY):
                        waiting.append(((*parts, part), _joined(line, part)))
                    elif part.top > line.top and _stacked(line, part):
                        waiting.append(((*parts, part), part))

    def _columns_of(self, captions: Sequence[PrintedCaption]) -> list[HeadedColumn] | None:
        """The columns, from the left, those among them that only count the rows."""
        counting = [one for one in captions if one.text in counting_signs(self.edition)]
        order = sorted((one for one in captions if one not in counting), key=lambda one: one.middle)
        ways: list[list[HeadedColumn]] = []
        for leaves in product(*self._leaves) if captions else ():
            wanted = [leaf for way in leaves for leaf in way]
            ways += self._matched(wanted, order)
            if len(ways) >= WAYS:
                return None
        return self._with_counting(ways[0], counting) if ways else None

    def _with_counting(
        self, columns: Sequence[HeadedColumn], counting: Sequence[PrintedCaption]
    ) -> list[HeadedColumn]:
        """Columns with those that count their rows."""
        found = list(columns)
        for one in counting:
            near = min(columns, key=lambda column: abs(column.head.middle - one.middle))
            leaf = DeclaredLeaf(near.leaf.block, (one.text,), frozenset({one.text}), "count")
            found.append(HeadedColumn(leaf, one))
        return sorted(found, key=lambda column: column.head.middle)

    def _matched(
        self, leaves: Sequence[DeclaredLeaf], order: Sequence[PrintedCaption]
    ) -> list[list[HeadedColumn]]:
        """The ways in which captions are those of columns, from the left, and all others stand above these."""
        found: list[list[HeadedColumn]] = []
        waiting: list[tuple[int, tuple[HeadedColumn, ...]]] = [(0, ())]
        steps = 0
        while waiting and len(found) < WAYS and steps < TRIED:
            steps += 1
            at, columns = waiting.pop()
            if len(columns) == len(leaves):
                if self._all_above(columns, order):
                    found.append(list(columns))
                continue
            leaf = leaves[len(columns)]
            begin = columns[-1].head.x1 if columns else float("-inf")
            waiting += [
                (n + 1, (*columns, HeadedColumn(leaf, one)))
                for n, one in enumerate(order[at:], start=at)
                if one.text in leaf.names and one.x0 >= begin and not _below(one, order)
            ]
        return found

    def _all_above(self, columns: Sequence[HeadedColumn], order: Sequence[PrintedCaption]) -> bool:
        """Whether all captions that are no columns' stand above some; totals may stand below all."""
        heads = {column.head for column in columns}
        lowest = max(head.bottom for head in heads)
        for one in order:
            if one in heads or (one.text in self._totals and one.top >= lowest):
                continue
            own = [c for c in columns if one.text in c.leaf.path[:-1] and c.head.top >= one.bottom - 1]
            if not own and one.text not in self._own_names and one.bottom - 1 <= max(h.top for h in heads):
                continue  # it parts nothing that the format tells apart
            if not own or (_shared(own, columns) and not _spans(one, own)):
                return False
        return True

    # --- the columns below it ---

    def _body(self) -> list[list[str]] | None:
        """The rows; None where they cannot be told."""
        columns = self._columns
        own: list[PlacedText] = []
        for n, page in enumerate(self._pages):
            again = self._head_of(page) if n else self._head
            if again and [c.leaf for c in again.columns] != [c.leaf for c in columns]:
                return None
            heads = {part for one in again.captions for part in one.parts} if again else set()
            left = [part for part in page if part not in heads and part not in self._above]
            own = _after(own, self._uncounted(left))
        held = self._held(columns, own)
        if held is None:
            return None
        sides = [
            self._rows(block, {n: held[n] for n, c in enumerate(columns) if c.leaf.block == index})
            for index, block in enumerate(self.table.block)
        ]
        if any(side is None for side in sides):
            return None
        return [
            [next((row[n] for row in rows if row and row.get(n)), "") for n in range(len(columns))]
            for rows in zip_longest(*filter(None, sides))
        ]

    def _uncounted(self, parts: Sequence[PlacedText]) -> list[PlacedText]:
        """Texts without a first row that numbers the columns."""
        rows = _levels(parts)
        first = [Raw(part.text) for part in sorted(rows[0], key=lambda part: part.x0)] if rows else []
        return [part for row in rows[numbers_columns(self.edition, first) :] for part in row] if first else []

    def _held(
        self, columns: Sequence[HeadedColumn], parts: Sequence[PlacedText]
    ) -> list[list[PlacedText]] | None:
        """What stands in each column; None where that is not clear."""
        totals = [part for part in parts if caption(part.text) in self._totals]
        strips = _strips([part for part in parts if part not in totals])
        placed: dict[int, int] = {}
        for n, strip in enumerate(strips):
            over = [
                m
                for m, column in enumerate(columns)
                if min(column.head.x1, _right(strip)) > max(column.head.x0, _left(strip))
            ]
            if len(over) > 1:
                return None
            if over:
                placed[n] = over[0]
        if not self._place_rest(columns, strips, placed):
            return None
        held: list[list[PlacedText]] = [[] for _ in columns]
        for n, m in placed.items():
            if not columns[m].may_hold(strips[n]) and columns[m].leaf.type != "text":
                return None
            held[m] += strips[n]
        for part in totals:
            at = self._named(columns, part)
            if at is None:
                return None
            held[at].append(part)
        return held

    def _place_rest(
        self,
        columns: Sequence[HeadedColumn],
        strips: Sequence[Sequence[PlacedText]],
        placed: dict[int, int],
    ) -> bool:
        """Place what stands below no caption, where one way is left in which it may; whether that is so.

        All amounts stand on the same side of their captions.
        """
        if sorted(placed.values()) != [placed[n] for n in sorted(placed)] or len(set(placed.values())) < len(
            placed
        ):
            return False
        bare = [n for n in range(len(strips)) if n not in placed]
        for _, run in groupby(enumerate(bare), key=lambda pair: pair[1] - pair[0]):
            own = [n for _, n in run]
            first = max((m for n, m in placed.items() if n < own[0]), default=-1)
            last = min((m for n, m in placed.items() if n > own[-1]), default=len(columns))
            free = range(first + 1, last)
            ways = [way for way in _increasing(len(own), free) if _fits(way, own, columns, strips)]
            if len(ways) != 1:
                return False
            placed |= dict(zip(own, ways[0], strict=True))
        return True

    def _named(self, columns: Sequence[HeadedColumn], part: PlacedText) -> int | None:
        """The column that the name of a total belongs to: the nearest that holds names, whatever cells are merged."""
        naming = [
            m for m, c in enumerate(columns) if c.leaf.type in {"label", "name", "item", "text", "code"}
        ]
        return min(naming, key=lambda m: _apart(columns[m].head, part), default=None)

    # --- rows ---

    def _rows(
        self, block: TableBlock, held: Mapping[int, Sequence[PlacedText]]
    ) -> list[dict[int, str]] | None:
        """The rows of a block: the text of each column."""
        columns = self._columns
        label = next((n for n in held if columns[n].leaf.type == "label"), None)
        if label is not None and block.rows:
            return self._labelled(block, held, label)
        return self._anchored(held)

    def _labelled(
        self, block: TableBlock, held: Mapping[int, Sequence[PlacedText]], label: int
    ) -> list[dict[int, str]] | None:
        """The rows of labels of the format, whatever lines each takes, with what stands beside each."""
        groups = self._parted(block, [_line(level) for level in _levels(held[label])])
        if groups is None:
            return None
        rows: list[dict[int, str]] = [{label: "".join(part.text for part in group)} for group in groups]
        for n, parts in held.items():
            for part in parts if n != label else ():
                beside = [
                    at
                    for at, group in enumerate(groups)
                    if group[0].height - LEVEL * part.size
                    <= part.height
                    <= group[-1].height + LEVEL * part.size
                ]
                if not beside and self._columns[n].leaf.names <= counting_signs(self.edition):
                    continue  # it counts a row of which nothing else is printed
                if len(beside) != 1 or n in rows[beside[0]]:
                    return None
                rows[beside[0]][n] = part.text
        return rows

    def _parted(self, block: TableBlock, lines: Sequence[PlacedText]) -> list[Sequence[PlacedText]] | None:
        """Lines as labels of the format, in the one way that there is."""
        names, totals = self.edition.once(row_names)[id(block)], self._totals
        ways: list[list[list[Sequence[PlacedText]]]] = [[[]]]
        for end in range(1, len(lines) + 1):
            own: list[list[Sequence[PlacedText]]] = []
            for begin in range(max(0, end - MOST), end):
                group = lines[begin:end]
                said = caption("".join(part.text for part in group))
                near = all(_stacked_near(a, b) for a, b in pairwise(group))
                if ways[begin] and near and (names.rows(said) or said in totals):
                    own += [[*way, group] for way in ways[begin]]
            ways.append(own[:WAYS])
        return ways[-1][0] if len(ways[-1]) == 1 else None

    def _anchored(self, held: Mapping[int, Sequence[PlacedText]]) -> list[dict[int, str]] | None:
        """The rows in which amounts, codes or totals stand, with the names beside each."""
        columns = self._columns
        exact = {n for n in held if columns[n].leaf.type not in {"name", "item", "text", "label", "choice"}}
        held = {n: _uncut(parts) if n in exact else parts for n, parts in held.items()}
        firm = [
            p for n, parts in held.items() for p in parts if n in exact or caption(p.text) in self._totals
        ]
        anchors = _levels(firm)
        if any(
            below[0].height - above[-1].height < above[0].size * LEVEL for above, below in pairwise(anchors)
        ):
            return None
        rows: list[dict[int, str]] = [{} for _ in anchors]
        for n, parts in held.items():
            lines = parts if n in exact else [_line(level) for level in _levels(parts)]
            groups = (
                [[p for p in lines if p in anchor] for anchor in anchors]
                if n in exact
                else _divided(lines, anchors)
            )
            if groups is None or (n in exact and any(len(group) > 1 for group in groups)):
                return None
            for row, group in zip(rows, groups, strict=True):
                row[n] = "".join(part.text for part in group)
        return rows


# --- texts ---


def _before_sentences(texts: Sequence[Block]) -> Iterator[PlacedText]:
    """What stands above the first sentence that is wider than half of all."""
    parts = [part for text in texts for part in text.laid]
    wide = (_right(parts) - _left(parts)) / 2 if parts else 0.0
    for text in texts:
        if any(SENTENCE.search(part.text) and part.x1 - part.x0 > wide for part in text.laid):
            return
        yield from text.laid


def _words_of(parts: Iterable[PlacedText]) -> Iterator[PlacedText]:
    """Texts, with a code and its name in one cell, which a blank parts, as one."""
    last: PlacedText | None = None
    for part in parts:
        if (
            last
            and _beside(last, part, SPACED)
            and CODE.fullmatch(last.text)
            and not FIGURE.fullmatch(part.text)
        ):
            last = _joined(last, part)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last


def _joined(left: PlacedText, right: PlacedText) -> PlacedText:
    return replace(
        left,
        text=left.text + right.text,
        top=min(left.top, right.top),
        x1=right.x1,
        bottom=max(left.bottom, right.bottom),
    )


def _after(above: Sequence[PlacedText], below: Sequence[PlacedText]) -> list[PlacedText]:
    """What stands on two pages as if it stood on one, no further apart than lines."""
    if not above or not below:
        return [*above, *below]
    last = max(above, key=lambda part: part.bottom)
    shift = last.bottom + (PITCH - 1) * last.size - min(part.top for part in below)
    bands = max(part.band for part in above)
    moved = (
        replace(part, top=part.top + shift, bottom=part.bottom + shift, band=part.band + bands)
        for part in below
    )
    return [*above, *moved]


def _beside(left: PlacedText, right: PlacedText, room: float) -> bool:
    """Whether a text follows another on its line with no more room between."""
    size = max(left.size, right.size)
    level = left.page == right.page and abs(left.height - right.height) <= LEVEL * size
    return level and 0 <= right.x0 - left.x1 <= room * size


def _uncut(parts: Sequence[PlacedText]) -> list[PlacedText]:
    """The figures of a column, those whole that take two lines: no figure ends or begins where they are cut."""
    found: list[PlacedText] = []
    for part in sorted(parts, key=lambda part: part.top):
        last = found[-1] if found else None
        if last and _stacked(last, part) and CUT.fullmatch(f"{last.text}|{part.text}"):
            found[-1] = replace(last, text=last.text + part.text)
        else:
            found.append(part)
    return found


def _line(parts: Sequence[PlacedText]) -> PlacedText:
    """The texts of one line of a cell as one."""
    first, *others = sorted(parts, key=lambda part: part.x0)
    for part in others:
        first = _joined(first, part)
    return first


def _holds(one: PlacedText, part: PlacedText) -> bool:
    """Whether a text is another, or a part of it."""
    return (
        one.page == part.page
        and one.x0 <= part.x0
        and part.x1 <= one.x1
        and one.top <= part.top
        and part.bottom <= one.bottom
    )


# --- places ---------------------------------------------------------------------------------------------------


def _stacked(above: PlacedText, below: PlacedText) -> bool:
    """Whether a text is set below another so that it may go on with it."""
    slack = ALIGNED * below.size
    aligned = abs(above.middle - below.middle) <= slack or abs(above.x0 - below.x0) <= slack
    return aligned and _stacked_near(above, below)


def _stacked_near(above: PlacedText, below: PlacedText) -> bool:
    """Whether two lines are as far apart as those of one cell."""
    return CLOSEST * below.size <= below.top - above.top <= LEADING * max(below.size, above.size)


def _below(one: PrintedCaption, others: Iterable[PrintedCaption]) -> bool:
    """Whether another caption stands below a caption."""
    return any(o.top >= one.bottom - 1 and o.x0 < one.x1 and one.x0 < o.x1 for o in others)


def _shared(own: Sequence[HeadedColumn], columns: Sequence[HeadedColumn]) -> bool:
    """Whether others have the caption of some columns too, so that what stands above tells them apart."""
    others = {column.head.text for column in columns if column not in own}
    return any(column.head.text in others for column in own)


def _spans(one: PrintedCaption, own: Sequence[HeadedColumn]) -> bool:
    """Whether a caption stands above columns, no further beside them than twice as much as they are wide."""
    left, right = own[0].head, own[-1].head
    return left.x0 - 2 * (left.x1 - left.x0) <= one.middle <= right.x1 + 2 * (right.x1 - right.x0)


def _left(strip: Sequence[PlacedText]) -> float:
    return min(part.x0 for part in strip)


def _right(strip: Sequence[PlacedText]) -> float:
    return max(part.x1 for part in strip)


def _strips(parts: Iterable[PlacedText]) -> list[list[PlacedText]]:
    """Texts that stand below each other, from the left: nothing is printed between two strips."""
    found: list[list[PlacedText]] = []
    end = float("-inf")
    for part in sorted(parts, key=lambda part: part.x0):
        if part.x0 > end:
            found.append([])
        found[-1].append(part)
        end = max(end, part.x1)
    return found


def _increasing(count: int, free: range) -> Iterator[tuple[int, ...]]:
    """All ways to give so many strips, from the left, a place each."""
    if not count:
        yield ()
        return
    for n in free:
        yield from ((n, *rest) for rest in _increasing(count - 1, range(n + 1, free.stop)))


def _fits(
    way: Sequence[int],
    own: Sequence[int],
    columns: Sequence[HeadedColumn],
    strips: Sequence[Sequence[PlacedText]],
) -> bool:
    """Whether strips may stand in columns: none reaches to the caption beside, amounts are all set the same way."""
    pairs = [(strips[n], m) for n, m in zip(own, way, strict=True)]
    within = all(
        (not m or _left(strip) >= columns[m - 1].head.x1)
        and (m + 1 == len(columns) or _right(strip) <= columns[m + 1].head.x0)
        and columns[m].may_hold(strip)
        for strip, m in pairs
    )
    sides = {_left(strip) > columns[m].head.middle for strip, m in pairs if columns[m].leaf.type == "money"}
    return within and len(sides) <= 1


def _apart(head: PrintedCaption, part: PlacedText) -> float:
    return max(head.x0 - part.x1, part.x0 - head.x1, 0.0)


def _levels(parts: Iterable[PlacedText]) -> list[list[PlacedText]]:
    """Texts of one row each, from above."""
    found: list[list[PlacedText]] = []
    for part in sorted(parts, key=lambda part: part.height):
        if found and part.height - found[-1][0].height <= LEVEL * part.size:
            found[-1].append(part)
        else:
            found.append([part])
    return found


def _divided(
    lines: Sequence[PlacedText], anchors: Sequence[Sequence[PlacedText]]
) -> list[list[PlacedText]] | None:
    """The lines of a column by the rows that they belong to, in the one way that there is; None where there is none.

    They stand in the middle of their row, or begin with it; where rules part the rows, between these.
    """
    bands = [{part.band for part in anchor} for anchor in anchors]
    if len(set().union(*bands)) == len(anchors) > 1 and all(len(band) == 1 for band in bands):
        groups = [[line for line in lines if {line.band} == band] for band in bands]
        return groups if sum(map(len, groups)) == len(lines) else None
    heights = [median(part.height for part in anchor) for anchor in anchors]
    ways = [way for middle in (True, False) if (way := _one_way(lines, heights, middle=middle)) is not None]
    return ways[0] if ways and all(way == ways[0] for way in ways) else None


def _one_way(
    lines: Sequence[PlacedText], heights: Sequence[float], *, middle: bool
) -> list[list[PlacedText]] | None:
    """Lines by their rows, in whose middle they stand, or at whose head; None where there is no such way or several."""
    ways: dict[int, list[list[list[PlacedText]]]] = {0: [[]]}
    for above, height, below in zip(
        (float("-inf"), *heights), heights, (*heights[1:], float("inf")), strict=False
    ):
        more: dict[int, list[list[list[PlacedText]]]] = defaultdict(list)
        for begin, own in ways.items():
            for end in range(begin, min(begin + LONGEST, len(lines)) + 1):
                group = list(lines[begin:end])
                if not group or (_stands(group, height, middle=middle) and _between(group, above, below)):
                    more[end] += [[*way, group] for way in own]
        ways = {end: own[:WAYS] for end, own in more.items()}
    whole = ways.get(len(lines), [])
    return whole[0] if len(whole) == 1 else None


def _stands(group: Sequence[PlacedText], height: float, *, middle: bool) -> bool:
    """Whether the lines of a cell stand in the middle of a row, or begin with it."""
    near = all(_stacked_near(above, below) for above, below in pairwise(group))
    place = (group[0].height + group[-1].height) / 2 if middle else group[0].height
    return near and abs(place - height) <= LEVEL * group[0].size


def _between(group: Sequence[PlacedText], above: float, below: float) -> bool:
    """Whether the lines of a cell reach to neither of the rows beside theirs."""
    slack = LEVEL * group[0].size
    return above + slack < group[0].height and group[-1].height < below - slack
