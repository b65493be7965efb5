"""What kind of units a department has: their names, natures, units of money; and what the department is by them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.book.outline import outline
from budgetgen.department.units import inner_units
from budgetgen.values.amounts import PER_WAN, ZERO
from budgetgen.values.findings import Finding
from budgetgen.values.model import BLANK, TOTAL, Cell, Row, Table
from budgetgen.values.sayings import Series, listed, saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from budgetgen.department.units import Unit
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book
    from budgetgen.values.sayings import Field

MISTAKEN = 1_000
"""A unit that spends so many times what others do, or so small a part, may have typed in 元 what it calls 万元."""


@dataclass
class Roster:
    """The units of a department, one added after the other.

    Attributes:
        edition: their format.
        units: their names.
        listed: the same, with the units of a department that is one in place of it.
        kinds, spent, moneys: by name what kind of unit it is, and what it spends in 万元; by unit of money whose it is.
        natures: by caption of a unit, as the list of institutions says it.
    """

    edition: Edition
    units: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    natures: dict[str, str] = field(default_factory=dict)
    moneys: dict[str, list[str]] = field(default_factory=dict)
    spent: dict[str, Decimal] = field(default_factory=dict)
    verbatim: dict[str, int] = field(default_factory=dict)

    def add(self, unit: Unit) -> None:
        """One more unit: its name, kind and unit of money, and what it says of the natures of units."""
        declared, house = self.edition.consolidating.institutions, self.edition.house
        self.units.append(unit.name)
        self.listed += unit.inner or [unit.name]
        money = fact(unit.book, self.edition, house.money)
        self.moneys.setdefault(money, []).append(unit.name)
        paid = self.edition.tables[self.edition.consolidating.transfers.paid]
        total = unit.book[paid.name].get(TOTAL)
        self.spent[unit.name] = (
            max((total[c].amount for c in paid.measures(TOTAL)), default=ZERO) if total else ZERO
        )
        self.kinds[unit.name] = fact(unit.book, self.edition, declared.kind)
        self._take_natures(unit.book[declared.table].rows)
        if kept := len(unit.book[self.edition.verbatim.table].rows):
            self.verbatim[unit.name] = kept

    def _take_natures(self, rows: Sequence[Row]) -> None:
        declared = self.edition.consolidating.institutions
        for row in rows:
            if row.text(declared.label) == declared.unit and row.text(declared.nature):
                self.natures.setdefault(caption(row.text(declared.name)), row.text(declared.nature))

    def join(self, later: Roster) -> None:
        """The units after these."""
        self.units += later.units
        self.listed += later.listed
        self.kinds |= later.kinds
        for name, nature in later.natures.items():
            self.natures.setdefault(name, nature)
        for money, units in later.moneys.items():
            self.moneys.setdefault(money, []).extend(units)
        self.spent |= later.spent
        self.verbatim |= later.verbatim

    def about(self, table: Table, department: str) -> Table:
        """The facts of the department: its own office's, with its name, code and kind."""
        house, declared = self.edition.house, self.edition.consolidating
        office = table.get(declared.code)
        code = office.text(house.value)[: -declared.step] if office else ""
        own = {
            house.unit: department,
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
        return min(self.moneys & PER_WAN.keys(), key=PER_WAN.__getitem__, default=None)

    def institutions(self, table: Table, earlier: Book | None) -> Table:
        """The texts about the department with all its units, in order."""
        declared = self.edition.consolidating.institutions
        said = earlier[table.name].rows if earlier else ()
        self._take_natures(said)
        own = [row for row in said if row.text(declared.label) != declared.unit]
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

    def moneys_differ(self) -> Iterator[Finding]:
        """That units give their amounts in several units of money: those of each, the fewest by name."""
        if len(self.moneys) > 1:
            ordered = sorted(self.moneys.items(), key=lambda item: -len(item[1]))
            (most, many), *others = ordered
            named = listed(
                (saying("some", 单位=some(units, self.edition), 金额单位=money) for money, units in others),
                "；",
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

    def paragraphs_left(self) -> Iterator[Finding]:
        """That units have paragraphs of their own: each speaks of its unit, and none is the department's."""
        if self.verbatim:
            named = [saying("some", 单位=name, 段数=count) for name, count in self.verbatim.items()]
            told = saying(各家=some(named, self.edition))
            yield Finding.of(self.edition.rules["paragraph-units"], told)

    def changed(self, earlier: Book) -> Iterator[Finding]:
        """The units that an earlier workbook was made of and that are not there now, and those that have come.

        Args:
            earlier: the department's.
        """
        before = {caption(name): name for name in inner_units(earlier, self.edition)}
        now = {caption(name): name for name in self.listed}
        for which, names in (
            ("gone", [before[key] for key in before if key not in now]),
            ("come", [now[key] for key in now if before and key not in before]),
        ):
            if names:
                told = saying(which, 单位=some(names, self.edition))
                yield Finding.of(self.edition.rules["earlier-stale"], told)


def some(names: Sequence[Field], edition: Edition) -> Series:
    """The first names, and how many there are where these are not all."""
    declared = edition.consolidating
    more = declared.more.format(数=len(names)) if len(names) > declared.named else None
    return listed((listed(names[: declared.named]), more), "")
