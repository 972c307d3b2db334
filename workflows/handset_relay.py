"""Tells Temporal of what people ask of handsets; runs in the sweeper process."""

import asyncio

import structlog
from models.database import Sessions
from models.domain.orders import HandsetOrder
from models.stores.handset_requests import HandsetRequestStore
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from workflows.gateway import DecommissionGateway
from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "handset_relay"
CLAIM = 20
LOOK_EVERY_S = 1.0


async def relay_handset_requests(sessions: Sessions, gateway: DecommissionGateway) -> None:
    """Relay until cancelled."""
    while True:
        try:
            await relay_once(sessions, gateway)
            turned(LOOP)
        except (SQLAlchemyError, OSError, RPCError) as error:
            stumbled(LOOP)
            log.warning("handset_relay.stumbled", failure=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def relay_once(sessions: Sessions, gateway: DecommissionGateway) -> int:
    """Start one batch; returns how many. One that fails is tried again the next time."""
    async with sessions.begin() as session:
        store = HandsetRequestStore(session)
        claimed = await store.claim(CLAIM)
        for request_id in claimed:
            await gateway.serve_handsets(HandsetOrder(request_id=request_id))
            await store.mark_sent(request_id)
    return len(claimed)
