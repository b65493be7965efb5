"""What a form brings: its words and its files, these put into the folder of an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path, PurePath
from shutil import copyfileobj
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from budgetgen.app.pipeline.outputs import file_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request

INPUT: Final = "in"
MAX_FILES: Final = 1000
MAX_FIELDS: Final = 40
LONGEST: Final = 200
"""Characters of a word that is typed."""
TOO_MANY: Final = f"一次最多送 {MAX_FILES} 个文件。请分几次汇总，或先汇总下级部门。"
DAMAGED: Final = "送来的内容不完整，没有执行。请回到上一页再试一次。"


@dataclass(frozen=True)
class Received:
    """A form that was sent.

    Attributes:
        files: where each file is now, by the names of the fields.
        words: what was typed or chosen.
    """

    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


async def received(request: Request, folder: Path) -> Received:
    """Take a form in; its files go into the folder, each under its own name.

    Raises:
        HTTPException: it has too many files, or is damaged.
    """
    try:
        async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS) as form:
            return await _kept(form, folder / INPUT)
    except HTTPException as error:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # as the library refuses, in English
            raise HTTPException(400, TOO_MANY if "files" in error.detail else DAMAGED) from None
        raise


async def _kept(form: FormData, folder: Path) -> Received:
    files: dict[str, tuple[Path, ...]] = {}
    words: dict[str, str] = {}
    for key, value in form.multi_items():
        if not isinstance(value, UploadFile):
            words[key] = value[:LONGEST]
        elif value.filename:
            target = _target(folder / file_name(key), value.filename)
            await run_in_threadpool(_write, value, target)
            files[key] = (*files.get(key, ()), target)
    return Received(files, words)


def _write(upload: UploadFile, target: Path) -> None:
    with target.open("xb") as file:
        copyfileobj(upload.file, file)


def _target(folder: Path, name: str) -> Path:
    """Where a file goes: its own name without folders, with a number where there is one of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    given = PurePath(name.replace("\\", "/")).name
    stem, suffix = PurePath(given).stem, PurePath(given).suffix
    own = Path(f"{file_name(stem)}{suffix if suffix[1:].isalnum() else ''}")
    number, target = 1, folder / own
    while target.exists():
        number += 1
        target = folder / f"{own.stem}（{number}）{own.suffix}"
    return target
