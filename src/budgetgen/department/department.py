"""The department's Book out of the Books of its units."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.outline import outline
from budgetgen.department import shortfalls
from budgetgen.department.adjustments import lost, lost_texts, typed
from budgetgen.department.balance import Balance
from budgetgen.department.columns import UnitColumns, added_up
from budgetgen.department.drafts import Reasons, kept
from budgetgen.department.merging import Merging
from budgetgen.department.owners import told_apart
from budgetgen.department.sources import Parts, Source
from budgetgen.department.transfers import Transfers, eliminations, table_of
from budgetgen.department.transfers import listed as listed_in
from budgetgen.department.units import Unit, completed, inner_units, unplaced
from budgetgen.values.amounts import YUAN_PER_UNIT, ZERO
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import BLANK, TOTAL, Book, Cell, Row, Table
from budgetgen.values.sayings import Series, listed, saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.department.transfers import Transfer
    from budgetgen.edition.declarations import Edition


MISTAKEN = 1_000
"""A unit that spends so many times what others do, or so small a part, may have typed in 元 what it calls 万元."""


@dataclass(frozen=True)
class Department:
    """What the department itself says.

    Attributes:
        name: its full name.
        earlier: its workbook of an earlier consolidation, derived, with its decisions and texts; None for the
            first.
        sources: the parts of figures that the earlier workbook tells.
    """

    name: str
    earlier: Book | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """What came out of a consolidation.

    Attributes:
        book: the department's, not yet derived.
        findings: what the department has to look at.
        sources: the parts of every figure that is given.
        columns: what every unit has in every figure of the tables that are added up.
    """

    book: Book
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    columns: UnitColumns


def consolidate(units: Iterable[Unit], edition: Edition, department: Department) -> Consolidated:
    """The Book of a department.

    Args:
        units: in the order in which the department lists them, its own office first; each is used once and
            then let go.
        edition: the format of all of them.
        department: what the department says.
    """
    merging = _Department(edition, department)
    for unit in units:
        merging.add(unit)
    return merging.done()


@dataclass
class _Department:
    """A department while it is put together."""

    edition: Edition
    department: Department
    units: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    natures: dict[str, str] = field(default_factory=dict)
    own: dict[str, Table] = field(default_factory=dict)
    moneys: dict[str, list[str]] = field(default_factory=dict)
    spent: dict[str, Decimal] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)

    def __post_init__(self) -> None:
        self.merging = {
            table.name: Merging(self.edition, table)
            for table in self.edition.table
            if table.consolidated not in {"none", "own"}
        }
        self.reasons = Reasons(self.edition, self.department.name)
        self.transfers = Transfers(self.edition)
        self.balance = Balance(self.edition)

    def add(self, unit: Unit) -> None:
        """One more unit."""
        unit = completed(unit, self.edition)
        self._merge(unit)
        for table in self.edition.table:
            if table.consolidated in {"own", "none"}:
                self.own.setdefault(table.name, unit.book[table.name])
        self.reasons.add(unit)
        self.transfers.add(unit)
        self.balance.add(unit.book)
        self._list(unit)

    def _merge(self, unit: Unit) -> None:
        """Add up its tables, and remember what went where."""
        self.parts.add(unit, [part for merging in self.merging.values() for part in merging.add(unit)])

    def done(self) -> Consolidated:
        """The department's Book."""
        found = self._eliminated()
        several = len(self.units) > 1
        tables = {name: Table(name) for name in self.edition.tables}
        tables |= {name: merging.table_of(several=several) for name, merging in self.merging.items()}
        tables |= {
            name: _unplaced(table) for name, table in self.own.items() if self._owns(name, several=several)
        }
        tables[self.edition.house.about] = self._about(tables[self.edition.house.about])
        if several:
            stored = self.edition.comparisons.reasons
            tables[stored] = self.reasons.drafted(tables[stored])
            listed = self.edition.consolidating.institutions.table
            tables[listed] = self._institutions(tables[listed])
        tables[self.edition.consolidating.transfers.table] = table_of(found, self.edition)
        book, earlier = Book(self.edition.id, self.department.name, tables), self.department.earlier
        book, keys = told_apart(self.edition, book)
        numbers = typed(earlier, self.department.sources, self.edition) if earlier else {}
        if earlier:
            book = kept(book, earlier, self.edition, numbers)
        derived = derive(book, self.edition)
        totals = self.balance.table_of(derived, found)
        book = book.with_tables({totals.name: totals})
        short = shortfalls.told(self.transfers.shortfalls(found), self.edition)
        left = lost_texts(earlier, derived, self.edition) if earlier else ()
        told = (
            *self._moneys_differ(),
            *self._stale(found),
            *self._adjustments(),
            *lost(numbers, derived, self.edition),
            *left,
            *short,
        )
        given = chain.from_iterable(merging.given() for merging in self.merging.values())
        sources = tuple(_renamed(self.parts.of(given), keys))
        return Consolidated(book, told, sources, self.parts.columns(added_up(self.edition)))

    def _owns(self, table: str, *, several: bool) -> bool:
        """Whether a table of the first unit is the department's: what is left to it is so of a lone unit only."""
        declared = self.edition.tables[table]
        return declared.consolidated == "own" or not (several or declared.generated)

    # --- transfers ---

    def _eliminated(self) -> tuple[Transfer, ...]:
        """All transfers; those that are confirmed are taken out."""
        earlier = self.department.earlier
        found = self.transfers.found(tuple(listed_in(earlier, self.edition)) if earlier else ())
        if any(transfer.applied and not transfer.inner for transfer in found):
            taken = Unit(self.edition.consolidating.transfers.table, eliminations(found, self.edition))
            self._merge(taken)
            self.balance.take(taken.book)
        return found

    # --- what the department is ---

    def _about(self, table: Table) -> Table:
        """The facts of the department: its own office's, with its name, code and kind."""
        house, declared = self.edition.house, self.edition.consolidating
        office = table.get(declared.code)
        code = office.text(house.value)[: -declared.step] if office else ""
        own = {
            house.unit: self.department.name,
            house.kind: declared.kind,
            declared.authority: None,
            declared.code: code or None,
            house.money: self._money(),
        }
        rows = [
            row.with_cells({house.value: Cell(own[row.key], given=own[row.key] is not None)})
            if row.key in own
            else row
            for row in table.rows
        ]
        return Table(table.name, tuple(rows))

    def _money(self) -> str | None:
        """The coarsest unit of money that a unit is in.

        Where one is known in rounded 万元 only, the totals are so too: in a workbook in 元 its tail would be
        taken for an error.
        """
        return min(self.moneys & YUAN_PER_UNIT.keys(), key=YUAN_PER_UNIT.__getitem__, default=None)

    def _list(self, unit: Unit) -> None:
        """A unit's name, kind and unit of money, and what it says of the natures of units."""
        declared, house = self.edition.consolidating.institutions, self.edition.house
        self.units.append(unit.name)
        self.listed += unit.inner or [unit.name]
        money = str(unit.book.cell(house.about, house.money, house.value).value or "")
        self.moneys.setdefault(money, []).append(unit.name)
        paid = self.edition.tables[self.edition.consolidating.transfers.paid]
        total = unit.book[paid.name].get(TOTAL)
        self.spent[unit.name] = (
            max((total[c].amount for c in paid.measures(TOTAL)), default=ZERO) if total else ZERO
        )
        self.kinds[unit.name] = str(unit.book.cell(house.about, declared.kind, house.value).value or "")
        for row in unit.book[declared.table].rows:
            if row.text(declared.label) == declared.unit and row.text(declared.nature):
                self.natures.setdefault(caption(row.text(declared.name)), row.text(declared.nature))

    def _institutions(self, table: Table) -> Table:
        """The texts about the department with all its units, in order."""
        declared = self.edition.consolidating.institutions
        earlier = self.department.earlier[table.name].rows if self.department.earlier else ()
        for row in earlier:
            if row.text(declared.label) == declared.unit and row.text(declared.nature):
                self.natures.setdefault(caption(row.text(declared.name)), row.text(declared.nature))
        own = [row for row in earlier if row.text(declared.label) != declared.unit]
        others = own or [row for row in table.rows if row.text(declared.label) != declared.unit]
        units = [self._institution(name) for name in self.listed]
        tree = outline(self.edition, table.name, self.edition.consolidating.kind)
        rows = (
            replace(row, key=tree.position({}, ordinal).key)
            for ordinal, row in enumerate((*others, *units), start=1)
        )
        return Table(table.name, tuple(rows))

    def _institution(self, name: str) -> Row:
        declared = self.edition.consolidating.institutions
        nature = self.natures.get(caption(name)) or declared.natures.get(self.kinds.get(name, ""))
        values = {declared.label: declared.unit, declared.name: name, declared.nature: nature}
        cells = {column: Cell(text, given=True) if text else BLANK for column, text in values.items()}
        return Row("", "", None, cells)

    # --- what is known of it ---

    def _moneys_differ(self) -> Iterator[Finding]:
        """That units give their amounts in several units of money: those of each, the fewest by name."""
        if len(self.moneys) > 1:
            ordered = sorted(self.moneys.items(), key=lambda item: -len(item[1]))
            (most, many), *others = ordered
            named = listed(
                (saying("some", 单位=self._some(units), 金额单位=money) for money, units in others), "；"
            )
            told = saying(各家=named, 其余=len(many), 金额单位=most)
            yield Finding.of(self.edition.rules["unit-money"], told)
            yield from self._money_mistaken(many, [name for _, units in others for name in units])

    def _money_mistaken(self, many: Sequence[str], others: Sequence[str]) -> Iterator[Finding]:
        """Units in another unit of money that spend as if they had typed in that of most."""
        usual = median(self.spent[name] for name in many)
        for name in others:
            own = self.spent[name]
            if own and usual and not usual / MISTAKEN < own < usual * MISTAKEN:
                told = saying(单位=name, 总计=own, 中位数=usual)
                yield Finding.of(self.edition.rules["unit-money-mistaken"], told)

    def _stale(self, found: Iterable[Transfer]) -> Iterator[Finding]:
        """What the earlier workbook was decided on, and is not so any more: its units, its transfers."""
        if self.department.earlier is None:
            return
        rule, declared = self.edition.rules["earlier-stale"], self.edition.consolidating
        before = {caption(name): name for name in inner_units(self.department.earlier, self.edition)}
        now = {caption(name): name for name in self.listed}
        for which, names in (
            ("gone", [before[key] for key in before if key not in now]),
            ("come", [now[key] for key in now if before and key not in before]),
        ):
            if names:
                yield Finding.of(rule, saying(which, 单位=self._some(names)))
        for transfer in found:
            if transfer.state == declared.transfers.states["gone"]:
                spot = Spot(declared.transfers.table, "", declared.transfers.amount, transfer.place)
                told = saying(
                    付款=transfer.payer,
                    收款=transfer.receiver,
                    收入项目=transfer.kind,
                    金额=transfer.amount.amount,
                )
                yield Finding.of(rule, told, spot)

    def _some(self, names: Sequence[str]) -> Series:
        declared = self.edition.consolidating
        more = declared.more.format(数=len(names)) if len(names) > declared.named else None
        return listed((listed(names[: declared.named]), more), "")

    def _adjustments(self) -> Iterator[Finding]:
        """What was adjusted by hand in the earlier workbook, and is not in these sums."""
        declared = self.edition.consolidating.traces
        rows = self.department.earlier[declared.differences].lines() if self.department.earlier else ()
        for row in rows:
            amount = row[declared.adjusted].value
            if isinstance(amount, Decimal) and amount:
                total = Spot(row.text(declared.table), row.text(declared.row), row.text(declared.column))
                why = row.text(declared.remark)
                because = saying("why", 原因=why) if why else None
                told = saying(总数=total.name, 金额=amount, 原因=because)
                where = Spot(declared.differences, row.key, declared.adjusted, row[declared.adjusted].place)
                yield Finding.of(self.edition.rules["adjustment-left"], told, where)


def _renamed(parts: Iterable[Source], keys: Mapping[tuple[str, str], str]) -> Iterator[Source]:
    """The parts with the keys that their rows have now."""
    for part in parts:
        key = keys.get((part.table, part.row), part.row)
        yield part if key == part.row else replace(part, row=key)


def _unplaced(table: Table) -> Table:
    rows = (replace(row, cells={c: unplaced(cell) for c, cell in row.cells.items()}) for row in table.rows)
    return Table(table.name, tuple(rows))
