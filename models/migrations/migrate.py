"""Brings a database to the schema of this code; safe to run twice and by two at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from models.database import FOR_SYSTEM
from models.settings import Settings


def alembic_config() -> Config:
    """Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def migrate(settings: Settings) -> str:
    """Upgrade to the newest revision and return its name."""
    config = alembic_config()
    engine = create_engine(settings.sqlalchemy_url, connect_args={"options": FOR_SYSTEM})
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision or "none"


def newest_revision() -> str:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or "none"
