"""Finds decommissions that will be late, once each; runs in the sweeper process."""

import asyncio
from uuid import UUID

import structlog
from models.database import Sessions
from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.stores.audit import AuditStore
from models.stores.predictions import PredictionStore
from sqlalchemy.exc import SQLAlchemyError

from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "jeopardy_watch"
LOOK_EVERY_S = 15.0
AT_ONCE = 100
_FIRST = UUID(int=0)


async def watch_for_jeopardy(sessions: Sessions) -> None:
    """Look until cancelled."""
    while True:
        try:
            await look_for_jeopardy(sessions)
        except (SQLAlchemyError, OSError) as error:
            stumbled(LOOP)
            log.warning("jeopardy_watch.stumbled", failure=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def look_for_jeopardy(sessions: Sessions) -> int:
    """Put into jeopardy what is more likely late than not, even if all that waits went on now."""
    after, found = _FIRST, 0
    while True:
        async with sessions() as session:
            store = PredictionStore(session)
            due = dict(await store.undecided(after, AT_ONCE))
            predictions = await store.of(list(due))
        for decommission_id, prediction in predictions.items():
            if prediction.if_all_goes_on > due[decommission_id]:
                found += await _put_in_jeopardy(sessions, decommission_id)
        turned(LOOP)
        if len(due) < AT_ONCE:
            return found
        after = max(due)


async def _put_in_jeopardy(sessions: Sessions, decommission_id: UUID) -> bool:
    async with sessions.begin() as session:
        is_news = await PredictionStore(session).put_in_jeopardy(decommission_id)
        if is_news:
            event = AuditEvent(
                actor=SYSTEM,
                action=AuditAction.DECOMMISSION_JEOPARDY,
                entity_kind="decommission",
                entity_id=decommission_id,
            )
            await AuditStore(session).record(event)
    if is_news:
        log.warning("decommission.in_jeopardy", decommission_id=str(decommission_id))
    return is_news
