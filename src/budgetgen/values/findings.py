"""What is wrong, said as values: findings about figures, and unusable input."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from budgetgen.values.amounts import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from budgetgen.values.model import Cell
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated


WHOLE_FILE = "整个文件"
"""The place of a finding that is on no cell."""


def quoted(text: str) -> str:
    """A text with the quotation marks inside quotation marks made single; as it is where they do not match.

    >>> quoted("““甲”运行费”没有对应的行")
    '“‘甲’运行费”没有对应的行'
    """
    depth, told = 0, []
    for sign in text:
        depth -= sign == "”"
        told.append({"“": "‘", "”": "’"}.get(sign, sign) if depth else sign)
        depth += sign == "“"
        if depth < 0:
            return text
    return text if depth else "".join(told)


class Blame(StrEnum):
    """Whose fault it is that nothing came of a file; only the first says anything of the file."""

    FILE = "file"
    """the file's, or of how it was asked for: it has to be mended, or another chosen"""
    MACHINE = "machine"
    """of the memory, the disk, the time, a process that was ended: another time it may go well"""
    PROGRAM = "program"
    """an error inside the program"""


class UnusableInputError(Exception):
    """A file that cannot be worked with at all: nothing was read, nothing was written.

    Attributes:
        path: the file, as the user named it.
        problem: what is wrong, in Chinese, one sentence without its final full stop.
        fix: what the clerk can do, in Chinese, one sentence without its final full stop.
        blame: whose it is.
    """

    def __init__(self, path: Path | str, problem: str, fix: str, blame: Blame = Blame.FILE) -> None:
        super().__init__(problem)
        self.path, self.problem, self.fix, self.blame = path, problem, fix, blame

    def __str__(self) -> str:
        subject = f"{self.path}：" if str(self.path) else ""
        return f"{subject}{self.problem}。\n  请：{self.fix}。"


class Advice(StrEnum):
    """What is told of where to begin, in place of a rule: each is declared, and explained, as `[[advice]]`."""

    FIGURE = "先改这一格"
    AMONG = "其中有错"
    """some of several figures, it cannot be told which"""
    CODE = "先改代码"


class Severity(StrEnum):
    """How a finding is treated. Ordered from worst to least."""

    ERROR = "error"
    """stops a build"""
    EXPLAIN = "explain"
    """passes with a written explanation"""
    NOTE = "note"
    """is information"""


class Ruled(Protocol):
    """What a finding takes from the rule that it is about."""

    @property
    def id(self) -> str:
        """Its stable id."""

    @property
    def severity(self) -> Severity:
        """How a breach of it is treated."""

    @property
    def basis(self) -> str:
        """The regulation or the reason behind it."""

    @property
    def fix(self) -> str:
        """What to do."""

    @property
    def says(self) -> Mapping[str, str]:
        """Its sayings by name: patterns with slots."""


NAMES: Mapping[Severity, str] = {
    Severity.ERROR: "错误",
    Severity.EXPLAIN: "需说明",
    Severity.NOTE: "提示",
}
EXPLAINED = "已说明"
"""How a finding with an explanation is called."""


NARRATIVE = "正文"
"""What findings call the place of a sentence."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that a finding speaks of.

    Attributes:
        table: the table's stable Chinese name.
        row: the row's key as people name it (code, row name), empty for a whole table.
        column: the column's name, empty for a whole row.
        place: where it stands; None where the figure stands in no file (a derived row).
        value: the value as text, empty for blank.
    """

    table: str
    row: str = ""
    column: str = ""
    place: FilePlace | None = None
    value: str = ""

    @classmethod
    def at(cls, table: str, row: str, column: str, cell: Cell, kind: str | None) -> Spot:
        """A cell as it stands in a table, of a column of that type."""
        return cls(table, row, column, cell.place, _shown(cell, kind))

    @property
    def around(self) -> str:
        """What helps to find its place, unless its table is called so."""
        return self.place.around if self.place and not self.place.stands_in(self.table) else ""

    @property
    def name(self) -> str:
        """The cell by row and column, whatever lines are inserted above it: `支出总体[2060501].合计`."""
        row, column = f"[{self.row}]" if self.row else "", f".{self.column}" if self.column else ""
        return f"{self.table}{row}{column}"


def _shown(cell: Cell, kind: str | None) -> str:
    if isinstance(cell.value, Decimal):
        return plain(cell.value, 0 if kind == "count" else 2)
    return str(cell.value or "")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What somebody has written to a finding.

    Attributes:
        text: why it may stand.
        name: who says so.
    """

    text: str
    name: str

    def __str__(self) -> str:
        return f"{self.text}（{self.name}）"


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint, with everything a clerk needs to go there and mend it.

    Attributes:
        rule: the stable id of the rule.
        severity: how it is treated.
        said: what it states, each by one of the rule's sayings: both sides and the difference, names, counts.
        fix: what to do, in Chinese.
        basis: the regulation or the reason behind the rule.
        spots: the cells read, the one to look at first.
        difference: left side minus right side in 万元, where there are sides.
        tail: it is a difference that rounding explains.
        explained: what was written to it in the workbook; with it, it asks for nothing any more.
    """

    rule: str
    severity: Severity
    said: tuple[Stated, ...]
    fix: str = ""
    basis: str = ""
    spots: tuple[Spot, ...] = ()
    difference: Decimal | None = None
    tail: bool = False
    explained: Explanation | None = None

    @classmethod
    def of(cls, rule: Ruled, saying: Stated, *spots: Spot) -> Finding:
        """A complaint in the words of the edition's rule."""
        return cls(rule.id, rule.severity, (saying.worded(rule.says),), rule.fix, rule.basis, spots)

    @property
    def message(self) -> str:
        """What it states in words, for those who show it: what is merged, kept apart or withheld goes by the fields."""
        return "；".join(dict.fromkeys(quoted(one.told()) for one in self.said))

    @property
    def texts(self) -> Iterator[str]:
        """The texts that it states."""
        return (text for one in self.said for text in one.texts)

    @property
    def key(self) -> tuple[str, tuple[Stated, ...], tuple[Spot, ...]]:
        """What tells it from others, whatever was written to it."""
        return self.rule, self.said, self.spots

    @property
    def open(self) -> bool:
        """Whether it waits for an explanation."""
        return self.severity == Severity.EXPLAIN and self.explained is None

    @property
    def level(self) -> str:
        """How it is treated, in a word."""
        return EXPLAINED if self.explained else NAMES[self.severity]

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """Sorts by what is to be done: errors, what waits for an explanation, what has one, notes, tails."""
        return list(Severity).index(self.severity), self.explained is not None, self.tail
