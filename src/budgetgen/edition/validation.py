"""Declarations validated by their types: only where an edition is read from its files, the library takes long to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from budgetgen.edition.complaints import in_words
from budgetgen.edition.declarations import Edition
from budgetgen.edition.errors import EditionError
from budgetgen.edition.files import without_places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EDITION: Final = TypeAdapter(Edition)


def validated(declarations: Mapping[str, Any], wrong: Sequence[str]) -> Edition:
    """An edition of the right shape; its names are not resolved.

    Args:
        declarations: all of them, with their places.
        wrong: what is known to be wrong with them, to be told as well.

    Raises:
        EditionError: they are not of the types that they are declared to be.
    """
    try:
        return EDITION.validate_python(without_places(declarations))
    except ValidationError as error:
        raise EditionError("\n".join((*wrong, *in_words(error, declarations)))) from error
