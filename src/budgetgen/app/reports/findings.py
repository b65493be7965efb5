"""Findings on the screen."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.app.reports.problems import problems
from budgetgen.book.facts import fact
from budgetgen.checking.checklist import Met, checklist
from budgetgen.values.findings import EXPLAINED, NAMES, Finding, Severity
from budgetgen.values.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.app.pipeline.explain import ExplainedRule
    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.verify import Proved
    from budgetgen.app.reports.problems import ClueList, Problem, Problems
    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.values.findings import Spot

ORDER = list(Severity)
PER_SHEET = 12
"""How many findings of one sheet are shown unless all are asked for: about a screen."""
PER_CULPRIT = 4
"""Likewise, of what one wrong figure breaks."""
MORE_CELLS = 6
MEND_LINES = "先改正这些行，再核对金额"
MEND_CELLS = "先改这些格"
NOT_NAMED = "这些地方有错，指不出是哪一格"


def printed(checked: Checked, *, everything: bool = False) -> str:
    """The figures that are wrong with what they break, then the other findings, sheet by sheet, worst first.

    Of a workbook that nobody has filled in yet: what to fill in, instead of everything that lacks.
    """
    if checked.untouched and not everything:
        return "\n".join([*to_fill(checked), "要看此时缺的每一处，加 --all。", f"{checked.path}：还没有填"])
    found, file = problems(checked, tails=everything), checked.path.name
    lines = [*_culprits(found, file, everything=everything), *_sheets(found, file, everything=everything)]
    return "\n".join([*lines, *asked(checked), summary(checked)])


def to_fill(checked: Checked) -> Iterator[str]:
    """The sheets in order, each with what to do there."""
    edition, house = checked.edition, checked.edition.house
    about = edition.tables[house.about]
    lacking = [
        fixed.caption
        for key, (_, fixed) in about.fixed.items()
        if fixed.required and not fact(checked.book, edition, key)
    ]
    yield "这份填报表还没有填。按下面的顺序填，没有的页不用填；填好一部分就可以再检查一次："
    yield (
        f"  {house.about}：填{'、'.join(lacking)}，核对其余各项" if lacking else f"  {house.about}：核对各项"
    )
    sheets = (t for t in edition.table if not (t.generated or t.seldom or t.optional or t is about))
    yield from (f"  {table.name}：{table.guide}" for table in sheets)


def asked(checked: Checked) -> Iterator[str]:
    """How findings are explained, where some wait for it."""
    if any(finding.open for finding in checked.findings):
        where = checked.edition.explanations
        columns = f"{where.rule}、{where.place}、{where.text}、{where.name}"
        yield f"“需说明”的请核实：确实无误的，在填报表的“{where.table}”页写明{columns}。"


def summary(checked: Checked) -> str:
    """One line: the file and what is to be said of it."""
    return f"{checked.path}：{conclusion(checked)}"


def conclusion(checked: Checked) -> str:
    """The verdict, and how many findings of each kind."""
    counts = Counter(finding.level for finding in checked.findings)
    shown = [*NAMES.values(), *([EXPLAINED] if counts[EXPLAINED] else [])]
    told = "，".join(f"{name} {counts[name]} 处" for name in shown)
    cells = sum(len(culprit.mends) for culprit in checked.located.culprits)
    lines = len(checked.located.lines)
    first = "、".join(f"{n} {what}" for n, what in ((lines, "行"), (cells, "格")) if n)
    then = f"；先改 {first}" if first else ""
    open_ = sum(not culprit.mends for culprit in checked.located.culprits)
    then += f"；另有 {open_} 处指不出是哪一格" if open_ else ""
    return f"{verdict(checked.findings)}（{told}{then}）"


def verdict(findings: Sequence[Finding]) -> str:
    """What is to be done with a file: mend it, explain something, or nothing."""
    if any(finding.severity == Severity.ERROR for finding in findings):
        return "未通过"
    return "通过，尚有需说明" if any(finding.open for finding in findings) else "通过"


def proved(proof: Proved, *, everything: bool = False) -> str:
    """What a document has that its workbook has not, section by section, and how many numbers are right."""
    checked = proof.checked
    lines = list(_sheets(problems(checked, tails=everything), checked.path.name, everything=everything))
    return "\n".join([*lines, numbers_tied(proof), f"{checked.path}：{proof_verdict(proof)}"])


def numbers_tied(proof: Proved) -> str:
    """How many numbers are right."""
    return f"文档里 {proof.numbers} 个数，{proof.tied} 个与 {proof.workbook.name} 一致。"


def proof_verdict(proof: Proved) -> str:
    """The verdict on a document, and how many findings of each kind."""
    counts = Counter(finding.level for finding in proof.checked.findings)
    told = "，".join(f"{name} {counts[name]} 处" for name in NAMES.values())
    failed = "未通过" if proof.checked.failed else "未通过，尚有与填报表不同之处"
    return f"{'通过' if proof.passed else failed}（{told}）"


def understood(findings: Sequence[Finding], edition: Edition) -> str:
    """What came out of reading, rule by rule: for files that are read to be written anew, not to be checked."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: ORDER.index(f.severity)):
        groups.setdefault(finding.rule, []).append(finding)
    return "\n".join(line for rule, found in groups.items() for line in _group(edition.rules[rule], found))


def _group(rule: Rule, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"{rule.title}：{len(findings)} 处" if len(findings) > 1 else f"{rule.title}："
    for finding in findings:
        first = finding.spots[0] if finding.spots else None
        around = f"（{first.around}）" if first and first.around else ""
        yield (
            f"  {first.place}{around}：{finding.message}" if first and first.place else f"  {finding.message}"
        )
    yield f"  请：{rule.fix}。"


# --- problems -----------------------------------------------------------------------------------------------


def _culprits(found: Problems, file: str, *, everything: bool) -> Iterator[str]:
    """The lines and figures to mend, each with what it breaks; and what could not be found out."""
    if found.lines:
        yield f"── {MEND_LINES} ──"
        for line in found.lines:
            yield from _problem(file, line, everything=everything)
        yield ""
    shown = found.culprits if everything else found.culprits[:PER_SHEET]
    for sure, own in groupby(sorted(shown, key=lambda one: not one.sure), lambda one: one.sure):
        yield f"── {MEND_CELLS if sure else NOT_NAMED} ──"
        for culprit in own:
            yield from _problem(file, culprit, everything=everything)
    if left := len(found.culprits) - len(shown):
        yield f"  另有 {left} 处要改的未列出，加 --all 全部列出"
    if found.note:
        yield found.note
    if found.culprits or found.note:
        yield ""


def _sheets(found: Problems, file: str, *, everything: bool) -> Iterator[str]:
    """Sheet by sheet; rounding tails are only counted, once for the file, unless all is asked for."""
    for group in found.sheets:
        shown = group.problems if everything else group.problems[:PER_SHEET]
        yield f"── {group.title} ──"
        for problem in shown:
            yield from _problem(file, problem, everything=everything)
        if rest := Counter(NAMES[problem.severity] for problem in group.problems[len(shown) :]):
            counted = "、".join(f"{name} {count} 处" for name, count in rest.items())
            yield f"  另有{counted}未列出，加 --all 全部列出"
        yield ""
    if found.tails:
        yield f"另有四舍五入尾差 {found.tails} 处，不影响公开，加 --all 列出。"


def _problem(file: str, problem: Problem, *, everything: bool) -> Iterator[str]:
    """Place first, so that a clerk can go there."""
    place = f"{file}!{problem.place}" if problem.place else file
    if problem.rule:
        yield f"{place}{f'（{problem.around}）' if problem.around else ''}：{problem.level} {problem.rule}"
        yield f"  {problem.message}"
        yield from _advice(problem)
    else:
        yield f"{place}：{problem.level} {problem.message}"
    for one in problem.lists:
        yield from _list(one, everything=everything)


def _advice(problem: Problem) -> Iterator[str]:
    """The other cells, what to do, and why."""
    others = list(dict.fromkeys(_called([spot for spot in problem.spots[1:] if spot.place])))
    if others:
        more = f" 等 {len(others)} 格" if len(others) > MORE_CELLS else ""
        yield f"  相关单元格：{'、'.join(others[:MORE_CELLS])}{more}"
    if problem.explained:
        yield f"  说明：{one_line(problem.explained)}"
    elif problem.fix:
        yield f"  请：{problem.fix}。"
    if problem.severity != Severity.NOTE and problem.basis:
        yield f"  依据：{problem.basis}。"


def _called(spots: Sequence[Spot]) -> Iterator[str]:
    """Other places; of those that are no cells, where to find them, once for several that stand together."""
    told = ""
    for spot in spots:
        around = "" if spot.column else spot.around
        yield f"{spot.place}（{around}）" if around not in {"", told} else str(spot.place)
        told = around


def _list(told: ClueList, *, everything: bool) -> Iterator[str]:
    """What hangs on a problem, as much as a clerk reads."""
    if told.caption:
        yield f"  {told.caption}"
    shown = told.clues if everything or not told.long else told.clues[: max(PER_CULPRIT, told.asking)]
    yield from (f"  {told.mark}{clue.text}" for clue in shown)
    if left := len(told.clues) - len(shown):
        yield f"  {told.mark}另有 {left} {told.unit}，加 --all 全部列出"


# --- rules --------------------------------------------------------------------------------------------------


def explained(told: ExplainedRule) -> str:
    """What a rule checks, what it says, why, how to mend it, an example that breaks it, and where it is declared."""
    rule = told.rule
    lines = [f"{rule.id}　{NAMES[rule.severity]}", f"核对什么：{rule.title}"]
    if rule.holds:
        lines.append(f"关系式：{rule.holds}")
    if told.live:
        cell, formula = told.live
        lines.append(f"填报表里的公式（如 {cell}）：{formula}")
    if rule.each:
        rows = {"all": "各行", "lines": "各明细行", "sums": "各汇总行"}[rule.rows]
        lines.append(f"适用于：{'、'.join(rule.each)} 的{rows}")
    if rule.where:
        lines.append(f"前提：{rule.where}")
    if rule.message:
        lines.append(f"提示时说：{rule.message}")
    lines += [f"依据：{rule.basis}", f"怎么改：{rule.fix}"]
    if rule.fix_document:
        lines.append(f"公开文本里怎么改：{rule.fix_document}")
    if rule.fails:
        lines += ["不通过的例子：", *(f"  {line}" for line in rule.fails.splitlines())]
    own, *changed = told.declared or ("",)
    changes = f"，改的是 {'、'.join(changed)}" if changed else ""
    return "\n".join([*lines, f"版式：{told.edition.id}（{own}{changes}）"])


def required(checked: Checked) -> str:
    """The list of what has to be published: whether it is there, and where."""
    found = requirements(checked)
    lines = [
        f"{'有' if one.places else '缺'}　{one.requirement.title}（{one.requirement.basis}）"
        + (f"：{'；'.join(one.places)}" if one.places else "：没有找到")
        for one in found
    ]
    missing = sum(not one.places for one in found)
    return "\n".join([f"── 公开检查表：{len(found)} 项，缺 {missing} 项 ──", *lines])


def requirements(checked: Checked) -> tuple[Met, ...]:
    """What has to be published, and where it is."""
    told = None if checked.told is None else {id_ for id_, _ in checked.told}
    return tuple(checklist(checked.book, checked.edition, told, checked.absent))
