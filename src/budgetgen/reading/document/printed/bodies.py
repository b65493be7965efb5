"""The rows of printed tables as the declarations have them: one header, and codes in full in columns of their own.

Offices print a code in one column or three, repeat its parts or leave them blank or merged, or write it before the
name in one cell. What a row says stays; only where it stands is made the same.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import width
from budgetgen.reading.headers import without_notes
from budgetgen.values.amounts import DASHES, PER_WAN
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Block, Edition, TableDeclaration
    from budgetgen.reading.cells import Line
    from budgetgen.reading.headers import Header

COLON = "："
WORDS = re.compile(r"[^\d]*[\u4e00-\u9fff][^\d]*")
"""What stands in a column of names."""
AMOUNT = re.compile(rf"\s*([-－]?[\d,，.．]+)\s*(?:{'|'.join(PER_WAN)})")
"""An amount with its unit of money."""
AMOUNTS = re.compile(r"-?[\d,.]+")
"""What a row holds beside its name: figures."""
BARE = re.compile(rf"\s*[{DASHES}_/~～／－]{{1,2}}\s*")
"""What a cell is given that is left blank."""
NAMED = re.compile(r"\s*(\d[\d.\s\-]*\d)[\s.、:：\-—]*([^\d\s.].*)", re.DOTALL)
"""A code with its name in one cell."""


def body_of(
    edition: Edition, table: TableDeclaration, lines: Sequence[Line], header: Header, money: str
) -> tuple[list[Line], Header, tuple[str, ...]]:
    """The rows of a table, where its columns are in them, and what the rows left out are called.

    Args:
        edition: the format.
        table: whose rows they are.
        lines: with the header.
        header: of them.
        money: its unit of money: an amount may stand with it in one cell.
    """
    kept, carried = _standing(edition, _drawn(_once(lines, header), header), header)
    rows, header = _uncounted(edition, [_bare(line, money) for line in kept], header)
    for index, block in enumerate(table.block):
        header = _by_content(block, index, rows, header)
        codes = _Codes.of(edition, block, index, header)
        if codes is not None:
            rows, header = codes.settled(rows, header)
    return rows, header, carried


def _drawn(lines: Sequence[Line], header: Header) -> list[Line]:
    """The rows with what stands below any part of a caption over several columns that are one, below its first.

    Programs that save pages divide a column where the rows of a table are not divided alike.
    """
    used = {at for where in header.places.values() for at in where} | header.strangers.keys()
    heads = lines[header.top : header.rows]
    rests = {at: _rest(heads, at, used) for where in header.places.values() for at in where}
    wide = {at: rest for at, rest in rests.items() if rest}
    return [*lines[: header.rows], *(_moved(line, wide) for line in lines[header.rows :])]


def _rest(heads: Sequence[Line], first: int, used: Collection[int]) -> list[int]:
    """The columns behind one that its caption reaches over, and that have none of their own."""
    return list(
        itertools.takewhile(
            lambda at: (
                at not in used
                and any(at < len(head) and head[at].place == head[first].place is not None for head in heads)
            ),
            range(first + 1, max(map(len, heads), default=0)),
        )
    )


def _moved(line: Line, wide: Mapping[int, Sequence[int]]) -> Line:
    """A row with the only text that stands below a wide caption below its first column."""
    cells = list(line)
    for first, rest in wide.items():
        held = [at for at in (first, *rest) if at < len(line) and not line[at].blank]
        if len(held) == 1 and first < len(line):
            cells[first], cells[held[0]] = cells[held[0]], cells[first]
    return tuple(cells)


def _once(lines: Sequence[Line], header: Header) -> list[Line]:
    """The rows without those that repeat the header."""
    head = [_texts(line) for line in lines[header.top : header.rows]]
    kept, at = list(lines[: header.rows]), header.rows
    while at < len(lines):
        again = 0
        while again < len(head) and at + again < len(lines) and _texts(lines[at + again]) == head[again]:
            again += 1
        if not again:
            kept.append(lines[at])
        at += max(again, 1)
    return kept


def _standing(edition: Edition, lines: list[Line], header: Header) -> tuple[list[Line], tuple[str, ...]]:
    """The rows without those that only carry sums from page to page, and what these are called.

    In a table that has no other total, none is left out: a single one at the end, of one page, is the total.
    """
    running, totals = (frozenset(map(caption, f)) for f in (edition.forms.running, edition.house.totals))
    called = {number: _words(line) for number, line in enumerate(lines) if number >= header.rows}
    carried = [number for number, words in called.items() if words and running.issuperset(words)]
    ends = tuple(totals)
    if any(word.endswith(ends) for words in called.values() for word in words if word not in running):
        left = [line for number, line in enumerate(lines) if number not in carried]
        return left, tuple(called[number][0] for number in carried)
    if len(carried) == 1 and carried[0] == max(called) and called[carried[0]][0].endswith(ends):
        return [*lines[:-1], _as_total(lines[-1], running, edition.house.totals[0])], ()
    return lines, ()


def _as_total(line: Line, running: frozenset[str], total: str) -> Line:
    """The sum of the only page as the row of the total."""
    return tuple(raw._replace(value=total) if caption(raw.value) in running else raw for raw in line)


def _words(line: Line) -> list[str]:
    """What a row says beside its figures."""
    return [text for text in _texts(line) if text and not AMOUNTS.fullmatch(text)]


def _uncounted(edition: Edition, lines: list[Line], header: Header) -> tuple[list[Line], Header]:
    """The rows without what only counts them."""
    counting = {caption(text) for text in edition.forms.counting}
    columns = {index for index, text in header.strangers.items() if text in counting}
    if not columns:
        return lines, header
    bare: list[Line] = [
        tuple(raw._replace(value=None) if index in columns else raw for index, raw in enumerate(line))
        for line in lines
    ]
    left = {index: text for index, text in header.strangers.items() if index not in columns}
    return bare, replace(header, strangers=left)


def _by_content(block: Block, index: int, lines: Sequence[Line], header: Header) -> Header:
    """The header with the columns of code and name that go by another caption: they are known by what stands in them."""
    contents = {"code": _code(block), "name": WORDS}
    for column in block.columns if block.open else ():
        form = contents.get(column.type)
        if form is None or (index, column.name) in header.places:
            continue
        alike = [at for at in header.strangers if _all(lines[header.rows :], at, form)]
        if len(alike) == 1:
            left = {at: text for at, text in header.strangers.items() if at != alike[0]}
            places = {**header.places, (index, column.name): (alike[0],)}
            header = replace(header, places=places, strangers=left)
    return header


def _code(block: Block) -> re.Pattern[str] | None:
    """The codes of a block, of any of its levels, their parts set apart or not; None where it has none."""
    lengths = [level.length for level in block.levels if level.length]
    if not lengths:
        return None
    parts = [after - before for before, after in itertools.pairwise(lengths)]
    inner = "".join(rf"(?:[.\-]?\d{{{part}}}" for part in parts)
    return re.compile(rf"\d{{{lengths[0]}}}{inner}{')?' * len(parts)}")


def _all(lines: Sequence[Line], at: int, form: re.Pattern[str]) -> bool:
    """Whether all that stands in a column is of some form, and something does."""
    texts = [text for line in lines if (text := _text(line, at))]
    return bool(texts) and all(form.fullmatch(text) for text in texts)


def _bare(line: Line, money: str) -> Line:
    """A row with its amounts without the unit of money, and blank where dashes say so."""
    return tuple(
        raw._replace(value=None)
        if isinstance(raw.value, str) and BARE.fullmatch(raw.value)
        else raw._replace(value=found[1])
        if isinstance(raw.value, str) and raw.value.endswith(money) and (found := AMOUNT.fullmatch(raw.value))
        else raw
        for raw in line
    )


def _texts(line: Line) -> list[str]:
    return [caption(raw.value) for raw in line]


@dataclass(frozen=True)
class _CodeNames:
    """The names of the codes of a classification, and what offices put around them: 其中, the mark of a footnote.

    Attributes:
        edition: the format.
        kind: of the classification; empty where there is none.
    """

    edition: Edition
    kind: str

    def bare(self, line: Line, places: Sequence[int], named: int | None) -> Line:
        """A row with the name of its code alone: what leads in others stands in none, a mark behind it may."""
        if named is None or named >= len(line) or not isinstance(line[named].value, str):
            return line
        said = line[named].value
        for lead in (lead for lead in self.edition.synonyms.leads if lead.endswith(COLON)):
            said = re.sub(rf"^\s*{re.escape(lead[:-1])}\s*[:：]\s*", "", said)
        codes = self.edition.codes(self.kind) if self.kind else {}
        own = codes.get("".join(_text(line, at) for at in places), "")
        if own and caption(own) == without_notes(self.edition, said) != caption(said):
            said = own
        return (*line[:named], line[named]._replace(value=said), *line[named + 1 :])


@dataclass(frozen=True)
class _Codes:
    """The codes of a block.

    Attributes:
        index: of the block.
        code, name, item: the columns of the code, of its name and of what else names a row; empty where there is none.
        lengths: of the codes of each level.
        places: where the parts of the code stand; none where it has no column.
        named: where its name stands; None where it has no column.
        itemed: where what else names a row stands.
        totals: what the row of the total may be called.
        called: what the codes are called, and how what an office put around a name is told from it.
    """

    index: int
    code: str
    name: str
    lengths: tuple[int, ...]
    places: tuple[int, ...]
    named: int | None
    itemed: int | None
    totals: frozenset[str]
    called: _CodeNames

    @classmethod
    def of(cls, edition: Edition, block: Block, index: int, header: Header) -> _Codes | None:
        """The codes of an open block; None where it has none."""
        code = next((c.name for c in block.columns if c.type == "code" and c.name in block.key), None)
        if code is None or not block.open:
            return None
        name = next((c.name for c in block.columns if c.type == "name" and c.of == code), "")
        item = next(iter(block.of_type("item")), "")
        lengths = tuple(level.length for level in block.levels if level.by == code and level.length)
        where = {column: places for (at, column), places in header.places.items() if at == index}
        column = next(c for c in block.columns if c.name == code)
        whole = lengths if len(lengths) >= len(column.parts) else (*lengths, lengths[-1] + 2)
        return cls(
            index,
            code,
            name,
            whole,
            where.get(code, ()),
            next(iter(where.get(name, ())), None),
            next(iter(where.get(item, ())), None),
            frozenset(map(caption, edition.house.totals)),
            _CodeNames(edition, column.of),
        )

    def settled(self, lines: list[Line], header: Header) -> tuple[list[Line], Header]:
        """The rows with each code in full, in a column of its own."""
        lines, header = self._split(lines, header)
        own = replace(self, places=header.places.get((self.index, self.code), ()))
        filled = own._filled(lines[header.rows :])  # noqa: SLF001 - itself
        at = next(iter(header.places.get((self.index, self.name), ())), None)
        named = (self.called.bare(line, own.places, at) for line in filled)
        return [*lines[: header.rows], *named], header

    # --- a code and its name in one cell ---

    def _split(self, lines: list[Line], header: Header) -> tuple[list[Line], Header]:
        """The rows with code and name in two columns, where they share one."""
        shared = self.places[0] if len(self.places) == 1 and self.named is None else self.named
        if shared is None or (self.places and self.named is not None):
            return lines, header
        names = [line for line in lines[header.rows :] if _text(line, shared) not in {"", *self.totals}]
        if names and not any(_named(line, shared) for line in names):
            return lines, header
        last = width(lines)
        code, name = (last, shared) if not self.places else (shared, last)
        made = [
            _parted(line, shared, last, code_first=bool(self.places)) if number >= header.rows else line
            for number, line in enumerate(lines)
        ]
        places = {**header.places, (self.index, self.code): (code,), (self.index, self.name): (name,)}
        return made, replace(header, places=places)

    # --- codes that are not repeated ---

    def _filled(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The rows with the parts of codes that are those of the row above."""
        above: tuple[str, ...] = ()
        called = ""
        for line in lines:
            parts = [_plain(line, at) for at in self.places]
            if not any(raw.value is not None for raw in line):
                yield line
                continue
            full = self._full(parts, above)
            if not any(parts) and self._goes_on(line, above, called):
                full = above
            above = full
            called = _text(line, self.named) or called if full else ""
            yield self._with(line, parts, full)

    def _full(self, parts: Sequence[str], above: tuple[str, ...]) -> tuple[str, ...]:
        """The parts of a code down to the last that is told, with those of the row above where they are blank."""
        if len(self.places) == 1:
            return (parts[0],) if parts[0] else ()
        told = [index for index, part in enumerate(parts) if part]
        if not told or not all(part.isdigit() for part in parts if part):
            return ()
        full: list[str] = []
        for index, part in enumerate(parts[: told[-1] + 1]):
            known = above[: index + 1] if tuple(full) == above[:index] and len(above) > index else ()
            if not part and not known:
                return ()
            full = [*full, part or known[-1]]
            full = self._levelled(full)
        return tuple(full)

    def _levelled(self, parts: list[str]) -> list[str]:
        """Parts of which the last may be the whole code, or lack the zeros at its head."""
        *upper, last = parts
        length = self.lengths[len(upper)]
        if upper and len(last) == length:
            cuts = (0, *self.lengths[: len(parts)])
            return [last[begin:end] for begin, end in itertools.pairwise(cuts)]
        own = length - (self.lengths[len(upper) - 1] if upper else 0)
        return [*upper, last.zfill(own)]

    def _goes_on(self, line: Line, above: tuple[str, ...], called: str) -> bool:
        """Whether a row without a code is one more of the code above: it tells what else names it."""
        name = _text(line, self.named)
        item = _text(line, self.itemed)
        return len(above) == len(self.places) and bool(item) and name in {"", called}

    def _with(self, line: Line, parts: Sequence[str], full: tuple[str, ...]) -> Line:
        padded = (*full, *[""] * (len(parts) - len(full)))
        if not full or padded == tuple(parts):
            return line
        told = dict(zip(self.places, padded, strict=True))
        return tuple(
            raw._replace(value=told[index] or None) if index in told else raw
            for index, raw in enumerate(line)
        )


def _text(line: Line, at: int | None) -> str:
    raw = line[at] if at is not None and at < len(line) else Raw(None)
    return caption(raw.value)


def _plain(line: Line, at: int) -> str:
    """A part of a code as digits."""
    return re.sub(r"[.\-—]", "", _text(line, at))


def _named(line: Line, at: int) -> re.Match[str] | None:
    raw = line[at] if at < len(line) else Raw(None)
    return NAMED.fullmatch(raw.value) if isinstance(raw.value, str) else None


def _parted(line: Line, shared: int, last: int, *, code_first: bool) -> Line:
    """A row with the code and the name of a cell in two: the one where they stood, the other at the end."""
    raw = line[shared] if shared < len(line) else Raw(None)
    found = _named(line, shared)
    code, name = (found[1], found[2]) if found else (None, raw.value)
    if found is None and isinstance(raw.value, str) and caption(raw.value).isdigit():
        code, name = raw.value, None
    first, second = (code, name) if code_first else (name, code)
    padded = (*line, *[Raw(None, place=raw.place)] * (last - len(line)))
    own = tuple(raw._replace(value=first) if index == shared else other for index, other in enumerate(padded))
    return (*own, raw._replace(value=second))
