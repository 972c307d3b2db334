"""Carries accepted starts and news of schedules and closures from the outbox to Temporal.

Runs in the sweeper process. What was acknowledged was committed, so it must reach Temporal however
often this process, the database or the server dies. Telling twice is harmless, so a row is marked
as sent only after the server has answered.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog
from models.database import Sessions
from models.domain.orders import ClosureOrder, DecommissionOrder, ScheduleOrder
from models.stores.outbox import OutboxStore
from temporalio.service import RPCError

from workflows.gateway import DecommissionGateway
from workflows.loops import delivered, stumbled, turned

log = structlog.get_logger()

LOOP = "relay"
CLAIM = 50  # messages of a kind per transaction
LOOK_EVERY_S = 1.0  # covers a notification that was lost with its connection


class Relay:
    """Tells the engine everything that is in the outbox."""

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
        """Carry one batch of each kind; returns how many messages were claimed."""
        async with self._sessions.begin() as session:
            outbox = OutboxStore(session)
            claimed = [*await outbox.claim(CLAIM), *await outbox.claim_news(CLAIM)]
            for outbox_id, order in claimed:
                try:
                    await self._carry(order)
                except RPCError as error:
                    log.warning("start.delayed", failure=error.status.name)
                    await outbox.mark_failed(outbox_id, error.status.name)
                    return 0
                delivered(_carries(order), await outbox.mark_sent(outbox_id))
        return len(claimed)

    async def _carry(self, order: DecommissionOrder | ScheduleOrder | ClosureOrder) -> None:
        match order:
            case DecommissionOrder():
                await self._gateway.start(order.model_copy(update={"patience": self._patience}))
                log.info("start.relayed", decommission_id=str(order.decommission_id))
            case ScheduleOrder():
                await self._gateway.tell_schedule(order)
                log.info("schedule.relayed", schedule_id=str(order.schedule_id))
            case ClosureOrder():
                patient = order.model_copy(update={"patience": self._patience})
                await self._gateway.tell_closure(patient)
                log.info("closure.relayed", closure_id=str(order.closure_id))

    async def _relay_all(self) -> None:
        try:
            while await self.relay_once():
                pass
            turned(LOOP)
        except Exception as error:
            stumbled(LOOP)
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


def _carries(order: DecommissionOrder | ScheduleOrder | ClosureOrder) -> str:
    """As the API's figures of the outbox call it."""
    match order:
        case DecommissionOrder():
            return "start"
        case ScheduleOrder():
            return "schedule"
        case ClosureOrder():
            return "closure"
