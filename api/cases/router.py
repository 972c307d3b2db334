"""Routes that read support cases (Operations > Support)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.allowed import allowed_actions
from api.cases.schemas import (
    AttachmentOut,
    CaseAdviceOut,
    CaseDetailOut,
    CaseFilters,
    CaseHoldOut,
    CaseOut,
    CaseTaskOut,
    CommentOut,
    StatusOut,
)
from api.cases.sight import case_in_sight
from api.decisions.schemas import shown_decision
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.identity.caller import Caller
from api.paging import PageOut, by_time
from api.problems import NotFound, declared
from api.tasks.schemas import shown_task
from models.domain.advice import Advice
from models.domain.case_advice import advice_of_cause, advice_of_task
from models.stores.case_parts import CasePartStore, CoveredTask
from models.stores.case_views import CaseFilter, CaseView, CaseViewStore
from models.stores.decisions import DecisionStore, DecisionView
from models.stores.tasks import TaskStore, TaskView

router = APIRouter(prefix="/cases", tags=["cases"])

_CURSOR = by_time("cases")
_MOST_TASKS = 500
_MOST_DECISIONS = 1_000


@router.get("", summary="List support cases, newest first")
async def list_cases(
    session: SessionDep, caller: CallerDep, filters: Annotated[CaseFilters, Query()]
) -> PageOut[CaseOut]:
    """The open ones unless told; of those that are over the last 12 months."""
    wanted = CaseFilter(**filters.model_dump(exclude={"cursor", "limit"}))
    page = await CaseViewStore(session, caller.grants).page(
        wanted, filters.limit, _CURSOR.read(filters.cursor)
    )
    return PageOut(
        items=[CaseOut.model_validate(one) for one in page.items],
        next_cursor=_CURSOR.write(page.next_place),
    )


@router.get("/{case_id}", summary="Read a support case", responses=declared(NotFound))
async def read_case(
    case_id: UUID, session: SessionDep, caller: CallerDep, settings: SettingsDep
) -> CaseDetailOut:
    """Everything in it, what it means, what to do next, and what you may do with it."""
    structlog.contextvars.bind_contextvars(case_id=str(case_id))
    view = await case_in_sight(session, caller, case_id)
    parts = CasePartStore(session, caller.grants)
    covered = await parts.tasks(view, _MOST_TASKS)
    tasks = await _tasks(session, caller, covered)
    hold = await parts.hold(case_id)
    now = [tasks[one.task_id] for one in covered if one.left_at is None and one.task_id in tasks]
    decisions = await _decisions(session, covered)
    return CaseDetailOut(
        **CaseOut.model_validate(view).model_dump(),
        advice=_advice(view, now),
        tasks=[
            CaseTaskOut(
                task=shown_task(tasks[one.task_id], settings.stuck_floor_s),
                attached_at=one.attached_at,
                left_at=one.left_at,
            )
            for one in covered
            if one.task_id in tasks
        ],
        hold=CaseHoldOut.model_validate(hold) if hold else None,
        decommission_state=(
            await parts.decommission_state(view.decommission_id) if view.decommission_id else None
        ),
        service_update_state=(
            await parts.service_state(view.service_id) if view.service_id else None
        ),
        comments=[CommentOut.model_validate(one) for one in await parts.comments(case_id)],
        attachments=[AttachmentOut.model_validate(one) for one in await parts.attachments(case_id)],
        history=[StatusOut.model_validate(one) for one in await parts.history(case_id)],
        decisions=[shown_decision(one, caller.grants) for one in decisions],
        allowed_actions=await allowed_actions(session, caller, view, now, decisions),
        bundle_url=f"/api/v1/cases/{case_id}/bundle",
    )


async def _tasks(
    session: AsyncSession, caller: Caller, covered: Sequence[CoveredTask]
) -> dict[UUID, TaskView]:
    ids = [one.task_id for one in covered]
    found = await TaskStore(session, caller.grants).those(ids) if ids else []
    return {task.id: task for task in found}


async def _decisions(
    session: AsyncSession, covered: Sequence[CoveredTask]
) -> Sequence[DecisionView]:
    """While the tasks were in this case, not in one before or after it."""
    stays = {one.task_id: one for one in covered}
    found = await DecisionStore(session).of_tasks(list(stays), _MOST_DECISIONS)
    return [one for one in found if one.task_id and _is_within(one, stays[one.task_id])]


def _is_within(decision: DecisionView, stay: CoveredTask) -> bool:
    began = stay.attached_at is None or decision.created_at >= stay.attached_at
    return began and (stay.left_at is None or decision.created_at <= stay.left_at)


def _advice(view: CaseView, tasks: Sequence[TaskView]) -> CaseAdviceOut | None:
    """By the cause of the case, or else by its first task in trouble."""
    advice: Advice | None = advice_of_cause(view.cause) if view.cause else None
    for task in tasks:
        if advice is None:
            advice = advice_of_task(task.last_error_kind, task.stuck_because)
    return CaseAdviceOut.model_validate(advice) if advice else None
