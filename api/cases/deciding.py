"""The route that decides about the tasks of a case: the same for all of them, or for some."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.refusals import CaseOver, NothingDecided
from api.cases.sight import case_in_sight
from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decisions.make import decide, permitted, told
from api.decisions.schemas import DecisionIn, DecisionOut, TaskDecisionIn, shown_decision
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction
from models.domain.decommission import TaskState
from models.stores.audit import AuditStore
from models.stores.case_desk import CaseDeskStore
from models.stores.case_parts import CasePartStore
from models.stores.case_views import CaseView
from models.stores.tasks import TaskStore, TaskView

router = APIRouter(prefix="/cases", tags=["cases"])

MOST_TASKS = 1_000  # in one request


class SeenTaskIn(BaseModel):
    """A task of the case, as you saw it."""

    model_config = ConfigDict(extra="forbid")

    task_id: UUID
    round: int = Field(ge=1, le=1_000_000)
    state: TaskState


class CaseDecisionIn(DecisionIn):
    """What is decided about tasks of a case."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"action": "retry"}})

    tasks: Annotated[list[SeenTaskIn], Field(min_length=1, max_length=MOST_TASKS)] | None = Field(
        None, description="Only these; without, all of the case for which it is possible."
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        ids = [one.task_id for one in self.tasks or ()]
        if len(set(ids)) != len(ids):
            raise ValueError("must name each task once")
        return self


class RefusedOut(BaseModel):
    """Why a decision was not made about one task; the types are those of `POST .../decisions`."""

    type: str
    title: str
    status: int
    detail: str


class TaskResultOut(BaseModel):
    """What became of the decision for one task: one of the two is there."""

    task_id: UUID
    decision: DecisionOut | None = None
    problem: RefusedOut | None = None


class CaseDecisionOut(BaseModel):
    """A result for each task."""

    results: list[TaskResultOut]
    made: int
    refused: int
    left: int = Field(
        description="Tasks of the case beyond the first 1,000; decide again for them."
    )


@router.post(
    "/{case_id}/decisions",
    status_code=202,
    summary="Decide about the tasks of a case",
    response_model=CaseDecisionOut,
    responses=declared(
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        NotPermitted,
        NotFound,
        CaseOver,
        NothingDecided,
    ),
)
async def decide_in_case(case_id: UUID, wanted: CaseDecisionIn, change: ChangeDep) -> Response:
    """The same decision for all of them that it is possible for, each as if made for it alone.

    A task that has moved on since you saw it, or that cannot be decided so, is refused by itself;
    the others go on. If it is possible for none, nothing is made.
    """
    deed = Deed(AuditAction.CASE_DECIDE, "case", case_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        view = await case_in_sight(session, caller, case_id)
        role = permitted(caller, wanted.action)
        if not view.status.is_open:
            raise CaseOver("The case is not open, so none of its tasks waits for a decision.")
        tasks = await _tasks(session, caller, view)
        ids = {task.id for task in tasks}
        if any(one.task_id not in ids for one in wanted.tasks or ()):
            raise NotFound("One of `tasks` is not in this case now.")
        results = []
        for task, order in _orders(wanted, tasks):
            try:
                decision = await decide(session, task, order, (caller.actor, role))
            except Problem as problem:
                results.append(TaskResultOut(task_id=task.id, problem=_refused(problem)))
                continue
            about = (change.request_id, task.occupier_id)
            event = told(caller, AuditAction.CASE_DECIDE, decision, about, case_id)
            await AuditStore(session).record(event)
            made = shown_decision(decision, caller.grants)
            results.append(TaskResultOut(task_id=task.id, decision=made))
        if not any(one.decision for one in results):
            raise NothingDecided(results=[one.model_dump(mode="json") for one in results])
        await CaseDeskStore(session).touch(case_id, is_staff=True)
        return Reply(_summed_up(results, len(tasks), is_all=wanted.tasks is None), status=202)

    return await change.once(deed, act)


async def _tasks(session: AsyncSession, caller: Caller, view: CaseView) -> Sequence[TaskView]:
    """Those that the case covers now, the failed ones first, and in one order for all, so that
    two who decide cannot wait for each other.
    """
    covered = await CasePartStore(session, caller.grants).tasks(view, 10_000)
    now = [one.task_id for one in covered if one.left_at is None]
    found = await TaskStore(session, caller.grants).those(now) if now else []
    return sorted(found, key=lambda task: (task.state is not TaskState.FAILED, task.id))


def _orders(
    wanted: CaseDecisionIn, tasks: Sequence[TaskView]
) -> list[tuple[TaskView, TaskDecisionIn]]:
    if wanted.tasks is None:
        return [(task, wanted.of(task.round, task.state)) for task in tasks[:MOST_TASKS]]
    seen = {one.task_id: one for one in wanted.tasks}
    return [
        (task, wanted.of(seen[task.id].round, seen[task.id].state))
        for task in tasks
        if task.id in seen
    ]


def _summed_up(results: list[TaskResultOut], tasks: int, *, is_all: bool) -> CaseDecisionOut:
    made = sum(one.decision is not None for one in results)
    return CaseDecisionOut(
        results=results,
        made=made,
        refused=len(results) - made,
        left=max(0, tasks - len(results)) if is_all else 0,
    )


def _refused(problem: Problem) -> RefusedOut:
    return RefusedOut(
        type=problem.type_uri(),
        title=problem.shown_title(),
        status=problem.status,
        detail=problem.detail,
    )
