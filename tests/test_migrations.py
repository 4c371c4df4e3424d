"""The migrations build exactly the schema that the code declares, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from gateway.store.engine import Store
from gateway.store.migrate import WrongSchema, check_schema, migrate
from gateway.store.schema import metadata


def test_the_migrations_build_exactly_the_declared_schema(empty_store):
    migrate(empty_store)
    with empty_store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_an_empty_store_is_refused_until_it_is_migrated(empty_store):
    with pytest.raises(WrongSchema, match="schoolgate migrate"):
        check_schema(empty_store)
    migrate(empty_store)
    check_schema(empty_store)


def test_migrating_again_changes_nothing(empty_store):
    assert migrate(empty_store) == migrate(empty_store)


def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.begin() as connection:
        # The last table of the first migration stands in the way of it.
        last = list(metadata.sorted_tables)[-1]
        last.create(
            connection, checkfirst=False
        ) if not last.foreign_keys else connection.exec_driver_sql(
            f"CREATE TABLE {last.name} (x INTEGER)"
        )
    with pytest.raises(Exception, match="already exists"):
        migrate(store)
    with store.read() as connection:
        assert inspect(connection).get_table_names() == [last.name]
