"""Units that were added up before: where one has changed, only those that stand beside it are added up again.

A department's units are taken in groups of neighbours. What each group has together is kept by what its units' files
gave, the department, and the program with its editions. A group that holds secret items is added up each time.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from typing import TYPE_CHECKING, Final

from budgetgen.app.batch.fingerprints import program_fingerprint
from budgetgen.department.stowed import stow, taken_back
from budgetgen.department.together import Together
from budgetgen.department.units import Unit
from budgetgen.values.keeping import Shelf
from budgetgen.values.packing import unpack_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.app.batch.examined import ExaminedUnit
    from budgetgen.edition.declarations import Edition

SUMS: Final = Shelf("sums", 400)
"""Where they are kept, and how many: those of a few large departments."""
NEIGHBOURS: Final = 16
"""How many units a group has as a rule: with more, more are added up again; with fewer, more groups are joined."""


def summed_up(units: Iterable[ExaminedUnit], edition: Edition, department: str, *, kept: bool) -> Together:
    """What units have together.

    Args:
        units: in the order in which the department lists them.
        edition: the format of all of them.
        department: its name.
        kept: whether what was added up before is taken, and kept for the next run.
    """
    whole = Together(edition, department)
    program = program_fingerprint() if kept else ""
    for group in _groups(units):
        key = _key(group, whole, program) if kept and not any(unit.secret for unit in group) else ""
        whole.join(_recalled(key, edition) or _anew(group, whole, key))
    if kept:
        SUMS.clear()
    return whole


def _groups(units: Iterable[ExaminedUnit]) -> Iterator[Sequence[ExaminedUnit]]:
    """Neighbours; which they are depends on their names, so that one unit more leaves the other groups what they are."""
    group: list[ExaminedUnit] = []
    for unit in units:
        group.append(unit)
        if not zlib.crc32(unit.submission.unit.encode()) % NEIGHBOURS:
            yield group
            group = []
    if group:
        yield group


def _key(group: Sequence[ExaminedUnit], whole: Together, program: str) -> str:
    """What the sums of a group are known by: all that they are made of."""
    told = hashlib.sha256(f"{program} {sys.version} {whole.edition.id} {whole.department}\n".encode())
    for unit in group:
        told.update(f"{unit.submission.unit} {hashlib.sha256(unit.book).hexdigest()}\n".encode())
    return told.hexdigest()


def _recalled(key: str, edition: Edition) -> Together | None:
    data = SUMS.recall(key) if key else None
    try:
        return taken_back(data, edition) if data else None
    except ValueError:
        return None


def _anew(group: Sequence[ExaminedUnit], whole: Together, key: str) -> Together:
    together = Together(whole.edition, whole.department)
    for unit in group:  # only one Book is unpacked at a time
        together.add(Unit(unit.submission.unit, unpack_book(unit.book, blanks=False)))
    if key:
        SUMS.keep(key, stow(together))
    return together
