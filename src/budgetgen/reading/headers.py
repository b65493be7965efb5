"""Where the columns of a table stand: found by their captions, never by position, and what is wrong with them.

Captions are compared after NFKC and without white space, never fuzzily.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.places import SheetPlace, cells_of
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Block, Column, Edition, TableDeclaration
    from budgetgen.reading.cells import Line, Raw
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated

COUNTED = re.compile(r"\d{1,2}(?:=[\d+=]*)?")
"""The number of a column, with or without what it is added up from."""
MANY = 2
"""A header row is the first row in which that many cells are captions of the table."""


@dataclass(frozen=True)
class Header:
    """Where the columns of a table stand.

    Attributes:
        top: how many rows stand above it.
        rows: how many rows from the top of the sheet to the end of the header.
        places: (block index, column name) → the sheet columns that hold it; several where a code is in parts.
        strangers: sheet columns with a caption that is not declared.
        doubles: captions that stand twice.
        known: what may stand in it: all captions of the table.
        loose: the columns that do not stand below the captions that they are declared below.
    """

    rows: int
    places: Mapping[tuple[int, str], tuple[int, ...]]
    strangers: Mapping[int, str] = field(default_factory=dict)
    doubles: tuple[str, ...] = ()
    top: int = 0
    known: frozenset[str] = frozenset()
    loose: frozenset[tuple[int, str]] = frozenset()


class _Called(NamedTuple):
    """A column of a block, its captions from the outermost in, and what its own may be, as compared."""

    block: int
    column: Column
    path: tuple[str, ...]
    names: frozenset[str]


def path_of(table: TableDeclaration, block: Block, column: Column) -> tuple[str, ...]:
    """The captions of a column from the outermost in, as compared."""
    outer = (block.name,) if len(table.block) > 1 else ()
    return tuple(caption(text) for text in (*outer, *column.captions))


def find_header(
    edition: Edition, table: TableDeclaration, lines: Sequence[Line], ignored: frozenset[str] = frozenset()
) -> Header | None:
    """Where the columns stand; None where there is no header of this table.

    Args:
        edition: the format.
        table: whose header is looked for.
        lines: the rows of the sheet or of the printed table.
        ignored: captions that hold nothing to read.
    """
    own, depth = edition.once(_captioned)[table.name]
    captions = own | ignored | edition.once(_joined)[table.name].keys()
    found = _rows_of(edition, lines, captions, depth)
    if found is None:
        return None
    top, end, rows = found
    header = _places(edition, table, [_texts(line) for line in lines[top:end]], rows, ignored)
    return replace(header, top=top, known=header.known | captions)


def _captioned(edition: Edition) -> Mapping[str, tuple[frozenset[str], int]]:
    """Table → what may stand in its header, and how many rows its captions take."""
    return {table.name: (_captions_in(table), _depth(table)) for table in edition.table}


def _joined(edition: Edition) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Table → what its captions are called where those of several rows are written as one, and the captions."""
    return {table.name: _joined_of(table) for table in edition.table}


def _joined_of(table: TableDeclaration) -> Mapping[str, tuple[str, ...]]:
    """Those that can be no other caption, and none of two columns."""
    ends = ((column, path_of(table, block, column)) for block in table.block for column in block.columns)
    paths = (
        (*path[:-1], *end)
        for column, path in ends
        for end in (
            (path[-1],),
            *((caption(alias),) for alias in column.aliases),
            *((path[-1], caption(part)) for part in column.parts),
        )
    )
    found: dict[str, set[tuple[str, ...]]] = {}
    for path in paths:
        for first, end in combinations(range(len(path) + 1), 2):
            found.setdefault("".join(path[first:end]), set()).add(path[first:end])
    return {
        form: ways.pop() for form, ways in found.items() if len(ways) == 1 and form not in _captions_in(table)
    }


def _captions_in(table: TableDeclaration) -> frozenset[str]:
    columns = [(block, column) for block in table.block for column in block.columns]
    other = (caption(text) for _, column in columns for text in (*column.parts, *column.aliases))
    return frozenset(other).union(*(path_of(table, block, column) for block, column in columns))


def _depth(table: TableDeclaration) -> int:
    return max(len(path_of(table, block, column)) for block in table.block for column in block.columns)


def _rows_of(
    edition: Edition, lines: Sequence[Line], captions: frozenset[str], depth: int
) -> tuple[int, int, int] | None:
    """The first row of a header, the one behind its captions, and the one behind the numbers of its columns."""
    first = next(
        (i for i, line in enumerate(lines) if sum(t in captions for t in _texts(line)) >= MANY), None
    )
    if first is None:
        return None
    top, end = _outermost(lines, first, depth, captions), first + 1
    while end < len(lines) and _continues(lines[end], captions, total_names(edition), end < top + depth):
        end += 1
    filled = next((i for i in range(end, len(lines)) if any(_texts(lines[i]))), end)
    numbered = filled < len(lines) and numbers_columns(edition, lines[filled])
    return top, end, filled + 1 if numbered else end


def _outermost(lines: Sequence[Line], top: int, depth: int, captions: frozenset[str]) -> int:
    """The first row of a header, where rows of one caption, which spans others, stand above the first of several."""
    first = top
    while first > max(0, top - depth + 1) and not captions.isdisjoint(_texts(lines[first - 1])):
        first -= 1
    return first


def _texts(line: Line) -> list[str]:
    return [caption(raw.value) for raw in line]


def numbers_columns(edition: Edition, line: Line) -> bool:
    """Whether a row numbers the columns: with the sign for one that is not counted, or 1, 2, 3 and nothing else."""
    texts = list(filter(None, _texts(line)))
    counts = [text for text in texts if text not in counting_signs(edition)]
    in_order = [text.partition("=")[0] == str(number) for number, text in enumerate(counts, start=1)]
    told = len(counts) >= MANY and all(in_order) and all(COUNTED.fullmatch(text) for text in counts)
    return told or any(is_uncounted(text, edition) for text in texts)


def is_uncounted(text: str, edition: Edition) -> bool:
    """Whether a text is the sign for a column that is not counted; where several are one it stands as often."""
    sign = caption(edition.layout.uncounted)
    return bool(sign) and text == sign * (len(text) // len(sign)) != ""


def counting_signs(edition: Edition) -> frozenset[str]:
    """What stands before numbers of rows or columns."""
    return edition.once(_counting)


def _counting(edition: Edition) -> frozenset[str]:
    return frozenset(map(caption, edition.forms.counting))


def without_notes(edition: Edition, text: object) -> str:
    """A label without the marks of its footnotes and its colon, as it is compared."""
    return caption(edition.once(_footnotes).sub("", str(text or "").strip()))


def _footnotes(edition: Edition) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{mark})" for mark in edition.forms.footnotes) or r"(?!)")


def total_names(edition: Edition) -> frozenset[str]:
    """What a total row may be called."""
    return edition.once(_totals)


def _totals(edition: Edition) -> frozenset[str]:
    return frozenset(map(caption, edition.house.totals))


def _continues(line: Line, captions: frozenset[str], totals: frozenset[str], expected: bool) -> bool:
    """Whether a row belongs to the header: captions, and not the row of the total.

    Within the declared depth one caption is enough, so that a misspelt one beside it is named as such.
    """
    texts = set(filter(None, _texts(line)))
    if texts <= totals or any(raw.formula for raw in line):
        return False
    return bool(texts & captions) if expected else texts <= captions


def _places(
    edition: Edition, table: TableDeclaration, texts: list[list[str]], rows: int, ignored: frozenset[str]
) -> Header:
    joined = edition.once(_joined)[table.name]
    torn = [(index, _divided(captions, joined)) for index, captions in _captions(texts)]
    seen = list(_whole(table, torn))
    places: dict[tuple[int, str], tuple[int, ...]] = {}
    doubles: list[str] = []
    loose: set[tuple[int, str]] = set()
    outer = {index: captions[:-1] for index, captions in seen}
    for index, column, path, names in edition.once(_called)[table.name]:
        found = _columns_of(path, names, seen)
        loose |= {(index, column.name) for where in found[:1] if outer[where] != path[:-1]}
        if len(found) > 1:
            doubles.append(column.captions[-1])
        if found:
            places[index, column.name] = found[:1]
        elif parts := _parts_of(column, seen):
            places[index, column.name] = parts
    places = _unshared(places, loose)
    used = {i for where in places.values() for i in where}
    strangers = {i: path[-1] for i, path in seen if i not in used and path[-1] not in ignored}
    whole = ((one, other) for (_, one), (_, other) in zip(torn, seen, strict=True) if one != other)
    pieces = frozenset(text for one, other in whole for text in one[len(other) - 1 :])
    return Header(rows, places, strangers, tuple(doubles), known=pieces, loose=frozenset(loose))


def _unshared(
    places: Mapping[tuple[int, str], tuple[int, ...]], loose: Collection[tuple[int, str]]
) -> dict[tuple[int, str], tuple[int, ...]]:
    """The columns without those that were found in a place of another: one column of a sheet is one of the table."""
    held = Counter(i for where in places.values() for i in where)
    return {
        key: where for key, where in places.items() if key not in loose or all(held[i] == 1 for i in where)
    }


def _captions(texts: list[list[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """For each sheet column: its own lowest caption, under those that span it."""
    for index in range(max(map(len, texts), default=0)):
        own = [depth for depth, row in enumerate(texts) if index < len(row) and row[index]]
        if own:
            above = [next((t for t in reversed(row[: index + 1]) if t), "") for row in texts[: own[-1]]]
            yield index, (*filter(None, above), texts[own[-1]][index])


def _divided(captions: tuple[str, ...], joined: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The captions of a column, each as those of several rows where these are written as one."""
    return tuple(one for text in captions for one in joined.get(text, (text,)))


def _whole(
    table: TableDeclaration, seen: Sequence[tuple[int, tuple[str, ...]]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The captions, those whole again that stand over several rows: a page that ends within a header tears them."""
    columns = [column for block in table.block for column in block.columns]
    names = {caption(text) for column in columns for text in (column.captions[-1], *column.aliases)}
    for index, captions in seen:
        ways = ((*captions[:cut], "".join(captions[cut:])) for cut in range(len(captions) - 1, -1, -1))
        yield index, next((way for way in ways if way[-1] in names), captions)


def _called(edition: Edition) -> Mapping[str, Sequence[_Called]]:
    """Table → what its columns are called."""
    return {table.name: tuple(_columns_called(table)) for table in edition.table}


def _columns_called(table: TableDeclaration) -> Iterator[_Called]:
    for index, block in enumerate(table.block):
        for column in block.columns:
            path = path_of(table, block, column)
            yield _Called(index, column, path, frozenset({path[-1], *map(caption, column.aliases)}))


def _columns_of(
    path: tuple[str, ...], names: Collection[str], seen: list[tuple[int, tuple[str, ...]]]
) -> tuple[int, ...]:
    """The sheet columns of a caption: those under the declared outer captions, else the only one of that name.

    An alias may be the caption above, which nothing divides then.
    """
    found = [(index, captions) for index, captions in seen if captions[-1] in names]
    exact = [index for index, captions in found if path[:-1] in (captions[:-1], captions)]
    return tuple(exact or ([found[0][0]] if len(found) == 1 else []))


def _parts_of(column: Column, seen: list[tuple[int, tuple[str, ...]]]) -> tuple[int, ...]:
    """The sheet columns of a code that is printed in parts."""
    where = [
        next((i for i, captions in seen if captions[-1] == caption(part)), None) for part in column.parts
    ]
    return tuple(i for i in where if i is not None) if where and None not in where else ()


# --- what is wrong with them ---------------------------------------------------------------------------------


def column_findings(
    edition: Edition,
    table: TableDeclaration,
    lines: Sequence[Line],
    header: Header,
    place: FilePlace | None,
    called: Stated,
) -> Iterator[Finding]:
    """Columns that are missing, stand twice, or hold something that is not read.

    Args:
        edition: the format.
        table: which was looked for.
        lines: the rows of the sheet or of the printed table.
        header: what was found in them.
        place: the sheet; None where the table stands in none.
        called: the sheet or printed table, for messages.
    """

    def told(rule: str, stated: Stated, place: FilePlace | None = place) -> Finding:
        return Finding.of(edition.rules[rule], stated, Spot(table.name, place=place))

    for index, block in enumerate(table.block):
        for column in block.columns:
            if (index, column.name) in header.places or column.type == "unit":
                continue
            lacks = told("column-missing", saying(何处=called, 列=column.captions[-1]))
            left_out = Spot(table.name, column=column.name, place=place)
            yield replace(lacks, severity=Severity.NOTE, spots=(left_out,)) if column.only else lacks
    for text in header.doubles:
        yield told("column-duplicate", saying(何处=called, 列=text))
    for index, text in header.strangers.items():
        if held := filled_below(lines[header.rows :], index):
            yield told("column-unknown", saying(列=text), _extent(held))


def filled_below(lines: Sequence[Line], index: int) -> tuple[Raw, ...]:
    """What stands in a column; formulas without a result only where nothing else does."""
    cells = [line[index] for line in lines if index < len(line)]
    return tuple(c for c in cells if not c.blank) or tuple(c for c in cells if c.uncomputed)


def _extent(cells: Sequence[Raw]) -> FilePlace | None:
    """The range of the cells of a column; in a document, which has no ranges, the first of them."""
    first, last = cells[0].place, cells[-1].place
    if first == last or not isinstance(first, SheetPlace):
        return first
    return first._replace(cells=f"{first.cells}:{cells_of(last)}")
