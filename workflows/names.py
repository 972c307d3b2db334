"""Names that workers, clients and the server must agree on."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from models.domain.decommission import TaskKind, systems_of
from temporalio.common import SearchAttributeKey

WORKFLOW_QUEUE = "decommissions"  # workflow tasks only: they must never wait for a slow system
RECORDS_QUEUE = "records"  # activities on our own tables

OCCUPIER_ID = SearchAttributeKey.for_keyword("OccupierId")
DECOMMISSION_ID = SearchAttributeKey.for_keyword("DecommissionId")
SITE_ID = SearchAttributeKey.for_keyword("SiteId")
STATUS = SearchAttributeKey.for_keyword("DecommissionStatus")  # a `RunStatus`
ATTENTION_TASKS = SearchAttributeKey.for_keyword_list("AttentionTasks")  # kinds: failed, or stuck
FAILED_TASKS = SearchAttributeKey.for_int("FailedTasks")  # how many of them have failed
SEARCH_ATTRIBUTES = (
    OCCUPIER_ID,
    DECOMMISSION_ID,
    SITE_ID,
    STATUS,
    ATTENTION_TASKS,
    FAILED_TASKS,
)

FAILING = "TemporalReportedProblems = 'category=WorkflowTaskFailed'"
"""The server's own search attribute of runs whose code fails again and again."""


class RunStatus(StrEnum):
    """What people search runs by; the more urgent one counts: what failed, is stuck, is paused."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STUCK = "stuck"
    NEEDS_ATTENTION = "needs_attention"


STILL_TRYING = "still_trying"  # says a workflow of a retry that the engine itself can hasten


def queue_of(kind: TaskKind) -> str:
    """The task queue of a kind of task: one per outside system, so that a slow one blocks none."""
    systems = systems_of(kind)
    if not systems:
        return RECORDS_QUEUE
    # The users' task needs two systems; it queues with the one that is its own.
    return f"outside-{systems[-1].value}"


def activity_queues() -> Mapping[str, tuple[TaskKind, ...]]:
    """Every activity task queue with its kinds of task."""
    queues: dict[str, tuple[TaskKind, ...]] = {}
    for kind in TaskKind:
        queues[queue_of(kind)] = (*queues.get(queue_of(kind), ()), kind)
    return queues


def decommission_workflow_id(decommission_id: UUID) -> str:
    """Id of the workflow of a decommission."""
    return f"decommission/{decommission_id}"


def site_workflow_id(decommission_id: UUID, site_id: UUID) -> str:
    """Id of the runbook of one site."""
    return f"{decommission_workflow_id(decommission_id)}/site/{site_id}"


def handset_workflow_id(request_id: UUID) -> str:
    """Id of the workflow that serves a request about handsets."""
    return f"handset-request/{request_id}"


def cooling_off_workflow_id(decommission_id: UUID) -> str:
    """Id of the timer of a decommission's numbers."""
    return f"cooling-off/{decommission_id}"


def schedule_workflow_id(schedule_id: UUID) -> str:
    """Id of the timer of a scheduled decommission."""
    return f"schedule/{schedule_id}"


def closure_workflow_id(closure_id: UUID) -> str:
    """Id of the workflow that closes a site."""
    return f"close-site/{closure_id}"
