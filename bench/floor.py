"""The floor of the throughput measure: workflows of our shape around activities that do nothing.

Same parents, children, timers, order of activities and task queues; no interceptor, database,
HTTP, search attributes or pydantic. What this takes is the engine's own price.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from models.domain.decommission import TaskKind
    from workflows.names import RECORDS_QUEUE, WORKFLOW_QUEUE, queue_of

PATIENCE = timedelta(seconds=60)
COOLING_OFF_S = 30 * 86_400.0


def floor_queue(queue: str) -> str:
    """The floor's own queue in place of ours."""
    return f"floor-{queue}"


async def _do(name: str, queue: str) -> None:
    await workflow.execute_activity(
        name, "id", task_queue=floor_queue(queue), start_to_close_timeout=PATIENCE
    )


async def _task(kind: TaskKind) -> None:
    await _do(kind.value, queue_of(kind))


@workflow.defn
class FloorTimer:
    """Sleeps, as the timer of cooling-off numbers does."""

    @workflow.run
    async def run(self, _id: str) -> None:
        """Sleep."""
        await asyncio.sleep(COOLING_OFF_S)


@workflow.defn
class FloorSite:
    """The runbook of a site around nothing."""

    @workflow.run
    async def run(self, _id: str) -> None:
        """Run the eight tasks in our order."""
        await asyncio.gather(
            self._telephony(),
            _task(TaskKind.PORTS),
            _task(TaskKind.USERS),
            _task(TaskKind.WIFI_DEVICES),
            _task(TaskKind.STOP_SERVICES),
        )
        await _task(TaskKind.NETWORK)
        await _task(TaskKind.END_LEASES)

    async def _telephony(self) -> None:
        await _task(TaskKind.LOGOUT_HANDSETS)
        await _task(TaskKind.TELEPHONY)


@workflow.defn
class FloorOccupier:
    """The decommission of an occupier around nothing."""

    @workflow.run
    async def run(self, sites: int) -> None:
        """Plan, fan out, verify."""
        me = workflow.info().workflow_id
        await _task(TaskKind.PLAN)
        await _task(TaskKind.DELETE_SCHEDULED)
        await workflow.start_child_workflow(
            FloorTimer.run,
            "id",
            id=f"{me}/timer",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        )
        await _do("list_sites", RECORDS_QUEUE)
        await asyncio.gather(
            *(
                workflow.execute_child_workflow(FloorSite.run, "id", id=f"{me}/site/{site}")
                for site in range(sites)
            )
        )
        await _task(TaskKind.VERIFY_OCCUPIER)


FLOOR_WORKFLOWS = (FloorOccupier, FloorSite, FloorTimer)
FLOOR_WORKFLOW_QUEUE = floor_queue(WORKFLOW_QUEUE)


def nothing(name: str) -> Callable[..., Any]:  # Any: activities differ in input and output
    """An activity of this name that does nothing."""

    @activity.defn(name=name)
    async def do(_id: str) -> None:
        return None

    return do


def tick() -> Callable[..., Any]:  # Any: as above
    """The last activity of all: says on stdout that another one is done."""

    @activity.defn(name=TaskKind.VERIFY_OCCUPIER.value)
    async def do(_id: str) -> None:
        print("done", flush=True)

    return do
