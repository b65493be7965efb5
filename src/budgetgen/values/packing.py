"""Values put away small until they are asked for again: what is kept of a thousand units."""

from __future__ import annotations

import pickle
import zlib
from typing import Any


def pack(value: object) -> bytes:
    """A value as few bytes; only for what this run itself reads again."""
    return zlib.compress(pickle.dumps(value))


def unpack(data: bytes) -> Any:
    """The value that was packed."""
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - our own
