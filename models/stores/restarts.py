"""Begins the workflow of a decommission anew after it was ended from outside, or lost."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.orders import DecisionOrder
from models.stores.audit import AuditStore

# While one start is on its way, a second would only follow it.
_COUNT = text("""
UPDATE decommissions SET runs = runs + 1
 WHERE id = :id AND state <> 'decommissioned' AND NOT EXISTS (
       SELECT FROM outbox WHERE outbox.decommission_id = decommissions.id AND sent_at IS NULL)
RETURNING runs
""")

# A run that has ended since somebody looked has done its tasks.
_IS_LEFT = text("""
SELECT EXISTS (SELECT FROM tasks WHERE decommission_id = :id AND kind = :kind
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid) AND state <> 'completed')
""")

# The message of the first start, once more; the relay looks for unsent ones by itself too.
_TELL = text("UPDATE outbox SET sent_at = NULL, created_at = now() WHERE decommission_id = :id")


class RestartStore:
    """Inside the caller's transaction; harmless while the old run is still there."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_left(self, order: DecisionOrder) -> bool:
        """Whether the task of the decision is not done yet."""
        keys = {
            "id": order.decommission_id,
            "site_id": order.site_id,
            "kind": order.kind and order.kind.value,
        }
        return bool(await self._session.scalar(_IS_LEFT, keys))

    async def restart(self, decommission_id: UUID) -> None:
        """Let the relay start it once more; what is done is not done twice."""
        runs = await self._session.scalar(_COUNT, {"id": decommission_id})
        if runs is None:
            return
        await self._session.execute(_TELL, {"id": decommission_id})
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=AuditAction.DECOMMISSION_RESTART,
                entity_kind="decommission",
                entity_id=decommission_id,
                after={"runs": str(runs)},
            )
        )
