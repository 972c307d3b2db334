"""The resources of one task, one by one. Never a handle: our own ids name them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.stores.pages import Page, cut
from models.stores.tasks import TaskView
from models.tables.decommission import PlanItemRow

ItemPlace = tuple[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskItemView:
    """One resource, and why it is not done."""

    id: UUID
    kind: ResourceKind
    resource_id: UUID
    verdict: Verdict
    ground: Ground | None
    failure: FailureKind | None
    asked_at: datetime | None
    confirmed_at: datetime | None


class TaskItemStore:
    """Reads the resources of tasks that the caller has been found to see."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self,
        task: TaskView,
        limit: int,
        after: ItemPlace | None,
        *,
        undone: bool | None = None,
        failure: FailureKind | None = None,
    ) -> Page[TaskItemView, ItemPlace]:
        """Resources by kind; of a task without a site there are none."""
        columns = [getattr(PlanItemRow, name) for name in TaskItemView.__dataclass_fields__]
        query = (
            select(*columns)
            .where(
                PlanItemRow.decommission_id == task.decommission_id,
                PlanItemRow.site_id == task.site_id,
                PlanItemRow.task_kind == task.kind,
            )
            .order_by(PlanItemRow.kind, PlanItemRow.id)
            .limit(limit + 1)
        )
        if undone is not None:
            not_done = PlanItemRow.verdict.in_([Verdict.UNKNOWN, Verdict.DISABLED_ONLY])
            query = query.where(not_done if undone else ~not_done)
        if failure is not None:
            query = query.where(PlanItemRow.failure == failure)
        if after:
            query = query.where(tuple_(PlanItemRow.kind, PlanItemRow.id) > after)
        rows = (await self._session.execute(query)).mappings().all()
        found = [TaskItemView(**row) for row in rows]
        return cut(found, limit, lambda item: (item.kind.value, item.id))
