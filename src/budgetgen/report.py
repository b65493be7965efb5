"""Findings as people and machines read them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from budgetgen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.declarations import Edition, Rule
    from budgetgen.findings import Finding, UnusableInputError
    from budgetgen.pipeline.inputs import Checked

NAMES = {Severity.ERROR: "错误", Severity.EXPLAIN: "需说明", Severity.NOTE: "提示"}
ORDER = list(Severity)
PER_SHEET = 12
"""How many findings of one sheet are shown unless all are asked for: about a screen."""
MORE_CELLS = 6


def printed(checked: Checked, *, everything: bool = False) -> str:
    """The findings on one file, sheet by sheet, worst first."""
    lines = list(_sheets(checked, everything=everything))
    return "\n".join([*lines, summary(checked)])


def summary(checked: Checked) -> str:
    """One line: how many findings of each kind."""
    counts = Counter(finding.severity for finding in checked.findings)
    told = "，".join(f"{NAMES[severity]} {counts[severity]} 处" for severity in ORDER)
    verdict = "未通过" if counts[Severity.ERROR] else "通过"
    return f"{checked.path}：{verdict}（{told}）"


def understood(findings: Sequence[Finding], edition: Edition) -> str:
    """What came out of reading, rule by rule: for files that are read to be written anew, not to be checked."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: ORDER.index(f.severity)):
        groups.setdefault(finding.rule, []).append(finding)
    return "\n".join(line for rule, found in groups.items() for line in _group(edition.rules[rule], found))


def _group(rule: Rule, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"{rule.title}：{len(findings)} 处" if len(findings) > 1 else f"{rule.title}："
    for finding in findings:
        place = finding.spots[0].place if finding.spots else ""
        yield f"  {place}：{finding.message}" if place else f"  {finding.message}"
    yield f"  请：{rule.fix}。"


def _sheets(checked: Checked, *, everything: bool) -> Iterator[str]:
    """Sheet by sheet; rounding tails are only counted, once for the file, unless all is asked for."""
    groups: dict[str, list[Finding]] = {}
    told = [f for f in checked.findings if everything or not f.tail]
    for finding in sorted(told, key=lambda f: ORDER.index(f.severity)):
        groups.setdefault(_sheet(finding), []).append(finding)
    for sheet, findings in groups.items():
        shown = findings if everything else findings[:PER_SHEET]
        yield f"── {sheet} ──"
        yield from (_finding(checked.path.name, finding) for finding in shown)
        if rest := Counter(NAMES[finding.severity] for finding in findings[len(shown) :]):
            counted = "、".join(f"{name} {count} 处" for name, count in rest.items())
            yield f"  另有{counted}未列出，加 --all 全部列出"
        yield ""
    if tails := len(checked.findings) - len(told):
        yield f"另有四舍五入尾差 {tails} 处，不影响公开，加 --all 列出。"


def _sheet(finding: Finding) -> str:
    return finding.spots[0].table if finding.spots else "整个文件"


def _finding(file: str, finding: Finding) -> str:
    """Place first, so that a clerk can go there."""
    first = finding.spots[0] if finding.spots else None
    place = f"{file}!{first.place}" if first and first.place else f"{file}!{_named(finding)}"
    lines = [f"{place}：{NAMES[finding.severity]} {finding.rule}", f"  {finding.message}"]
    others = list(dict.fromkeys(spot.place for spot in finding.spots[1:] if spot.place))
    if others:
        more = f" 等 {len(others)} 格" if len(others) > MORE_CELLS else ""
        lines.append(f"  相关单元格：{'、'.join(others[:MORE_CELLS])}{more}")
    if finding.fix:
        lines.append(f"  请：{finding.fix}。")
    if finding.severity != Severity.NOTE and finding.basis:
        lines.append(f"  依据：{finding.basis}。")
    return "\n".join(lines)


def _named(finding: Finding) -> str:
    if not finding.spots:
        return ""
    spot = finding.spots[0]
    return spot.table + (f"[{spot.row}]" if spot.row else "") + (f".{spot.column}" if spot.column else "")


def explained(rule: Rule, edition: Edition) -> str:
    """What a rule checks, why, how to mend it, and an example that breaks it."""
    lines = [f"{rule.id}　{NAMES[rule.severity]}", f"核对什么：{rule.title}"]
    if rule.holds:
        lines.append(f"关系式：{rule.holds}")
    if rule.each:
        lines.append(
            f"适用于：{'、'.join(rule.each)}" + (f"（{rule.where}）" if rule.where else "") + " 的各行"
        )
    lines += [f"依据：{rule.basis}", f"怎么改：{rule.fix}"]
    if rule.fails:
        lines += ["不通过的例子：", *(f"  {line}" for line in rule.fails.splitlines())]
    return "\n".join([*lines, f"版式：{edition.id}"])


def as_json(
    results: Sequence[Checked], refused: Sequence[UnusableInputError] = (), *, ascii_only: bool = False
) -> str:
    """All findings for machines, amounts as strings; files that could not be used with their `error`."""
    files = [
        *map(_file, results),
        *({"file": str(e.path), "error": e.problem, "fix": e.fix} for e in refused),
    ]
    return json.dumps({"files": files}, ensure_ascii=ascii_only, indent=2)


def _file(checked: Checked) -> dict[str, object]:
    counts = Counter(finding.severity for finding in checked.findings)
    return {
        "file": str(checked.path),
        "edition": checked.edition.id,
        "unit": checked.unit,
        "year": checked.year,
        "errors": counts[Severity.ERROR],
        "explains": counts[Severity.EXPLAIN],
        "notes": counts[Severity.NOTE],
        "findings": [_json_finding(finding) for finding in checked.findings],
    }


def _json_finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "fix": finding.fix,
        "basis": finding.basis,
        "cells": [
            {"table": s.table, "row": s.row, "column": s.column, "place": s.place, "value": s.value}
            for s in finding.spots
        ],
    }
