"""Runs one task until it is done: attempts, then parked for a person, then another round."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as EngineTimeoutError

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from models.domain.decommission import TaskKind
    from models.domain.orders import ParkedTask, Retry, TaskOrder, TaskReport
    from models.domain.outside import FailureKind

    from workflows.names import ATTENTION_TASKS, RECORDS_QUEUE, STATUS, queue_of
    from workflows.policies import RECORDS, policy_of


class TaskRunner:
    """The tasks of one workflow run; `parked` holds those that wait for a person."""

    def __init__(self, decommission_id: UUID, occupier_id: UUID, patience: float) -> None:
        self._decommission_id = decommission_id
        self._occupier_id = occupier_id
        self._patience = patience
        self._rounds: dict[TaskKind, int] = {}
        self._busy = 0
        self.parked: dict[TaskKind, FailureKind] = {}

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing goes on here until a person decides."""
        return bool(self.parked) and self._busy == 0

    async def run(self, kind: TaskKind, site_id: UUID | None = None) -> None:
        """Return when the task is done, however many rounds and people that takes."""
        self._busy += 1
        while True:
            order = TaskOrder(
                decommission_id=self._decommission_id,
                occupier_id=self._occupier_id,
                site_id=site_id,
                kind=kind,
                round=self._rounds.setdefault(kind, 1),
            )
            try:
                await self._attempt(order)
            except ActivityError as error:
                await self._park(order, *_reason(error))
            else:
                self._busy -= 1
                return

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
        del self.parked[retry.kind]
        self._rounds[retry.kind] += 1

    async def _attempt(self, order: TaskOrder) -> None:
        portion = 0
        remaining = 1
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

    async def _park(self, order: TaskOrder, failure: FailureKind, message: str) -> None:
        await self._record("park_task", ParkedTask(order=order, failure=failure, message=message))
        self.parked[order.kind] = failure
        self._publish()
        self._busy -= 1
        await workflow.wait_condition(lambda: order.kind not in self.parked)
        self._busy += 1
        self._publish()
        await self._record("reopen_task", order.model_copy(update={"round": order.round + 1}))

    async def _record(self, activity: str, message: ParkedTask | TaskOrder) -> None:
        await workflow.execute_activity(activity, message, task_queue=RECORDS_QUEUE, **RECORDS)

    def _publish(self) -> None:
        waiting = sorted(kind.value for kind in self.parked)
        workflow.upsert_search_attributes(
            [
                STATUS.value_set("needs_attention" if waiting else "running"),
                ATTENTION_TASKS.value_set(waiting),
            ]
        )


def _reason(error: ActivityError) -> tuple[FailureKind, str]:
    match error.cause:
        case ApplicationError() as failure:
            return FailureKind.named(failure.type), failure.message
        case EngineTimeoutError():
            return FailureKind.TIMED_OUT, "No answer came in time, in any attempt."
        case _:
            return FailureKind.BUG, "The engine ended the task; support sees it in the history."
