"""Follows the chain of the audit and shows, as Prometheus series, whether it still holds.

A break that is found stays shown until the process starts anew: nobody repairs a chain. Old events
are walked again now and then, as somebody may have changed them after they were seen.
"""

import asyncio
from time import monotonic

import structlog
from models.database import Sessions
from models.domain.audit_chain import Walk
from models.stores.audit_chain import AuditChainStore
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "audit_watch"
LOOK_EVERY_S = 10.0
EVENTS_PER_LOOK = 10_000  # some tenths of a second
FROM_THE_BEGINNING_EVERY_S = 6 * 3600.0

_BREAKS = Gauge("audit_chain_breaks", "Whether a place was found at which the chain is broken.")
_VERIFIED = Gauge("audit_chain_verified_events", "How far the present walk along the chain is.")


class AuditWatch:
    """One walk along the chain, taken up again at each look."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._walk = Walk()
        self._began_at = monotonic()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
                turned(LOOP)
            except (SQLAlchemyError, OSError) as error:
                stumbled(LOOP)
                log.warning("audit_watch.stumbled", failure=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Walk on to the end, or as far as one look goes; a broken chain is walked no further."""
        if self._walk.finding is not None:
            return
        if monotonic() - self._began_at > FROM_THE_BEGINNING_EVERY_S:
            self._walk, self._began_at = Walk(), monotonic()
        async with self._sessions() as session:
            await AuditChainStore(session).walk_on(self._walk, EVENTS_PER_LOOK)
        _VERIFIED.set(self._walk.count)
        if self._walk.finding is not None:
            _BREAKS.set(1)
            finding = self._walk.finding
            log.error("audit_chain.broken", event_id=finding.id, what=finding.what)
