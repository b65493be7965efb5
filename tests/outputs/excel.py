"""What Excel wants of a workbook, and LibreOffice and the schemas do not tell."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from openpyxl.utils import range_boundaries

from tests.outputs.packages import Package, repeated, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
LONGEST = {
    "text": 32_767,
    "formula": 8_192,
    "literal": 255,
    "name": 255,
    "sheet": 31,
    "line": 255,
    "link": 2_079,
}
"""Excel's limits, in characters."""
VALIDATION = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}
FORMULAS = ("x:formula", "x:formula1", "x:formula2")
LITERAL = re.compile(r'"((?:[^"]|"")*)"')
SHEET = re.compile(r"'((?:[^']|'')+)'!|([\w.]+)!")
CELL_LIKE = re.compile(r"\$?[A-Z]{1,3}\$?\d+|R\d*C\d*", re.IGNORECASE)
TALLEST, WIDEST = 409.5, 255


def excel_faults(package: Package) -> Iterator[str]:
    """What Excel would put right, refuse, or drop."""
    names = package.values(BOOK, "x:sheet", "name")
    yield from (f"sheet twice: {name}" for name in repeated(name.lower() for name in names))
    for name in names:
        if (
            len(name) > LONGEST["sheet"]
            or re.search(r"[\[\]:*?/\\]|^'|'$", name)
            or name.lower() == "history"
        ):
            yield f"sheet name: {name}"
    yield from _names(package, names)
    yield from _strings(package)
    for part in package.trees:
        if part.startswith("xl/worksheets/sheet"):
            checks = (_cells, _ranges, _validations, _formats, _links, _page)
            yield from (f"{part}: {fault}" for check in checks for fault in check(package, part))
        yield from (f"{part}: {fault}" for fault in _formulas(package, part, names))


def _names(package: Package, sheets: list[str]) -> Iterator[str]:
    """Defined names are names, once in their scope, and lead to cells."""
    nodes = list(package.find(BOOK, "x:definedName"))
    scoped = [f"{node.get('name', '').lower()} {node.get('localSheetId', '')}" for node in nodes]
    yield from (f"name twice: {name}" for name in repeated(scoped))
    for node in nodes:
        name, text = node.get("name", ""), node.text or ""
        plain = name.removeprefix("_xlnm.")
        if (
            len(name) > LONGEST["name"]
            or not re.fullmatch(r"[^\W\d][\w.]*", plain)
            or CELL_LIKE.fullmatch(name)
        ):
            yield f"defined name: {name}"
        if not text or "#REF!" in text or int(node.get("localSheetId", 0)) >= len(sheets):
            yield f"name of nothing: {name}"
        yield from (f"{name}: {fault}" for fault in _formula(text, sheets))


def _strings(package: Package) -> Iterator[str]:
    """Texts that a cell cannot hold."""
    for part, name in (
        (STRINGS, "x:si"),
        *((p, "x:is") for p in package.trees),
        *((p, "x:comment") for p in package.trees),
    ):
        for node in package.find(part, name):
            length = sum(len(text.text or "") for text in node.iter(tag("x:t")))
            if length > LONGEST["text"]:
                yield f"{part}: a text of {length} characters"


def _formulas(package: Package, part: str, sheets: list[str]) -> Iterator[str]:
    for node in package.trees[part].iter(*map(tag, ("x:f", *FORMULAS))):
        yield from _formula(node.text or "", sheets)


def _formula(text: str, sheets: list[str]) -> Iterator[str]:
    """A formula of a length that Excel takes, about sheets that are there."""
    if text.startswith("="):
        yield f"a formula begins with =: {text[:40]}"
    if len(text) > LONGEST["formula"]:
        yield f"a formula of {len(text)} characters: {text[:40]}"
    yield from (
        f"a text in a formula: {t[:40]}" for t in LITERAL.findall(text) if len(t) > LONGEST["literal"]
    )
    known = {name.lower() for name in sheets}
    for quoted, bare in SHEET.findall(LITERAL.sub('""', text)):
        if (quoted.replace("''", "'") or bare).lower() not in known:
            yield f"a formula about no sheet: {quoted or bare}"


# --- a sheet ------------------------------------------------------------------------------------------------


def _cells(package: Package, part: str) -> Iterator[str]:
    """Rows and cells in order, in styles and texts that are there."""
    looks = len(next(iter(package.find(STYLES, "x:cellXfs")), ()))
    texts = len(list(package.find(STRINGS, "x:si")))
    below = 0
    for row in package.find(part, "x:row"):
        number = int(row.get("r"))
        if number <= below:
            yield f"row {number} below row {below}"
        below, right = number, 0
        if float(row.get("ht", 0)) > TALLEST:
            yield f"row {number} is too high"
        for cell in row:
            column, line, *_ = range_boundaries(cell.get("r"))
            if line != number or column <= right:
                yield f"{cell.get('r')} out of order"
            right = column
            if int(cell.get("s", 0)) >= looks:
                yield f"{cell.get('r')} in no style"
            found = cell.find(tag("x:v"))
            if cell.get("t") == "s" and (found is None or int(found.text) >= texts):
                yield f"{cell.get('r')} holds no text"
            if cell.get("t") == "inlineStr" and found is not None:
                yield f"{cell.get('r')} holds two values"
    wide = (width for width in package.values(part, "x:col", "width") if float(width) > WIDEST)
    yield from (f"a column is {width} wide" for width in wide)


def _overlap(one: str, other: str) -> bool:
    left, top, right, bottom = range_boundaries(one)
    west, north, east, south = range_boundaries(other)
    return left <= east and west <= right and top <= south and north <= bottom


def _ranges(package: Package, part: str) -> Iterator[str]:
    """Merged cells do not overlap, nor does a filter or a second rule for what is typed."""
    merged = package.values(part, "x:mergeCell", "ref")
    filters = package.values(part, "x:autoFilter", "ref")
    yield from (f"merged twice: {a} {b}" for a, b in combinations(merged, 2) if _overlap(a, b))
    yield from (f"a filter on merged cells: {a}" for a in filters for b in merged if _overlap(a, b))
    ruled = [area for text in package.values(part, "x:dataValidation", "sqref") for area in text.split()]
    yield from (f"two rules for {a} and {b}" for a, b in combinations(ruled, 2) if _overlap(a, b))
    for name, declared in (("mergeCells", merged), ("dataValidations", ruled)):
        told = package.values(part, f"x:{name}", "count")
        if told and name == "mergeCells" and told != [str(len(declared))]:
            yield f"{name} counted as {told}"


def _validations(package: Package, part: str) -> Iterator[str]:
    """Lists and help of a length that Excel takes."""
    for node in package.find(part, "x:dataValidation"):
        where = node.get("sqref")
        for name, most in VALIDATION.items():
            if len(node.get(name, "")) > most:
                yield f"{where}: {name} of {len(node.get(name))} characters"
        for formula in node.iter(tag("x:formula1"), tag("x:formula2")):
            if len(formula.text or "") > LONGEST["literal"] + 2 * (formula.text or "").startswith('"'):
                yield f"{where}: a rule of {len(formula.text)} characters"
        if node.get("type", "none") != "none" and node.find(tag("x:formula1")) is None:
            yield f"{where}: a rule without a condition"


def _formats(package: Package, part: str) -> Iterator[str]:
    """Conditional formats have a look, a condition and a place in the order of their own."""
    looks = len(next(iter(package.find(STYLES, "x:dxfs")), ()))
    rules = list(package.find(part, "x:cfRule"))
    yield from (f"formats of one priority: {p}" for p in repeated(node.get("priority") for node in rules))
    for node in rules:
        if int(node.get("dxfId", 0)) >= looks:
            yield "a format without a look"
        if (
            node.get("type") in {"expression", "cellIs"}
            and not (node.findtext(tag("x:formula")) or "").strip()
        ):
            yield "a format without a condition"


def _links(package: Package, part: str) -> Iterator[str]:
    """Links within the workbook lead to sheets that are there."""
    sheets = package.values(BOOK, "x:sheet", "name")
    for node in package.find(part, "x:hyperlink"):
        target = node.get("location", "")
        if len(target) > LONGEST["link"] or len(node.get("tooltip", "")) > LONGEST["line"]:
            yield f"{node.get('ref')}: a link too long"
        if target:
            yield from (f"{node.get('ref')}: {fault}" for fault in _formula(target, sheets))
            if not re.search(r"!\$?[A-Z]{1,3}\$?\d+$", target):
                yield f"{node.get('ref')} leads to no cell: {target}"


def _page(package: Package, part: str) -> Iterator[str]:
    """Headers and footers of a length that Excel takes."""
    for kind in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        for node in package.find(part, f"x:{kind}"):
            if len(node.text or "") > LONGEST["line"]:
                yield f"{kind} of {len(node.text)} characters"
