"""Work for a process of its own, in a module that takes no time to import there."""

from __future__ import annotations

import os
import signal

DEADLY = 3


def doubled(number: int) -> int:
    """One number ends the process in which it is doubled."""
    if number == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2
