"""Support cases that people raise: about a service, a decommission, a task, or anything."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.case import OVER, CaseCategory, CaseOrigin, CasePriority
from models.tables.case import CaseRow, CaseTaskRow

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject_id, 7301003))")
_LOCK_TASK = text("SELECT lock_task(:task_id)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A case to raise; one open case about a service, a decommission or a task is enough."""

    operator_id: UUID
    subject: str
    description: str
    priority: CasePriority
    origin: CaseOrigin
    requested_by: str
    category: CaseCategory = CaseCategory.TECHNICAL
    occupier_id: UUID | None = None
    site_id: UUID | None = None
    service_id: UUID | None = None
    decommission_id: UUID | None = None


class CaseStore:
    """Raises cases inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_or_new(self, wanted: Raise) -> tuple[UUID, bool]:
        """The open case about the same service or decommission, or a new one; whether it is new."""
        about = wanted.service_id or wanted.decommission_id
        await self._session.execute(_ONE_AT_A_TIME, {"subject_id": str(about)})
        query = select(CaseRow.id).where(
            CaseRow.status.not_in(OVER),
            CaseRow.origin != CaseOrigin.AUTOMATIC,
            CaseRow.occupier_id == wanted.occupier_id,
            CaseRow.service_id.is_not_distinct_from(wanted.service_id),
            CaseRow.decommission_id.is_not_distinct_from(wanted.decommission_id),
            ~select(CaseTaskRow.case_id).where(CaseTaskRow.case_id == CaseRow.id).exists(),
        )
        found: UUID | None = await self._session.scalar(query.limit(1))
        return (found, False) if found else (await self.new(wanted), True)

    async def lock_task(self, task_id: UUID) -> UUID | None:
        """Nobody changes the task, nor puts it into a case, until the commit.

        Returns the open case that it is in, also one that the caller does not see.
        """
        found: UUID | None = await self._session.scalar(_LOCK_TASK, {"task_id": task_id})
        return found

    async def new_over(self, task_id: UUID, wanted: Raise) -> UUID:
        """A new case over a task that is in none and is locked."""
        case_id = await self.new(wanted)
        await self._session.execute(
            insert(CaseTaskRow).values(case_id=case_id, task_id=task_id).inline()
        )
        return case_id

    async def new(self, wanted: Raise) -> UUID:
        """A new case; a trigger writes its first status."""
        case_id: UUID | None = await self._session.scalar(
            insert(CaseRow)
            .values(
                operator_id=wanted.operator_id,
                occupier_id=wanted.occupier_id,
                site_id=wanted.site_id,
                service_id=wanted.service_id,
                decommission_id=wanted.decommission_id,
                subject=wanted.subject,
                description=wanted.description,
                category=wanted.category,
                priority=wanted.priority,
                origin=wanted.origin,
                requested_by=wanted.requested_by,
            )
            .returning(CaseRow.id)
        )
        if case_id is None:
            raise RuntimeError("an insert without a conflict returns its row")
        return case_id
