"""50 decommissions of 3 sites; when half of their tasks are done, `kill -9` hits the worker, and
the stack's supervisor starts it again at once: seconds from the new process's start to all done.

Median of three kills. Effects that came twice are read from the estate's ledger, lost tasks are
those that are not completed at the end; both must be none.
"""

import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.rig import Rig, Tenant, rig, say
from bench.throughput import DONE, TASKS, small

TASKS_DONE = "SELECT count(*) FROM tasks WHERE state = 'completed'"
TASKS_LEFT = "SELECT count(*) FROM tasks WHERE state <> 'completed'"


@dataclass(frozen=True, slots=True)
class Recovery:
    """One kill."""

    restart_to_done_s: float
    kill_to_done_s: float
    tasks_done_at_kill: int


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the recovery measure."""
    count, times, warm_up = (10, 1, 3) if quick else (50, 3, 10)
    async with rig() as at:
        tenants = await at.load(small(times * count + warm_up))
        await at.start_all(tenants[:warm_up])
        await at.until(DONE, warm_up)
        kills = []
        for turn in range(times):
            start = warm_up + turn * count
            kills.append(await _kill(at, tenants[start : start + count]))
            say(f"recovery: {kills[-1]}")
        summary = await at.estate.summary()
        lost = await at.figure(TASKS_LEFT)
    return {
        "restart_to_done_s": round(median(kill.restart_to_done_s for kill in kills), 2),
        "kill_to_done_s": round(median(kill.kill_to_done_s for kill in kills), 2),
        "each_restart_to_done_s": [round(kill.restart_to_done_s, 2) for kill in kills],
        "decommissions": count,
        "tasks_done_at_kill": [kill.tasks_done_at_kill for kill in kills],
        "effects_doubled": len(_rows(summary["doubled_effects"])),
        "keys_with_more_than_one_effect": len(_rows(summary["keys_with_more_than_one_effect"])),
        "tasks_lost": int(lost),
    }


async def _kill(at: Rig, tenants: list[Tenant]) -> Recovery:
    tasks_before, done_before = await at.figure(TASKS_DONE), await at.figure(DONE)
    await at.start_all(tenants)
    await at.until(TASKS_DONE, tasks_before + len(tenants) * TASKS / 2, every_s=0.05)
    old = at.stack.pid("worker")
    at.stack.kill("worker")
    killed = time.monotonic()
    reached = int(await at.figure(TASKS_DONE) - tasks_before)
    await at.stack.wait_ready("worker")
    assert at.stack.pid("worker") != old, "the supervisor has started a new worker"
    ended = await at.until(DONE, done_before + len(tenants), every_s=0.05)
    return Recovery(ended - at.started_at["worker"], ended - killed, reached)


def _rows(found: object) -> list[object]:
    assert isinstance(found, list)  # the ledger's summary is JSON
    return found
