"""How the units stand: what follows from what they have sent, what checking said and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from budgetgen.app.board.tables import Examination

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.app.board.tables import Arrival, Decision, Reply, UnitEntry

DocketState: TypeAlias = Literal[
    "missing",
    "received",
    "unfinished",
    "unreadable",
    "unfit",
    "failed",
    "open",
    "explained",
    "passed",
    "returned",
    "approved",
    "published",
]
STATES: Final[Mapping[DocketState, str]] = {
    "missing": "未报送",
    "received": "检查中",
    "unfinished": "没有检查完",
    "unreadable": "读不了",
    "unfit": "不是本单位的",
    "failed": "有错误",
    "open": "需说明",
    "explained": "已说明",
    "passed": "通过",
    "returned": "已退回",
    "approved": "已批准",
    "published": "已公开",
}
"""From the beginning to the end, as they are told."""
SOUND: Final = frozenset({"explained", "passed"})
"""What can be approved."""
CLOSED: Final = frozenset({"approved", "published"})
"""Nothing more is taken, until it is sent back."""
UNSETTLED: Final = frozenset({"received", "unfinished"})
"""Checking has not come to its end."""


@dataclass(frozen=True)
class Docket:
    """A submission with all that followed, each in the order of time.

    Attributes:
        arrival: the file.
        replies: lists of questions that came back.
        checks: what checking said.
        decisions: of the department.
        due: whether something has just come that is to be checked.
    """

    arrival: Arrival
    replies: Sequence[Reply] = ()
    checks: Sequence[Examination] = ()
    decisions: Sequence[Decision] = ()
    due: bool = False

    @property
    def check(self) -> Examination | None:
        """What checking said of all that is there; None while it has not seen all, or looks once more.

        A check that began before the last answer came may end after one that has seen it.
        """
        last = next((one for one in reversed(self.checks) if one.replies == len(self.replies)), None)
        return last if last and last.standing != "received" else None

    @property
    def state(self) -> DocketState:
        """How it stands: a decision holds until something comes that it had not seen."""
        last = self.decisions[-1] if self.decisions else None
        if last and (last.kind in CLOSED or last.replies == len(self.replies)):
            return _known(last.kind)
        return _known(self.check.standing) if self.check else "received"


@dataclass(frozen=True)
class UnitDocket:
    """A unit with its newest submission; None where there is none."""

    unit: UnitEntry
    docket: Docket | None = None

    @property
    def state(self) -> DocketState:
        """How it stands."""
        return self.docket.state if self.docket else "missing"


def examination_of(
    docket: Docket, standing: str, *, errors: int = 0, explains: int = 0, notes: int = 0
) -> Examination:
    """What checking says of all that is there, to be kept."""
    return Examination(
        submission_id=docket.arrival.id,
        replies=len(docket.replies),
        standing=standing,
        errors=errors,
        explains=explains,
        notes=notes,
    )


def _known(state: str) -> DocketState:
    return next(known for known in STATES if known == state)
