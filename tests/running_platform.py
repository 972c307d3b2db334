"""The whole platform for one test: real Temporal, real estate process, our workers in-process."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client, WorkflowExecution
from temporalio.testing import WorkflowEnvironment

from activities.adapters.estate import build_systems
from estate.client import EstateClient, Row
from models.database import Sessions, open_engine, open_sessions
from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.hold import Breaker
from models.domain.orders import DecisionOrder
from models.domain.outside import ResourceKind, Verdict
from models.portfolio.format import Portfolio
from models.portfolio.load import load
from models.portfolio.provision import provision_rows
from models.portfolio.sample.build import sample
from models.portfolio.sample.products import DIGITAL
from models.portfolio.sample.size import SampleSize
from models.settings import Settings
from models.stores.outbox import OutboxStore
from models.stores.starts import Started, StartRequest, StartStore
from models.tables.contract import ContractRow
from models.tables.decommission import DecommissionRow, DecommissionSiteRow, PlanItemRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.estate.running import RunningEstate
from worker import build_workers
from workflows.connection import CONVERTER
from workflows.gateway import DecommissionGateway
from workflows.names import SEARCH_ATTRIBUTES
from workflows.relay import Relay

NEVER = Breaker(tasks=1_000_000)
PATIENCE = 0.005  # of the production waits: all attempts of a task are over in seconds


@dataclass
class Platform:
    """What a test needs to start, disturb and look at decommissions."""

    settings: Settings
    engine: AsyncEngine
    sessions: Sessions
    client: Client
    estate: EstateClient
    estate_process: RunningEstate
    gateway: DecommissionGateway
    relay: Relay
    _seeds: Iterator[int] = field(default_factory=lambda: count(1))

    def next_seed(self) -> int:
        """A seed that no other sample in this platform's database has: they would clash."""
        return next(self._seeds)

    async def load(self, size: SampleSize) -> list[OccupierRow]:
        """Load a sample into the database and the estate; returns its occupiers by name."""
        return await self._load(sample(size, datetime.now(UTC)))

    async def _load(self, portfolio: Portfolio) -> list[OccupierRow]:
        engine = create_engine(self.settings.sqlalchemy_url, poolclass=NullPool)
        with engine.begin() as connection:
            loaded = load(connection, portfolio)
        for batch in provision_rows(loaded.portfolio):
            rows = [
                Row(batch.kind.value, each.handle, each.owner, each.attributes)
                for each in batch.holdings
            ]
            await self.estate.provision(batch.kind.system.value, batch.site, rows)
        async with self.sessions() as session:
            references = [occupier.reference for occupier in portfolio.occupiers]
            found = await session.scalars(
                select(OccupierRow)
                .where(OccupierRow.reference.in_(references))
                .order_by(OccupierRow.name)
            )
            return list(found)

    async def tenant(self, sites: int = 2, **per_site: int) -> OccupierRow:
        """One occupier at that many sites, with what `SampleSize` gives it there."""
        wanted = {
            "users_per_site": 3,
            "numbers_per_site": 3,
            "ports_per_site": 4,
            "devices_per_site": 2,
        }
        while True:
            size = SampleSize(
                seed=self.next_seed(),
                operators=1,
                sites=sites,
                occupiers=1,
                sites_per_occupier=sites,
                **(wanted | per_site),
            )
            portfolio = sample(size, datetime.now(UTC))
            # A seed may leave nobody at a desk phone; a test of telephony needs somebody there.
            if _is_at_a_desk_phone(portfolio) or not size.numbers_per_site:
                return (await self._load(portfolio))[0]

    async def start(self, occupier: OccupierRow, window: int | None = None) -> Started:
        """Accept a start and hand it to Temporal, perhaps with windows of so many sites."""
        request = StartRequest(occupier.id, occupier.name, "tester", "request", uuid4().hex)
        async with self.sessions.begin() as session:
            started = await StartStore(session).start(request)
        if window is None:
            await self.relay.relay_once()
            return started
        async with self.sessions.begin() as session:
            ((outbox_id, order),) = await OutboxStore(session).claim(1)
            changes = {"patience": PATIENCE, "window": window}
            await self.gateway.start(order.model_copy(update=changes))
            await OutboxStore(session).mark_sent(outbox_id)
        return started

    async def decommission(self, occupier: OccupierRow) -> Started:
        """Start, and wait until it is done."""
        started = await self.start(occupier)
        await self.reaches(started, DecommissionState.DECOMMISSIONED)
        return started

    async def reaches(
        self, started: Started, state: DecommissionState, within_s: float = 60
    ) -> None:
        """Wait until the decommission is in `state`."""

        async def is_there() -> bool:
            return (await self.row(started)).state is state

        await until(is_there, within_s, lambda: self.story(started))

    async def settles(self, started: Started, within_s: float = 60) -> None:
        """Wait until the decommission is done or waits for a person."""

        async def is_there() -> bool:
            return (await self.row(started)).state is not DecommissionState.PENDING

        await until(is_there, within_s, lambda: self.story(started))

    async def sites(self, started: Started) -> list[SiteRow]:
        """The sites of a decommission in the order of the fan-out."""
        query = (
            select(SiteRow)
            .join(DecommissionSiteRow, DecommissionSiteRow.site_id == SiteRow.id)
            .where(DecommissionSiteRow.decommission_id == started.decommission_id)
            .order_by(DecommissionSiteRow.ordinal)
        )
        async with self.sessions() as session:
            return list(await session.scalars(query))

    async def site_of(self, occupier: OccupierRow) -> SiteRow:
        """One site of the occupier."""
        query = select(SiteRow).join(ContractRow).where(ContractRow.occupier_id == occupier.id)
        async with self.sessions() as session:
            found = (await session.scalars(query.order_by(SiteRow.reference))).first()
        assert found is not None
        return found

    async def task(self, started: Started, kind: TaskKind, site_id: UUID | None) -> TaskRow:
        """One task."""
        return next(
            task
            for task in await self.tasks(started)
            if task.kind is kind and task.site_id == site_id
        )

    async def task_that_stumbled(self, started: Started) -> TaskRow:
        """The first task with an error."""
        return next(task for task in await self.tasks(started) if task.last_error_kind)

    async def runs(self, workflow_id: str) -> list[WorkflowExecution]:
        """All runs of a workflow, oldest first, as soon as the server lists them."""
        found: list[WorkflowExecution] = []
        while not found:
            query = f"WorkflowId = '{workflow_id}'"
            found = [run async for run in self.client.list_workflows(query)]
        return sorted(found, key=lambda run: run.start_time)

    async def verdicts(self, started: Started, kind: ResourceKind, site_id: UUID) -> set[Verdict]:
        """The verdicts of one kind of resource at one site."""
        query = select(PlanItemRow.verdict).where(
            PlanItemRow.decommission_id == started.decommission_id,
            PlanItemRow.kind == kind,
            PlanItemRow.site_id == site_id,
        )
        async with self.sessions() as session:
            return set(await session.scalars(query))

    async def retry(self, task: TaskRow) -> None:
        """Decide, as support does, that a parked task runs again."""
        await self.gateway.decide(
            DecisionOrder(
                decision_id=uuid4(),
                action=DecisionAction.RETRY,
                decommission_id=task.decommission_id,
                site_id=task.site_id,
                kind=task.kind,
                round=task.round,
            )
        )

    async def effects(self, site: str, **filters: str) -> list[dict[str, object]]:
        """The effects at a site that a decommission had, by the estate's own ledger."""
        rows = await self.estate.ledger("effects", site=site, **filters)
        return [row for row in rows if row["effect"] != "provisioned"]

    async def row(self, started: Started) -> DecommissionRow:
        """The decommission's row."""
        async with self.sessions() as session:
            return await session.get_one(DecommissionRow, started.decommission_id)

    async def tasks(self, started: Started, state: TaskState | None = None) -> list[TaskRow]:
        """The decommission's tasks."""
        query = select(TaskRow).where(TaskRow.decommission_id == started.decommission_id)
        if state is not None:
            query = query.where(TaskRow.state == state)
        async with self.sessions() as session:
            return list(await session.scalars(query.order_by(TaskRow.kind, TaskRow.site_id)))

    async def count(self, query: str, **keys: object) -> int:
        """A single figure from the database."""
        async with self.sessions() as session:
            return int(await session.scalar(text(query), keys) or 0)

    async def run(self, statement: str, **keys: object) -> None:
        """Change something behind the platform's back."""
        async with self.sessions.begin() as session:
            await session.execute(text(statement), keys)

    async def story(self, started: Started) -> str:
        """What to read when a wait has failed."""
        tasks = await self.tasks(started)
        lines = [
            f"{task.kind} {task.site_id} {task.state} {task.phase} r{task.round} a{task.attempt} "
            f"{task.done}/{task.total} {task.last_error_kind} {task.last_error}"
            for task in tasks
        ]
        return "\n".join([(await self.row(started)).state, *lines])


async def until(
    holds: Callable[[], Awaitable[bool]],
    within_s: float = 30,
    story: Callable[[], Awaitable[str]] | None = None,
) -> None:
    """Poll until `holds` says so."""
    deadline = time.monotonic() + within_s
    while not await holds():
        if time.monotonic() > deadline:
            raise AssertionError(await story() if story else "the condition never held")
        await asyncio.sleep(0.05)


def _is_at_a_desk_phone(portfolio: Portfolio) -> bool:
    desks = {
        (site.reference, handset.label)
        for site in portfolio.sites
        for handset in site.handsets
        if handset.type == DIGITAL
    }
    return any(
        number.login is not None and (number.site, number.login.handset) in desks
        for occupier in portfolio.occupiers
        for number in occupier.numbers
    )


@asynccontextmanager
async def temporal_server() -> AsyncIterator[Client]:
    """A real dev server in memory, with our search attributes and converter."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_log_level="error",
        search_attributes=SEARCH_ATTRIBUTES,
        data_converter=CONVERTER,
        dev_server_extra_args=["--dynamic-config-value", "matching.enableFairness=true"],
    ) as environment:
        yield environment.client


@asynccontextmanager
async def running_platform(
    database_url: str, *, worker: bool = True, breaker: Breaker = NEVER
) -> AsyncIterator[Platform]:
    """The platform on a database of its own; only a test of the breaker has one that opens."""
    async with AsyncExitStack() as running:
        client = await running.enter_async_context(temporal_server())
        process = RunningEstate(database_url)
        await process.start()
        running.callback(process.stop)
        settings = Settings(
            database_url=database_url,
            estate_url=process.url,
            outside_timeout_s=1.0,
            patience=PATIENCE,
        )
        engine = open_engine(settings, ping=False, for_system=True)
        running.push_async_callback(engine.dispose)
        sessions = open_sessions(engine)
        systems = build_systems(settings)
        running.push_async_callback(systems.aclose)
        gateway = DecommissionGateway(client)
        estate = await running.enter_async_context(EstateClient(process.url))
        if worker:
            for each in build_workers(client, sessions, systems, breaker=breaker):
                await running.enter_async_context(each)
        relay = Relay(sessions, gateway, settings.libpq_url, PATIENCE)
        yield Platform(settings, engine, sessions, client, estate, process, gateway, relay)
