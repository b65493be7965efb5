"""The expenditure classifications: 功能分类 (类 款 项) and 经济分类 (类 款), one csv per kind and year.

Source: 政府收支分类科目. The lists are not complete at 项: an unknown code is information, never an error.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTHS: Final[Mapping[str, tuple[int, ...]]] = {"function": (3, 5, 7), "economic": (3, 5)}
"""How long a code of each kind is down to 类, 款 and 项."""


@cache
def load(name: str) -> Mapping[str, str]:
    """A classification by the name of its file: code → official name, in code order."""
    text = (files("budgetgen") / "codes" / f"{name}.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: row["name"] for row in csv.DictReader(text.splitlines())})
