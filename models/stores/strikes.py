"""The breaker: counts the failures that may be a system's own, and holds it when there are enough.

One transaction counts a failure and, if need be, places the hold and lets the task wait for it;
a lock per system lets nobody count past the last one that was needed.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM
from models.domain.hold import Breaker, kinds_needing
from models.domain.orders import TaskOrder
from models.domain.outside import FailureKind, System
from models.stores.held_tasks import HeldTaskStore
from models.stores.holds import HoldStore, NewHold

# A failure from before the last hold was released says nothing of the system as it is now.
_SINCE = """greatest(now() - make_interval(secs => :window_s), (
    SELECT max(released_at) FROM holds
     WHERE holds.system = :system AND (holds.site_id IS NULL OR holds.site_id = {})))"""

_STRIKE = text(f"""
INSERT INTO strikes AS struck (task_id, system, site_id, failure)
VALUES (:task_id, :system, :site_id, :failure)
ON CONFLICT (task_id) DO UPDATE SET failures = CASE
           WHEN struck.system = excluded.system
                AND struck.last_at > {_SINCE.format("struck.site_id")}
           THEN struck.failures + 1 ELSE 1 END,
       system = excluded.system, failure = excluded.failure, last_at = now(),
       first_at = CASE
           WHEN struck.system = excluded.system
                AND struck.last_at > {_SINCE.format("struck.site_id")}
           THEN struck.first_at ELSE now() END
""")

_FAILING = f"""
 FROM strikes WHERE strikes.system = :system AND last_at > {_SINCE.format("strikes.site_id")}
  AND (failures >= :in_a_row OR failure = 'not_authorised')
"""
_COUNT = text(f"""
SELECT count(*) FILTER (WHERE site_id = :site_id), count(*), count(DISTINCT site_id) {_FAILING}
""")

# A task that had nothing to remove says nothing of the system.
_COUNT_IN_A_ROW = text(f"""
SELECT count(*), count(DISTINCT site_id) {_FAILING}
   AND last_at > coalesce((
       SELECT max(newest.finished_at) FROM unnest(CAST(:kinds AS text[])) AS needing(kind),
              LATERAL (SELECT finished_at FROM tasks
                        WHERE tasks.kind = needing.kind AND state = 'completed'
                          AND waived_by IS NULL AND total > 0
                        ORDER BY finished_at DESC LIMIT 1) AS newest), '-infinity')
""")

# Those that failed before there were enough: what they wait for is explained by the hold as well.
_FAILED = text(f"""
SELECT id FROM tasks
 WHERE state = 'failed' AND id IN (SELECT task_id {_FAILING})
   AND (CAST(:site_id AS uuid) IS NULL OR site_id = :site_id) ORDER BY id
""")

_FORGET = text("DELETE FROM strikes WHERE task_id = :task_id")


class StrikeStore:
    """Counts failures inside the caller's transaction."""

    def __init__(self, session: AsyncSession, breaker: Breaker) -> None:
        self._session = session
        self._breaker = breaker

    async def strike(
        self, task_id: UUID, order: TaskOrder, system: System, failure: FailureKind
    ) -> UUID | None:
        """Count a failure of a task at a site; the hold that it has led to, or has found."""
        await HoldStore(self._session).lock(system)
        if hold_id := await HeldTaskStore(self._session).covering(order, [system]):
            return hold_id
        keys = self._keys(system) | {"site_id": order.site_id}
        await self._session.execute(_STRIKE, keys | {"task_id": task_id, "failure": failure.value})
        at_site, everywhere, sites = (await self._session.execute(_COUNT, keys)).one()
        enough = self._breaker.tasks
        if everywhere >= enough and sites >= self._breaker.sites and await self._none_works(system):
            return await self._place(system, None, failure)
        if at_site >= enough:
            return await self._place(system, order.site_id, failure)
        return None

    async def forget(self, task_id: UUID) -> None:
        """The task is done."""
        await self._session.execute(_FORGET, {"task_id": task_id})

    async def _none_works(self, system: System) -> bool:
        keys = self._keys(system) | {"kinds": [kind.value for kind in kinds_needing(system)]}
        tasks, sites = (await self._session.execute(_COUNT_IN_A_ROW, keys)).one()
        return bool(tasks >= self._breaker.tasks and sites >= self._breaker.sites)

    async def _place(self, system: System, site_id: UUID | None, failure: FailureKind) -> UUID:
        new = NewHold(
            system=system,
            site_id=site_id,
            placed_by=SYSTEM,
            failure=failure,
            probe_in_s=self._breaker.wait_s(0),
        )
        # Read first: a narrower hold that is released is the end of what has counted until then.
        keys = self._keys(system) | {"site_id": site_id}
        failed = (await self._session.scalars(_FAILED, keys)).all()
        hold_id, _ = await HoldStore(self._session).place(new)
        await HeldTaskStore(self._session).gather(hold_id, failed)
        return hold_id

    def _keys(self, system: System) -> dict[str, object]:
        return {
            "system": system.value,
            "window_s": self._breaker.window_s,
            "in_a_row": self._breaker.in_a_row,
        }
