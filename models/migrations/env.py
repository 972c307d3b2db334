"""Alembic's entry: runs the migrations on the connection that `migrate.py` hands over."""

from alembic import context
from sqlalchemy import text

from models.tables.all import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    # Two processes that start at once: the second waits here and then finds nothing to do.
    connection.execute(text("SELECT pg_advisory_xact_lock(7301001)"))
    context.run_migrations()
