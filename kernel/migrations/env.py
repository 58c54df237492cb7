"""Alembic's entry: always on the connection that `kernel/migrate.py` hands over, always as the tables' owner."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
connection.execute(text("SET ROLE goldsmith_owner"))
connection.execute(text("SET lock_timeout = '5s'"))
connection.execute(text("SET statement_timeout = '15min'"))
connection.execute(text("SET search_path = ''"))
connection.commit()
context.configure(connection=connection, version_table_schema="app", transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
connection.execute(text("RESET ROLE"))
connection.commit()
