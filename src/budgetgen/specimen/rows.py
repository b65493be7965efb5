"""The rows of a Book that nobody has filled in, with dummy texts and without figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from budgetgen.book.outline import outline
from budgetgen.book.relations import relations
from budgetgen.edition.walking import texts
from budgetgen.formula.nodes import Constant, walk
from budgetgen.values.model import Book, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.values.model import Value

DUMMY: Final = "样例"
"""How every dummy text begins."""
LINES: Final = 3
"""How many lines an open table gets at least."""
FREE: Final = frozenset({"text", "choice", "date"})
"""What a fixed row is given; it has no code, and belongs to nobody."""
NUMBER: Final = re.compile(r"(?<![\d.])\d{3,}(?![\d.])")
ORDINALS: Final = "甲乙丙丁戊己庚辛壬癸"


def lined(table: TableDeclaration) -> bool:
    """Whether a table gets lines: not one that few need, nor one whose lines are told apart by free texts."""
    asked = table.main.open and not (table.optional or table.generated or table.seldom)
    own = {column.name: column.type for column in table.main.columns}
    return bool(asked) and all(own[name] != "text" for name in table.main.key)


@dataclass(frozen=True)
class DummyRows:
    """Makes the rows of one format.

    Attributes:
        edition: the format.
        kind: 单位 or 部门.
        asked: the codes that its lines are to have; where there is none of a classification, such as show most.
    """

    edition: Edition
    kind: str
    asked: tuple[str, ...] = ()

    def book(self) -> Book:
        """All tables; of those that the program writes, or few need, nothing stands in the open ones."""
        tables = {table.name: Table(table.name, tuple(self._rows(table))) for table in self.edition.table}
        return Book(self.edition.id, f"{DUMMY}数据", tables)

    def _rows(self, table: TableDeclaration) -> Iterator[Row]:
        for block in table.block:
            for row in block.rows:
                label = {block.label.name: Cell(row.key, given=True)} if block.label else {}
                yield Row(row.key, "", None, {**label, **self._fixed(table, block, row)})
        if lined(table):
            yield from self._lines(table)

    # --- fixed rows ---

    def _fixed(self, table: TableDeclaration, block: Block, row: FixedRow) -> Mapping[str, Cell]:
        value = block.value
        own = {c.name: self._text(c, 0) for c in block.of_row(row) if c.type in FREE}
        if value and row.default:
            number = next(c.numeric for c in block.of_row(row) if c.name == value.name)
            own[value.name] = Decimal(row.default) if number else row.default
        if value and table.name == self.edition.house.about:
            own[value.name] = self._fact(row, own.get(value.name))
        return {name: Cell(text, given=True) for name, text in own.items() if text is not None}

    def _fact(self, row: FixedRow, told: Value) -> Value:
        """A fact of the unit; what may stay blank does."""
        house = self.edition.house
        match row.key:
            case house.unit:
                return f"{DUMMY}{self.kind}"
            case house.kind:
                return self.kind
        return told if row.required or row.default else None

    # --- lines ---

    def _lines(self, table: TableDeclaration) -> Iterator[Row]:
        tree, keys = outline(self.edition, table.name, self.kind), list(self._keys(table))
        for index, key in enumerate(keys):
            texts = {c.name: key.get(c.name) or self._text(c, index) for c in table.main.columns}
            place = tree.position({name: key.get(name, "") for name in table.main.key}, index + 1)
            cells = {name: Cell(text, given=True) for name, text in texts.items() if text is not None}
            yield tree.row(place, cells)

    def _keys(self, table: TableDeclaration) -> Iterator[Mapping[str, str]]:
        """What tells the lines of an open table apart."""
        columns = {column.name: column for column in table.main.columns}
        label = table.main.label
        if table.main.figures and label:
            code = next(name for name in table.main.key if name != label.name)
            own = (figure.id for figure in self.edition.figure if figure.each and figure.compared)
            yield from ({label.name: id_, code: known} for id_ in own for known in self.functions)
            return
        choices = next((c for c in table.main.columns if c.type == "choice" and c.required), None)
        if choices and not table.main.key:
            yield from ({choices.name: choice} for choice in choices.choices)
            return
        codes = [columns[name].of for name in table.main.key if columns[name].type == "code"]
        known = self.economics if codes == ["economic"] else self.functions
        for index in range(len(known)):
            yield {name: self._key(columns[name], index) for name in table.main.key}

    def _key(self, column: Column, index: int) -> str:
        if column.type == "unit":  # a department prints whose rows they are
            return f"{DUMMY}{self.kind}" if self.kind == self.edition.several else ""
        told = self._text(column, index)
        if column.type == "code":
            return (self.economics if column.of == "economic" else self.functions)[index]
        return f"{DUMMY}{column.name}{ORDINALS[index]}" if told is None else str(told)

    # --- texts ---

    def _text(self, column: Column, index: int) -> Value:
        """A dummy text; figures come later, names of codes by themselves."""
        settings = self.edition.edition
        told: Mapping[str, Value] = {
            "unit": None if column.apart else f"{DUMMY}{self.kind}",
            "item": f"{DUMMY}项目{ORDINALS[index % len(ORDINALS)]}",
            "choice": next(iter(column.choices), None),
            "date": date(settings.year + settings.published[-1], 2, 20),
            "text": None if column.told else f"{DUMMY}{column.name}",
        }
        if column.type == "code":
            return (self.economics if column.of == "economic" else self.functions)[0]
        return told.get(column.type)

    # --- codes ---

    @cached_property
    def functions(self) -> Sequence[str]:
        """Codes of 项: those asked for; else of the classes that tables print as rows, or the first, and those that sentences name."""
        known, length = self.edition.codes("function"), self.edition.code_lengths("function")
        if asked := self._leaves("function", self.asked):
            return asked
        rows = [{key for key in table.fixed if key in known} for table in self.edition.table]
        classes = set.intersection(*(keys for keys in rows if keys)) if any(rows) else set(known)
        first = self._leaves("function", dict.fromkeys(code for code in known if len(code) == length[0]))
        usual = [code for code in first if code[: length[0]] in classes][:LINES]
        return sorted({*usual, *self._leaves("function", self._said)})[: len(ORDINALS)]

    @cached_property
    def economics(self) -> Sequence[str]:
        """The codes of 款 asked for; else those that formulas name, and the first ones."""
        known, length = self.edition.codes("economic"), self.edition.code_lengths("economic")[-1]
        if asked := self._leaves("economic", self.asked):
            return asked
        leaves = [code for code in known if len(code) == length]
        constants = (part for relation in relations(self.edition) for part in walk(relation.node))
        named = {str(part.value) for part in constants if isinstance(part, Constant)} & set(leaves)
        return sorted({*named, *leaves[:LINES]})[: len(ORDINALS)]

    @cached_property
    def _said(self) -> Sequence[str]:
        """The numbers that sentences and their conditions hold: some are codes that only some documents have."""
        said = (one.text for statement in self.edition.statement for one in texts(statement))
        return sorted({number for text in said for number in NUMBER.findall(text)})

    def _leaves(self, kind: str, codes: Iterable[str]) -> list[str]:
        """Codes of a classification down to its last level: of each the first that begins so."""
        known, length = self.edition.codes(kind), self.edition.code_lengths(kind)[-1]
        leaves = sorted(code for code in known if len(code) == length)
        found = (
            next((leaf for leaf in leaves if leaf.startswith(code)), None) for code in codes if code in known
        )
        return list(dict.fromkeys(leaf for leaf in found if leaf))
