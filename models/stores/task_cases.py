"""Support cases that open by themselves: one per cause, with every task that it stopped.

A cause is an outside system at a site with a kind of failure. While its case is open, more tasks
join it; a case that was resolved not long ago is opened again instead of a new one. All of it
happens in the transaction that changes the task, and a lock per cause keeps two from opening.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.advice import ADVICE
from models.domain.decommission import systems_of
from models.domain.orders import ParkedTask
from models.domain.outside import FailureKind, System

SYSTEM = "system"  # the actor of what nobody did by hand
RELAPSE_DAYS = 14  # as long as a comment may open a case again (reference 14)


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes tasks fail together."""

    system: System | None  # `None`: the platform's own
    site_id: UUID | None
    operator_id: UUID
    failure: FailureKind

    @property
    def key(self) -> str:
        """The same for the same cause; at most one open case has it."""
        place = self.site_id or self.operator_id
        return f"{self.system or 'platform'}/{place}/{self.failure}"

    @property
    def subject(self) -> str:
        """One line for lists."""
        who = f"The {self.system} system" if self.system else "The platform"
        return f"{who}: {_WORDS[self.failure]}"

    @property
    def description(self) -> str:
        """What it means and what to do first."""
        advice = ADVICE[self.failure]
        return f"{advice.meaning} {advice.next_step}"


_WORDS = {
    FailureKind.TRANSIENT: "does not answer",
    FailureKind.THROTTLED: "asks us to slow down",
    FailureKind.REJECTED: "refuses a removal",
    FailureKind.CONFLICT: "still uses what is to be removed",
    FailureKind.NOT_AUTHORISED: "does not accept our credentials",
    FailureKind.NOT_FOUND: "does not know the site",
    FailureKind.UNCONFIRMED: "says OK, but the resources are still there",
    FailureKind.NEEDS_HUMAN: "needs a person",
    FailureKind.TIMED_OUT: "comes to no end",
    FailureKind.BUG: "a defect stops a task",
}

_TASK = text("""
SELECT tasks.id, occupiers.operator_id FROM tasks
  JOIN occupiers ON occupiers.id = tasks.occupier_id
 WHERE decommission_id = :decommission_id AND kind = :kind
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid)
""")

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:cause, 0))")

_FIND = text("""
SELECT id, status IN ('resolved') FROM cases
 WHERE cause = :cause AND (status NOT IN ('resolved', 'closed')
       OR status = 'resolved' AND resolved_at > now() - make_interval(days => :days))
 ORDER BY status IN ('resolved'), resolved_at DESC LIMIT 1
""")

_OPEN = text("""
INSERT INTO cases (operator_id, site_id, occupier_id, decommission_id, subject, description,
                   category, priority, origin, requested_by, cause)
VALUES (:operator_id, :site_id, :occupier_id, :decommission_id, :subject, :description,
        'technical', 'p2', 'automatic', :actor, :cause) RETURNING id
""")

_REOPEN = text("""
UPDATE cases SET status = 'in_progress', resolved_at = NULL, updated_at = now(),
       times_reopened = times_reopened + 1 WHERE id = :case_id
""")

_LEAVE = text("""
UPDATE case_tasks SET left_at = now() WHERE task_id = :task_id AND left_at IS NULL
   AND case_id IS DISTINCT FROM CAST(:case_id AS uuid) RETURNING case_id
""")

_MARK = text("UPDATE tasks SET has_case = :has_case WHERE id = :task_id")

_JOIN = text("""
INSERT INTO case_tasks (case_id, task_id) VALUES (:case_id, :task_id)
ON CONFLICT (case_id, task_id) DO UPDATE SET left_at = NULL
""")

_RESOLVE = text("""
UPDATE cases SET status = 'resolved', resolved_at = now(), updated_at = now()
 WHERE id = :case_id AND origin = 'automatic' AND status NOT IN ('resolved', 'closed')
   AND NOT EXISTS (SELECT FROM case_tasks WHERE case_id = :case_id AND left_at IS NULL)
RETURNING id
""")

_NOTE = text("""
INSERT INTO case_statuses (case_id, status, actor) VALUES (:case_id, :status, :actor)
""")


class TaskCaseStore:
    """Keeps the cases of tasks true inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
        case_id = await self._case_of(cause, parked)
        left = await self._leave(task_id, staying_in=case_id)
        await self._session.execute(_JOIN, {"case_id": case_id, "task_id": task_id})
        await self._session.execute(_MARK, {"task_id": task_id, "has_case": True})
        for earlier in left:
            await self._resolve_when_empty(earlier)
        return case_id

    async def release(self, task_id: UUID) -> None:
        """The task is done: it leaves its case, and a case without tasks is resolved."""
        await self._session.execute(_MARK, {"task_id": task_id, "has_case": False})
        for case_id in await self._leave(task_id, staying_in=None):
            await self._resolve_when_empty(case_id)

    async def _case_of(self, cause: Cause, parked: ParkedTask) -> UUID:
        await self._session.execute(_LOCK, {"cause": cause.key})
        keys = {"cause": cause.key, "days": RELAPSE_DAYS}
        found = (await self._session.execute(_FIND, keys)).one_or_none()
        if found is None:
            return await self._open(cause, parked)
        case_id: UUID = found[0]
        if found[1]:
            await self._session.execute(_REOPEN, {"case_id": case_id})
            await self._note(case_id, "in_progress")
        return case_id

    async def _open(self, cause: Cause, parked: ParkedTask) -> UUID:
        case_id: UUID = await self._session.scalar(
            _OPEN,
            {
                "operator_id": cause.operator_id,
                "site_id": cause.site_id,
                "occupier_id": parked.order.occupier_id,
                "decommission_id": parked.order.decommission_id,
                "subject": cause.subject,
                "description": cause.description,
                "actor": SYSTEM,
                "cause": cause.key,
            },
        )
        await self._note(case_id, "new")
        return case_id

    async def _leave(self, task_id: UUID, *, staying_in: UUID | None) -> list[UUID]:
        keys = {"task_id": task_id, "case_id": staying_in}
        return list((await self._session.scalars(_LEAVE, keys)).all())

    async def _resolve_when_empty(self, case_id: UUID) -> None:
        if await self._session.scalar(_RESOLVE, {"case_id": case_id}) is not None:
            await self._note(case_id, "resolved")

    async def _note(self, case_id: UUID, status: str) -> None:
        await self._session.execute(_NOTE, {"case_id": case_id, "status": status, "actor": SYSTEM})
