"""Puts failed, stuck and held tasks into the one open case of their cause, and takes them out.

All of it happens in the transaction that changes the task, so that the rows never disagree.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.cause import Cause
from models.domain.decommission import systems_of
from models.domain.orders import ParkedTask
from models.stores.cause_cases import CauseCaseStore

_TASK = text("""
SELECT tasks.id, occupiers.operator_id FROM tasks
  JOIN occupiers ON occupiers.id = tasks.occupier_id
 WHERE decommission_id = :decommission_id AND kind = :kind
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid)
""")

_OWNER = text("SELECT occupier_id, decommission_id FROM tasks WHERE id = :task_id")

_LEAVE = text("""
UPDATE case_tasks SET left_at = now() WHERE task_id = :task_id AND left_at IS NULL
   AND case_id IS DISTINCT FROM CAST(:case_id AS uuid) RETURNING case_id
""")

_MARK = text("UPDATE tasks SET has_case = :has_case WHERE id = :task_id")

_JOIN = text("""
INSERT INTO case_tasks (case_id, task_id) VALUES (:case_id, :task_id)
ON CONFLICT (case_id, task_id) DO UPDATE SET left_at = NULL
""")


class TaskCaseStore:
    """Keeps the cases of tasks true inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._causes = CauseCaseStore(session)

    async def attach(self, parked: ParkedTask) -> UUID:
        """Put the failed task into the one open case of its cause, opening it if need be."""
        order = parked.order
        keys = {
            "decommission_id": order.decommission_id,
            "site_id": order.site_id,
            "kind": order.kind.value,
        }
        task_id, operator_id = (await self._session.execute(_TASK, keys)).one()
        systems = systems_of(order.kind)
        cause = Cause(
            parked.system or (systems[-1] if systems else None),
            order.site_id,
            operator_id,
            parked.failure,
        )
        return await self.attach_task(task_id, cause)

    async def attach_task(self, task_id: UUID, cause: Cause) -> UUID:
        """Put a task into the one open case of this cause; it leaves the case that it was in."""
        occupier_id, decommission_id = (
            await self._session.execute(_OWNER, {"task_id": task_id})
        ).one()
        case_id = await self._causes.case_of(
            cause, occupier_id=occupier_id, decommission_id=decommission_id
        )
        await self.join(task_id, case_id)
        return case_id

    async def join(self, task_id: UUID, case_id: UUID) -> None:
        """Put a task into this case; it leaves the one that it was in."""
        left = await self._leave(task_id, staying_in=case_id)
        await self._session.execute(_JOIN, {"case_id": case_id, "task_id": task_id})
        await self._session.execute(_MARK, {"task_id": task_id, "has_case": True})
        for earlier in left:
            await self._causes.resolve_when_empty(earlier)

    async def release(self, task_id: UUID) -> None:
        """The task is done or well again: it leaves its case; one without tasks is resolved."""
        await self._session.execute(_MARK, {"task_id": task_id, "has_case": False})
        for case_id in await self._leave(task_id, staying_in=None):
            await self._causes.resolve_when_empty(case_id)

    async def _leave(self, task_id: UUID, *, staying_in: UUID | None) -> list[UUID]:
        keys = {"task_id": task_id, "case_id": staying_in}
        return list((await self._session.scalars(_LEAVE, keys)).all())
