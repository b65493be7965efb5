"""Every key that an edition may declare, as its types say it, with the words of docs/keys.toml."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from budgetgen.edition.declarations import Edition
from budgetgen.edition.declarations.base import Declared, keys_of
from budgetgen.edition.declarations.house import NEVER
from budgetgen.edition.declarations.names import (
    Formula,
    Free,
    Inside,
    Named,
    Pattern,
    Regular,
    TextKind,
    Words,
)
from budgetgen.edition.walking import hints, kinds_of

TEXTS: Final = Path(__file__).parents[1] / "docs" / "keys.toml"
SELF: Final = "_"
"""Under which a declaration itself is described, among its keys."""
TYPES: Final[Mapping[object, str]] = {
    "bool": "true 或 false",
    "int": "整数",
    "float": "数",
    "Decimal": "数",
    "str": "文字",
    "Pattern": "正则表达式",
}
KINDS: Final[Mapping[type[TextKind], str]] = {
    Free: "文字",
    Formula: "公式",
    Pattern: "说法",
    Regular: "正则表达式",
}
INSIDE: Final = {"column": "列", "level": "级次", "choice": "可选的词"}
NAMED: Final = {
    "basis": "比较口径的名称",
    "block column": "本块的列",
    "codes": "科目表的名称",
    "coding": "列，或 `function`、`economic`",
    "fact": "“单位信息”的行",
    "fact choice": "可选的词",
    "figure": "指标的编号",
    "kind": "`单位` 或 `部门`",
    "noun": "明细的种类",
    "paragraph": "段落样式",
    "performance": "绩效目标表的编号",
    "performance column": "列，或 `[names]` 的名称",
    "printed table": "表或绩效目标表",
    "rule": "规则的编号",
    "section": "章节的编号",
    "statement": "语句的编号",
    "table": "表的名称",
}
"""How an author calls what a text names."""
HEAD: Final = """# 版式的键

由 `edition/declarations/` 的声明和 [keys.toml](keys.toml) 的说明生成（`make generated`），不要手改。怎样合起来用，见 [editions.md](editions.md)。

一节是一种声明，节名是程序里的名称；“写在”说它是哪个键的内容：只有一个的写成 `[house]`、`[consolidation.transfers]`，成列表的每条写成 `[[table]]`、`[[table.block]]`，短的也可以写在一行的花括号里。
“必写”的键在本版式、它所 `extends` 的版式或 `common/` 里要有；`a → b` 是写成 `{ a = b }` 的对照。
“公式”“说法”（带空位的语句）的写法见 [editions.md](editions.md)，函数见 [functions.md](functions.md)。
"""


def keys_page() -> str:
    """Every declaration with its keys: what they hold, what they are by default, what they are for."""
    return HEAD + "".join(map(_part, declared()))


def _part(kind: type[Declared]) -> str:
    told, types = described(kind), hints(kind)
    places = "；".join(
        f"[{owner.__name__}](#{owner.__name__.lower()}) 的 {'、'.join(f'`{name}`' for name in names)}"
        for owner, names in _places(kind)
    )
    rows = [
        f"| `{field.name}` | {_type(types[field.name])} | {_default(field)} | {told[field.name]} |"
        for field in fields(kind)
    ]
    head = [f"## {kind.__name__}", "", told[SELF] + (f"写在 {places}。" if places else ""), ""]
    return "\n".join(["", *head, "| 键 | 内容 | 默认 | 意思 |", "|---|---|---|---|", *rows, ""])


def described(kind: type[Declared]) -> Mapping[str, str]:
    """What a declaration (`SELF`) and each of its keys is."""
    return _texts()[kind.__name__]


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    told: Mapping[str, Mapping[str, str]] = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    if wrong := list(unmatched(told, declared())):
        raise SystemExit(f"{TEXTS}: {'; '.join(wrong)}")
    return told


def unmatched(told: Mapping[str, Mapping[str, str]], kinds: Iterable[type[Declared]]) -> Iterator[str]:
    """The keys that have no text, and the texts that have no key."""
    keys = dict.fromkeys(f"[{kind.__name__}] {name}" for kind in kinds for name in (SELF, *keys_of(kind)))
    texts = {f"[{kind}] {name}": text for kind, inner in told.items() for name, text in inner.items()}
    yield from (f"{key} has no text" for key in keys if not texts.get(key))
    yield from (f"{key} is no key" for key in texts if key not in keys)


def declared() -> Iterator[type[Declared]]:
    """All declarations, each where it is first met."""
    waiting: list[type[Declared]] = [Edition]
    met = set(waiting)
    while waiting:
        kind = waiting.pop(0)
        yield kind
        inner = [each for hint in hints(kind).values() for each in _held(hint)]
        waiting[:0] = [each for each in dict.fromkeys(inner) if each not in met]
        met.update(inner)


def _held(annotation: object) -> Iterator[type[Declared]]:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        yield annotation
    for inner in get_args(annotation):
        yield from _held(inner)


def _places(kind: type[Declared]) -> Iterator[tuple[type[Declared], list[str]]]:
    """The declarations that hold it, with their keys that do."""
    for owner in declared():
        if names := [name for name, hint in hints(owner).items() if kind in _held(hint)]:
            yield owner, names


def _type(annotation: Any) -> str:
    """A type as an author reads it: a list of texts, a formula, one of some words."""
    inner = tuple(each for each in get_args(annotation) if each not in {Ellipsis, type(None)})
    origin = get_origin(annotation)
    if origin is Annotated:
        return "，也是 ".join(dict.fromkeys(map(_text, kinds_of(annotation))))
    if origin is Literal:
        return _one_of(inner)
    if origin in (tuple, frozenset):
        number = 0 if Ellipsis in get_args(annotation) else len(inner)
        return _listed(tuple(dict.fromkeys(map(_type, inner))), number)
    if origin is Mapping:
        return " → ".join(map(_type, inner))
    if inner and origin is not re.Pattern:
        return " 或 ".join(map(_type, inner))
    return _plain(annotation)


def _plain(annotation: Any) -> str:
    name = annotation.__name__
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _one_of(each.value for each in annotation)
    return f"[{name}](#{name.lower()})" if any(_held(annotation)) else TYPES[name]


def _one_of(words: Iterable[object]) -> str:
    return "、".join(f"`{word}`" for word in words) + " 之一"


def _listed(kinds: tuple[str, ...], number: int) -> str:
    """A list of one kind of thing, of so many where that is fixed, or of one of each kind."""
    told = f"{number} 个{kinds[0]}" if number and len(kinds) == 1 else "、".join(kinds)
    return f"{told}{' ' if told[-1] in '`)' else ''}的列表"


def _text(kind: TextKind) -> str:
    """What a text is, as its type says."""
    match kind:
        case Named(what):
            return NAMED[what]
        case Inside(what, table):
            return INSIDE[what] if table.isdigit() else f"`{table}` 的{INSIDE[what]}"
        case Words(slots):
            return f"文字，空位有 {'、'.join(f'`{{{slot}}}`' for slot in slots)}"
    return KINDS[type(kind)]


def _default(field: Field[Any]) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "必写"
    value = field.default if field.default_factory is MISSING else field.default_factory()
    return (
        "没有"
        if value in (None, "", NEVER, ()) or isinstance(value, Declared | Mapping)
        else f"`{_toml(value)}`"
    )


def _toml(value: Any) -> str:
    """A default as an edition would write it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
