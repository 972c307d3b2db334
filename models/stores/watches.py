"""Says when the platform last looked at itself; one that is long ago means that nobody looks."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

STUCK = "stuck"  # the sweeper's look for stuck tasks

_LOOKED = text("""
INSERT INTO watches (name, looked_at, took_s, suspects, engine_away_at)
VALUES (:name, now(), :took_s, :suspects,
        CASE WHEN :is_away THEN now() END)
ON CONFLICT (name) DO UPDATE SET looked_at = now(), took_s = :took_s, suspects = :suspects,
       engine_away_at = CASE WHEN :is_away THEN coalesce(watches.engine_away_at, now()) END
""")

_AGE = text("SELECT extract(epoch FROM now() - looked_at) FROM watches WHERE name = :name")


class WatchStore:
    """One row per watch."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def looked(self, name: str, took_s: float, suspects: int, *, is_away: bool) -> None:
        """A look is over; `is_away`: Temporal did not answer."""
        keys = {"name": name, "took_s": took_s, "suspects": suspects, "is_away": is_away}
        await self._session.execute(_LOOKED, keys)

    async def age_s(self, name: str) -> float | None:
        """How long ago the last look was; `None` when there was none yet."""
        age = await self._session.scalar(_AGE, {"name": name})
        return None if age is None else float(age)
