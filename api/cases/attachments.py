"""Routes of the files of a case: add one, and download one."""

import hashlib
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.refusals import (
    AttachmentTooLarge,
    AttachmentUnfit,
    CaseFull,
    CaseOver,
    UploadsBusy,
)
from api.cases.schemas import AttachmentOut
from api.cases.sight import case_in_sight, is_staff, locked_case, require_not_over
from api.cases.uploads import BODY, UploadDep
from api.changes import Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.case import MOST_ATTACHMENTS
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.case_desk import CaseDeskStore
from models.stores.case_parts import CasePartStore

router = APIRouter(prefix="/cases", tags=["cases"])


@router.post(
    "/{case_id}/attachments",
    status_code=201,
    summary="Attach a file to a case",
    response_model=AttachmentOut,
    openapi_extra=BODY,
    responses=declared(
        IdempotencyKeyMissing,
        NotPermitted,
        NotFound,
        CaseOver,
        CaseFull,
        AttachmentTooLarge,
        AttachmentUnfit,
        IdempotencyKeyReused,
        UploadsBusy,
    ),
)
async def attach_file(case_id: UUID, upload: UploadDep) -> Response:
    """The body is the file itself, up to 20 MB. What it is, its content and its name say alike."""
    change = upload.change
    deed = Deed(AuditAction.CASE_ATTACH, "case", case_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        case = await locked_case(session, caller, case_id, Action.COMMENT_CASE)
        require_not_over(case)
        file = await upload.file()
        desk = CaseDeskStore(session)
        _, files = await desk.counts(case_id)
        if files >= MOST_ATTACHMENTS:
            raise CaseFull
        added = await desk.attach(case, file, caller.actor, is_staff=is_staff(caller))
        event = AuditEvent(
            actor=caller.actor,
            request_id=change.request_id,
            action=deed.action,
            entity_kind="case",
            entity_id=case_id,
            occupier_id=case.occupier_id,
            after={
                "attachment_id": str(added.id),
                "size": str(added.size),
                "sha256": hashlib.sha256(file.content).hexdigest(),
            },
        )
        await AuditStore(session).record(event)
        return Reply(AttachmentOut.model_validate(added), status=201)

    return await change.once(deed, act)


@router.get(
    "/{case_id}/attachments/{attachment_id}",
    summary="Download a file of a case",
    response_class=Response,
    responses=declared(NotFound),
)
async def download_file(
    case_id: UUID, attachment_id: UUID, session: SessionDep, caller: CallerDep
) -> Response:
    """As it was attached, to be saved: never shown within a page, never guessed at."""
    await case_in_sight(session, caller, case_id)
    file = await CasePartStore(session, caller.grants).file(case_id, attachment_id)
    if file is None:
        raise NotFound
    headers = {
        "Content-Disposition": _attachment(file.filename),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def _attachment(name: str) -> str:
    """The name for old readers in ASCII, and as it is (RFC 6266)."""
    plain = "".join(
        one if one.isascii() and (one.isalnum() or one in " ._-") else "_" for one in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
