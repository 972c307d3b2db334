"""Brings back what was retired while the fault `resurrect` was set, when its time has come.

What is due is stored: it comes back also after a restart, and after the fault was cleared.
"""

import asyncio
from contextlib import suppress

from estate.batches import TEXTS
from estate.database import Database, UnavailableError

_AGAIN_S = 1.0  # while the database is away


class Returns:
    """The things that will be there again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = asyncio.Event()

    async def remember(self, site: str | None, things: tuple[str, str], after_s: float) -> None:
        """Note things as they are before they are retired."""
        await self._database.rows(
            f"select estate.remember(%s, {TEXTS}, {TEXTS}, %s)", (site, *things, after_s)
        )
        self._news.set()

    async def run(self) -> None:
        """Bring back what is due, until cancelled."""
        while True:
            self._news.clear()
            wait = await self._bring_back()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait)

    async def _bring_back(self) -> float | None:
        try:
            rows = await self._database.rows("select estate.come_back() as wait")
        except UnavailableError:
            return _AGAIN_S
        wait = rows[0]["wait"]
        return max(wait, 0.0) if isinstance(wait, float) else None
