"""Many starts of one occupier at the same moment: one run, whatever the keys are.

`make gate` and the test suite both run it. It makes a database of its own.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import func, select

from api.app import create_app
from models.database import Sessions, open_engine, open_sessions
from models.settings import Settings
from models.tables.audit import OutboxRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from tests.builders import make_scene
from tests.database_server import EmbeddedServer, fresh_database, migrated_template
from tests.identities import headers_of, make_member


async def run_parallel_starts(attempts: int = 50) -> tuple[int, int]:
    """How many starts were attempted under keys of their own, and how many runs came of it.

    The same is done with one key for all: that must end in identical replies and one run more.
    Raises `AssertionError` when anything else happened.
    """
    with _database() as url, TemporaryDirectory() as keys:
        settings = Settings(
            env="dev",
            data_dir=Path(keys),
            api_url="http://127.0.0.1:8400",
            database_url=SecretStr(url),
            starts_per_minute=10 * attempts,
        )
        engine = open_engine(settings, for_system=True)
        try:
            sessions = open_sessions(engine)
            async with _client(settings, sessions) as client:
                runs = await _with_many_keys(client, sessions, attempts)
                await _with_one_key(client, sessions, attempts)
        finally:
            await engine.dispose()
    return attempts, runs


async def _with_many_keys(client: httpx.AsyncClient, sessions: Sessions, attempts: int) -> int:
    occupier = await _occupier(sessions)
    replies = await asyncio.gather(
        *(_start(client, occupier, uuid4().hex) for _ in range(attempts))
    )
    statuses = Counter(reply.status_code for reply in replies)
    assert statuses == {202: 1, 409: attempts - 1}, statuses
    return await _runs(sessions, occupier)


async def _with_one_key(client: httpx.AsyncClient, sessions: Sessions, attempts: int) -> None:
    occupier, key = await _occupier(sessions), uuid4().hex
    replies = await asyncio.gather(*(_start(client, occupier, key) for _ in range(attempts)))
    assert {reply.status_code for reply in replies} == {202}
    assert len({reply.content for reply in replies}) == 1
    assert len({reply.headers["Location"] for reply in replies}) == 1
    assert await _runs(sessions, occupier) == 1


async def _start(client: httpx.AsyncClient, occupier: OccupierRow, key: str) -> httpx.Response:
    return await client.post(
        f"/api/v1/occupiers/{occupier.id}/decommission",
        json={"name": occupier.name, "acknowledgement": True},
        headers={"Idempotency-Key": key, "If-Match": f'"{occupier.version}"'},
    )


async def _occupier(sessions: Sessions) -> OccupierRow:
    async with sessions.begin() as session:
        return (await make_scene(session)).occupier


async def _runs(sessions: Sessions, occupier: OccupierRow) -> int:
    """Decommissions that are on their way to the workflow engine."""
    async with sessions() as session:
        runs = await session.scalar(
            select(func.count())
            .select_from(OutboxRow)
            .join(DecommissionRow, DecommissionRow.id == OutboxRow.decommission_id)
            .where(DecommissionRow.occupier_id == occupier.id)
        )
    return runs or 0


@asynccontextmanager
async def _client(settings: Settings, sessions: Sessions) -> AsyncIterator[httpx.AsyncClient]:
    async with sessions.begin() as session:
        member = await make_member(session, is_super_admin=True)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport,
            base_url="http://api.test",
            headers=headers_of(settings, member),
            timeout=120,
        ) as client,
    ):
        yield client


@contextmanager
def _database() -> Iterator[str]:
    server = os.environ.get("TEST_DATABASE_SERVER")
    if server:
        with fresh_database(server, migrated_template(server)) as url:
            yield url
        return
    embedded = EmbeddedServer()
    try:
        server = embedded.start()
        with fresh_database(server, migrated_template(server)) as url:
            yield url
    finally:
        embedded.stop()
