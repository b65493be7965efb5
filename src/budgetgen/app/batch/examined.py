"""Units that were examined before: what was found then is taken again while nothing it depends on has changed.

It goes by the content of the file, the format asked for, and the program with its editions, as the records of a batch
do. Of a file with secret items nothing is kept: the cache is no place for what nobody else may know.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from budgetgen.app.batch.fingerprints import unit_fingerprint
from budgetgen.department.submissions import Submission
from budgetgen.values.keeping import Shelf

if TYPE_CHECKING:
    from budgetgen.app.batch.jobs import Sent

KEPT: Final = Shelf("units", 4000)
"""Where they are kept, and how many: those of a few large departments."""


class ExaminedUnit(NamedTuple):
    """What is needed of a unit's file.

    Attributes:
        submission: how it stands.
        book: its Book, packed; empty where it has none.
        secret: whether the file tells of secret items.
    """

    submission: Submission
    book: bytes = b""
    secret: bool = False


@dataclass(frozen=True)
class ExaminedBefore:
    """What was found of units in earlier runs.

    Attributes:
        edition: the format that is asked for.
        program: its fingerprint.
    """

    edition: str | None
    program: str

    def key(self, job: Sent) -> str:
        """What a file is known by; empty where it cannot be read."""
        return unit_fingerprint(job, self.edition, self.program)

    def recall(self, job: Sent) -> ExaminedUnit | None:
        """What was found of a file as it is now; None where that is not known."""
        key = self.key(job)
        data = KEPT.recall(key) if key else None
        try:
            return _examined(data) if data else None
        except (ValueError, TypeError, LookupError):
            return None

    def keep(self, job: Sent, key: str, found: ExaminedUnit) -> None:
        """Keep what was found, unless it is of no use, secret, or of a file that has changed meanwhile.

        Args:
            job: the file.
            key: what it was known by before it was read.
            found: of it.
        """
        if not found.secret and not found.submission.problem and key and self.key(job) == key:
            told = json.dumps(asdict(found.submission), ensure_ascii=False)
            KEPT.keep(key, told.encode() + b"\n" + found.book)


def _examined(data: bytes) -> ExaminedUnit:
    submission, _, book = data.partition(b"\n")
    told: dict[str, Any] = json.loads(submission)
    listed = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return ExaminedUnit(Submission(**{**told, **listed}), book)
