"""Which files a command on many is called with, and where the outputs of each belong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from budgetgen.app.batch.jobs import NAMES, Job, Sent, labels, places
from budgetgen.app.pipeline.outputs import ANNOTATED, COMPLETED, STATUSES, is_old
from budgetgen.reading.forms import DOCUMENTS, WORD, WORKBOOKS, is_word
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.app.batch.jobs import Command, Options

OURS: Final = (ANNOTATED, COMPLETED, STATUSES, *NAMES.values())
"""Ends the names of workbooks that the program wrote beside its documents: none is anybody's input."""
KINDS: Final[Mapping[Command, frozenset[str]]] = {
    "build": WORKBOOKS,
    "check": WORKBOOKS,
    "import": DOCUMENTS,
}
"""What is taken from a folder; a file that is named is taken as it is."""


def is_many(files: Sequence[Path]) -> bool:
    """Whether a command is called with more than one file."""
    return len(files) > 1 or any(file.is_dir() for file in files)


def jobs_of(command: Command, files: Sequence[Path], options: Options, output: Path) -> tuple[Job, ...]:
    """A job for each file.

    Raises:
        UnusableInputError: a folder holds none, or nothing is there.
    """
    found = files_of(command, files, output)
    names = tuple(labels(found, files))
    return tuple(
        Job(command, label, (Sent(str(path.absolute()), label),), options, place)
        for path, label, place in zip(found, names, places(names), strict=True)
    )


def files_of(command: Command, files: Sequence[Path], output: Path | None = None) -> tuple[Path, ...]:
    """The files that are named, and of folders those that the command takes; each once.

    Raises:
        UnusableInputError: a folder holds none, or nothing is there.
    """
    found = (path for file in files for path in _found(command, file, output))
    return tuple({path.resolve(): path for path in found}.values())


def pairs_of(documents: Path, workbooks: Path, options: Options, output: Path) -> tuple[Job, ...]:
    """A job for each workbook with its document, which is called like it or stands in a folder called like it.

    Raises:
        UnusableInputError: a workbook has no document or several, or a document has no workbook.
    """
    books = tuple(_inside(workbooks, WORKBOOKS, output))
    papers = {path: path.relative_to(documents) for path in _inside(documents, WORD, output)}
    jobs, taken = [], set[Path]()
    for book in books:
        label = book.relative_to(workbooks)
        bare = label.with_suffix("")
        own = [path for path, name in papers.items() if bare in {name.with_suffix(""), name.parent}]
        if len(own) != 1:
            told = f"有 {len(own)} 份公开文本：{'、'.join(p.name for p in own)}" if own else "没有公开文本"
            fix = f"公开文本叫“{bare.name}.docx”，或单独放在文件夹“{bare}”里"
            raise UnusableInputError(book, f"在 {documents} 里{told}", fix)
        taken.add(own[0])
        files = (
            Sent(str(own[0].absolute()), papers[own[0]].as_posix()),
            Sent(str(book.absolute()), label.as_posix()),
        )
        jobs.append(Job("verify", label.as_posix(), files, options, bare.as_posix()))
    if left := [str(name) for path, name in papers.items() if path not in taken]:
        raise UnusableInputError(
            documents, f"这些公开文本没有填报表：{'、'.join(left)}", "补上填报表，或移走文档"
        )
    return tuple(jobs)


def _found(command: Command, file: Path, output: Path | None) -> Iterator[Path]:
    if not file.is_dir():
        yield file
        return
    yield from _inside(file, KINDS[command], output)


def _inside(folder: Path, kinds: Collection[str], output: Path | None) -> Iterator[Path]:
    """The files of a folder and the folders in it, but for outputs and what Office leaves for itself.

    A document that stands there in Word's form, too, is taken in that form only.

    Raises:
        UnusableInputError: there is none.
    """
    if not folder.is_dir():
        raise UnusableInputError(folder, "没有这个文件夹", "核对文件夹的名称")
    inside = sorted(path for path in folder.rglob("*") if path.suffix.lower() in kinds and path.is_file())
    own = output.resolve() if output else None
    apart = own if own != folder.resolve() else None  # outputs among the inputs go by their names
    ours = [path for path in inside if _an_input(path) and apart not in path.resolve().parents]
    words = {path.with_suffix("") for path in ours if is_word(path)}
    found = [path for path in ours if is_word(path) or path.with_suffix("") not in words]
    if not found:
        raise UnusableInputError(
            folder, f"文件夹里没有 {'、'.join(sorted(kinds))} 文件", "换一个文件夹，或直接给出文件名"
        )
    yield from found


def _an_input(path: Path) -> bool:
    return not path.name.startswith(("~$", ".")) and not path.stem.endswith(OURS) and not is_old(path)
