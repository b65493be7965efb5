"""What people ask the page for. Each is done in a process of its own, which can be stopped at any moment."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from queue import PriorityQueue
from shutil import rmtree
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from budgetgen.app.serve.messages import Order, Refusal, View
from budgetgen.app.serve.workers import GRACE, OFTEN, Worker
from budgetgen.values.findings import Blame
from budgetgen.values.troubles import LATE, LOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

State: TypeAlias = Literal["waiting", "running", "done", "refused", "stopped"]
AT_ONCE: Final = 2
KEPT, KEPT_OF_EACH = 60, 12
"""How many orders are kept, the newest: of one person, of each of many; what belongs to older ones is deleted."""
LIMIT: Final = 30 * 60.0
"""Seconds that an order may take: a department of a thousand units takes a few minutes."""
ASKED, SENT, LEFT = range(3)
"""Who goes first: whoever waits at a page, then what units send, then what an earlier run has left."""
LAST: Final = -1
"""Goes before all others: nothing more is done."""


@dataclass
class Handling:
    """An order on its way.

    Attributes:
        order: which.
        state: how far it is.
        stage, done, total: what is being done, how many of how many.
        view: what came of it.
        refusal: why nothing came of it.
    """

    order: Order
    state: State = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    view: View | None = None
    refusal: Refusal | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in {"waiting", "running"}


class _Waiting(NamedTuple):
    """An order that waits for its turn.

    Attributes:
        turn: who goes first.
        number: of several of one turn the one that came first.
        handling: the order; None where nothing more is done.
        told: is called when it has ended.
    """

    turn: int
    number: int
    handling: Handling | None = None
    told: Callable[[Handling], None] = lambda _: None


class Orders:
    """All orders of a run: so many are done at once, the others wait for their turn.

    Args:
        folder: where each gets a folder.
        limit: seconds that one may take.
    """

    def __init__(self, folder: Path, limit: float = LIMIT) -> None:
        self._folder, self._limit = folder, limit
        self._queue: PriorityQueue[_Waiting] = PriorityQueue()
        self._numbers = count()
        self._handled: dict[str, Handling] = {}
        self._lock, self._closed = Lock(), False
        self._ready: Worker | None = None
        self._keep_ready()
        self._threads = [Thread(target=self._attend, daemon=True) for _ in range(AT_ONCE)]
        for thread in self._threads:
            thread.start()

    def __getitem__(self, key: str) -> Handling:
        """An order by its id."""
        return self._handled[key]

    def ended(self, owner: str) -> Sequence[tuple[str, Handling]]:
        """The orders of somebody that have ended, by their ids, the last one first."""
        every = reversed(tuple(self._handled.items()))
        return [(key, one) for key, one in every if one.ended and one.order.owner == owner]

    def new_folder(self) -> Path:
        """A folder for an order to be placed, named by its id."""
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir()
        return folder

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A new folder, deleted where nothing comes of the order."""
        folder = self.new_folder()
        try:
            yield folder
        except BaseException:
            rmtree(folder, ignore_errors=True)
            raise

    def place(
        self, order: Order, told: Callable[[Handling], None] = lambda _: None, turn: int = ASKED
    ) -> str:
        """Have an order done, and be told when it has ended; its id."""
        key = order.folder.name
        handling = self._handled[key] = Handling(order)
        own = [(one, h) for one, h in tuple(self._handled.items()) if h.order.owner == order.owner]
        many = len(own) - (KEPT_OF_EACH if order.owner else KEPT)
        for old in [one for one, h in own if h.ended][: max(0, many)]:
            self.discard(old)
        self._queue.put(_Waiting(turn, next(self._numbers), handling, told))
        return key

    def ahead(self, handling: Handling) -> int:
        """How many orders are done before one that waits."""
        every = sorted(one for one in tuple(self._queue.queue) if one.handling and not one.handling.ended)
        place = next((place for place, one in enumerate(every) if one.handling is handling), None)
        return 0 if place is None else place + AT_ONCE

    def stop(self, key: str) -> None:
        """End an order; its process is ended by who waits for it."""
        with self._lock:
            handling = self._handled.get(key)
            if handling and not handling.ended:
                handling.state = "stopped"

    def close(self) -> None:
        """End all, and wait for it."""
        with self._lock:
            self._closed = True
            if self._ready:
                self._ready.end()
        for key in tuple(self._handled):
            self.stop(key)
        for _ in self._threads:
            self._queue.put(_Waiting(LAST, next(self._numbers)))
        for thread in self._threads:
            thread.join(2 * GRACE)

    def discard(self, key: str) -> None:
        """Delete what belongs to an order that has ended."""
        if handling := self._handled.pop(key, None):
            rmtree(handling.order.folder, ignore_errors=True)

    def waiting(self, owner: str) -> int:
        """How many orders of somebody have not ended."""
        return sum(not one.ended and one.order.owner == owner for one in tuple(self._handled.values()))

    def _attend(self) -> None:
        """Do one order after another: what fails in one keeps no other from being done, and it is told all the same."""
        while handling := (one := self._queue.get()).handling:
            with _kept(handling):
                try:
                    if self._begun(handling):
                        self._work(handling)
                finally:
                    if not handling.ended:
                        _refuse(handling, LOST)
            with _kept(handling):
                one.told(handling)

    def _begun(self, handling: Handling) -> bool:
        """Whether an order is not stopped yet: then it is on its way."""
        with self._lock:
            if not handling.ended:
                handling.state = "stopped" if self._closed else "running"
            return not handling.ended

    def _work(self, handling: Handling) -> None:
        try:
            with self._worker() as worker:
                worker.connection.send(handling.order)
                self._follow(handling, worker.connection)
        except (EOFError, OSError):  # the system has ended it, for want of memory, or starts none
            _refuse(handling, LOST)
        finally:
            rmtree(handling.order.folder / "tmp", ignore_errors=True)
            self._keep_ready()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = self._taken()
        try:
            yield worker
        finally:
            worker.end()

    def _taken(self) -> Worker:
        """A worker that is ready, or a new one."""
        with self._lock:
            worker, self._ready = self._ready, None
        return worker or Worker()

    def _keep_ready(self) -> None:
        """Have a worker ready for the next order: to start one takes most of the time of a short one."""
        with self._lock:
            if self._ready is None and not self._closed:
                with suppress(OSError):  # then the next order starts its own
                    self._ready = Worker()

    def _follow(self, handling: Handling, ours: Connection) -> None:
        """Take what the worker tells until it is done, was stopped, or takes too long."""
        until = time.monotonic() + self._limit
        while not handling.ended:
            if time.monotonic() > until:
                _refuse(handling, LATE)
            elif ours.poll(OFTEN):
                match ours.recv():
                    case View() as view:
                        handling.view, handling.state = view, "done"
                    case Refusal() as refusal:
                        handling.refusal, handling.state = refusal, "refused"
                    case stage, done, total:
                        handling.stage, handling.done, handling.total = stage, done, total


@contextmanager
def _kept(handling: Handling) -> Iterator[None]:
    """Log what fails inside the program."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the other orders are to be done all the same
        from budgetgen.app.incidents import keep  # noqa: PLC0415 - only where the program has failed

        keep(error, [handling.order.kind], {handling.order.kind})


def _refuse(handling: Handling, told: tuple[str, str]) -> None:
    """End an order that this machine has not brought to its end."""
    handling.refusal = Refusal("", *told, Blame.MACHINE)
    handling.state = "refused"
