"""What a start and its approval begin with: the occupier locked, and then asked who may."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import Change
from api.decommissions.confirmation import DecommissionIn, require_fresh_login
from api.identity.caller import Caller, identify
from api.identity.scope import occupier_in_sight
from models.settings import Settings
from models.stores.clock import database_now
from models.stores.starts import StartRequest, StartStore


async def confirmed(
    session: AsyncSession,
    caller: Caller,
    change: Change,
    occupier_id: UUID,
    confirmation: DecommissionIn,
    settings: Settings,
) -> StartRequest:
    """Lock the occupier and say what is asked for, with the grants of after the lock.

    Raises `NotFound`, `LoginTooOld`, or `StartRefusedError`.
    """
    await occupier_in_sight(session, caller, occupier_id)
    await StartStore(session).lock(occupier_id)
    # Again, as something may have been revoked while this waited for the lock.
    caller = await identify(session, change.identity)
    require_fresh_login(change.identity, await database_now(session), settings.login_max_age_s)
    return StartRequest(
        occupier_id=occupier_id,
        name=confirmation.name,
        requested_by=caller.actor,
        request_id=change.request_id,
        idempotency_key=change.key,
        grants=caller.grants,
        plan=confirmation.plan,
    )
