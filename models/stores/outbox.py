"""Accepted starts on their way to the workflow engine."""

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.orders import DecommissionOrder
from models.tables.audit import OutboxRow

_CLAIM = """
SELECT outbox.id, decommissions.id AS decommission_id, occupier_id, cooling_off_days
  FROM outbox JOIN decommissions ON decommissions.id = outbox.decommission_id
 WHERE sent_at IS NULL ORDER BY outbox.id LIMIT :limit
   FOR UPDATE OF outbox SKIP LOCKED
"""


class OutboxStore:
    """Claims and settles starts inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, limit: int) -> list[tuple[int, DecommissionOrder]]:
        """The oldest unsent starts, locked until the commit; another relay's are passed over."""
        rows = await self._session.execute(text(_CLAIM), {"limit": limit})
        return [(row.id, _order(row)) for row in rows]

    async def mark_sent(self, outbox_id: int) -> None:
        """The engine has the workflow."""
        await self._session.execute(
            update(OutboxRow).where(OutboxRow.id == outbox_id).values(sent_at=func.now())
        )

    async def mark_failed(self, outbox_id: int, error_class: str) -> None:
        """The engine did not answer; the start stays and is tried again."""
        await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == outbox_id)
            .values(attempts=OutboxRow.attempts + 1, last_error=error_class)
        )

    async def backlog(self) -> int:
        """How many starts wait."""
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
    )
