"""The live stream, over a real server: driven by news, coalesced, ending in time."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from api.identity.tokens import LEEWAY_S
from models.database import Sessions
from models.settings import Settings
from models.tables.decommission import DecommissionRow
from tests.api.serving import Serving, serving
from tests.builders import make_decommission, make_scene
from tests.identities import headers_of, make_member

Event = tuple[str, dict[str, Any]]
WATCHER = "watcher"


@pytest.fixture(autouse=True)
async def watcher(sessions: Sessions) -> None:
    """The super admin who watches."""
    async with sessions.begin() as session:
        await make_member(session, subject=WATCHER, is_super_admin=True)


@asynccontextmanager
async def watching(
    at: Serving, decommission_id: object, **claims: object
) -> AsyncIterator[AsyncIterator[Event]]:
    headers = headers_of(at.settings, WATCHER, **claims)
    address = f"{at.url}/api/v1/decommissions/{decommission_id}/stream"
    async with (
        httpx.AsyncClient(trust_env=False, timeout=20, headers=headers) as client,
        client.stream("GET", address) as reply,
    ):
        assert reply.headers["content-type"].startswith("text/event-stream")
        yield events(reply)


async def events(reply: httpx.Response) -> AsyncIterator[Event]:
    name = ""
    async for line in reply.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def until(stream: AsyncIterator[Event], wanted: Callable[[Event], bool]) -> Event:
    async with asyncio.timeout(15):
        async for event in stream:
            if wanted(event):
                return event
    raise AssertionError("the stream ended first")


async def a_decommission(sessions: Sessions) -> DecommissionRow:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        return await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True
        )


async def execute(sessions: Sessions, statement: str) -> None:
    async with sessions.begin() as session:
        await session.execute(text(statement))


FINISH = "UPDATE decommissions SET state = 'decommissioned', finished_at = now()"


async def test_the_stream_tells_changes_at_once_and_ends_with_the_decommission(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        name, first = await anext(stream)
        assert (name, first["counts"]["running"]) == ("progress", 0)
        await execute(sessions, "UPDATE tasks SET phase = 'running' WHERE kind = 'ports'")
        began = time.monotonic()
        await until(stream, lambda event: event[1]["counts"]["running"] == 2)
        assert time.monotonic() - began < 5  # the poll alone would take ten
        await execute(sessions, FINISH)
        _, last = await until(stream, lambda event: event[1]["state"] == "decommissioned")
        assert last["finished_at"]
        assert await anext(stream) == ("end", {"state": "decommissioned"})
        assert [event async for event in stream] == []


async def test_jeopardy_is_told_once_and_stays_in_the_picture(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        _, first = await anext(stream)
        assert first["jeopardy_at"] is None
        assert first["prediction"]["finish"] is not None
        await execute(sessions, "UPDATE decommissions SET jeopardy_at = now()")
        _, told = await until(stream, lambda event: event[0] == "jeopardy")
        assert told["due_at"] == first["due_at"]
        assert told["jeopardy_at"]
        await execute(sessions, "UPDATE tasks SET phase = 'running' WHERE kind = 'ports'")
        await execute(sessions, FINISH)
        rest = [(name, data) async for name, data in stream]
    assert [name for name, _ in rest if name == "jeopardy"] == []
    assert rest[-1][0] == "end"
    assert rest[-2][1]["prediction"] is None
    assert rest[-2][1]["jeopardy_at"]


async def test_a_burst_of_changes_is_told_in_few_events(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        await anext(stream)
        began = time.monotonic()
        for done in range(1, 101):
            await execute(
                sessions, f"UPDATE tasks SET done = {done}, total = 100 WHERE kind = 'plan'"
            )
        seen = 0

        def is_last(event: Event) -> bool:
            nonlocal seen
            seen += 1
            return bool(event[1]["occupier_tasks"][0]["done"] == 100)

        await until(stream, is_last)
        assert seen <= 10 * (time.monotonic() - began) + 2


async def test_news_of_others_do_not_ring(settings: Settings, sessions: Sessions) -> None:
    mine, other = await a_decommission(sessions), await a_decommission(sessions)
    async with serving(settings) as at:
        news = at.server.config.app.state.wiring.news  # type: ignore[union-attr]  # it is our app
        async with asyncio.timeout(10):
            await news.listening.wait()
        with news.subscribe(mine.id) as my_bell, news.subscribe(other.id) as other_bell:
            await execute(
                sessions,
                f"UPDATE tasks SET attempt = 1 WHERE decommission_id = '{other.id}'",
            )
            async with asyncio.timeout(10):
                await other_bell.wait()
            assert not my_bell.is_set()


async def test_the_listener_connects_again_and_the_stream_goes_on(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        await anext(stream)
        await execute(
            sessions,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        )
        await execute(sessions, "UPDATE tasks SET phase = 'running' WHERE kind = 'ports'")
        news = await until(stream, lambda event: event[1]["counts"]["running"] == 2)
        await execute(sessions, FINISH)
        last = await until(stream, lambda event: event[0] == "end")
    assert (news[0] != "end", last[0]) == (True, "end")


async def test_an_open_stream_does_not_hold_up_the_end_of_the_server(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        await anext(stream)
        began = time.monotonic()
        at.server.should_exit = True
        rest = [name async for name, _ in stream]
        assert "end" not in rest  # cut, not finished: the client connects again
        assert time.monotonic() - began < 3


async def test_a_stream_that_is_left_gives_its_place_back(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at:
        gauge = at.server.config.app.state.wiring.metrics.subscribers  # type: ignore[union-attr]  # it is our app
        async with watching(at, decommission.id) as stream:
            await anext(stream)
            assert gauge._value.get() == 1
        async with asyncio.timeout(10):
            while gauge._value.get():  # noqa: ASYNC110 - a figure has no event
                await asyncio.sleep(0.02)


async def test_a_stream_ends_when_its_token_has_expired(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    soon = int(time.time()) - LEEWAY_S + 3
    async with (
        serving(settings) as at,
        watching(at, decommission.id, exp=soon, iat=soon - 60) as stream,
    ):
        await anext(stream)
        async with asyncio.timeout(30):
            while time.time() < soon + LEEWAY_S:  # noqa: ASYNC110 - a clock has no event
                await asyncio.sleep(0.05)
            await execute(sessions, "UPDATE tasks SET phase = 'running' WHERE kind = 'ports'")
            rest = [event async for event in stream]
        assert [name for name, _ in rest if name == "end"] == []
        assert all(event[1]["counts"]["running"] == 0 for event in rest)


async def test_a_stream_ends_when_its_watcher_is_no_member_any_more(
    settings: Settings, sessions: Sessions
) -> None:
    decommission = await a_decommission(sessions)
    async with serving(settings) as at, watching(at, decommission.id) as stream:
        await anext(stream)
        await execute(sessions, f"DELETE FROM team_members WHERE subject = '{WATCHER}'")
        await execute(sessions, "UPDATE tasks SET phase = 'running' WHERE kind = 'ports'")
        async with asyncio.timeout(30):
            rest = [event async for event in stream]
        assert all(event[1]["counts"]["running"] == 0 for event in rest)
