"""The disclosure on one page: a Book becomes a few sentences and charts, with the figures of the document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.figures import with_figures
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.saying.phrasing import Frame, Phrasing
from budgetgen.values.amounts import rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Chart, Edition, Saying
    from budgetgen.values.model import Book


@dataclass(frozen=True, slots=True)
class BriefBar:
    """A bar of a chart.

    Attributes:
        label: what it is called.
        amount: in 万元, as printed in the document.
        told: that, as text.
        prior: last year's; None where that is not known.
        prior_told: that, as text.
    """

    label: str
    amount: Decimal
    told: str
    prior: Decimal | None = None
    prior_told: str = ""


@dataclass(frozen=True, slots=True)
class BriefChart:
    """A chart, largest bar first."""

    title: str
    bars: tuple[BriefBar, ...]


@dataclass(frozen=True, slots=True)
class BriefPage:
    """The page; `file` is its name, `draft` the mark of a draft."""

    title: str
    sentences: tuple[str, ...]
    charts: tuple[BriefChart, ...]
    now: str
    before: str
    remark: str
    draft: str = ""


def brief_of(book: Book, edition: Edition, *, draft: str = "") -> BriefPage:
    """The page of a derived Book; a sentence or a chart that would have nothing to tell is left out."""
    declared = edition.brief
    phrasing = Phrasing(edition, with_figures(book, edition))
    charts = (BriefChart(phrasing.text(chart.title), _bars(phrasing, chart)) for chart in declared.chart)
    return BriefPage(
        phrasing.text(declared.title),
        tuple(filter(None, (_said(phrasing, saying) for saying in declared.say))),
        tuple(chart for chart in charts if chart.bars),
        phrasing.text(declared.now),
        phrasing.text(declared.before),
        phrasing.text(declared.remark),
        draft,
    )


def _said(phrasing: Phrasing, saying: Saying) -> str:
    frame = Frame(Scope(phrasing.book), let=saying.let, lists=saying.list)
    case = phrasing.choose(saying.cases, frame)
    return "".join(run.text for run in phrasing.fill(case.says, frame)) if case else ""


def _bars(phrasing: Phrasing, chart: Chart) -> tuple[BriefBar, ...]:
    """The largest, and one of all that are smaller where there are more than a reader would look at."""
    drawn = sorted(_each(phrasing, chart), key=lambda bar: -bar.amount)
    declared = phrasing.edition.brief
    if len(drawn) <= declared.bars:
        return tuple(drawn)
    first, others = drawn[: declared.bars - 1], drawn[declared.bars - 1 :]
    return (*first, _together(phrasing, declared.rest.format(项=len(others)), others))


def _each(phrasing: Phrasing, chart: Chart) -> Iterator[BriefBar]:
    for frame in phrasing.rows(chart.each, chart.level, chart.where, Frame(Scope(phrasing.book))):
        amount = _amount(phrasing, chart.value, frame)
        prior = _amount(phrasing, chart.prior, frame) if chart.prior else None
        if amount or prior:
            label = evaluate(phrasing.edition.formula(chart.label, each=frame.each), frame.scope).value
            yield _bar(phrasing, str(label or ""), amount or Decimal(0), prior)


def _together(phrasing: Phrasing, label: str, bars: Sequence[BriefBar]) -> BriefBar:
    priors = [bar.prior for bar in bars if bar.prior is not None]
    prior = sum(priors, Decimal(0)) if len(priors) == len(bars) else None
    return _bar(phrasing, label, sum((bar.amount for bar in bars), Decimal(0)), prior)


def _bar(phrasing: Phrasing, label: str, amount: Decimal, prior: Decimal | None) -> BriefBar:
    told = "" if prior is None else phrasing.spoken(prior, "money")
    return BriefBar(label, amount, phrasing.spoken(amount, "money"), prior, told)


def _amount(phrasing: Phrasing, formula: str, frame: Frame) -> Decimal | None:
    """As the document prints it."""
    value = evaluate(phrasing.edition.formula(formula, each=frame.each), frame.scope).value
    return rounded(value) if isinstance(value, Decimal) else None
