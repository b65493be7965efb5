"""The changes between two files as one self-contained page: no network, charts drawn in it.

The one script that may run is the page's own: it is named by its hash, so that no text of a file can be one.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from budgetgen.comparison.listings import (
    COUNTED,
    Marked,
    charts,
    described,
    limit,
    listings,
    opposed,
    side_names,
)
from budgetgen.comparison.opinions import NONE, Opinion, OpinionMark
from budgetgen.values.amounts import written
from budgetgen.writing.pages import page_templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.comparison import Changes
    from budgetgen.comparison.listings import Bars, Entry, Opposed
    from budgetgen.comparison.opinions import Opinions

TEMPLATE, SCRIPT = "page.html", "page.js"
LABELS, PLOT, VALUES = 250, 520, 90
"""Widths of a chart's parts, in pixels: names, bars, amounts."""
BAR, GAP = 13, 12
"""Height of a bar, and the room between two lines."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn bar.

    Attributes:
        y: its top.
        width: its length.
        amount: written behind it, empty for nothing.
        new: it is that of the new file.
    """

    y: int
    width: int
    amount: str
    new: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn chart.

    Attributes:
        title: above it.
        height: in pixels.
        labels: (middle of the line, name).
        bars: of both files.
    """

    title: str
    height: int
    labels: tuple[tuple[int, str], ...]
    bars: tuple[Bar, ...]


def render_page(changes: Changes, opinions: Opinions = NONE) -> bytes:
    """The page, UTF-8, with what was said of the differences before; the same input gives the same bytes."""
    script = files("budgetgen.writing.changes").joinpath(SCRIPT).read_text(encoding="utf-8")
    shown = opposed(changes)
    anchors = _anchors(shown)
    environment = page_templates("writing/changes")
    environment.filters["shown"] = _shown
    environment.filters["amount"] = lambda value: written(value) if value else ""
    environment.tests["marked"] = lambda value: isinstance(value, Marked)
    environment.tests["number"] = lambda value: isinstance(value, Decimal)
    text = environment.get_template(TEMPLATE).render(
        old=described(changes.old),
        new=described(changes.new),
        names=side_names(changes),
        limit=limit(changes.threshold),
        lists=[(listing, COUNTED[listing.id](changes)) for listing in listings(changes)],
        tables=shown,
        anchors=anchors,
        said=opinions,
        nothing=Opinion(OpinionMark("", "")),
        review=changes.new.edition.review,
        script=Markup(script),  # noqa: S704 - the program's own
        digest=b64encode(sha256(script.encode()).digest()).decode(),
        drawings=[_drawn(bars) for bars in charts(changes)],
        labels=LABELS,
        plot=PLOT,
        width=LABELS + PLOT + VALUES,
        bar=BAR,
        room=GAP,
    )
    return text.encode()


def _anchors(tables: Sequence[Opposed]) -> Mapping[tuple[str, str], str]:
    """Where on the page a row of a table stands: (table, row) → anchor."""
    return {
        (table.name, key): f"t{number}r{line}"
        for number, table in enumerate(tables)
        for line, key in enumerate(table.keys)
    }


def _shown(value: Entry, kind: str) -> str:
    if isinstance(value, Decimal):
        return f"{written(value)}%" if kind == "percent" else written(value)
    return "" if value is None else str(value)


def _drawn(bars: Bars) -> Drawing:
    """Both amounts of each line as bars, the old one on top; a negative amount is drawn by its size."""
    most = max((abs(amount) for amount in (*bars.old, *bars.new)), default=Decimal(0)) or Decimal(1)
    step = BAR * 2 + GAP
    drawn = tuple(
        Bar(
            index * step + (BAR if new else 0),
            int(abs(amount) * PLOT / most),
            written(amount) if amount else "",
            new,
        )
        for index, pair in enumerate(zip(bars.old, bars.new, strict=True))
        for new, amount in zip((False, True), pair, strict=True)
    )
    labels = tuple((index * step + BAR, label) for index, label in enumerate(bars.labels))
    return Drawing(bars.title, step * len(bars.labels), labels, drawn)
