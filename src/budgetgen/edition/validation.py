"""Declarations validated by their types: only where an edition is read from its files, the library takes long to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from budgetgen.edition.complaints import in_words
from budgetgen.edition.declarations import Edition
from budgetgen.edition.errors import EditionError
from budgetgen.edition.files import without_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.edition.files import Location

EDITION: Final = TypeAdapter(Edition)
NAMED_ONLY: Final = frozenset({"rule", "advice", "statement", "term", "requirement"})
"""What other declarations come to by its name alone; to a table they come by names, phrases, columns and facts as well."""


@dataclass(frozen=True)
class Shaped:
    """Declarations of the right types; their names are not resolved.

    Attributes:
        edition: all of them, or those that are left where entries of lists are not of their types.
        declared: the same with their places.
        wrong: what is wrong with the others.
        unfit: their names: what speaks of them cannot be judged; None where nothing else can.
    """

    edition: Edition
    declared: Mapping[str, Any]
    wrong: tuple[str, ...] = ()
    unfit: frozenset[str] | None = frozenset()

    def judges(self, location: Location) -> bool:
        """Whether what is declared at a place speaks of nothing that is left out."""
        told = self.declared.get(str(location[0]))
        entry = told[int(location[1])] if isinstance(told, list) and len(location) > 1 else told
        return not any(name in str(entry) for name in self.unfit or ())


def validated(declarations: Mapping[str, Any], wrong: Sequence[str]) -> Shaped:
    """An edition of the right shape.

    Args:
        declarations: all of them, with their places.
        wrong: what is known to be wrong with them, to be told as well.

    Raises:
        EditionError: what is left without the entries that are not of their types is no edition.
    """
    try:
        return Shaped(_typed(declarations), declarations)
    except ValidationError as error:
        told = tuple(in_words(error, declarations))
        try:
            rest, unfit = _without(declarations, error)
            return Shaped(_typed(rest), rest, told, unfit)
        except (ValidationError, LookupError):
            raise EditionError("\n".join((*wrong, *told))) from error


def _typed(declarations: Mapping[str, Any]) -> Edition:
    return EDITION.validate_python(without_places(declarations))


def _without(
    declarations: Mapping[str, Any], error: ValidationError
) -> tuple[dict[str, Any], frozenset[str] | None]:
    """The declarations without the entries of lists that an error is in, and the names of these as far as they tell.

    Raises:
        LookupError: it is in something that is no such entry.
    """
    spoilt: set[tuple[Any, ...]] = {found["loc"][:2] for found in error.errors()}
    if any(len(place) == 1 or not isinstance(declarations.get(place[0]), list) for place in spoilt):
        raise LookupError
    kept = {
        top: [one for at, one in enumerate(held) if (top, at) not in spoilt]
        if isinstance(held, list)
        else held
        for top, held in declarations.items()
    }
    unfit = [_own_name(declarations[top][at]) for top, at in spoilt]
    known = frozenset(filter(None, unfit))
    return kept, known if len(known) == len(unfit) and {top for top, _ in spoilt} <= NAMED_ONLY else None


def _own_name(entry: object) -> str:
    found = (entry.get("id") or entry.get("name")) if isinstance(entry, Mapping) else None
    return found if isinstance(found, str) else ""
