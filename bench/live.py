"""The live stack of a game day: every part a process of its own, the workers in our own hands.

The supervisor of `occupier up` starts a dead child again at once; a game day must be able to leave
a worker dead, so it starts the workers itself.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import aiohttp
import httpx
from sqlalchemy import create_engine, text

from api.terminal.portfolio import welcome_personas
from bench.rig import PROJECT, Rig, free_ports, rig
from deploy.local.environment import child_environment
from estate.client import EstateError, Row
from models.portfolio.format import Portfolio
from models.portfolio.load import load
from models.portfolio.provision import provision_rows
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from models.settings import Settings

CHILDREN = ("postgres", "temporal", "migrate", "estate", "api", "sweeper")


@dataclass(frozen=True, slots=True)
class Place:
    """An occupier at sites that nobody else is at, so that a fault there hits nobody else."""

    occupier_id: UUID
    name: str
    owner: str  # what the outside systems call the occupier
    sites: tuple[tuple[UUID, str], ...]  # id and reference

    @property
    def site(self) -> str:
        """The reference of its first site."""
        return self.sites[0][1]


class WorkerProcess:
    """A worker that stays dead when it is killed."""

    def __init__(self, settings: Settings, module: str = "worker") -> None:
        self._settings = settings
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._health = 0

    async def start(self) -> None:
        """Start it and wait until it polls its queues."""
        self._health, metrics = free_ports(2)
        settings = self._settings.model_copy(
            update={"worker_health_port": self._health, "worker_metrics_port": metrics}
        )
        log = self._settings.data_dir / "logs" / f"{self._module.replace('.', '-')}.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 (returns at once)
                [sys.executable, "-m", self._module],
                cwd=PROJECT,
                env=child_environment(settings, own_temporal=True)
                | {"POISON": str(poison_file(self._settings))},
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + 60
        while not await self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the worker does not start:\n{log.read_text()[-2_000:]}")
            await asyncio.sleep(0.1)

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: activities in flight may finish."""
        self._end(signal.SIGTERM)

    def freeze(self, *, thaw: bool = False) -> None:
        """SIGSTOP, or SIGCONT: it lives and does nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT if thaw else signal.SIGSTOP)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _is_ready(self) -> bool:
        address = f"http://{self._settings.bind}:{self._health}/readyz"
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            try:
                return (await client.get(address)).status_code == 200
            except httpx.HTTPError:
                return False


def poison_file(settings: Settings) -> Path:
    """Where a worker with a defect reads where it is to raise."""
    return settings.data_dir / "poison.json"


@dataclass(frozen=True, slots=True)
class Live:
    """A running stack with one worker, and the places that scenarios take."""

    rig: Rig
    worker: WorkerProcess

    @property
    def settings(self) -> Settings:
        """Settings with every address filled in."""
        return self.rig.settings

    async def populate(self, size: SampleSize) -> list[Place]:
        """Load occupiers of one operator, each at sites of its own; returns them."""
        portfolio = _of_one_operator(sample(size, datetime.now(UTC)))
        await asyncio.to_thread(_load, self.settings, portfolio)
        for batch in provision_rows(portfolio):
            rows = [
                Row(batch.kind.value, each.handle, each.owner, each.attributes)
                for each in batch.holdings
            ]
            await self.rig.estate.provision(batch.kind.system.value, batch.site, rows)
        await asyncio.to_thread(welcome_personas, self.settings)
        return await self._places([each.reference for each in portfolio.occupiers])

    async def estate_answers(self, within_s: float = 60) -> None:
        """Wait until the estate has found its database again."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                await self.rig.estate.summary("nowhere")
            except (EstateError, aiohttp.ClientError):
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    async def _places(self, references: Sequence[str]) -> list[Place]:
        query = text(
            "SELECT o.id, o.name, o.reference, array_agg(DISTINCT s.id || '/' || s.reference)"
            "  FROM occupiers o JOIN contracts c ON c.occupier_id = o.id"
            "  JOIN sites s ON s.id = c.site_id WHERE o.reference = ANY(:wanted)"
            " GROUP BY o.id ORDER BY o.reference"
        )
        async with self.rig.sessions() as session:
            rows = (await session.execute(query, {"wanted": list(references)})).all()
        return [
            Place(row[0], row[1], row[2], tuple(_site(each) for each in sorted(row[3])))
            for row in rows
        ]


@asynccontextmanager
async def live(
    changes: Mapping[str, object], keep_logs: Path | None = None, worker_module: str = "worker"
) -> AsyncIterator[Live]:
    """A running stack; `changes` are settings. Logs are copied to `keep_logs` at its end."""
    async with rig(CHILDREN, **changes) as at:
        worker = WorkerProcess(at.settings, worker_module)
        try:
            await worker.start()
            yield Live(at, worker)
        finally:
            worker.kill()
            if keep_logs is not None:
                _copy_logs(at.settings.data_dir / "logs", keep_logs)


def one_site(occupiers: int, seed: int = 1) -> SampleSize:
    """Occupiers at one site each, with some of every resource."""
    return SampleSize(
        seed=seed,
        operators=occupiers,  # each has one site; `_of_one_operator` puts them together
        sites=occupiers,
        occupiers=occupiers,
        sites_per_occupier=1,
        users_per_site=3,
        numbers_per_site=3,
        ports_per_site=4,
        devices_per_site=3,
        months=1,
    )


def _of_one_operator(portfolio: Portfolio) -> Portfolio:
    operator = portfolio.operators[0]
    sites = [
        site.model_copy(update={"operator": operator.name, "name": f"Site {site.reference}"})
        for site in portfolio.sites
    ]
    tenants = [
        occupier.model_copy(update={"operator": operator.name}) for occupier in portfolio.occupiers
    ]
    return portfolio.model_copy(
        update={"operators": (operator,), "sites": tuple(sites), "occupiers": tuple(tenants)}
    )


def _load(settings: Settings, portfolio: Portfolio) -> None:
    engine = create_engine(settings.sqlalchemy_url)
    with engine.begin() as connection:
        load(connection, portfolio)
    engine.dispose()


def _site(told: str) -> tuple[UUID, str]:
    site_id, _, reference = told.partition("/")
    return UUID(site_id), reference


def _copy_logs(logs: Path, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for log in logs.iterdir():
        (to / log.name).write_bytes(log.read_bytes())
