"""Decommissions as the API shows them: one representation for reading and for the stream."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.paging import PageFilters
from api.tasks.schemas import shown_expectation
from models.domain.clock import WaitingReason
from models.domain.decision import WaiverReason
from models.domain.decommission import (
    EXPECTED_DECOMMISSION_SECONDS,
    DecommissionState,
    TaskKind,
    TaskPhase,
    TaskState,
)
from models.domain.occupier import OccupierStatus
from models.domain.outside import FailureKind
from models.domain.prediction import OpenEnd
from models.domain.stuck import StuckBecause
from models.stores.decommission_views import DecommissionView, PlaceView, ProgressView, TaskCell

_COUNTED = ("total", "completed", "failed", "cancelled", "queued", "running", "retrying", "stuck")


class DecommissionFilters(PageFilters):
    """Filters of the list of decommissions; both hold together."""

    state: DecommissionState | None = None
    occupier_id: UUID | None = None


class CountsOut(BaseModel):
    """How many tasks are where; `queued`, `running` and `retrying` are the pending ones.

    A stuck one is counted there as well.
    """

    model_config = ConfigDict(from_attributes=True)

    total: int
    completed: int
    failed: int
    cancelled: int
    queued: int
    running: int
    retrying: int
    stuck: int


class TaskProgressOut(BaseModel):
    """How far one task is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    site_id: UUID | None
    site_name: str | None
    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int
    attempt: int
    done: int = Field(description="Resources that are done, of `total`.")
    total: int
    expected_s: float = Field(description="Active seconds that such a task usually takes.")
    started_at: datetime | None
    finished_at: datetime | None
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    waiting_reason: WaitingReason | None = Field(description="Null while it is being tried.")
    active_s: float = Field(description="Seconds in which it was tried, as of now.")
    waiting_s: float = Field(description="Seconds in which it waited for a reason, as of now.")
    threshold_s: float | None = Field(description="Active for longer than this is stuck.")
    stuck_at: datetime | None
    stuck_because: StuckBecause | None
    hold_id: UUID | None
    case_id: UUID | None = Field(description="The open support case that it is in.")
    case_number: int | None


class WaiverOut(BaseModel):
    """A task that was left undone for ever, and the two who answer for that."""

    model_config = ConfigDict(from_attributes=True)

    decision_id: UUID
    task_id: UUID
    site_id: UUID | None
    kind: TaskKind
    reason: WaiverReason
    decided_by: str
    second_person: str
    waived_at: datetime


class SiteProgressOut(BaseModel):
    """How far one site is."""

    site_id: UUID
    site_name: str
    counts: CountsOut
    progress: float = Field(ge=0, le=1)
    started_at: datetime | None
    finished_at: datetime | None
    paused_at: datetime | None = Field(description="When only this site is paused.")
    tasks: list[TaskProgressOut] | None = Field(
        description="Null when the decommission has more than 50 sites: read them with "
        "`GET /tasks?decommission_id=...&site_id=...`."
    )


class DecommissionOut(BaseModel):
    """A decommission by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "7b0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d44",
                "occupier_id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
                "occupier_name": "Harbour Analytics Ltd",
                "occupier_status": "pending",
                "operator_id": "0b8a7a3c-6d0a-4c5e-8a53-3b7b0f3c5f10",
                "state": "pending",
                "requested_by": "local",
                "requested_at": "2026-11-22T10:00:00Z",
                "effective_at": "2026-11-22T10:00:00Z",
                "finished_at": None,
                "workflow_id": "decommission/3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
                "elapsed_s": 12.4,
                "expected_s": 3600,
                "is_overdue": False,
                "paused_at": None,
                "due_at": "2026-11-22T11:00:00Z",
                "jeopardy_at": None,
            }
        }
    )

    id: UUID
    occupier_id: UUID
    occupier_name: str
    occupier_status: OccupierStatus
    operator_id: UUID
    state: DecommissionState
    requested_by: str
    requested_at: datetime
    effective_at: datetime = Field(description="Charges stop and contracts end here.")
    finished_at: datetime | None
    workflow_id: str = Field(description="Its workflow in Temporal.")
    elapsed_s: float = Field(description="Seconds since the request, or until the end.")
    expected_s: int = Field(description="Seconds that a decommission usually takes at most.")
    is_overdue: bool
    paused_at: datetime | None = Field(description="Since then no task starts; null if it runs.")
    due_at: datetime = Field(description="Done by then if it takes as long as it usually may.")
    jeopardy_at: datetime | None = Field(
        description="When it was first more likely late than not; stays, whatever happens later."
    )


class PredictionOut(BaseModel):
    """When a decommission will be done, as far as anybody can say; anew at each reading.

    It covers the sites that you see, like everything here.
    """

    finish: datetime | None = Field(
        description="As likely before as after. Null while something waits without an end."
    )
    earliest: datetime = Field(description="With nine chances in ten it is later.")
    latest: datetime | None = Field(description="With nine chances in ten it is sooner.")
    if_all_goes_on: datetime = Field(description="The finish if whatever waits went on now.")
    open_end: OpenEnd | None = Field(
        description="Why there is no finish: a task waits for a person's decision (`human`), it "
        "is paused, an outside system is held, or a task is stuck."
    )

    model_config = ConfigDict(from_attributes=True)


class JeopardyOut(BaseModel):
    """That a decommission is expected to be late; an event of the stream."""

    jeopardy_at: datetime | None
    due_at: datetime
    finish: datetime | None = Field(description="The predicted one; null if nobody can say.")


class DecommissionProgressOut(DecommissionOut):
    """A decommission with its whole progress."""

    model_config = ConfigDict(json_schema_extra={})

    progress: float = Field(ge=0, le=1)
    counts: CountsOut
    occupier_tasks: list[TaskProgressOut] | None = Field(
        description="Tasks of the occupier as a whole; null when those of the sites are."
    )
    sites: list[SiteProgressOut] = Field(description="In the order of the fan-out.")
    attention: list[TaskProgressOut] = Field(
        description="Up to 20 tasks in trouble: failed ones first, then stuck ones, then those "
        "that are being retried."
    )
    waivers: list[WaiverOut] = Field(description="What two people decided to leave undone.")
    prediction: PredictionOut | None = Field(description="Null once it is decommissioned.")


def shown_decommission(view: DecommissionView) -> DecommissionOut:
    """A decommission for a reply."""
    elapsed = ((view.finished_at or view.now) - view.requested_at).total_seconds()
    return DecommissionOut(
        id=view.id,
        occupier_id=view.occupier_id,
        occupier_name=view.occupier_name,
        occupier_status=view.occupier_status,
        operator_id=view.operator_id,
        state=view.state,
        requested_by=view.requested_by,
        requested_at=view.requested_at,
        effective_at=view.effective_at,
        finished_at=view.finished_at,
        workflow_id=view.workflow_id,
        elapsed_s=round(max(elapsed, 0.0), 3),
        expected_s=EXPECTED_DECOMMISSION_SECONDS,
        is_overdue=view.finished_at is None and elapsed > EXPECTED_DECOMMISSION_SECONDS,
        paused_at=view.paused_at,
        due_at=view.requested_at + timedelta(seconds=EXPECTED_DECOMMISSION_SECONDS),
        jeopardy_at=view.jeopardy_at,
    )


def shown_progress(view: ProgressView) -> DecommissionProgressOut:
    """A decommission with its progress for a reply or an event of the stream."""
    cells = _by_site(view.cells)
    counts = {name: sum(getattr(place, name) for place in view.places) for name in _COUNTED}
    weighed = sum(place.progress * place.total for place in view.places)
    return DecommissionProgressOut(
        **shown_decommission(view.decommission).model_dump(),
        progress=_share(weighed, counts["total"]),
        counts=CountsOut(**counts),
        occupier_tasks=cells.get(None, []) if cells is not None else None,
        sites=[_site(place, cells) for place in view.places if place.site_id],
        attention=[_task(cell) for cell in view.attention],
        waivers=[WaiverOut.model_validate(waiver) for waiver in view.waivers],
        prediction=view.prediction and PredictionOut.model_validate(view.prediction),
    )


_Cells = dict[UUID | None, list[TaskProgressOut]]


def _by_site(cells: Sequence[TaskCell] | None) -> _Cells | None:
    if cells is None:
        return None
    order = list(TaskKind)
    found: _Cells = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: order.index(cell.kind)):
        found[cell.site_id].append(_task(cell))
    return found


def _site(place: PlaceView, cells: _Cells | None) -> SiteProgressOut:
    assert place.site_id is not None
    return SiteProgressOut(
        site_id=place.site_id,
        site_name=place.site_name or "",
        counts=CountsOut.model_validate(place),
        progress=_share(place.progress, 1),
        started_at=place.started_at,
        finished_at=place.finished_at,
        paused_at=place.paused_at,
        tasks=cells[place.site_id] if cells is not None else None,
    )


def _task(cell: TaskCell) -> TaskProgressOut:
    known = {name: getattr(cell, name) for name in TaskCell.__dataclass_fields__}  # the same names
    figures = {
        "active_s": round(max(cell.active_s, 0.0), 3),
        "waiting_s": round(max(cell.waiting_s, 0.0), 3),
        "expected_s": shown_expectation(cell.kind, cell.expected_s),
    }
    return TaskProgressOut(**known | figures)


def _share(part: float, whole: float) -> float:
    return round(min(part / whole, 1.0), 4) if whole else 0.0
