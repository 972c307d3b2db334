"""Asks the engine what it shows of workflows and task queues; it may not answer at all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import (
    EventType,
    PendingActivityState,
    PendingWorkflowTaskState,
    TaskQueueType,
)
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkflowExecutionResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from workflows.inspection import PendingActivity, PendingWorkflowTask, RunSight
from workflows.names import WORKFLOW_QUEUE

PATIENCE = timedelta(seconds=5)
POLL_S = 60.0  # how long a worker's poll lasts; only its beginning is noted
SLACK_S = 10.0
LAST_EVENTS = 50  # signals may have come since a workflow task first failed
ENDED = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)

Connect = Callable[[], Awaitable[Client]]


class EngineAwayError(Exception):
    """Temporal does not answer."""


class EngineSight:
    """Describes; connects when it must, so that it can be made while Temporal is away."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._client: Client | None = None

    async def answers(self) -> bool:
        """Whether Temporal answers at this moment."""
        try:
            if self._client is None:
                self._client = await self._connect()
            return await self._client.service_client.check_health(timeout=PATIENCE)
        except (RPCError, RuntimeError, OSError):
            return False

    async def run(self, workflow_id: str) -> RunSight:
        """The newest run of a workflow; raises `EngineAwayError`."""
        try:
            described = (
                await self._open().get_workflow_handle(workflow_id).describe(rpc_timeout=PATIENCE)
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return RunSight(is_open=False)
            raise EngineAwayError from error
        if described.status is not WorkflowExecutionStatus.RUNNING:
            return RunSight(is_open=False)
        sight = sight_of(described.raw_description, datetime.now(UTC))  # noqa: TID251 (no workflow)
        step = sight.workflow_task
        if step is None or step.attempt == 1:
            return sight
        return replace(sight, workflow_task=await self._since_first(step, described))

    async def _since_first(
        self, step: PendingWorkflowTask, described: WorkflowExecutionDescription
    ) -> PendingWorkflowTask:
        """The engine dates a step from its newest attempt; its history keeps the first failure."""
        request = GetWorkflowExecutionHistoryReverseRequest(
            namespace=self._open().namespace,
            execution=WorkflowExecution(workflow_id=described.id, run_id=described.run_id),
            maximum_page_size=LAST_EVENTS,
        )
        try:
            found = await self._open().workflow_service.get_workflow_execution_history_reverse(
                request, timeout=PATIENCE
            )
        except RPCError as error:
            raise EngineAwayError from error
        ended = next((each for each in found.history.events if each.event_type in ENDED), None)
        if ended is None or ended.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            return step
        age_s = _age_s(ended.event_time, datetime.now(UTC))  # noqa: TID251 (no workflow)
        has_raised = ended.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        return replace(step, age_s=max(step.age_s, age_s), has_raised=has_raised)

    async def is_untaken(self, queue: str) -> bool:
        """Whether nobody takes tasks from a queue; raises `EngineAwayError`.

        Nobody has asked for any for longer than a poll lasts, or some lie there and none was given
        out in the last half minute.
        """
        of_workflows = queue == WORKFLOW_QUEUE
        request = DescribeTaskQueueRequest(
            namespace=self._open().namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
            if of_workflows
            else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
            report_stats=True,
        )
        try:
            found = await self._open().workflow_service.describe_task_queue(
                request, timeout=PATIENCE
            )
        except RPCError as error:
            raise EngineAwayError from error
        now = datetime.now(UTC)  # noqa: TID251 (no workflow)
        polls = [_age_s(poller.last_access_time, now) for poller in found.pollers]
        if not any(age < POLL_S + SLACK_S for age in polls):
            return True
        return found.stats.approximate_backlog_count > 0 and found.stats.tasks_dispatch_rate == 0

    def _open(self) -> Client:
        if self._client is None:
            raise EngineAwayError
        return self._client


def sight_of(described: DescribeWorkflowExecutionResponse, now: datetime) -> RunSight:
    """An open run as it is described."""
    has_step = described.HasField("pending_workflow_task")
    return RunSight(
        is_open=True,
        workflow_task=_step(described.pending_workflow_task, now) if has_step else None,
        activities=tuple(_activity(each, now) for each in described.pending_activities),
    )


def _step(task: PendingWorkflowTaskInfo, now: datetime) -> PendingWorkflowTask:
    is_started = task.state == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
    return PendingWorkflowTask(
        task.attempt, _age_s(task.original_scheduled_time, now), is_started=is_started
    )


def _activity(activity: PendingActivityInfo, now: datetime) -> PendingActivity:
    is_scheduled = activity.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
    # When it is or was to be given out: in the future while it backs off.
    lies_s = _age_s(activity.scheduled_time, now)
    has_beaten = activity.HasField("last_heartbeat_time")
    failure = activity.last_failure.application_failure_info.type
    return PendingActivity(
        activity_id=activity.activity_id,
        attempt=activity.attempt,
        queue=activity.activity_options.task_queue.name,
        queued_s=lies_s if is_scheduled and lies_s >= 0 else None,
        running_s=None if is_scheduled else _age_s(activity.last_started_time, now),
        next_retry_s=-lies_s if is_scheduled and lies_s < 0 else None,
        heartbeat_s=_age_s(activity.last_heartbeat_time, now) if has_beaten else None,
        worker=activity.last_worker_identity or None,
        failure=failure or None,
    )


def _age_s(moment: Timestamp, now: datetime) -> float:
    return round((now - moment.ToDatetime(UTC)).total_seconds(), 3)
