"""The transfers of a department: listed by a unit or met in the figures, each once, as the department has decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.department.claims import Claims
from budgetgen.department.transfers import Transfer
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.department.ledger import Ledger
    from budgetgen.department.transfers import Identity
    from budgetgen.edition.declarations import Edition


def paired(ledger: Ledger, earlier: Iterable[Transfer] = ()) -> Claims:
    """Every transfer, and what those that are confirmed take; one whose lines hold that is applied.

    Args:
        ledger: what the units tell.
        earlier: those in the department's earlier workbook, with its decisions.
    """
    decisions = {transfer.identity: transfer for transfer in earlier if not transfer.inner}
    decided = tuple(_decided(_known(ledger), decisions, ledger.edition))
    claims = Claims(ledger, decided)
    own = (replace(transfer, applied=claims.holds(transfer)) for transfer in decided)
    return Claims(ledger, (*own, *ledger.inner))


def _known(ledger: Ledger) -> tuple[Transfer, ...]:
    """What the units tell now, each once."""
    listed = tuple(_listed(ledger))
    known = {transfer.identity: transfer for transfer in listed}
    for transfer in _met(ledger, listed):
        known.setdefault(transfer.identity, transfer)
    return tuple(known.values())


def _listed(ledger: Ledger) -> Iterator[Transfer]:
    """The listed ones, each once, with which side lists it and the codes that the units' own tables tell."""
    sides: dict[Identity, dict[str, Transfer]] = {}
    for unit, transfer in ledger.listed:
        sides.setdefault(transfer.identity, {})[caption(unit)] = transfer
    states = ledger.edition.consolidating.transfers.states
    for told in sides.values():
        first, *others = told.values()
        for other in others:
            first = first.with_told(other)
        payer, receiver = ledger.owner(first.payer), ledger.owner(first.receiver)
        one = states["receiver"] if receiver in told else states["payer"]
        state = states["both"] if {payer, receiver} <= told.keys() else one
        yield replace(_completed(first, ledger), state=state, confirmed="")  # the department decides


def _completed(transfer: Transfer, ledger: Ledger) -> Transfer:
    income, paid = ledger.income(transfer), ledger.paid(transfer)
    return replace(
        transfer,
        received_code=transfer.received_code or (income.code if income else ""),
        paid_code=transfer.paid_code or (paid.code if paid else ""),
        paid_column=transfer.paid_column or (paid.column if paid else ""),
    )


def _met(ledger: Ledger, listed: Iterable[Transfer]) -> Iterator[Transfer]:
    """Income that no one lists, with every unit that spends the same amount."""
    declared = ledger.edition.consolidating.transfers
    covered = {(ledger.owner(t.receiver), t.kind) for t in listed}
    for where, income in ledger.incomes.items():
        if where in covered:
            continue
        equal = ledger.expenditure.get(income.amount.amount, ())
        payers = [paid for paid in equal if paid.unit != income.unit]
        open_ = Transfer("", income.unit, income.kind, income.amount, income.code)
        if not 0 < len(payers) <= declared.most:
            yield replace(open_, state=declared.states["several" if payers else "unknown"])
            continue
        for paid in payers:
            yield replace(
                open_,
                payer=paid.unit,
                paid_code=paid.code,
                paid_column=paid.column,
                state=declared.states["equal"],
            )


def _decided(
    known: Sequence[Transfer], decisions: Mapping[Identity, Transfer], edition: Edition
) -> Iterator[Transfer]:
    """The transfers with the department's decisions; what it decided of others, last."""
    told = {transfer.identity for transfer in known}
    answers = (t for identity, t in decisions.items() if identity not in told)
    answered = {transfer.income for transfer in answers if transfer.confirmed}
    open_ = [transfer for transfer in known if transfer.payer or transfer.income not in answered]
    for transfer in open_:
        yield _as_decided(transfer, decisions.get(transfer.identity))
    told = {transfer.identity for transfer in open_}
    for identity, transfer in decisions.items():
        if identity not in told:
            yield _untold(transfer, edition)


def _as_decided(transfer: Transfer, decision: Transfer | None) -> Transfer:
    if decision is None:
        return transfer
    return replace(decision.with_told(transfer), state=transfer.state, applied=False)


def _untold(decision: Transfer, edition: Edition) -> Transfer:
    """One of the earlier workbook that the units do not tell now.

    What the department has just typed or corrected is as it says. What was taken out before, and is not in the
    units' tables any more, is to be decided anew.
    """
    if not decision.applied or not decision.state:
        return replace(decision, state="", applied=False)
    gone = edition.consolidating.transfers.states["gone"]
    return replace(decision, state=gone, confirmed="", applied=False)
