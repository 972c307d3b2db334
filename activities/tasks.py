"""Keeps the rows of tasks that wait for a person, or go on after one decided."""

from temporalio import activity

from models.database import Sessions
from models.domain.orders import ParkedTask, TaskOrder, WaivedTask
from models.stores.decision_ends import DecisionEndStore
from models.stores.held_tasks import HeldTaskStore
from models.stores.holdings import HoldingStore
from models.stores.plans import PlanStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore


class TaskActivities:
    """What the workflow, not an attempt, knows of a task."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def park_task(self, parked: ParkedTask) -> None:
        """The attempts have run out or the failure is permanent: a case says so to support."""
        async with self._sessions.begin() as session:
            store = TaskProgressStore(session)
            if await store.parked(parked.order, parked.failure, parked.message) is not None:
                if not await HeldTaskStore(session).explain(parked):
                    await TaskCaseStore(session).attach(parked)
                if parked.order.decision_id is not None:
                    ends = DecisionEndStore(session)
                    await ends.refused(parked.order.decision_id, parked.failure)

    @activity.defn
    async def waive_task(self, waived: WaivedTask) -> None:
        """Two people leave the rest undone: the plan, our own rows and the case say so."""
        order = waived.order
        if order.site_id is None:
            raise ValueError("only tasks of a site can be waived")
        async with self._sessions.begin() as session:
            task_id = await TaskProgressStore(session).waived(order, waived.decision_id)
            if task_id is None:
                return  # done before
            left = await PlanStore(session).waive(order.decommission_id, order.site_id, order.kind)
            holdings = HoldingStore(session, order.decommission_id, order.occupier_id)
            for kind, ids in left.items():
                await holdings.hold_back(kind, ids)
            await TaskCaseStore(session).release(task_id)
            await DecisionEndStore(session).carried_out(waived.decision_id)

    @activity.defn
    async def reopen_task(self, order: TaskOrder) -> None:
        """A person has asked for another round."""
        async with self._sessions.single() as session:
            await TaskProgressStore(session).reopened(order)
