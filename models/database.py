"""The way to PostgreSQL: one engine per process, one transaction per unit of work."""

from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from models.settings import Settings

OPTIONS = "-c timezone=UTC -c lock_timeout=10s"
FOR_SYSTEM = "-c occupier.engine=on"
"""Of connections that write for the platform itself: the edit lock (0005) lets them pass."""
FOR_API = "-c role=occupier_api"
"""Of connections that serve people: row-level security (0004) shows them what their grants say."""


class Sessions:
    """Sessions on one engine. Stores never commit; how a session is opened decides.

    `begin()` is a unit of work: all of it is committed at the end of the block, or nothing.
    `single()` commits each statement by itself: right for one statement, and cheaper by the two
    round trips of BEGIN and COMMIT. Called, it gives a session for reading.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._units = async_sessionmaker(engine, expire_on_commit=False)
        self._singles = async_sessionmaker(alone, expire_on_commit=False)

    def __call__(self) -> AsyncSession:
        """A session for reading; what it changes is rolled back."""
        return self._units()

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A unit of work."""
        return self._units.begin()

    def single(self) -> AsyncSession:
        """A session in which every statement is its own transaction."""
        return self._singles()


def open_engine(
    settings: Settings, *, ping: bool = True, for_system: bool = False, for_api: bool = False
) -> AsyncEngine:
    """The process's engine; `for_system` for what people do not drive, so for all but the API.

    With `ping`, a connection that the server dropped is replaced before use. Workers go without:
    it costs a round trip per session, and what fails once is tried again by the engine anyway.
    """
    options = " ".join([OPTIONS, *[FOR_SYSTEM] * for_system, *[FOR_API] * for_api])
    return create_async_engine(
        settings.sqlalchemy_url,
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=ping,
        hide_parameters=True,  # an error's text must not carry anybody's name
        connect_args={"connect_timeout": 10, "options": options},
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on `engine`; rows stay readable after the commit."""
    return Sessions(engine)
