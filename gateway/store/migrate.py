"""Brings a store to the schema of this release, and refuses to run on any other.

Alembic is driven from code: there is no ini file to lose. A migration that
fails half-way rolls back whole, on both databases.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.resources import resource_path
from gateway.store.engine import Store


class WrongSchema(Exception):
    """The store was made by another release; `schoolgate migrate` brings it up."""


def migrate(store: Store) -> str:
    """Run every migration that is still missing; return the revision reached."""
    config = _config()
    with store.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def check_schema(store: Store) -> None:
    """Raise WrongSchema unless the store is at this release's revision."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with store.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        have = f"at revision {found}" if found else "empty"
        raise WrongSchema(
            f"the store is {have}, this release needs {wanted}: run `schoolgate migrate`"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_path("migrations")))
    return config
