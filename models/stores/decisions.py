"""Keeps what people decide, and shows it: rows are limited to what the caller may see by policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decision import DecisionAction, DecisionRefusal, DecisionState, WaiverReason
from models.domain.decommission import TaskKind
from models.domain.permission import Grants, StaffRole
from models.stores.outbox import OutboxStore
from models.stores.sight import visible_tasks
from models.tables.decision import DecisionRow
from models.tables.decommission import DecommissionSiteRow
from models.tables.task import TaskRow


class DecisionOpenError(Exception):
    """Another decision on the same thing has not ended yet."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """What a person hands in: a protocol, a screenshot."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What is decided, and by whom."""

    action: DecisionAction
    decommission_id: UUID
    task_id: UUID | None = None
    site_id: UUID | None = None
    round: int | None = None
    reason: WaiverReason | None = None
    evidence: str | None = None
    file: EvidenceFile | None = None
    decided_by: str
    decided_as: StaffRole

    @property
    def state(self) -> DecisionState:
        """A waiver waits for a second person."""
        if self.action is DecisionAction.WAIVE:
            return DecisionState.AWAITING_SECOND_PERSON
        return DecisionState.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision as people read it; of a file only what it is."""

    id: UUID
    task_id: UUID | None
    decommission_id: UUID
    site_id: UUID | None
    action: DecisionAction
    round: int | None
    reason: WaiverReason | None
    evidence: str | None
    file_name: str | None
    file_media_type: str | None
    file_size: int | None
    decided_by: str
    decided_as: StaffRole
    second_person: str | None
    state: DecisionState
    refused_because: str | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverView:
    """A task that was left undone, and who answers for that."""

    decision_id: UUID
    task_id: UUID
    site_id: UUID | None
    kind: TaskKind
    reason: WaiverReason
    decided_by: str
    second_person: str
    waived_at: datetime


class DecisionStore:
    """Writes and reads decisions inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def make(self, new: NewDecision) -> DecisionView:
        """Keep it, and tell the engine unless it waits for a second person.

        It takes the place of one on the same task that still waits for its second person. Raises
        `DecisionOpenError` while another one is being carried out.
        """
        await self._supersede(new.task_id)
        decision_id = await self._session.scalar(
            insert(DecisionRow)
            .values(
                action=new.action,
                decommission_id=new.decommission_id,
                task_id=new.task_id,
                site_id=new.site_id,
                round=new.round,
                reason=new.reason,
                evidence=new.evidence,
                file_name=new.file.name if new.file else None,
                file_media_type=new.file.media_type if new.file else None,
                file_bytes=new.file.content if new.file else None,
                decided_by=new.decided_by,
                decided_as=new.decided_as,
                state=new.state,
            )
            .on_conflict_do_nothing()
            .returning(DecisionRow.id)
        )
        if decision_id is None:
            raise DecisionOpenError
        if new.state is DecisionState.ACCEPTED:
            await OutboxStore(self._session).tell_of_decision(decision_id)
        return await self._view(decision_id)

    async def confirm(self, decision_id: UUID, second_person: str) -> DecisionView | None:
        """The second person agrees; `None` when it does not wait for one any more."""
        confirmed = await self._session.scalar(
            update(DecisionRow)
            .where(
                DecisionRow.id == decision_id,
                DecisionRow.state == DecisionState.AWAITING_SECOND_PERSON,
            )
            .values(state=DecisionState.ACCEPTED, second_person=second_person)
            .returning(DecisionRow.id)
        )
        if confirmed is None:
            return None
        await OutboxStore(self._session).tell_of_decision(decision_id)
        return await self._view(decision_id)

    async def find(self, decision_id: UUID) -> DecisionView | None:
        """The decision, or `None`."""
        found = await self._views(DecisionRow.id == decision_id)
        return found[0] if found else None

    async def of_task(self, task_id: UUID) -> Sequence[DecisionView]:
        """Everything that was decided about a task, oldest first."""
        return await self._views(DecisionRow.task_id == task_id)

    async def of_tasks(self, task_ids: Sequence[UUID], limit: int) -> Sequence[DecisionView]:
        """The newest that were decided about these tasks, oldest first."""
        if not task_ids:
            return []
        newest = (
            select(DecisionRow.id)
            .where(DecisionRow.task_id.in_(task_ids))
            .order_by(DecisionRow.created_at.desc(), DecisionRow.id)
            .limit(limit)
        )
        return await self._views(DecisionRow.id.in_(newest))

    async def file_of(self, decision_id: UUID) -> EvidenceFile | None:
        """The file that was handed in as evidence, or `None`."""
        query = select(
            DecisionRow.file_name, DecisionRow.file_media_type, DecisionRow.file_bytes
        ).where(DecisionRow.id == decision_id, DecisionRow.file_bytes.is_not(None))
        row = (await self._session.execute(query)).one_or_none()
        if row is None:
            return None
        return EvidenceFile(row.file_name or "", row.file_media_type or "", row.file_bytes or b"")

    async def waivers(self, decommission_id: UUID, grants: Grants) -> Sequence[WaiverView]:
        """The tasks of a decommission that were left undone, as far as the caller sees them."""
        query = (
            select(
                DecisionRow.id.label("decision_id"),
                TaskRow.id.label("task_id"),
                TaskRow.site_id,
                TaskRow.kind,
                DecisionRow.reason,
                DecisionRow.decided_by,
                DecisionRow.second_person,
                DecisionRow.ended_at.label("waived_at"),
            )
            .join(TaskRow, TaskRow.waived_by == DecisionRow.id)
            .where(TaskRow.decommission_id == decommission_id, visible_tasks(grants))
            .order_by(DecisionRow.ended_at, DecisionRow.id)
        )
        rows = (await self._session.execute(query)).mappings().all()
        return [WaiverView(**row) for row in rows]

    async def paused_at(self, decommission_id: UUID, site_id: UUID) -> datetime | None:
        """Since when the site itself is paused; `LookupError` for one that is not covered."""
        row = (
            await self._session.execute(
                select(DecommissionSiteRow.paused_at).where(
                    DecommissionSiteRow.decommission_id == decommission_id,
                    DecommissionSiteRow.site_id == site_id,
                )
            )
        ).one_or_none()
        if row is None:
            raise LookupError("the decommission does not cover the site")
        paused_at: datetime | None = row[0]
        return paused_at

    async def _supersede(self, task_id: UUID | None) -> None:
        await self._session.execute(
            update(DecisionRow)
            .where(
                DecisionRow.task_id == task_id,
                DecisionRow.state == DecisionState.AWAITING_SECOND_PERSON,
            )
            .values(
                state=DecisionState.REFUSED,
                refused_because=DecisionRefusal.SUPERSEDED,
                ended_at=func.now(),
            )
        )

    async def _view(self, decision_id: UUID) -> DecisionView:
        return (await self._views(DecisionRow.id == decision_id))[0]

    async def _views(self, condition: ColumnElement[bool]) -> list[DecisionView]:
        columns = [
            getattr(DecisionRow, name)  # the view's names are the columns' names
            for name in DecisionView.__dataclass_fields__
            if name != "file_size"
        ]
        query = (
            select(*columns, func.length(DecisionRow.file_bytes).label("file_size"))
            .where(condition)
            .order_by(DecisionRow.created_at, DecisionRow.id)
        )
        rows = (await self._session.execute(query)).mappings().all()
        return [DecisionView(**row) for row in rows]
