"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "tables", None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "units",
        _id(),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("listed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "accounts",
        _id(),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("units.id")),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "submissions",
        _id(),
        _of("unit_id", "units"),
        _of("account_id", "accounts"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("received", sa.DateTime, nullable=False),
        *_bytes(),
        sa.Column("suffix", sa.String(10), nullable=False),
        sa.UniqueConstraint("unit_id", "number"),
    )
    op.create_table(
        "answers",
        _id(),
        _of("submission_id", "submissions"),
        _of("account_id", "accounts"),
        sa.Column("received", sa.DateTime, nullable=False),
        *_bytes(),
    )
    _make_judgements()


def _make_judgements() -> None:
    counts = ("errors", "explains", "notes")
    op.create_table(
        "checks",
        _id(),
        _of("submission_id", "submissions"),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("checked", sa.DateTime, nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
    )
    op.create_table(
        "decisions",
        _id(),
        _of("submission_id", "submissions"),
        _of("account_id", "accounts"),
        sa.Column("replies", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("decided", sa.DateTime, nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
    )
    op.create_table(
        "audit",
        _id(),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=False, index=True)


def _bytes() -> tuple[sa.Column[str], sa.Column[int]]:
    return sa.Column("sha256", sa.String(64), nullable=False), sa.Column("size", sa.Integer, nullable=False)
