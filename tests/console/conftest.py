"""A whole stack with the console built, one browser, and people who log in."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from deploy.local.environment import PROJECT
from tests.console.chromium import chromium
from tests.console.figures import Figures
from tests.console.scenery import scenery  # noqa: F401 (a fixture)
from tests.console.town import Town
from tests.console.visitor import WITHIN_MS, Theme, Visitor, visiting
from tests.whole_stack import whole_stack

Visit = Callable[..., Awaitable[Visitor]]

_FIGURES = pytest.StashKey[Figures]()
_FAILED = pytest.StashKey[bool]()
_REPORT = "CONSOLE_FIGURES"  # a file that `make e2e` asks for

expect.set_options(timeout=WITHIN_MS)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = Figures()


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Count the journeys; one that fails on the way or at its end has failed."""
    if item.get_closest_marker("journey") is None:
        return
    if call.excinfo is not None:
        item.stash[_FAILED] = True
    if call.when == "teardown":
        figures = item.config.stash[_FIGURES]
        figures.journeys_failed += item.stash.get(_FAILED, False)
        figures.journeys_passed += not item.stash.get(_FAILED, False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the figures if they were asked for."""
    if file := os.environ.get(_REPORT):
        session.config.stash[_FIGURES].write(Path(file))


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash[_FIGURES]


@pytest.fixture(scope="session")
def built_console() -> None:
    """The console as people get it; what is missing for that is said, never passed over."""
    subprocess.run([PROJECT / "ui" / "build.sh"], check=True)


@pytest.fixture(scope="session")
async def town(built_console: None) -> AsyncIterator[Town]:
    """The stack, and an operator on it."""
    async with whole_stack(stuck_floor_s=4, stuck_look_s=1) as stack:
        found = Town(stack)
        await found.build()
        yield found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def visit(town: Town, browser: Browser, figures: Figures) -> AsyncIterator[Visit]:
    """Log somebody in: `await visit("support", theme="dark")`. At the end nothing went wrong."""
    async with AsyncExitStack() as visits:
        visitors: list[Visitor] = []

        async def arrive(persona: str, theme: Theme = "light", width: int = 1366) -> Visitor:
            visitor = await visits.enter_async_context(
                visiting(browser, town.address, persona, theme, width)
            )
            visitors.append(visitor)
            return visitor

        yield arrive
        await asyncio.sleep(0)  # what the browser has said arrives
        figures.csp_reports += sum(len(visitor.csp_reports) for visitor in visitors)
        for visitor in visitors:
            visitor.assert_untroubled()
