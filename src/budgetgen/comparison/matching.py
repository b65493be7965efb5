"""Which rows of two files are the same: by code, by exact name, by declared alias. Nothing is guessed here."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.values import Pair
from budgetgen.formula.evaluation import KEY_JOINT
from budgetgen.values.likeness import likest
from budgetgen.values.text import as_named, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from budgetgen.comparison.values import Side, Threshold
    from budgetgen.edition.declarations import TableDeclaration
    from budgetgen.values.model import Cell, Row

YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
LASTING = re.compile(
    r"〔[^〔〕]*〕|\[20\d\d\]|\(20\d\d\)|《[^《》]*》|20\d\d年?[-~至]20\d\d|自20\d\d年(?!\d{1,2}月(?:\d{1,2}日)?[-~至])"
    r"|20\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起(?!至)|以来)|(?<=\d-)20\d\d(?![\d年-])|20\d\d(?=号)"
)
"""Where a year may stay for good: numbers of documents and standards, titles, plans of several years, when something began."""
OWN = "\0"
"""Stands for the unit of the file itself, whatever it is called."""

SEVERAL = 2
"""So many lines are told together where no other is left."""
NAMED = ("item", "unit")
"""The types of columns that name a project or a unit."""

Key: TypeAlias = "Callable[[Row], str]"


def rolled(text: str, shift: int) -> str:
    """A text whose years moved on.

    >>> rolled("2025年全年", 1)
    '2026年全年'
    """
    return YEAR.sub(lambda year: str(int(year[1]) + shift), text)


def same_but_years(old: str, new: str, shift: int) -> bool:
    """Whether two texts say the same; each year may stay, or move on with the budget year.

    >>> same_but_years("依据〔2020〕1号，2025年执行", "依据〔2020〕1号，2026年执行", 1), same_but_years("增加1人", "增加2人", 1)
    (True, False)
    """
    before, after = YEAR.split(canonical(old)), YEAR.split(canonical(new))
    return len(before) == len(after) and all(
        a == b or (index % 2 and int(a) + shift == int(b))
        for index, (a, b) in enumerate(zip(before, after, strict=True))
    )


def left_behind(old: str, new: str) -> bool:
    """Whether one year of a text, which is alike in both files, has become two: it moved on, but not everywhere.

    >>> left_behind("2025年1月1日—2025年12月31日", "2025年1月1日—2026年12月31日")
    True
    >>> left_behind("依据〔2025〕1号，2025年执行", "依据〔2025〕1号，2026年执行")
    False
    """
    before, after = (YEAR.findall(LASTING.sub("", canonical(text))) for text in (old, new))
    became = set(zip(before, after, strict=True))
    return len(became) > len({year for year, _ in became})


def displaced(ranks: Sequence[int]) -> tuple[int, ...]:
    """Which places of a row of different numbers are to be left out so that the rest rises, as few as possible.

    >>> displaced([0, 3, 1, 2])
    (1,)
    """
    ends: list[int] = []  # the place of the last of the best run of each length
    before: list[int] = []
    for place, rank in enumerate(ranks):
        length = bisect([ranks[end] for end in ends], rank)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [place]
    kept, place = set[int](), ends[-1] if ends else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return tuple(place for place in range(len(ranks)) if place not in kept)


@dataclass(frozen=True)
class Both:
    """The two files that are compared.

    Attributes:
        old, new: the files.
        threshold: from which a change is large.
    """

    old: Side
    new: Side
    threshold: Threshold

    @cached_property
    def shift(self) -> int:
        """How many years lie between them."""
        return self.new.year - self.old.year

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The tables that both formats have and neither file lacks, in the order of the new one."""
        lacking = self.old.absent | self.new.absent | self._of_workbooks
        return tuple(
            table.name
            for table in self.new.edition.table
            if table.name in self.old.edition.tables and table.name not in lacking
        )

    @cached_property
    def _of_workbooks(self) -> frozenset[str]:
        """The sheets that are not compared where one of the files is a document: it tells of none, or its paragraphs are."""
        if self.workbooks:
            return frozenset()
        declared = self.new.edition.consolidation
        traces = (
            (declared.traces.sources, declared.traces.differences, declared.traces.statuses)
            if declared
            else ()
        )
        return frozenset({*traces, self.new.edition.verbatim.table})

    def of_format(self, name: str, key: str) -> bool:
        """Whether a row of a shared table is one that only one of the formats has."""
        return (key in self.declared(name).fixed) != (key in self.old.edition.tables[name].fixed)

    @cached_property
    def pairs(self) -> Mapping[str, tuple[Pair, ...]]:
        """The rows of the shared tables, side by side."""
        return {name: _matched(self, name) for name in self.shared}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Names that mean the same → one of them."""
        groups = (*self.old.edition.review.aliases, *self.new.edition.review.aliases)
        return {as_named(name): as_named(group[0]) for group in groups for name in group}

    def text(self, cell: Cell) -> str:
        """What a cell says, without the mark of a text that was carried and waits for review."""
        text = "" if cell.value is None else str(cell.value)
        return text.removeprefix(self.new.edition.house.carried)

    def known(self, text: str) -> str:
        """A name or code as it is compared."""
        name = as_named(text)
        return self.aliases.get(name, name)

    @cached_property
    def moved(self) -> frozenset[str]:
        """The projects and units that only one file has: what is said of them came or went with them."""
        sides = (self.old, self.new)
        return frozenset().union(
            *(_names(self, a, kind) ^ _names(self, b, kind) for a, b in (sides,) for kind in NAMED)
        )

    @property
    def documents(self) -> bool:
        """Whether both files are documents."""
        return self.old.paragraphs is not None and self.new.paragraphs is not None

    @property
    def paired(self) -> bool:
        """Whether both files are documents of one year, whose paragraphs are compared one by one."""
        return self.documents and not self.shift

    @property
    def workbooks(self) -> bool:
        """Whether both files are workbooks."""
        return self.old.paragraphs is None and self.new.paragraphs is None

    @cached_property
    def emptied(self) -> Mapping[str, int]:
        """The sheets of two workbooks on which no line is left, with how many went otherwise than with their project."""
        if not self.workbooks:
            return {}
        gone = {
            name: [pair.old for pair in self.pairs[name] if pair.old and pair.old.line and not pair.new]
            for name in self.shared
            if not (self.declared(name).fixed or any(row.line for row in self.new.book[name].rows))
        }
        counts = {name: sum(not self.of_moved(name, row) for row in rows) for name, rows in gone.items()}
        return {name: count for name, count in counts.items() if count >= SEVERAL}

    def of_moved(self, name: str, row: Row) -> bool:
        """Whether a row speaks of a project or unit that only one file has."""
        names = [c.name for c in self.declared(name).columns.values() if c.type in NAMED]
        known = [self.known(row.text(column)) for column in names]
        return not self.moved.isdisjoint(known) or any((name, one) in self.respelt for one in known)

    @cached_property
    def respelt(self) -> Mapping[tuple[str, str], str]:
        """The names that both files have, by the tables that one file has them in and the other under a name like them.

        By table and name: the name that only one file has.
        """
        least = Decimal(str(self.new.edition.review.similar))
        found: dict[tuple[str, str], str] = {}
        for table, sides in self._named.items():
            for mine, other in (sides, sides[::-1]):
                own = sorted((mine - other) & self.moved)
                left = sorted((other - mine) - self.moved)
                found |= {(table, left[j]): own[i] for i, j, _ in likest(own, left, least)}
        return found

    @cached_property
    def _named(self) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        """The projects that each shared table names in each file."""
        return {name: (_within(self, self.old, name), _within(self, self.new, name)) for name in self.shared}

    def declared(self, name: str) -> TableDeclaration:
        """A shared table as the new format declares it."""
        return self.new.edition.tables[name]

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a shared table that both formats have."""
        return tuple(c for c in self.declared(name).columns if c in self.old.edition.tables[name].columns)


def naming_columns(declared: TableDeclaration, kind: str) -> Iterator[str]:
    """The columns of a type whose names tell what stands in a table: keys, or projects where there are no keys."""
    for block in declared.block:
        for column in block.columns:
            if column.type == kind and (column.name in block.key or (kind == "item" and not block.key)):
                yield column.name


def _names(both: Both, side: Side, kind: str) -> frozenset[str]:
    """All projects, or all units, of one file."""
    lacking = both.old.absent | both.new.absent
    return frozenset(
        both.known(row.text(column))
        for declared in side.edition.table
        if declared.name not in lacking
        for column in naming_columns(declared, kind)
        for row in side.book[declared.name].rows
        if row.text(column)
    )


def _within(both: Both, side: Side, name: str) -> frozenset[str]:
    """The projects that one table of one file names."""
    columns = side.edition.tables[name].of_type("item")
    named = (row.text(column) for row in side.book[name].rows for column in columns)
    return frozenset(map(both.known, filter(None, named)))


@dataclass(frozen=True, slots=True)
class _Pass:
    """One way to tell that two rows are the same, tried on those that are left.

    Attributes:
        old, new: the keys of a row of each file; empty for one that has none.
        recoded: the keys are names without codes: only a name that stands once in each file counts.
    """

    old: Key
    new: Key
    recoded: bool = False

    def pairs(self, old: Sequence[Row], new: Sequence[Row]) -> Iterator[Pair]:
        """Rows of the same key; the first with the first where there are several."""
        for key, (before, after) in _grouped((old, self.old), (new, self.new)).items():
            if key and not (self.recoded and max(len(before), len(after)) > 1):
                yield from (Pair(a, b, self.recoded) for a, b in zip(before, after, strict=False))


def _grouped(*sides: tuple[Sequence[Row], Key]) -> Mapping[str, tuple[list[Row], list[Row]]]:
    """The rows of the old file and of the new one, by their keys."""
    groups: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, (rows, key) in enumerate(sides):
        for row in rows:
            groups[key(row)][side].append(row)
    return groups


def _matched(both: Both, name: str) -> tuple[Pair, ...]:
    old, new = both.old.book[name].rows, both.new.book[name].rows
    declared = both.declared(name)
    pairs: list[Pair] = []
    if _keyless(declared):
        texts = _Texts.of(both, declared, (*old, *new))
        for way in _by_texts(both, texts):
            pairs += way.pairs(*_left(old, new, pairs))
        pairs += _likest(both, texts, *_left(old, new, pairs))
    else:
        for way in _by_keys(both, declared):
            pairs += way.pairs(*_left(old, new, pairs))
    return tuple(_ordered(old, new, pairs))


def _left(old: Sequence[Row], new: Sequence[Row], pairs: Sequence[Pair]) -> tuple[list[Row], list[Row]]:
    """The rows of each file that no pair has yet."""
    done = {id(row) for pair in pairs for row in (pair.old, pair.new)}
    return [row for row in old if id(row) not in done], [row for row in new if id(row) not in done]


# --- tables whose rows have names or codes ------------------------------------------------------------------


def _by_keys(both: Both, declared: TableDeclaration) -> Iterator[_Pass]:
    yield _Pass(_key_of(both.old, as_named), _key_of(both.new, as_named))
    if names := _name_columns(declared):
        yield _Pass(_name_of(both.old, names), _name_of(both.new, names), recoded=True)
    yield _Pass(_key_of(both.old, both.known), _key_of(both.new, both.known))
    if not declared.printed:  # whose figures are those of the project: its name may tell the budget year
        yield _Pass(
            _key_of(both.old, lambda text: rolled(canonical(text), both.shift)), _key_of(both.new, canonical)
        )


def _key_of(side: Side, known: Callable[[str], str]) -> Key:
    """The key of a row, its own unit being the same whatever it is called."""
    own = as_named(side.unit)

    def key(row: Row) -> str:
        parts = [known(part) for part in row.key.split(KEY_JOINT)]
        if own and as_named(parts[0]) == known(own):
            parts[0] = OWN if len(parts) == 1 else ""
        return f"{row.line:d}{KEY_JOINT.join(filter(None, parts))}"

    return key


def _name_columns(declared: TableDeclaration) -> tuple[str, ...]:
    """The columns that name a row beside its code."""
    if not declared.main.of_type("code"):
        return ()
    items = declared.main.of_type("item")
    return items or declared.main.of_type("name")


def _name_of(side: Side, names: tuple[str, ...]) -> Key:
    own = as_named(side.unit)

    def key(row: Row) -> str:
        name = KEY_JOINT.join(filter(None, (as_named(row.text(column)) for column in names)))
        if not name or name.startswith(side.edition.house.secret):
            return ""
        first = as_named(row.key.split(KEY_JOINT)[0])
        unit = "" if first == own or first.isdigit() else first
        return KEY_JOINT.join((row.level, unit, name))

    return key


# --- tables whose rows are texts ----------------------------------------------------------------------------


def _keyless(declared: TableDeclaration) -> bool:
    return not declared.main.key and not declared.fixed


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the rows of a table say, each looked at once.

    Attributes:
        groups: what a row belongs to, its project or its kind, by the row's identity.
        items: its project alone.
        said: all that it says.
    """

    groups: Mapping[int, str]
    items: Mapping[int, str]
    said: Mapping[int, str]

    @classmethod
    def of(cls, both: Both, declared: TableDeclaration, rows: Sequence[Row]) -> _Texts:
        """Those of the rows of both files."""
        main = declared.main.columns
        items = [c.name for c in main if c.type == "item"]
        grouping = [c.name for c in main if c.name in items or (c.type == "choice" and c.required)]
        saying = [
            c for c in both.columns(declared.name) if declared.columns[c].type not in {"item", "choice"}
        ]
        groups, of_items = (
            {id(row): KEY_JOINT.join(both.known(row.text(column)) for column in columns) for row in rows}
            for columns in (grouping, items)
        )
        return cls(
            groups,
            of_items,
            {id(row): "\n".join(canonical(both.text(row[column])) for column in saying) for row in rows},
        )

    def group(self, row: Row) -> str:
        """What a row belongs to."""
        return self.groups[id(row)]

    def all(self, row: Row) -> str:
        """What a row belongs to, and all that it says."""
        return f"{self.groups[id(row)]}\n{self.said[id(row)]}"

    def regrouped(self, row: Row) -> str:
        """All that a row says, whatever kind it is said to be of; empty for one that says nothing."""
        said = self.said[id(row)]
        return f"{self.items[id(row)]}\n{said}" if said.strip() else ""


def _by_texts(both: Both, texts: _Texts) -> Iterator[_Pass]:
    yield _Pass(texts.all, texts.all)
    yield _Pass(lambda row: rolled(texts.all(row), both.shift), texts.all)
    if both.workbooks:
        yield _Pass(texts.regrouped, texts.regrouped)


def _likest(both: Both, texts: _Texts, old: Sequence[Row], new: Sequence[Row]) -> Sequence[Pair]:
    """Of the rows that are left, those of one group that say nearly the same, likest first.

    The name of a project may tell the budget year.
    """
    least = Decimal(str(both.new.edition.review.similar))
    pairs: list[Pair] = []
    for group in (texts.group, lambda row: rolled(texts.group(row), both.shift)):
        sides = _left(old, new, pairs)
        for before, after in _grouped((sides[0], group), (sides[1], texts.group)).values():
            was = [rolled(texts.said[id(row)], both.shift) for row in before]
            now = [texts.said[id(row)] for row in after]
            pairs += (Pair(before[i], after[j]) for i, j, score in likest(was, now, least) if score)
    return pairs


def _ordered(old: Sequence[Row], new: Sequence[Row], pairs: Sequence[Pair]) -> Iterator[Pair]:
    """In the order of the new rows; an old row without a partner follows the one that it followed."""
    by_old, by_new = {id(p.old): p for p in pairs}, {id(p.new): p for p in pairs}
    after: dict[int, list[Row]] = defaultdict(list)
    anchor = 0
    for row in old:
        if found := by_old.get(id(row)):
            anchor = id(found.new)
        else:
            after[anchor].append(row)
    yield from (Pair(row, None) for row in after[0])
    for row in new:
        yield by_new.get(id(row)) or Pair(None, row)
        yield from (Pair(gone, None) for gone in after[id(row)])
