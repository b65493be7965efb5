"""What validation says of declarations, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from budgetgen.edition.declarations.base import Declared, keys_of
from budgetgen.edition.files import place_of
from budgetgen.values.text import near_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

WORDS: Mapping[str, str] = {
    "string_type": "应是文字，写在引号里",
    "tuple_type": '应是一列，写在方括号里，例如 ["甲", "乙"]',
    "list_type": "应是一列，写在方括号里",
    "mapping_type": "应是一组“名称 = 内容”",
    "dict_type": "应是一组“名称 = 内容”",
    "dataclass_type": "应是一组“名称 = 内容”",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "decimal_type": "应是数字",
    "decimal_parsing": "应是数字",
    "too_short": "个数太少",
    "too_long": "个数太多",
    "pattern_regex": "正则表达式写法有误",
    "missing": "没有写，不能缺少",
}
"""Kind of complaint of the validating library → what it says to an author of editions."""


def in_words(error: ValidationError, data: Mapping[str, Any]) -> Iterator[str]:
    """Everything that validation complains of, with file and line."""
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        at = location if detail["type"] != "missing" else location[:-1]
        word = str(location[-1]) if detail["type"] == "unexpected_keyword_argument" else _given(detail)
        yield f"{place_of(data, at, word)}{_called(data, location)}：{_said(detail)}"


def _given(detail: ErrorDetails) -> str:
    value = detail["input"]
    return str(value) if isinstance(value, str | int | float) else str(detail["loc"][-1])


def _said(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    match kind:
        case "unexpected_keyword_argument":
            name = str(detail["loc"][-1])
            return f"没有“{name}”这一项{near_name(name, _fields() - {name})}"
        case "literal_error" | "enum":
            allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
            return f"“{detail['input']}”不能用，只能是 {'、'.join(allowed)}{near_name(str(detail['input']), allowed)}"
        case "value_error":
            return str(context.get("error", detail["msg"]))
    return WORDS.get(kind, detail["msg"])


def _fields() -> set[str]:
    """The names of all that may be declared."""
    classes, found = [Declared], set()
    while classes:
        one = classes.pop()
        classes += one.__subclasses__()
        found |= set(keys_of(one))
    return found


def _called(data: Any, location: Sequence[int | str]) -> str:
    """The way to a declaration with the names of what it goes through: `rule“general-row”.severity`."""
    said: list[str] = []
    for step in location:
        data = _below(data, step)
        if isinstance(step, str):
            said.append(step)
        elif isinstance(data, Mapping) and (name := data.get("id") or data.get("name") or data.get("key")):
            said[-1:] = [f"{said[-1]}“{name}”" if said else f"“{name}”"]
        elif said:
            said[-1] += f"第{step + 1}项"
    return ".".join(said)


def _below(data: Any, step: int | str) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None
