"""The limit on how often one caller may start something irreversible."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.caller import Caller
from api.problems import Problem
from models.stores.start_rates import RATED_ACTIONS, StartRateStore


class TooManyStarts(Problem):
    """You started too much within a minute; try again after `Retry-After` seconds."""

    status = 429


async def admit(session: AsyncSession, caller: Caller, action: str, per_minute: int) -> None:
    """Raise `TooManyStarts` when this caller had its share of the last minute."""
    if action not in RATED_ACTIONS:
        return
    wait_s = await StartRateStore(session).wait_s(caller.actor, per_minute)
    if wait_s is not None:
        raise TooManyStarts(headers={"Retry-After": str(wait_s)})
