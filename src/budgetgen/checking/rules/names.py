"""Names: one unit, one project and one code go by one name throughout."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from budgetgen.book.facts import fact
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, rule
from budgetgen.values.likeness import ALIKE, Signs, alike, telling
from budgetgen.values.sayings import saying
from budgetgen.values.text import as_named, unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import ColumnType, Edition
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book

Named = tuple[str, "Spot"]


@rule("unit-variant")
def _units(book: Book, edition: Edition) -> Iterator[Complaint]:
    """In the tables of a unit only itself is known; in those of a department, all that they name."""
    house = edition.house
    own = fact(book, edition, house.unit)
    printed = {table.name for table in edition.printed}
    named = list(_of_type(book, edition, "unit"))
    shown = _places(one for one in named if one[1].table in printed)
    places = _places(named)
    alone = own and not _several(book, edition)
    if alone:
        odd = [(name, own) for name in shown if _foreign(name, own)]
    else:
        odd = list(_rivals(places, printed, _Units.of))
    slips = {name for name, _ in odd}
    known = _Units.of(
        [own] if alone else (name for name in dict.fromkeys((own, *shown)) if name not in {"", *slips})
    )
    for name, near in odd:
        yield saying(写作=name, 别处=near), (*shown[name], *places.get(near, ())[:1])
    for name, spots in _places(one for one in named if one[1].table not in printed).items():
        if near := known.near(name):
            yield saying(写作=name, 别处=near), spots


@rule("performance-unit")
def _strangers(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Performance tables of a unit that name another one: not a slip of its own name, which is told as such."""
    house = edition.house
    own = fact(book, edition, house.unit)
    known, heads = _Units.of([own]), _heads(edition)
    units = list(_of_type(book, edition, "unit"))
    named = _places(one for one in units if one[1].table in heads)
    others = (name for name, where in units if where.table not in heads and _foreign(name, own))
    if not own or (_several(book, edition) and (own not in named or any(others) or _below(book, edition))):
        return
    for name, spots in named.items():
        if _foreign(name, own) and not known.near(name):
            yield saying(写作=name, 本单位=own), spots


def _several(book: Book, edition: Edition) -> bool:
    """Whether it is a department that publishes."""
    house = edition.house
    return fact(book, edition, house.kind) == edition.several


def _below(book: Book, edition: Edition) -> bool:
    """Whether units below are told of; what the template says of them to its user is none."""
    declared = edition.consolidation
    if declared is None:
        return False
    told = declared.institutions
    rows = (row for row in book[told.table].rows if row.text(told.label) == told.unit)
    left = edition.lint.residue
    return any(not any(one.search(unspaced(row.text(told.name))) for one in left) for row in rows)


def _heads(edition: Edition) -> frozenset[str]:
    """The tables of which each row is the head of a performance table."""
    return frozenset(table.heads for table in edition.performance)


@rule("item-variant")
def _items(book: Book, edition: Edition) -> Iterator[Complaint]:
    """The projects of the numbered tables are known, those that are slips of others among them apart."""
    printed = {table.name for table in edition.printed}
    named = list(_of_type(book, edition, "item"))
    places = _places(named)
    odd = dict(_rivals(places, printed, _Items.of))
    for name, near in odd.items():
        spots = (*places[name], *_firsts(places[near]))
        yield saying(写作=name, 表=places[near][0].table, 别处=near), spots
    shown = dict.fromkeys(name for name, where in named if where.table in printed)
    known = _Items.of(name for name in shown if name not in odd)
    heads = {name: known.near(name) or name for name, where in named if where.table in _heads(edition)}
    for name, spots in _places(one for one in named if one[1].table not in printed).items():
        if name not in shown and (near := known.near(name) or _remarked(name, shown, heads)):
            yield saying("printed", 写作=name, 公开表=near), (*spots, *_firsts(places[near]))


def _remarked(name: str, shown: Collection[str], heads: Mapping[str, str]) -> str:
    """The project that the head of a performance table names with a remark in brackets; empty where another is its own.

    Args:
        name: as the table has it.
        shown: the projects of the numbered tables.
        heads: the names of all heads, each with the project that it is a slip of, or itself.
    """
    plain = bare(name)
    if name not in heads or plain in {as_named(name), *map(as_named, heads.values())}:
        return ""
    return next((one for one in shown if as_named(one) == plain), "")


@rule("code-variant")
def _codes(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A code whose names differ between tables; that of the list is taken for right, or else the most frequent one."""
    named: dict[tuple[str, str], list[Named]] = {}
    for table in edition.printed:
        pairs = [(c.of, c.name, table.columns[c.of].of) for c in table.columns.values() if c.type == "name"]
        for row in book[table.name].rows:
            for code, name, kind in pairs:
                if row.text(code) and row.text(name):
                    found = (row.text(name), spot(edition, table.name, row, name))
                    named.setdefault((kind, row.text(code)), []).append(found)
    for (kind, code), called in named.items():
        names = Counter(as_named(name) for name, _ in called)
        official = as_named(edition.codes(kind).get(code, ""))
        usual = official if official in names else names.most_common(1)[0][0]
        elsewhere = next(name for name, _ in called if as_named(name) == usual)
        yield from (
            (saying(代码=code, 写作=name, 别处=elsewhere), (where,))
            for name, where in called
            if as_named(name) != usual
        )


class _Known(Protocol):
    """Names that others may be slips of."""

    def near(self, name: str, accepted: Callable[[str], bool] = ...) -> str:
        """The first accepted one that a name is a slip of; empty where there is none."""


def _rivals(
    places: Mapping[str, tuple[Spot, ...]], printed: Collection[str], of: Callable[[Iterable[str]], _Known]
) -> Iterator[tuple[str, str]]:
    """Names of the numbered tables that are slips of others in them, each with the right one.

    Two that stand in the same table are two; of two that never do, the one that fewer tables have is the slip.
    """
    tables = {name: frozenset(where.table for where in found) for name, found in places.items()}
    shown = [name for name, found in tables.items() if not found.isdisjoint(printed)]
    rank = {name: (-len(tables[name]), number) for number, name in enumerate(shown)}
    elsewhere = {
        own: of(other for other in shown if tables[other].isdisjoint(own))
        for own in {tables[name] for name in shown}
    }

    def better(name: str) -> Callable[[str], bool]:
        return lambda other: rank[other] < rank[name]

    for name in shown:
        if near := elsewhere[tables[name]].near(name, better(name)):
            yield name, near


def _places(named: Iterable[Named]) -> dict[str, tuple[Spot, ...]]:
    """The names in order, each with its cells."""
    found: defaultdict[str, list[Spot]] = defaultdict(list)
    for name, where in named:
        found[name].append(where)
    return {name: tuple(spots) for name, spots in found.items()}


def _firsts(spots: Iterable[Spot]) -> Iterator[Spot]:
    """The first cell in each table: where the right name stands, what looks for it there does not follow otherwise."""
    first: dict[str, Spot] = {}
    for where in spots:
        first.setdefault(where.table, where)
    return iter(first.values())


def _foreign(name: str, own: str) -> bool:
    """Whether a name is not that of the unit, in short or with its number."""
    one, other = bare(name), bare(own)
    return bool(one) and one not in other and other not in one


def bare(name: str) -> str:
    """A name without remarks in brackets."""
    return re.sub(r"\([^)]*+\)?", lambda found: "" if found[0].endswith(")") else found[0], as_named(name))


def _any(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Form:
    """A known name as others are compared with it.

    Attributes:
        name: as written.
        plain: as compared.
        signs: of that.
    """

    name: str
    plain: str
    signs: Signs

    @classmethod
    def of(cls, name: str, plain: str) -> _Form:
        return cls(name, plain, Signs.of(plain))


def _first(plain: str, forms: Iterable[_Form], accepted: Callable[[str], bool]) -> str:
    """The first accepted name that a text is a variant of, empty where there is none."""
    signs = Signs.of(plain)
    near = (form for form in forms if accepted(form.name) and signs.reach(form.signs) >= ALIKE)
    meant = (form for form in near if telling(plain) == telling(form.plain))
    return next((form.name for form in meant if alike(plain, form.plain)), "")


@dataclass(frozen=True, slots=True)
class _Units:
    """Known units."""

    forms: tuple[_Form, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> _Units:
        return cls(tuple(_Form.of(name, bare(name)) for name in names))

    def near(self, name: str, accepted: Callable[[str], bool] = _any) -> str:
        """One that a name is a variant of; none where the name is known, a short form of one, or another name."""
        short = bare(name)
        if not short or any((short in f.plain or f.plain in short) and accepted(f.name) for f in self.forms):
            return ""
        return _first(short, self.forms, accepted)


@dataclass(frozen=True, slots=True)
class _Items:
    """Known projects.

    Attributes:
        plain: their names as compared → as written.
        alike: those that the same signs tell from their like, by these.
    """

    plain: Mapping[str, tuple[str, ...]]
    alike: Mapping[str, tuple[_Form, ...]]

    @classmethod
    def of(cls, names: Iterable[str]) -> _Items:
        plain: defaultdict[str, list[str]] = defaultdict(list)
        alike: defaultdict[str, list[_Form]] = defaultdict(list)
        for name in names:
            form = _Form.of(name, as_named(name))
            plain[form.plain].append(name)
            alike[telling(form.plain)].append(form)
        return cls({k: tuple(v) for k, v in plain.items()}, {k: tuple(v) for k, v in alike.items()})

    def near(self, name: str, accepted: Callable[[str], bool] = _any) -> str:
        """One that a name is a variant of; none where it is one with a remark in brackets: that is no other name."""
        plain = as_named(name)
        shorter = (plain[: bracket.start()] for bracket in re.finditer(r"\(", plain))
        if any(accepted(known) for short in shorter for known in self.plain.get(short, ())):
            return ""
        return _first(plain, self.alike.get(telling(plain), ()), accepted)


def _of_type(book: Book, edition: Edition, kind: ColumnType) -> Iterator[Named]:
    """All names in columns of a type, with their cells, in order."""
    for table in edition.table:
        columns = table.of_type(kind)
        for row in book[table.name].rows:
            for column in columns:
                if row.line and row.text(column):
                    yield row.text(column), spot(edition, table.name, row, column)
