"""The published tables as open data: a Frictionless data package, one csv with its schema for each table.

What stands in it is what stands in the document, cell for cell: nothing is told here that is not published there.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from budgetgen.values.model import PerformanceGrid, PrintedTable
from budgetgen.writing.archive import pack
from budgetgen.writing.publication.indicators import merged_columns, rows_in_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Column, Edition, PerformanceTable, TableDeclaration
    from budgetgen.values.model import Disclosure

DESCRIPTION: Final = "datapackage.json"
SUMS: Final = "汇总行"
"""The field that says whether a row adds others up: who sums a table leaves these out."""
NUMBER: Final = "表序号"
"""The field that says of which performance table an indicator is."""


@dataclass(frozen=True, slots=True)
class DataField:
    """A field of a resource, as its schema tells it."""

    name: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class DataResource:
    """A table of the package: its name in Latin letters, what people call it, fields and rows."""

    name: str
    title: str
    fields: tuple[DataField, ...]
    rows: tuple[tuple[str, ...], ...]
    money: str = ""


def render_data_package(disclosure: Disclosure, edition: Edition) -> bytes:
    """The package, one zip archive; the same input gives the same bytes."""
    resources = list(_resources(disclosure, edition))
    files = {f"{resource.name}.csv": _csv(resource) for resource in resources}
    described = [_described(resource, files[f"{resource.name}.csv"]) for resource in resources]
    package = {
        "profile": "tabular-data-package",
        "name": edition.id,
        "title": disclosure.file,
        "description": disclosure.draft or disclosure.subject,
        "version": str(disclosure.year),
        "contributors": [{"title": disclosure.unit, "role": "publisher"}],
        "resources": described,
    }
    told = json.dumps(package, ensure_ascii=False, indent=2).encode()
    return pack({DESCRIPTION: told, **files})


def _csv(resource: DataResource) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(field.name for field in resource.fields)
    writer.writerows(resource.rows)
    return text.getvalue().encode()


def _described(resource: DataResource, data: bytes) -> Mapping[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "title": resource.title,
        "path": f"{resource.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        **({"unit": resource.money} if resource.money else {}),
        "schema": {
            "fields": [{"name": f.name, "type": f.type, "title": f.title} for f in resource.fields],
            "missingValues": [""],
        },
    }


def _resources(disclosure: Disclosure, edition: Edition) -> Iterator[DataResource]:
    blocks = [block for part in disclosure.parts for block in part.blocks]
    for table in (block for block in blocks if isinstance(block, PrintedTable)):
        yield from _numbered(table, edition.tables[table.name])
    for number, declared in enumerate(edition.performance, start=1):
        grids = [b for b in blocks if isinstance(b, PerformanceGrid) and b.id == declared.id]
        if grids:
            yield from _performance(grids, declared, edition, f"performance-{number}")


# --- the numbered tables ------------------------------------------------------------------------------------


def _numbered(table: PrintedTable, declared: TableDeclaration) -> Iterator[DataResource]:
    """One resource for each block: side by side they are two tables, whose lines have nothing to do with each other."""
    several = len(declared.block) > 1
    for place, block in enumerate(declared.block, start=1):
        prefix = f"{block.name}." if several else ""
        title = f"{table.title}：{block.name}" if several else table.title
        name = f"table-{table.number:02}" + (f"-{place}" if several else "")
        columns = [  # a unit has a row of its own
            column
            for column in block.columns
            if column.type != "unit" and prefix + column.name not in table.without
        ]
        rows = (tuple(_cell(row, column, prefix) for column in columns) for row in table.rows)
        fields = tuple(map(_field, columns))
        if table.sums is not None:
            fields = (*fields, DataField(SUMS, "boolean", SUMS))
            rows = ((*row, str(index in table.sums).lower()) for index, row in enumerate(rows))
        yield DataResource(name, title, fields, tuple(filter(any, rows)), table.money)


def _parts(column: Column) -> tuple[str, ...]:
    """The printed columns of a column: of a code its parts."""
    return column.parts or (column.name,)


def _field(column: Column) -> DataField:
    return DataField(column.name, "number" if column.numeric else "string", "／".join(column.captions))


def _cell(row: Mapping[str, str], column: Column, prefix: str) -> str:
    text = "".join(row.get(f"{prefix}{part}", "") for part in _parts(column))
    return text.replace(",", "") if column.numeric else text.strip()


# --- performance tables -------------------------------------------------------------------------------------


def _performance(
    grids: Sequence[PerformanceGrid], declared: PerformanceTable, edition: Edition, name: str
) -> Iterator[DataResource]:
    """The heads, one row for each table; and the indicators, each with the number of its table."""
    heads = tuple(dict.fromkeys(f.column for line in declared.head for f in line if f.column))
    number = DataField(NUMBER, "integer", NUMBER)
    told = tuple(
        (str(place), *(grid.head.get(head, "") for head in heads))
        for place, grid in enumerate(grids, start=1)
    )
    title = grids[0].title[0]
    yield DataResource(name, title, (number, *(DataField(h, "string", h) for h in heads)), told)
    fields = (number, *(DataField(f.column, "string", f.label) for f in declared.columns))
    merged = merged_columns(declared, edition)
    rows = tuple(
        (str(place), *(row.get(field.column, "") for field in declared.columns))
        for place, grid in enumerate(grids, start=1)
        for row in rows_in_full(grid.rows, merged)
    )
    yield DataResource(f"{name}-indicators", f"{title}：指标", fields, rows)
