"""News of progress from PostgreSQL: one LISTEN connection per process rings the open streams.

The triggers of migration 0002 notify the channel `progress` with the id of a decommission. News
can be lost while the connection is; so everybody is rung after a reconnect, and streams look by
themselves every few seconds.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog
from prometheus_client import Gauge

from models.database import FOR_API

log = structlog.get_logger(__name__)

CHANNEL = "progress"
_SILENCE_S = 20.0  # after so long without news the connection is tried
_LONGEST_DELAY_S = 10.0


class ProgressNews:
    """Rings the subscribers of a decommission whenever something of it has changed."""

    def __init__(self, database_url: str, subscribers: Gauge) -> None:
        self._url = database_url
        self._gauge = subscribers
        self._bells: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.listening = asyncio.Event()
        self.closed = False

    @contextmanager
    def subscribe(self, decommission_id: object) -> Iterator[asyncio.Event]:
        """An event that is set on news of this decommission, and when the process closes."""
        key, bell = str(decommission_id), asyncio.Event()
        self._bells[key].add(bell)
        self._gauge.inc()
        try:
            yield bell
        finally:
            self._gauge.dec()
            self._bells[key].discard(bell)
            if not self._bells[key]:
                del self._bells[key]

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self.closed = True
        self._ring_all()

    async def run(self) -> None:
        """Listen until cancelled; connect again whenever the connection is lost."""
        delay = 0.1
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                if self.listening.is_set():
                    delay = 0.1
                self.listening.clear()
                log.warning("progress_news.lost", kind=type(error).__name__, retry_in_s=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10, options=FOR_API
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            self._ring_all()
            while True:
                async for notify in connection.notifies(timeout=_SILENCE_S):
                    for bell in self._bells.get(notify.payload, ()):
                        bell.set()
                await connection.execute("SELECT 1")

    def _ring_all(self) -> None:
        for bells in self._bells.values():
            for bell in bells:
                bell.set()
