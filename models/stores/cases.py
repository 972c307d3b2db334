"""Support cases that people raise about an occupier; subject and description are templates."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.case import CaseCategory, CaseOrigin, CasePriority, CaseStatus
from models.tables.case import CaseRow, CaseStatusRow

_CLOSED = (CaseStatus.RESOLVED, CaseStatus.CLOSED)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject_id, 7301003))")


@dataclass(frozen=True, slots=True)
class Raise:
    """A case to raise about a service or a decommission; one open case of each is enough."""

    operator_id: UUID
    occupier_id: UUID
    subject: str
    description: str
    priority: CasePriority
    origin: CaseOrigin
    site_id: UUID | None = None
    service_id: UUID | None = None
    decommission_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in short."""

    id: UUID
    number: int
    subject: str
    status: CaseStatus
    priority: CasePriority
    occupier_id: UUID | None
    site_id: UUID | None
    service_id: UUID | None
    decommission_id: UUID | None
    created_at: datetime


class CaseStore:
    """Raises cases inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_or_new(self, wanted: Raise, requested_by: str) -> tuple[CaseView, bool]:
        """The open case about the same thing, or a new one; and whether it is new."""
        about = wanted.service_id or wanted.decommission_id
        await self._session.execute(_ONE_AT_A_TIME, {"subject_id": str(about)})
        query = _cases().where(
            CaseRow.status.not_in(_CLOSED),
            CaseRow.origin != CaseOrigin.AUTOMATIC,
            CaseRow.occupier_id == wanted.occupier_id,
            CaseRow.service_id.is_not_distinct_from(wanted.service_id),
            CaseRow.decommission_id.is_not_distinct_from(wanted.decommission_id),
        )
        found = (await self._session.execute(query.limit(1))).one_or_none()
        if found:
            return CaseView(*found), False
        case_id = await self._session.scalar(
            insert(CaseRow)
            .values(
                operator_id=wanted.operator_id,
                occupier_id=wanted.occupier_id,
                site_id=wanted.site_id,
                service_id=wanted.service_id,
                decommission_id=wanted.decommission_id,
                subject=wanted.subject,
                description=wanted.description,
                category=CaseCategory.TECHNICAL,
                priority=wanted.priority,
                origin=wanted.origin,
                requested_by=requested_by,
            )
            .returning(CaseRow.id)
        )
        await self._session.execute(
            insert(CaseStatusRow)
            .values(case_id=case_id, status=CaseStatus.NEW, actor=requested_by)
            .inline()
        )
        row = (await self._session.execute(_cases().where(CaseRow.id == case_id))).one()
        return CaseView(*row), True


_Cases = Select[
    UUID,
    int,
    str,
    CaseStatus,
    CasePriority,
    UUID | None,
    UUID | None,
    UUID | None,
    UUID | None,
    datetime,
]


def _cases() -> _Cases:
    return select(
        CaseRow.id,
        CaseRow.number,
        CaseRow.subject,
        CaseRow.status,
        CaseRow.priority,
        CaseRow.occupier_id,
        CaseRow.site_id,
        CaseRow.service_id,
        CaseRow.decommission_id,
        CaseRow.created_at,
    )
