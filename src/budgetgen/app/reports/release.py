"""What a release says of the check that it passed: no cell, explanation or name of the workbook, for it is published."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from budgetgen.app.reports.findings import verdict
from budgetgen.values.findings import EXPLAINED, NAMES, Severity

if TYPE_CHECKING:
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.values.findings import Finding
    from budgetgen.verification import Verified


def doubts(proof: Verified) -> tuple[Finding, ...]:
    """Where a document does not say what its workbook says."""
    return tuple(finding for finding in proof.findings if finding.severity != Severity.NOTE)


def release_report(checked: Checked, proof: Verified) -> str:
    """By which format and rules it was checked, how many findings of each rule there were, and what the PDF says.

    Args:
        checked: the workbook.
        proof: the PDF of the release against it.
    """
    edition = checked.edition
    counts = Counter(finding.level for finding in checked.findings)
    rules = Counter((finding.level, finding.rule) for finding in checked.findings)
    levels = [*NAMES.values(), EXPLAINED]
    lines = [
        f"{checked.unit}　{edition.edition.title}",
        f"结论：{verdict(checked.findings)}（{'，'.join(f'{name} {counts[name]} 处' for name in levels)}）",
        f"版式：{edition.id}，核对规则 {len(edition.rules)} 条；程序：budgetgen {version('budgetgen')}",
        f"核对的文件：SHA-256 {sha256(checked.path.read_bytes()).hexdigest()}",
        _proved(proof),
    ]
    found = sorted(rules.items(), key=lambda one: (levels.index(one[0][0]), one[0][1]))
    lines += [f"{level}　{rule}　{edition.rules[rule].title}：{count} 处" for (level, rule), count in found]
    return "".join(f"{line}\n" for line in lines)


def _proved(proof: Verified) -> str:
    """What the proof of the PDF gave."""
    if wrong := doubts(proof):
        rules = "、".join(sorted({finding.rule for finding in wrong}))
        return f"PDF 核实：未通过，{len(wrong)} 处与填报表不符（{rules}）；这个 PDF 不要公开"
    return f"PDF 核实：通过，{proof.numbers} 个数都与填报表一致"
