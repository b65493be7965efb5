"""Figures to set right in words: where each stands, what it is and what it should be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.checking.money import unit_of
from budgetgen.values.amounts import Amount
from budgetgen.values.findings import Advice, Finding
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.localisation.culprits import Culprit, Mend
    from budgetgen.values.sayings import Series

SHOULD = {"==": "应为", ">=": "不小于", "<=": "不大于"}
ALONE = {"==": "则为", ">=": "则不小于", "<=": "则不大于"}
"""The same of a figure that may be wrong."""


def mends(checked: Checked) -> tuple[Finding, ...]:
    """The figures to mend as findings, for the annotated copies: each at its cell, those that may be wrong as one."""
    unit = unit_of(checked.book, checked.edition)
    known = {finding.key for finding in checked.findings}
    culprits = checked.located.culprits
    return (
        *(line.finding for line in checked.located.lines if line.finding.key not in known),
        *(_mend(mend, culprit, checked.edition, unit) for culprit in culprits for mend in culprit.mends),
        *(_among(culprit, checked.edition, unit) for culprit in culprits if not culprit.mends),
    )


def mended(culprit: Culprit, mend: Mend, unit: str) -> str:
    """What should stand there, in any of the columns in which it may."""
    if not same_row(culprit):
        return should(mend, unit)
    columns = "或".join(m.spot.column for mends in ((mend,), *culprit.alternatives) for m in mends)
    return _lacking(mend, columns, unit)


def some(culprit: Culprit, unit: str) -> str:
    """That some of the figures are wrong, and by how much."""
    kind = "money" if all(mend.money for mend in culprit.among) else "number"
    amount = Amount(culprit.difference or Decimal(0), kind, unit)
    if len(culprit.among) == 1:
        return f"这一处差 {amount}，程序指不准应改哪一格"
    if all(mend.now is None for mend in culprit.among):
        return f"这 {len(culprit.among)} 格都空着，其中有一格或几格漏填，共差 {amount}"
    return f"这 {len(culprit.among)} 格中有一格或几格不对，合起来差 {amount}"


def if_alone(mend: Mend, unit: str) -> str:
    """What stands there, what should if nothing else were wrong, and what it is at least."""
    kind = "money" if mend.money else "number"
    sure = "" if mend.sure is None else f"；无论如何不小于 {Amount(mend.sure, kind, unit)}"
    return f"{should(mend, unit, told=ALONE)}{sure}"


def should(mend: Mend, unit: str, told: Mapping[str, str] = SHOULD) -> str:
    """What stands there and what should, and by which slip the one may have become the other."""
    if mend.absent:
        return _lacking(mend, mend.spot.column, unit, told)
    kind = "money" if mend.money else "number"
    blank = "空着" if mend.spot.place else "没有填"
    now = blank if mend.now is None else f"现为 {Amount(mend.now, kind, unit)}"
    why = f"（像是{mend.why}）" if mend.why else ""
    tail = f"（尾差可到 {Amount(mend.tail, kind, unit)}）" if mend.tail and mend.sign == "==" else ""
    return f"{now}，{told[mend.sign]} {Amount(mend.should, kind, unit)}{tail}{why}"


def where(mend: Mend) -> str:
    """Where a figure stands, and which it is."""
    spot = mend.spot
    if mend.absent:
        return spot.table
    numbered = re.fullmatch(r"第\d+行", spot.row)
    return f"{spot.place}（{spot.column if numbered else spot.name}）" if spot.place else spot.name


def same_row(culprit: Culprit) -> bool:
    """Whether a row lacks, and only the column of the amount is open."""
    (first, *_), others = culprit.mends, culprit.alternatives
    row = first.spot.table, first.spot.row, first.should
    alone = len(culprit.mends) == 1 and all(len(mends) == 1 for mends in others)
    return first.absent and alone and all((m.spot.table, m.spot.row, m.should) == row for (m, *_) in others)


def _lacking(mend: Mend, columns: str, unit: str, told: Mapping[str, str] = SHOULD) -> str:
    kind = "money" if mend.money else "number"
    return f"缺“{mend.spot.row}”这一行（{columns}{told[mend.sign]} {Amount(mend.should, kind, unit)}）"


def _mend(mend: Mend, culprit: Culprit, edition: Edition, unit: str) -> Finding:
    others = tuple(where(other) for other in culprit.mends if other is not mend)
    number = len(culprit.explains)
    stated = saying(
        应为=mended(culprit, mend, unit),
        一起=saying("together", 各格=listed(others)) if others else None,
        几处=saying("places", 处=number) if number > 1 else None,
        规则=_broken(culprit),
    )
    difference = None if mend.now is None or not mend.money else mend.now - mend.should
    found = Finding.of(edition.rules[Advice.FIGURE], stated, mend.spot)
    return replace(found, fix="", basis="", difference=difference)


def _among(culprit: Culprit, edition: Edition, unit: str) -> Finding:
    spots = (mend.spot for mend in culprit.among)
    stated = saying(情况=some(culprit, unit), 规则=_broken(culprit))
    return replace(Finding.of(edition.rules[Advice.AMONG], stated, *spots), fix="", basis="")


def _broken(culprit: Culprit) -> Series:
    return listed(dict.fromkeys(finding.rule for finding in culprit.explains))
