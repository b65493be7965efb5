"""Amounts that no relation of an edition counts, told to its author: where each is declared, and which rule is like it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from budgetgen.book.relations import ANY
from budgetgen.specimen.counting import Counting, Lack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.origins import Origins
    from budgetgen.specimen.counting import MoneyCell, Uncounted

ASIDE: Final = "counted = false"
SAID: Final = {
    Lack.ROW: f"同一行的合计没有计它{{place}}。{{like}}在 holds 里加上它；本来就不计的，这一列写 {ASIDE}",
    Lack.COLUMN: f"同一列的合计没有计它{{place}}。{{like}}在它该计入的那一条的 holds 里加上它；本来就不计的，这一行写 {ASIDE}",
    Lack.ALL: f"没有一条关系核对它{{place}}：填错了看不出来。写一条 [[rule]]；本来就没有的，{{one}}写 {ASIDE}",
    Lack.NONE: f"写了 {ASIDE}{{place}}，却有关系计它。{{like}}去掉 {ASIDE}",
}


def uncounted(edition: Edition, origins: Origins) -> Iterator[str]:
    """What no total counts, each with its place and with the rule that counts what stands beside it; a row once."""

    def row(found: Uncounted) -> tuple[object, ...]:
        table, key, column = found.cell
        return table, key, found.lack, "" if key != ANY else column

    for _, together in groupby(Counting.of(edition).uncounted(), row):
        first, *more = together
        yield _told(first, "、".join(one.cell.column for one in (first, *more)), edition, origins)


def _told(found: Uncounted, columns: str, edition: Edition, origins: Origins) -> str:
    cell, of_row = found.cell, found.cell.key != ANY
    called = f"{cell.table}[{cell.key}].{columns}" if of_row else f"{cell.table}.{columns}"
    place, like = _declared_at(cell, origins), _like(found, edition, origins)
    said = SAID[found.lack].format(place=place, like=like, one="这一行" if of_row else "这一列")
    return f"{called}：{said}"


def _declared_at(cell: MoneyCell, origins: Origins) -> str:
    words = [f'key = "{cell.key}"'] if cell.key != ANY else []
    place = origins.line("table", cell.table, *words, f'name = "{cell.column}"')
    return f"（{place}）" if place else ""


def _like(found: Uncounted, edition: Edition, origins: Origins) -> str:
    """The rule that counts most of what stands there."""
    if not found.counting:
        return ""
    rule = edition.rules[found.counting[0]]
    place = origins.line("rule", rule.id)
    return f"计了别的的有“{rule.id}”（{f'{place}，' if place else ''}{rule.holds}）："
