"""The way to PostgreSQL: one engine per process, one transaction per unit of work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from models.settings import Settings

Sessions = async_sessionmaker[AsyncSession]


def open_engine(settings: Settings) -> AsyncEngine:
    """The process's engine; a connection that the server dropped is replaced before use."""
    return create_async_engine(
        settings.sqlalchemy_url,
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": "-c timezone=UTC -c lock_timeout=10s"},
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on `engine`; rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def read_only(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for reading: one statement, one snapshot."""
    async with engine.connect() as connection:
        yield await connection.execution_options(postgresql_readonly=True)
