"""What happened is only added: the database itself refuses to change or to delete it."""

from __future__ import annotations

from alembic import op

revision, down_revision = "kept", "tables"
KEPT = ("submissions", "answers", "checks", "decisions", "audit")


def upgrade() -> None:
    """Make the triggers."""
    steps = _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()
    for step in steps:
        op.execute(step)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'kept'); END"
        for table in KEPT
        for what in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    refuse = "CREATE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$ LANGUAGE plpgsql"
    when = "BEFORE UPDATE OR DELETE OR TRUNCATE"
    return [
        refuse,
        *(
            f"CREATE TRIGGER {table}_kept {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for table in KEPT
        ),
    ]
