"""Runs migrations on the connection that `gateway.store.migrate` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
# SQLite changes tables by copying them ("batch"); its DDL is transactional once we begin ourselves.
context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
