"""Learns from completed tasks how long such tasks take; runs in the sweeper process."""

import asyncio
import time
from datetime import timedelta

import structlog
from models.database import Sessions
from models.domain.expectation import DAYS
from models.stores.clock import database_now
from models.stores.expectations import ExpectationStore
from sqlalchemy.exc import SQLAlchemyError

from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "expectation_watch"
LEARN_EVERY_S = 60.0
_REST = 100  # times as long as it took: however long the history, it takes a hundredth of a core,
_LONGEST_REST_S = 120.0  # or little more
_OVERLAP = timedelta(minutes=1)  # a transaction may commit after a younger one


async def learn_durations(sessions: Sessions) -> None:
    """Learn every minute, when something was completed, until cancelled."""
    since = None
    while True:
        began = time.monotonic()
        try:
            async with sessions.begin() as session:
                now = await database_now(session)
                keys = await ExpectationStore(session).learn(since or now - timedelta(days=DAYS))
            since = now - _OVERLAP
            turned(LOOP)
            if keys:
                log.info("durations.learned", keys=keys)
        except (SQLAlchemyError, OSError) as error:
            stumbled(LOOP)
            log.warning("learning.stumbled", failure=type(error).__name__)
        rest_s = min(_REST * (time.monotonic() - began), _LONGEST_REST_S)
        await asyncio.sleep(max(LEARN_EVERY_S, rest_s))
