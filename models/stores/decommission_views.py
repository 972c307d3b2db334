"""What people read of decommissions: the list, and one with its progress in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.clock import WaitingReason
from models.domain.decommission import DecommissionState, TaskKind, TaskPhase, TaskState
from models.domain.occupier import OccupierStatus
from models.domain.outside import FailureKind
from models.domain.permission import Grants
from models.domain.prediction import Prediction
from models.domain.stuck import StuckBecause
from models.stores.decisions import DecisionStore, WaiverView
from models.stores.pages import Page, cut
from models.stores.predictions import PredictionStore
from models.stores.sight import shown_name, visible_decommissions
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow

DecommissionPlace = tuple[datetime, UUID]

SITES_WITH_TASKS = 50
"""Up to so many sites a decommission is read with every task; beyond, tasks are a list apart."""

ATTENTION = 20
"""Most tasks that are named as failed, stuck or retrying."""

# One walk over the decommission's tasks, by the index on (decommission_id, site_id, kind).
_PLACES = """
SELECT tasks.site_id, sites.name AS site_name,
       count(*) AS total,
       count(*) FILTER (WHERE tasks.state = 'completed') AS completed,
       count(*) FILTER (WHERE tasks.state = 'failed') AS failed,
       count(*) FILTER (WHERE tasks.state = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE tasks.phase = 'queued') AS queued,
       count(*) FILTER (WHERE tasks.phase = 'running') AS running,
       count(*) FILTER (WHERE tasks.phase = 'retrying') AS retrying,
       count(tasks.stuck_at) AS stuck,
       count(tasks.waived_by) AS waived,
       place.paused_at,
       sum(CASE WHEN tasks.state = 'completed' THEN 1.0
                WHEN tasks.total > 0 THEN least(tasks.done::float / tasks.total, 1.0)
                ELSE 0.0 END)::float / count(*) AS progress,
       min(tasks.started_at) AS started_at,
       CASE WHEN bool_and(tasks.state <> 'pending') THEN max(tasks.finished_at) END AS finished_at
  FROM tasks
  LEFT JOIN sites ON sites.id = tasks.site_id
  LEFT JOIN decommission_sites AS place
    ON place.decommission_id = tasks.decommission_id AND place.site_id = tasks.site_id
 WHERE tasks.decommission_id = :id
   AND (:everywhere OR tasks.site_id IS NULL OR tasks.site_id = ANY(CAST(:site_ids AS uuid[])))
 GROUP BY tasks.site_id, sites.name, place.ordinal, place.paused_at
 ORDER BY place.ordinal NULLS FIRST, sites.name
"""

_TASKS = """
SELECT tasks.id, tasks.site_id, sites.name AS site_name, tasks.kind, tasks.state, tasks.phase,
       tasks.round, tasks.attempt, tasks.done, tasks.total, tasks.started_at, tasks.finished_at,
       tasks.last_error_kind, tasks.last_error, tasks.last_error_at, tasks.waiting_reason,
       tasks.expected_s, tasks.threshold_s, tasks.stuck_at, tasks.stuck_because, tasks.hold_id,
       open_case.id AS case_id, open_case.number AS case_number,
       tasks.active_s + CASE WHEN tasks.waiting_reason IS NULL THEN clock.since ELSE 0 END
           AS active_s,
       tasks.waiting_s + CASE WHEN tasks.waiting_reason IS NULL THEN 0 ELSE clock.since END
           AS waiting_s
  FROM tasks LEFT JOIN sites ON sites.id = tasks.site_id
  CROSS JOIN LATERAL (
       SELECT coalesce(extract(epoch FROM now() - tasks.clock_at)::float, 0) AS since) AS clock
  LEFT JOIN LATERAL (
       SELECT cases.id, cases.number FROM case_tasks JOIN cases ON cases.id = case_tasks.case_id
        WHERE tasks.has_case AND case_tasks.task_id = tasks.id AND case_tasks.left_at IS NULL
       ) AS open_case ON true
 WHERE tasks.decommission_id = :id
   AND (:everywhere OR tasks.site_id IS NULL OR tasks.site_id = ANY(CAST(:site_ids AS uuid[])))
"""
_ATTENTION = (
    _TASKS
    + " AND (tasks.state = 'failed' OR tasks.phase = 'retrying' OR tasks.stuck_at IS NOT NULL)"
    + " ORDER BY tasks.state, tasks.stuck_at IS NULL, tasks.last_error_at DESC NULLS LAST, tasks.id"
    + f" LIMIT {ATTENTION}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecommissionView:
    """A decommission by itself; `now` is the database's clock at the reading."""

    id: UUID
    occupier_id: UUID
    occupier_name: str
    occupier_status: OccupierStatus
    operator_id: UUID
    state: DecommissionState
    requested_by: str
    requested_at: datetime
    effective_at: datetime
    finished_at: datetime | None
    workflow_id: str
    plan_hash: str | None
    paused_at: datetime | None
    jeopardy_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCell:
    """A task as a cell of the grid of sites and kinds."""

    id: UUID
    site_id: UUID | None
    site_name: str | None
    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int
    attempt: int
    done: int
    total: int
    started_at: datetime | None
    finished_at: datetime | None
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    waiting_reason: WaitingReason | None
    active_s: float  # as of now, like the next
    waiting_s: float
    expected_s: float | None  # null before the plan, like the next
    threshold_s: float | None
    stuck_at: datetime | None
    stuck_because: StuckBecause | None
    hold_id: UUID | None
    case_id: UUID | None
    case_number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """The tasks of one site in numbers, or those of the occupier itself when the site is null."""

    site_id: UUID | None
    site_name: str | None
    total: int
    completed: int
    failed: int
    cancelled: int
    queued: int
    running: int
    retrying: int
    stuck: int  # of the pending ones
    waived: int  # of the completed ones
    paused_at: datetime | None
    progress: float  # 0 to 1, with the shares of unfinished tasks
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """Everything about a decommission's progress at one moment."""

    decommission: DecommissionView
    places: Sequence[PlaceView]
    cells: Sequence[TaskCell] | None  # None for more than `SITES_WITH_TASKS` sites
    attention: Sequence[TaskCell]  # failed first, then stuck, then retrying
    waivers: Sequence[WaiverView]
    prediction: Prediction | None  # None once it is done; of the sites that are seen


class DecommissionViewStore:
    """Reads decommissions as somebody may see them: of a site that is not theirs, nothing."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self,
        state: DecommissionState | None,
        occupier_id: UUID | None,
        limit: int,
        after: DecommissionPlace | None,
    ) -> Page[DecommissionView, DecommissionPlace]:
        """Decommissions, newest first."""
        query = self._decommissions().order_by(
            DecommissionRow.requested_at.desc(), DecommissionRow.id.desc()
        )
        if state is not None:
            query = query.where(DecommissionRow.state == state)
        if occupier_id is not None:
            query = query.where(DecommissionRow.occupier_id == occupier_id)
        if after:
            query = query.where(tuple_(DecommissionRow.requested_at, DecommissionRow.id) < after)
        rows = (await self._session.execute(query.limit(limit + 1))).mappings().all()
        found = [DecommissionView(**row) for row in rows]
        return cut(found, limit, lambda one: (one.requested_at, one.id))

    async def find(self, decommission_id: UUID) -> DecommissionView | None:
        """The decommission, or `None`."""
        query = self._decommissions().where(DecommissionRow.id == decommission_id)
        row = (await self._session.execute(query)).mappings().one_or_none()
        return DecommissionView(**row) if row else None

    async def progress(self, decommission_id: UUID) -> ProgressView | None:
        """One snapshot, so run it in a repeatable-read transaction; `None` when there is none."""
        decommission = await self.find(decommission_id)
        if decommission is None:
            return None
        places = [PlaceView(**row) for row in await self._rows(_PLACES, decommission_id)]
        cells: list[TaskCell] | None = None
        if sum(place.site_id is not None for place in places) <= SITES_WITH_TASKS:
            cells = [_cell(row) for row in await self._rows(_TASKS, decommission_id)]
        attention: list[TaskCell] = []
        if any(place.failed or place.stuck or place.retrying for place in places):
            attention = [_cell(row) for row in await self._rows(_ATTENTION, decommission_id)]
        waivers: Sequence[WaiverView] = []
        if any(place.waived for place in places):
            waivers = await DecisionStore(self._session).waivers(decommission_id, self._grants)
        predictions = await PredictionStore(self._session).of([decommission_id], self._sites)
        return ProgressView(
            decommission=decommission,
            places=places,
            cells=cells,
            attention=attention,
            waivers=waivers,
            prediction=predictions.get(decommission_id),
        )

    @property
    def _sites(self) -> list[UUID] | None:
        """Those that are seen; `None`: all."""
        return None if self._grants.staff_role is not None else list(self._grants.site_ids)

    async def _rows(self, statement: str, decommission_id: UUID) -> Sequence[Mapping[str, Any]]:
        keys = {
            "id": decommission_id,
            "everywhere": self._grants.staff_role is not None,
            "site_ids": list(self._grants.site_ids),
        }
        found = await self._session.execute(text(statement), keys)
        return found.mappings().all()  # type: ignore[return-value]  # keys are the column labels

    def _decommissions(self) -> Select[*tuple[Any, ...]]:
        return (
            select(
                DecommissionRow.id,
                DecommissionRow.occupier_id,
                shown_name(self._grants).label("occupier_name"),
                OccupierRow.status.label("occupier_status"),
                DecommissionRow.operator_id,
                DecommissionRow.state,
                DecommissionRow.requested_by,
                DecommissionRow.requested_at,
                DecommissionRow.effective_at,
                DecommissionRow.finished_at,
                DecommissionRow.workflow_id,
                DecommissionRow.plan_hash,
                DecommissionRow.paused_at,
                DecommissionRow.jeopardy_at,
                func.now().label("now"),
            )
            .join(OccupierRow, OccupierRow.id == DecommissionRow.occupier_id)
            .where(visible_decommissions(self._grants))
        )


def _cell(row: Mapping[str, Any]) -> TaskCell:  # Any: the columns have several types
    error, reason, because = row["last_error_kind"], row["waiting_reason"], row["stuck_because"]
    closed = {
        "kind": TaskKind(row["kind"]),
        "state": TaskState(row["state"]),
        "phase": TaskPhase(row["phase"]),
        "last_error_kind": FailureKind(error) if error else None,
        "waiting_reason": WaitingReason(reason) if reason else None,
        "stuck_because": StuckBecause(because) if because else None,
    }
    return TaskCell(**{**row, **closed})
