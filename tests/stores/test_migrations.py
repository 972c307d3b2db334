"""The migrations and the tables say the same."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from models.migrations.migrate import migrate, newest_revision
from models.settings import Settings
from models.tables.all import METADATA


def test_the_migrated_schema_is_that_of_the_tables(settings: Settings) -> None:
    engine = create_engine(settings.sqlalchemy_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    assert migrate(settings) == newest_revision()
    assert migrate(settings) == newest_revision()
