"""Tasks as the API shows them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.decisions.schemas import DecisionOut
from api.moments import Moment
from api.paging import PageFilters
from models.domain.decommission import EXPECTED_SECONDS, TaskKind, TaskPhase, TaskState
from models.domain.outside import FailureKind
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
    requested_by: str
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expected_s: int = Field(description="Expected duration of this kind of task, in seconds.")
    is_overdue: bool
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    waived_by: UUID | None = Field(
        description="The decision by which the rest of it was left undone for ever."
    )


class DecidedTaskOut(TaskOut):
    """A task with everything that was decided about it, oldest first."""

    decisions: list[DecisionOut]


def shown_task(task: TaskView) -> TaskOut:
    """A task for a reply."""
    known = {name: getattr(task, name) for name in TaskView.__dataclass_fields__}  # the same names
    return TaskOut(**known, expected_s=EXPECTED_SECONDS[task.kind])
