"""What people read of scheduled decommissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import Grants
from models.domain.portfolio import ContractState
from models.domain.schedule import ScheduleState
from models.stores.pages import Page, cut
from models.stores.sight import at_own_site, shown_name, visible_occupiers
from models.tables.contract import ContractRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ScheduleRow

SchedulePlace = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFilter:
    """Which schedules: all conditions hold together; an empty one does not count."""

    occupier_id: UUID | None = None
    site_id: UUID | None = None
    states: Sequence[ScheduleState] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleView:
    """A decommission that waits, or waited, for its time."""

    id: UUID
    occupier_id: UUID
    occupier_name: str
    due_at: datetime
    time_zone: str
    state: ScheduleState
    blocked_reasons: Sequence[str] | None
    case_id: UUID | None
    requested_by: str
    version: int
    created_at: datetime
    decided_at: datetime | None
    decommission_id: UUID | None


class ScheduleViewStore:
    """Reads what a member may see."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: ScheduleFilter, limit: int, place: SchedulePlace | None
    ) -> Page[ScheduleView, SchedulePlace]:
        """Schedules by the moment when they are due."""
        query = self._filtered(wanted)
        if place:
            query = query.where(tuple_(ScheduleRow.due_at, ScheduleRow.id) > place)
        query = query.order_by(ScheduleRow.due_at, ScheduleRow.id).limit(limit + 1)
        rows = (await self._session.execute(query)).mappings().all()
        found = [ScheduleView(**row) for row in rows]
        return cut(found, limit, lambda one: (one.due_at, one.id))

    async def find(self, schedule_id: UUID) -> ScheduleView | None:
        """The schedule, or `None` when there is none in sight."""
        query = self._schedules().where(ScheduleRow.id == schedule_id)
        row = (await self._session.execute(query)).mappings().one_or_none()
        return ScheduleView(**row) if row else None

    def _schedules(self) -> Select[*tuple[Any, ...]]:
        return (
            select(
                ScheduleRow.id,
                ScheduleRow.occupier_id,
                shown_name(self._grants).label("occupier_name"),
                ScheduleRow.due_at,
                ScheduleRow.time_zone,
                ScheduleRow.state,
                ScheduleRow.blocked_reasons,
                ScheduleRow.case_id,
                ScheduleRow.requested_by,
                ScheduleRow.version,
                ScheduleRow.created_at,
                ScheduleRow.decided_at,
                ScheduleRow.decommission_id,
            )
            .join(OccupierRow, OccupierRow.id == ScheduleRow.occupier_id)
            .where(visible_occupiers(self._grants))
        )

    def _filtered(self, wanted: ScheduleFilter) -> Select[*tuple[Any, ...]]:
        query = self._schedules()
        if wanted.occupier_id is not None:
            query = query.where(ScheduleRow.occupier_id == wanted.occupier_id)
        if wanted.states:
            query = query.where(ScheduleRow.state.in_(wanted.states))
        if wanted.site_id is not None:
            present = select(ContractRow.id).where(
                ContractRow.site_id == wanted.site_id,
                ContractRow.occupier_id == ScheduleRow.occupier_id,
                ContractRow.state != ContractState.DISCARDED,
                at_own_site(self._grants, ContractRow.site_id),
            )
            query = query.where(present.exists())
        return query
