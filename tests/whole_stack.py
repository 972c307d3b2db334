"""The whole platform as `occupier up` runs it: a process of its own, with all of its children."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psutil
import psycopg
from psycopg.rows import dict_row
from pydantic import SecretStr
from sqlalchemy import create_engine

from api.terminal.login import fetch_token
from api.terminal.portfolio import running_settings, welcome_personas
from deploy.local.datadir import StackState, read_state
from deploy.local.environment import PROJECT
from estate.client import EstateClient, Row
from models.portfolio.format import Portfolio
from models.portfolio.load import load
from models.portfolio.provision import provision_rows
from models.settings import Settings
from tests.local.machine import reachable_directory, settings_on

PATIENCE = 0.05  # of the production waits between attempts
EAGER: dict[str, object] = {"patience": PATIENCE, "starts_per_minute": 10_000}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A decommission that the API answered 202 for."""

    decommission_id: UUID
    occupier_id: UUID


class WholeStack:
    """`occupier up` on a data directory; it can be killed in part or whole, and come back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def estate_url(self) -> str:
        """Base address of the outside systems."""
        return self.settings.estate_base_url

    @property
    def database_url(self) -> str:
        """The embedded database, which keeps its port and password over restarts."""
        return self.state.database_url

    @property
    def state(self) -> StackState:
        """What the stack says of itself."""
        state = read_state(self.settings.data_dir)
        assert state is not None, "the stack is not running"
        return state

    async def up(self) -> None:
        """Start it and wait until all children answer."""
        fields = type(self.settings).model_fields
        ours = {
            name.upper(): str(getattr(self.settings, name))
            for name in fields
            if name in self.settings.model_fields_set
        }
        foreign = {name.upper() for name in fields}
        inherited = {name: value for name, value in os.environ.items() if name not in foreign}
        with (self.settings.data_dir.parent / "up.log").open("ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 (returns at once)
                [sys.executable, "-m", "cli", "up"],
                cwd=PROJECT,
                env=inherited | ours,
                stdout=output,
                stderr=output,
            )
        await until(self._is_up, within_s=90)

    def down(self) -> None:
        """Stop it as Ctrl-C does, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def kill_whole(self) -> None:
        """SIGKILL of the stack itself; its children go with it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def kill(self, *names: str) -> None:
        """SIGKILL of children at the same moment, with all processes that they have started."""
        victims: list[psutil.Process] = []
        children = self.state.children
        for name in names:
            pid = children[name].pid
            assert pid is not None, f"{name} is not running"
            process = psutil.Process(pid)
            victims += [process, *process.children(recursive=True)]
        for victim in victims:
            victim.kill()

    async def back(self, names: tuple[str, ...], before: StackState) -> None:
        """Wait until the stack has started these children again."""

        async def are_back() -> bool:
            children = self.state.children
            return all(
                children[name].restarts > before.children[name].restarts and children[name].ready
                for name in names
            )

        await until(are_back, within_s=60)

    async def load(self, portfolio: Portfolio) -> dict[str, UUID]:
        """Load a portfolio into the database and the estate; returns ids by occupier name."""
        engine = create_engine(Settings(database_url=SecretStr(self.database_url)).sqlalchemy_url)
        with engine.begin() as connection:
            loaded = load(connection, portfolio)
        engine.dispose()
        async with EstateClient(self.estate_url) as estate:
            for batch in provision_rows(loaded.portfolio):
                rows = [
                    Row(batch.kind.value, each.handle, each.owner, each.attributes)
                    for each in batch.holdings
                ]
                await estate.provision(batch.kind.system.value, batch.site, rows)
        references = [occupier.reference for occupier in portfolio.occupiers]
        query = "SELECT name, id FROM occupiers WHERE reference = ANY(%s) ORDER BY reference"
        await asyncio.to_thread(welcome_personas, running_settings(self.settings))
        await self._employ("super-admin", references)
        return {row["name"]: row["id"] for row in await self.rows(query, references)}

    async def _employ(self, persona: str, references: list[str]) -> None:
        """Let a persona work for the operator of these occupiers, whichever was there first."""
        async with await psycopg.AsyncConnection.connect(self.database_url) as connection:
            await connection.execute(
                "UPDATE team_members SET operator_id = occupiers.operator_id FROM occupiers"
                " WHERE subject = %s AND occupiers.reference = ANY(%s)",
                [persona, references],
            )

    async def decommission(self, name: str, occupier_id: UUID) -> Accepted:
        """Ask the API for it; returns when it has said 202."""
        async with httpx.AsyncClient(
            base_url=f"{self.settings.api_base_url}/api/v1/occupiers",
            headers=await self.headers(),
            trust_env=False,
            timeout=30,
        ) as api:
            seen = await api.get(f"/{occupier_id}")
            answer = await api.post(
                f"/{occupier_id}/decommission",
                json={"name": name, "acknowledgement": True},
                headers={"Idempotency-Key": str(uuid4()), "If-Match": seen.headers["ETag"]},
            )
        assert answer.status_code == 202, answer.text
        return Accepted(UUID(answer.json()["decommission_id"]), occupier_id)

    async def headers(self, persona: str = "super-admin") -> dict[str, str]:
        """What a request of the persona carries."""
        token = await asyncio.to_thread(fetch_token, self.settings, persona)
        return {"Authorization": f"Bearer {token}"}

    async def completed(self, runs: list[Accepted]) -> tuple[int, int]:
        """How many tasks of these runs are completed, and how many there are."""
        found = await self.rows(
            "SELECT count(*) FILTER (WHERE state = 'completed') AS done, count(*) AS total"
            "  FROM tasks WHERE decommission_id = ANY(%s)",
            [run.decommission_id for run in runs],
        )
        return found[0]["done"], found[0]["total"]

    async def finished(self, runs: list[Accepted], within_s: float = 60) -> None:
        """Wait until all of these runs are decommissioned."""
        query = "SELECT state FROM decommissions WHERE id = ANY(%s)"
        ids = [run.decommission_id for run in runs]

        async def are_done() -> bool:
            try:
                return all(row["state"] == "decommissioned" for row in await self.rows(query, ids))
            except psycopg.OperationalError:
                return False  # the database is on its way back

        try:
            await until(are_done, within_s)
        except TimeoutError:
            raise AssertionError(await self._story(ids)) from None

    async def rows(self, query: str, *values: object) -> list[Mapping[str, Any]]:
        """Read from the database over a connection of its own."""
        async with await psycopg.AsyncConnection.connect(
            self.database_url, row_factory=dict_row, connect_timeout=5
        ) as connection:
            cursor = await connection.execute(query.encode(), values)
            return list(await cursor.fetchall())

    async def _story(self, ids: list[UUID]) -> str:
        tasks = await self.rows(
            "SELECT site_id, kind, state, phase, round, attempt, done, total, last_error_kind,"
            " last_error FROM tasks WHERE decommission_id = ANY(%s) AND state <> 'completed'",
            ids,
        )
        return "\n".join(" ".join(str(value) for value in task.values()) for task in tasks)

    async def _is_up(self) -> bool:
        assert self._process is not None
        log = self.settings.data_dir.parent / "up.log"
        assert self._process.poll() is None, log.read_text()
        state = read_state(self.settings.data_dir)
        return state is not None and state.ready and state.pid == self._process.pid


@asynccontextmanager
async def whole_stack(**changes: object) -> AsyncIterator[WholeStack]:
    """A running stack with data and ports of its own; `changes` are settings."""
    with reachable_directory() as place:
        settings = settings_on(place / "data")
        settings = settings.model_copy(update=EAGER | changes)
        stack = WholeStack(settings)
        try:
            await stack.up()
            yield stack
        finally:
            await asyncio.to_thread(stack.down)


async def until(met: Callable[[], Awaitable[bool]], within_s: float) -> None:
    """Poll, seldom enough to leave the cores to the stack; TimeoutError when it is never met."""
    deadline = time.monotonic() + within_s
    while not await met():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{met} was not met within {within_s:g} s")
        await asyncio.sleep(0.1)


def now() -> datetime:
    """The moment that samples are made for."""
    return datetime.now(UTC)


def logs_of(stack: WholeStack) -> list[Path]:
    """Every log file, the stack's own too."""
    data = stack.settings.data_dir
    return [*sorted((data / "logs").iterdir()), data.parent / "up.log"]
