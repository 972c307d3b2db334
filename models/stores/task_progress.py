"""Where each task stands, as the activities move it; all writes are fenced by the round.

Plain SQL, prepared once: these run several times per task, and building them anew would cost more
than running them.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.attempt import Author
from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.clock import WaitingReason
from models.domain.decommission import TaskState
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.stores.audit import AuditStore
from models.stores.task_statements import Look, LookingStatement, TaskStatement

_PENDING = "round = :round AND state = 'pending'"
_ERROR = "last_error_kind = :failure, last_error = :message, last_error_at = now()"

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
# What was active so far counts no more towards being stuck.
_FORGIVEN = f"forgiven_s = active_s + CASE WHEN waiting_reason IS NULL THEN {_SINCE} ELSE 0 END"
_WELL = "stuck_at = NULL, stuck_because = NULL"
_FREE = "hold_id = NULL, resume_at = NULL"

# A later round that begins without a decision is that of a site's new run after its old one was
# ended from outside; it takes over what is not completed, also what waited for a person.
_TAKEN_OVER = "round < :round AND state <> 'completed'"
_NOT_ENDED = f"({_PENDING} OR {_TAKEN_OVER})"
# A task that meets a hold is not touched here: `HeldTaskStore` lets it wait.
_STARTED = LookingStatement(f"""
WITH task AS (SELECT id FROM tasks WHERE {{task}}), met AS ({{holds}}), begun AS (
    UPDATE tasks SET state = 'pending', phase = 'running', round = :round, attempt = :attempt,
           started_at = coalesce(started_at, now()), finished_at = NULL, {_clock()}, {_FREE},
           heartbeat_at = now(), worker = :worker, code_version = :code_version, run_id = :run_id
     WHERE {{task}} AND NOT EXISTS (SELECT FROM met WHERE NOT is_probe)
       AND ({_PENDING} AND attempt < :attempt OR {_TAKEN_OVER}))
SELECT (SELECT id FROM task), (SELECT id FROM met WHERE NOT is_probe LIMIT 1),
       EXISTS (SELECT FROM met WHERE is_probe),
       EXISTS (SELECT FROM strikes JOIN task ON task_id = task.id)
""")
_ADVANCED = LookingStatement(f"""
WITH task AS (
    UPDATE tasks SET phase = 'running', done = :done, total = :total, heartbeat_at = now(),
           progress_at = CASE WHEN done <> :done THEN now() ELSE progress_at END
     WHERE {{task}} AND {_PENDING} RETURNING id), met AS ({{holds}})
SELECT (SELECT id FROM task), (SELECT id FROM met WHERE NOT is_probe LIMIT 1)
""")
_ALIVE = TaskStatement("heartbeat_at = now()", _PENDING)
_DONE = (
    "state = 'completed', phase = 'ended', done = :done, total = :total, finished_at = now(), "
    "failed_items = 0, progress_at = now(), "
    f"{_STOP}, {_WELL}, {_FREE}"
)
_COMPLETED = TaskStatement(_DONE, f"{_PENDING} AND NOT has_case", AuditAction.TASK_COMPLETED)
# With or without a case: it may have got well, and left its case, since `_COMPLETED` looked.
_RECOVERED = TaskStatement(_DONE, _PENDING)
_FAILED_ITEMS = (
    "failed_items = (SELECT count(*) FROM plan_items item "
    "WHERE item.decommission_id = tasks.decommission_id AND item.site_id = tasks.site_id "
    "AND item.task_kind = tasks.kind AND item.verdict IN ('unknown', 'disabled_only') "
    "AND item.failure IS NOT NULL)"
)
# With attempt 0, so that the first one afterwards counts as a new one.
_HELD = TaskStatement(
    "state = 'pending', phase = 'queued', round = :round, attempt = 0, finished_at = NULL, "
    f"hold_id = :hold_id, resume_at = NULL, {_waits_for(WaitingReason.HELD)}, {_WELL}, "
    f"{_FORGIVEN}",
    _NOT_ENDED,
)
_STUMBLED = TaskStatement(
    f"phase = 'retrying', done = greatest(done, :done), {_ERROR}, {_FAILED_ITEMS}, "
    f"{_clock(':reason')}",
    f"{_PENDING} AND attempt <= :attempt",
)
_PARKED = TaskStatement(
    f"state = 'failed', phase = 'ended', finished_at = now(), {_ERROR}, "
    f"{_waits_for(WaitingReason.HUMAN)}, {_WELL}, {_FREE}",
    _PENDING,
)
_WAIVED = TaskStatement(
    f"state = 'completed', waived_by = :decision_id, finished_at = now(), {_STOP}",
    "round = :round AND state = 'failed'",
)
_REOPENED = TaskStatement(
    "state = 'pending', phase = 'queued', round = :round, attempt = 0, finished_at = NULL, "
    f"{_clock()}, {_FORGIVEN}",
    "round < :round",
    AuditAction.TASK_REOPENED,
)


class TaskProgressStore:
    """Moves a task on; a late writer of an earlier round or of an ended task changes nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def started(self, order: TaskOrder, attempt: int, author: Author) -> Look:
        """An attempt has begun, unless it meets a hold: then nothing has changed."""
        return await _STARTED.run(
            self._session,
            order,
            attempt=attempt,
            worker=author.worker,
            code_version=author.code_version,
            run_id=author.run_id,
        )

    async def alive(self, order: TaskOrder) -> None:
        """The worker still has it, whether or not it comes further."""
        await _ALIVE.run(self._session, order)

    async def advanced(self, order: TaskOrder, report: TaskReport) -> Look:
        """An attempt has come this far; a hold may have been placed meanwhile."""
        return await _ADVANCED.run(self._session, order, done=report.done, total=report.total)

    async def held(self, order: TaskOrder, hold_id: UUID) -> UUID | None:
        """The task waits for this hold, and its clock stands still; returns its id.

        For `HeldTaskStore`, which has made sure that the hold is open and sees to the case.
        """
        return await _HELD.run(self._session, order, hold_id=hold_id)

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
        self, order: TaskOrder, attempt: int, kind: FailureKind, message: str, done: int = 0
    ) -> UUID | None:
        """An attempt has failed; the engine may try again. `None` for a late writer.

        What is done by now is told as well: of an attempt that fails nobody else may have told.
        """
        return await _STUMBLED.run(
            self._session,
            order,
            attempt=attempt,
            failure=kind.value,
            message=message,
            reason=_WAITS_AFTER.get(kind),
            done=done,
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
