"""What a caller may do to a decommission as it stands; the routes refuse by the same rules."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.caller import Caller
from models.domain.decommission import DecommissionState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action
from models.stores.decommission_views import DecommissionView
from models.stores.scopes import ScopeStore


async def allowed_actions(
    session: AsyncSession, caller: Caller, decommission: DecommissionView
) -> list[Action]:
    """Pausing covers letting it go on. Empty for who may only read, and once it is over."""
    if decommission.state is DecommissionState.DECOMMISSIONED:
        return []
    offered = [Action.PAUSE_DECOMMISSION]
    if decommission.occupier_status is OccupierStatus.FAILED:
        offered.append(Action.RAISE_DECOMMISSION_CASE)
    scope = await ScopeStore(session).of_occupier(decommission.occupier_id)
    return [action for action in offered if caller.grants.denial(action, scope) is None]
