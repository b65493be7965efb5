"""How far a long run is: one line on the screen where somebody has to wait, or told to whoever watches."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from shutil import get_terminal_size
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self, TextIO, TypeAlias

from budgetgen.values.text import width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

SHORT = 2.0
"""Seconds that pass before anything is shown."""
OFTEN = 0.5
"""Seconds from one line to the next."""
Watcher: TypeAlias = "Callable[[str, int, int], None]"
"""Takes what is being done, how many of it are done, and of how many; 0 of 0 where it is one thing."""
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher what is being done."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def shown() -> Iterator[None]:
    """Show what is being done on the screen, where somebody waits there; nothing of it is left at the end."""
    if not sys.stderr.isatty():
        yield
        return
    with Screen(sys.stderr) as screen, watched(screen.take):
        yield


def begin(stage: str) -> None:
    """Say what is being done from now on."""
    if watcher := _watcher.get():
        watcher(stage, 0, 0)


class Progress:
    """Says how many of how many are done."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done = label, total, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left open."""

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if watcher := _watcher.get():
            watcher(self._label, self._done, self._total)


@dataclass
class Screen:
    """The line; drawn by a thread of its own, for what takes long says nothing meanwhile.

    Attributes:
        stream: a terminal.
    """

    stream: TextIO
    _stage: str = ""
    _counted: tuple[int, int] = (0, 0)
    _begun: float = field(default_factory=time.monotonic)
    _since: float = field(default_factory=time.monotonic)
    _drawn: int = 0
    _lock: Lock = field(default_factory=Lock)
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()
        self._draw("")

    def take(self, stage: str, done: int, total: int) -> None:
        """As a watcher."""
        with self._lock:
            if stage != self._stage:
                self._stage, self._since = stage, time.monotonic()
            self._counted = (done, total)

    def _run(self) -> None:
        if self._over.wait(SHORT):
            return
        while not self._over.is_set():
            with self._lock:
                line = self._line()
            self._draw(line)
            self._over.wait(OFTEN)

    def _line(self) -> str:
        """What is being done, and how long it takes yet; how long it has taken where that cannot be told."""
        now, (done, total) = time.monotonic(), self._counted
        if not self._stage:
            return ""
        if 0 < done < total:
            left = (now - self._since) / done * (total - done)
            return f"{self._stage} {done}/{total}，大约还要 {_told(left)}"
        return f"{self._stage}……已用 {_told(now - self._begun)}"

    def _draw(self, line: str) -> None:
        """Over the line before, without words that only some terminals understand."""
        room = get_terminal_size().columns - 1
        while width_of(line) > room:
            line = line[:-1]
        if line or self._drawn:
            blank = " " * max(0, self._drawn - width_of(line))
            self.stream.write(f"\r{line}{blank}" + ("" if line else "\r"))
            self.stream.flush()
        self._drawn = width_of(line)


def _told(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
