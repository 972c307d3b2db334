"""Requests to log handsets out or to look at them again, from the asking to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.handset import HeldLogin
from models.domain.outside import FailureKind
from models.domain.portfolio import DeviceClass
from models.tables.handset_request import HandsetRequestRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.telephony import HandsetLoginRow, HandsetRow, HandsetTypeRow, PhoneNumberRow


@dataclass(frozen=True, slots=True)
class HandsetRequest:
    """Where a request stands."""

    id: UUID
    occupier_id: UUID
    login_id: UUID | None
    created_at: datetime
    finished_at: datetime | None
    ended: int
    failure: FailureKind | None


@dataclass(frozen=True, slots=True)
class LoginView:
    """A login as people see it; the number is personal."""

    id: UUID
    site_id: UUID
    number: str
    handset: str
    device_class: DeviceClass | None
    logged_in_at: datetime


class HandsetRequestStore:
    """Reads and writes inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def logins(self, occupier_id: UUID) -> list[LoginView]:
        """What is logged in, by site and handset."""
        query = _logins().where(PhoneNumberRow.occupier_id == occupier_id)
        rows = await self._session.execute(
            query.order_by(PhoneNumberRow.site_id, HandsetRow.label, HandsetLoginRow.id)
        )
        return [LoginView(*row) for row in rows]

    async def login(self, occupier_id: UUID, login_id: UUID) -> LoginView | None:
        """One of the occupier's logins, or `None`."""
        query = _logins().where(
            PhoneNumberRow.occupier_id == occupier_id, HandsetLoginRow.id == login_id
        )
        row = (await self._session.execute(query)).one_or_none()
        return LoginView(*row) if row else None

    async def ask(
        self, occupier_id: UUID, login_id: UUID | None, requested_by: str
    ) -> tuple[HandsetRequest, bool]:
        """The request of this sort that is under way, or a new one; and whether it is new."""
        added = await self._session.scalar(
            insert(HandsetRequestRow)
            .values(occupier_id=occupier_id, login_id=login_id, requested_by=requested_by)
            .on_conflict_do_nothing()
            .returning(HandsetRequestRow.id)
        )
        query = _requests().where(
            HandsetRequestRow.id == added
            if added
            else HandsetRequestRow.finished_at.is_(None)
            & (HandsetRequestRow.occupier_id == occupier_id)
            & HandsetRequestRow.login_id.is_not_distinct_from(login_id)
        )
        row = (await self._session.execute(query)).one()
        return HandsetRequest(*row), added is not None

    async def find(self, request_id: UUID) -> HandsetRequest | None:
        """The request, or `None`."""
        query = _requests().where(HandsetRequestRow.id == request_id)
        row = (await self._session.execute(query)).one_or_none()
        return HandsetRequest(*row) if row else None

    async def claim(self, limit: int) -> list[UUID]:
        """The oldest that the engine has not been told of, locked until the commit."""
        query = (
            select(HandsetRequestRow.id)
            .where(HandsetRequestRow.sent_at.is_(None))
            .order_by(HandsetRequestRow.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(await self._session.scalars(query))

    async def mark_sent(self, request_id: UUID) -> None:
        """The engine has it."""
        await self._session.execute(
            update(HandsetRequestRow)
            .where(HandsetRequestRow.id == request_id)
            .values(sent_at=func.now())
        )

    async def held(self, request: HandsetRequest) -> list[HeldLogin]:
        """The logins that the request is about, while the occupier may be edited.

        From pending on the decommission itself logs out what it can: then there are none here.
        """
        query = (
            select(
                HandsetLoginRow.id, SiteRow.reference, OccupierRow.reference, PhoneNumberRow.e164
            )
            .join(PhoneNumberRow, PhoneNumberRow.id == HandsetLoginRow.number_id)
            .join(SiteRow, SiteRow.id == PhoneNumberRow.site_id)
            .join(OccupierRow, OccupierRow.id == PhoneNumberRow.occupier_id)
            .where(
                PhoneNumberRow.occupier_id == request.occupier_id,
                OccupierRow.status.in_(["active", "scheduled"]),
            )
            .order_by(SiteRow.reference)
        )
        if request.login_id:
            query = query.where(HandsetLoginRow.id == request.login_id)
        return [HeldLogin(*row) for row in await self._session.execute(query)]

    async def finish(
        self, request_id: UUID, gone: Sequence[UUID], failure: FailureKind | None = None
    ) -> None:
        """Delete the logins that are gone and note the end; a repeat changes nothing."""
        await self._session.execute(delete(HandsetLoginRow).where(HandsetLoginRow.id.in_(gone)))
        await self._session.execute(
            update(HandsetRequestRow)
            .where(HandsetRequestRow.id == request_id, HandsetRequestRow.finished_at.is_(None))
            .values(finished_at=func.now(), ended=len(gone), failure=failure)
        )


def _requests() -> Select[
    UUID, UUID, UUID | None, datetime, datetime | None, int, FailureKind | None
]:
    return select(
        HandsetRequestRow.id,
        HandsetRequestRow.occupier_id,
        HandsetRequestRow.login_id,
        HandsetRequestRow.created_at,
        HandsetRequestRow.finished_at,
        HandsetRequestRow.ended,
        HandsetRequestRow.failure,
    )


def _logins() -> Select[UUID, UUID, str, str, DeviceClass, datetime]:
    return (
        select(
            HandsetLoginRow.id,
            PhoneNumberRow.site_id,
            PhoneNumberRow.e164,
            HandsetRow.label,
            HandsetTypeRow.device_class,
            HandsetLoginRow.logged_in_at,
        )
        .join(PhoneNumberRow, PhoneNumberRow.id == HandsetLoginRow.number_id)
        .join(HandsetRow, HandsetRow.id == HandsetLoginRow.handset_id)
        .outerjoin(HandsetTypeRow, HandsetTypeRow.code == HandsetRow.type_code)
    )
