"""Lets a task wait for a hold that it has met: its row and its case, in one transaction."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.hold import TRIPPING, systems_needed
from models.domain.orders import ParkedTask, TaskOrder
from models.domain.outside import System
from models.stores.holds import HoldStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore

# Shared: it cannot be released until this task waits for it, and so is told.
_KEEP = text("SELECT case_id FROM holds WHERE id = :id AND released_at IS NULL FOR SHARE")

_COVERING = text("""
SELECT id FROM holds
 WHERE released_at IS NULL AND system = ANY(CAST(:systems AS text[]))
   AND (site_id IS NULL OR site_id = CAST(:site_id AS uuid)
        OR CAST(:site_id AS uuid) IS NULL AND site_id IN (
           SELECT site_id FROM decommission_sites WHERE decommission_id = :decommission_id))
 ORDER BY site_id NULLS FIRST LIMIT 1
""")

_ID = text("""
SELECT id FROM tasks WHERE decommission_id = :decommission_id AND kind = :kind
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid)
""")


class HeldTaskStore:
    """Keeps the rows of waiting tasks inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def covering(
        self, order: TaskOrder, systems: Iterable[System] | None = None
    ) -> UUID | None:
        """The open hold that the task would meet now, perhaps of certain systems only."""
        wanted = systems_needed(order.kind) if systems is None else systems
        keys = {
            "systems": [system.value for system in wanted],
            "site_id": order.site_id,
            "decommission_id": order.decommission_id,
        }
        hold_id: UUID | None = await self._session.scalar(_COVERING, keys)
        return hold_id

    async def hold(self, order: TaskOrder, hold_id: UUID) -> bool:
        """Let the task wait; false when the hold is over or the task has moved on.

        It joins the case of the hold, out of any other: what it waits for explains the rest.
        """
        found = (await self._session.execute(_KEEP, {"id": hold_id})).one_or_none()
        if found is None:
            return False
        task_id = await TaskProgressStore(self._session).held(order, hold_id)
        if task_id is None:
            return False
        if found.case_id is not None:
            await TaskCaseStore(self._session).join(task_id, found.case_id)
        return True

    async def explain(self, parked: ParkedTask) -> bool:
        """Put a failed task into the case of the hold that its failure has led to, if there is one.

        It failed before the breaker had seen enough; the hold came before its row said so.
        """
        if parked.system is None or parked.failure not in TRIPPING:
            return False
        # Either the breaker sees that it has failed, or this sees what the breaker holds.
        await HoldStore(self._session).lock(parked.system)
        hold_id = await self.covering(parked.order, [parked.system])
        task_id = await self._session.scalar(_ID, _keys(parked.order))
        return hold_id is not None and await self.gather(hold_id, [task_id])

    async def gather(self, hold_id: UUID, task_ids: Iterable[UUID]) -> bool:
        """Put these tasks into the case of the hold; false when it is over."""
        found = (await self._session.execute(_KEEP, {"id": hold_id})).one_or_none()
        if found is None or found.case_id is None:
            return False
        for task_id in task_ids:
            await TaskCaseStore(self._session).join(task_id, found.case_id)
        return True


def _keys(order: TaskOrder) -> dict[str, object]:
    return {
        "decommission_id": order.decommission_id,
        "site_id": order.site_id,
        "kind": order.kind.value,
    }
