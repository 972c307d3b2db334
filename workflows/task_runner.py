"""Runs one task until it is done: attempts, then parked for a person, then another round."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as EngineTimeoutError

with workflow.unsafe.imports_passed_through():
    from datetime import timedelta
    from uuid import UUID

    from models.domain.decision import DecisionAction, DecisionRefusal
    from models.domain.decommission import TaskKind
    from models.domain.orders import (
        DecisionOrder,
        HoldNews,
        ParkedTask,
        Retry,
        TaskMode,
        TaskOrder,
        TaskReport,
        WaivedTask,
    )
    from models.domain.outside import FailureKind, System

    from workflows.names import (
        ATTENTION_TASKS,
        FAILED_TASKS,
        RECORDS_QUEUE,
        STATUS,
        STILL_TRYING,
        RunStatus,
        queue_of,
    )
    from workflows.policies import RECORDS, policy_of

ROUNDS_OF_A_RUN = 100
# A held task looks for itself this often, should the news of the release be lost.
LOOK_AFTER_S = 3600.0


class TaskRunner:
    """The tasks of one workflow run; `parked` holds those that wait for a person."""

    def __init__(
        self,
        decommission_id: UUID,
        occupier_id: UUID,
        patience: float,
        decided: Iterable[UUID] = (),
        restarts: int = 0,
    ) -> None:
        # A run that takes over from an ended one must count above all of its rounds.
        self._first_round = 1 + ROUNDS_OF_A_RUN * restarts
        self._decommission_id = decommission_id
        self._occupier_id = occupier_id
        self._patience = patience
        self._rounds: dict[TaskKind, int] = {}
        self._trying: set[TaskKind] = set()
        self._held: set[TaskKind] = set()
        self._hold_news: set[TaskKind] = set()  # since the last attempt began
        self._decisions: dict[TaskKind, DecisionOrder] = {}  # taken, and not yet acted on
        self._busy = 0
        self.decided = set(decided)
        self.is_paused = False
        self.parked: dict[TaskKind, FailureKind] = {}
        self._stuck: frozenset[TaskKind] = frozenset()

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing goes on here until a person decides."""
        return bool(self.parked) and self._busy == 0

    async def run(self, kind: TaskKind, site_id: UUID | None = None) -> None:
        """Return when the task is done or waived, however many rounds and people that takes."""
        self._busy += 1
        order = TaskOrder(
            decommission_id=self._decommission_id,
            occupier_id=self._occupier_id,
            site_id=site_id,
            kind=kind,
            round=self._rounds.setdefault(kind, self._first_round),
        )
        while True:
            await self._wait_while_paused()
            try:
                await self._attempt(order)
            except ActivityError as error:
                decision = await self._park(_parked(order, error))
            else:
                break
            if decision and decision.action is DecisionAction.WAIVE:
                waived = WaivedTask(order=order, decision_id=decision.decision_id)
                await self._record("waive_task", waived)
                break
            order = _next_round(order, decision)
            await self._record("reopen_task", order)
        self._busy -= 1

    def refuse(self, decision: DecisionOrder) -> None:
        """Raise unless the decision is for a parked task in the round that it is in.

        The error's type is a `DecisionRefusal`, or `STILL_TRYING` for a retry that the engine
        itself can hasten.
        """
        if decision.decision_id in self.decided or decision.kind is None:
            return
        kind, is_current = decision.kind, decision.round == self._rounds.get(decision.kind)
        if kind in self.parked and is_current:
            return
        if kind in self._held and is_current:
            raise ApplicationError(f"{kind} waits for a hold", type=DecisionRefusal.TASK_HELD)
        if kind in self._trying and is_current:
            is_retry = decision.action is DecisionAction.RETRY
            raise ApplicationError(
                f"{kind} is still being tried",
                type=STILL_TRYING if is_retry else DecisionRefusal.TASK_NOT_FAILED,
            )
        raise ApplicationError(
            f"{kind} is not where the person saw it", type=DecisionRefusal.TASK_MOVED_ON
        )

    def decide(self, decision: DecisionOrder) -> None:
        """Let a parked task go on as decided; once, however often it is told."""
        if decision.decision_id in self.decided or decision.kind is None:
            return
        self.decided.add(decision.decision_id)
        self._decisions[decision.kind] = decision
        self._unpark(decision.kind)

    def refuse_retry(self, retry: Retry) -> None:
        """Raise unless `retry` names a parked task in the round that it is in."""
        if retry.kind not in self.parked:
            raise ApplicationError(f"{retry.kind} is not waiting for a decision", type="NotParked")
        if retry.round != self._rounds[retry.kind]:
            raise ApplicationError(
                f"{retry.kind} is in round {self._rounds[retry.kind]} by now", type="Stale"
            )

    def retry(self, retry: Retry) -> None:
        """Let a parked task go on with its next round."""
        self._unpark(retry.kind)

    def _unpark(self, kind: TaskKind) -> None:
        del self.parked[kind]
        self._rounds[kind] += 1

    async def _wait_while_paused(self) -> None:
        if self.is_paused:  # else no wait at all: histories from before pauses have none
            await workflow.wait_condition(lambda: not self.is_paused)

    def hear_of_hold(self, news: HoldNews) -> None:
        """The hold that the task waits for is over, or it is to try whether it may be."""
        self._hold_news.add(news.kind)

    async def _wait_for_hold(self, kind: TaskKind) -> None:
        """Wait for news; those that came before the report of the hold are news as well."""
        self._held.add(kind)
        with suppress(asyncio.TimeoutError):
            await workflow.wait_condition(
                lambda: kind in self._hold_news,
                timeout=timedelta(seconds=LOOK_AFTER_S * self._patience),
            )
        self._held.discard(kind)
        await self._wait_while_paused()

    async def _attempt(self, order: TaskOrder) -> None:
        self._trying.add(order.kind)
        portion = 0
        remaining = 1
        try:
            while remaining:
                portion += 1
                self._hold_news.discard(order.kind)
                report = await workflow.execute_activity(
                    order.kind.value,
                    order,
                    result_type=TaskReport,
                    activity_id=f"{order.kind}-r{order.round}-{portion}",
                    task_queue=queue_of(order.kind),
                    **policy_of(order.kind, self._patience),
                )
                remaining = report.remaining
                if report.hold_id is not None:
                    await self._wait_for_hold(order.kind)
        finally:
            self._trying.discard(order.kind)
            self.show_stuck(self._stuck - {order.kind})

    async def _park(self, parked: ParkedTask) -> DecisionOrder | None:
        """Wait for a person; `None` is a plain retry of the time before `DecisionOrder`."""
        order = parked.order
        # First of all: somebody may decide as soon as the row says failed.
        self.parked[order.kind] = parked.failure
        await self._record("park_task", parked)
        self._publish()
        self._busy -= 1
        await workflow.wait_condition(lambda: order.kind not in self.parked)
        self._busy += 1
        self._publish()
        return self._decisions.pop(order.kind, None)

    async def _record(self, activity: str, message: ParkedTask | TaskOrder | WaivedTask) -> None:
        await workflow.execute_activity(activity, message, task_queue=RECORDS_QUEUE, **RECORDS)

    def pause(self, *, is_paused: bool) -> None:
        """Let no task start, or let them start again."""
        self.is_paused = is_paused
        if workflow.patched("publish-paused"):
            self._publish()

    def show_stuck(self, kinds: Iterable[TaskKind]) -> None:
        """Let searches find the run by its stuck tasks, until they are tried no more."""
        if frozenset(kinds) != self._stuck:
            self._stuck = frozenset(kinds)
            self._publish()

    def _publish(self) -> None:
        attention = sorted(kind.value for kind in self._stuck | self.parked.keys())
        workflow.upsert_search_attributes(
            [
                STATUS.value_set(self._status),
                ATTENTION_TASKS.value_set(attention),
                FAILED_TASKS.value_set(len(self.parked)),
            ]
        )

    @property
    def _status(self) -> RunStatus:
        if self.parked:
            return RunStatus.NEEDS_ATTENTION
        if self._stuck:
            return RunStatus.STUCK
        return RunStatus.PAUSED if self.is_paused else RunStatus.RUNNING


def _next_round(order: TaskOrder, decision: DecisionOrder | None) -> TaskOrder:
    by_hand = decision is not None and decision.action is DecisionAction.COMPLETE_BY_HAND
    return order.model_copy(
        update={
            "round": order.round + 1,
            "mode": TaskMode.CONFIRM if by_hand else TaskMode.ACT,
            "decision_id": decision.decision_id if decision and by_hand else None,
        }
    )


def _parked(order: TaskOrder, error: ActivityError) -> ParkedTask:
    match error.cause:
        case ApplicationError() as failure:
            return ParkedTask(
                order=order,
                failure=FailureKind.named(failure.type),
                message=failure.message,
                system=System(failure.details[0]) if failure.details else None,
            )
        case EngineTimeoutError():
            kind, message = FailureKind.TIMED_OUT, "No answer came in time, in any attempt."
        case _:
            kind = FailureKind.BUG
            message = "The engine ended the task; support sees it in the history."
    return ParkedTask(order=order, failure=kind, message=message)
