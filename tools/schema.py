"""The files of an edition as a JSON Schema: what an editor offers and marks while they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pages import attributes, declared

from budgetgen.edition.files import NAMES
from budgetgen.edition.loading import ROLES
from budgetgen.edition.validation import EDITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations.base import Declared

SUPERFLUOUS: Final = ("title", "required", "default")
"""What stands with the base of an edition need not stand in it: nothing is required of one file."""
CHANGES: Final = {
    "remove": {"type": "boolean", "description": "this entry of the edition that is extended is left out"},
    "after": {"type": "string", "description": "the name of the entry that this new one stands after"},
}
"""What an entry of a list may say of itself where it changes that of another edition."""
OF_FILES: Final = {
    "extends": {"type": "string", "description": "the id of the edition that this one changes"},
    ROLES: {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "what the examples of rules speak of, and what it is here; empty where there is none",
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
    told = attributes(kind)
    keys = {
        name: {**dict(_kept(each)), **({"description": told[name]} if name in told else {})}
        for name, each in shape["properties"].items()
    }
    changes = CHANGES if any(name in keys for name in NAMES) else {}
    return {
        **kept,
        "description": (kind.__doc__ or "").partition("\n")[0],
        "properties": {**changes, **keys},
    }


def _kept(shape: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in shape.items() if key not in SUPERFLUOUS)
