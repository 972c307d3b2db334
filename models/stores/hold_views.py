"""What people read of holds and of the outside systems, as far as they may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TaskState
from models.domain.hold import Breaker, BreakerState, HoldOrigin
from models.domain.outside import FailureKind, System
from models.domain.permission import Grants
from models.stores.pages import Page, cut
from models.stores.sight import visible_sites, visible_tasks
from models.tables.hold import HoldRow, StrikeRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow

HoldPlace = tuple[datetime, UUID]
_LATELY = timedelta(seconds=Breaker().window_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFilter:
    """Which holds: all conditions hold together."""

    system: System | None = None
    site_id: UUID | None = None
    is_open: bool | None = None


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold with how many tasks in sight wait for it."""

    id: UUID
    system: System
    site_id: UUID | None
    site_name: str | None
    origin: HoldOrigin
    failure: FailureKind | None
    placed_by: str
    placed_at: datetime
    released_by: str | None
    released_at: datetime | None
    case_id: UUID | None  # of one everywhere only for staff: it tells of everybody
    probe_at: datetime | None
    is_probing: bool
    probes: int
    tasks_waiting: int

    @property
    def breaker(self) -> BreakerState:
        """What it says of the breaker of its system; closed when a person holds it."""
        if self.origin is HoldOrigin.BY_HAND or self.released_at is not None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self.is_probing else BreakerState.OPEN


@dataclass(frozen=True, slots=True)
class SystemView:
    """How it stands with an outside system."""

    system: System
    holds: tuple[HoldView, ...]  # the open ones
    tasks_failing: int  # again and again, lately

    @property
    def breaker(self) -> BreakerState:
        """Half open as soon as one place is tried again."""
        states = {hold.breaker for hold in self.holds}
        for state in (BreakerState.HALF_OPEN, BreakerState.OPEN):
            if state in states:
                return state
        return BreakerState.CLOSED

    @property
    def tasks_waiting(self) -> int:
        """For any of its holds."""
        return sum(hold.tasks_waiting for hold in self.holds)


class HoldViewStore:
    """Reads holds as somebody may see them: those at sites in sight, and those everywhere."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: HoldFilter, limit: int, after: HoldPlace | None
    ) -> Page[HoldView, HoldPlace]:
        """Holds, newest first."""
        query = self._holds().where(*_conditions(wanted)).limit(limit + 1)
        if after:
            query = query.where(tuple_(HoldRow.placed_at, HoldRow.id) < after)
        return cut(await self._views(query), limit, lambda hold: (hold.placed_at, hold.id))

    async def find(self, hold_id: UUID) -> HoldView | None:
        """The hold, or `None`."""
        found = await self._views(self._holds().where(HoldRow.id == hold_id))
        return found[0] if found else None

    async def systems(self) -> list[SystemView]:
        """Every outside system."""
        holds = await self._views(self._holds().where(HoldRow.released_at.is_(None)))
        failing = await self._failing()
        return [
            SystemView(
                system,
                tuple(hold for hold in holds if hold.system is system),
                failing.get(system, 0),
            )
            for system in System
        ]

    async def _failing(self) -> dict[System, int]:
        rows = await self._session.execute(
            select(StrikeRow.system, func.count().label("tasks"))
            .join(TaskRow, TaskRow.id == StrikeRow.task_id)
            .where(
                StrikeRow.last_at > func.now() - _LATELY,
                TaskRow.state.in_((TaskState.PENDING, TaskState.FAILED)),
                visible_tasks(self._grants),
            )
            .group_by(StrikeRow.system)
        )
        return {row.system: row.tasks for row in rows}

    async def _views(self, query: Select[HoldRow, str | None, int]) -> list[HoldView]:
        rows = (await self._session.execute(query)).all()
        return [self._view(*row) for row in rows]

    def _view(self, row: HoldRow, site_name: str | None, waiting: int) -> HoldView:
        is_shown = row.site_id is not None or self._grants.staff_role is not None
        return HoldView(
            id=row.id,
            system=row.system,
            site_id=row.site_id,
            site_name=site_name,
            origin=row.origin,
            failure=row.failure,
            placed_by=row.placed_by,
            placed_at=row.placed_at,
            released_by=row.released_by,
            released_at=row.released_at,
            case_id=row.case_id if is_shown else None,
            probe_at=row.probe_at,
            is_probing=row.probe_task_id is not None,
            probes=row.probes,
            tasks_waiting=waiting,
        )

    def _holds(self) -> Select[HoldRow, str | None, int]:
        seen = select(SiteRow.id).where(visible_sites(self._grants))
        return (
            select(HoldRow, SiteRow.name, self._waiting())
            .outerjoin(SiteRow, SiteRow.id == HoldRow.site_id)
            .where(or_(HoldRow.site_id.is_(None), HoldRow.site_id.in_(seen)))
            .order_by(HoldRow.placed_at.desc(), HoldRow.id.desc())
        )

    def _waiting(self) -> ScalarSelect[int]:
        return (
            select(func.count())
            .select_from(TaskRow)
            .where(TaskRow.hold_id == HoldRow.id, visible_tasks(self._grants))
            .correlate(HoldRow)
            .scalar_subquery()
        )


def _conditions(wanted: HoldFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.system is not None:
        conditions.append(HoldRow.system == wanted.system)
    if wanted.site_id is not None:
        conditions.append(HoldRow.site_id == wanted.site_id)
    if wanted.is_open is not None:
        is_open = HoldRow.released_at.is_(None)
        conditions.append(is_open if wanted.is_open else ~is_open)
    return conditions
