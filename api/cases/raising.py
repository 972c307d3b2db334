"""Routes that raise a support case by hand: about an occupier, a task, or anything."""

import re
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Body, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.refusals import NothingToReport, TaskInVendorCase
from api.cases.schemas import AboutIn, CaseIn, CaseOut
from api.cases.sight import shown
from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.errors import invalid
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import (
    not_permitted,
    occupier_in_sight,
    require,
    scope_of_task,
    site_in_sight,
)
from api.problems import FieldErrorOut, NotFound, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.case import CaseOrigin, CasePriority
from models.domain.decommission import TaskState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action, Scope
from models.domain.portfolio import UpdateState
from models.stores.audit import AuditStore
from models.stores.case_views import CaseViewStore
from models.stores.cases import CaseStore, Raise
from models.stores.occupiers import OccupierStore
from models.stores.remedies import RemedyStore
from models.stores.scopes import ScopeStore
from models.stores.sites import SiteStore
from models.stores.tasks import TaskStore, TaskView

router = APIRouter(tags=["cases"])

_PLAIN = re.compile(r"[a-z][a-z0-9_ -]{0,59}")
_ALWAYS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound)


@router.post(
    "/occupiers/{occupier_id}/cases",
    status_code=201,
    summary="Create a support case",
    response_model=CaseOut,
    responses=declared(*_ALWAYS, NothingToReport)
    | {200: {"model": CaseOut, "description": "The case that is open about it already"}},
)
async def raise_case(
    occupier_id: UUID, change: ChangeDep, wanted: Annotated[AboutIn | None, Body()] = None
) -> Response:
    """About a service whose update failed, or about the decommission; one open case of each."""
    service_id = wanted.service_id if wanted else None

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await occupier_in_sight(session, caller, occupier_id)
        raised = await (
            _of_service(session, caller, occupier_id, service_id)
            if service_id
            else _of_decommission(session, caller, occupier_id)
        )
        case_id, is_new = await CaseStore(session).open_or_new(raised)
        if is_new:
            about = {"service_id": raised.service_id, "decommission_id": raised.decommission_id}
            event = _told(caller, change.request_id, deed, case_id, about)
            await AuditStore(session).record(event)
        return Reply(await shown(session, caller, case_id), status=201 if is_new else 200)

    deed = Deed(AuditAction.CASE_RAISE, "occupier", occupier_id)
    return await change.once(deed, act)


@router.post(
    "/tasks/{task_id}/cases",
    status_code=201,
    summary="Create a support case for a task",
    response_model=CaseOut,
    responses=declared(*_ALWAYS, NothingToReport, TaskInVendorCase)
    | {200: {"model": CaseOut, "description": "The case that the task is in already"}},
)
async def raise_case_of_task(task_id: UUID, change: ChangeDep) -> Response:
    """For one that is pending for too long; a task is in one open case at a time (DT-09, DT-10)."""
    deed = Deed(AuditAction.CASE_RAISE, "task", task_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await _task(session, caller, task_id)
        store = CaseStore(session)
        known = await store.lock_task(task_id)
        task = await _task(session, caller, task_id)  # as it is now that nobody else changes it
        scope = await scope_of_task(session, task)
        require(caller, Action.RAISE_CASE, scope)
        if known is not None:
            if await CaseViewStore(session, caller.grants).find(known) is None:
                raise TaskInVendorCase
            return Reply(await shown(session, caller, known), status=200)
        if task.state not in {TaskState.PENDING, TaskState.FAILED}:
            raise NothingToReport("The task is over; there is nothing to report about it.")
        case_id = await store.new_over(task_id, _of_task(caller, task, scope))
        event = _told(caller, change.request_id, deed, case_id, {})
        await AuditStore(session).record(event)
        return Reply(await shown(session, caller, case_id), status=201)

    return await change.once(deed, act)


@router.post(
    "/cases",
    status_code=201,
    summary="Create a support case about anything",
    response_model=CaseOut,
    responses=declared(*_ALWAYS),
)
async def raise_any_case(wanted: CaseIn, change: ChangeDep) -> Response:
    """What you write is for people; nothing of it reaches logs or the audit."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        scope = await _scope_of_any(session, caller, wanted)
        case_id = await CaseStore(session).new(
            Raise(
                operator_id=scope.operator_id,
                subject=wanted.subject,
                description=wanted.description,
                category=wanted.category,
                priority=wanted.priority,
                origin=_origin(caller),
                requested_by=caller.actor,
                site_id=wanted.site_id,
                occupier_id=wanted.occupier_id,
            )
        )
        event = _told(caller, change.request_id, deed, case_id, {})
        await AuditStore(session).record(event)
        return Reply(await shown(session, caller, case_id), status=201)

    deed = _deed_about(wanted)
    return await change.once(deed, act)


async def _of_service(
    session: AsyncSession, caller: Caller, occupier_id: UUID, service_id: UUID
) -> Raise:
    service = await RemedyStore(session).service(service_id)
    if service is None or service.occupier_id != occupier_id:
        raise NotFound
    site_in_sight(caller, service.site_id)
    scope = await ScopeStore(session).of_site(service.site_id)
    require(caller, Action.RAISE_CASE, scope)
    if service.update_state is not UpdateState.FAILED:
        raise NothingToReport
    action = service.failed_action or ""
    failed = f" The failed action is: {action}." if _PLAIN.fullmatch(action) else ""
    return Raise(
        operator_id=scope.operator_id,
        occupier_id=occupier_id,
        site_id=service.site_id,
        service_id=service.id,
        subject="Failed service update",
        description=f"The service could not be updated.{failed}",
        priority=CasePriority.P3,
        origin=_origin(caller),
        requested_by=caller.actor,
    )


async def _of_decommission(session: AsyncSession, caller: Caller, occupier_id: UUID) -> Raise:
    """Raised by an admin at all of its sites (reference 14); one of any of them may read it."""
    scope = await ScopeStore(session).of_occupier(occupier_id)
    if denial := caller.grants.denial(Action.RAISE_DECOMMISSION_CASE, scope):
        raise not_permitted(denial)
    occupier = await occupier_in_sight(session, caller, occupier_id)
    decommission = await OccupierStore(session, caller.grants).decommission_of(occupier_id)
    if decommission is None or occupier.status is OccupierStatus.DECOMMISSIONED:
        raise NothingToReport
    has_failed = occupier.status is OccupierStatus.FAILED
    return Raise(
        operator_id=scope.operator_id,
        occupier_id=occupier_id,
        decommission_id=decommission.id,
        subject="Failed decommission" if has_failed else "Pending decommission",
        description="The decommission has failed and waits for support."
        if has_failed
        else "The decommission is pending for longer than expected.",
        priority=CasePriority.P2 if has_failed else CasePriority.P3,
        origin=_origin(caller),
        requested_by=caller.actor,
    )


async def _task(session: AsyncSession, caller: Caller, task_id: UUID) -> TaskView:
    task = await TaskStore(session, caller.grants).find(task_id)
    if task is None:
        raise NotFound
    return task


def _of_task(caller: Caller, task: TaskView, scope: Scope) -> Raise:
    what = task.kind.value.replace("_", " ")
    has_failed = task.state is TaskState.FAILED
    since = f"It was planned at {task.created_at:%Y-%m-%d %H:%M} UTC."
    error = (
        f" The last of {task.attempt} attempts failed: {task.last_error_kind.value}."
        if task.last_error_kind
        else ""
    )
    return Raise(
        operator_id=scope.operator_id,
        occupier_id=task.occupier_id,
        site_id=task.site_id,
        decommission_id=task.decommission_id,
        subject=f"{'Failed' if has_failed else 'Pending'} task: {what}",
        description=f"The task {what} is {task.state.value}: {task.phase.value}. {since}{error}",
        priority=CasePriority.P2 if has_failed else CasePriority.P3,
        origin=_origin(caller),
        requested_by=caller.actor,
    )


async def _scope_of_any(session: AsyncSession, caller: Caller, wanted: CaseIn) -> Scope:
    """Whose case it is, once it is sure that the caller may raise it there."""
    scopes = []
    if wanted.occupier_id is not None:
        await occupier_in_sight(session, caller, wanted.occupier_id)
        scopes.append(await ScopeStore(session).of_occupier(wanted.occupier_id))
    if wanted.site_id is not None:
        if await SiteStore(session, caller.grants).find(wanted.site_id) is None:
            raise NotFound
        scopes.append(await ScopeStore(session).of_site(wanted.site_id))
    if not scopes and caller.grants.is_super_admin and caller.grants.operator_id:
        scopes.append(Scope(caller.grants.operator_id))
    if not scopes:
        raise invalid([_fault("must be given, or `occupier_id`; a super admin may leave out both")])
    for scope in scopes:
        require(caller, Action.RAISE_CASE, scope)
    if len({scope.operator_id for scope in scopes}) > 1:
        raise invalid([_fault("must be a site of the occupier's operator")])
    return scopes[-1]


def _fault(message: str) -> FieldErrorOut:
    return FieldErrorOut(field="body.site_id", message=message)


def _deed_about(wanted: CaseIn) -> Deed:
    if wanted.occupier_id is not None:
        return Deed(AuditAction.CASE_RAISE, "occupier", wanted.occupier_id)
    if wanted.site_id is not None:
        return Deed(AuditAction.CASE_RAISE, "site", wanted.site_id)
    return Deed(AuditAction.CASE_RAISE, "case", uuid4())


def _origin(caller: Caller) -> CaseOrigin:
    return CaseOrigin.SUPPORT if caller.grants.staff_role else CaseOrigin.OPERATOR


def _told(
    caller: Caller, request_id: str, deed: Deed, case_id: UUID, about: dict[str, UUID | None]
) -> AuditEvent:
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.CASE_RAISE,
        entity_kind=deed.entity_kind,
        entity_id=deed.entity_id,
        after={"case_id": str(case_id)} | {name: str(id_) for name, id_ in about.items() if id_},
    )
