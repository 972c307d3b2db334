"""The database's clock, which is the one that counts: those of other machines may be wrong."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def database_now(session: AsyncSession) -> datetime:
    """The moment, also inside a transaction that has waited."""
    now = await session.scalar(select(func.clock_timestamp()))
    assert isinstance(now, datetime)  # what the function gives
    return now
