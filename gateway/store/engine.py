"""Opens the store: one engine factory for SQLite and PostgreSQL, durable by default.

SQLite runs in WAL mode with `synchronous=FULL`, so a commit has reached the
disk when it returns; that is what lets a 250 be answered after it. Every write
transaction begins IMMEDIATE: the driver's default opens it at the first write
and loses updates between two processes without an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

BUSY_TIMEOUT_MILLISECONDS = 5000


class StoreNotDurable(Exception):
    """The database is set up so that a commit may be lost in a power cut."""


class Store:
    """A database with two doors: `begin` to write, `read` to look at one consistent moment."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a connection inside a write transaction; commit at the end, roll back on error."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.execution_options(schoolgate_begin="IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection for reading; what is written through it is rolled back."""
        with self.engine.connect() as connection:
            yield connection

    def check_durable(self) -> None:
        """Refuse a PostgreSQL whose commits may be lost (SQLite is set up by us).

        Raises:
            StoreNotDurable: `fsync` or `synchronous_commit` is off.
        """
        if self.is_sqlite:
            return
        with self.read() as connection:
            for name in ("fsync", "synchronous_commit"):
                if connection.execute(text(f"SHOW {name}")).scalar_one() == "off":
                    raise StoreNotDurable(
                        f"PostgreSQL runs with {name}=off: accepted mail could be lost"
                    )

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    # Children's data: nobody but the service's own user reads it. The driver would make the file
    # readable by all; what lies beside it (-wal, -shm) takes over its mode.
    database = make_url(url).database
    if database and database != ":memory:" and not Path(database).exists():
        Path(database).touch(mode=0o600)
    # The driver must not open transactions by itself: ours begin explicitly, below.
    engine = create_engine(url, connect_args={"isolation_level": None, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def set_up(connection: SQLiteConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("schoolgate_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _postgresql_engine(url: str) -> Engine:
    # READ COMMITTED is enough: what must not happen twice is held by unique keys and row locks.
    return create_engine(url, pool_pre_ping=True)
