"""What every test may ask for: a database of its own, settings for it, an engine, sessions."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from models.database import Sessions, open_engine, open_sessions
from models.settings import Settings
from tests.database_server import EmbeddedServer, fresh_database, migrated_template

_VARIABLE = "TEST_DATABASE_SERVER"
_SERVER = pytest.StashKey[EmbeddedServer]()


def pytest_configure(config: pytest.Config) -> None:
    """With xdist the first process starts the server; its workers inherit the variable."""
    # The default shows the values around an error; for ours that takes a minute per error.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    workers = config.getoption("numprocesses", default=None)
    if workers and not hasattr(config, "workerinput") and _VARIABLE not in os.environ:
        _start_server(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server that this process started."""
    if server := config.stash.get(_SERVER, None):
        server.stop()
        del os.environ[_VARIABLE]


def _start_server(config: pytest.Config) -> None:
    server = EmbeddedServer()
    os.environ[_VARIABLE] = server.start()
    config.stash[_SERVER] = server


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> str:
    """URL of the server of this run."""
    if _VARIABLE not in os.environ:
        _start_server(pytestconfig)
    return os.environ[_VARIABLE]


@pytest.fixture(scope="session")
def database_template(database_server: str) -> str:
    """Name of the migrated database that tests copy."""
    return migrated_template(database_server)


@pytest.fixture
def database_url(database_server: str, database_template: str) -> Iterator[str]:
    """URL of a migrated, empty database that only this test uses."""
    with fresh_database(database_server, database_template) as url:
        yield url


@pytest.fixture(scope="session")
def dev_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the built-in issuer of this test process keeps its key."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def settings(database_url: str, dev_data_dir: Path) -> Settings:
    """Settings of a process that uses the test's database, with a small pool.

    `api_url` gives the built-in issuer its name, wherever a test's server then listens.
    """
    return Settings(
        env="dev",
        data_dir=dev_data_dir,
        database_url=SecretStr(database_url),
        database_pool=5,
        api_url="http://127.0.0.1:8400",
        starts_per_minute=10_000,  # what a test of the limit makes smaller
    )


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine on the test's database."""
    engine = open_engine(settings, for_system=True)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on the test's database; commit with `async with sessions.begin()`."""
    return open_sessions(engine)
