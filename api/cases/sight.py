"""The case of a request: whether the caller sees it, and which sites count for what they do."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.cases.refusals import CaseOver
from api.cases.schemas import CaseOut
from api.identity.caller import Caller
from api.identity.scope import require
from api.problems import NotFound
from models.domain.case import REOPEN_WITHIN, CaseStatus
from models.domain.permission import Action, Scope
from models.stores.case_desk import CaseDeskStore, CaseStanding
from models.stores.case_views import CaseView, CaseViewStore
from models.stores.scopes import ScopeStore

_EVERYBODY = UUID(int=0)  # the operator of a case that only staff see


async def case_in_sight(session: AsyncSession, caller: Caller, case_id: UUID) -> CaseView:
    """The case as the caller may see it; raises `NotFound`."""
    view = await CaseViewStore(session, caller.grants).find(case_id)
    if view is None:
        raise NotFound
    return view


async def scope_of(session: AsyncSession, caller: Caller, view: CaseView) -> Scope:
    """The case's site, or the sites of its occupier, or its operator as a whole.

    For staff the sites do not matter, and support may have lost sight of the occupier.
    """
    operator_id = view.operator_id or _EVERYBODY
    if caller.grants.staff_role is not None:
        return Scope(operator_id)
    if view.site_id is not None:
        return Scope(operator_id, frozenset({view.site_id}))
    if view.occupier_id is not None:
        return await ScopeStore(session).of_occupier(view.occupier_id)
    return Scope(operator_id)


async def locked_case(
    session: AsyncSession,
    caller: Caller,
    case_id: UUID,
    action: Action,
    *,
    with_tasks: bool = False,
) -> CaseStanding:
    """The case, locked, for somebody who may do this to it; 404 and 403 otherwise."""
    view = await case_in_sight(session, caller, case_id)
    require(caller, action, await scope_of(session, caller, view))
    standing = await CaseDeskStore(session).lock(case_id, with_tasks=with_tasks)
    if standing is None:
        raise NotFound
    return standing


def require_not_over(standing: CaseStanding) -> None:
    """Raises `CaseOver` for a case to which nothing is added any more."""
    if not takes_more(standing.status, standing.resolved_for):
        raise CaseOver


def takes_more(status: CaseStatus, resolved_for: timedelta | None) -> bool:
    """Whether comments and files may still be added."""
    if status is CaseStatus.RESOLVED:
        return resolved_for is not None and resolved_for <= REOPEN_WITHIN
    return status.is_open


async def shown(session: AsyncSession, caller: Caller, case_id: UUID) -> CaseOut:
    """The case in short, for a reply."""
    return CaseOut.model_validate(await case_in_sight(session, caller, case_id))


def is_staff(caller: Caller) -> bool:
    """Whether the vendor's people act, which acknowledges a case."""
    return caller.grants.staff_role is not None
