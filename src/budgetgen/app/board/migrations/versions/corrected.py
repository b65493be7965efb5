"""Submissions that were made of others, and passwords that only serve to choose another."""

from __future__ import annotations

from alembic import op

revision, down_revision = "corrected", "kept"


def upgrade() -> None:
    """Add the columns, in words that both databases know."""
    op.execute("ALTER TABLE submissions ADD COLUMN basis_id INTEGER REFERENCES submissions (id)")
    op.execute("ALTER TABLE accounts ADD COLUMN temporary BOOLEAN NOT NULL DEFAULT FALSE")
