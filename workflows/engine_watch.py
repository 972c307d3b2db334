"""What the sweeper sees of Temporal itself, for Prometheus: who polls, what waits, what fails.

Workers cannot tell that they are dead, so somebody else looks. Search answers may be a second old.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import Gauge
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
)
from temporalio.client import Client
from temporalio.service import RPCError

from workflows.loops import stumbled, turned
from workflows.names import FAILING, WORKFLOW_QUEUE, RunStatus, activity_queues

log = structlog.get_logger()

LOOP = "engine_watch"
LOOK_EVERY_S = 10.0
POLLED_WITHIN = timedelta(seconds=75)  # a poll may be held for a minute before it is renewed
_RPC_PATIENCE = timedelta(seconds=5)

_UP = Gauge("temporal_up", "Whether Temporal answered the last time.")
_POLLERS = Gauge("task_queue_pollers", "Workers that poll a task queue.", ["queue"])
_BACKLOG = Gauge("task_queue_backlog", "Tasks that no worker has taken yet.", ["queue"])
_AGE = Gauge("task_queue_backlog_age_seconds", "How long the oldest of them waits.", ["queue"])
_RUNS = Gauge("workflow_runs", "Open workflow runs by `DecommissionStatus`.", ["status"])
_FAILING = Gauge("workflow_runs_failing", "Open workflow runs whose own code fails.")


async def watch_engine(client: Client) -> None:
    """Look until cancelled."""
    while True:
        try:
            await look(client)
        except RPCError as error:
            _UP.set(0)
            stumbled(LOOP)
            log.warning("engine_watch.stumbled", failure=error.status.name)
        else:
            _UP.set(1)
        turned(LOOP)  # it has looked, whatever it saw
        await asyncio.sleep(LOOK_EVERY_S)


async def look(client: Client) -> None:
    """One look at every queue and at the runs that people ask for."""
    await _look_at(client, WORKFLOW_QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
    for queue in activity_queues():
        await _look_at(client, queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)
    for status in RunStatus:
        _RUNS.labels(status).set(await _count(client, f"DecommissionStatus = '{status}'"))
    _FAILING.set(await _count(client, FAILING))


async def _look_at(client: Client, queue: str, kind: TaskQueueType.ValueType) -> None:
    found = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=kind,
            report_stats=True,
        ),
        timeout=_RPC_PATIENCE,
    )
    now = datetime.now(UTC)  # noqa: TID251 (no workflow: the sweeper)
    _POLLERS.labels(queue).set(_polling(found, now))
    _BACKLOG.labels(queue).set(found.stats.approximate_backlog_count)
    _AGE.labels(queue).set(found.stats.approximate_backlog_age.ToTimedelta().total_seconds())


async def _count(client: Client, query: str) -> int:
    counted = await client.count_workflows(
        f"ExecutionStatus = 'Running' AND {query}", rpc_timeout=_RPC_PATIENCE
    )
    return counted.count


def _polling(found: DescribeTaskQueueResponse, now: datetime) -> int:
    """The server lists a poller for five minutes after its last poll."""
    last: Iterable[datetime] = (
        poller.last_access_time.ToDatetime(tzinfo=UTC) for poller in found.pollers
    )
    return sum(now - moment <= POLLED_WITHIN for moment in last)
