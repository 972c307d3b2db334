"""Lets the tasks of a hold that is over go on, spread over some time; for the sweeper.

A task keeps its `hold_id` until its workflow was told, so that nobody is forgotten: not while
Temporal is down, nor by a sweeper that dies in between.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TaskKind
from models.domain.hold import systems_needed
from models.stores.task_cases import TaskCaseStore

SPREAD_PER_TASK_S = 0.1  # so that few tasks do not wait for as long as many

_OVER = text("""
SELECT DISTINCT holds.id FROM tasks JOIN holds ON holds.id = hold_id
 WHERE released_at IS NOT NULL AND resume_at IS NULL
""")

# Another hold may cover some of them: a wider one, or one of another system that they need.
_TAKE_OVER = text("""
UPDATE tasks SET hold_id = covering.id
  FROM holds AS covering
 WHERE tasks.hold_id = :hold_id AND resume_at IS NULL AND tasks.state = 'pending'
   AND covering.released_at IS NULL AND covering.system = ANY(CAST(:systems AS text[]))
   AND tasks.kind = :kind
   AND (covering.site_id IS NULL OR covering.site_id = tasks.site_id)
RETURNING tasks.id, covering.case_id
""")

_KINDS = text("SELECT DISTINCT kind FROM tasks WHERE hold_id = :hold_id AND resume_at IS NULL")

_SPREAD = text("""
UPDATE tasks SET resume_at = clock_timestamp() + make_interval(secs => random() * least(
           CAST(:spread_s AS double precision),
           :per_task_s * (SELECT count(*) FROM tasks WHERE hold_id = :hold_id)))
 WHERE hold_id = :hold_id AND resume_at IS NULL RETURNING id
""")

_DUE = text("""
SELECT id, decommission_id, site_id, kind, hold_id FROM tasks
 WHERE resume_at <= clock_timestamp() ORDER BY resume_at LIMIT :limit
""")

# From here on it is active again, or a lost worker would never be noticed. A task that has met the
# next hold meanwhile has no `resume_at` any more.
_TOLD = text("""
UPDATE tasks SET hold_id = NULL, resume_at = NULL,
       waiting_s = waiting_s + coalesce(extract(epoch FROM now() - clock_at), 0),
       clock_at = now(), waiting_reason = NULL
 WHERE id = :id AND hold_id = :hold_id AND resume_at IS NOT NULL AND state = 'pending'
""")

_ENDED = text("""
UPDATE tasks SET hold_id = NULL, resume_at = NULL
 WHERE id = :id AND resume_at IS NOT NULL AND state <> 'pending'
""")

# Shared: none of them is released before the tasks that it takes over are in its case.
_KEEP = text("SELECT FROM holds WHERE released_at IS NULL ORDER BY id FOR SHARE")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for a hold, as its workflow is told of it."""

    id: UUID
    decommission_id: UUID
    site_id: UUID | None
    kind: TaskKind
    hold_id: UUID


class ReleasedTaskStore:
    """Moves waiting tasks on inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def spread(self, spread_s: float) -> int:
        """Give the tasks of released holds each its moment; how many there were."""
        moved = 0
        over = (await self._session.scalars(_OVER)).all()
        if over:
            await self._session.execute(_KEEP)
        for hold_id in over:
            await self._take_over(hold_id)
            keys = {"hold_id": hold_id, "spread_s": spread_s, "per_task_s": SPREAD_PER_TASK_S}
            moved += len((await self._session.scalars(_SPREAD, keys)).all())
        return moved

    async def due(self, limit: int) -> list[Waiting]:
        """Those whose moment has come, longest ago first."""
        rows = await self._session.execute(_DUE, {"limit": limit})
        return [Waiting(row[0], row[1], row[2], TaskKind(row[3]), row[4]) for row in rows]

    async def told(self, task: Waiting) -> None:
        """Its workflow knows, or there is none that could know."""
        keys = {"id": task.id, "hold_id": task.hold_id}
        await self._session.execute(_TOLD, keys)
        await self._session.execute(_ENDED, {"id": task.id})

    async def _take_over(self, hold_id: UUID) -> None:
        kinds = (await self._session.scalars(_KINDS, {"hold_id": hold_id})).all()
        cases = TaskCaseStore(self._session)
        for kind in kinds:
            systems = [system.value for system in systems_needed(TaskKind(kind))]
            keys = {"hold_id": hold_id, "kind": kind, "systems": systems}
            for task_id, case_id in (await self._session.execute(_TAKE_OVER, keys)).all():
                if case_id is not None:
                    await cases.join(task_id, case_id)
