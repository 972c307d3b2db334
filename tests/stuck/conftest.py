"""One running platform for this folder; each test has occupiers and sites of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.database_server import fresh_database
from tests.running_platform import Platform, running_platform


@pytest.fixture(scope="session")
async def shared_platform(database_server: str, database_template: str) -> AsyncIterator[Platform]:
    """Starts once per test process."""
    with fresh_database(database_server, database_template) as url:
        async with running_platform(url) as platform:
            yield platform


@pytest.fixture
async def platform(shared_platform: Platform) -> AsyncIterator[Platform]:
    """The platform without faults, before and after the test."""
    yield shared_platform
    await shared_platform.estate.clear_faults()
