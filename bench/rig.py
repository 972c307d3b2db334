"""A real stack of its own for one measure, on free ports and a directory that goes away with it."""

import asyncio
import contextlib
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import create_engine, select, text
from temporalio.client import Client

from deploy.local import datadir
from deploy.local.spec import ChildSpec, Event, Moment
from deploy.local.stack import Stack
from deploy.local.standard import standard_stack
from estate.client import EstateClient, Row
from models.database import Sessions, open_engine, open_sessions
from models.portfolio.load import load
from models.portfolio.provision import provision_rows
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from models.settings import Settings
from models.stores.starts import StartRequest, StartStore
from models.tables.occupier import OccupierRow
from workflows.connection import connect
from workflows.names import SEARCH_ATTRIBUTES

PROJECT = Path(__file__).resolve().parents[1]
PORTS = (
    *("api_port", "estate_port", "worker_health_port", "worker_metrics_port"),
    *("sweeper_health_port", "postgres_port", "temporal_port", "temporal_ui_port"),
)
ENGINE = ("worker", "temporal", "postgres", "estate", "sweeper")  # who works on a decommission

Cpu = Mapping[str, float]


def say(text_: str) -> None:
    """Progress for the person who waits."""
    print(f"{time.strftime('%H:%M:%S')} {text_}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An occupier that a measure may decommission."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Rig:
    """The stack of one measure and the ways to it."""

    stack: Stack
    settings: Settings
    sessions: Sessions
    client: Client
    estate: EstateClient
    started_at: Mapping[str, float]  # by child: when it was last started (`time.monotonic`)

    async def load(self, size: SampleSize) -> list[Tenant]:
        """Load a sample into the database and the estate; returns its occupiers."""
        portfolio = sample(size, datetime.now(UTC))
        engine = create_engine(self.settings.sqlalchemy_url)
        with engine.begin() as connection:
            loaded = load(connection, portfolio).portfolio
        engine.dispose()
        for batch in provision_rows(loaded):
            rows = [
                Row(batch.kind.value, each.handle, each.owner, each.attributes)
                for each in batch.holdings
            ]
            await self.estate.provision(batch.kind.system.value, batch.site, rows)
        wanted = [occupier.reference for occupier in loaded.occupiers]
        async with self.sessions() as session:
            found = await session.execute(
                select(OccupierRow.id, OccupierRow.name)
                .where(OccupierRow.reference.in_(wanted))
                .order_by(OccupierRow.reference)
            )
            return [Tenant(*row) for row in found]

    async def start(self, tenant: Tenant) -> UUID:
        """Accept a start, as the API does it; the sweeper's relay takes it from the outbox."""
        request = StartRequest(tenant.id, tenant.name, "bench", "bench", str(tenant.id))
        async with self.sessions.begin() as session:
            return (await StartStore(session).start(request)).decommission_id

    async def start_all(self, tenants: Collection[Tenant], at_once: int = 4) -> None:
        """Accept many starts."""
        gate = asyncio.Semaphore(at_once)

        async def one(tenant: Tenant) -> None:
            async with gate:
                await self.start(tenant)

        async with asyncio.TaskGroup() as group:
            for tenant in tenants:
                group.create_task(one(tenant))

    async def figure(self, query: str, **keys: object) -> float:
        """A single figure from the database."""
        async with self.sessions() as session:
            return float(await session.scalar(text(query), keys) or 0)

    async def until(
        self, query: str, at_least: float, *, every_s: float = 0.1, within_s: float = 600
    ) -> float:
        """Poll until the figure is reached; returns the moment (`time.monotonic`)."""
        deadline = time.monotonic() + within_s
        while (found := await self.figure(query)) < at_least:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{found:g} of {at_least:g} after {within_s:g} s: {query}")
            await asyncio.sleep(every_s)
        return time.monotonic()

    def cpu(self, names: Collection[str] = ENGINE) -> Cpu:
        """CPU seconds so far of the stack's processes and their children."""
        return {name: tree_cpu(self.stack.pid(name)) for name in names}


def tree_cpu(pid: int) -> float:
    """CPU seconds of a process, its living children and those it has waited for."""
    root = psutil.Process(pid)
    own = root.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in root.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def spent(before: Cpu, after: Cpu) -> dict[str, float]:
    """CPU seconds between two readings."""
    return {name: after[name] - before[name] for name in before}


@asynccontextmanager
async def rig(only: Collection[str] | None = None, **changes: object) -> AsyncIterator[Rig]:
    """A running stack; `only` names the children that are wanted (with all that they need).

    `changes` are settings.
    """
    home = _new_directory()
    settings = Settings.model_validate(
        {
            **dict.fromkeys(("database_url", "temporal_address", "temporal_ui_url")),
            **dict.fromkeys(("api_url", "estate_url")),
            "env": "dev",
            "oidc_issuer": None,
            "data_dir": home / "data",
            **dict(zip(PORTS, free_ports(len(PORTS)), strict=True)),
            **changes,
        }
    )
    attributes = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}

    def build(
        settings: Settings, attributes: Mapping[str, int]
    ) -> tuple[Settings, list[ChildSpec]]:
        filled, specs = standard_stack(settings, attributes)
        return filled, [_alone(spec, only) for spec in specs if only is None or spec.name in only]

    started_at: dict[str, float] = {}

    def note(event: Event) -> None:
        if event.moment is Moment.STARTING:
            started_at[event.child] = time.monotonic()

    try:
        async with AsyncExitStack() as running:
            stack = Stack(settings, search_attributes=attributes, build=build, on_event=note)
            await running.enter_async_context(stack)
            engine = open_engine(stack.settings, for_system=True)
            running.push_async_callback(engine.dispose)
            client = await connect(stack.settings)
            base = stack.settings.estate_base_url
            estate = await running.enter_async_context(EstateClient(base))
            yield Rig(stack, stack.settings, open_sessions(engine), client, estate, started_at)
    finally:
        _remove(home)


def _new_directory() -> Path:
    home = Path(tempfile.mkdtemp(prefix="occupier-bench-", dir="/var/tmp"))
    home.chmod(0o711)  # PostgreSQL runs as an account of its own
    return home


def _remove(home: Path) -> None:
    datadir.clean(home / "data")
    home.rmdir()


def _alone(spec: ChildSpec, only: Collection[str] | None) -> ChildSpec:
    return spec if only is None else replace(spec, after=tuple(set(spec.after) & set(only)))


def free_ports(count: int) -> list[int]:
    """Below the range that the kernel takes for outgoing connections, which would come between."""
    found: list[int] = []
    for number in random.sample(range(10_000, 30_000), 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", number))
            found.append(number)
        if len(found) == count:
            return found
    raise RuntimeError("no free ports between 10000 and 30000")


def load_average() -> float:
    """Of the last minute; the benches themselves are in it."""
    return round(os.getloadavg()[0], 2)
