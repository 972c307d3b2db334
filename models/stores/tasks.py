"""The list of tasks with its combinable filters, newest first; made for millions of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Select,
    bindparam,
    case,
    false,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from models.domain.clock import WaitingReason
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.outside import FailureKind
from models.domain.permission import Grants
from models.domain.stuck import StuckBecause
from models.stores.pages import Page, cut
from models.stores.sight import shown_name, visible_tasks
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow

TaskPlace = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks: all conditions hold together. The range takes its start and leaves its end."""

    created_from: datetime | None = None
    created_to: datetime | None = None
    occupier_id: UUID | None = None
    decommission_id: UUID | None = None
    site_id: UUID | None = None
    state: TaskState | None = None
    phase: TaskPhase | None = None
    kind: TaskKind | None = None
    overdue: bool | None = None
    stuck: bool | None = None
    waiting_reason: WaitingReason | None = None
    held: bool | None = None
    has_case: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task with the names of its occupier and site (DT-01 to DT-04)."""

    id: UUID
    decommission_id: UUID
    occupier_id: UUID
    occupier_name: str
    site_id: UUID | None
    site_name: str | None
    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int
    attempt: int
    done: int
    total: int
    failed_items: int  # as of the last failed attempt
    requested_by: str
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_overdue: bool
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    waived_by: UUID | None
    waiting_reason: WaitingReason | None
    active_s: float  # as of now, like the next
    waiting_s: float
    expected_s: float | None  # null before the plan, like the next
    threshold_s: float | None
    threshold_samples: int
    stuck_at: datetime | None
    stuck_because: StuckBecause | None
    hold_id: UUID | None
    case_id: UUID | None  # the open case that it is in
    case_number: int | None


class TaskStore:
    """Reads tasks as somebody may see them."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: TaskFilter, limit: int, after: TaskPlace | None
    ) -> Page[TaskView, TaskPlace]:
        """Tasks, newest first."""
        query = page_query(self._grants, wanted, limit, after)
        rows = (await self._session.execute(query)).mappings().all()
        found = [TaskView(**row) for row in rows]
        return cut(found, limit, lambda task: (task.created_at, task.id))

    async def find(self, task_id: UUID) -> TaskView | None:
        """The task, or `None`."""
        query = _named(self._grants).where(TaskRow.id == task_id, visible_tasks(self._grants))
        row = (await self._session.execute(query)).mappings().one_or_none()
        return TaskView(**row) if row else None

    async def those(self, ids: Sequence[UUID]) -> Sequence[TaskView]:
        """The tasks with these ids that the caller sees, in no order."""
        query = _named(self._grants).where(TaskRow.id.in_(ids), visible_tasks(self._grants))
        return [TaskView(**row) for row in (await self._session.execute(query)).mappings()]


def page_query(
    grants: Grants, wanted: TaskFilter, limit: int, after: TaskPlace | None
) -> Select[*tuple[Any, ...]]:
    """The statement behind a page.

    The keys of the page are found first and the rest is joined to them, so that the planner
    walks one index of `tasks` and never sorts or hashes more than a page.
    """
    keys = (
        select(TaskRow.id)
        .where(visible_tasks(grants), *_conditions(wanted))
        .order_by(TaskRow.created_at.desc(), TaskRow.id.desc())
        .limit(limit + 1)
    )
    if after:
        keys = keys.where(tuple_(TaskRow.created_at, TaskRow.id) < after)
    return (
        _named(grants)
        .where(TaskRow.id.in_(keys))
        .order_by(TaskRow.created_at.desc(), TaskRow.id.desc())
    )


def _named(grants: Grants) -> Select[*tuple[Any, ...]]:
    """Every column of `TaskView`."""
    own = [
        getattr(TaskRow, name)  # the views' names are the columns' names
        for name in TaskView.__dataclass_fields__
        if name in TaskRow.__table__.columns and name not in _CLOCKS
    ]
    in_case = _open_case()
    return (
        select(
            *own,
            *(clock_now(name).label(name) for name in _CLOCKS),
            in_case.c.id.label("case_id"),
            in_case.c.number.label("case_number"),
            shown_name(grants).label("occupier_name"),
            SiteRow.name.label("site_name"),
            is_overdue().label("is_overdue"),
        )
        .join(OccupierRow, OccupierRow.id == TaskRow.occupier_id)
        .outerjoin(SiteRow, SiteRow.id == TaskRow.site_id)
        .outerjoin(in_case, true())
    )


_CLOCKS = ("active_s", "waiting_s")


def clock_now(name: str) -> ColumnElement[float]:
    """What the clock shows now; a row keeps what it showed at `clock_at`."""
    is_active = TaskRow.waiting_reason.is_(None)
    runs = is_active if name == "active_s" else ~is_active
    since = func.coalesce(func.extract("epoch", func.now() - TaskRow.clock_at), 0)
    counted: ColumnElement[float] = getattr(TaskRow, name)  # one of `_CLOCKS`
    return counted + case((runs, sql_cast(since, Double)), else_=0.0)


def _open_case() -> LateralFromClause:
    """Looked up only for the few tasks that have one."""
    return (
        select(CaseRow.id, CaseRow.number)
        .join(CaseTaskRow, CaseTaskRow.case_id == CaseRow.id)
        .where(TaskRow.has_case, CaseTaskRow.task_id == TaskRow.id, CaseTaskRow.left_at.is_(None))
        .lateral("open_case")
    )


def is_overdue() -> ColumnElement[bool]:
    """Pending for longer than expected (reference 13)."""
    return (TaskRow.state == TaskState.PENDING) & (TaskRow.due_at < func.now())


def _conditions(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.created_from is not None:
        yield TaskRow.created_at >= wanted.created_from
    if wanted.created_to is not None:
        yield TaskRow.created_at < wanted.created_to
    for column, value in (
        (TaskRow.occupier_id, wanted.occupier_id),
        (TaskRow.decommission_id, wanted.decommission_id),
        (TaskRow.site_id, wanted.site_id),
    ):
        if value is not None:
            yield column == value
    yield from _standing(wanted)
    yield from _flags(wanted)


def _standing(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    """Closed sets go into the statement's text: each value has statistics of its own."""
    state, phase = wanted.state, wanted.phase
    implied = set(_implied_states(wanted))
    if len(implied) > 1 or (state is not None and implied - {state}) or _is_ended_and_not(wanted):
        yield false()  # the filters exclude each other
        return
    if implied:
        (state,) = implied  # said, so that its index serves
    for column, value in (
        (TaskRow.state, state),
        (TaskRow.phase, phase),
        (TaskRow.kind, wanted.kind),
        (TaskRow.waiting_reason, wanted.waiting_reason),
    ):
        if value is not None:
            yield column == bindparam(None, value, type_=column.type, literal_execute=True)
    if state is TaskState.PENDING and wanted.overdue is not None:
        late = TaskRow.due_at < func.now()
        yield late if wanted.overdue else ~late  # a plain range, which the index on due_at serves
    elif state is None and wanted.overdue is False:
        yield ~is_overdue()


def _implied_states(wanted: TaskFilter) -> Iterator[TaskState]:
    """The states that filters other than the state's name."""
    if wanted.overdue or wanted.phase not in {None, TaskPhase.ENDED}:
        yield TaskState.PENDING
    if wanted.stuck or wanted.held:
        yield TaskState.PENDING
    if wanted.waiting_reason is not None:
        is_human = wanted.waiting_reason is WaitingReason.HUMAN
        yield TaskState.FAILED if is_human else TaskState.PENDING


def _is_ended_and_not(wanted: TaskFilter) -> bool:
    is_pending = wanted.overdue or wanted.stuck or wanted.held
    return wanted.phase is TaskPhase.ENDED and bool(is_pending or wanted.state is TaskState.PENDING)


def _flags(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    """Each true for few tasks, which an index of their own holds."""
    for column, value in (
        (TaskRow.stuck_at, wanted.stuck),
        (TaskRow.hold_id, wanted.held),
    ):
        if value is not None:
            yield column.is_not(None) if value else column.is_(None)
    if wanted.has_case is not None:
        has_case = TaskRow.has_case.expression
        yield has_case if wanted.has_case else ~has_case
