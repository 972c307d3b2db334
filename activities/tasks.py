"""Keeps the rows of tasks that wait for a person, or go on after one decided."""

from temporalio import activity

from models.database import Sessions
from models.domain.orders import ParkedTask, TaskOrder
from models.stores.task_progress import TaskProgressStore


class TaskActivities:
    """What the workflow, not an attempt, knows of a task."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def park_task(self, parked: ParkedTask) -> None:
        """The attempts have run out or the failure is permanent."""
        async with self._sessions.single() as session:
            await TaskProgressStore(session).parked(parked.order, parked.failure, parked.message)

    @activity.defn
    async def reopen_task(self, order: TaskOrder) -> None:
        """A person has asked for another round."""
        async with self._sessions.single() as session:
            await TaskProgressStore(session).reopened(order)
