"""Work on a file from outside in a process of its own, which has so much time and memory and no more.

What takes PDFs apart trusts them: a stream may unpack to any size, a page may hold any number of signs. A process
that takes too long, or too much, is ended, and with it all that it holds.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from budgetgen.reading.guard.limits import MB

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Beat: TypeAlias = "Callable[[], None]"
"""Called by work that goes on."""
BEAT: Final = 60.0
"""How many seconds work may go on without a beat: a page takes a tenth of a second."""
LONGEST: Final = 900.0
"""How many seconds it may take altogether."""
MEMORY: Final = 2048 * MB


class ExhaustedError(Exception):
    """Work that took too much time or memory."""


@dataclass(frozen=True)
class _Failed:
    """An error that work ended with."""

    error: Exception


def confined(work: Callable[[bytes, Beat], Any], data: bytes) -> Any:
    """What work makes of a file, in a process of its own.

    Args:
        work: a function of a module; what it returns and raises must be fit to be sent.
        data: the file.

    Raises:
        ExhaustedError: it took too much time or memory.
        Exception: whatever the work raised.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.send_bytes(data)
        found = _awaited(ours)
    except (EOFError, OSError):  # the system has ended it, for want of memory
        raise ExhaustedError from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(found, _Failed):
        raise found.error
    return found


def _awaited(ours: Connection) -> Any:
    """What the work has made; beats before it are waited for."""
    left = LONGEST
    while left > 0 and ours.poll(BEAT):
        told, *found = ours.recv()
        if found:
            return found[0]
        left -= told
    raise ExhaustedError


def _work(theirs: Connection, work: Callable[[bytes, Beat], Any]) -> None:
    """The process: its beats tell how many seconds have passed since the last."""
    from time import monotonic  # noqa: PLC0415 - of the process

    _limit()
    last = monotonic()

    def beat() -> None:
        nonlocal last
        now = monotonic()
        theirs.send((now - last,))
        last = now

    try:
        theirs.send((0.0, work(theirs.recv_bytes(), beat)))
    except MemoryError:
        theirs.send((0.0, _Failed(ExhaustedError())))
    except Exception as error:  # noqa: BLE001 - is raised again by whom the work is done for
        theirs.send((0.0, _Failed(error)))


def _limit() -> None:
    """Take no more memory, where the system can be told so."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
