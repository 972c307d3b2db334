"""What people do with a case: comment, attach, move it, set its priority.

Each method works inside the caller's transaction on a case that it has locked; triggers of
migration 0014 write the history and refuse what must not be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, func, insert, select, text, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.case import CasePriority, CaseStatus
from models.domain.decommission import TaskKind, TaskState
from models.domain.stuck import StuckBecause
from models.stores.case_parts import AttachmentView, CommentView
from models.tables.case import CaseAttachmentRow, CaseCommentRow, CaseRow, CaseTaskRow
from models.tables.hold import HoldRow
from models.tables.task import TaskRow

_LOCK = text("SELECT lock_case(:case_id)")

# As the last step of a decision about a task: whoever decides has seen its case.
_TOUCH_OF_TASK = text("""
UPDATE cases SET acknowledged_at = now(), updated_at = now()
 WHERE acknowledged_at IS NULL AND id = (
       SELECT case_id FROM case_tasks WHERE task_id = :task_id AND left_at IS NULL)
""")


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """Where a case stands; locked until the commit."""

    id: UUID
    status: CaseStatus
    operator_id: UUID | None
    site_id: UUID | None
    occupier_id: UUID | None
    resolved_for: timedelta | None  # how long ago it was resolved


@dataclass(frozen=True, slots=True)
class TroubledTask:
    """A task that keeps its case from being resolved."""

    id: UUID
    kind: TaskKind
    site_id: UUID | None
    state: TaskState
    stuck_because: StuckBecause | None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to attach; what it is was looked at already."""

    filename: str
    media_type: str
    content: bytes


class CaseDeskStore:
    """Changes cases; `is_staff` says whether the vendor's people do it, which acknowledges it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, case_id: UUID, *, with_tasks: bool = False) -> CaseStanding | None:
        """The case, locked; `with_tasks` before one is resolved, so that none fails meanwhile."""
        if with_tasks:
            await self._session.execute(_LOCK, {"case_id": case_id})
        query = (
            select(
                CaseRow.id,
                CaseRow.status,
                CaseRow.operator_id,
                CaseRow.site_id,
                CaseRow.occupier_id,
                type_coerce(func.now() - CaseRow.resolved_at, Interval()),
            )
            .where(CaseRow.id == case_id)
            .with_for_update(key_share=True)
        )
        row = (await self._session.execute(query)).one_or_none()
        return CaseStanding(*row) if row else None

    async def comment(
        self, case: CaseStanding, body: str, author: str, *, is_staff: bool
    ) -> CommentView:
        """Append a comment."""
        row = await self._session.execute(
            insert(CaseCommentRow)
            .values(case_id=case.id, author=author, body=body)
            .returning(
                CaseCommentRow.id,
                CaseCommentRow.author,
                CaseCommentRow.body,
                CaseCommentRow.created_at,
            )
        )
        await self.touch(case.id, is_staff=is_staff)
        return CommentView(*row.one())

    async def attach(
        self, case: CaseStanding, file: NewFile, author: str, *, is_staff: bool
    ) -> AttachmentView:
        """Add a file."""
        row = await self._session.execute(
            insert(CaseAttachmentRow)
            .values(
                case_id=case.id,
                author=author,
                filename=file.filename,
                media_type=file.media_type,
                content=file.content,
            )
            .returning(CaseAttachmentRow.id, CaseAttachmentRow.created_at)
        )
        await self.touch(case.id, is_staff=is_staff)
        attachment_id, created_at = row.one()
        size = len(file.content)
        return AttachmentView(
            attachment_id, author, file.filename, file.media_type, size, created_at
        )

    async def move(self, case: CaseStanding, to: CaseStatus, *, is_staff: bool) -> None:
        """Set the status; whether it may go there was decided before (`move_refusal`)."""
        values: dict[str, object] = {"status": to}
        if to is CaseStatus.RESOLVED:
            values["resolved_at"] = func.now()
        elif to is CaseStatus.CLOSED:
            values["closed_at"] = func.now()
        elif case.status is CaseStatus.RESOLVED:
            values |= {"resolved_at": None, "times_reopened": CaseRow.times_reopened + 1}
        await self._set(case.id, values)
        await self.touch(case.id, is_staff=is_staff)

    async def set_priority(self, case_id: UUID, priority: CasePriority) -> None:
        """How urgent it is."""
        await self._set(case_id, {"priority": priority})

    async def set_external_reference(self, case_id: UUID, reference: str | None) -> None:
        """Its number at somebody else's desk."""
        await self._set(case_id, {"external_reference": reference})

    async def touch(self, case_id: UUID, *, is_staff: bool) -> None:
        """Note that something was done, and that staff have seen it if it was they."""
        values: dict[str, object] = {"updated_at": func.now()}
        if is_staff:
            values["acknowledged_at"] = func.coalesce(CaseRow.acknowledged_at, func.now())
        await self._set(case_id, values)

    async def touch_of_task(self, task_id: UUID) -> None:
        """Staff have decided about a task, so they have seen its case."""
        await self._session.execute(_TOUCH_OF_TASK, {"task_id": task_id})

    async def troubled(self, case_id: UUID, limit: int = 50) -> Sequence[TroubledTask]:
        """The tasks that it covers and that failed or are stuck; they keep it open."""
        query = (
            select(TaskRow.id, TaskRow.kind, TaskRow.site_id, TaskRow.state, TaskRow.stuck_because)
            .join(CaseTaskRow, CaseTaskRow.task_id == TaskRow.id)
            .where(
                CaseTaskRow.case_id == case_id,
                CaseTaskRow.left_at.is_(None),
                (TaskRow.state == TaskState.FAILED)
                | (TaskRow.state == TaskState.PENDING) & TaskRow.stuck_at.is_not(None),
            )
            .order_by(TaskRow.id)
            .limit(limit)
        )
        return [TroubledTask(*row) for row in await self._session.execute(query)]

    async def covers_hold(self, case_id: UUID) -> bool:
        """Whether a system is held under this case."""
        query = select(HoldRow.id).where(HoldRow.case_id == case_id, HoldRow.released_at.is_(None))
        return await self._session.scalar(query.limit(1)) is not None

    async def counts(self, case_id: UUID) -> tuple[int, int]:
        """How many comments and how many files it has."""
        comments = select(func.count()).where(CaseCommentRow.case_id == case_id)
        files = select(func.count()).where(CaseAttachmentRow.case_id == case_id)
        query = select(comments.scalar_subquery(), files.scalar_subquery())
        row = (await self._session.execute(query)).one()
        return row[0], row[1]

    async def _set(self, case_id: UUID, values: dict[str, object]) -> None:
        await self._session.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
