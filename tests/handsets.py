"""Requests about handsets, for the tests that need one served."""

from uuid import UUID

from sqlalchemy import select

from models.database import Sessions
from models.stores.handset_requests import HandsetRequest, HandsetRequestStore, LoginView
from models.tables.handset_request import HandsetRequestRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from tests.running_platform import Platform, until
from workflows.handset_relay import relay_once


async def asked(platform: Platform, occupier: OccupierRow, login_id: UUID | None) -> HandsetRequest:
    """Ask, as the routes do, and wait until it has been served."""
    async with platform.sessions.begin() as session:
        request, _ = await HandsetRequestStore(session).ask(occupier.id, login_id, "system")
    await relay_once(platform.sessions, platform.gateway)

    async def is_over() -> bool:
        async with platform.sessions() as session:
            row = await session.get_one(HandsetRequestRow, request.id)
            return row.finished_at is not None

    await until(is_over)
    async with platform.sessions() as session:
        found = await HandsetRequestStore(session).find(request.id)
    assert found is not None
    return found


async def logins(sessions: Sessions, occupier: OccupierRow) -> list[LoginView]:
    async with sessions() as session:
        return await HandsetRequestStore(session).logins(occupier.id)


async def reference_of(platform: Platform, site_id: UUID) -> str:
    async with platform.sessions() as session:
        found = await session.scalar(select(SiteRow.reference).where(SiteRow.id == site_id))
    assert found is not None
    return found
