"""The files that were sent, each under the SHA-256 of its bytes: none is ever written over, and none is there by half."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Deposit:
    """A file that is kept.

    Attributes:
        sha256: of its bytes.
        size: their number.
    """

    sha256: str
    size: int


@dataclass(frozen=True)
class Vault:
    """A folder of files.

    Attributes:
        folder: which; nobody else may look into it.
    """

    folder: Path

    def keep(self, source: Path) -> Deposit:
        """Copy a file in; when this returns, it is on the disk.

        Raises:
            UnusableInputError: it cannot be written, or another file stands under its name.
        """
        beside = self.folder / f".{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            deposit = _copied(source, beside)
            target = self.folder / deposit.sha256
            if not self._holds(deposit):
                beside.replace(target)
            _settle(self.folder)
        except OSError as error:
            problem = "送来的文件存不下来，没有收"
            fix = "检查磁盘空间和权限后再送一次"
            raise UnusableInputError(self.folder, problem, fix, Blame.MACHINE) from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        return deposit

    def sweep(self) -> None:
        """Delete what was not copied to its end when a server was killed; while none is served."""
        for left in self.folder.glob(".*"):
            with suppress(OSError):
                left.unlink()

    def path(self, sha256: str) -> Path:
        """Where a file is.

        Raises:
            UnusableInputError: it is not there, or is not what it was.
        """
        path = self.folder / sha256
        if not path.is_file() or _digest(path) != sha256:
            problem = "收到的文件不见了，或被改动过"
            raise UnusableInputError(path, problem, "从备份恢复这个文件", Blame.MACHINE)
        return path

    def _holds(self, deposit: Deposit) -> bool:
        path = self.folder / deposit.sha256
        return path.is_file() and _digest(path) == deposit.sha256


def _copied(source: Path, target: Path) -> Deposit:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as given, _private(target) as file:
        while piece := given.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Deposit(digest.hexdigest(), size)


def _private(target: Path) -> BinaryIO:
    """A new file, from the first moment nobody else's to read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return open(os.open(target, flags, PRIVATE_FILE), "wb")  # noqa: PTH123 - made with its mode


def write_privately(target: Path, data: bytes) -> None:
    """Write a new file that nobody else can read; it is on the disk at the end, or not there.

    Raises:
        UnusableInputError: it is there already, or cannot be written.
    """
    try:
        with _private(target) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise UnusableInputError(target, "已经有这个文件，没有改动它", "换一个新的文件名") from error
    except OSError as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise UnusableInputError(target, "写不了这个文件", "换一个能写的文件夹，检查磁盘空间") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(folder: Path) -> None:
    """Have the name of a new file on the disk, too; Windows does that with the file."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
