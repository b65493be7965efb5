"""What reviewers say of differences, carried from one comparison to the next.

An opinion is known by what the difference is about; where that says something else now, it is open again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from budgetgen.edition.declarations import Review

SIZE = 8
"""Hexadecimal digits of a mark."""


@dataclass(frozen=True, slots=True)
class OpinionMark:
    """What a difference is known by from one comparison to the next.

    Attributes:
        about: what differs; the same in every comparison.
        state: how it differs; another where the figures or texts are others.
    """

    about: str
    state: str

    @classmethod
    def of(cls, about: Iterable[object], state: Iterable[object]) -> OpinionMark:
        """The mark of a difference by what it is about and what it says."""
        return cls(_digest(about), _digest(state))

    @classmethod
    def read(cls, text: str) -> OpinionMark | None:
        """A mark as it is written; None where it is none."""
        about, joint, state = text.strip().partition("-")
        return cls(about, state) if joint and len(about) == len(state) == SIZE else None

    def __str__(self) -> str:
        return f"{self.about}-{self.state}"


def _digest(values: Iterable[object]) -> str:
    return sha256("\x1f".join(map(str, values)).encode()).hexdigest()[:SIZE]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says of one difference.

    Attributes:
        mark: of the difference.
        text: the opinion.
        status: how far it is.
        reviewer, date: who said so, and when; as typed.
        subject: what it is about, in words, for when the difference is gone.
    """

    mark: OpinionMark
    text: str = ""
    status: str = ""
    reviewer: str = ""
    date: str = ""
    subject: str = ""

    @property
    def said(self) -> bool:
        """Whether anybody said anything."""
        return any((self.text, self.status, self.reviewer, self.date))


@dataclass(frozen=True)
class Opinions:
    """The opinions of an earlier comparison, on the differences of this one.

    Attributes:
        current: by the mark of the difference as it is now.
        settled: those whose difference is no more.
    """

    current: Mapping[OpinionMark, Opinion]
    settled: tuple[Opinion, ...] = ()

    @property
    def reopened(self) -> int:
        """How many differences say something else than when they were judged."""
        return sum(mark.state != opinion.mark.state for mark, opinion in self.current.items())


NONE = Opinions({})


def carried(given: Iterable[Opinion], marks: Sequence[OpinionMark], review: Review) -> Opinions:
    """Earlier opinions on the differences that there are now; nothing that was said is lost.

    Args:
        given: the earlier opinions; of several on one difference the last is taken.
        marks: those of the differences.
        review: the words of the format.
    """
    by_about = {opinion.mark.about: opinion for opinion in given if opinion.said}
    current = {mark: _again(by_about[mark.about], mark, review) for mark in marks if mark.about in by_about}
    known = {mark.about for mark in marks}
    return Opinions(current, tuple(o for about, o in by_about.items() if about not in known))


def _again(opinion: Opinion, mark: OpinionMark, review: Review) -> Opinion:
    return opinion if opinion.mark.state == mark.state else replace(opinion, status=review.reopened)
