"""The sweeper process (`python -m workflows.sweeper`): what goes on when every worker is dead."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from models.database import Sessions, open_engine, open_sessions
from models.health import serve_health
from models.lifetime import run_and_exit, until_signal
from models.logging import configure
from models.settings import Settings
from models.stores.decommissions import DecommissionStore
from models.stores.requests import RequestStore
from sqlalchemy.exc import SQLAlchemyError

from workflows.connection import connect_patiently
from workflows.decision_relay import relay_decisions
from workflows.gateway import DecommissionGateway
from workflows.handset_relay import relay_handset_requests
from workflows.relay import Relay

log = structlog.get_logger()

SWEEP_EVERY_S = 60.0


async def sweep(sessions: Sessions) -> None:
    """What time alone makes due and no workflow waits for, every minute until cancelled.

    Numbers whose cooling-off was imported come back; replies to old requests are forgotten.
    """
    while True:
        try:
            async with sessions.begin() as session:
                released = await DecommissionStore(session).release_untimed_numbers()
                forgotten = await RequestStore(session).forget_old()
            if released or forgotten:
                log.info("swept", numbers_released=released, replies_forgotten=forgotten)
        except (SQLAlchemyError, OSError) as error:
            log.warning("sweep.stumbled", failure=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY_S)


async def main() -> int:
    """Relay what was accepted, and sweep, until a signal."""
    settings = Settings()
    configure(settings, "sweeper")
    ready = asyncio.Event()

    async def readiness() -> str | None:
        return None if ready.is_set() else "Temporal"

    async def relay() -> None:
        gateway = DecommissionGateway(await connect_patiently(settings))
        ready.set()
        starts = Relay(sessions, gateway, settings.libpq_url, settings.patience)
        await asyncio.gather(
            starts.run(),
            relay_handset_requests(sessions, gateway),
            relay_decisions(sessions, gateway),
        )

    engine = open_engine(settings, for_system=True)
    sessions = open_sessions(engine)
    health = serve_health(readiness, settings.bind, settings.sweeper_health_port)
    async with AsyncExitStack() as running:
        running.push_async_callback(engine.dispose)
        for coroutine in (relay(), health, sweep(sessions)):
            running.callback(asyncio.create_task(coroutine).cancel)
        await until_signal()
    return 0


if __name__ == "__main__":
    run_and_exit(main())
