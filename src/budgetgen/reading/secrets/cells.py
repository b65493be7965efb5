"""The cells of a file with nothing in them of a secret item but what is declared harmless.

Harmless are the codes of items, codes and names of the classifications in force, the units that the file names
elsewhere, what the format itself says, and numbers. Everything else in a row that speaks of a secret item is dropped,
whatever column it stands in, and only its place is told.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from budgetgen.formula.evaluation import KEY_JOINT
from budgetgen.reading.cells import BOOK, DAY, ERRORS, NOTHING
from budgetgen.reading.number_formats import GENERAL
from budgetgen.reading.secrets.known import marked, ordinary, spoken
from budgetgen.saying.interleaving import stations
from budgetgen.values import amounts
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from budgetgen.department.sources import Source
    from budgetgen.edition.declarations import Column, Consolidation, Edition, TableDeclaration
    from budgetgen.reading.cells import Raw
    from budgetgen.reading.secrets.known import Secrets
    from budgetgen.values.model import Book, Row, Value
    from budgetgen.values.places import FilePlace

HIDDEN: Final = "（略）"
"""Stands for what was written where it could not be read, and must not be told."""
ADDRESS: Final = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}")
CODE: Final = re.compile(r"[\d\s.\-—]*")


@dataclass(frozen=True)
class Standing:
    """Where a cell of a Book stands: its table, its row, and its column as it applies to that row."""

    table: TableDeclaration
    row: Row
    column: Column


@dataclass(frozen=True)
class Dropped:
    """A place whose text was dropped.

    Attributes:
        place: where it stands in the file.
        table: the table it belongs to; empty for none.
        row: key of its row, as it may be told.
        column: its column; empty where it belongs to no table.
        echo: it spoke of a secret item without the mark.
        unit: it should tell whose row it is, and names no unit that is known.
        blank: nothing is to stand there, not even what a blank stands for.
    """

    place: FilePlace | None
    table: str = ""
    row: str = ""
    column: str = ""
    echo: bool = False
    unit: bool = False
    blank: bool = False


def standings(book: Book, edition: Edition) -> Mapping[FilePlace | None, Standing]:
    """Where the cells of a Book stand, by their place in the file."""
    found: dict[FilePlace | None, Standing] = {}
    for name, table in book.tables.items():
        declared = edition.tables[name]
        for row in table.rows:
            columns = declared.columns
            if row.key in declared.fixed:
                block, fixed = declared.fixed[row.key]
                columns = {column.name: column for column in block.of_row(fixed)}
            for column, cell in row.cells.items():
                if cell.place and column in columns:
                    found[cell.place] = Standing(declared, row, columns[column])
    return found


def _roles_of(listed: Consolidation) -> Mapping[tuple[str, str], str]:
    """What stands in the columns of the sheets that consolidation writes."""
    traces, moved = listed.traces, listed.transfers
    words = {traces.table: "word", traces.row: "key", traces.column: "word", traces.unit: "unit"}
    traced = {
        (table, column): role
        for table in (traces.sources, traces.differences)
        for column, role in {**words, traces.place: "place"}.items()
    }
    return {
        **traced,
        (traces.statuses, traces.unit): "unit",
        (traces.statuses, traces.file): "file",
        (traces.statuses, traces.state): "word",
        (moved.table, moved.payer): "unit",
        (moved.table, moved.receiver): "unit",
        (moved.table, moved.state): "word",
    }


def units_of(book: Book, edition: Edition, secrets: Secrets) -> frozenset[str]:
    """The names of units that a file tells as such, and not in rows of secret items."""
    house, listed = edition.house, edition.consolidation
    facts = (house.unit, listed.authority) if listed else (house.unit,)
    own = (book.cell(house.about, key, house.value).value for key in facts)
    ordered = (
        row.text(column)
        for table in edition.table
        for column in table.main.key
        if table.columns[column].type == "unit"
        for row in book[table.name].rows
        if not any(map(secrets.names, (row.text(item) for item in table.of_type("item"))))
    )
    sent = _listed_units(book, listed, secrets) if listed else ()
    names = filter(None, (*(str(name or "") for name in own), *sent, *ordered))
    return frozenset(name for name in names if not secrets.speaks(name))


def _listed_units(book: Book, listed: Consolidation, secrets: Secrets) -> Iterator[str]:
    """The units that a department's workbook lists."""
    places, traces = listed.institutions, listed.traces
    yield from (r.text(places.name) for r in book[places.table].rows if r.text(places.label) == places.unit)
    quiet = (row for row in book[traces.statuses].rows if not secrets.speaks(row.text(traces.remark)))
    yield from (row.text(traces.unit) for row in quiet)


@dataclass(frozen=True)
class CellSealer:
    """Seals the lines of a file.

    Attributes:
        secrets: of the file.
        units: the names of units that it tells.
        where: what its cells were read as, by place.
        files: the files that it lists.
        listed: whether a file tells of nothing that was not read, not even the words of a cell.
    """

    secrets: Secrets
    units: frozenset[str]
    where: Mapping[FilePlace | None, Standing]
    files: frozenset[str] = frozenset()
    listed: bool = False

    def lines(
        self, lines: Sequence[Sequence[Raw]], *, whole: bool = False, read: bool = True
    ) -> tuple[tuple[tuple[Raw, ...], ...], tuple[Dropped, ...]]:
        """The lines sealed, and what was dropped of them.

        Args:
            lines: as they stand.
            whole: whether they are one thing: all of them speak of a secret item where one does.
            read: whether they are read again; else nothing outside the rows of secret items has to be hidden.
        """
        speaking = self.secrets.speaking(texts_in(lines))
        every, hidden = whole and bool(speaking), self.listed and read
        sealed: list[tuple[Raw, ...]] = []
        told: list[Dropped] = []
        given = tuple(map(tuple, lines))
        for line in given:
            if every or self._secret(line, speaking):
                kept, dropped = self._line(line)
                sealed.append(kept)
                told += dropped
            else:
                sealed.append(self._without_unread(line) if hidden else line)
        return given if all(map(operator.is_, sealed, given)) else _covered(sealed), tuple(told)

    def _line(self, line: tuple[Raw, ...]) -> tuple[tuple[Raw, ...], tuple[Dropped, ...]]:
        """A line that speaks of a secret item."""
        known = any(self._marked(raw) for raw in line)
        pairs = [self._cell(raw, known=known) for raw in line]
        return tuple(raw for raw, _ in pairs), tuple(told for _, told in pairs if told)

    def _without_unread(self, line: tuple[Raw, ...]) -> tuple[Raw, ...]:
        """A line that speaks of no secret item; what was not read is not told."""
        if not any(map(self._unread, line)):
            return line
        return tuple(raw._replace(value=HIDDEN) if self._unread(raw) else raw for raw in line)

    def _unread(self, raw: Raw) -> bool:
        if not isinstance(raw.value, str) or raw.place in self.where or raw.blank:
            return False
        return not (ordinary(raw.value, self._edition) or _numeric(raw.value))

    @property
    def bare(self) -> CellSealer:
        """What knows the secret items, without the cells that it has sealed."""
        return replace(self, where={})

    def source(self, source: Source) -> Source:
        """A part of a department's figure, where it is one of a secret item's, with nothing else of that told."""
        texts = (source.table, source.row, source.column, source.unit, source.file, source.place)
        if not any(map(self.secrets.speaks, texts)):
            return source
        speaks = self.secrets.speaks(source.file)
        return replace(
            source,
            table=self._own(source.table) or "",
            row=self.key(source.row),
            column=self._own(source.column) or "",
            unit=self._unit(source.unit, None) or "",
            file=self.secrets.file(source.file) if speaks else self._file(source.file),
            place=self._place(source.place) or "",
        )

    def _file(self, name: str) -> str:
        """A file that is listed where nothing is said of a secret item."""
        return name if name in self.files else HIDDEN

    # --- which rows ---

    @property
    def _edition(self) -> Edition:
        return self.secrets.edition

    def _marked(self, raw: Raw) -> bool:
        """Whether a cell tells by the mark that its line is that of a secret item."""
        at = self.where.get(raw.place)
        named = marked if at and at.column.type == "item" else spoken
        return isinstance(raw.value, str) and named(raw.value, self._edition)

    def _secret(self, line: Sequence[Raw], speaking: Collection[str]) -> bool:
        """Whether a line speaks of a secret item, belongs to the row of one, or explains one."""
        places, explaining = self._owned, self._explaining
        return any(
            raw.value in speaking or raw.place in places or (raw.place in explaining and self._explains(raw))
            for raw in line
        )

    @cached_property
    def _owned(self) -> frozenset[FilePlace | None]:
        """The cells of the rows of secret items."""
        rows = {id(at.row): at for at in self.where.values()}
        secret = {
            number
            for number, at in rows.items()
            if any(map(self.secrets.names, (at.row.text(item) for item in at.table.of_type("item"))))
        }
        return frozenset(place for place, at in self.where.items() if id(at.row) in secret)

    @cached_property
    def _named_places(self) -> frozenset[str]:
        """The same as a text names them."""
        return frozenset(str(place).upper() for place in self._owned)

    def _explains(self, raw: Raw) -> bool:
        """Whether a cell that says which cell is explained names one of a secret item."""
        return caption(raw.value).replace("$", "").replace("'", "").upper() in self._named_places

    @cached_property
    def _explaining(self) -> frozenset[FilePlace | None]:
        """The cells in the table of explanations that say which cell is explained."""
        told = self._edition.explanations
        own = (told.table, told.place)
        return frozenset(place for place, at in self.where.items() if (at.table.name, at.column.name) == own)

    # --- what stays of a cell ---

    def _cell(self, raw: Raw, *, known: bool) -> tuple[Raw, Dropped | None]:
        """A cell sealed, and its place where something was dropped; `known` where its line bears the mark."""
        at = self.where.get(raw.place)
        if raw.value is None:
            return raw, None
        kept = self._kept(raw.value, at)
        sealed = raw._replace(value=kept, source=_source(raw.source), code=GENERAL)  # a format may hold words
        if raw.blank or _same(raw.value, kept):
            return sealed, None
        echo = not known and self.secrets.echoes(str(raw.value))
        if at is None:
            return sealed, Dropped(raw.place, echo=echo)
        lost = kept is None and at.column.type == "unit"
        table, row, column = at.table.name, self._row(at), at.column.name
        return sealed, Dropped(
            raw.place, table, row, column, echo, lost and _owns(at), lost and not _owns(at)
        )

    def _kept(self, value: Value, at: Standing | None) -> Value:
        """What of a cell's value is harmless."""
        role = self._roles.get((at.table.name, at.column.name), at.column.type) if at else ""
        if not isinstance(value, str):
            return None if role == "text" else value
        return self._harmless(role, value, at)

    def _harmless(self, role: str, value: str, at: Standing | None) -> str | None:  # noqa: C901, PLR0911 - one for each role
        """What of a text is harmless, by what its column holds."""
        match role:
            case "money" | "number" | "count":
                return value if _numeric(value) else HIDDEN
            case "date":
                return value if DAY.fullmatch(unicodedata.normalize("NFKC", value).strip()) else HIDDEN
            case "code":
                return value if CODE.fullmatch(unicodedata.normalize("NFKC", value)) else None
            case "name" | "choice" | "label" | "word":
                return self._own(value)
            case "item":
                return self._item(value, at)
            case "station":
                return value if value in stations(self._edition) else None
            case "unit":
                return self._unit(value, at)
            case "key":
                return self.key(value)
            case "place":
                return self._place(value)
            case "text":
                return self._text(value, at)
            case "file":
                return self._file(value)
        return self._strange(value)

    @cached_property
    def _roles(self) -> Mapping[tuple[str, str], str]:
        """The columns of texts that are no free texts."""
        told, listed = self._edition.explanations, self._edition.consolidation
        kept = self._edition.verbatim
        own = {(told.table, told.rule): "word", (told.table, told.place): "place"}
        own[kept.table, kept.section] = "station"
        return {**_roles_of(listed), **own} if listed else own

    def _item(self, value: str, at: Standing | None) -> str | None:
        """The code of a secret item; the name of another is public where the row is of that one."""
        if self.secrets.names(value):
            return self.secrets.code(value)
        return value if at and at.column.name == at.table.of_type("item")[0] else None

    def _text(self, value: str, at: Standing | None) -> str | None:
        withheld, told = self._edition.house.withheld, self._edition.explanations
        if at and (at.table.name, at.column.name) == (told.table, told.text):
            return withheld
        if value in {withheld, self.secrets.withheld(value)}:
            return value
        if at and any(map(self.secrets.speaks, (at.row.text(item) for item in at.table.of_type("item")))):
            return None  # the row itself says whose it is
        return self.secrets.withheld(value) if self.secrets.speaks(value) else None

    def _unit(self, value: str, at: Standing | None) -> str | None:
        """A unit, or its name shortened; where the row is of a unit, of a text with more in it the unit alone."""
        if self._shortened(value):
            return value
        within = [unit for unit in self.units if caption(unit) in caption(value)]
        return max(within, key=len, default=None) if at is None or _owns(at) else None

    def _shortened(self, value: str) -> bool:
        return any(_shortens(caption(value), caption(unit)) for unit in self.units)

    def _own(self, value: str) -> str | None:
        """A word of the format's own."""
        return value if ordinary(value, self._edition) else None

    def _strange(self, value: str) -> str:
        """What was not read."""
        if _numeric(value) or ordinary(value, self._edition):
            return value
        return self.secrets.code(value) if self.secrets.speaks(value) else HIDDEN

    def key(self, value: str) -> str:
        """The key of a row: of each part what may be told of it."""
        return KEY_JOINT.join(filter(None, map(self._part, value.split(KEY_JOINT))))

    def _row(self, at: Standing) -> str:
        """The key of a row; of one that speaks of no secret item, as it is."""
        parts = at.row.key.split(KEY_JOINT)
        items = (at.row.text(item) for item in at.table.of_type("item")[:1])
        return self.key(at.row.key) if any(map(self.secrets.names, (*items, *parts))) else at.row.key

    def _part(self, part: str) -> str | None:
        if self.secrets.names(part):
            return self.secrets.code(part)
        harmless = _numeric(part) or ordinary(part, self._edition)
        return part if harmless or CODE.fullmatch(part) else self._unit(part, None)

    def _place(self, value: str) -> str | None:
        """The place of a cell, `结转用途!C8` or `结转用途[特定目标…].用途`; of anything else what of it may be told."""
        sheet, sign, cell = caption(value).replace("'", "").rpartition("!")
        if sign and ADDRESS.fullmatch(cell.upper()) and self._named(sheet.rpartition("!")[2]):
            return value
        found = re.fullmatch(r"(\w+)\[(.*)\](?:\.(\w+))?", caption(value))
        if found and self._named(found[1]) and self._named(found[3] or found[1]):
            return f"{found[1]}[{self.key(found[2])}]" + (f".{found[3]}" if found[3] else "")
        if self._named(value):
            return value
        return self.secrets.code(value) if self.secrets.speaks(value) else None

    def _named(self, text: str) -> bool:
        return ordinary(text, self._edition)


def _owns(at: Standing) -> bool:
    """Whether a cell tells which unit its row is of."""
    return at.column.type == "unit" and at.column.name in at.table.main.key


def _shortens(text: str, name: str) -> bool:
    """Whether a text is a name, or one with signs left out: it says nothing that the name does not."""
    rest = iter(name)
    return all(sign in rest for sign in text)


def _same(value: Value, kept: Value) -> bool:
    """Whether nothing but blanks and brackets was taken from a value."""
    forms = (re.sub(r"\W", "", caption(each)).upper() for each in (value, kept))
    return len(set(forms)) == 1


def _numeric(text: str) -> bool:
    try:
        amounts.parse(text)
    except amounts.NotANumberError:
        return False
    return True


def _covered(lines: Sequence[tuple[Raw, ...]]) -> tuple[tuple[Raw, ...], ...]:
    """The lines, each cell that another is merged over knowing that one as it was sealed; one that is not there is blank."""
    sealed: dict[FilePlace | None, Raw] = {raw.place: raw for line in lines for raw in line if raw.place}

    def over(raw: Raw) -> Raw:
        if raw.under is None:
            return raw
        return raw._replace(under=sealed.get(raw.under.place, NOTHING._replace(place=raw.under.place)))

    return tuple(tuple(map(over, line)) for line in lines)


def _source(source: str) -> str:
    """A formula with nothing left of it but why it may have no result."""
    broken = next((error for error in sorted(ERRORS) if error in source), "")
    return broken or (f"[{HIDDEN}]!" if BOOK.search(source) else "")


def texts_in(lines: Iterable[Sequence[Raw]]) -> Iterator[str]:
    """The texts of cells."""
    return (raw.value for line in lines for raw in line if isinstance(raw.value, str))
