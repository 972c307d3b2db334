"""The routes by which staff decide about a task, or pause a decommission."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decisions.refusals import (
    DecisionPending,
    NothingToConfirm,
    NothingToPause,
    TaskMovedOn,
    TaskNotDecidable,
    TaskNotWaivable,
    problem_of,
)
from api.decisions.schemas import DecisionOut, PauseIn, TaskDecisionIn, shown_decision
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.decision import PERMISSION, DecisionAction, TaskStanding, refusal
from models.domain.decommission import DecommissionState
from models.domain.permission import StaffRole
from models.stores.audit import AuditStore
from models.stores.case_desk import CaseDeskStore
from models.stores.decisions import DecisionOpenError, DecisionStore, DecisionView, NewDecision
from models.stores.decommission_views import DecommissionView, DecommissionViewStore
from models.stores.tasks import TaskStore, TaskView

router = APIRouter(tags=["decisions"])

_ALWAYS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound, DecisionPending)


@router.post(
    "/tasks/{task_id}/decisions",
    status_code=202,
    summary="Decide about a failed or stuck task",
    response_model=DecisionOut,
    responses=declared(*_ALWAYS, TaskMovedOn, TaskNotDecidable, NothingToConfirm, TaskNotWaivable),
)
async def decide_on_task(task_id: UUID, wanted: TaskDecisionIn, change: ChangeDep) -> Response:
    """Retry it, complete it by hand, or leave it undone. Read the decision to see its end.

    Support and SRE retry; support completes by hand, with evidence, and a fresh read confirms it;
    one of each answers for a waiver. A retry of a task that is still tried hastens its attempt.
    """

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        task = await TaskStore(session, caller.grants).find(task_id)
        if task is None:
            raise NotFound
        role = permitted(caller, wanted.action)
        decision = await decide(session, task, wanted, (caller.actor, role))
        about = (change.request_id, task.occupier_id)
        event = told(caller, AuditAction.DECISION_MAKE, decision, about)
        await AuditStore(session).record(event)
        return Reply(shown_decision(decision, caller.grants), status=202)

    return await change.once(Deed(AuditAction.DECISION_MAKE, "task", task_id), act)


@router.post(
    "/decommissions/{decommission_id}/decisions",
    status_code=202,
    summary="Pause a decommission or one of its sites, or let it go on",
    response_model=DecisionOut,
    responses=declared(*_ALWAYS, NothingToPause),
)
async def pause_decommission(decommission_id: UUID, wanted: PauseIn, change: ChangeDep) -> Response:
    """Tasks that have not started wait; running ones finish. Only SREs may."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        view = await DecommissionViewStore(session, caller.grants).find(decommission_id)
        if view is None:
            raise NotFound
        role = permitted(caller, wanted.action)
        await _require_change(session, view, wanted)
        new = NewDecision(
            action=wanted.action,
            decommission_id=decommission_id,
            site_id=wanted.site_id,
            decided_by=caller.actor,
            decided_as=role,
        )
        decision = await _kept(session, new)
        about = (change.request_id, view.occupier_id)
        event = told(caller, AuditAction.DECISION_MAKE, decision, about)
        await AuditStore(session).record(event)
        return Reply(shown_decision(decision, caller.grants), status=202)

    deed = Deed(AuditAction.DECISION_MAKE, "decommission", decommission_id)
    return await change.once(deed, act)


async def decide(
    session: AsyncSession, task: TaskView, wanted: TaskDecisionIn, by: tuple[str, StaffRole]
) -> DecisionView:
    """Make the decision about a task that the actor sees; raises the problem that refuses it.

    `by` are the actor and the role that permits it. Whoever decides has seen the task's case.
    """
    if refused := refusal(standing(task), wanted.proposal()):
        raise problem_of(refused, task.hold_id)
    actor, role = by
    new = NewDecision(
        action=wanted.action,
        decommission_id=task.decommission_id,
        task_id=task.id,
        site_id=task.site_id,
        round=task.round,
        reason=wanted.reason,
        evidence=wanted.evidence,
        file=wanted.evidence_file(),
        decided_by=actor,
        decided_as=role,
    )
    decision = await _kept(session, new)
    await CaseDeskStore(session).touch_of_task(task.id)
    return decision


def permitted(caller: Caller, action: DecisionAction) -> StaffRole:
    """The role by which the caller may decide that; raises `NotPermitted`."""
    role = caller.grants.staff_role
    if role is None or not caller.grants.may(PERMISSION[action]):
        raise NotPermitted(_WHO[action])
    return role


def standing(task: TaskView) -> TaskStanding:
    """Where the task stands, as the rules judge it."""
    return TaskStanding(
        task.kind, task.state, task.phase, task.round, task.hold_id, task.stuck_at is not None
    )


def told(
    caller: Caller,
    action: AuditAction,
    decision: DecisionView,
    about: tuple[str, UUID],
    case_id: UUID | None = None,
) -> AuditEvent:
    """What the audit keeps; `about` are the request and the occupier. Evidence never goes there."""
    request_id, occupier_id = about
    after = {"decision_id": str(decision.id), "action": decision.action, "state": decision.state}
    if decision.round is not None:
        after["round"] = str(decision.round)
    if decision.reason is not None:
        after["reason"] = decision.reason
    if decision.task_id is None and decision.site_id is not None:
        after["site_id"] = str(decision.site_id)
    if case_id is not None:
        after["case_id"] = str(case_id)
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=action,
        entity_kind="task" if decision.task_id else "decommission",
        entity_id=decision.task_id or decision.decommission_id,
        occupier_id=occupier_id,
        after=after,
    )


async def _kept(session: AsyncSession, new: NewDecision) -> DecisionView:
    try:
        return await DecisionStore(session).make(new)
    except DecisionOpenError as error:
        raise DecisionPending from error


async def _require_change(session: AsyncSession, view: DecommissionView, wanted: PauseIn) -> None:
    if view.state is DecommissionState.DECOMMISSIONED:
        raise NothingToPause
    paused_at = view.paused_at
    if wanted.site_id is not None:
        try:
            paused_at = await DecisionStore(session).paused_at(view.id, wanted.site_id)
        except LookupError as error:
            raise NotFound from error
    if (paused_at is not None) is (wanted.action is DecisionAction.PAUSE):
        raise NothingToPause


_WHO = {
    DecisionAction.RETRY: "Only the vendor's support and SREs retry tasks.",
    DecisionAction.COMPLETE_BY_HAND: "Only the vendor's support completes tasks by hand.",
    DecisionAction.WAIVE: "Only the vendor's support and SREs waive tasks, one of each together.",
    DecisionAction.PAUSE: "Only SREs pause decommissions.",
    DecisionAction.RESUME: "Only SREs let paused decommissions go on.",
}
