"""The files of an edition as a JSON Schema: what an editor offers and marks while they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from keys import SELF, declared, described

from budgetgen.edition.files import LIKE, NAMES, SHAPES
from budgetgen.edition.shared import ROLES
from budgetgen.edition.validation import EDITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations.base import Declared

SUPERFLUOUS: Final = ("title", "required", "default")
"""What stands with the base of an edition need not stand in it: nothing is required of one file."""
CHANGES: Final = {
    "remove": {"type": "boolean", "description": "删去所沿用版式里的这一条"},
    "after": {"type": "string", "description": "新的一条插在哪一条之后：那一条的名称"},
    LIKE: {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        "description": "照哪个、哪几个 [shape]：有它写的各键，自己写的盖过它",
    },
}
"""What an entry of a list may say of itself: how it changes that of another edition, and of what shape it is."""
OF_FILES: Final = {
    "extends": {"type": "string", "description": "在哪一个版式上修改：它的编号；只写不同之处"},
    SHAPES: {
        "type": "object",
        "additionalProperties": {"type": "object"},
        "description": "几条共有的样子，各有名称；表、块、规则写 like = 名称，就有其中的各键",
    },
    ROLES: {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "通用规则的举例说到的名称，在本版式是什么；没有的写空文字，那条规则照旧执行，只是不举例",
    },
}
"""What a file may say besides declarations."""


def edition_schema() -> str:
    """The schema that each file of an edition fits: they are merged, so any of them may declare anything."""
    drawn = EDITION.json_schema()
    every = {kind.__name__: kind for kind in declared()}
    kinds = {name: _kind(shape, every.get(name)) for name, shape in drawn.pop("$defs").items()}
    whole = _kind(drawn, every["Edition"])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "properties": {**OF_FILES, **whole["properties"]},
        "$defs": kinds,
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _kind(shape: Mapping[str, Any], kind: type[Declared] | None) -> dict[str, Any]:
    """One type, with what its declaration says of it and of its keys."""
    kept = dict(_kept(shape))
    if kind is None:
        return kept
    told = described(kind)
    keys = {
        name: {**dict(_kept(each)), "description": told[name]} for name, each in shape["properties"].items()
    }
    changes = CHANGES if any(name in keys for name in NAMES) else {}
    return {**kept, "description": told[SELF], "properties": {**changes, **keys}}


def _kept(shape: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in shape.items() if key not in SUPERFLUOUS)
