"""How often one caller may ask for a start: counted in the database, for all processes."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from models.database import Sessions
from models.settings import Settings
from models.stores.start_rates import StartRateStore
from models.tables.occupier import OccupierRow
from tests.builders import make_contract, make_occupier
from tests.digests import digest
from tests.identities import Member, headers_of, make_member

LIMIT = 3


@pytest.fixture
async def member(sessions: Sessions) -> Member:
    async with sessions.begin() as session:
        return await make_member(session, is_super_admin=True)


@pytest.fixture
async def clients(settings: Settings, member: Member) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The same person on two processes."""
    settings = settings.model_copy(update={"starts_per_minute": LIMIT})
    opened = []
    apps = [create_app(settings), create_app(settings)]
    async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
        for app in apps:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            opened.append(
                httpx.AsyncClient(
                    transport=transport,
                    base_url="http://api.test",
                    headers=headers_of(settings, member),
                )
            )
        yield opened
        for client in opened:
            await client.aclose()


@pytest.fixture
async def occupiers(sessions: Sessions) -> list[OccupierRow]:
    async with sessions.begin() as session:
        made = [await make_occupier(session) for _ in range(8)]
        for occupier in made:
            await make_contract(session, occupier=occupier)
        return made


async def start(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    *,
    key: str | None = None,
    name: str | None = None,
    **headers: str,
) -> httpx.Response:
    return await client.post(
        f"/api/v1/occupiers/{occupier.id}/decommission",
        json={"name": name or occupier.name, "acknowledgement": True},
        headers={"Idempotency-Key": key or uuid4().hex, "If-Match": '"1"'} | headers,
    )


async def test_after_the_limit_a_start_is_refused_on_every_process_and_says_when_to_come_back(
    clients: list[httpx.AsyncClient], occupiers: list[OccupierRow], sessions: Sessions
) -> None:
    for number in range(LIMIT):
        assert (await start(clients[number % 2], occupiers[number])).status_code == 202
    before = await digest(sessions)
    for client in clients:
        reply = await start(client, occupiers[LIMIT])
        assert reply.status_code == 429, reply.text
        assert reply.json()["type"] == "/problems/too-many-starts"
        assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert await digest(sessions) == before


async def test_refused_attempts_count_and_those_that_the_limit_refused_do_not(
    clients: list[httpx.AsyncClient],
    occupiers: list[OccupierRow],
    sessions: Sessions,
    member: Member,
) -> None:
    for _ in range(LIMIT):
        assert (await start(clients[0], occupiers[0], name="Somebody")).status_code == 422
    for _ in range(3):
        assert (await start(clients[0], occupiers[0])).status_code == 429
    async with sessions() as session:
        reasons = await session.execute(
            text("SELECT reason, count(*) FROM audit_events WHERE actor = :actor GROUP BY 1"),
            {"actor": member.actor},
        )
        counted = {row[0]: row[1] for row in reasons}
        assert counted == {"occupier-name-mismatch": LIMIT, "too-many-starts": 3}
        rates = StartRateStore(session)
        assert await rates.wait_s(member.actor, LIMIT) is not None
        assert await rates.wait_s(member.actor, LIMIT + 1) is None
        assert await rates.wait_s("team_member:nobody", 1) is None


async def test_a_repeated_request_gets_its_reply_also_beyond_the_limit(
    clients: list[httpx.AsyncClient], occupiers: list[OccupierRow]
) -> None:
    first = await start(clients[0], occupiers[0], key="mine")
    assert first.status_code == 202
    for _ in range(2 * LIMIT):
        again = await start(clients[1], occupiers[0], key="mine")
        assert (again.status_code, again.content) == (202, first.content)
    assert (await start(clients[0], occupiers[1])).status_code == 202


async def test_parallel_starts_do_not_slip_through_together(
    clients: list[httpx.AsyncClient], occupiers: list[OccupierRow]
) -> None:
    replies = await asyncio.gather(
        *(start(clients[number % 2], occupier) for number, occupier in enumerate(occupiers))
    )
    statuses = sorted(reply.status_code for reply in replies)
    assert statuses == [202] * LIMIT + [429] * (len(occupiers) - LIMIT)


async def test_one_caller_s_limit_is_not_another_s(
    clients: list[httpx.AsyncClient],
    occupiers: list[OccupierRow],
    sessions: Sessions,
    settings: Settings,
) -> None:
    for number in range(LIMIT):
        await start(clients[0], occupiers[number])
    async with sessions.begin() as session:
        other = await make_member(session, is_super_admin=True)
    reply = await start(clients[0], occupiers[LIMIT], **headers_of(settings, other))
    assert reply.status_code == 202, reply.text
