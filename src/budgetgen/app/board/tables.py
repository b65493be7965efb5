"""The tables of the board. What happened is only ever added: units and accounts alone are changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import DateTime, ForeignKey, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

if TYPE_CHECKING:
    from sqlalchemy import Dialect

Role: TypeAlias = Literal["unit", "department", "reviewer"]
"""Sends for its unit and sees that alone; sees all and decides; sees all."""
DecisionKind: TypeAlias = Literal["returned", "approved", "published"]


class Moment(TypeDecorator[datetime]):
    """A time in UTC, in every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Without its zone, which not every database keeps."""
        del dialect
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone."""
        del dialect
        return value.replace(tzinfo=UTC) if value else None


class BoardTable(DeclarativeBase):
    """What all tables of the board have."""

    id: Mapped[int] = mapped_column(primary_key=True)


class UnitEntry(BoardTable):
    """A unit of the department.

    Attributes:
        name: in full.
        code: of the budget; empty where the list has none.
        position: in the list.
        listed: whether it is in the newest list; what it has sent stays in any case.
    """

    __tablename__ = "units"
    name: Mapped[str] = mapped_column(String(200), unique=True)
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    listed: Mapped[bool]


class Account(BoardTable):
    """Who may come.

    Attributes:
        name: is typed to sign in.
        role: what it may do.
        unit_id: whose it is; None of a department's or a reviewer's.
        password: as the library hashed it.
        active: whether it may sign in.
        temporary: whether the password was made for it, and only serves to choose another.
    """

    __tablename__ = "accounts"
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    password: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    temporary: Mapped[bool]


class Arrival(BoardTable):
    """A file that a unit has sent with its figures.

    Attributes:
        unit_id, account_id: whose, and by whom.
        number: the first of a unit is 1.
        received: when.
        sha256, size: of its bytes, under which they are kept.
        suffix: the ending of its name; the name itself may speak of a secret item, and is not kept.
        basis_id: the submission that it was made of, with the figures of a list of questions; None of what was sent.
    """

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("unit_id", "number"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int]
    received: Mapped[datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    suffix: Mapped[str] = mapped_column(String(10))
    basis_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))


class Reply(BoardTable):
    """A list of questions that came back with answers; what they say stands in the file alone."""

    __tablename__ = "answers"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    received: Mapped[datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class Examination(BoardTable):
    """What checking said, in numbers: words may quote a cell.

    Attributes:
        submission_id: of which.
        replies: how many were there when it was checked.
        checked: when.
        standing: failed, open, explained, passed; unfit for another unit's; unreadable; unfinished where checking
            did not come to its end, received where it begins once more.
        errors, explains, notes: how many of each.
    """

    __tablename__ = "checks"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    replies: Mapped[int]
    checked: Mapped[datetime] = mapped_column(Moment)
    standing: Mapped[str] = mapped_column(String(20))
    errors: Mapped[int]
    explains: Mapped[int]
    notes: Mapped[int]


class Decision(BoardTable):
    """What the department decided.

    Attributes:
        submission_id: on which.
        account_id: who.
        replies: how many were there then: one that came later has not been seen.
        kind: sent back, approved, published.
        decided: when.
        remark: what is asked, or why.
    """

    __tablename__ = "decisions"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    replies: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    decided: Mapped[datetime] = mapped_column(Moment)
    remark: Mapped[str] = mapped_column(String(2000))


class ControlSheet(BoardTable):
    """A table of approved figures that submissions were compared with; by whom it came, when, and which bytes."""

    __tablename__ = "controls"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    received: Mapped[datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    suffix: Mapped[str] = mapped_column(String(10))


class AuditLine(BoardTable):
    """Who did what, when, from where; never what is in a file.

    Attributes:
        at: when.
        account: the name that was signed in, or was tried; empty for the command line.
        address: from where.
        event: what.
        subject: to whom or what.
    """

    __tablename__ = "audit"
    at: Mapped[datetime] = mapped_column(Moment)
    account: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(100))
    event: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
