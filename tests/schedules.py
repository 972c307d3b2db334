"""Schedules for tests, made as the API makes them, and what gets into their way."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import TeamRole, UpdateState
from models.stores.grants import GrantStore
from models.stores.schedules import DueTime, Requester, ScheduleStore
from models.stores.starts import StartRequest
from models.tables.case import CaseCommentRow, CaseRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ScheduleRow
from tests.builders import make_contract, make_service
from tests.identities import ISSUER, make_member


async def requester(
    sessions: Sessions, operator_id: UUID, roles: Mapping[UUID, TeamRole] | None = None
) -> Requester:
    """A super admin, unless roles are given."""
    async with sessions.begin() as session:
        member = await make_member(
            session, operator_id=operator_id, is_super_admin=roles is None, roles=roles
        )
        grants = await GrantStore(session).of(ISSUER, member.subject)
    assert grants is not None
    return Requester(grants, "request-of-a-test")


async def schedule(
    sessions: Sessions, occupier: OccupierRow, due_in: timedelta, by: Requester | None = None
) -> UUID:
    """A schedule of a super admin, unless told."""
    by = by or await requester(sessions, occupier.operator_id)
    due = DueTime(datetime.now(UTC) + due_in, "Europe/London")
    start = StartRequest(
        occupier.id, occupier.name, by.actor, by.request_id, None, grants=by.grants, at=due.at
    )
    async with sessions.begin() as session:
        return await ScheduleStore(session).schedule(start, due, by)


async def reschedule(sessions: Sessions, schedule_id: UUID, due_in: timedelta) -> None:
    """Move it, as a super admin."""
    found = await row(sessions, schedule_id)
    by = await requester(sessions, found.operator_id)
    due = DueTime(datetime.now(UTC) + due_in, "Asia/Tokyo")
    async with sessions.begin() as session:
        await ScheduleStore(session).reschedule(schedule_id, due, found.version, by)


async def cancel(sessions: Sessions, schedule_id: UUID) -> None:
    """Take it back, as a super admin."""
    found = await row(sessions, schedule_id)
    by = await requester(sessions, found.operator_id)
    async with sessions.begin() as session:
        await ScheduleStore(session).cancel(schedule_id, found.version, by)


async def row(sessions: Sessions, schedule_id: UUID) -> ScheduleRow:
    """The schedule as it is stored."""
    async with sessions() as session:
        return await session.get_one(ScheduleRow, schedule_id)


async def status(sessions: Sessions, occupier: OccupierRow) -> OccupierStatus:
    """Where the occupier stands."""
    async with sessions() as session:
        return (await session.get_one(OccupierRow, occupier.id)).status


async def block(sessions: Sessions, occupier: OccupierRow) -> UUID:
    """A failed service, as nobody expected it when the decommission was scheduled."""
    async with sessions.begin() as session:
        # As for all who edit: the operator's own hand, on an occupier that is active or scheduled.
        contract = await make_contract(session, occupier=occupier)
        service = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
    return service.id


async def mend(sessions: Sessions, service_id: UUID) -> None:
    """The failed service is cleared by support."""
    async with sessions.begin() as session:
        await session.execute(
            text("UPDATE services SET update_state = 'none', failed_action = NULL WHERE id = :id"),
            {"id": service_id},
        )


async def cases(sessions: Sessions, occupier: OccupierRow) -> list[CaseRow]:
    """The occupier's support cases."""
    async with sessions() as session:
        found = await session.scalars(select(CaseRow).where(CaseRow.occupier_id == occupier.id))
        return list(found)


async def comments(sessions: Sessions, case_id: UUID) -> int:
    """How many comments a case has."""
    async with sessions() as session:
        query = select(func.count()).where(CaseCommentRow.case_id == case_id)
        return await session.scalar(query) or 0
