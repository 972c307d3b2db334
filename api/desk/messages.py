"""Routes that list the messages to the outside desk, and that send them again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.dependencies import CallerDep, SessionDep
from api.desk.schemas import MessageFilters, MessageOut, RedeliveredOut
from api.identity.caller import Caller, NotPermitted
from api.paging import PageOut, by_time
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.desk import DESK_ID
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.desk_views import DeskViewStore

router = APIRouter(prefix="/desk", tags=["desk"])

_CURSOR = by_time("desk messages")


class DeliveryPending(Problem):
    """The message is still being delivered; wait for its end."""

    status = 409


_REFUSALS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound)


@router.get("/messages", summary="List the messages to the outside support desk, newest first")
async def list_messages(
    session: SessionDep, caller: CallerDep, filters: Annotated[MessageFilters, Query()]
) -> PageOut[MessageOut]:
    """For support, SREs and auditors; others find none. Dead ones wait for a redelivery."""
    page = await DeskViewStore(session, caller.grants).page(
        filters.state, filters.case_id, filters.limit, _CURSOR.read(filters.cursor)
    )
    items = [MessageOut.model_validate(one) for one in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.post(
    "/messages/{message_id}/redeliver",
    status_code=202,
    summary="Send a dead or delivered message again",
    response_model=MessageOut,
    responses=declared(*_REFUSALS, DeliveryPending),
)
async def redeliver(message_id: UUID, change: ChangeDep) -> Response:
    """Under the same `webhook-id` and sequence: a desk that has it does nothing again."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        store = DeskViewStore(session, caller.grants)
        if await store.find(message_id) is None:
            raise NotFound
        _require(caller)
        if not await store.redeliver(message_id):
            raise DeliveryPending
        return Reply(MessageOut.model_validate(await store.find(message_id)), status=202)

    return await change.once(Deed(AuditAction.DESK_REDELIVER, "desk_message", message_id), act)


@router.post(
    "/dead-letters/redeliver",
    status_code=202,
    summary="Send all dead messages again",
    response_model=RedeliveredOut,
    responses=declared(*_REFUSALS),
)
async def redeliver_dead(change: ChangeDep) -> Response:
    """Each keeps its id and its place in the order of its case."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        store = DeskViewStore(session, caller.grants)
        if not store.is_in_sight:
            raise NotFound
        _require(caller)
        redelivered = await store.redeliver_dead()
        await AuditStore(session).record(
            AuditEvent(
                actor=caller.actor,
                request_id=change.request_id,
                action=AuditAction.DESK_REDELIVER,
                entity_kind="desk",
                entity_id=DESK_ID,
                after={"redelivered": str(redelivered)},
            )
        )
        return Reply(RedeliveredOut(redelivered=redelivered), status=202)

    return await change.once(Deed(AuditAction.DESK_REDELIVER, "desk", DESK_ID), act)


def _require(caller: Caller) -> None:
    if not caller.grants.may(Action.REDELIVER_TO_DESK):
        raise NotPermitted("Only the vendor's support and SREs send messages to the desk again.")
