"""The tables of approved figures that were compared, which the database refuses to change or to delete, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "controls", "corrected"


def upgrade() -> None:
    """Make the table, with the triggers that the others have."""
    op.create_table(
        "controls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("received", sa.DateTime, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("suffix", sa.String(10), nullable=False),
    )
    for step in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(step)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER controls_{what.lower()} BEFORE {what} ON controls BEGIN SELECT RAISE(ABORT, 'kept'); END"
        for what in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    when = "BEFORE UPDATE OR DELETE OR TRUNCATE"
    return [
        f"CREATE TRIGGER controls_kept {when} ON controls FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ]
