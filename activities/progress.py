"""The one mechanism that keeps task rows true: it stands around every task activity.

It notes each attempt's start, progress, end and stumble, sends the heartbeats, and turns any
error into a failure kind. Activities only call `advance`.
"""

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from time import monotonic
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from activities.failures import failure_of
from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.stores.decision_ends import DecisionEndStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore

log = structlog.get_logger()

HEARTBEAT_S = 1.0  # well under every policy's heartbeat timeout
ROW_EVERY_S = 1.0  # a row written more often than this helps nobody who looks

TASK_KINDS = frozenset(kind.value for kind in TaskKind)


class Attempt:
    """One attempt of a task activity, as seen by its row and by the engine."""

    def __init__(self, sessions: Sessions, order: TaskOrder, number: int) -> None:
        self._sessions = sessions
        self._order = order
        self._number = number
        self._report = TaskReport(done=0, total=0)
        self._written_at = monotonic()

    async def start(self) -> None:
        """Note the attempt."""
        async with self._sessions.single() as session:
            await TaskProgressStore(session).started(self._order, self._number)

    async def advance(self, report: TaskReport) -> None:
        """Note how far the attempt came, at most once a second."""
        self._report = report
        if monotonic() - self._written_at >= ROW_EVERY_S:
            self._written_at = monotonic()
            async with self._sessions.single() as session:
                await TaskProgressStore(session).advanced(self._order, report)

    async def finish(self, report: TaskReport) -> None:
        """Note the end of the attempt, and of the task when nothing remains."""
        async with self._sessions.single() as session:
            store = TaskProgressStore(session)
            if report.remaining:
                await store.advanced(self._order, report)
                return
            if await store.completed(self._order, report) is not None:
                return
        async with self._sessions.begin() as session:  # it has a case, or was done before
            task_id = await TaskProgressStore(session).recovered(self._order, report)
            if task_id is not None:
                await TaskCaseStore(session).release(task_id)
            if self._order.decision_id is not None:  # of a task that parked, so it had a case
                await DecisionEndStore(session).carried_out(self._order.decision_id)

    async def stumble(self, error: ApplicationError) -> None:
        """Note why the attempt failed; when even that fails, the engine still knows."""
        with suppress(Exception):
            async with self._sessions.single() as session:
                await TaskProgressStore(session).stumbled(
                    self._order, self._number, FailureKind.named(error.type), error.message
                )

    async def beat(self) -> None:
        """Tell the engine every second that this attempt is alive, and how far it is."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)  # first: most attempts are over by then
            activity.heartbeat(self._report.done, self._report.total)


_CURRENT: ContextVar[Attempt] = ContextVar("attempt")


async def advance(done: int, total: int) -> None:
    """Report progress of the running task activity."""
    await _CURRENT.get().advance(TaskReport(done=done, total=total))


class ProgressInterceptor(Interceptor):
    """Puts the mechanism around every activity of a worker."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 (the SDK's name)
        """Called by the worker for each kind of activity."""
        return _ProgressInbound(next, self._sessions)


class _ProgressInbound(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, sessions: Sessions) -> None:
        super().__init__(following)
        self._sessions = sessions

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 (the SDK's signature)
        info = activity.info()
        first = input.args[0] if input.args else None
        try:
            if info.activity_type in TASK_KINDS and isinstance(first, TaskOrder):
                return await self._execute_task(input, first, info.attempt)
            return await super().execute_activity(input)
        except Exception as error:
            failure = failure_of(error)
            if failure is error:
                raise
            log.warning(
                "activity.failed",
                activity=info.activity_type,
                attempt=info.attempt,
                failure=failure.type,
                error_class=type(error).__name__,
            )
            # No cause: its text and stack would be kept in the history.
            raise failure from None

    async def _execute_task(
        self,
        task_input: ExecuteActivityInput,
        order: TaskOrder,
        number: int,
    ) -> TaskReport:
        attempt = Attempt(self._sessions, order, number)
        _CURRENT.set(attempt)
        bind_order(order, number)
        beating = asyncio.create_task(attempt.beat())
        try:
            await attempt.start()
            report: TaskReport = await super().execute_activity(task_input)
            await attempt.finish(report)
        except Exception as error:
            await attempt.stumble(failure_of(error))
            raise
        finally:
            beating.cancel()
        log.info("task.advanced", done=report.done, total=report.total, remaining=report.remaining)
        return report


def bind_order(order: TaskOrder, attempt: int) -> None:
    """Put the ids of the task on every log line of this activity."""
    structlog.contextvars.bind_contextvars(
        occupier_id=str(order.occupier_id),
        decommission_id=str(order.decommission_id),
        site_id=str(order.site_id) if order.site_id else None,
        task=order.kind.value,
        round=order.round,
        attempt=attempt,
    )
