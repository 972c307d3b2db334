"""Marks tasks as stuck, in their case, and takes them out of it when they are well again.

A task that gets well has its whole threshold anew, as has one that a person lets run again: what
was active before is forgiven (`forgiven_s`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.cause import Cause
from models.domain.decommission import TaskKind, TaskPhase, systems_of
from models.domain.outside import System
from models.domain.stuck import StuckBecause
from models.stores.audit import AuditStore
from models.stores.suspects import ACTIVE_S, Run, Suspect
from models.stores.task_cases import TaskCaseStore


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a task is stuck, with what the engine showed; ids and figures only."""

    because: StuckBecause
    queue: str | None = None
    seen: Mapping[str, object] | None = None

    @classmethod
    def by_row(cls, task: Suspect) -> "Verdict":
        """Of an overdue task, for who cannot ask the engine."""
        is_retrying = task.phase is TaskPhase.RETRYING
        return cls(StuckBecause.RETRYING if is_retrying else StuckBecause.HUNG)

    def cause(self, task: Suspect, struck: System | None = None) -> Cause:
        """What the case is about; troubles of the platform are one case, not one per task."""
        match self.because:
            case StuckBecause.HUNG | StuckBecause.RETRYING:
                system = struck or next(reversed(systems_of(task.kind)), None)
                return Cause(system, task.site_id, task.operator_id, self.because)
            case StuckBecause.NO_WORKER:
                return Cause(None, None, None, self.because, queue=self.queue)
            case StuckBecause.RUN_GONE:
                return Cause(None, None, task.operator_id, self.because)
            case StuckBecause.WORKFLOW_FAILING | StuckBecause.ENGINE_AWAY:
                return Cause(None, None, None, self.because)


class StuckTaskStore:
    """Works inside the caller's transaction; two at once do no harm to each other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def mark(self, task: Suspect, verdict: Verdict) -> bool:
        """Mark it and put it into its case; `False` when it has moved or was marked meanwhile."""
        keys = {
            "id": task.id,
            "round": task.round,
            "clock_at": task.clock_at,
            "done": task.done,
            "because": verdict.because.value,
            "seen": dict(verdict.seen or {}),
        }
        if await self._session.scalar(_MARK, keys) is None:
            return False
        # Of a task that needs two systems, the one that failed it last.
        struck = await self._session.scalar(_STRUCK, {"id": task.id})
        cause = verdict.cause(task, System(struck) if struck else None)
        await TaskCaseStore(self._session).attach_task(task.id, cause)
        after = {"because": verdict.because.value, "round": str(task.round)}
        await self._audit(AuditAction.TASK_STUCK, task.id, after)
        return True

    async def stuck(self, run: Run) -> set[TaskKind]:
        """The tasks of a workflow that are marked."""
        keys = {"decommission_id": run[0], "site_id": run[1]}
        return {TaskKind(kind) for (kind,) in await self._session.execute(_STUCK, keys)}

    async def well(self, limit: int) -> list[UUID]:
        """Stuck tasks that have moved: more is done, or an attempt has begun that could not."""
        return list(await self._session.scalars(_WELL, {"limit": limit}))

    async def mark_well(self, task_id: UUID) -> bool:
        """Let a task that has moved leave its case, with a fresh budget; `False`: not any more."""
        because = await self._session.scalar(_MARK_WELL, {"id": task_id})
        if because is None:
            return False
        await TaskCaseStore(self._session).release(task_id)
        await self._audit(AuditAction.TASK_WELL, task_id, {"because": because})
        return True

    async def _audit(self, action: AuditAction, task_id: UUID, after: Mapping[str, str]) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM, action=action, entity_kind="task", entity_id=task_id, after=after
            )
        )


# An attempt that began, failed or came further since the look has changed one of these.
_MARK: TextClause = text("""
UPDATE tasks SET stuck_at = now(), stuck_because = :because, stuck_done = done,
       stuck_clock_at = clock_at, stuck_seen = :seen
 WHERE id = :id AND state = 'pending' AND stuck_at IS NULL AND round = :round AND done = :done
   AND clock_at IS NOT DISTINCT FROM CAST(:clock_at AS timestamptz)
   AND (waiting_reason IS NULL OR waiting_reason NOT IN ('held', 'human'))
RETURNING id
""").bindparams(bindparam("seen", type_=JSONB))

_STRUCK = text("SELECT system FROM strikes WHERE task_id = :id")

_STUCK = text("""
SELECT kind FROM tasks WHERE decommission_id = :decommission_id
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid) AND stuck_at IS NOT NULL
""")

_HAS_MOVED = """
stuck_at IS NOT NULL AND state = 'pending' AND waiting_reason IS DISTINCT FROM 'held'
AND (done > stuck_done
     OR stuck_because NOT IN ('hung', 'retrying') AND phase <> 'queued'
        AND clock_at IS DISTINCT FROM stuck_clock_at)
"""

_WELL = text(f"SELECT id FROM tasks WHERE {_HAS_MOVED} ORDER BY stuck_at LIMIT :limit")

_MARK_WELL = text(f"""
WITH was AS (SELECT id, stuck_because FROM tasks WHERE id = :id AND {_HAS_MOVED} FOR UPDATE)
UPDATE tasks SET stuck_at = NULL, stuck_because = NULL, forgiven_s = {ACTIVE_S}
  FROM was WHERE tasks.id = was.id RETURNING was.stuck_because
""")
