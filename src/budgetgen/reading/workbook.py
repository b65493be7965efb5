"""Reading a filled workbook into a Book."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from budgetgen.book.outline import outline
from budgetgen.edition import available, known, load
from budgetgen.edition.declarations import META_EDITION, META_SHEET
from budgetgen.reading.cells import CellReader, Line, Raw
from budgetgen.reading.guard import admit_parts
from budgetgen.reading.headers import column_findings, find_header
from budgetgen.reading.secrets import dropped_findings, ordinary, sealer, texts_in, without_secrets
from budgetgen.reading.sheets import LaterLines, StoredSheet, Surroundings
from budgetgen.reading.stored import StoredPart, StoredWorkbook
from budgetgen.reading.strays import STRAY, span, strays
from budgetgen.reading.tables import TableReader
from budgetgen.reading.unfilled import without_unfilled
from budgetgen.values.addresses import nth_sheet
from budgetgen.values.amounts import WAN
from budgetgen.values.findings import Finding, Spot, UnusableInputError
from budgetgen.values.model import Book, Table
from budgetgen.values.places import SheetPlace
from budgetgen.values.sayings import Stated, listed, saying
from budgetgen.values.text import caption, slip

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.document.printed.altered import AlteredCaption
    from budgetgen.reading.secrets import CellSealer, Dropped
    from budgetgen.reading.strays import Address
    from budgetgen.values.places import FilePlace

WORKBOOK = ".xlsx"
LONGEST_NAME = 40
"""What names no edition is quoted up to so many characters."""
NOT_A_WORKBOOK = (
    LookupError,
    ValueError,
    TypeError,
    ParseError,
    ExpatError,
)
"""What a damaged package raises."""


BREAK = "\n"
"""Between two paragraphs that are to stand instead of one, in a document that is read again."""


class Rereadable(Protocol):
    """A document that was read, and may be read again with other words in it."""

    def line(self, place: FilePlace) -> Line:
        """The row of a table that a cell stands in; empty for any other place."""

    def again(self, instead: Mapping[FilePlace, str]) -> Reading:
        """What is read of it with other texts at some places: of paragraphs, and of cells."""


@dataclass(frozen=True)
class Reading:
    """What came out of a file.

    Attributes:
        book: not yet derived.
        edition: its format.
        findings: on the cells and rows as they stood.
        seal: what knows its secret items; None where it tells of none.
        told: the statements that a document makes, each by its id, terms by their names too; None of a workbook.
        paragraphs: the place and the text of each paragraph of a document; None of a workbook.
        altered: the captions of a document's tables that its format has otherwise.
        manuscript: a document as it may be read again with other words; None of a workbook.
    """

    book: Book
    edition: Edition
    findings: tuple[Finding, ...]
    seal: CellSealer | None = field(default=None, repr=False)
    told: frozenset[tuple[str, str]] | None = field(default=None, repr=False)
    paragraphs: tuple[tuple[FilePlace | None, str], ...] | None = field(default=None, repr=False)
    altered: tuple[AlteredCaption, ...] = field(default=(), repr=False)
    manuscript: Rereadable | None = field(default=None, repr=False)


def opened(path: Path) -> StoredWorkbook:
    """A workbook, whatever it is of, with the names of its sheets; opened once for all that is asked of it.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    workbook = StoredWorkbook(admit_parts(path, "xlsx"))
    with _readable(path):
        _ = workbook.sheets  # a damaged one shows here
    return workbook


def read(path: Path, edition: str | None = None, workbook: StoredWorkbook | None = None) -> Reading:
    """Read a filled workbook.

    Args:
        path: the workbook.
        edition: id of the format; by default that which the workbook names, else the newest.
        workbook: the same, where it is open.

    Raises:
        UnusableInputError: the file cannot be read, or is no workbook of a known edition.
    """
    return read_sheets(path, *sheets_of(path, edition, workbook))


def sheets_of(
    path: Path, edition: str | None = None, workbook: StoredWorkbook | None = None
) -> tuple[tuple[StoredSheet, ...], Edition]:
    """The sheets of a workbook that may hold something to read or to tell, and its format.

    Raises:
        UnusableInputError: as for `read`.
    """
    workbook = workbook or opened(path)
    with _readable(path):
        meta = _sheets(workbook, lambda name: name == META_SHEET)
    chosen = _edition(path, meta, edition)
    wordy = set(map(caption, chosen.wordy_sheets))
    unread = set(map(caption, chosen.unread_sheets)) - wordy
    with _readable(path):
        parts = [part for part in workbook.sheets if caption(part.title) not in unread]
        sheets = (
            _worded(path, workbook, part) if caption(part.title) in wordy else _sheet(workbook, part)
            for part in parts
        )
        return tuple(sheets), chosen


def every_sheet(path: Path, workbook: StoredWorkbook) -> tuple[StoredSheet, ...]:
    """All sheets of a workbook, whatever it is of.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    with _readable(path):
        return _sheets(workbook, lambda _: True)


def read_sheets(path: Path, sheets: tuple[StoredSheet, ...], edition: Edition) -> Reading:
    """Read the sheets of a workbook.

    Args:
        path: the workbook, for messages.
        sheets: in order.
        edition: its format.

    Raises:
        UnusableInputError: none of them is a table of that format.
    """
    reader = _reader(path.name, sheets, edition)
    first = reader.read(path)
    seal = sealer(first.book, edition, _texts(sheets), listed=True)
    if seal is None:
        return first
    sealed, dropped = _sealed(sheets, seal, edition)
    again = _reader(seal.secrets.file(path.name), sealed, edition).after(reader).read(path)
    # What was not read is hidden from the second reading, and what the first found of it says nothing of its words.
    outside = (finding for finding in first.findings if finding.rule == STRAY)
    told = (*again.findings, *outside, *dropped_findings(dropped, edition))
    return Reading(without_secrets(again.book, edition, dropped), edition, told, seal.bare)


def _reader(file: str, sheets: tuple[StoredSheet, ...], edition: Edition) -> _WorkbookReader:
    wordy = set(map(caption, edition.wordy_sheets))
    own = tuple(sheet for sheet in sheets if caption(sheet.name) in wordy)
    others = tuple(sheet for sheet in sheets if caption(sheet.name) not in wordy)
    return _WorkbookReader(file, others, edition, own)


def _texts(sheets: Sequence[StoredSheet]) -> Iterator[str]:
    """All texts of a workbook."""
    for sheet in sheets:
        yield sheet.name
        yield from texts_in(sheet.lines) if sheet.words is None else sheet.words


def _sealed(
    sheets: Sequence[StoredSheet], seal: CellSealer, edition: Edition
) -> tuple[tuple[StoredSheet, ...], tuple[Dropped, ...]]:
    """The sheets with nothing in them of secret items but what may be told, and what was dropped.

    A sheet that belongs to no table goes by its place, for its name might be that of an item; but for one sign more,
    less or other than that of a table.
    """
    known = {caption(name) for table in edition.table for name in (table.name, *table.aliases)}
    wordy = set(map(caption, edition.wordy_sheets))
    sealed: list[StoredSheet] = []
    told: list[Dropped] = []
    for sheet in sheets:
        own = ordinary(sheet.name, edition) or any(slip(caption(sheet.name), name) for name in known)
        if own and sheet.words is not None and not seal.secrets.speaking(sheet.words):
            sealed.append(sheet)
            continue
        name = sheet.name if own else nth_sheet(sheet.number)
        moved = [_moved(line, sheet.name, name) for line in sheet.lines]
        lines, dropped = seal.lines(moved, read=caption(sheet.name) not in wordy)
        sealed.append(
            sheet if own and lines == sheet.lines else replace(sheet, name=name, lines=lines, words=None)
        )
        told += dropped
    return tuple(sealed), tuple(told)


def _moved(line: Line, old: str, new: str) -> Line:
    """A row of a sheet that goes by another name."""
    if old == new:
        return line
    return tuple(
        raw._replace(place=raw.place._replace(sheet=new)) if isinstance(raw.place, SheetPlace) else raw
        for raw in line
    )


def rows_of(path: Path, names: Collection[str]) -> Iterator[Line]:
    """The rows that hold something of the sheet that has one of these names, each read when it is asked for.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    workbook, wanted = opened(path), set(map(caption, names))
    with _readable(path):
        for sheet in workbook.sheets:
            if caption(sheet.title) in wanted:
                yield from workbook.rows(sheet, Surroundings())


# --- from the file to rows ----------------------------------------------------------------------------------


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What a damaged package raises, in words for the clerk."""
    try:
        yield
    except NOT_A_WORKBOOK as error:
        fix = "用 WPS 或 Excel 打开它，另存为新的 .xlsx 文件后再试；打不开就换一份备份"
        raise UnusableInputError(path, "工作簿已损坏，读不出内容", fix) from error


def _sheets(workbook: StoredWorkbook, wanted: Callable[[str], bool]) -> tuple[StoredSheet, ...]:
    """The sheets whose names are wanted, in order."""
    return tuple(_sheet(workbook, sheet) for sheet in workbook.sheets if wanted(sheet.title))


def _sheet(workbook: StoredWorkbook, sheet: StoredPart) -> StoredSheet:
    around = Surroundings()
    lines = workbook.rows(sheet, around)
    return StoredSheet.of(sheet.title, lines, around, shown=sheet.shown, number=sheet.number)


def _worded(path: Path, workbook: StoredWorkbook, sheet: StoredPart) -> StoredSheet:
    """A sheet of which the words are asked for, and its rows only where there is something to be told of them."""
    words = workbook.words(sheet)
    if words is None:
        return _sheet(workbook, sheet)

    def later() -> Sequence[Line]:
        with _readable(path):
            return _sheet(workbook, sheet).lines

    return StoredSheet(sheet.title, LaterLines(later), sheet.shown, number=sheet.number, words=words)


def _edition(path: Path, meta: Sequence[StoredSheet], wanted: str | None) -> Edition:
    """The format that is wanted, else that which the workbook names, else the newest."""
    name = wanted or next(filter(None, map(_named, meta)), "") or available()[0]
    if known(name):
        return load(name)
    raise UnusableInputError(
        path,
        f"工作簿的版式是“{name[:LONGEST_NAME]}”，这个程序里没有",
        f"自己写的版式，在命令之前写 --editions 它所在的文件夹；没有的，升级 budgetgen，或用 --edition 指定：{'、'.join(available())}",
    )


def _named(meta: StoredSheet) -> str:
    """The edition that a sheet names, whatever else became of that sheet; empty for none."""
    pairs = ((caption(line[0].value), line[1]) for line in meta.lines if len(line) > 1)
    return next((caption(raw.value) for name, raw in pairs if name == META_EDITION), "")


# --- from rows to tables ------------------------------------------------------------------------------------

_Asked: TypeAlias = tuple[int, str, str, str, str]
"""A sheet by its identity; the table, the unit of money, the kind of document and the unit that it is read for."""
_Found: TypeAlias = "tuple[Table, tuple[Finding, ...]]"


@dataclass(frozen=True)
class _WorkbookReader:
    """Reads the tables, and looks through the program's own sheets for what was typed there."""

    file: str
    sheets: tuple[StoredSheet, ...]
    edition: Edition
    own: tuple[StoredSheet, ...] = ()
    sealed: bool = False
    known: dict[_Asked, _Found] = field(default_factory=dict)

    def after(self, first: _WorkbookReader) -> _WorkbookReader:
        """The second reading of a workbook, which need not read again what stands there as it did for the first."""
        known = {asked: found for asked, found in first.known.items() if not _strays_in(found)}
        return replace(self, sealed=True, known=known)

    def read(self, path: Path) -> Reading:
        house = self.edition.house
        if not any(self._sheets_of(table) for table in self.edition.table):
            known = "、".join(table.name for table in self.edition.printed[:3])
            fix = "检查是否选错了文件；还没有填报表的，在网页首页新建（或用 budgetgen new 生成），填好后再试"
            raise UnusableInputError(
                path, f"不是{self.edition.edition.kind}公开填报表：没有“{known}”等工作表", fix
            )
        about, found = self._table(self.edition.tables[house.about], WAN, self.edition.kind_by_default, "")
        facts = {row.key: row.text(house.value) for row in about.rows}
        kind = facts.get(house.kind) or self.edition.kind_by_default
        findings = [*found, *self._strange_sheets(), *(() if self.sealed else self._typed())]
        tables = {house.about: about}
        for table in self.edition.table:
            if table.name != house.about:
                money = self.edition.unit_of(table.name, facts.get(house.money))
                tables[table.name], found = self._table(table, money, kind, facts.get(house.unit, ""))
                findings += found
        book = Book(self.edition.id, self.file, {t.name: tables[t.name] for t in self.edition.table})
        return Reading(book, self.edition, tuple(findings))

    def _sheets_of(self, table: TableDeclaration) -> tuple[StoredSheet, ...]:
        """The sheets of a table: those of its very name first, then those that differ in blanks, then aliases."""
        names = dict.fromkeys(map(caption, (table.name, *table.aliases)))
        alike = (self._called.get(name, ()) for name in names)
        return tuple(s for own in alike for s in sorted(own, key=lambda sheet: sheet.name != table.name))

    @cached_property
    def _called(self) -> Mapping[str, Sequence[StoredSheet]]:
        """The sheets by their names as they are compared."""
        found: dict[str, list[StoredSheet]] = {}
        for sheet in self.sheets:
            found.setdefault(caption(sheet.name), []).append(sheet)
        return found

    def _table(
        self, table: TableDeclaration, money: str, kind: str, unit: str
    ) -> tuple[Table, tuple[Finding, ...]]:
        sheets = self._sheets_of(table)
        if not sheets:
            missing = self._finding("sheet-missing", self._missing_sheet(table), table.name)
            return Table(table.name), () if table.optional else (missing,)
        every = [(sheet, *self._read(sheet, table, money, kind, unit)) for sheet in sheets]
        filled = [(sheet, read, found) for sheet, read, found in every if _holds(sheet, read, found)]
        _, read, findings = next(iter(filled), every[0])
        return read, (*self._doubled(table, [sheet for sheet, _, _ in filled]), *findings)

    def _doubled(self, table: TableDeclaration, filled: Sequence[StoredSheet]) -> Iterator[Finding]:
        if len(filled) > 1:
            names = listed((sheet.name for sheet in filled), "”、“")
            told = saying(表=table.name, 个数=len(filled), 工作表=names, 读取=filled[0].name)
            spots = (Spot(table.name, place=SheetPlace(sheet.name)) for sheet in filled)
            yield Finding.of(self.edition.rules["sheet-duplicate"], told, *spots)

    def _read(self, sheet: StoredSheet, table: TableDeclaration, money: str, kind: str, unit: str) -> _Found:
        """What a sheet holds of a table; read once where it is asked for again."""
        asked = id(sheet), table.name, money, kind, unit
        if asked not in self.known:
            self.known[asked] = self._reading(sheet, table, money, kind, unit)
        return self.known[asked]

    def _reading(
        self, sheet: StoredSheet, table: TableDeclaration, money: str, kind: str, unit: str
    ) -> _Found:
        header = find_header(self.edition, table, sheet.lines, self._helpful)
        called = saying("sheet", 工作表=sheet.name).worded(self.edition.stating)
        if header is None:
            place = _span(sheet)
            told = saying("sheet", 工作表=sheet.name, 另有=saying("unread") if place else None)
            return Table(table.name), (
                self._finding("column-missing", told, table.name, place or SheetPlace(sheet.name)),
            )
        tree = outline(self.edition, table.name, kind)
        cells = CellReader(
            money, self.edition.scale(table.name), stored=True, summed=kind == self.edition.several
        )
        outside = not self.sealed
        reader = TableReader(self.edition, table, tree, cells, unit, sheet.name, outside)
        read, findings = reader.read(sheet.lines, header)
        columns = tuple(
            column_findings(self.edition, table, sheet.lines, header, SheetPlace(sheet.name), called)
        )
        hidden = self._hidden(table, read, sheet)
        found = (*columns, *self._fixed_rows(table, read, sheet), *findings, *hidden)
        filled, idle = (read, ()) if columns else without_unfilled(read, tree, found, self.edition)
        return filled, (*found, *idle)

    @property
    def _helpful(self) -> frozenset[str]:
        """Captions of columns that help the clerk and hold nothing to read."""
        return frozenset({caption(self.edition.sheets.remarks)})

    def _fixed_rows(self, table: TableDeclaration, read: Table, sheet: StoredSheet) -> Iterator[Finding]:
        for key, (block, row) in table.fixed.items():
            named = block.label is not None  # a row without a name is missing nowhere: it is blank
            if named and read.get(key) is None and not row.optional:
                told = saying(工作表=sheet.name, 行=row.caption)
                yield self._finding("row-missing", told, table.name, SheetPlace(sheet.name))

    def _hidden(self, table: TableDeclaration, read: Table, sheet: StoredSheet) -> Iterator[Finding]:
        """That something was read which nobody sees who opens the sheet."""
        places = [cell.place for row in read.rows for cell in row.cells.values() if cell.given and cell.place]
        if not sheet.shown and places and not table.generated:
            told = saying(工作表=sheet.name)
            yield self._finding("sheet-hidden", told, table.name, SheetPlace(sheet.name))
        if found := sheet.hides(places):
            told = saying("part", 工作表=sheet.name, 隐藏=listed(found))
            yield self._finding("sheet-hidden", told, table.name, next(iter(found.values())))

    def _missing_sheet(self, table: TableDeclaration) -> Stated:
        """That a sheet is missing, and which strange one it may be."""
        strange = {caption(sheet.name): sheet.name for sheet in self._strange()}
        near = get_close_matches(caption(table.name), strange, n=1)
        asked = saying("asked", 工作表=strange[near[0]]) if near else None
        return saying(工作表=table.name, 是否=asked)

    def _strange(self) -> Iterator[StoredSheet]:
        """The sheets that hold something and belong to no table."""
        known = {caption(name) for table in self.edition.table for name in (table.name, *table.aliases)}
        return (sheet for sheet in self.sheets if sheet.lines and caption(sheet.name) not in known)

    def _strange_sheets(self) -> Iterator[Finding]:
        for sheet in self._strange():
            yield self._finding("sheet-unknown", saying(工作表=sheet.name), sheet.name, _span(sheet))

    def _typed(self) -> Iterator[Finding]:
        """The numbers on the program's own sheets, where it writes none."""
        for sheet in (own for own in self.own if own.words is None):
            cells = _addressed(sheet, lambda raw: raw.numeric and not raw.formula)
            yield from strays(self.edition, sheet.name, cells)

    def _finding(self, rule: str, told: Stated, table: str, place: FilePlace | None = None) -> Finding:
        return Finding.of(self.edition.rules[rule], told, Spot(table, place=place))


def _strays_in(found: _Found) -> bool:
    """Whether it was told that something stands beside a table."""
    return any(finding.rule == STRAY for finding in found[1])


def _span(sheet: StoredSheet) -> FilePlace | None:
    """From where to where a sheet is filled; None where nothing shows on it."""
    return span(_addressed(sheet, lambda raw: not raw.blank))


def _addressed(sheet: StoredSheet, wanted: Callable[[Raw], bool]) -> dict[Address, Raw]:
    """The wanted cells of a sheet by their addresses, among the rows that hold something."""
    return {
        (row, column): raw
        for row, line in enumerate(sheet.lines)
        for column, raw in enumerate(line)
        if wanted(raw)
    }


def _holds(sheet: StoredSheet, read: Table, findings: Sequence[Finding]) -> bool:
    """Whether a person put something into a sheet: what was read of it, or what could not be read."""
    given = any(cell.given for row in read.rows for cell in row.cells.values())
    return bool(sheet.lines) and (given or bool(findings))
