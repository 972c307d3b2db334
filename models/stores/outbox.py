"""What the workflow engine must be told: accepted starts, and news of schedules and closures."""

from uuid import UUID

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.orders import ClosureOrder, DecommissionOrder, ScheduleOrder
from models.tables.audit import OutboxRow

_CLAIM = """
SELECT outbox.id, decommissions.id AS decommission_id, occupier_id, cooling_off_days,
       runs - 1 AS restarts, 2 = (
       SELECT count(*) FROM tasks
        WHERE tasks.decommission_id = decommissions.id AND state = 'completed'
          AND kind IN ('plan', 'delete_scheduled')) AS prepared
  FROM outbox JOIN decommissions ON decommissions.id = outbox.decommission_id
 WHERE sent_at IS NULL ORDER BY outbox.id LIMIT :limit
   FOR UPDATE OF outbox SKIP LOCKED
"""

_CLAIM_NEWS = """
SELECT id, schedule_id, closure_id FROM outbox
 WHERE sent_at IS NULL AND decommission_id IS NULL AND decision_id IS NULL ORDER BY id LIMIT :limit
   FOR UPDATE SKIP LOCKED
"""


class OutboxStore:
    """Writes, claims and settles messages inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def tell_of_schedule(self, schedule_id: UUID) -> None:
        """The schedule is new or has changed: its workflow is to look at it."""
        await self._session.execute(insert(OutboxRow).values(schedule_id=schedule_id))

    async def tell_of_closure(self, closure_id: UUID) -> None:
        """The closure is new or has changed: its workflow is to look at it."""
        await self._session.execute(insert(OutboxRow).values(closure_id=closure_id))

    async def tell_of_decision(self, decision_id: UUID) -> None:
        """The decision is accepted: the workflow that it is for is to carry it out."""
        await self._session.execute(insert(OutboxRow).values(decision_id=decision_id))

    async def claim(self, limit: int) -> list[tuple[int, DecommissionOrder]]:
        """The oldest unsent starts, locked until the commit; another relay's are passed over."""
        rows = await self._session.execute(text(_CLAIM), {"limit": limit})
        return [(row.id, _order(row)) for row in rows]

    async def claim_news(self, limit: int) -> list[tuple[int, ScheduleOrder | ClosureOrder]]:
        """The oldest unsent news of schedules and closures, locked like starts."""
        rows = await self._session.execute(text(_CLAIM_NEWS), {"limit": limit})
        return [
            (
                row.id,
                ScheduleOrder(schedule_id=row.schedule_id)
                if row.schedule_id
                else ClosureOrder(closure_id=row.closure_id),
            )
            for row in rows
        ]

    async def mark_sent(self, outbox_id: int) -> float:
        """The engine has the message; returns how many seconds after it was written."""
        lag = func.extract("epoch", func.clock_timestamp() - OutboxRow.created_at)
        seconds = await self._session.scalar(
            update(OutboxRow)
            .where(OutboxRow.id == outbox_id)
            .values(sent_at=func.now())
            .returning(lag)
        )
        return float(seconds or 0.0)

    async def mark_failed(self, outbox_id: int, error_class: str) -> None:
        """The engine did not answer; the message stays and is tried again."""
        await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == outbox_id)
            .values(attempts=OutboxRow.attempts + 1, last_error=error_class)
        )

    async def backlog(self) -> int:
        """How many messages wait."""
        return (
            await self._session.scalar(
                select(func.count()).select_from(OutboxRow).where(OutboxRow.sent_at.is_(None))
            )
            or 0
        )


def _order(row: Row[*tuple[object, ...]]) -> DecommissionOrder:
    return DecommissionOrder(
        decommission_id=row.decommission_id,
        occupier_id=row.occupier_id,
        cooling_off_days=row.cooling_off_days,
        restarts=row.restarts,
        prepared=row.restarts > 0 and row.prepared,
    )
