"""The process that does one order: it tells how far it is, then what came of it."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from threading import Thread
from typing import TYPE_CHECKING

from budgetgen.app.progress import watched
from budgetgen.app.serve.messages import Refusal

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import FrameType

    from budgetgen.app.serve.messages import Order, View


def work(theirs: Connection, order: Order) -> None:
    """Do an order, and send what is to be told of it."""
    _settle(order)
    with watched(lambda *told: theirs.send(told)):
        theirs.send(_outcome(order))


def _settle(order: Order) -> None:
    """Be a process that can be ended with all that it starts, and that leaves nothing outside its folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.setsid()
        signal.signal(signal.SIGTERM, _leave)
    Thread(target=_die_with_parent, daemon=True).start()
    folder = order.folder / "tmp"
    folder.mkdir()
    tempfile.tempdir = str(folder)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)))


def _leave(number: int, _: FrameType | None) -> None:
    """End as an error would, so that what was started is ended, too."""
    raise SystemExit(128 + number)


def _die_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - of this process

    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _outcome(order: Order) -> View | Refusal:
    from budgetgen.app.serve.tasks import TASKS  # noqa: PLC0415 - the whole program, which the server does without
    from budgetgen.values.findings import UnusableInputError  # noqa: PLC0415

    try:
        return TASKS[order.kind](order)
    except UnusableInputError as error:
        subject = os.path.basename(str(error.path))  # noqa: PTH119 - it need not be a path
        return Refusal(subject, _told(error.problem, order), _told(error.fix, order))
    except Exception as error:  # noqa: BLE001 - the last net: a clerk gets words, not a traceback
        from budgetgen.app.incidents import keep  # noqa: PLC0415 - only where the program has failed

        incident = keep(error, [order.kind], TASKS)
        where = f"把记录 {incident.log} 和出错的文件" if incident.log else "把这一页显示的文字和出错的文件"
        return Refusal("", f"程序内部出错（{incident.summary}）", f"{where}交给软件维护人员")


def _told(text: str, order: Order) -> str:
    """A text that speaks of files by their names, not of where they are kept."""
    for paths in order.files.values():
        for path in paths:
            text = text.replace(str(path), path.name)
    return text.replace(f"{order.folder}{os.sep}", "")
