"""From what a file holds in a cell to what a Book holds in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from budgetgen.edition.declarations import NO, YES
from budgetgen.reading.number_formats import GENERAL, is_plain, shown, tells
from budgetgen.values import amounts
from budgetgen.values.model import Cell, Value
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import clean, one_line

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Column, Edition, Scale
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Series, Stated

ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"}
)
BOOK = re.compile(r"\[[^\[\]]+\][^\[\]]*!")
"""Another workbook in a formula: `'[去年.xlsx]支出'!A1`."""
SCALES = (1, 10**3, 10**4, 10**6, 10**8)
"""In what amounts in 元 may be shown: 元, 千元, 万元, 百万元, 亿元."""


class Raw(NamedTuple):
    """A cell as a file holds it; a tuple, for there are tens of thousands of them in a workbook.

    Attributes:
        value: what is stored; the cached result of a formula.
        formula: whether a formula stands in it.
        place: where it stands.
        source: the formula without its `=`; empty where the file does not tell it.
        code: the number format that it is shown in.
        number: the number behind a date or time, None for any other value.
        under: the cell that is merged over it and is all that is seen of both.
    """

    value: Any
    formula: bool = False
    place: FilePlace | None = None
    source: str = ""
    code: str = GENERAL
    number: float | None = None
    under: Raw | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it that a person could see."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def numeric(self) -> bool:
        """Whether it is stored as a number."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def uncomputed(self) -> bool:
        """Whether a formula stands in it whose result is not stored."""
        return self.formula and self.value is None


NOTHING = Raw(None)
"""A cell that is not stored."""
Line: TypeAlias = Sequence[Raw]
"""One row of a sheet, from column A on."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a cell: the rule's id and what is told of it."""

    rule: str
    stated: Stated

    def of(self, called: str, edition: Edition) -> Stated:
        """It of a cell that is called so."""
        stated = self.stated.worded(edition.rules[self.rule].says)
        return saying("cell", 列=called, 情况=stated).worded(edition.stating)


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads cells of one workbook.

    Attributes:
        money: the unit of money of the workbook, 万元 or 元.
        scale: how the table prints its amounts; None where it is no table of the format.
        stored: whether numbers are stored as such, so that one that is text is worth a word.
        summed: whether amounts are sums of units, of which some are in 元: all their decimals are meant.
        printed: whether it is a document's table, whose amounts were rounded when it was printed.
    """

    money: str
    scale: Scale | None = None
    stored: bool = False
    summed: bool = False
    printed: bool = False

    def read(self, raw: Raw, column: Column, *, derived: bool) -> tuple[Cell, tuple[Complaint, ...]]:
        """A cell and what is wrong with it.

        Args:
            raw: as stored.
            column: its declaration.
            derived: whether a relation computes it, so that a formula in it is the workbook's own.
        """
        if raw.formula and (derived or column.type == "name"):
            return Cell(place=raw.place, shown=self._shown(raw, column)), ()
        if raw.uncomputed:
            return Cell(place=raw.place), (_uncomputed(raw.source),)
        if raw.blank:
            return Cell(place=raw.place), ()
        if isinstance(raw.value, str) and raw.value in ERRORS:
            return Cell(place=raw.place), (Complaint("cell-error", saying(值=raw.value)),)
        value, complaints = self._value(raw, column)
        return Cell(value, raw.place, given=value is not None, terms=self._terms(value, column)), complaints

    def _terms(self, value: Value, column: Column) -> Decimal | int:
        if column.type != "money" or not isinstance(value, Decimal):
            return 0
        if self.scale is None:
            return int(self.money == amounts.WAN)
        terms = self.scale.printed_terms if self.printed else self.scale.terms
        return terms(value * amounts.PER_WAN[self.money], self.money)

    def _shown(self, raw: Raw, column: Column) -> Value:
        """What a formula shows, where that is a number."""
        if not column.numeric or isinstance(raw.value, bool) or not isinstance(raw.value, int | float):
            return None
        return self._number(raw.value, column)[0]

    def _value(self, raw: Raw, column: Column) -> tuple[Value, tuple[Complaint, ...]]:
        match column.type:
            case "money" | "number" | "count":
                return self._counted(raw, column)
            case "date":
                return _date(raw.value)
            case "code":
                return _code(raw), ()
        return self._text(raw, column)

    def _counted(self, raw: Raw, column: Column) -> tuple[Value, tuple[Complaint, ...]]:
        """A number, unless its cell shows another."""
        value, complaints = self._number(raw.value, column)
        stored = raw.value
        if isinstance(stored, bool) or not isinstance(stored, int | float) or is_plain(raw.code):
            return value, complaints
        worths = SCALES if column.type == "money" and self.money != amounts.WAN else SCALES[:1]
        if value is None or any(tells(stored, raw.code, worth) for worth in worths):
            return value, complaints
        seen = shown(stored, raw.code)
        unseen = saying("unseen", 存的=str(stored), 格式=raw.code)
        told = saying(显示=seen, 存的=str(stored), 格式=raw.code) if seen else unseen
        return None, (Complaint("format-differs", told),)

    def _text(self, raw: Raw, column: Column) -> tuple[Value, tuple[Complaint, ...]]:
        seen, wrong = _seen(raw, column)
        if wrong:
            return None, wrong
        text, cleaned = clean(seen)
        if column.type in {"item", "unit", "name", "label", "choice"}:
            text = one_line(text)
        text = column.meant.get(text, text)
        complaints = [Complaint("text-cleaned", saying())] if cleaned else []
        if column.lead:
            text, stripped = _inline(text, column.lead)
            if stripped:
                complaints.append(Complaint("text-repeated", saying(去掉=stripped)))
        if column.choices and text and text not in column.choices:
            complaints.append(Complaint("not-a-choice", saying(值=text, 可选=listed(column.choices))))
        return (None if text == column.blank else text or None), tuple(complaints)

    def _number(self, value: Any, column: Column) -> tuple[Value, tuple[Complaint, ...]]:
        if isinstance(value, date | time | timedelta):
            day = saying(日期=f"{value:%Y-%m-%d}") if isinstance(value, date) else saying("time")
            return None, (Complaint("cell-date", day),)
        try:
            number = amounts.parse(value) if isinstance(value, str) else _plain_number(value)
        except amounts.NotANumberError:
            return None, (Complaint("not-a-number", saying(值=str(value)[:40])),)
        if number is None:
            return None, ()
        typed = (
            (Complaint("text-number", saying(值=value.strip()[:40])),)
            if self.stored and isinstance(value, str)
            else ()
        )
        return self._judged(number, column, typed)

    def _judged(
        self, number: Decimal, column: Column, complaints: tuple[Complaint, ...]
    ) -> tuple[Value, tuple[Complaint, ...]]:
        """A number in 万元 where it is money, and what is wrong with it."""
        if column.type == "count" and number != number.to_integral():
            return number, (*complaints, Complaint("not-whole", saying(数=number)))
        if column.type != "money":
            return number, complaints
        wan = amounts.in_wan(number, self.money)
        fine = self.summed or self.money == "元" or wan == amounts.rounded(wan)
        long = () if fine else (Complaint("extra-decimals", saying(数=wan)),)
        return wan, (*complaints, *long)


def _uncomputed(source: str) -> Complaint:
    """Why a formula has no result: opening and saving the file computes it only where nothing is missing."""
    if broken := next((error for error in sorted(ERRORS) if error in source), ""):
        return Complaint("cell-error", saying("formula", 值=broken, 公式=source))
    if BOOK.search(source):
        return Complaint("formula-linked", saying(公式=source))
    return Complaint("formula-uncomputed", saying())


def _inline(text: str, lead: tuple[str, ...]) -> tuple[str, Series | None]:
    """A text as it stands within a sentence, and what was stripped from it."""
    words = "|".join(map(re.escape, lead))
    begin = re.match(rf"(?:(?:{words})[:：]?\s*)*", text)
    rest = one_line(text[begin.end() if begin else 0 :])
    kept = rest.rstrip("。；;，,、. ")
    stripped = (begin[0] if begin else "", rest[len(kept) :])
    told = tuple(part.strip() for part in stripped if part.strip())
    return kept, listed(told, "”、“") if told else None


def _plain_number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise amounts.NotANumberError(str(value))
    return amounts.from_number(value)


def _seen(raw: Raw, column: Column) -> tuple[str, tuple[Complaint, ...]]:
    """What a cell of texts shows, or why that is not known."""
    if isinstance(raw.value, bool) and YES in column.choices:
        return YES if raw.value else NO, ()
    stored = raw.value if raw.number is None else raw.number
    text = shown(stored, raw.code) if isinstance(stored, str | int | float) else None
    if text is None:
        return "", (Complaint("format-unclear", saying(存的=str(stored), 格式=raw.code)),)
    if not text:
        told = saying("hidden", 存的=str(stored)[:40], 格式=raw.code)
        return "", (Complaint("format-differs", told),)
    return text, ()


def _code(raw: Raw) -> str | None:
    """A code as digits; what is no code is kept as it is, for the finding to show: an amount in its place, too."""
    if isinstance(raw.value, float) and not raw.value.is_integer():
        return str(raw.value)
    text = re.sub(rf"[{amounts.DASHES}\s.]", "", unicodedata.normalize("NFKC", clean(digits(raw))[0]))
    return text or None


def digits(raw: Raw) -> str:
    """A code, or a part of one, with the zeros at its head that the cell shows."""
    stored = raw.value
    if isinstance(stored, float | int) and not isinstance(stored, bool):
        seen = shown(stored, raw.code) or ""
        plain = str(int(stored)) if float(stored).is_integer() else str(stored)
        return seen if seen.isdigit() and seen.lstrip("0") == plain.lstrip("0") else plain
    return str(stored)


DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")


def _date(value: Any) -> tuple[Value, tuple[Complaint, ...]]:
    if isinstance(value, datetime):
        return value.date(), ()
    if isinstance(value, date):
        return value, ()
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if parts := DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        try:
            return date(int(parts[1]), int(parts[2]), int(parts[3])), ()
        except ValueError:
            pass
    return None, (Complaint("not-a-date", saying(值=text[:40])),)
