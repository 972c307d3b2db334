"""Scheduling a decommission: made, moved and cancelled by people; `due_schedules.py` starts it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ScalarSelect, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import AuditAction, AuditEvent
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.domain.schedule import ScheduleEvent, ScheduleOverError, ScheduleState, after
from models.stores.audit import AuditStore
from models.stores.clock import database_now
from models.stores.outbox import OutboxStore
from models.stores.starts import (
    OccupierUnknownError,
    StaleError,
    StartRefusedError,
    StartRequest,
    StartStore,
)
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.schedule import ScheduleRow

FURTHEST = timedelta(days=2 * 366)


class DueInPastError(StartRefusedError):
    """The moment is not in the future."""


class DueTooFarError(StartRefusedError):
    """The moment is further away than `FURTHEST`."""


@dataclass(frozen=True, slots=True)
class Requester:
    """A team member who asks for something that is done later, by the grants of then."""

    grants: Grants
    request_id: str

    @property
    def actor(self) -> str:
        """As records name them."""
        return self.grants.actor

    @property
    def member_id(self) -> UUID:
        """Whose grants are read again."""
        return UUID(self.grants.actor.partition(":")[2])


@dataclass(frozen=True, slots=True)
class DueTime:
    """A moment, and the zone in which the person thinks of it."""

    at: datetime
    time_zone: str


class ScheduleStore:
    """Changes schedules inside the caller's transaction, the occupier locked first."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def schedule(self, start: StartRequest, due: DueTime, by: Requester) -> UUID:
        """The new schedule's id; all is checked as for a start, and refused like one."""
        occupier = await self._lock(start.occupier_id)
        await self._check_due(due)
        await StartStore(self._session).check(occupier, start)
        schedule_id: UUID | None = await self._session.scalar(
            insert(ScheduleRow)
            .values(
                occupier_id=occupier.id,
                operator_id=occupier.operator_id,
                due_at=due.at,
                time_zone=due.time_zone,
                requested_by=by.actor,
                member_id=by.member_id,
                is_approved=_approved(occupier),
            )
            .returning(ScheduleRow.id)
        )
        assert schedule_id is not None  # an insert without a conflict returns its row
        await self._set_status(occupier.id, OccupierStatus.SCHEDULED)
        await OutboxStore(self._session).tell_of_schedule(schedule_id)
        now = _told(ScheduleState.WAITING, due.at, due.time_zone)
        await self._audit(AuditAction.SCHEDULE_CREATE, (schedule_id, occupier.id), by, None, now)
        return schedule_id

    async def reschedule(
        self, schedule_id: UUID, due: DueTime, version: int, by: Requester
    ) -> None:
        """Move it; whoever moves it stands for it from now on. Refused like a start."""
        occupier, schedule = await self._locked(schedule_id, version)
        state = after(schedule.state, ScheduleEvent.RESCHEDULED)
        await self._check_due(due)
        start = StartRequest(
            occupier_id=occupier.id,
            name=occupier.name,  # confirmed when it was scheduled
            requested_by=by.actor,
            request_id=by.request_id,
            idempotency_key=None,
            grants=by.grants,
            was=OccupierStatus.SCHEDULED,
            is_approved=schedule.is_approved,
            at=due.at,
        )
        await StartStore(self._session).check(occupier, start)
        before = _told(schedule.state, schedule.due_at, schedule.time_zone)
        await self._change(
            schedule,
            state=state,
            due_at=due.at,
            time_zone=due.time_zone,
            requested_by=by.actor,
            member_id=by.member_id,
            is_approved=_approved(occupier),
        )
        now = _told(state, due.at, due.time_zone)
        await self._audit(
            AuditAction.SCHEDULE_RESCHEDULE, (schedule_id, occupier.id), by, before, now
        )

    async def cancel(self, schedule_id: UUID, version: int, by: Requester) -> None:
        """Take it back: the occupier is active again."""
        occupier, schedule = await self._locked(schedule_id, version)
        state = after(schedule.state, ScheduleEvent.CANCELLED)
        before = _told(schedule.state, schedule.due_at, schedule.time_zone)
        await self._change(schedule, state=state, decided_at=func.clock_timestamp())
        await self._set_status(occupier.id, OccupierStatus.ACTIVE)
        now = {"state": state.value}
        await self._audit(AuditAction.SCHEDULE_CANCEL, (schedule_id, occupier.id), by, before, now)

    async def _lock(self, occupier_id: UUID) -> OccupierRow:
        return await StartStore(self._session).lock(occupier_id)

    async def _locked(self, schedule_id: UUID, version: int) -> tuple[OccupierRow, ScheduleRow]:
        occupier_id = await self._session.scalar(
            select(ScheduleRow.occupier_id).where(ScheduleRow.id == schedule_id)
        )
        if occupier_id is None:
            raise OccupierUnknownError
        occupier = await self._lock(occupier_id)
        schedule = (
            await self._session.scalars(
                select(ScheduleRow)
                .where(ScheduleRow.id == schedule_id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        ).one()
        if not schedule.state.is_open:
            raise ScheduleOverError(schedule.state)
        if schedule.version != version:
            raise StaleError
        return occupier, schedule

    async def _check_due(self, due: DueTime) -> None:
        now = await database_now(self._session)
        if due.at <= now:
            raise DueInPastError
        if due.at > now + FURTHEST:
            raise DueTooFarError

    async def _change(self, schedule: ScheduleRow, **values: object) -> None:
        await self._session.execute(
            update(ScheduleRow)
            .where(ScheduleRow.id == schedule.id)
            .values(blocked_reasons=None, version=ScheduleRow.version + 1, **values)
            .execution_options(synchronize_session=False)
        )
        await OutboxStore(self._session).tell_of_schedule(schedule.id)

    async def _set_status(self, occupier_id: UUID, status: OccupierStatus) -> None:
        await self._session.execute(
            update(OccupierRow)
            .where(OccupierRow.id == occupier_id)
            .values(status=status, version=OccupierRow.version + 1)
            .execution_options(synchronize_session=False)
        )

    async def _audit(
        self,
        action: AuditAction,
        ids: tuple[UUID, UUID],  # of the schedule and of its occupier
        by: Requester,
        before: dict[str, str] | None,
        now: dict[str, str],
    ) -> None:
        await AuditStore(self._session).record(
            AuditEvent(
                actor=by.actor,
                request_id=by.request_id,
                action=action,
                entity_kind="schedule",
                entity_id=ids[0],
                occupier_id=ids[1],
                before=before,
                after=now,
            )
        )


def _approved(occupier: OccupierRow) -> ScalarSelect[bool]:
    """After the check: where a second person is needed, one has approved it by now."""
    needed = select(OperatorRow.second_person_required)
    return needed.where(OperatorRow.id == occupier.operator_id).scalar_subquery()


def _told(state: ScheduleState, due_at: datetime, time_zone: str) -> dict[str, str]:
    return {"state": state.value, "due_at": due_at.isoformat(), "time_zone": time_zone}
