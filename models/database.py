"""The way to PostgreSQL: one engine per process, one transaction per unit of work."""

from sqlalchemy.ext.asyncio import (
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
        hide_parameters=True,  # an error's text must not carry anybody's name
        connect_args={"connect_timeout": 10, "options": "-c timezone=UTC -c lock_timeout=10s"},
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on `engine`; rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
