"""The database of the board: SQLite in its folder, or PostgreSQL by an address; taken to the newest tables when it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from budgetgen.app.board.vault import PRIVATE_FILE
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

FILE: Final = "board.sqlite"
DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
WAIT: Final = 30_000
"""Milliseconds that one waits for another who writes."""
WRITING: Final = {"begin": "IMMEDIATE"}
"""What is read first and then written is to see nobody else's writing between: SQLite locks at once."""


def opened_database(folder: Path, address: str = "") -> Engine:
    """The database of a board, with the newest tables.

    Args:
        folder: of the board.
        address: of a PostgreSQL database; by default SQLite in the folder.

    Raises:
        UnusableInputError: it cannot be reached, or a newer program has written it.
    """
    engine = _engine(folder, address)
    shown = engine.url.render_as_string(hide_password=True) if address else str(folder / FILE)
    try:
        with engine.execution_options(**WRITING).begin() as connection:
            migrate(connection)
    except CommandError as error:
        problem = "看板的数据库是更新的程序写的，这个版本读不了"
        raise UnusableInputError(shown, problem, "用最新版本的 budgetgen") from error
    except DBAPIError as error:
        fix = (
            "核对数据库的地址、账户和权限；密码可以放在 PGPASSWORD 或 ~/.pgpass"
            if address
            else "核对文件夹的权限"
        )
        raise UnusableInputError(shown, "看板的数据库打不开", fix) from error
    return engine


def migrate(connection: Connection, revision: str = "head") -> None:
    """Take the tables to a step, by default the last."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _engine(folder: Path, address: str) -> Engine:
    if not address:
        file = folder / FILE
        file.touch(mode=PRIVATE_FILE)
        return _sqlite(create_engine(f"sqlite:///{file}"))
    try:
        url = make_url(address)
        return create_engine(_driven(url), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise UnusableInputError("--database", "不是数据库的地址", _FORM) from error
    except ModuleNotFoundError as error:
        fix = 'pip install "budgetgen[postgresql]"（或 budgetgen[all]）'
        raise UnusableInputError("psycopg", "没有安装 PostgreSQL 要用的程序库", fix) from error


_FORM: Final = "写成 postgresql://用户@主机/数据库；不写就用文件夹里的 SQLite"


def _driven(url: URL) -> URL:
    if url.drivername not in {*DRIVERS, *DRIVERS.values()}:
        raise UnusableInputError("--database", f"不认识数据库 {url.drivername}", _FORM)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


def _sqlite(engine: Engine) -> Engine:
    """SQLite as it keeps what it has acknowledged, through a loss of power too, and with transactions that are ours."""

    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # else the driver begins transactions when it likes
        for pragma in (f"busy_timeout={WAIT}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine
