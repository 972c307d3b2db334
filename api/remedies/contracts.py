"""The route that discards a contract that has not begun."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.edit_lock import OccupierLocked
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, require, site_in_sight
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.permission import Action
from models.domain.portfolio import ContractState
from models.stores.audit import AuditStore
from models.stores.remedies import ContractStanding, RemedyStore
from models.stores.scopes import ScopeStore

router = APIRouter(prefix="/contracts", tags=["remedies"])


class ContractNotUpcoming(Problem):
    """Only an upcoming contract can be discarded; one that has begun is ended instead."""

    status = 409


class ContractOut(BaseModel):
    """Where a contract stands."""

    id: UUID
    occupier_id: UUID
    site_id: UUID
    state: ContractState


@router.post(
    "/{contract_id}/discard",
    summary="Discard an upcoming contract",
    response_model=ContractOut,
    responses=declared(
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        NotPermitted,
        NotFound,
        OccupierLocked,
        ContractNotUpcoming,
    ),
)
async def discard_contract(contract_id: UUID, change: ChangeDep) -> Response:
    """It may start today, but not have begun; one that is discarded blocks no decommission.

    For an admin of its site.
    """
    deed = Deed(AuditAction.CONTRACT_DISCARD, "contract", contract_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        store = RemedyStore(session)
        contract = await store.contract(contract_id)
        if contract is None:
            raise NotFound
        await occupier_in_sight(session, caller, contract.occupier_id)
        site_in_sight(caller, contract.site_id)
        require(caller, Action.EDIT_OCCUPIER, await ScopeStore(session).of_site(contract.site_id))
        if contract.state is not ContractState.UPCOMING or contract.has_begun:
            raise ContractNotUpcoming(
                None
                if contract.has_begun
                else f"The contract is {contract.state}; only an upcoming one can be discarded."
            )
        await store.discard(contract_id)
        await AuditStore(session).record(_told(caller, change.request_id, contract))
        return Reply(
            ContractOut(
                id=contract.id,
                occupier_id=contract.occupier_id,
                site_id=contract.site_id,
                state=ContractState.DISCARDED,
            )
        )

    return await change.once(deed, act)


def _told(caller: Caller, request_id: str, contract: ContractStanding) -> AuditEvent:
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.CONTRACT_DISCARD,
        entity_kind="contract",
        entity_id=contract.id,
        occupier_id=contract.occupier_id,
        before={"state": contract.state.value},
        after={"state": ContractState.DISCARDED.value},
    )
