"""Senders that are slow or endless, over a real server, get an end; others are served meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.bodies import BodyRules
from api.protocol import LARGEST_HEAD, BoundedProtocol
from tests.api.serving import free_port


class HastyProtocol(BoundedProtocol):
    slowest_head_s = 0.3


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server with the production rules, and less time: nobody waits 10 seconds in a test."""
    app = FastAPI()

    @app.post("/")
    async def take() -> str:
        return "taken"

    app.add_middleware(BodyRules, slowest_s=0.3)
    config = uvicorn.Config(
        app, port=free_port(), http=HastyProtocol, ws="none", lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:
        assert not task.done()
        await asyncio.sleep(0.01)
    yield config.port
    server.should_exit = True
    await asyncio.wait_for(task, 10)


async def answer_to(port: int, *parts: bytes, pause_s: float = 0) -> bytes:
    """All that comes back for these bytes, until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


async def test_a_connection_that_says_nothing_is_ended(port: int) -> None:
    assert (await answer_to(port)).startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_comes_in_drops_is_ended_in_time(port: int) -> None:
    began = time.monotonic()
    reply = await answer_to(port, HEAD, *[b"X-Drop: 1\r\n"] * 8, pause_s=0.1)
    assert reply == b"" or reply.startswith(b"HTTP/1.1 408 ")  # still writing, it may miss it
    assert time.monotonic() - began < 5


async def test_a_head_without_end_is_ended_before_it_fills_the_memory(port: int) -> None:
    reply = await answer_to(port, HEAD, b"X-Long: ", b"x" * (LARGEST_HEAD + 1))
    assert reply == b"" or reply.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "beginning",
    [b'Content-Length: 50\r\n\r\n{"na', b'Transfer-Encoding: chunked\r\n\r\n3\r\n{"n\r\n'],
)
async def test_a_body_that_stalls_is_told_so_and_holds_nobody_up(
    port: int, beginning: bytes
) -> None:
    slow = [asyncio.create_task(answer_to(port, HEAD + beginning)) for _ in range(20)]
    async with httpx.AsyncClient(trust_env=False) as client:
        reply = await client.post(f"http://127.0.0.1:{port}/", json={})
        assert reply.json() == "taken"
    for reply_ in await asyncio.gather(*slow):
        assert reply_.startswith(b"HTTP/1.1 408 ")
        assert b"/problems/request-timeout" in reply_


async def test_a_body_without_end_is_ended(port: int) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    reply = await answer_to(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20)
    assert reply == b"" or reply.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"X: a\x00b\r\n\r\n",
        b"POST /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
    ],
)
async def test_a_request_that_two_readers_could_split_in_two_ways_is_refused(
    port: int, request_: bytes
) -> None:
    assert (await answer_to(port, request_)).startswith(b"HTTP/1.1 400 ")


async def test_a_kept_connection_serves_one_request_after_the_other(port: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(3):
            await asyncio.sleep(0.4)  # longer than a head may take
            assert (await client.post(f"http://127.0.0.1:{port}/", json={})).status_code == 200
