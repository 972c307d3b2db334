"""Routes by which people work on a case: comment, move it, set its priority and reference."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.refusals import (
    CaseCoversHold,
    CaseFull,
    CaseHasFailedTasks,
    CaseMovedOn,
    CaseMoveImpossible,
    CaseOver,
    has_failed_tasks,
    problem_of_move,
)
from api.cases.schemas import AddedCommentOut, CaseOut, CommentIn, EditIn, MoveIn
from api.cases.sight import is_staff, locked_case, require_not_over, shown
from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.case import MOST_COMMENTS, CaseStatus, move_refusal, status_after_comment
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.case_desk import CaseDeskStore, CaseStanding

router = APIRouter(prefix="/cases", tags=["cases"])

_ALWAYS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound)


@router.post(
    "/{case_id}/comments",
    status_code=201,
    summary="Comment on a case",
    response_model=AddedCommentOut,
    responses=declared(*_ALWAYS, CaseOver, CaseFull),
)
async def comment_on_case(case_id: UUID, wanted: CommentIn, change: ChangeDep) -> Response:
    """Comments stay as they are. One within 14 days after it was resolved opens the case again."""
    deed = Deed(AuditAction.CASE_COMMENT, "case", case_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        case = await locked_case(session, caller, case_id, Action.COMMENT_CASE)
        require_not_over(case)
        desk, by_staff = CaseDeskStore(session), is_staff(caller)
        comments, _ = await desk.counts(case_id)
        if comments >= MOST_COMMENTS:
            raise CaseFull
        added = await desk.comment(case, wanted.body, caller.actor, is_staff=by_staff)
        to = status_after_comment(case.status, by_customer=not by_staff)
        if to is not case.status:
            await _move(desk, case, to, by_staff=by_staff)
        after = {"comment_id": str(added.id), "status": to.value}
        await AuditStore(session).record(_told(caller, change.request_id, deed, case, after))
        reply = AddedCommentOut(
            id=added.id,
            author=added.author,
            body=added.body,
            created_at=added.created_at,
            case_status=to,
        )
        return Reply(reply, status=201)

    return await change.once(deed, act)


@router.post(
    "/{case_id}/status",
    summary="Move a case to another status",
    response_model=CaseOut,
    responses=declared(
        *_ALWAYS, CaseMovedOn, CaseMoveImpossible, CaseOver, CaseHasFailedTasks, CaseCoversHold
    ),
)
async def move_case(case_id: UUID, wanted: MoveIn, change: ChangeDep) -> Response:
    """Of two who move it at once, the second is told that it has moved on.

    A case stays open while tasks of it have failed or are stuck, or a system is held under it.
    """
    deed = Deed(AuditAction.CASE_STATUS, "case", case_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        ends = not wanted.status.is_open
        case = await locked_case(session, caller, case_id, Action.HANDLE_CASE, with_tasks=ends)
        if case.status is not wanted.seen:
            raise CaseMovedOn
        if refused := move_refusal(case.status, wanted.status, case.resolved_for):
            raise problem_of_move(refused)
        desk = CaseDeskStore(session)
        if ends:
            await _require_nothing_left(desk, case_id)
        await _move(desk, case, wanted.status, by_staff=is_staff(caller))
        after = {"status": wanted.status.value}
        await AuditStore(session).record(_told(caller, change.request_id, deed, case, after))
        return Reply(await shown(session, caller, case_id))

    return await change.once(deed, act)


@router.patch(
    "/{case_id}",
    summary="Set the priority or the external reference of a case",
    response_model=CaseOut,
    responses=declared(*_ALWAYS, CaseOver),
)
async def edit_case(case_id: UUID, wanted: EditIn, change: ChangeDep) -> Response:
    """For the vendor's support and SREs."""
    deed = Deed(AuditAction.CASE_EDIT, "case", case_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        case = await locked_case(session, caller, case_id, Action.HANDLE_CASE)
        if case.status is CaseStatus.CLOSED:
            raise CaseOver
        desk = CaseDeskStore(session)
        after = {}
        if wanted.priority is not None:
            await desk.set_priority(case_id, wanted.priority)
            after["priority"] = wanted.priority.value
        if "external_reference" in wanted.model_fields_set:
            await desk.set_external_reference(case_id, wanted.external_reference)
            after["external_reference"] = "set" if wanted.external_reference else "none"
        await desk.touch(case_id, is_staff=is_staff(caller))
        await AuditStore(session).record(_told(caller, change.request_id, deed, case, after))
        return Reply(await shown(session, caller, case_id))

    return await change.once(deed, act)


async def _require_nothing_left(desk: CaseDeskStore, case_id: UUID) -> None:
    if troubled := await desk.troubled(case_id):
        raise has_failed_tasks(troubled)
    if await desk.covers_hold(case_id):
        raise CaseCoversHold


async def _move(desk: CaseDeskStore, case: CaseStanding, to: CaseStatus, *, by_staff: bool) -> None:
    try:
        await desk.move(case, to, is_staff=by_staff)
    except IntegrityError as error:  # another case of the same cause is open, or a task failed
        raise CaseMovedOn from error


def _told(
    caller: Caller, request_id: str, deed: Deed, case: CaseStanding, after: dict[str, str]
) -> AuditEvent:
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=deed.action,
        entity_kind="case",
        entity_id=case.id,
        occupier_id=case.occupier_id,
        before={"status": case.status.value},
        after=after,
    )
