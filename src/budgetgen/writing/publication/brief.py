"""The disclosure on one page as a web page: sentences and bars that print on one sheet; no script, no network."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.writing.pages import page_templates

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.saying.brief import BriefBar, BriefChart, BriefPage

TEMPLATE = "brief.html"
WIDEST = Decimal(100)
"""The widest bar, in per cent of the room for bars."""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its width and last year's, in per cent of the room; what is negative or not known has none."""

    bar: BriefBar
    width: str
    prior_width: str


def render_brief(page: BriefPage, edition: Edition) -> bytes:
    """The page, UTF-8; the same input gives the same bytes."""
    environment = page_templates("writing/publication")
    charts = [(chart, _drawn(chart)) for chart in page.charts]
    return (
        environment.get_template(TEMPLATE)
        .render(page=page, charts=charts, language=edition.typography.language)
        .encode()
    )


def _drawn(chart: BriefChart) -> tuple[DrawnBar, ...]:
    known = [amount for bar in chart.bars for amount in (bar.amount, bar.prior) if amount is not None]
    largest = max(known)
    return tuple(DrawnBar(bar, _width(bar.amount, largest), _width(bar.prior, largest)) for bar in chart.bars)


def _width(amount: Decimal | None, largest: Decimal) -> str:
    if amount is None or amount <= 0:
        return "0"
    return f"{amount / largest * WIDEST:.2f}"
