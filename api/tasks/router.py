"""Routes that read tasks (Operations > Tasks)."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query

from api.decisions.schemas import shown_decision
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.paging import PageOut, by_time
from api.problems import NotFound, declared
from api.tasks.allowed import allowed_actions
from api.tasks.schemas import DecidedTaskOut, TaskFilters, TaskOut, shown_task
from models.stores.decisions import DecisionStore
from models.stores.tasks import TaskFilter, TaskStore

router = APIRouter(prefix="/tasks", tags=["tasks"])

_CURSOR = by_time("tasks")


@router.get("", summary="List tasks, newest first")
async def list_tasks(
    session: SessionDep,
    caller: CallerDep,
    settings: SettingsDep,
    filters: Annotated[TaskFilters, Query()],
) -> PageOut[TaskOut]:
    """Tasks with combinable filters."""
    wanted = TaskFilter(**filters.model_dump(exclude={"cursor", "limit"}))
    page = await TaskStore(session, caller.grants).page(
        wanted, filters.limit, _CURSOR.read(filters.cursor)
    )
    return PageOut(
        items=[shown_task(task, settings.stuck_floor_s) for task in page.items],
        next_cursor=_CURSOR.write(page.next_place),
    )


@router.get("/{task_id}", summary="Read a task", responses=declared(NotFound))
async def read_task(
    task_id: UUID, session: SessionDep, caller: CallerDep, settings: SettingsDep
) -> DecidedTaskOut:
    """One task, with what was decided about it and what you may do."""
    structlog.contextvars.bind_contextvars(task_id=str(task_id))
    task = await TaskStore(session, caller.grants).find(task_id)
    if task is None:
        raise NotFound
    decisions = await DecisionStore(session).of_task(task_id)
    return DecidedTaskOut(
        **shown_task(task, settings.stuck_floor_s).model_dump(),
        decisions=[shown_decision(decision, caller.grants) for decision in decisions],
        allowed_actions=await allowed_actions(session, caller, task, decisions),
    )
