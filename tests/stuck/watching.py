"""What tests of stuck tasks share: patient starts, thresholds, a watch, and what came of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from uuid import UUID, uuid4

import psutil
from sqlalchemy import select, text
from temporalio.client import Client

from activities.adapters.estate import build_systems
from models.domain.decommission import TaskKind
from models.domain.stuck import StuckBecause
from models.stores.outbox import OutboxStore
from models.stores.starts import Started, StartRequest, StartStore
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.occupier import OccupierRow
from models.tables.task import TaskRow
from tests.running_platform import Platform, until
from worker import build_workers
from workflows.connection import CONVERTER
from workflows.engine_sight import EngineSight
from workflows.stuck_watch import StuckWatch

FLOOR_S = 1.0


def watch_of(platform: Platform, floor_s: float = FLOOR_S) -> StuckWatch:
    """A sweeper's watch on this platform."""
    return StuckWatch(platform.sessions, sight_of(platform), floor_s)


def sight_of(platform: Platform) -> EngineSight:
    """What the watch asks."""

    async def connected() -> Client:
        return platform.client

    return EngineSight(connected)


async def start(platform: Platform, occupier: OccupierRow, *, tell: bool = True) -> Started:
    """Start with the waits of production, so that nothing gives up while a test looks."""
    request = StartRequest(occupier.id, occupier.name, "tester", "request", uuid4().hex)
    async with platform.sessions.begin() as session:
        started = await StartStore(session).start(request)
    if tell:
        await told(platform)
    return started


async def told(platform: Platform) -> None:
    """What the relay does, without shortening the waits."""
    async with platform.sessions.begin() as session:
        outbox = OutboxStore(session)
        for outbox_id, order in await outbox.claim(10):
            await platform.gateway.start(order)
            await outbox.mark_sent(outbox_id)


async def expect_s(
    platform: Platform, started: Started, threshold_s: float, kind: TaskKind | None = None
) -> None:
    """Say how long the tasks, or those of a kind, may be active, as the plan does."""

    async def is_planned() -> bool:
        return (await platform.row(started)).plan_hash is not None

    await until(is_planned)
    await platform.run(
        "UPDATE tasks SET threshold_s = :threshold_s WHERE decommission_id = :id"
        " AND kind = coalesce(:kind, kind)",
        threshold_s=threshold_s,
        id=started.decommission_id,
        kind=kind and kind.value,
    )


async def expect_all_s(platform: Platform, threshold_s: float) -> None:
    """Let whoever writes down how long a task may be active write this, in this database."""
    await platform.run(f"""
        CREATE FUNCTION expect_little() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.threshold_s = {threshold_s:g}; RETURN NEW; END $$;
        CREATE TRIGGER expect_little BEFORE UPDATE OF threshold_s ON tasks
            FOR EACH ROW EXECUTE FUNCTION expect_little();
    """)


async def stuck(platform: Platform, started: Started) -> dict[TaskKind, StuckBecause]:
    """The tasks that are stuck, and why."""
    tasks = await platform.tasks(started)
    return {task.kind: task.stuck_because for task in tasks if task.stuck_because}


async def is_found(
    platform: Platform, watch: StuckWatch, started: Started, within_s: float = 60
) -> dict[TaskKind, StuckBecause]:
    """Look until something of the decommission is stuck."""

    async def is_stuck() -> bool:
        await watch.look()
        return bool(await stuck(platform, started))

    await until(is_stuck, within_s, lambda: platform.story(started))
    return await stuck(platform, started)


async def case_of(platform: Platform, task: TaskRow) -> CaseRow:
    """The one case that the task is in."""
    query = (
        select(CaseRow)
        .join(CaseTaskRow, CaseTaskRow.case_id == CaseRow.id)
        .where(CaseTaskRow.task_id == task.id, CaseTaskRow.left_at.is_(None))
    )
    async with platform.sessions() as session:
        return (await session.scalars(query)).one()


async def last_case_of(platform: Platform, task: TaskRow) -> CaseRow:
    """The case that the task joined last, whether or not it has left it."""
    query = (
        select(CaseRow)
        .join(CaseTaskRow, CaseTaskRow.case_id == CaseRow.id)
        .where(CaseTaskRow.task_id == task.id)
        .order_by(CaseTaskRow.attached_at.desc())
    )
    async with platform.sessions() as session:
        case = (await session.scalars(query)).first()
    assert case is not None
    return case


async def audited(platform: Platform, task_id: UUID) -> list[str]:
    """What the audit says of the task, oldest first."""
    query = text("SELECT action FROM audit_events WHERE entity_id = :id ORDER BY id")
    async with platform.sessions() as session:
        return list(await session.scalars(query, {"id": task_id}))


@asynccontextmanager
async def working(platform: Platform, *queues: str) -> AsyncIterator[None]:
    """Our workers for these queues alone; for all without one."""
    systems = build_systems(platform.settings)
    async with AsyncExitStack() as running:
        running.push_async_callback(systems.aclose)
        # A client knows one worker per queue, also such as do not run.
        client = await Client.connect(
            platform.client.service_client.config.target_host, data_converter=CONVERTER
        )
        for worker in build_workers(client, platform.sessions, systems, stuck_floor_s=FLOOR_S):
            if not queues or worker.task_queue in queues:
                await running.enter_async_context(worker)
        yield


@contextmanager
def silent_temporal(platform: Platform) -> Iterator[None]:
    """Temporal's process stands still, so it answers nobody."""
    port = platform.client.service_client.config.target_host.rpartition(":")[2]
    (server,) = [
        child
        for child in psutil.Process().children(recursive=True)
        if child.name().startswith("temporal") and port in child.cmdline()
    ]
    server.suspend()
    try:
        yield
    finally:
        server.resume()
