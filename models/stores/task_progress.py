"""Where each task stands, as the activities move it; all writes are fenced by the round.

Plain SQL, prepared once: these run several times per task, and building them anew would cost more
than running them.
"""

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind

_PENDING = "round = :round AND state = 'pending'"
_ERROR = "last_error_kind = :failure, last_error = :message, last_error_at = now()"


class _Statement:
    """An update of one task, in its forms for a task of a site and for one of the occupier."""

    def __init__(self, change: str, condition: str) -> None:
        self._forms: dict[bool, TextClause] = {
            of_site: text(
                f"UPDATE tasks SET {change} WHERE decommission_id = :decommission_id "
                f"AND site_id {'= :site_id' if of_site else 'IS NULL'} AND kind = :kind "
                f"AND {condition}"
            )
            for of_site in (True, False)
        }

    async def run(self, session: AsyncSession, order: TaskOrder, **values: object) -> None:
        """Apply it to the task of `order`; a late writer's finds no row."""
        keys = {
            "decommission_id": order.decommission_id,
            "kind": order.kind.value,
            "round": order.round,
        }
        if order.site_id is not None:
            keys["site_id"] = order.site_id
        await session.execute(self._forms[order.site_id is not None], keys | values)


_STARTED = _Statement(
    "phase = 'running', attempt = :attempt, started_at = coalesce(started_at, now())",
    f"{_PENDING} AND attempt < :attempt",
)
_ADVANCED = _Statement("phase = 'running', done = :done, total = :total", _PENDING)
_COMPLETED = _Statement(
    "state = 'completed', phase = 'ended', done = :done, total = :total, finished_at = now()",
    _PENDING,
)
_STUMBLED = _Statement(f"phase = 'retrying', {_ERROR}", f"{_PENDING} AND attempt <= :attempt")
_PARKED = _Statement(f"state = 'failed', phase = 'ended', finished_at = now(), {_ERROR}", _PENDING)
_REOPENED = _Statement(
    "state = 'pending', phase = 'queued', round = :round, attempt = 0, finished_at = NULL",
    "round < :round",
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

    async def completed(self, order: TaskOrder, report: TaskReport) -> None:
        """The task is done, and a fresh read has shown it."""
        await _COMPLETED.run(self._session, order, done=report.done, total=report.total)

    async def stumbled(
        self, order: TaskOrder, attempt: int, kind: FailureKind, message: str
    ) -> None:
        """An attempt has failed; the engine may try again."""
        await _STUMBLED.run(
            self._session, order, attempt=attempt, failure=kind.value, message=message
        )

    async def parked(self, order: TaskOrder, kind: FailureKind, message: str) -> None:
        """The attempts of this round have run out; the task waits for a person."""
        await _PARKED.run(self._session, order, failure=kind.value, message=message)

    async def reopened(self, order: TaskOrder) -> None:
        """A person has asked for another round."""
        await _REOPENED.run(self._session, order)
