"""How far a long run is: a bar on the screen where somebody has to wait, or told to whoever watches."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Self, TypeAlias

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from click._termui_impl import ProgressBar

SHORT = 2.0
"""Seconds that pass before anything is shown."""
Watcher: TypeAlias = "Callable[[str, int, int], None]"
"""Takes what is being done, how many of it are done, and of how many; 0 of 0 where it is one thing."""
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher what is being done, instead of the screen."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def begin(stage: str) -> None:
    """Say what is being done from now on, to whoever watches."""
    if watcher := _watcher.get():
        watcher(stage, 0, 0)


class Progress:
    """A bar with the time left; nothing where the errors go into a file, or all is done at once."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done, self._begun = label, total, 0, time.monotonic()
        self._bar: ProgressBar[int] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if watcher := _watcher.get():
            watcher(self._label, self._done, self._total)
        elif self._bar is not None:
            self._bar.update(1)
        elif time.monotonic() - self._begun > SHORT and self._done < self._total and sys.stderr.isatty():
            bar = click.progressbar(length=self._total, label=self._label, show_pos=True, file=sys.stderr)
            self._bar = self._stack.enter_context(bar)
            self._bar.update(self._done)
