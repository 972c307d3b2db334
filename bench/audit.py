"""How many audit events per second eight writers put into the one chain, each in its own commit."""

import asyncio
from time import perf_counter
from typing import Any
from uuid import uuid4

from models.database import Sessions
from models.domain.audit import AuditAction, AuditEvent
from models.domain.audit_chain import Head, Walk
from models.stores.audit import AuditStore
from models.stores.audit_chain import AuditChainStore

WRITERS = 8


async def measure_audit(sessions: Sessions, events: int = 4000) -> dict[str, Any]:
    """Write the events, then walk the chain; `sessions` need a pool of at least eight."""
    before = await _verify(sessions, None)
    began = perf_counter()
    await asyncio.gather(*(_write(sessions, events // WRITERS) for _ in range(WRITERS)))
    wrote = perf_counter()
    after = await _verify(sessions, before.head)
    return {
        "writers": WRITERS,
        "events": after.count - before.count,
        "inserts_per_s": round(events / (wrote - began)),
        "verified": after.finding is None,
        "verified_per_s": round(after.count / (perf_counter() - wrote)),
    }


async def _write(sessions: Sessions, events: int) -> None:
    for _ in range(events):
        async with sessions.begin() as session:
            await AuditStore(session).record(
                AuditEvent(
                    actor="system",
                    action=AuditAction.TASK_PARKED,
                    entity_kind="task",
                    entity_id=uuid4(),
                    after={"state": "failed", "round": "1"},
                )
            )


async def _verify(sessions: Sessions, expected: Head | None) -> Walk:
    async with sessions() as session:
        return await AuditChainStore(session).verify(expected)
