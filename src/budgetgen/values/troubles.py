"""Errors of the machine, in words: they say nothing of the file that was worked on, and another time it may go well."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN: Final = "关闭其他程序后再试一次；还是这样，请管理员看这台电脑的内存和磁盘"
NO_MEMORY: Final = ("内存不够，没有做完", AGAIN)
LOST: Final = ("系统中途结束了处理它的进程，多半是内存不够，没有做完", AGAIN)
LATE: Final = ("用的时间太长，已停止，没有做完", "再试一次；文件很大的，分成几份再试")
_FULL: Final = ("磁盘已满，没有做完", "清理出一些空间后再试一次")
_BUSY: Final = ("系统开不出新的进程或文件，没有做完", AGAIN)
_BROKEN: Final = ("磁盘或网络盘出了问题，没有做完", "再试一次；还是这样，请管理员看这台电脑的磁盘")
_TROUBLES: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOMEM: NO_MEMORY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EAGAIN: _BUSY,
    errno.EMFILE: _BUSY,
    errno.ENFILE: _BUSY,
    errno.EIO: _BROKEN,
}


def blame_of(error: OSError) -> Blame:
    """Whose fault an error of the system is: a folder that is not there, say, is of how it was asked for."""
    return Blame.MACHINE if error.errno in _TROUBLES else Blame.FILE


def unusable(error: BaseException, subject: str = "") -> UnusableInputError | None:
    """An error in words, as far as it is known whose fault it is; None of one of the program.

    Args:
        error: which has ended some work.
        subject: what was worked on, where the error does not say so itself.
    """
    if isinstance(error, UnusableInputError):
        return error
    told = NO_MEMORY if isinstance(error, MemoryError) else None
    if isinstance(error, OSError):
        told = _TROUBLES.get(error.errno or 0)
    return UnusableInputError(subject, *told, Blame.MACHINE) if told else None
