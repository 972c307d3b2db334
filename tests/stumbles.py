"""Attempts of tasks as the workers note them, for tests that have no worker."""

from activities.tasks import TaskActivities
from models.database import Sessions
from models.domain.attempt import Author, FailedAttempt
from models.domain.orders import ParkedTask, TaskOrder
from models.domain.outside import FailureKind, System
from models.stores.attempts import AttemptStore
from models.stores.task_progress import TaskProgressStore
from models.tables.task import TaskRow

WORKER = Author(worker="4711@worker-host", code_version="c0de5ha", run_id="run-1")


def order_of(task: TaskRow, number: int = 1) -> TaskOrder:
    """A round of a task as the workflow orders it."""
    return TaskOrder(
        decommission_id=task.decommission_id,
        occupier_id=task.occupier_id,
        site_id=task.site_id,
        kind=task.kind,
        round=number,
    )


async def begin(sessions: Sessions, order: TaskOrder, attempt: int = 1) -> None:
    """An attempt starts."""
    async with sessions.begin() as session:
        await TaskProgressStore(session).started(order, attempt, WORKER)


async def stumble(
    sessions: Sessions,
    order: TaskOrder,
    attempt: int,
    failure: FailureKind,
    message: str,
    system: System | None = System.SWITCHING,
) -> None:
    """An attempt starts and fails, by a system or by ourselves."""
    await begin(sessions, order, attempt)
    how = FailedAttempt(failure, message, took_s=1.5, author=WORKER, system=system)
    async with sessions.begin() as session:
        await TaskProgressStore(session).stumbled(order, attempt, failure, message)
        await AttemptStore(session).failed(order, attempt, how)


async def park(
    sessions: Sessions,
    order: TaskOrder,
    failure: FailureKind,
    message: str,
    system: System = System.SWITCHING,
) -> None:
    """The attempts have run out: the task fails and gets a case."""
    parked = ParkedTask(order=order, failure=failure, message=message, system=system)
    await TaskActivities(sessions).park_task(parked)
