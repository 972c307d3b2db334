"""Every worker is killed and stays dead: the sweeper's watch sees it, and that it is over."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.local.environment import PROJECT
from models.domain.case import CaseStatus
from models.domain.decommission import DecommissionState, TaskKind
from models.domain.stuck import StuckBecause
from tests.estate.postgres import free_port
from tests.running_platform import Platform, running_platform, until
from tests.stuck.watching import case_of, is_found, last_case_of, start, stuck, watch_of

pytestmark = pytest.mark.kill


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[Platform]:
    """A platform whose worker is a process of its own."""
    async with running_platform(database_url, worker=False) as platform:
        yield platform


@asynccontextmanager
async def worker_process(platform: Platform) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`python -m worker` on this platform."""
    fields = {name.upper() for name in type(platform.settings).model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in fields}
    assert platform.settings.database_url is not None
    ours = {
        "DATABASE_URL": platform.settings.database_url.get_secret_value(),
        "TEMPORAL_ADDRESS": platform.client.service_client.config.target_host,
        "ESTATE_URL": platform.settings.estate_base_url,
        "WORKER_HEALTH_PORT": str(free_port()),
        "WORKER_METRICS_PORT": str(free_port()),
    }
    process = subprocess.Popen(  # noqa: ASYNC220 (returns at once)
        [sys.executable, "-m", "worker"],
        cwd=PROJECT,
        env=inherited | ours,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


async def test_when_every_worker_is_killed_what_it_left_is_found_and_goes_on_with_the_next(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    slow = {"system": "switching", "site": site.reference}
    await platform.estate.put_fault("slow", "latency", latency={"ms": 25_000}, **slow)
    started = await start(platform, occupier)
    watch = watch_of(platform, floor_s=3.0)
    async with worker_process(platform) as process:

        async def is_tried() -> bool:
            return (await platform.task(started, TaskKind.PORTS, site.id)).attempt > 0

        await until(is_tried, 60, lambda: platform.story(started))
        process.send_signal(signal.SIGKILL)
    await platform.estate.clear_faults("slow")

    async def ports_are_stuck() -> bool:
        await watch.look()
        return TaskKind.PORTS in await stuck(platform, started)

    await until(ports_are_stuck, 90, lambda: platform.story(started))

    assert set((await is_found(platform, watch, started)).values()) == {StuckBecause.NO_WORKER}
    task = await platform.task(started, TaskKind.PORTS, site.id)
    assert (await case_of(platform, task)).cause == "outside-switching/everywhere/no_worker"
    async with worker_process(platform):
        await platform.reaches(started, DecommissionState.DECOMMISSIONED, 120)
    assert (await last_case_of(platform, task)).status is CaseStatus.RESOLVED
    assert await platform.count("SELECT count(*) FROM cases WHERE status <> 'resolved'") == 0
