"""Findings as people and machines read them."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.checking.checklist import Met, checklist
from budgetgen.checking.money import in_unit, unit_of
from budgetgen.checking.unread import ABSENT
from budgetgen.values.amounts import plain
from budgetgen.values.findings import EXPLAINED, NAMES, WHOLE_FILE, Advice, Finding, Severity
from budgetgen.values.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.app.pipeline.verify import Proved
    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.localisation.culprits import Culprit, Mend, WrongLine
    from budgetgen.values.findings import Spot, UnusableInputError

ORDER = list(Severity)
PER_SHEET = 12
"""How many findings of one sheet are shown unless all are asked for: about a screen."""
PER_CULPRIT = 4
"""Likewise, of what one wrong figure breaks."""
MORE_CELLS = 6
SHOULD = {"==": "应为", ">=": "不小于", "<=": "不大于"}
ALONE = {"==": "则为", ">=": "则不小于", "<=": "则不大于"}
"""The same of a figure that may be wrong."""


def printed(checked: Checked, *, everything: bool = False) -> str:
    """The figures that are wrong with what they break, then the other findings, sheet by sheet, worst first.

    Of a workbook that nobody has filled in yet: what to fill in, instead of everything that lacks.
    """
    if checked.untouched and not everything:
        return "\n".join([*_to_fill(checked), f"{checked.path}：还没有填"])
    lines = [*_culprits(checked, everything=everything), *_sheets(checked, everything=everything)]
    return "\n".join([*lines, *_asked(checked), summary(checked)])


def _to_fill(checked: Checked) -> Iterator[str]:
    """The sheets in order, each with what to do there."""
    edition, house = checked.edition, checked.edition.house
    about = edition.tables[house.about]
    lacking = [
        fixed.caption
        for key, (_, fixed) in about.fixed.items()
        if fixed.required and checked.book.cell(house.about, key, house.value).value is None
    ]
    yield "这份填报表还没有填。按下面的顺序填，没有的页不用填；填好一部分就可以再检查一次："
    yield (
        f"  {house.about}：填{'、'.join(lacking)}，核对其余各项" if lacking else f"  {house.about}：核对各项"
    )
    sheets = (t for t in edition.table if not (t.generated or t.seldom or t.optional or t is about))
    yield from (f"  {table.name}：{table.guide}" for table in sheets)
    yield "要看此时缺的每一处，加 --all。"


def _asked(checked: Checked) -> Iterator[str]:
    """How findings are explained, where some wait for it."""
    if any(finding.open for finding in checked.findings):
        where = checked.edition.explanations
        columns = f"{where.rule}、{where.place}、{where.text}、{where.name}"
        yield f"“需说明”的请核实：确实无误的，在填报表的“{where.table}”页写明{columns}。"


def summary(checked: Checked) -> str:
    """One line: the verdict, and how many findings of each kind."""
    counts = Counter(finding.level for finding in checked.findings)
    shown = [*NAMES.values(), *([EXPLAINED] if counts[EXPLAINED] else [])]
    told = "，".join(f"{name} {counts[name]} 处" for name in shown)
    cells = sum(len(culprit.mends) for culprit in checked.located.culprits)
    lines = len(checked.located.lines)
    first = "、".join(f"{n} {what}" for n, what in ((lines, "行"), (cells, "格")) if n)
    then = f"；先改 {first}" if first else ""
    open_ = sum(not culprit.mends for culprit in checked.located.culprits)
    then += f"；另有 {open_} 处指不出是哪一格" if open_ else ""
    return f"{checked.path}：{verdict(checked.findings)}（{told}{then}）"


def verdict(findings: Sequence[Finding]) -> str:
    """What is to be done with a file: mend it, explain something, or nothing."""
    if any(finding.severity == Severity.ERROR for finding in findings):
        return "未通过"
    return "通过，尚有需说明" if any(finding.open for finding in findings) else "通过"


def proved(proof: Proved, *, everything: bool = False) -> str:
    """What a document has that its workbook has not, section by section, and how many numbers are right."""
    checked = proof.checked
    lines = list(_sheets(checked, everything=everything))
    counts = Counter(finding.level for finding in checked.findings)
    told = "，".join(f"{name} {counts[name]} 处" for name in NAMES.values())
    numbers = f"文档里 {proof.numbers} 个数，{proof.tied} 个与 {proof.workbook.name} 一致"
    verdict = "通过" if proof.passed else "未通过" if checked.failed else "未通过，尚有与填报表不同之处"
    return "\n".join([*lines, f"{numbers}。", f"{checked.path}：{verdict}（{told}）"])


def proved_json(proof: Proved, *, ascii_only: bool = False) -> str:
    """A proof for machines."""
    told = {
        **_file(proof.checked),
        "workbook": str(proof.workbook),
        "numbers": proof.numbers,
        "tied": proof.tied,
    }
    return json.dumps(told, ensure_ascii=ascii_only, indent=2)


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


# --- figures that are wrong ---------------------------------------------------------------------------------


def _culprits(checked: Checked, *, everything: bool) -> Iterator[str]:
    """The figures to mend, each with what it breaks; and what could not be found out."""
    unit, file = unit_of(checked.book, checked.edition), checked.path.name
    if checked.located.lines:
        yield "── 先改正这些行，再核对金额 ──"
        for line in checked.located.lines:
            yield from _line(file, line, everything=everything)
        yield ""
    told = checked.located.culprits
    shown = told if everything else told[:PER_SHEET]
    for head, named in (("── 先改这些格 ──", True), ("── 这些地方有错，指不出是哪一格 ──", False)):
        own = [culprit for culprit in shown if bool(culprit.mends) is named]
        if own:
            yield head
        for culprit in own:
            tell = _culprit if named else _open
            yield from tell(file, culprit, unit, everything=everything)
    if len(shown) < len(told):
        yield f"  另有 {len(told) - len(shown)} 处要改的未列出，加 --all 全部列出"
    if checked.located.note:
        yield checked.located.note
    if told or checked.located.note:
        yield ""


def _line(file: str, line: WrongLine, *, everything: bool) -> Iterator[str]:
    """A line to set right, and what compares it with others."""
    yield _finding(file, line.finding)
    if line.explains:
        yield f"  改正后再核对下列 {len(line.explains)} 处："
        yield from _listed(line.explains, everything=everything)


def _listed(findings: Sequence[Finding], *, everything: bool) -> Iterator[str]:
    """What something breaks, as many as a clerk reads."""
    shown = findings if everything else findings[:PER_CULPRIT]
    for finding in shown:
        place = f"{place}：" if (place := _place(finding)) else ""
        yield f"  - {place}{finding.rule} {finding.message}"
    if len(shown) < len(findings):
        yield f"  - 另有 {len(findings) - len(shown)} 处，加 --all 全部列出"


def _culprit(file: str, culprit: Culprit, unit: str, *, everything: bool) -> Iterator[str]:
    """What to mend, what it breaks, what else could be wrong instead."""
    name = NAMES[Severity.ERROR]
    number = len(culprit.explains)
    then = f"，改正后下列{f' {number} 处都' if number > 1 else '这处'}成立：" if number else ""
    if len(culprit.mends) == 1:
        yield f"{_at(file, culprit.mends[0])}：{name} {_told(culprit, culprit.mends[0], unit)}{then}"
    else:
        yield f"{file}：{name} 这 {len(culprit.mends)} 格一起改{then}"
        yield from (f"  {_where(mend)} {_should(mend, unit)}" for mend in culprit.mends)
    yield from _listed(culprit.explains, everything=everything)
    for mends in () if _same_row(culprit) else culprit.alternatives:
        yield "  也可能是：" + "；".join(f"{_where(mend)} {_should(mend, unit)}" for mend in mends)
    if culprit.capped:
        yield "  可能还有其他同样少的改法，请对照原始资料"


def _open(file: str, culprit: Culprit, unit: str, *, everything: bool) -> Iterator[str]:
    """Figures of which some are wrong: by how much, what they break, and what each would be if it were the only one."""
    yield f"{file}：{NAMES[Severity.ERROR]} {_some(culprit, unit)}，使下列 {len(culprit.explains)} 处不成立："
    yield from _listed(culprit.explains, everything=everything)
    shown = culprit.among if everything else culprit.among[:PER_CULPRIT]
    yield "  如果只错一格，可能是："
    yield from (f"  · {_where(mend)} {_if_alone(mend, unit)}" for mend in shown)
    if len(shown) < len(culprit.among):
        yield f"  · 另有 {len(culprit.among) - len(shown)} 格，加 --all 全部列出"


def _some(culprit: Culprit, unit: str) -> str:
    """That some of the figures are wrong, and by how much."""
    kind = "money" if all(mend.money for mend in culprit.among) else "number"
    amount = in_unit(culprit.difference or Decimal(0), kind, unit)
    if len(culprit.among) == 1:
        return f"这一处差 {amount}，程序指不准应改哪一格"
    if all(mend.now is None for mend in culprit.among):
        return f"这 {len(culprit.among)} 格都空着，其中有一格或几格漏填，共差 {amount}"
    return f"这 {len(culprit.among)} 格中有一格或几格不对，合起来差 {amount}"


def _if_alone(mend: Mend, unit: str) -> str:
    """What stands there, what should if nothing else were wrong, and what it is at least."""
    kind = "money" if mend.money else "number"
    sure = "" if mend.sure is None else f"；无论如何不小于 {in_unit(mend.sure, kind, unit)}"
    return f"{_should(mend, unit, told=ALONE)}{sure}"


def _at(file: str, mend: Mend) -> str:
    """The cell in its file; of a row that is not there, its sheet."""
    return f"{file}!{mend.spot.table if mend.absent else _where(mend)}"


def _same_row(culprit: Culprit) -> bool:
    """Whether a row lacks, and only the column of the amount is open."""
    (first, *_), others = culprit.mends, culprit.alternatives
    row = first.spot.table, first.spot.row, first.should
    alone = len(culprit.mends) == 1 and all(len(mends) == 1 for mends in others)
    return first.absent and alone and all((m.spot.table, m.spot.row, m.should) == row for (m, *_) in others)


def _told(culprit: Culprit, mend: Mend, unit: str) -> str:
    """What should stand there, in any of the columns in which it may."""
    if not _same_row(culprit):
        return _should(mend, unit)
    columns = "或".join(m.spot.column for mends in ((mend,), *culprit.alternatives) for m in mends)
    return _lacking(mend, columns, unit)


def _lacking(mend: Mend, columns: str, unit: str, told: Mapping[str, str] = SHOULD) -> str:
    kind = "money" if mend.money else "number"
    return f"缺“{mend.spot.row}”这一行（{columns}{told[mend.sign]} {in_unit(mend.should, kind, unit)}）"


def mends(checked: Checked) -> tuple[Finding, ...]:
    """The figures to mend as findings, for the annotated copies: each at its cell, those that may be wrong as one."""
    unit = unit_of(checked.book, checked.edition)
    known = {id_of(finding) for finding in checked.findings}
    culprits = checked.located.culprits
    return (
        *(line.finding for line in checked.located.lines if id_of(line.finding) not in known),
        *(_mend(mend, culprit, unit) for culprit in culprits for mend in culprit.mends),
        *(_among(culprit, unit) for culprit in culprits if not culprit.mends),
    )


def _mend(mend: Mend, culprit: Culprit, unit: str) -> Finding:
    others = [_where(other) for other in culprit.mends if other is not mend]
    together = f"与 {'、'.join(others)} 一起" if others else ""
    number = len(culprit.explains)
    broken = _broken(culprit)
    message = f"{_told(culprit, mend, unit)}，{together}改正后{f' {number} 处都' if number > 1 else ''}成立：{broken}"
    difference = None if mend.now is None or not mend.money else mend.now - mend.should
    return Finding(Advice.FIGURE, Severity.ERROR, message, spots=(mend.spot,), difference=difference)


def _among(culprit: Culprit, unit: str) -> Finding:
    spots = tuple(mend.spot for mend in culprit.among)
    return Finding(Advice.AMONG, Severity.ERROR, f"{_some(culprit, unit)}：{_broken(culprit)}", spots=spots)


def _broken(culprit: Culprit) -> str:
    return "、".join(dict.fromkeys(finding.rule for finding in culprit.explains))


def _where(mend: Mend) -> str:
    """Where a figure stands, and which it is."""
    spot = mend.spot
    if mend.absent:
        return spot.table
    numbered = re.fullmatch(r"第\d+行", spot.row)
    return f"{spot.place}（{spot.column if numbered else spot.name}）" if spot.place else spot.name


def _should(mend: Mend, unit: str, told: Mapping[str, str] = SHOULD) -> str:
    """What stands there and what should, and by which slip the one may have become the other."""
    if mend.absent:
        return _lacking(mend, mend.spot.column, unit, told)
    kind = "money" if mend.money else "number"
    blank = "空着" if mend.spot.place else "没有填"
    now = blank if mend.now is None else f"现为 {in_unit(mend.now, kind, unit)}"
    why = f"（像是{mend.why}）" if mend.why else ""
    tail = f"（尾差可到 {in_unit(mend.tail, kind, unit)}）" if mend.tail and mend.sign == "==" else ""
    return f"{now}，{told[mend.sign]} {in_unit(mend.should, kind, unit)}{tail}{why}"


# --- findings -----------------------------------------------------------------------------------------------


def _sheets(checked: Checked, *, everything: bool) -> Iterator[str]:
    """Sheet by sheet; rounding tails are only counted, once for the file, unless all is asked for."""
    groups: dict[str, list[Finding]] = {}
    located = checked.located
    above = {id_of(finding) for line in located.lines for finding in (line.finding, *line.explains)}
    above |= {id_of(finding) for culprit in located.culprits for finding in culprit.explains}
    left = [finding for finding in checked.findings if id_of(finding) not in above]
    told = [f for f in left if everything or not f.tail]
    for finding in sorted(told, key=lambda f: f.rank):
        groups.setdefault(_sheet(finding), []).append(finding)
    for sheet, findings in groups.items():
        shown = findings if everything else findings[:PER_SHEET]
        yield f"── {sheet} ──"
        yield from (_finding(checked.path.name, finding) for finding in shown)
        if rest := Counter(NAMES[finding.severity] for finding in findings[len(shown) :]):
            counted = "、".join(f"{name} {count} 处" for name, count in rest.items())
            yield f"  另有{counted}未列出，加 --all 全部列出"
        yield ""
    if tails := len(left) - len(told):
        yield f"另有四舍五入尾差 {tails} 处，不影响公开，加 --all 列出。"


def _place(finding: Finding) -> str:
    first = finding.spots[0] if finding.spots else None
    return (first.place or first.name) if first else ""


def id_of(finding: Finding) -> tuple[str, str, tuple[Spot, ...]]:
    """What tells a finding from others, whatever was written to it."""
    return finding.rule, finding.message, finding.spots


def _sheet(finding: Finding) -> str:
    return finding.spots[0].table if finding.spots else WHOLE_FILE


def _finding(file: str, finding: Finding) -> str:
    """Place first, so that a clerk can go there."""
    place = f"{file}!{_place(finding)}" if _place(finding) else file
    lines = [f"{place}：{finding.level} {finding.rule}", f"  {finding.message}"]
    others = list(dict.fromkeys(spot.place for spot in finding.spots[1:] if spot.place))
    if others:
        more = f" 等 {len(others)} 格" if len(others) > MORE_CELLS else ""
        lines.append(f"  相关单元格：{'、'.join(others[:MORE_CELLS])}{more}")
    if finding.explained:
        lines.append(f"  说明：{one_line(str(finding.explained))}")
    elif finding.fix:
        lines.append(f"  请：{finding.fix}。")
    if finding.severity != Severity.NOTE and finding.basis:
        lines.append(f"  依据：{finding.basis}。")
    return "\n".join(lines)


def explained(rule: Rule, edition: Edition) -> str:
    """What a rule checks, why, how to mend it, and an example that breaks it."""
    lines = [f"{rule.id}　{NAMES[rule.severity]}", f"核对什么：{rule.title}"]
    if rule.holds:
        lines.append(f"关系式：{rule.holds}")
    if rule.each:
        rows = {"all": "各行", "lines": "各明细行", "sums": "各汇总行"}[rule.rows]
        lines.append(f"适用于：{'、'.join(rule.each)} 的{rows}")
    if rule.where:
        lines.append(f"前提：{rule.where}")
    lines += [f"依据：{rule.basis}", f"怎么改：{rule.fix}"]
    if rule.fails:
        lines += ["不通过的例子：", *(f"  {line}" for line in rule.fails.splitlines())]
    return "\n".join([*lines, f"版式：{edition.id}"])


def required(checked: Checked) -> str:
    """The list of what has to be published: whether it is there, and where."""
    found = _required(checked)
    lines = [
        f"{'有' if one.places else '缺'}　{one.requirement.title}（{one.requirement.basis}）"
        + (f"：{'；'.join(one.places)}" if one.places else "：没有找到")
        for one in found
    ]
    missing = sum(not one.places for one in found)
    return "\n".join([f"── 公开检查表：{len(found)} 项，缺 {missing} 项 ──", *lines])


def _required(checked: Checked) -> tuple[Met, ...]:
    absent = {
        spot.table for f in checked.findings if f.rule in ABSENT for spot in f.spots[:1] if not spot.column
    }
    told = None if checked.told is None else {id_ for id_, _ in checked.told}
    return tuple(checklist(checked.book, checked.edition, told, absent))


def as_json(
    results: Sequence[Checked],
    refused: Sequence[UnusableInputError] = (),
    *,
    ascii_only: bool = False,
    listed: bool = False,
) -> str:
    """All findings for machines, amounts as strings; files that could not be used with their `error`.

    Args:
        results: the files examined.
        refused: those that could not be used.
        ascii_only: for a screen that shows no other signs.
        listed: with what has to be published, whether it is there, and where.
    """
    files = [
        *(
            {**_file(result), **({"checklist": _json_required(result)} if listed else {})}
            for result in results
        ),
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
        "explains": sum(finding.open for finding in checked.findings),
        "explained": sum(finding.explained is not None for finding in checked.findings),
        "notes": counts[Severity.NOTE],
        "lines": [_json_line(line, checked.findings) for line in checked.located.lines],
        "culprits": [_json_culprit(culprit, checked.findings) for culprit in checked.located.culprits],
        "not_located": checked.located.note,
        "findings": [_json_finding(finding) for finding in checked.findings],
    }


def _json_required(checked: Checked) -> list[dict[str, object]]:
    return [
        {
            "id": one.requirement.id,
            "title": one.requirement.title,
            "basis": one.requirement.basis,
            "met": bool(one.places),
            "places": list(one.places),
        }
        for one in _required(checked)
    ]


def _json_culprit(culprit: Culprit, findings: Sequence[Finding]) -> dict[str, object]:
    """The cells to mend, other answers, and the positions of the findings that they explain."""
    explained = {id_of(finding) for finding in culprit.explains}
    return {
        "cells": [_json_mend(mend) for mend in culprit.mends],
        "alternatives": [[_json_mend(mend) for mend in mends] for mends in culprit.alternatives],
        "among": [_json_candidate(mend) for mend in culprit.among],
        "difference": None if culprit.difference is None else plain(culprit.difference),
        "more": culprit.capped,
        "explains": [i for i, finding in enumerate(findings) if id_of(finding) in explained],
    }


def _json_line(line: WrongLine, findings: Sequence[Finding]) -> dict[str, object]:
    """A line to set right, and the positions of the findings that wait for it."""
    explained = {id_of(finding) for finding in line.explains}
    return {
        **_json_finding(line.finding),
        "explains": [i for i, finding in enumerate(findings) if id_of(finding) in explained],
    }


def _json_candidate(mend: Mend) -> dict[str, str | None]:
    """A cell that may be wrong: what it would be if it were the only one, and what it is at least in any case."""
    told = _json_mend(mend)
    alone = {"if_alone": told.pop("should")}
    return {**told, **alone, "at_least": None if mend.sure is None else plain(mend.sure)}


def _json_mend(mend: Mend) -> dict[str, str]:
    return {
        **_json_spot(mend.spot),
        "relation": mend.sign,
        "should": plain(mend.should),
        "tail": plain(mend.tail),
        "why": mend.why,
    }


def _json_spot(spot: Spot) -> dict[str, str]:
    return {
        "table": spot.table,
        "row": spot.row,
        "column": spot.column,
        "place": spot.place,
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
        "cells": [_json_spot(spot) for spot in finding.spots],
    }
