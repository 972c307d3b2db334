"""Routes that read a decision, and that confirm one as the second person."""

from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decisions.allowed import is_other_person
from api.decisions.make import standing, told
from api.decisions.refusals import DecisionNotWaiting, TaskMovedOn, TaskNotDecidable, problem_of
from api.decisions.schemas import DecisionOut, shown_decision
from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from models.domain.audit import AuditAction
from models.domain.decision import PERMISSION, Proposal, refusal
from models.domain.decommission import TaskState
from models.stores.audit import AuditStore
from models.stores.decisions import DecisionStore, DecisionView
from models.stores.decommission_views import DecommissionViewStore
from models.stores.tasks import TaskStore, TaskView

router = APIRouter(prefix="/decisions", tags=["decisions"])


@router.get("/{decision_id}", summary="Read a decision", responses=declared(NotFound))
async def read_decision(decision_id: UUID, session: SessionDep, caller: CallerDep) -> DecisionOut:
    """What was decided, by whom, and what became of it."""
    structlog.contextvars.bind_contextvars(decision_id=str(decision_id))
    decision = await _in_sight(session, caller, decision_id)
    return shown_decision(decision, caller.grants)


@router.get(
    "/{decision_id}/evidence",
    summary="Download the file that was handed in as evidence",
    response_class=Response,
    responses=declared(NotFound, NotPermitted),
)
async def read_evidence(decision_id: UUID, session: SessionDep, caller: CallerDep) -> Response:
    """For staff only; as it was handed in, and never shown within a page."""
    await _in_sight(session, caller, decision_id)
    if caller.grants.staff_role is None:
        raise NotPermitted("Only staff read the evidence of a decision.")
    file = await DecisionStore(session).file_of(decision_id)
    if file is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.post(
    "/{decision_id}/confirm",
    status_code=202,
    summary="Confirm a waiver as the second person",
    response_model=DecisionOut,
    responses=declared(
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        NotPermitted,
        NotFound,
        DecisionNotWaiting,
        TaskMovedOn,
        TaskNotDecidable,
    ),
)
async def confirm_decision(decision_id: UUID, change: ChangeDep) -> Response:
    """An SRE confirms what support decided, or the other way round; then it is carried out."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        decision = await _in_sight(session, caller, decision_id)
        _require_other_person(caller, decision)
        task = await _task_of(session, caller, decision)
        proposal = Proposal(
            action=decision.action,
            round=decision.round or 0,
            state=TaskState.FAILED,
            reason=decision.reason,
        )
        store = DecisionStore(session)
        confirmed = await store.confirm(decision_id, caller.actor)
        if confirmed is None:
            raise DecisionNotWaiting
        if refused := refusal(standing(task), proposal):
            raise problem_of(refused)
        about = (change.request_id, task.occupier_id)
        event = told(caller, AuditAction.DECISION_CONFIRM, confirmed, about)
        await AuditStore(session).record(event)
        return Reply(shown_decision(confirmed, caller.grants), status=202)

    return await change.once(Deed(AuditAction.DECISION_CONFIRM, "decision", decision_id), act)


def _require_other_person(caller: Caller, decision: DecisionView) -> None:
    if not caller.grants.may(PERMISSION[decision.action]):
        raise NotPermitted("Only the vendor's support and SREs confirm decisions.")
    if not is_other_person(caller.grants, decision):
        raise NotPermitted(
            "Somebody else must confirm it: an SRE what support decided, or the other way round."
        )


async def _task_of(session: AsyncSession, caller: Caller, decision: DecisionView) -> TaskView:
    if decision.task_id is None:
        raise DecisionNotWaiting
    task = await TaskStore(session, caller.grants).find(decision.task_id)
    if task is None:
        raise NotFound
    return task


async def _in_sight(session: AsyncSession, caller: Caller, decision_id: UUID) -> DecisionView:
    """The decision, if the caller sees what it is about; raises `NotFound`."""
    decision = await DecisionStore(session).find(decision_id)
    if decision is None:
        raise NotFound
    about = (
        await TaskStore(session, caller.grants).find(decision.task_id)
        if decision.task_id
        else await DecommissionViewStore(session, caller.grants).find(decision.decommission_id)
    )
    if about is None:
        raise NotFound
    return decision
