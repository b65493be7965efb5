"""The processes that do orders: each does one, tells how far it is, then what came of it, and can be ended at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Final

from budgetgen.app.progress import watched
from budgetgen.app.serve.messages import Refusal
from budgetgen.values.findings import Blame
from budgetgen.values.troubles import unusable

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import FrameType

    from budgetgen.app.serve.messages import Order, View

GRACE: Final = 3.0
"""Seconds that a worker has to end what it has started."""
OFTEN: Final = 0.2


class Worker:
    """A process that waits for one order."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,))
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """End it with all that it has started; it is asked first, for LibreOffice is in a group of its own."""
        self.connection.close()
        pid = self._process.pid
        if pid is None:
            return
        if sys.platform == "win32":
            call = ["taskkill", "/T", "/F", "/PID", str(pid)]
            with suppress(OSError):
                subprocess.run(call, check=False, capture_output=True)  # noqa: S603 - no word of others in it
        else:
            self._process.terminate()
            self._process.join(GRACE)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()


def _work(theirs: Connection) -> None:
    """Be ready, then do what is asked for."""
    _be_endable()
    from budgetgen.app.serve.tasks import TASKS  # noqa: PLC0415 - the whole program, while nothing is asked for

    del TASKS
    with suppress(EOFError, OSError):  # nothing was asked for
        order = theirs.recv()
        _stay_inside(order)
        with watched(lambda *told: theirs.send(told)):
            theirs.send(_outcome(order))


def _be_endable() -> None:
    """Be a process that is ended with all that it starts, and with the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.setsid()
        signal.signal(signal.SIGTERM, _leave)
    Thread(target=_die_with_parent, daemon=True).start()


def _leave(number: int, _: FrameType | None) -> None:
    """End as an error would, so that what was started is ended, too."""
    raise SystemExit(128 + number)


def _die_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _stay_inside(order: Order) -> None:
    """Leave nothing outside the folder of the order, nor do so those whom this process starts."""
    folder = order.folder / "tmp"
    folder.mkdir()
    tempfile.tempdir = str(folder)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)))


def _outcome(order: Order) -> View | Refusal:
    from budgetgen.app.serve.tasks import TASKS  # noqa: PLC0415 - the whole program, which the server does without

    try:
        return TASKS[order.kind](order)
    except Exception as error:  # noqa: BLE001 - the last net: a clerk gets words, not a traceback
        if told := unusable(error):
            subject = os.path.basename(str(told.path))  # noqa: PTH119 - it need not be a path
            return Refusal(subject, _told(told.problem, order), _told(told.fix, order), told.blame)
        from budgetgen.app.incidents import keep  # noqa: PLC0415 - only where the program has failed

        incident = keep(error, [order.kind], TASKS)
        where = f"把记录 {incident.log} 和出错的文件" if incident.log else "把这一页显示的文字和出错的文件"
        problem = f"程序内部出错（{incident.summary}）"
        return Refusal("", problem, f"{where}交给软件维护人员", Blame.PROGRAM)


def _told(text: str, order: Order) -> str:
    """A text that speaks of files by their names, not of where they are kept."""
    for paths in order.files.values():
        for path in paths:
            text = text.replace(str(path), path.name)
    return text.replace(f"{order.folder}{os.sep}", "")
