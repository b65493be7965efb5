"""What units have together, put away as data and taken back: it names what the declarations say and does not hold it."""

from __future__ import annotations

import io
import pickle
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from budgetgen.book.outline import Position
from budgetgen.department.together import Together
from budgetgen.edition.declarations import Edition, TableDeclaration
from budgetgen.values.model import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOM: Final = __name__.rpartition(".")[0]
VALUES: Final = {
    ("datetime", "date"),
    ("decimal", "Decimal"),
    ("budgetgen.book.outline", "Position"),
    *(("budgetgen.values.model", name) for name in ("Cell", "Row", "Table")),
    *(("budgetgen.values.places", name) for name in ("DocumentPlace", "SheetPlace")),
}
"""What stands in it beside texts, numbers and what this room declares."""
QUICK: Final = 1
"""How hard it is packed: it is taken back more often than put away, and soon of no more use."""


def stow(together: Together) -> bytes:
    """What some units have together, as few bytes."""
    buffer = io.BytesIO()
    packer = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    packer.dispatch_table = TOLD
    packer.dump(together)
    return zlib.compress(buffer.getvalue(), QUICK)


def taken_back(data: bytes, edition: Edition) -> Together:
    """What was put away.

    Raises:
        ValueError: it is something else.
    """
    try:
        found = _Unpacker(zlib.decompress(data), edition).load()
    except Exception as error:
        raise ValueError(data[:1]) from error
    if not isinstance(found, Together):
        raise ValueError(type(found))  # noqa: TRY004 - it is what the data says, not how it is called
    return found


def declared(edition: Edition, table: str = "") -> Edition | TableDeclaration:
    """What is not put away but named: the edition, or one of its tables."""
    return edition.tables[table] if table else edition


def _called(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    """How a value is made again: by its type, of these attributes; half as long as pickle's own way for frozen ones."""
    return lambda value: (type(value), tuple(getattr(value, name) for name in names))


TOLD: Final[Mapping[type, Callable[[Any], tuple[Any, ...]]]] = {
    Edition: lambda _: (declared, ()),
    TableDeclaration: lambda table: (declared, (table.name,)),
    Cell: _called("value", "place", "given", "terms", "shown"),
    Position: _called("key", "level", "line", "keys"),
}


class _Unpacker(pickle.Unpickler):
    """Takes back what this room declares and the values in it; anything else is none of ours."""

    def __init__(self, data: bytes, edition: Edition) -> None:
        super().__init__(io.BytesIO(data))
        self.edition = edition

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, declared.__name__):
            return partial(declared, self.edition)
        found = None
        if module.startswith(f"{ROOM}.") or (module, name) in VALUES:
            found = super().find_class(module, name)
        if not (isinstance(found, type) and found.__module__ == module):  # a name with dots leads anywhere
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found
