"""Half open: a breaker's hold lets one waiting task through, and its end says what comes next."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM
from models.domain.decommission import TaskKind
from models.domain.hold import Breaker
from models.stores.holds import HoldStore
from models.stores.released_tasks import Waiting

BEGINS_WITHIN_S = 30.0  # else another task is let through: its workers may be dead
ENDS_WITHIN_S = 1200.0  # longer than any attempt may take

# A task of one site before one of all: it shows sooner how things are. By chance among them, so
# that one that is broken itself does not keep the system held.
_PICK = text("""
UPDATE holds SET probe_task_id = picked.id,
       probe_at = clock_timestamp() + make_interval(secs => :begins_within_s)
  FROM (SELECT due.id AS hold_id, candidate.*
          FROM (SELECT holds.id FROM holds
                  LEFT JOIN tasks AS probe ON probe.id = probe_task_id
                 WHERE released_at IS NULL AND probe_at <= clock_timestamp()
                   AND (probe.id IS NULL OR probe.phase <> 'running'
                        OR probe_at <= clock_timestamp() - make_interval(secs => :ends_within_s))
                   AND EXISTS (SELECT FROM tasks AS waiting
                                WHERE waiting.hold_id = holds.id AND waiting.resume_at IS NULL)
                 ORDER BY probe_at LIMIT 1 FOR UPDATE OF holds SKIP LOCKED) AS due
          JOIN LATERAL (
               SELECT tasks.id, decommission_id, site_id, kind FROM tasks
                WHERE hold_id = due.id AND resume_at IS NULL AND state = 'pending'
                ORDER BY site_id IS NULL, random() LIMIT 1) AS candidate ON true) AS picked
 WHERE holds.id = picked.hold_id
RETURNING picked.id, picked.decommission_id, picked.site_id, picked.kind, picked.hold_id
""")

_UNPICK = text("""
UPDATE holds SET probe_at = clock_timestamp(), probe_task_id = NULL
 WHERE id = :hold_id AND probe_task_id = :task_id AND released_at IS NULL
""")

_PROBED_BY = text("""
SELECT id, probes FROM holds WHERE probe_task_id = :task_id AND released_at IS NULL
 ORDER BY id FOR UPDATE
""")

_AGAIN = text("""
UPDATE holds SET probe_task_id = NULL, probes = probes + 1,
       probe_at = clock_timestamp() + make_interval(secs => :wait_s)
 WHERE id = :hold_id
""")


class ProbeStore:
    """Moves the holds of the breaker on inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def pick(self) -> Waiting | None:
        """Let one task through the next hold that is due for it; commit before telling it.

        A hold for which none waits stays as it is: the next task that meets it is the probe.
        """
        keys = {"begins_within_s": BEGINS_WITHIN_S, "ends_within_s": ENDS_WITHIN_S}
        row = (await self._session.execute(_PICK, keys)).one_or_none()
        if row is None:
            return None
        return Waiting(row[0], row[1], row[2], TaskKind(row[3]), row[4])

    async def unpick(self, probe: Waiting) -> None:
        """It could not be told; it is chosen anew."""
        await self._session.execute(_UNPICK, {"hold_id": probe.hold_id, "task_id": probe.id})

    async def passed(self, task_id: UUID) -> None:
        """The system has answered this task: whatever let it through is released."""
        for hold_id, _ in (await self._session.execute(_PROBED_BY, {"task_id": task_id})).all():
            await HoldStore(self._session).release(hold_id, SYSTEM)

    async def failed(self, task_id: UUID, breaker: Breaker) -> None:
        """It is not back; the next task is let through later."""
        rows = (await self._session.execute(_PROBED_BY, {"task_id": task_id})).all()
        for hold_id, probes in rows:
            keys = {"hold_id": hold_id, "wait_s": breaker.wait_s(probes + 1)}
            await self._session.execute(_AGAIN, keys)
