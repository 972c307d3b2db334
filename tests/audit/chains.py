"""Chains for tests: filled by many writers, read, verified, and tampered with as a superuser."""

import asyncio

from sqlalchemy import text

from models.database import Sessions
from models.domain.audit_chain import ChainedEvent, Head, Walk
from models.stores.audit import AuditStore
from models.stores.audit_chain import AuditChainStore
from tests.audit.events import an_event


async def fill(sessions: Sessions, events: int, *, writers: int = 1) -> None:
    """Write this many events, each in a transaction of its own."""

    async def write(count: int) -> None:
        for _ in range(count):
            async with sessions.begin() as session:
                await AuditStore(session).record(an_event(after={"state": "failed"}))

    await asyncio.gather(*(write(events // writers) for _ in range(writers)))


async def verify(sessions: Sessions, expected: Head | None = None) -> Walk:
    async with sessions() as session:
        return await AuditChainStore(session).verify(expected)


async def events_of(sessions: Sessions) -> list[ChainedEvent]:
    async with sessions() as session:
        return [event async for event in AuditChainStore(session).events()]


async def tamper(sessions: Sessions, *statements: str) -> None:
    """Do what only a superuser can: switch the triggers off, write, and switch them on again."""
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        for statement in statements:
            await session.execute(text(statement))
        await session.execute(text("ALTER TABLE audit_events ENABLE TRIGGER USER"))
