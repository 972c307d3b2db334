"""`python -m models.migrations` brings the database of DATABASE_URL to the newest schema."""

import structlog

from models.logging import configure
from models.migrations.migrate import migrate
from models.settings import Settings

settings = Settings()
configure(settings, "migrate")
structlog.get_logger().info("schema.migrated", revision=migrate(settings))
