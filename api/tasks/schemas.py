"""Tasks as the API shows them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.decisions.schemas import DecisionOut
from api.moments import Moment
from api.paging import PageFilters
from api.tasks.allowed import TaskAllowedOut
from models.domain.clock import WaitingReason
from models.domain.decommission import EXPECTED_SECONDS, TaskKind, TaskPhase, TaskState
from models.domain.expectation import prior
from models.domain.outside import FailureKind
from models.domain.stuck import StuckBecause
from models.stores.tasks import TaskView


class TaskFilters(PageFilters):
    """Filters of the list of tasks; all hold together."""

    created_from: Moment | None = Field(None, description="Created then or later.")
    created_to: Moment | None = Field(None, description="Created before.")
    occupier_id: UUID | None = None
    decommission_id: UUID | None = None
    site_id: UUID | None = None
    state: TaskState | None = None
    phase: TaskPhase | None = Field(None, description="What it is doing right now.")
    kind: TaskKind | None = None
    overdue: bool | None = Field(None, description="Pending for longer than expected.")
    stuck: bool | None = Field(None, description="Active for longer than its threshold.")
    waiting_reason: WaitingReason | None = Field(None, description="What it waits for.")
    held: bool | None = Field(None, description="Waits for a hold of its outside system.")
    has_case: bool | None = Field(None, description="In an open support case.")


class ThresholdSource(StrEnum):
    """Where the threshold of a task comes from."""

    PRIOR = "prior"  # the handbook: twice the expected duration of its kind
    LEARNED = "learned"  # tasks like it that were completed
    FLOOR = "floor"  # the setting `STUCK_FLOOR_S`, below which nothing counts as stuck


class ThresholdOut(BaseModel):
    """From when on a task is stuck."""

    seconds: float = Field(description="Active for longer than this is stuck.")
    samples: int = Field(description="How many completed tasks the figure was learned from.")
    floor_s: float = Field(description="No task counts as stuck before so many active seconds.")
    source: ThresholdSource


class TaskOut(BaseModel):
    """One step of a decommission, at a site or of the occupier as a whole."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "9a0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d33",
                "decommission_id": "7b0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d44",
                "occupier_id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
                "occupier_name": "Harbour Analytics Ltd",
                "site_id": "5c0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d11",
                "site_name": "Canal Yard",
                "kind": "ports",
                "state": "pending",
                "phase": "retrying",
                "round": 1,
                "attempt": 3,
                "done": 40,
                "total": 96,
                "failed_items": 0,
                "requested_by": "local",
                "created_at": "2026-11-22T10:00:00Z",
                "due_at": "2026-11-22T11:00:00Z",
                "started_at": "2026-11-22T10:00:01Z",
                "finished_at": None,
                "expected_s": 300,
                "is_overdue": False,
                "last_error_kind": "throttled",
                "last_error": "switching: asked to slow down",
                "last_error_at": "2026-11-22T10:00:09Z",
                "waived_by": None,
                "waiting_reason": None,
                "active_s": 412.6,
                "waiting_s": 31.0,
                "stuck_at": "2026-11-22T10:06:52Z",
                "stuck_because": "retrying",
                "hold_id": None,
                "case_id": "1d0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d55",
                "case_number": 17,
                "threshold": {
                    "seconds": 380.2,
                    "samples": 640,
                    "floor_s": 60.0,
                    "source": "learned",
                },
            }
        },
    )

    id: UUID
    decommission_id: UUID
    occupier_id: UUID
    occupier_name: str
    site_id: UUID | None = Field(description="Null for a task of the occupier as a whole.")
    site_name: str | None
    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int = Field(description="Grows when support retries.")
    attempt: int = Field(description="Attempts of this round.")
    done: int
    total: int
    failed_items: int = Field(
        description="Resources that were refused or still there in the last failed attempt."
    )
    requested_by: str
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expected_s: float = Field(
        description="How many active seconds such a task usually takes, as learned when the plan "
        "was written; before that the handbook's figure."
    )
    is_overdue: bool
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    waived_by: UUID | None = Field(
        description="The decision by which the rest of it was left undone for ever."
    )
    waiting_reason: WaitingReason | None = Field(
        description="What it waits for; null while its active clock runs, and when it has ended."
    )
    active_s: float = Field(description="Seconds in which it was tried, as of now.")
    waiting_s: float = Field(description="Seconds in which it waited for a reason, as of now.")
    threshold: ThresholdOut
    stuck_at: datetime | None
    stuck_because: StuckBecause | None
    hold_id: UUID | None = Field(description="The hold that it waits for.")
    case_id: UUID | None = Field(description="The open support case that it is in.")
    case_number: int | None


class DecidedTaskOut(TaskOut):
    """A task with everything that was decided about it, oldest first."""

    decisions: list[DecisionOut]
    allowed_actions: TaskAllowedOut


def shown_task(task: TaskView, floor_s: float) -> TaskOut:
    """A task for a reply; `floor_s` is the setting below which nothing counts as stuck."""
    known = {
        name: getattr(task, name)
        for name in TaskView.__dataclass_fields__
        if name in TaskOut.model_fields
    }
    known |= {
        "active_s": round(max(task.active_s, 0.0), 3),
        "waiting_s": round(max(task.waiting_s, 0.0), 3),
        "expected_s": shown_expectation(task.kind, task.expected_s),
        "threshold": shown_threshold(task, floor_s),
    }
    return TaskOut(**known)


def shown_expectation(kind: TaskKind, expected_s: float | None) -> float:
    """The learned figure, or the handbook's before the plan is written."""
    return round(expected_s or EXPECTED_SECONDS[kind], 3)


def shown_threshold(task: TaskView, floor_s: float) -> ThresholdOut:
    """The threshold with where it comes from."""
    seconds = task.threshold_s or max(prior(task.kind).threshold_s, floor_s)
    source = ThresholdSource.LEARNED if task.threshold_samples else ThresholdSource.PRIOR
    return ThresholdOut(
        seconds=round(seconds, 3),
        samples=task.threshold_samples,
        floor_s=floor_s,
        source=ThresholdSource.FLOOR if seconds <= floor_s else source,
    )
