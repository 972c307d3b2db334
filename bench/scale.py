"""One occupier at 1,000 sites with 100,000 users, next to occupiers at 10 such sites.

`max_events_per_run` is over all workflow runs of the large one, `worker_rss_mb` the worker's
largest resident size, sampled five times a second. `cost_per_site_ratio` is in CPU seconds of
worker, Temporal, PostgreSQL, estate and sweeper per site: what a site costs must not grow with
their number. Wall time per site is given too, but a 10-site occupier spends most of its time
waiting for one step after the other, so that ratio would flatter.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from statistics import median
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import text

from bench.rig import Rig, Tenant, rig, say, spent
from bench.throughput import DONE
from models.portfolio.sample.size import SampleSize
from workflows.names import decommission_workflow_id

USERS = 100
SMALL_SEED = 50  # far from 1: the samples' public addresses must not meet


def _size(seed: int, sites: int, occupiers: int) -> SampleSize:
    return SampleSize(
        seed=seed,
        operators=1,
        sites=sites,
        occupiers=occupiers,
        sites_per_occupier=sites,
        users_per_site=USERS,
        numbers_per_site=2,
        ports_per_site=2,
        devices_per_site=1,
        months=1,
    )


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the scale measure."""
    sites, few, times = (60, 5, 2) if quick else (1000, 10, 5)
    async with rig() as at:
        say(f"scale: loading {sites} sites with {sites * USERS} users")
        smalls = await at.load(_size(SMALL_SEED, few, times + 1))
        large = (await at.load(_size(1, sites, 1)))[0]
        await _run(at, smalls[0])  # warm-up
        costs = [await _run(at, tenant) for tenant in smalls[1:]]
        cpu, wall = (median(each) / few for each in zip(*costs, strict=True))
        say(f"scale: {few} sites cost {cpu * 1000:.0f} ms CPU and {wall * 1000:.0f} ms per site")
        async with _watched(at) as peak:
            large_cpu, large_wall = await _run(at, large)
        say(f"scale: {sites} sites took {large_wall:.0f} s")
        decommission_id = UUID(
            str(await _text(at, "SELECT id FROM decommissions WHERE occupier_id = :id", large))
        )
        runs = await _events(at, decommission_id, sites)
    return {
        "max_events_per_run": max(runs),
        "worker_rss_mb": round(peak[0] / 2**20),
        "cost_per_site_ratio": round(large_cpu / sites / cpu, 3),
        "wall_per_site_ratio": round(large_wall / sites / wall, 3),
        "cpu_ms_per_site": {"large": round(large_cpu / sites * 1000), "small": round(cpu * 1000)},
        "wall_s": {"large": round(large_wall, 1), "small": round(wall * few, 2)},
        "sites": {"large": sites, "small": few},
        "users": sites * USERS,
        "workflow_runs": len(runs),
    }


async def _run(at: Rig, tenant: Tenant) -> tuple[float, float]:
    """CPU and wall seconds of one decommission."""
    done, before, began = await at.figure(DONE), at.cpu(), time.monotonic()
    await at.start(tenant)
    ended = await at.until(DONE, done + 1, every_s=0.05, within_s=3600)
    return sum(spent(before, at.cpu()).values()), ended - began


async def _text(at: Rig, query: str, tenant: Tenant) -> object:
    async with at.sessions() as session:
        return await session.scalar(text(query), {"id": tenant.id})


@contextlib.asynccontextmanager
async def _watched(at: Rig) -> AsyncIterator[list[int]]:
    """Samples the worker's resident size; the list holds the largest in bytes."""
    peak = [0]
    worker = psutil.Process(at.stack.pid("worker"))

    async def watch() -> None:
        while True:
            peak[0] = max(peak[0], worker.memory_info().rss)
            await asyncio.sleep(0.2)

    watching = asyncio.create_task(watch())
    try:
        yield peak
    finally:
        watching.cancel()


async def _events(at: Rig, decommission_id: UUID, sites: int) -> list[int]:
    """Lengths of the histories of all runs, once visibility shows them closed."""
    query = f"DecommissionId = '{decommission_id}'"
    parent = decommission_workflow_id(decommission_id)
    while True:
        found = [run async for run in at.client.list_workflows(query)]
        closed = [run for run in found if run.close_time is not None]
        parents = [run for run in closed if run.id == parent]
        is_settled = len(found) - len(closed) <= 1  # the timer of its numbers goes on
        if is_settled and parents and len(found) > sites + len(parents):
            break
        await asyncio.sleep(0.5)
    return [
        await _length(at, run.id, run.run_id) if run.id == parent else run.history_length
        for run in closed
    ]


async def _length(at: Rig, workflow_id: str, run_id: str) -> int:
    handle = at.client.get_workflow_handle(workflow_id, run_id=run_id)
    return (await handle.describe()).history_length
