"""Runs one task until it is done: attempts, then parked for a person, then another round."""

from collections.abc import Iterable

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as EngineTimeoutError

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from models.domain.decision import DecisionAction, DecisionRefusal
    from models.domain.decommission import TaskKind
    from models.domain.orders import (
        DecisionOrder,
        ParkedTask,
        Retry,
        TaskMode,
        TaskOrder,
        TaskReport,
        WaivedTask,
    )
    from models.domain.outside import FailureKind, System

    from workflows.names import ATTENTION_TASKS, RECORDS_QUEUE, STATUS, STILL_TRYING, queue_of
    from workflows.policies import RECORDS, policy_of

ROUNDS_OF_A_RUN = 100


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
        self._decisions: dict[TaskKind, DecisionOrder] = {}  # taken, and not yet acted on
        self._busy = 0
        self.decided = set(decided)
        self.is_paused = False
        self.parked: dict[TaskKind, FailureKind] = {}

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

    async def _attempt(self, order: TaskOrder) -> None:
        self._trying.add(order.kind)
        portion = 0
        remaining = 1
        try:
            while remaining:
                portion += 1
                report = await workflow.execute_activity(
                    order.kind.value,
                    order,
                    result_type=TaskReport,
                    activity_id=f"{order.kind}-r{order.round}-{portion}",
                    task_queue=queue_of(order.kind),
                    **policy_of(order.kind, self._patience),
                )
                remaining = report.remaining
        finally:
            self._trying.discard(order.kind)

    async def _park(self, parked: ParkedTask) -> DecisionOrder | None:
        """Wait for a person; `None` is a plain retry of the time before `DecisionOrder`."""
        order = parked.order
        await self._record("park_task", parked)
        self.parked[order.kind] = parked.failure
        self._publish()
        self._busy -= 1
        await workflow.wait_condition(lambda: order.kind not in self.parked)
        self._busy += 1
        self._publish()
        return self._decisions.pop(order.kind, None)

    async def _record(self, activity: str, message: ParkedTask | TaskOrder | WaivedTask) -> None:
        await workflow.execute_activity(activity, message, task_queue=RECORDS_QUEUE, **RECORDS)

    def _publish(self) -> None:
        waiting = sorted(kind.value for kind in self.parked)
        workflow.upsert_search_attributes(
            [
                STATUS.value_set("needs_attention" if waiting else "running"),
                ATTENTION_TASKS.value_set(waiting),
            ]
        )


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
