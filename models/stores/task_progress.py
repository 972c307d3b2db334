"""Where each task stands, as the activities move it; all writes are fenced by the round."""

from typing import Any

from sqlalchemy import Update, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TaskPhase, TaskState
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.tables.task import TaskRow


class TaskProgressStore:
    """Moves a task on; a late writer of an earlier round or of an ended task changes nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def started(self, order: TaskOrder, attempt: int) -> None:
        """An attempt has begun."""
        await self._session.execute(
            _pending(order)
            .where(TaskRow.attempt < attempt)
            .values(
                phase=TaskPhase.RUNNING,
                attempt=attempt,
                started_at=func.coalesce(TaskRow.started_at, func.now()),
            )
        )

    async def advanced(self, order: TaskOrder, report: TaskReport) -> None:
        """An attempt has come this far."""
        await self._session.execute(
            _pending(order).values(done=report.done, total=report.total, phase=TaskPhase.RUNNING)
        )

    async def completed(self, order: TaskOrder, report: TaskReport) -> None:
        """The task is done, and a fresh read has shown it."""
        await self._session.execute(
            _pending(order).values(
                state=TaskState.COMPLETED,
                phase=TaskPhase.ENDED,
                done=report.done,
                total=report.total,
                finished_at=func.now(),
            )
        )

    async def stumbled(
        self, order: TaskOrder, attempt: int, kind: FailureKind, message: str
    ) -> None:
        """An attempt has failed; the engine may try again."""
        await self._session.execute(
            _pending(order)
            .where(TaskRow.attempt <= attempt)
            .values(
                phase=TaskPhase.RETRYING,
                last_error_kind=kind,
                last_error=message,
                last_error_at=func.now(),
            )
        )

    async def parked(self, order: TaskOrder, kind: FailureKind, message: str) -> None:
        """The attempts of this round have run out; the task waits for a person."""
        values: dict[str, Any] = {  # Any: column values of several types
            "state": TaskState.FAILED,
            "phase": TaskPhase.ENDED,
            "last_error_kind": kind,
            "last_error": message,
            "last_error_at": func.now(),
            "finished_at": func.now(),
        }
        await self._session.execute(_pending(order).values(values))

    async def reopened(self, order: TaskOrder) -> None:
        """A person has asked for another round."""
        await self._session.execute(
            update(TaskRow)
            .where(*_same_task(order), TaskRow.round < order.round)
            .values(
                state=TaskState.PENDING,
                phase=TaskPhase.QUEUED,
                round=order.round,
                attempt=0,
                finished_at=None,
            )
        )


def _same_task(order: TaskOrder) -> tuple[Any, ...]:  # Any: SQLAlchemy's clause elements
    return (
        TaskRow.decommission_id == order.decommission_id,
        TaskRow.site_id.is_(None) if order.site_id is None else TaskRow.site_id == order.site_id,
        TaskRow.kind == order.kind,
    )


def _pending(order: TaskOrder) -> Update:
    return update(TaskRow).where(
        *_same_task(order), TaskRow.round == order.round, TaskRow.state == TaskState.PENDING
    )
