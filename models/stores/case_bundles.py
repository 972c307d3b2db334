"""Reads the diagnostics bundle of a case: what was tried for its tasks, and how that ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TaskKind, TaskState
from models.domain.outside import FailureKind
from models.domain.permission import Grants
from models.domain.story import TaskStory
from models.stores.case_parts import CasePartStore
from models.stores.case_views import CaseView
from models.stores.sight import visible_tasks
from models.stores.task_story import TaskStoryStore
from models.tables.attempt import TaskAttemptRow
from models.tables.task import TaskRow

MOST_TASKS = 500  # that are counted
MOST_STORIES = 10  # that are told in full


@dataclass(frozen=True, slots=True)
class AttemptedKind:
    """How far the case's tasks of one kind are."""

    kind: TaskKind
    state: TaskState
    tasks: int
    done: int
    total: int
    failed_items: int


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How often attempts for the case's tasks failed in a way."""

    failure: FailureKind
    attempts: int
    tasks: int
    first_at: datetime
    last_at: datetime
    last_message: str


@dataclass(frozen=True, slots=True)
class CaseBundle:
    """What is known; of the tasks only those that the reader sees."""

    attempted: Sequence[AttemptedKind]
    errors: Sequence[ErrorCount]
    stories: Sequence[TaskStory]  # the tasks that it covers now come first
    tasks: int


class CaseBundleStore:
    """Bundles of cases that the caller sees."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def of(self, case: CaseView) -> CaseBundle:
        """The bundle of a case that the caller has been found to see."""
        covered = await CasePartStore(self._session, self._grants).tasks(case, MOST_TASKS)
        seen = await self._seen([one.task_id for one in covered])
        stories = TaskStoryStore(self._session, self._grants)
        told = [await stories.of(task_id) for task_id in seen[:MOST_STORIES]]
        return CaseBundle(
            attempted=await self._attempted(seen),
            errors=await self._errors(seen),
            stories=[story for story in told if story is not None],
            tasks=len(seen),
        )

    async def _seen(self, ids: Sequence[UUID]) -> list[UUID]:
        query = select(TaskRow.id).where(TaskRow.id.in_(ids), visible_tasks(self._grants))
        visible = set(await self._session.scalars(query))
        return [task_id for task_id in dict.fromkeys(ids) if task_id in visible]

    async def _attempted(self, ids: Sequence[UUID]) -> list[AttemptedKind]:
        query = (
            select(
                TaskRow.kind,
                TaskRow.state,
                func.count(),
                func.sum(TaskRow.done),
                func.sum(TaskRow.total),
                func.sum(TaskRow.failed_items),
            )
            .where(TaskRow.id.in_(ids))
            .group_by(TaskRow.kind, TaskRow.state)
            .order_by(TaskRow.kind, TaskRow.state)
        )
        return [AttemptedKind(*row) for row in await self._session.execute(query)]

    async def _errors(self, ids: Sequence[UUID]) -> list[ErrorCount]:
        newest = aggregate_order_by(TaskAttemptRow.message, TaskAttemptRow.id.desc())
        query = (
            select(
                TaskAttemptRow.failure,
                func.count(),
                func.count(TaskAttemptRow.task_id.distinct()),
                func.min(TaskAttemptRow.ended_at),
                func.max(TaskAttemptRow.ended_at),
                func.array_agg(newest).label("messages"),
            )
            .where(TaskAttemptRow.task_id.in_(ids))
            .group_by(TaskAttemptRow.failure)
            .order_by(func.count().desc(), TaskAttemptRow.failure)
        )
        return [
            ErrorCount(failure, attempts, tasks, first_at, last_at, messages[0])
            for failure, attempts, tasks, first_at, last_at, messages in (
                await self._session.execute(query)
            )
        ]
