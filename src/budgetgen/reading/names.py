"""Reading a list of names: a text file with one name per line, or the first column of a workbook."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from budgetgen.reading.guard import admit_parts
from budgetgen.reading.guard.files import read_file
from budgetgen.reading.guard.limits import MAX_FILE_BYTES
from budgetgen.reading.sheets import Surroundings
from budgetgen.reading.stored import StoredWorkbook
from budgetgen.reading.workbook import NOT_A_WORKBOOK
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

HEADINGS = frozenset({"单位", "单位名称", "单位全称", "名称", "序号"})
"""What may stand above the names."""
CODES = frozenset({"单位编码", "单位代码", "预算单位编码", "预算单位代码", "编码", "代码"})
"""What may stand above their codes."""
ENCODINGS = ("utf-8-sig", "gb18030")


def read_names(path: Path) -> tuple[str, ...]:
    """The names in order, each once.

    Raises:
        UnusableInputError: the file cannot be read, or names nothing, or one name twice.
    """
    return tuple(read_units(path))


def read_units(path: Path) -> Mapping[str, str]:
    """The names in order, each once, with the codes of the column that is headed so; without it they are empty.

    Raises:
        UnusableInputError: the file cannot be read, or names nothing, or one name twice.
    """
    lines = tuple(_lines(path))
    at = next((place for line in lines for place, cell in enumerate(line) if _heads_codes(cell)), None)
    named = [(name, _code(line, at)) for line in lines if (name := _name(line))]
    names = [name for name, _ in named]
    if not names:
        raise UnusableInputError(path, "名单里没有单位名称", "一行写一个单位名称")
    doubled = next((n for i, n in enumerate(names) if caption(n) in map(caption, names[:i])), None)
    if doubled:
        raise UnusableInputError(path, f"名单里有两个“{doubled}”", "删去重复的一行")
    return dict(named)


def read_columns(
    path: Path, wanted: Mapping[str, Collection[str]]
) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """The lines of a list below the first that heads one of the wanted columns; nothing where none does.

    Args:
        path: a text file with commas, or a workbook.
        wanted: what may stand above each column, by what it is wanted for.

    Returns:
        Each line that says something with its number; its texts by what they are wanted for, empty ones included.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    places: Mapping[str, int] = {}
    found = []
    for number, line in enumerate(_lines(path), start=1):
        texts = ["" if cell is None else one_line(str(cell)).strip() for cell in line]
        if not places:
            heads = {caption(text): place for place, text in reversed(tuple(enumerate(texts)))}
            places = {use: heads[c] for use, captions in wanted.items() for c in captions if c in heads}
        elif any(texts):
            given = {use: texts[at] for use, at in places.items() if at < len(texts)}
            found.append((number, dict.fromkeys(wanted, "") | given))
    return tuple(found)


def _lines(path: Path) -> Iterator[Sequence[object]]:
    return _sheet(path) if path.suffix.lower() == ".xlsx" else _text(path)


def _heads_codes(cell: object) -> bool:
    return cell is not None and caption(one_line(str(cell))) in CODES


def _code(line: Sequence[object], at: int | None) -> str:
    cell = line[at] if at is not None and at < len(line) else None
    return "" if cell is None else one_line(str(cell)).strip()


def _name(cells: Iterable[object]) -> str:
    """The first text of a row that is neither a heading nor a number."""
    texts = (one_line(str(cell)).strip() for cell in cells if cell is not None)
    told = [text for text in texts if text and not text.rstrip(".、").isdigit()]
    return told[0] if told and caption(told[0]) not in HEADINGS | CODES else ""


def _text(path: Path) -> Iterator[list[str]]:
    try:
        data = read_file(path, MAX_FILE_BYTES)
    except OSError as error:
        raise UnusableInputError(path, "读不了单位名单", "核对文件名；文件打开着的先关闭") from error
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(text.splitlines())
    raise UnusableInputError(path, "单位名单不是文本文件", "存为 .txt（一行一个单位名称）或 .xlsx")


def _sheet(path: Path) -> Iterator[Sequence[object]]:
    workbook = StoredWorkbook(admit_parts(path, "xlsx"))
    try:
        lines = tuple(workbook.rows(workbook.sheets[0], Surroundings()))
    except NOT_A_WORKBOOK as error:
        fix = "用 WPS 或 Excel 另存为新的 .xlsx 文件，或改用一行一个名称的 .txt"
        raise UnusableInputError(path, "名单工作簿读不出内容", fix) from error
    return ([raw.value for raw in line] for line in lines)
