"""What an office would write by hand with the usual libraries, to measure against: one unit's workbook.

    python benchmarks/usual.py check WORKBOOK
    python benchmarks/usual.py build WORKBOOK CONTEXT.json TEMPLATE.docx FOLDER

`check` reads every sheet with openpyxl and adds each column up with `Decimal`, its sums of lines against its total and
against another sheet, as often as the program evaluates its relations. `build` fills the template with docxtpl, too, and
saves a copy of the workbook with openpyxl. It finds nothing, explains nothing and derives nothing.
"""

from __future__ import annotations

import json
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from openpyxl import load_workbook

CENT, ZERO = Decimal("0.01"), Decimal(0)
ROUNDS = 4
"""So often are the columns added up: about 400 sums, as many as an edition has relations."""


def tables(path: Path) -> list[list[list[Decimal | str]]]:
    """The rows of every sheet, numbers as `Decimal`."""
    workbook = load_workbook(path, data_only=True)
    return [
        [[_value(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in workbook
    ]


def _value(cell: object) -> Decimal | str:
    if isinstance(cell, int | float):
        return Decimal(repr(cell)).quantize(CENT, ROUND_HALF_UP)
    return "" if cell is None else str(cell)


def sums(sheets: list[list[list[Decimal | str]]]) -> tuple[int, int]:
    """How many sums were made, and how many differ from the last row of their sheet."""
    made = differing = 0
    for rows in sheets:
        for column in range(1, max(map(len, rows), default=0)):
            numbers = [row[column] for row in rows if column < len(row) and isinstance(row[column], Decimal)]
            if numbers:
                made += 1
                differing += sum(numbers[:-1], ZERO) != numbers[-1]
    return made, differing


def main() -> None:
    """Check or build, and print how many sums there were."""
    command, path, *rest = sys.argv[1:]
    sheets = tables(Path(path))
    print([sums(sheets) for _ in range(ROUNDS)][-1])
    if command == "build":
        from docxtpl import DocxTemplate  # noqa: PLC0415 - as little as a script would import

        context, template, folder = map(Path, rest)
        document = DocxTemplate(template)
        document.render(json.loads(context.read_text(encoding="utf-8")), autoescape=True)
        document.save(folder / "usual.docx")
        load_workbook(path).save(folder / "usual.xlsx")


if __name__ == "__main__":
    main()
