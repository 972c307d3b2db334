"""The life of a decommission: started once, perhaps partial for a while, then done for good."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.decommission import DecommissionState, TaskKind
from models.domain.occupier import OccupierStatus
from models.stores.audit import AuditStore
from models.tables.decommission import DecommissionRow, DecommissionSiteRow
from models.tables.occupier import OccupierRow

FINISH = """
UPDATE occupiers SET status = 'decommissioned', decommissioned_at = now(), version = version + 1
 WHERE id = (SELECT occupier_id FROM decommissions WHERE id = :id) AND status <> 'decommissioned'
"""

RELEASE_NUMBERS = """
WITH due AS (
    SELECT id FROM phone_numbers
     WHERE cooled_by_decommission_id = :id AND state = 'cooling_off'
       AND cooling_off_until <= clock_timestamp()
     ORDER BY id FOR UPDATE)
UPDATE phone_numbers SET state = 'available', cooling_off_until = NULL,
       cooled_by_decommission_id = NULL
  FROM due WHERE phone_numbers.id = due.id RETURNING phone_numbers.id
"""

RELEASE_UNTIMED = """
UPDATE phone_numbers SET state = 'available', cooling_off_until = NULL
 WHERE cooled_by_decommission_id IS NULL AND state = 'cooling_off'
   AND cooling_off_until <= clock_timestamp() RETURNING site_id
"""

NEXT_RELEASE = """
SELECT greatest(extract(epoch FROM cooling_off_until - clock_timestamp()), 1)::float
  FROM phone_numbers WHERE cooled_by_decommission_id = :id AND state = 'cooling_off'
 ORDER BY cooling_off_until LIMIT 1
"""

TELEPHONY_IS_OPEN = """
SELECT EXISTS (SELECT FROM tasks
    WHERE decommission_id = :id AND kind = 'telephony' AND state <> 'completed')
"""


_SITE_TASK = text("""
SELECT sites.reference, occupiers.reference, effective_at, counted.done, counted.total
  FROM decommissions
  JOIN occupiers ON occupiers.id = occupier_id
  JOIN sites ON sites.id = :site
 CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE verdict NOT IN ('unknown', 'disabled_only')) AS done,
           count(*) AS total
      FROM plan_items
     WHERE decommission_id = :id AND site_id = :site AND task_kind = :kind) AS counted
 WHERE decommissions.id = :id
""")


_MARKED = {
    DecommissionState.PENDING: AuditAction.DECOMMISSION_PENDING,
    DecommissionState.PARTIAL: AuditAction.DECOMMISSION_PARTIAL,
}


@dataclass(frozen=True, slots=True)
class SiteTask:
    """How to speak of a site and its owner to the outside systems, and how far a task is."""

    site: str
    owner: str
    effective_at: datetime
    done: int
    total: int


class DecommissionStore:
    """Moves a decommission on inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def sites_from(self, decommission_id: UUID, ordinal: int, limit: int) -> list[UUID]:
        """The next sites in the order of the fan-out."""
        rows = await self._session.scalars(
            select(DecommissionSiteRow.site_id)
            .where(
                DecommissionSiteRow.decommission_id == decommission_id,
                DecommissionSiteRow.ordinal >= ordinal,
            )
            .order_by(DecommissionSiteRow.ordinal)
            .limit(limit)
        )
        return list(rows)

    async def sites_to_verify(self, decommission_id: UUID, round_: int) -> list[UUID]:
        """The sites that this round of the last verification has not found clean yet."""
        rows = await self._session.scalars(
            select(DecommissionSiteRow.site_id)
            .where(
                DecommissionSiteRow.decommission_id == decommission_id,
                DecommissionSiteRow.verified_round < round_,
            )
            .order_by(DecommissionSiteRow.ordinal)
        )
        return list(rows)

    async def mark_verified(self, decommission_id: UUID, site_id: UUID, round_: int) -> None:
        """A fresh read of all of the site's resources has shown them gone."""
        await self._session.execute(
            update(DecommissionSiteRow)
            .where(
                DecommissionSiteRow.decommission_id == decommission_id,
                DecommissionSiteRow.site_id == site_id,
            )
            .values(verified_round=round_)
        )

    async def site_task(
        self, decommission_id: UUID, site_id: UUID, kind: TaskKind | None = None
    ) -> SiteTask:
        """What an attempt needs to know of its site, and how far its kind of task is."""
        keys = {"id": decommission_id, "site": site_id, "kind": kind and kind.value}
        row = await self._session.execute(_SITE_TASK, keys)
        return SiteTask(*row.one())

    async def mark(self, decommission_id: UUID, state: DecommissionState) -> bool:
        """Set pending or partial, and the occupier with it; false when nothing changed."""
        status = {
            DecommissionState.PENDING: OccupierStatus.PENDING,
            DecommissionState.PARTIAL: OccupierStatus.FAILED,
        }[state]
        before = {
            DecommissionState.PENDING: DecommissionState.PARTIAL,
            DecommissionState.PARTIAL: DecommissionState.PENDING,
        }[state]
        occupier_id = await self._session.scalar(
            update(DecommissionRow)
            .where(DecommissionRow.id == decommission_id, DecommissionRow.state == before)
            .values(state=state)
            .returning(DecommissionRow.occupier_id)
        )
        if occupier_id is None:
            return False
        await self._session.execute(
            update(OccupierRow)
            .where(OccupierRow.id == occupier_id)
            .values(status=status, version=OccupierRow.version + 1)
        )
        await self._audit(decommission_id, _MARKED[state], before=before, after=state)
        return True

    async def finish(self, decommission_id: UUID) -> None:
        """The occupier is decommissioned, for good; a repeat changes nothing."""
        done = DecommissionState.DECOMMISSIONED
        before = await self._session.scalar(
            select(DecommissionRow.state)
            .where(DecommissionRow.id == decommission_id, DecommissionRow.state != done)
            .with_for_update()
        )
        if before is None:
            return
        await self._session.execute(
            update(DecommissionRow)
            .where(DecommissionRow.id == decommission_id)
            .values(state=done, finished_at=func.now())
        )
        await self._session.execute(text(FINISH), {"id": decommission_id})
        action = AuditAction.DECOMMISSION_DECOMMISSIONED
        await self._audit(decommission_id, action, before=before, after=done)

    async def release_numbers(self, decommission_id: UUID) -> int:
        """Bring numbers whose cooling-off is over back to their site's pool (DE-27, DE-28)."""
        rows = await self._session.execute(text(RELEASE_NUMBERS), {"id": decommission_id})
        released = len(rows.all())
        if released:
            await self._audit_release("decommission", decommission_id, released)
        return released

    async def release_untimed_numbers(self) -> int:
        """Bring back numbers that were cooling off when they were imported: no timer waits."""
        released = Counter((await self._session.scalars(text(RELEASE_UNTIMED))).all())
        for site_id, numbers in released.items():
            await self._audit_release("site", site_id, numbers)
        return released.total()

    async def seconds_to_next_release(self, decommission_id: UUID) -> float | None:
        """Seconds until the next number is due, at least 1; `None` when none is cooling off.

        No row must stay no row: `greatest(NULL, 1)` is 1, and the timer would never end.
        """
        seconds: float | None = await self._session.scalar(
            text(NEXT_RELEASE), {"id": decommission_id}
        )
        return seconds

    async def may_still_cool_numbers(self, decommission_id: UUID) -> bool:
        """Whether a telephony task is open, so that more numbers may come."""
        return bool(await self._session.scalar(text(TELEPHONY_IS_OPEN), {"id": decommission_id}))

    async def _audit(
        self,
        decommission_id: UUID,
        action: AuditAction,
        *,
        before: DecommissionState,
        after: DecommissionState,
    ) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=action,
                entity_kind="decommission",
                entity_id=decommission_id,
                before={"state": before},
                after={"state": after},
            )
        )

    async def _audit_release(self, entity_kind: str, entity_id: UUID, numbers: int) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=AuditAction.NUMBERS_RELEASED,
                entity_kind=entity_kind,
                entity_id=entity_id,
                after={"numbers": str(numbers)},
            )
        )
