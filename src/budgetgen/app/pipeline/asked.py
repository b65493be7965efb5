"""The edition that a person asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.edition import EditionError, available, known, load
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition


def edition_of(name: str | None) -> Edition:
    """An edition by its id, the newest by default.

    Raises:
        UnusableInputError: no such edition.
    """
    try:
        return load(name or available()[0])
    except EditionError as error:
        broken = name is not None and known(name)
        fix = "改正版式里的这些地方" if broken else "用 --edition 指定现有的版式"
        raise UnusableInputError(name or "", str(error), fix) from error
