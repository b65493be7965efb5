"""Annotated copies: what was found, written into a copy of the file at the places where it was found."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from budgetgen.values.amounts import plain
from budgetgen.values.findings import EXPLAINED, NAMES, WHOLE_FILE, Severity
from budgetgen.values.places import DocumentPlace, SheetPlace, cells_of, sheet_of, told_place
from budgetgen.writing.review.comments import Comment, commented
from budgetgen.writing.review.notes import Mark, mark
from budgetgen.writing.review.parts import Package
from budgetgen.writing.review.results import ResultLine, add_results

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.values.findings import Finding, Spot
    from budgetgen.values.places import FilePlace

COLOURS: Final[Mapping[str, str]] = {
    NAMES[Severity.ERROR]: "FFB3B3",
    NAMES[Severity.EXPLAIN]: "FFD28C",
    EXPLAINED: "C6E7C8",
    NAMES[Severity.NOTE]: "E3D5F2",
}
CELL: Final = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
MOST: Final = 10
"""How many findings a note tells."""
OTHERS: Final = 6
"""How many further places of a finding are named."""
FIRST: Final = None
"""The place of a comment on the whole document."""


def annotated_workbook(
    data: bytes, findings: Sequence[Finding], mends: Sequence[Finding] = (), *, sheet: str
) -> bytes:
    """A copy of a workbook with the cells coloured and noted, and a sheet of all that was found.

    Each finding marks the first of its cells that stands in the file; rounding tails only stand in the sheet. What
    an earlier check marked is taken off. Values, formulas and everything else stay byte for byte.

    Args:
        data: the workbook, admitted by `reading.guard`.
        findings: on it.
        mends: what is to be mended first, told before them and not counted.
        sheet: name of the sheet of results.
    """
    package = Package.read(data)
    sheets = {name: part for name, part in package.sheets().items() if name != sheet}
    ordered = [*mends, *sorted(findings, key=lambda finding: finding.rank)]
    places = {id(finding): _place(finding, sheets) for finding in ordered}
    for name, part in sheets.items():
        here: dict[str, list[Finding]] = {}
        for finding in ordered:
            own, cell = places[id(finding)]
            if own == name and cell and not finding.tail:
                here.setdefault(cell, []).append(finding)
        marks = [
            Mark(c, COLOURS[fs[0].level], _note(fs, SheetPlace(name, c), sheet)) for c, fs in here.items()
        ]
        mark(package, part, marks)
    results = [_result(finding, *places[id(finding)]) for finding in ordered]
    add_results(package, sheet, _title(findings), results, COLOURS)
    return package.data()


def annotated_document(data: bytes, findings: Sequence[Finding], mends: Sequence[Finding] = ()) -> bytes:
    """A copy of a Word document with a comment for each finding, at its first place in the document.

    Rounding tails are only counted; they and what has no place stand in a comment on the first paragraph.

    Args:
        data: the document, admitted by `reading.guard`.
        findings: on it.
        mends: what is to be mended first, told before them and not counted.
    """
    ordered = [*mends, *sorted((f for f in findings if not f.tail), key=lambda finding: finding.rank)]
    placed = [Comment(place, note(f, place)) for f in ordered if (place := _document_place(f))]
    rest = [note(f, FIRST) for f in ordered if not _document_place(f)]
    tails = sum(finding.tail for finding in findings)
    lines = [_title(findings), *rest, *([f"另有四舍五入尾差 {tails} 处，不影响公开"] if tails else [])]
    return commented(data, [Comment(FIRST, "\n".join(lines)), *placed])


def note(finding: Finding, place: FilePlace | None) -> str:
    """A finding as a note at a place tells it: rule, both sides, what else to look at, what to do."""
    others = list(dict.fromkeys(_called([s for s in finding.spots if not place or s.place != place])))
    lines = [f"{finding.level} {finding.rule}", finding.message]
    if others:
        more = f" 等 {len(others)} 格" if len(others) > OTHERS else ""
        lines.append(f"相关单元格：{'、'.join(others[:OTHERS])}{more}")
    if finding.difference is not None:
        lines.append(f"差额：{plain(finding.difference)} 万元")
    if finding.explained:
        lines.append(f"说明：{finding.explained}")
    elif finding.fix:
        lines.append(f"请：{finding.fix}。")
    return "\n".join(lines)


def _called(spots: Sequence[Spot]) -> Iterator[str]:
    """Other places: the address of a cell, in a document the name of the figure, else where it is to be found."""
    told = ""
    for spot in spots:
        if spot.place and (isinstance(spot.place, SheetPlace) or not (spot.row or spot.column)):
            yield f"{spot.place}（{spot.around}）" if spot.around not in {"", told} else str(spot.place)
            told = spot.around
        else:
            yield spot.name or told_place(spot.place)


def _note(findings: Sequence[Finding], place: FilePlace, sheet: str) -> str:
    shown = "\n\n".join(note(finding, place) for finding in findings[:MOST])
    rest = len(findings) - MOST
    return f"{shown}\n\n另有 {rest} 处，见“{sheet}”" if rest > 0 else shown


def _title(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    return "，".join(f"{level} {counts[level]} 处" for level in COLOURS)


def _place(finding: Finding, sheets: Collection[str]) -> tuple[str, str]:
    """Sheet and cell of the first place in the file, of a range its first; no cell for a whole sheet, nothing for the whole file."""
    for spot in finding.spots:
        if sheet_of(spot.place) in sheets and CELL.fullmatch(first := cells_of(spot.place).partition(":")[0]):
            return sheet_of(spot.place), first
    named = (name for spot in finding.spots for name in (sheet_of(spot.place), spot.table))
    return next((name for name in named if name in sheets), ""), ""


def _document_place(finding: Finding) -> FilePlace | None:
    """The sentence that a finding speaks of, else its first cell."""
    places = [spot.place for spot in finding.spots if spot.place]
    said = (
        place for place in places if isinstance(place, DocumentPlace) and place.paragraph and not place.file
    )
    return next(said, (*places, FIRST)[0])


def _result(finding: Finding, sheet: str, cell: str) -> ResultLine:
    return ResultLine(
        finding.level,
        finding.rule,
        sheet,
        cell,
        (finding.spots[0].name if finding.spots else "") or WHOLE_FILE,
        finding.message,
        finding.difference,
        finding.fix,
        finding.basis,
        str(finding.explained or ""),
    )
