"""Merged columns: what repeats the row above is left blank, and read in full again, by one rule for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = TypeVar("Value")


def in_full(
    merged: Sequence[str], own: Mapping[str, Value | None], above: Mapping[str, Value]
) -> dict[str, Value]:
    """What a row says in merged columns: a blank one says what the one above says, until a column to its left differs.

    Args:
        merged: the columns, from left to right.
        own: what stands in the row; None where it is blank.
        above: what the row above says in full.

    >>> in_full(["一级", "二级"], {"一级": None, "二级": "质量"}, {"一级": "产出", "二级": "数量"})
    {'一级': '产出', '二级': '质量'}
    >>> in_full(["一级", "二级"], {"一级": "满意度", "二级": None}, {"一级": "产出", "二级": "数量"})
    {'一级': '满意度'}
    """
    full: dict[str, Value] = {}
    differs = False
    for name in merged:
        before, value = above.get(name), own.get(name)
        if value is None and not differs:
            value = before
        differs = differs or value != before
        if value is not None:
            full[name] = value
    return full


def without_repeats(
    merged: Sequence[str], own: Mapping[str, str], above: Mapping[str, str]
) -> Mapping[str, str]:
    """A row with its merged columns blank from the left, as long as they say the same as the row above.

    >>> without_repeats(["一级", "二级"], {"一级": "产出", "二级": "质量"}, {"一级": "产出", "二级": "数量"})
    {'一级': '', '二级': '质量'}
    """
    blanked = dict(own)
    for name in merged:
        if own[name] != above.get(name):
            break
        blanked[name] = ""
    return blanked
