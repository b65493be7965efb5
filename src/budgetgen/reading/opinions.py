"""Reading what reviewers said: the workbook of a comparison, or what its page saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from budgetgen.reading.guard import admit_parts
from budgetgen.reading.guard.files import read_file
from budgetgen.reading.guard.limits import MAX_FILE_BYTES
from budgetgen.reading.sheets import Surroundings
from budgetgen.reading.stored import StoredWorkbook
from budgetgen.reading.workbook import NOT_A_WORKBOOK
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FIX = "给出 diff 写的工作簿（.xlsx），或在网页上保存的意见（.json）"
SUBJECT = 5
"""How many cells of a row tell what it is about."""
Entry = dict[str, str]
"""The texts of one opinion by their captions."""


def read_entries(path: Path, wanted: Sequence[str]) -> tuple[Entry, ...]:
    """The entries of a file as texts by caption, those without a mark left out.

    Args:
        path: the file.
        wanted: the captions, the mark's first, last that of what an opinion is about: the first cells of its row
            where a sheet has no such column.

    Raises:
        UnusableInputError: the file cannot be read, or holds no opinions.
    """
    lines = _sheets(path, wanted) if path.suffix.lower() == ".xlsx" else _saved(path, wanted)
    return tuple(line for line in lines if line[wanted[0]])


def _sheets(path: Path, wanted: Sequence[str]) -> Iterator[Entry]:
    workbook = StoredWorkbook(admit_parts(path, "xlsx"))
    headed = False
    try:
        for sheet in workbook.sheets:
            places: Mapping[int, str] = {}
            for line in workbook.rows(sheet, Surroundings()):
                texts = ["" if raw.value is None else clean(str(raw.value))[0] for raw in line]
                if not places:
                    captions = {caption(one): one for one in wanted}
                    found = {
                        n: captions[c] for n, text in enumerate(texts) if (c := caption(text)) in captions
                    }
                    places = found if wanted[0] in found.values() else {}
                    headed = headed or bool(places)
                    continue
                given = {name: texts[n] for n, name in places.items() if n < len(texts)}
                first = " ".join(filter(None, texts[:SUBJECT]))
                yield {name: given.get(name, "") for name in wanted} | {
                    wanted[-1]: given.get(wanted[-1]) or first
                }
    except NOT_A_WORKBOOK as error:
        raise UnusableInputError(path, "意见工作簿读不出内容", FIX) from error
    if not headed:
        raise UnusableInputError(path, f"没有“{wanted[0]}”列，看不出哪条意见说的是哪一处", FIX)


def _saved(path: Path, wanted: Sequence[str]) -> Iterator[Entry]:
    try:
        entries = json.loads(read_file(path, MAX_FILE_BYTES))["opinions"]
        yield from ({name: clean(str(one.get(name, "")))[0] for name in wanted} for one in entries)
    except OSError as error:
        raise UnusableInputError(path, "读不了意见文件", "核对文件名；文件打开着的先关闭") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableInputError(path, "这不是 diff 的意见文件", FIX) from error
