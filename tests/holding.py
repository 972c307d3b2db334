"""Placing and releasing holds in tests, as people do, and the relay that tells the tasks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from models.domain.decommission import TaskKind
from models.domain.outside import System
from models.stores.holds import HoldStore, NewHold
from models.stores.starts import Started
from models.tables.case import CaseRow
from models.tables.hold import HoldRow
from models.tables.task import TaskRow
from tests.running_platform import Platform, until
from workflows.gateway import DecommissionGateway
from workflows.hold_relay import relay_holds

BY = "staff_member:00000000-0000-0000-0000-000000000001"


async def place(platform: Platform, system: System, site_id: UUID | None = None) -> UUID:
    """Hold a system by hand."""
    async with platform.sessions.begin() as session:
        new = NewHold(system=system, site_id=site_id, placed_by=BY)
        hold_id, _ = await HoldStore(session).place(new)
    return hold_id


async def release(platform: Platform, hold_id: UUID) -> bool:
    """Release a hold by hand."""
    async with platform.sessions.begin() as session:
        return await HoldStore(session).release(hold_id, BY)


async def hold_row(platform: Platform, hold_id: UUID) -> HoldRow:
    """The hold."""
    async with platform.sessions() as session:
        return await session.get_one(HoldRow, hold_id)


async def open_holds(platform: Platform) -> list[HoldRow]:
    """Holds that are not released."""
    async with platform.sessions() as session:
        query = select(HoldRow).where(HoldRow.released_at.is_(None)).order_by(HoldRow.placed_at)
        return list(await session.scalars(query))


async def case_of(platform: Platform, hold_id: UUID) -> CaseRow:
    """The case of a hold."""
    async with platform.sessions() as session:
        hold = await session.get_one(HoldRow, hold_id)
        return await session.get_one(CaseRow, hold.case_id)


@dataclass(frozen=True, slots=True)
class Figures:
    """Where the tasks of a decommission stand."""

    held: list[TaskRow]
    busy: list[TaskRow]
    done: list[TaskRow]


async def figures(platform: Platform, started: Started) -> Figures:
    """Which tasks wait for a hold, which go on, and which are done."""
    tasks = await platform.tasks(started)
    return Figures(
        held=[task for task in tasks if task.hold_id is not None],
        busy=[
            task
            for task in tasks
            if task.hold_id is None and (task.phase in {"running", "retrying"})
        ],
        done=[task for task in tasks if task.state == "completed"],
    )


async def comes_to_rest(
    platform: Platform, started: Started, held: int, kind: TaskKind | None = None
) -> list[TaskRow]:
    """Wait until so many tasks, perhaps of one kind, wait for holds and nothing else goes on."""

    async def is_there() -> bool:
        now = await figures(platform, started)
        is_of_kind = kind is None or {task.kind for task in now.held} == {kind}
        return len(now.held) == held and is_of_kind and not now.busy

    await until(is_there, 60, lambda: platform.story(started))
    return (await figures(platform, started)).held


@asynccontextmanager
async def relaying(
    platform: Platform, gateway: DecommissionGateway | None = None, spread_s: float = 0.5
) -> AsyncIterator[None]:
    """Run the relay of holds, as the sweeper does."""
    loop = asyncio.create_task(
        relay_holds(platform.sessions, gateway or platform.gateway, spread_s)
    )
    try:
        yield
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
