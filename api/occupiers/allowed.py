"""What a caller may do to an occupier as it stands; the routes refuse by the same rules."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.caller import Caller
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action
from models.stores.occupiers import OccupierView
from models.stores.scopes import ScopeStore

_LIVING = frozenset({OccupierStatus.ACTIVE, OccupierStatus.SCHEDULED})
_UNDER_WAY = frozenset({OccupierStatus.PENDING, OccupierStatus.FAILED})

OFFERED: Mapping[Action, frozenset[OccupierStatus]] = {
    Action.EDIT_OCCUPIER: _LIVING,
    Action.PREVIEW_DECOMMISSION: _LIVING,
    Action.START_DECOMMISSION: frozenset({OccupierStatus.ACTIVE}),  # PRE-4
    Action.SCHEDULE_DECOMMISSION: _LIVING,
    Action.RAISE_CASE: frozenset(OccupierStatus),
    Action.RAISE_DECOMMISSION_CASE: _UNDER_WAY,
}
"""In which statuses each action on an occupier makes sense at all."""


async def allowed_actions(
    session: AsyncSession, caller: Caller, occupier: OccupierView
) -> list[Action]:
    """Empty for who may only read. A start that is allowed here may still be blocked (12.1)."""
    scope = await ScopeStore(session).of_occupier(occupier.id)
    return [
        action
        for action, statuses in OFFERED.items()
        if occupier.status in statuses and caller.grants.denial(action, scope) is None
    ]
