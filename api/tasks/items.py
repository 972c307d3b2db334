"""The route that lists the resources of a task: what is not done, and why."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import CallerDep, SessionDep
from api.paging import PageFilters, PageOut, by_name
from api.problems import NotFound, declared
from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.stores.task_items import TaskItemStore
from models.stores.tasks import TaskStore

router = APIRouter(prefix="/tasks", tags=["tasks"])

_CURSOR = by_name("task items")


class ItemFilters(PageFilters):
    """Filters of the list; all hold together."""

    undone: bool | None = Field(None, description="Only those that are not done, or that are.")
    failure: FailureKind | None = Field(None, description="Only those that failed so.")


class TaskItemOut(BaseModel):
    """One resource of a task, by our own id; the outside system's name for it is not shown."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: ResourceKind
    resource_id: UUID
    verdict: Verdict
    ground: Ground | None
    failure: FailureKind | None = Field(description="Why it is not done, as of the last attempt.")
    asked_at: datetime | None = Field(description="When its removal was first asked for.")
    confirmed_at: datetime | None = Field(description="When a fresh read showed it done.")


@router.get(
    "/{task_id}/items", summary="List the resources of a task", responses=declared(NotFound)
)
async def list_items(
    task_id: UUID,
    session: SessionDep,
    caller: CallerDep,
    filters: Annotated[ItemFilters, Query()],
) -> PageOut[TaskItemOut]:
    """What the task takes out of service, by kind of resource."""
    structlog.contextvars.bind_contextvars(task_id=str(task_id))
    task = await TaskStore(session, caller.grants).find(task_id)
    if task is None:
        raise NotFound
    page = await TaskItemStore(session).page(
        task,
        filters.limit,
        _CURSOR.read(filters.cursor),
        undone=filters.undone,
        failure=filters.failure,
    )
    return PageOut(
        items=[TaskItemOut.model_validate(item) for item in page.items],
        next_cursor=_CURSOR.write(page.next_place),
    )
