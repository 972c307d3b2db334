"""Where each task stands, as the activities move it; all writes are fenced by the round.

Plain SQL, prepared once: these run several times per task, and building them anew would cost more
than running them.
"""

from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.clock import WaitingReason
from models.domain.decommission import TaskState
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.stores.audit import AuditStore

_PENDING = "round = :round AND state = 'pending'"
_ERROR = "last_error_kind = :failure, last_error = :message, last_error_at = now()"


def _audited(action: AuditAction | None) -> str:
    if action is None:
        return "{}"
    return f"""WITH changed AS ({{}}, occupier_id, state, round), told AS (
        INSERT INTO audit_events (actor, action, entity_kind, entity_id, occupier_id, after)
        SELECT '{SYSTEM}', '{action}', 'task', id, occupier_id,
               jsonb_build_object('state', state, 'round', round::text)
          FROM changed) SELECT id FROM changed"""


class _Statement:
    """An update of one task, in its forms for a task of a site and for one of the occupier.

    With `action` it writes its audit event itself: one round trip, where `AuditStore` takes four.
    Such a statement must be its whole transaction, as nothing may be locked after the audit.
    """

    def __init__(self, change: str, condition: str, action: AuditAction | None = None) -> None:
        self._forms: dict[bool, TextClause] = {
            of_site: text(
                _audited(action).format(
                    f"UPDATE tasks SET {change} WHERE decommission_id = :decommission_id "
                    f"AND site_id {'= :site_id' if of_site else 'IS NULL'} AND kind = :kind "
                    f"AND {condition} RETURNING id"
                )
            )
            for of_site in (True, False)
        }

    async def run(self, session: AsyncSession, order: TaskOrder, **values: object) -> UUID | None:
        """Apply it to the task of `order` and return its id; a late writer's finds no row."""
        keys = {
            "decommission_id": order.decommission_id,
            "kind": order.kind.value,
            "round": order.round,
        }
        if order.site_id is not None:
            keys["site_id"] = order.site_id
        task_id: UUID | None = await session.scalar(
            self._forms[order.site_id is not None], keys | values
        )
        return task_id


# Whatever happens, the clock that has run since `clock_at` is read first.
_SINCE = "coalesce(extract(epoch FROM now() - clock_at), 0)"
_READ = (
    f"active_s = active_s + CASE WHEN waiting_reason IS NULL THEN {_SINCE} ELSE 0 END, "
    f"waiting_s = waiting_s + CASE WHEN waiting_reason IS NULL THEN 0 ELSE {_SINCE} END"
)


def _clock(reason: str = "NULL") -> str:
    """Read the clocks and let one go on: the waiting one for this reason, or the active one."""
    return f"{_READ}, clock_at = now(), waiting_reason = {reason}"


def _waits_for(reason: WaitingReason) -> str:
    return _clock(f"'{reason}'")


_WAITS_AFTER = {
    FailureKind.THROTTLED: WaitingReason.THROTTLED,
    FailureKind.UNCONFIRMED: WaitingReason.SETTLING,
}
"""What the time until the next attempt is, if not active."""

_STOP = f"{_READ}, clock_at = NULL, waiting_reason = NULL"
_WELL = "stuck_at = NULL, stuck_because = NULL"

# A later round that begins without a decision is that of a site's new run after its old one was
# ended from outside; it takes over what is not completed, also what waited for a person.
_STARTED = _Statement(
    "state = 'pending', phase = 'running', round = :round, attempt = :attempt, "
    f"started_at = coalesce(started_at, now()), finished_at = NULL, {_clock()}",
    f"({_PENDING} AND attempt < :attempt OR round < :round AND state <> 'completed')",
)
_ADVANCED = _Statement("phase = 'running', done = :done, total = :total", _PENDING)
_DONE = (
    "state = 'completed', phase = 'ended', done = :done, total = :total, finished_at = now(), "
    f"{_STOP}, {_WELL}"
)
_COMPLETED = _Statement(_DONE, f"{_PENDING} AND NOT has_case", AuditAction.TASK_COMPLETED)
_RECOVERED = _Statement(_DONE, f"{_PENDING} AND has_case")
_STUMBLED = _Statement(
    f"phase = 'retrying', {_ERROR}, {_clock(':reason')}", f"{_PENDING} AND attempt <= :attempt"
)
_PARKED = _Statement(
    f"state = 'failed', phase = 'ended', finished_at = now(), {_ERROR}, "
    f"{_waits_for(WaitingReason.HUMAN)}, {_WELL}",
    _PENDING,
)
_WAIVED = _Statement(
    f"state = 'completed', waived_by = :decision_id, finished_at = now(), {_STOP}",
    "round = :round AND state = 'failed'",
)
_REOPENED = _Statement(
    "state = 'pending', phase = 'queued', round = :round, attempt = 0, finished_at = NULL, "
    f"{_clock()}",
    "round < :round",
    AuditAction.TASK_REOPENED,
)


class TaskProgressStore:
    """Moves a task on; a late writer of an earlier round or of an ended task changes nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def started(self, order: TaskOrder, attempt: int) -> None:
        """An attempt has begun."""
        await _STARTED.run(self._session, order, attempt=attempt)

    async def advanced(self, order: TaskOrder, report: TaskReport) -> None:
        """An attempt has come this far."""
        await _ADVANCED.run(self._session, order, done=report.done, total=report.total)

    async def completed(self, order: TaskOrder, report: TaskReport) -> UUID | None:
        """The task is done, and a fresh read has shown it.

        Returns its id; `None` for a task that has a case, which only `recovered` completes.
        """
        return await _COMPLETED.run(self._session, order, done=report.done, total=report.total)

    async def recovered(self, order: TaskOrder, report: TaskReport) -> UUID | None:
        """The task is done that had a case; returns its id, or `None` when it was done before."""
        task_id = await _RECOVERED.run(self._session, order, done=report.done, total=report.total)
        if task_id is not None:
            await self._audit(AuditAction.TASK_COMPLETED, task_id, order, TaskState.COMPLETED)
        return task_id

    async def stumbled(
        self, order: TaskOrder, attempt: int, kind: FailureKind, message: str
    ) -> None:
        """An attempt has failed; the engine may try again."""
        await _STUMBLED.run(
            self._session,
            order,
            attempt=attempt,
            failure=kind.value,
            message=message,
            reason=_WAITS_AFTER.get(kind),
        )

    async def parked(self, order: TaskOrder, kind: FailureKind, message: str) -> UUID | None:
        """The attempts of this round have run out; the task waits for a person.

        Returns the task's id, or `None` when it was parked before or has moved on.
        """
        task_id = await _PARKED.run(self._session, order, failure=kind.value, message=message)
        if task_id is not None:
            await self._audit(
                AuditAction.TASK_PARKED, task_id, order, TaskState.FAILED, failure=kind.value
            )
        return task_id

    async def waived(self, order: TaskOrder, decision_id: UUID) -> UUID | None:
        """Two people leave the rest undone; returns the task's id, or `None` on a repeat."""
        task_id = await _WAIVED.run(self._session, order, decision_id=decision_id)
        if task_id is not None:
            await self._audit(
                AuditAction.TASK_WAIVED,
                task_id,
                order,
                TaskState.COMPLETED,
                decision_id=str(decision_id),
            )
        return task_id

    async def reopened(self, order: TaskOrder) -> None:
        """A person has asked for another round."""
        await _REOPENED.run(self._session, order)

    async def _audit(
        self,
        action: AuditAction,
        task_id: UUID,
        order: TaskOrder,
        state: TaskState,
        **more: str,
    ) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=action,
                entity_kind="task",
                entity_id=task_id,
                after={"state": state, "round": str(order.round), **more},
            )
        )
