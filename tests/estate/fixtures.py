"""Fixtures of the estate's and the adapters' tests; both conftest files take them from here."""

import uuid
from collections.abc import AsyncIterator

import pytest

from activities.adapters.estate import EstateSystems, build_systems
from estate.client import EstateClient
from models.settings import Settings
from tests.database_server import fresh_database
from tests.estate.running import RunningEstate


@pytest.fixture(scope="session")
async def estate(database_server: str, database_template: str) -> AsyncIterator[RunningEstate]:
    """One estate for all tests: each has sites of its own."""
    with fresh_database(database_server, database_template) as url:
        running = RunningEstate(url)
        await running.start()
        yield running
        running.stop()


@pytest.fixture
async def client(estate: RunningEstate) -> AsyncIterator[EstateClient]:
    """A client of the estate."""
    async with EstateClient(estate.url) as found:
        yield found


@pytest.fixture
async def systems(estate: RunningEstate) -> AsyncIterator[EstateSystems]:
    """The adapters, impatient."""
    found = build_systems(Settings(estate_url=estate.url, outside_timeout_s=2.0))
    yield found
    await found.aclose()


@pytest.fixture
def site() -> str:
    """A site that no other test has."""
    return f"site-{uuid.uuid4().hex[:12]}"
