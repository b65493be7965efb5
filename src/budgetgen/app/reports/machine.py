"""Findings for machines: JSON with amounts as strings."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from budgetgen.app.reports.findings import requirements
from budgetgen.values.amounts import Amount, plain
from budgetgen.values.findings import Finding, Severity
from budgetgen.values.places import parts_of, told_place
from budgetgen.values.sayings import phrase
from budgetgen.values.sides import sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.verify import Proved
    from budgetgen.localisation.culprits import Culprit, Mend, WrongLine
    from budgetgen.values.findings import Spot, UnusableInputError
    from budgetgen.values.sayings import Stated
    from budgetgen.values.sides import RelationSide


def as_json(
    results: Sequence[Checked],
    refused: Sequence[UnusableInputError] = (),
    *,
    ascii_only: bool = False,
    listed: bool = False,
) -> str:
    """All findings for machines, amounts as strings; files that could not be used with their `error`, and whose fault it is.

    Args:
        results: the files examined.
        refused: those that could not be used.
        ascii_only: for a screen that shows no other signs.
        listed: with what has to be published, whether it is there, and where.
    """
    files = [
        *({**_file(one), **({"checklist": _required(one)} if listed else {})} for one in results),
        *({"file": str(e.path), "error": e.problem, "fix": e.fix, "blame": e.blame} for e in refused),
    ]
    return json.dumps({"files": files}, ensure_ascii=ascii_only, indent=2)


def _required(checked: Checked) -> list[dict[str, object]]:
    return [
        {
            "id": one.requirement.id,
            "title": one.requirement.title,
            "basis": one.requirement.basis,
            "met": bool(one.places),
            "places": list(one.places),
        }
        for one in requirements(checked)
    ]


def proved_json(proof: Proved, *, ascii_only: bool = False) -> str:
    """A proof for machines."""
    told = {
        **_file(proof.checked),
        "workbook": str(proof.workbook),
        "numbers": proof.numbers,
        "tied": proof.tied,
    }
    return json.dumps(told, ensure_ascii=ascii_only, indent=2)


def _file(checked: Checked) -> dict[str, object]:
    counts = Counter(finding.severity for finding in checked.findings)
    return {
        "file": str(checked.path),
        "edition": checked.edition.id,
        "unit": checked.unit,
        "year": checked.year,
        "errors": counts[Severity.ERROR],
        "explains": sum(finding.open for finding in checked.findings),
        "explained": sum(finding.explained is not None for finding in checked.findings),
        "notes": counts[Severity.NOTE],
        "lines": [_json_line(line, checked.findings) for line in checked.located.lines],
        "culprits": [_json_culprit(culprit, checked.findings) for culprit in checked.located.culprits],
        "not_located": checked.located.note,
        "findings": [_json_finding(finding) for finding in checked.findings],
    }


def _json_culprit(culprit: Culprit, findings: Sequence[Finding]) -> dict[str, object]:
    """The cells to mend, other answers, and the positions of the findings that they explain."""
    explained = {finding.key for finding in culprit.explains}
    return {
        "cells": [_json_mend(mend) for mend in culprit.mends],
        "alternatives": [[_json_mend(mend) for mend in mends] for mends in culprit.alternatives],
        "among": [_json_candidate(mend) for mend in culprit.among],
        "difference": None if culprit.difference is None else plain(culprit.difference),
        "more": culprit.capped,
        "explains": [i for i, finding in enumerate(findings) if finding.key in explained],
    }


def _json_line(line: WrongLine, findings: Sequence[Finding]) -> dict[str, object]:
    """A line to set right, and the positions of the findings that wait for it."""
    explained = {finding.key for finding in line.explains}
    return {
        **_json_finding(line.finding),
        "explains": [i for i, finding in enumerate(findings) if finding.key in explained],
    }


def _json_candidate(mend: Mend) -> dict[str, object]:
    """A cell that may be wrong: what it would be if it were the only one, and what it is at least in any case."""
    told = _json_mend(mend)
    alone = {"if_alone": told.pop("should")}
    return {**told, **alone, "at_least": None if mend.sure is None else plain(mend.sure)}


def _json_mend(mend: Mend) -> dict[str, object]:
    return {
        **_json_spot(mend.spot),
        "relation": mend.sign,
        "should": plain(mend.should),
        "tail": plain(mend.tail),
        "why": mend.why,
    }


def _json_spot(spot: Spot) -> dict[str, object]:
    return {
        "table": spot.table,
        "row": spot.row,
        "column": spot.column,
        "place": told_place(spot.place),
        "address": parts_of(spot.place),
        "value": spot.value,
    }


def _json_finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "fix": finding.fix,
        "basis": finding.basis,
        "explained": {"text": finding.explained.text, "name": finding.explained.name}
        if finding.explained
        else None,
        "difference": None if finding.difference is None else plain(finding.difference),
        "sides": [_json_side(side, finding.said[0]) for side in sides_of(finding)],
        "cells": [_json_spot(spot) for spot in finding.spots],
    }


def _json_side(side: RelationSide, around: Stated) -> dict[str, object]:
    """A side of a relation: what it comes to, and its terms, each with the cells that it is worked from."""
    terms = [
        {
            "sign": term.sign,
            "name": phrase(term.name, around.words or {}),
            "amount": _json_amount(term.value),
            "cells": [_json_spot(spot) for spot in term.cells],
        }
        for term in side.terms
    ]
    return {"amount": _json_amount(side.value), "terms": terms}


def _json_amount(value: Amount | str | None) -> str | None:
    return plain(value.value, 0 if value.kind == "count" else 2) if isinstance(value, Amount) else value
