"""Reads everything that is known of a task, as somebody may see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.outside import FailureKind, Verdict
from models.domain.permission import Grants
from models.domain.story import (
    AttemptFact,
    CaseFact,
    DecisionFact,
    Facts,
    HoldFact,
    TaskFacts,
    TaskStory,
)
from models.domain.telling import tell
from models.stores.sight import visible_tasks
from models.tables.attempt import TaskAttemptRow
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.decision import DecisionRow
from models.tables.decommission import DecommissionRow, DecommissionSiteRow, PlanItemRow
from models.tables.hold import HoldRow
from models.tables.task import TaskRow

_LOWEST, _HIGHEST = "0" * 32, "f" * 32


class TaskStoryStore:
    """Stories of tasks that the caller sees."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def starting_with(self, beginning: str) -> list[UUID]:
        """The first two tasks whose ids begin so; hexadecimal digits and dashes only."""
        digits = beginning.replace("-", "").lower()
        lowest = UUID(digits + _LOWEST[len(digits) :])
        highest = UUID(digits + _HIGHEST[len(digits) :])
        query = (
            select(TaskRow.id)
            .where(TaskRow.id.between(lowest, highest), visible_tasks(self._grants))
            .order_by(TaskRow.id)
            .limit(2)
        )
        return list((await self._session.scalars(query)).all())

    async def of(self, task_id: UUID) -> TaskStory | None:
        """The story of a task, or `None`."""
        task = await self._task(task_id)
        if task is None:
            return None
        return tell(
            Facts(
                task=task,
                attempts=await self._attempts(task_id),
                hold=await self._hold(task_id),
                cases=await self._cases(task_id),
                decisions=await self._decisions(task_id),
                refused=await self._refused(task) if task.failed_items else None,
            )
        )

    async def _task(self, task_id: UUID) -> TaskFacts | None:
        own = [
            getattr(TaskRow, name)  # the facts' names are the columns' names
            for name in TaskFacts.__dataclass_fields__
            if name in TaskRow.__table__.columns and name not in {"active_s", "waiting_s"}
        ]
        paused_at = func.coalesce(DecommissionRow.paused_at, DecommissionSiteRow.paused_at)
        query = (
            select(
                *own,
                (TaskRow.active_s + _running(is_active=True)).label("active_s"),
                (TaskRow.waiting_s + _running(is_active=False)).label("waiting_s"),
                TaskRow.waived_by.is_not(None).label("is_waived"),
                paused_at.is_not(None).label("is_paused"),
                func.now().label("now"),
            )
            .join(DecommissionRow, DecommissionRow.id == TaskRow.decommission_id)
            .outerjoin(
                DecommissionSiteRow,
                (DecommissionSiteRow.decommission_id == TaskRow.decommission_id)
                & (DecommissionSiteRow.site_id == TaskRow.site_id),
            )
            .where(TaskRow.id == task_id, visible_tasks(self._grants))
        )
        row = (await self._session.execute(query)).mappings().one_or_none()
        return TaskFacts(**row) if row else None

    async def _attempts(self, task_id: UUID) -> Sequence[AttemptFact]:
        columns = [getattr(TaskAttemptRow, name) for name in AttemptFact.__dataclass_fields__]
        query = (
            select(*columns).where(TaskAttemptRow.task_id == task_id).order_by(TaskAttemptRow.id)
        )
        return [AttemptFact(*row) for row in await self._session.execute(query)]

    async def _hold(self, task_id: UUID) -> HoldFact | None:
        query = (
            select(HoldRow.system, HoldRow.site_id.is_(None), HoldRow.origin, HoldRow.placed_at)
            .join(TaskRow, TaskRow.hold_id == HoldRow.id)
            .where(TaskRow.id == task_id)
        )
        row = (await self._session.execute(query)).one_or_none()
        return HoldFact(*row) if row else None

    async def _cases(self, task_id: UUID) -> Sequence[CaseFact]:
        query = (
            select(
                CaseRow.id,
                CaseRow.number,
                CaseRow.status,
                CaseRow.cause,
                CaseTaskRow.attached_at,
                CaseTaskRow.left_at,
            )
            .join(CaseTaskRow, CaseTaskRow.case_id == CaseRow.id)
            .where(CaseTaskRow.task_id == task_id)
            .order_by(CaseTaskRow.attached_at, CaseRow.number)
        )
        return [CaseFact(*row) for row in await self._session.execute(query)]

    async def _decisions(self, task_id: UUID) -> Sequence[DecisionFact]:
        query = (
            select(
                DecisionRow.action,
                func.coalesce(DecisionRow.round, 1),
                DecisionRow.decided_as,
                DecisionRow.reason,
                DecisionRow.second_person.is_not(None),
                DecisionRow.state,
                DecisionRow.refused_because,
                DecisionRow.created_at,
                DecisionRow.ended_at,
            )
            .where(DecisionRow.task_id == task_id)
            .order_by(DecisionRow.created_at, DecisionRow.id)
        )
        return [DecisionFact(*row) for row in await self._session.execute(query)]

    async def _refused(self, task: TaskFacts) -> dict[FailureKind, int]:
        query = (
            select(PlanItemRow.failure, func.count())
            .where(
                PlanItemRow.decommission_id == task.decommission_id,
                PlanItemRow.site_id == task.site_id,
                PlanItemRow.task_kind == task.kind,
                PlanItemRow.verdict.in_([Verdict.UNKNOWN, Verdict.DISABLED_ONLY]),
                PlanItemRow.failure.is_not(None),
            )
            .group_by(PlanItemRow.failure)
            .order_by(func.count().desc(), PlanItemRow.failure)
        )
        return {kind: count for kind, count in await self._session.execute(query) if kind}


def _running(*, is_active: bool) -> ColumnElement[float]:
    """What the clock has run since it was read last, if it is the one that runs."""
    runs = TaskRow.waiting_reason.is_(None) if is_active else TaskRow.waiting_reason.is_not(None)
    since: ColumnElement[datetime | None] = TaskRow.clock_at.expression
    seconds = func.coalesce(func.extract("epoch", func.now() - since), 0.0)
    return case((runs, seconds), else_=0.0)
