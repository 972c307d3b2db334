"""What a case holds: its tasks, comments, files, history, and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.case import CaseOrigin, CaseStatus
from models.domain.decommission import DecommissionState, TaskState
from models.domain.hold import HoldOrigin
from models.domain.outside import System
from models.domain.permission import Grants
from models.domain.portfolio import UpdateState
from models.stores.case_views import CaseView
from models.stores.sight import visible_decommissions, visible_tasks
from models.tables.case import CaseAttachmentRow, CaseCommentRow, CaseStatusRow, CaseTaskRow
from models.tables.decommission import DecommissionRow
from models.tables.hold import HoldRow
from models.tables.service import ServiceRow
from models.tables.task import TaskRow


@dataclass(frozen=True, slots=True)
class CoveredTask:
    """That a case covers a task, or covered it until it left."""

    task_id: UUID
    attached_at: datetime | None  # `None`: not attached, but in trouble in the case's decommission
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment, oldest first in lists."""

    id: UUID
    author: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file without its content."""

    id: UUID
    author: str
    filename: str
    media_type: str
    size: int  # bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StatusView:
    """A status, since when, and who set it."""

    status: CaseStatus
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldView:
    """The hold that a case covers."""

    id: UUID
    system: System
    site_id: UUID | None
    origin: HoldOrigin
    placed_at: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out."""

    filename: str
    media_type: str
    content: bytes


class CasePartStore:
    """Reads the parts of a case that the caller has seen (`CaseViewStore.find`)."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def tasks(self, of: CaseView, limit: int) -> Sequence[CoveredTask]:
        """The tasks that the caller sees: those it covers now first, then those that left.

        A case that a person raised about a decommission shows also the tasks that are in trouble
        there, although each is in the case of its cause.
        """
        attached = (
            select(CaseTaskRow.task_id, CaseTaskRow.attached_at, CaseTaskRow.left_at)
            .join(TaskRow, TaskRow.id == CaseTaskRow.task_id)
            .where(CaseTaskRow.case_id == of.id, visible_tasks(self._grants))
            .order_by(
                CaseTaskRow.left_at.desc().nulls_first(),
                CaseTaskRow.attached_at,
                CaseTaskRow.task_id,
            )
            .limit(limit)
        )
        found = [CoveredTask(*row) for row in await self._session.execute(attached)]
        by_hand = of.origin is not CaseOrigin.AUTOMATIC and of.status.is_open
        if by_hand and of.decommission_id and not found:
            troubled = await self._in_trouble(of.decommission_id, limit)
            return [CoveredTask(one, None, None) for one in troubled]
        return found

    async def comments(self, case_id: UUID) -> Sequence[CommentView]:
        """All comments, oldest first."""
        query = (
            select(
                CaseCommentRow.id,
                CaseCommentRow.author,
                CaseCommentRow.body,
                CaseCommentRow.created_at,
            )
            .where(CaseCommentRow.case_id == case_id)
            .order_by(CaseCommentRow.created_at, CaseCommentRow.id)
        )
        return [CommentView(*row) for row in await self._session.execute(query)]

    async def attachments(self, case_id: UUID) -> Sequence[AttachmentView]:
        """All files, oldest first."""
        query = (
            select(
                CaseAttachmentRow.id,
                CaseAttachmentRow.author,
                CaseAttachmentRow.filename,
                CaseAttachmentRow.media_type,
                func.octet_length(CaseAttachmentRow.content),
                CaseAttachmentRow.created_at,
            )
            .where(CaseAttachmentRow.case_id == case_id)
            .order_by(CaseAttachmentRow.created_at, CaseAttachmentRow.id)
        )
        return [AttachmentView(*row) for row in await self._session.execute(query)]

    async def file(self, case_id: UUID, attachment_id: UUID) -> File | None:
        """One file of this case, or `None`."""
        query = select(
            CaseAttachmentRow.filename, CaseAttachmentRow.media_type, CaseAttachmentRow.content
        ).where(CaseAttachmentRow.case_id == case_id, CaseAttachmentRow.id == attachment_id)
        row = (await self._session.execute(query)).one_or_none()
        return File(*row) if row else None

    async def history(self, case_id: UUID) -> Sequence[StatusView]:
        """Every status it had, oldest first."""
        query = (
            select(CaseStatusRow.status, CaseStatusRow.actor, CaseStatusRow.at)
            .where(CaseStatusRow.case_id == case_id)
            .order_by(CaseStatusRow.at, CaseStatusRow.id)
        )
        return [StatusView(*row) for row in await self._session.execute(query)]

    async def hold(self, case_id: UUID) -> HoldView | None:
        """The hold that it covers, the newest if it covered several."""
        query = (
            select(
                HoldRow.id,
                HoldRow.system,
                HoldRow.site_id,
                HoldRow.origin,
                HoldRow.placed_at,
                HoldRow.released_at,
            )
            .where(HoldRow.case_id == case_id)
            .order_by(HoldRow.placed_at.desc())
            .limit(1)
        )
        row = (await self._session.execute(query)).one_or_none()
        return HoldView(*row) if row else None

    async def decommission_state(self, decommission_id: UUID) -> DecommissionState | None:
        """Where the decommission stands, if the caller sees it."""
        query = select(DecommissionRow.state).where(
            DecommissionRow.id == decommission_id, visible_decommissions(self._grants)
        )
        found: DecommissionState | None = await self._session.scalar(query)
        return found

    async def service_state(self, service_id: UUID) -> UpdateState | None:
        """How the last update of the service went, if the caller sees it (by policy)."""
        query = select(ServiceRow.update_state).where(ServiceRow.id == service_id)
        found: UpdateState | None = await self._session.scalar(query)
        return found

    async def _in_trouble(self, decommission_id: UUID, limit: int) -> Sequence[UUID]:
        failed = TaskRow.state == TaskState.FAILED
        stuck = (TaskRow.state == TaskState.PENDING) & TaskRow.stuck_at.is_not(None)
        query = (
            select(TaskRow.id)
            .where(
                TaskRow.decommission_id == decommission_id,
                or_(failed, stuck),
                visible_tasks(self._grants),
            )
            .order_by(TaskRow.created_at, TaskRow.id)
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()
