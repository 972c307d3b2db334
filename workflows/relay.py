"""Carries accepted starts from the outbox to Temporal; runs in the sweeper process.

A start was acknowledged when its row was committed, so it must reach Temporal however often this
process, the database or the server dies. Starting twice is harmless, so a row is marked as sent
only after the server has answered.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog
from models.database import Sessions
from models.stores.outbox import OutboxStore
from temporalio.service import RPCError

from workflows.gateway import DecommissionGateway

log = structlog.get_logger()

CLAIM = 50  # starts per transaction
LOOK_EVERY_S = 1.0  # covers a notification that was lost with its connection


class Relay:
    """Starts the workflow of every decommission in the outbox."""

    def __init__(
        self, sessions: Sessions, gateway: DecommissionGateway, dsn: str, patience: float
    ) -> None:
        self._sessions = sessions
        self._gateway = gateway
        self._dsn = dsn
        self._patience = patience
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Run until cancelled."""
        async with self._listening():
            while True:
                self._news.clear()
                await self._relay_all()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), LOOK_EVERY_S)

    async def relay_once(self) -> int:
        """Start one batch; returns how many were claimed."""
        async with self._sessions.begin() as session:
            outbox = OutboxStore(session)
            claimed = await outbox.claim(CLAIM)
            for outbox_id, order in claimed:
                try:
                    await self._gateway.start(order.model_copy(update={"patience": self._patience}))
                except RPCError as error:
                    log.warning("start.delayed", failure=error.status.name)
                    await outbox.mark_failed(outbox_id, error.status.name)
                    return 0
                await outbox.mark_sent(outbox_id)
                log.info("start.relayed", decommission_id=str(order.decommission_id))
        return len(claimed)

    async def _relay_all(self) -> None:
        try:
            while await self.relay_once():
                pass
        except Exception as error:
            log.warning("relay.stumbled", failure=type(error).__name__)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        listening = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _listen(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
                async with connection:
                    await connection.execute("LISTEN outbox")
                    async for _ in connection.notifies():
                        self._news.set()
            await asyncio.sleep(LOOK_EVERY_S)
