"""How the tables of the board came to be, step by step; Alembic takes a database from any step to the last."""
