"""How often the collector looks for what nothing refers to any more."""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000
"""So many before it looks: what is read and written here goes by itself when it is done with, and looking through all of
it after each 700 takes a tenth of a start, and of the reading of each file."""


def collect_seldom() -> None:
    """Set it so, for this process."""
    gc.set_threshold(NEW_OBJECTS)
