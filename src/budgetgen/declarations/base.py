"""The base of all declarations."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """Base of all declarations: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
