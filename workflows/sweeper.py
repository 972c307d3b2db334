"""The sweeper process (`python -m workflows.sweeper`): what goes on when every worker is dead."""

import asyncio
from contextlib import AsyncExitStack

import structlog
from activities.choose_desk import open_desk
from models.database import Sessions, open_engine, open_sessions
from models.health import serve_health
from models.lifetime import run_and_exit, until_signal
from models.logging import configure
from models.settings import Settings
from models.stores.browser_sessions import BrowserSessionStore
from models.stores.decommissions import DecommissionStore
from models.stores.requests import RequestStore
from sqlalchemy.exc import SQLAlchemyError

from workflows.audit_watch import AuditWatch
from workflows.connection import connect, connect_patiently
from workflows.decision_relay import relay_decisions
from workflows.desk_relay import DeskRelay
from workflows.engine_sight import EngineSight
from workflows.engine_watch import watch_engine
from workflows.expectation_watch import learn_durations
from workflows.gateway import DecommissionGateway
from workflows.handset_relay import relay_handset_requests
from workflows.hold_relay import relay_holds
from workflows.jeopardy_watch import watch_for_jeopardy
from workflows.loops import begun, stumbled, turned
from workflows.relay import Relay
from workflows.stuck_watch import StuckWatch

log = structlog.get_logger()

LOOP = "sweep"
SWEEP_EVERY_S = 60.0
LOOPS = (
    "relay",
    "handset_relay",
    "decision_relay",
    "hold_relay",
    "engine_watch",
    "audit_watch",
    "stuck_watch",
    "expectation_watch",
    "jeopardy_watch",
    LOOP,
)
"""What must keep turning; a loop that begins late, as Temporal is away, counts from here."""


async def sweep(sessions: Sessions) -> None:
    """What time alone makes due and no workflow waits for, every minute until cancelled.

    Numbers whose cooling-off was imported come back; replies to old requests and ended sessions
    of browsers are forgotten.
    """
    while True:
        try:
            async with sessions.begin() as session:
                released = await DecommissionStore(session).release_untimed_numbers()
                forgotten = await RequestStore(session).forget_old()
                ended = await BrowserSessionStore(session).forget_ended()
            turned(LOOP)
            if released or forgotten or ended:
                found = {"numbers_released": released, "replies_forgotten": forgotten}
                log.info("swept", **found, sessions_forgotten=ended)
        except (SQLAlchemyError, OSError) as error:
            stumbled(LOOP)
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
        client = await connect_patiently(settings)
        gateway = DecommissionGateway(client)
        ready.set()
        starts = Relay(sessions, gateway, settings.libpq_url, settings.patience)
        await asyncio.gather(
            starts.run(),
            relay_handset_requests(sessions, gateway),
            relay_decisions(sessions, gateway),
            relay_holds(sessions, gateway, settings.hold_spread_s),
            watch_engine(client),
        )

    begun(*LOOPS)
    desk = open_desk(settings)
    engine = open_engine(settings, for_system=True)
    sessions = open_sessions(engine)
    health = serve_health(readiness, settings.bind, settings.sweeper_health_port)
    async with AsyncExitStack() as running:
        running.push_async_callback(engine.dispose)
        desk_relay = DeskRelay(
            sessions, desk, api_url=settings.api_base_url, patience=settings.patience
        )
        watch = StuckWatch(sessions, EngineSight(lambda: connect(settings)), settings.stuck_floor_s)
        loops = (sweep(sessions), AuditWatch(sessions).run(), watch.run(settings.stuck_look_s))
        foresight = (learn_durations(sessions), watch_for_jeopardy(sessions))
        for coroutine in (relay(), health, desk_relay.run(), *loops, *foresight):
            running.callback(asyncio.create_task(coroutine).cancel)
        await until_signal()
    return 0


if __name__ == "__main__":
    run_and_exit(main())
