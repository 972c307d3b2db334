"""Is it in the caller's sight (404 when not), and may they do that to it (403 when not)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound
from models.domain.permission import Action, Denial, Reason, Scope
from models.stores.occupiers import OccupierStore, OccupierView
from models.stores.scopes import ScopeStore
from models.stores.tasks import TaskView


async def occupier_in_sight(
    session: AsyncSession, caller: Caller, occupier_id: UUID
) -> OccupierView:
    """The occupier as the caller may see it, its name masked for staff; raises `NotFound`."""
    occupier = await OccupierStore(session, caller.grants).find(occupier_id)
    if occupier is None:
        raise NotFound
    return occupier


def site_in_sight(caller: Caller, site_id: UUID) -> None:
    """Raises `NotFound` for a thing at a site where a team member has no role.

    Staff see the sites of all occupiers that they see.
    """
    if caller.grants.staff_role is None and site_id not in caller.grants.site_ids:
        raise NotFound


async def require_on_occupier(
    session: AsyncSession, caller: Caller, action: Action, occupier_id: UUID
) -> Scope:
    """Raises `NotFound` for an occupier out of sight and `NotPermitted` for a denied action."""
    await occupier_in_sight(session, caller, occupier_id)
    scope = await ScopeStore(session).of_occupier(occupier_id)
    require(caller, action, scope)
    return scope


def require(caller: Caller, action: Action, scope: Scope) -> None:
    """Raises `NotPermitted`; whether the thing is in sight was decided before."""
    if denial := caller.grants.denial(action, scope):
        raise not_permitted(denial)


def not_permitted(denial: Denial) -> NotPermitted:
    """The refusal of a denial, with who may. It names no site that the caller cannot see."""
    match denial.reason:
        case Reason.OUTSIDER:
            return NotPermitted("Only the operator's own admins may do this.")
        case Reason.NOT_AN_ADMIN:
            return NotPermitted("Only an admin of one of its sites, or a super admin, may do this.")
        case Reason.SITES_MISSING:
            return NotPermitted(
                "Only an admin at every site where it has a contract may do this; "
                f"you are not at {len(denial.missing_sites)} of them."
            )


async def scope_of_task(session: AsyncSession, task: TaskView) -> Scope:
    """The task's site, or the sites of its occupier."""
    scopes = ScopeStore(session)
    if task.site_id is not None:
        return await scopes.of_site(task.site_id)
    return await scopes.of_occupier(task.occupier_id)
