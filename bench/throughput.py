"""Many small decommissions (3 sites, each with a few of every resource) through the real start
transaction, the outbox and the relay: from the first start to the last `decommissioned`.

The floor is `bench/floor.py` on the same server, by a worker process of its own. After a warm-up
of both they take turns; figures are medians over the rounds. A task is one of the 27 of a
decommission: 8 at each site and 3 of the occupier.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import uuid4

from bench.floor import FLOOR_WORKFLOW_QUEUE, FloorOccupier
from bench.rig import PROJECT, Cpu, Rig, Tenant, rig, say, spent, tree_cpu
from models.portfolio.sample.size import SampleSize

SITES = 3
TASKS = SITES * 8 + 3
DONE = "SELECT count(*) FROM decommissions WHERE state = 'decommissioned'"


def small(occupiers: int, seed: int = 1) -> SampleSize:
    """Occupiers at three sites, each with a few of every resource."""
    return SampleSize(
        seed=seed,
        operators=1,
        sites=12,
        occupiers=occupiers,
        sites_per_occupier=SITES,
        users_per_site=3,
        numbers_per_site=3,
        ports_per_site=4,
        devices_per_site=2,
        months=1,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """One side's turn: decommissions per second, and what each process spent on a task."""

    rate: float
    cpu_ms_per_task: Cpu


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the throughput measure."""
    count, rounds, warm_up = (20, 1, 5) if quick else (100, 2, 15)
    async with rig() as at, floor_worker(at) as floor:
        say(f"throughput: loading {rounds * count + warm_up} occupiers")
        tenants = await at.load(small(rounds * count + warm_up))
        await floor.turn(warm_up)
        await _ours(at, tenants[:warm_up])
        floors: list[Turn] = []
        ours: list[Turn] = []
        for turn in range(rounds):
            floors.append(await floor.turn(count))
            say(f"throughput: floor {floors[-1].rate:.2f}/s {_shown(floors[-1])}")
            start = warm_up + turn * count
            ours.append(await _ours(at, tenants[start : start + count]))
            say(f"throughput: ours  {ours[-1].rate:.2f}/s {_shown(ours[-1])}")
    rate, floor_rate = (median(turn.rate for turn in side) for side in (ours, floors))
    return {
        "ratio_to_floor": round(rate / floor_rate, 3),
        "decommissions_per_s": round(rate, 2),
        "tasks_per_s": round(rate * TASKS, 1),
        "floor_decommissions_per_s": round(floor_rate, 2),
        "floor_tasks_per_s": round(floor_rate * TASKS, 1),
        "decommissions_per_round": count,
        "rounds": {
            "ours": [round(turn.rate, 2) for turn in ours],
            "floor": [round(turn.rate, 2) for turn in floors],
        },
        "cpu_ms_per_task": {"ours": _cpu(ours), "floor": _cpu(floors)},
    }


async def _ours(at: Rig, tenants: list[Tenant]) -> Turn:
    before_done = await at.figure(DONE)
    before, began = at.cpu(), time.monotonic()
    await at.start_all(tenants)
    ended = await at.until(DONE, before_done + len(tenants))
    return _turn(len(tenants), ended - began, spent(before, at.cpu()))


def _turn(count: int, seconds: float, cpu: Cpu) -> Turn:
    per_task = {name: value * 1000 / count / TASKS for name, value in cpu.items()}
    return Turn(count / seconds, per_task)


def _cpu(turns: list[Turn]) -> dict[str, float]:
    names = turns[0].cpu_ms_per_task
    return {name: round(median(turn.cpu_ms_per_task[name] for turn in turns), 2) for name in names}


def _shown(turn: Turn) -> str:
    return " ".join(f"{name} {ms:.2f}" for name, ms in turn.cpu_ms_per_task.items()) + " ms/task"


class Floor:
    """The floor's worker process, and starting workflows for it."""

    def __init__(self, at: Rig, process: asyncio.subprocess.Process) -> None:
        self._at = at
        self._process = process

    async def turn(self, count: int) -> Turn:
        """Run so many bare workflows."""
        before, began = self._cpu(), time.monotonic()
        reading = asyncio.create_task(self.read(count))
        gate = asyncio.Semaphore(4)

        async def start() -> None:
            async with gate:
                await self._at.client.start_workflow(
                    FloorOccupier.run, SITES, id=f"floor/{uuid4()}", task_queue=FLOOR_WORKFLOW_QUEUE
                )

        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(start())
        await reading
        return _turn(count, time.monotonic() - began, spent(before, self._cpu()))

    async def read(self, lines: int) -> None:
        """Wait for so many lines of the worker."""
        stdout = self._process.stdout
        assert stdout is not None  # a pipe was asked for
        for _ in range(lines):
            if not await stdout.readline():
                raise RuntimeError("the floor's worker has died")

    def _cpu(self) -> Cpu:
        return {**self._at.cpu(("temporal",)), "floor_worker": tree_cpu(self._process.pid)}


@asynccontextmanager
async def floor_worker(at: Rig) -> AsyncIterator[Floor]:
    """The floor's worker on the rig's server."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.floor_worker"),
        cwd=PROJECT,
        env=os.environ | {"TEMPORAL_ADDRESS": at.settings.temporal_target},
        stdout=asyncio.subprocess.PIPE,
    )
    floor = Floor(at, process)
    try:
        await floor.read(1)
        yield floor
    finally:
        process.kill()
        await process.wait()
