"""The one mechanism that keeps task rows true: it stands around every task activity.

It notes each attempt's start, progress, end and stumble, sends the heartbeats, and turns any
error into a failure kind. Activities only call `advance`.
"""

import asyncio
from contextvars import ContextVar
from typing import Any

import structlog
from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from activities.attempt import Attempt, HoldMetError, Setting
from activities.failures import failure_of
from models.domain.attempt import Author
from models.domain.decommission import TaskKind
from models.domain.orders import TaskOrder, TaskReport

log = structlog.get_logger()

TASK_KINDS = frozenset(kind.value for kind in TaskKind)


_CURRENT: ContextVar[Attempt] = ContextVar("attempt")


async def advance(done: int, total: int) -> None:
    """Report progress of the running task activity."""
    await _CURRENT.get().advance(TaskReport(done=done, total=total))


def halt_if_held() -> None:
    """Stop the running task activity if a hold was placed on what it needs."""
    _CURRENT.get().halt_if_held()


class ProgressInterceptor(Interceptor):
    """Puts the mechanism around every activity of a worker."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 (the SDK's name)
        """Called by the worker for each kind of activity."""
        return _ProgressInbound(next, self._setting)


class _ProgressInbound(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, setting: Setting) -> None:
        super().__init__(following)
        self._setting = setting

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
        setting = self._setting
        author = Author(setting.worker, setting.code_version, activity.info().workflow_run_id)
        attempt = Attempt(setting, order, number, author)
        _CURRENT.set(attempt)
        bind_order(order, number)
        beating = asyncio.create_task(attempt.beat())
        showing = asyncio.create_task(attempt.show_alive())
        try:
            report = await self._attempt(attempt, task_input)
        except Exception as error:
            waiting = await attempt.stumble(failure_of(error))
            if waiting is None:
                raise
            return waiting
        finally:
            beating.cancel()
            showing.cancel()
        log.info("task.advanced", done=report.done, total=report.total, remaining=report.remaining)
        return report

    async def _attempt(self, attempt: Attempt, task_input: ExecuteActivityInput) -> TaskReport:
        hold_id = await attempt.start()
        if hold_id is not None:
            return await attempt.wait(hold_id)
        try:
            report: TaskReport = await super().execute_activity(task_input)
        except HoldMetError as met:
            return await attempt.wait(met.hold_id)
        await attempt.finish(report)
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
