"""The API as people meet it: uvicorn on a free port, in the test's process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.__main__ import Server
from api.app import create_app
from models.settings import Settings


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server and where it answers."""

    server: Server
    settings: Settings

    @property
    def url(self) -> str:
        """Base address; `settings.api_url` stays the name under which tokens are issued."""
        return f"http://127.0.0.1:{self.settings.api_port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def serving(settings: Settings, port: int | None = None) -> AsyncIterator[Serving]:
    """Serve until the block ends; stopping is what SIGTERM does, minus the signal."""
    settings = settings.model_copy(update={"api_port": port or free_port()})
    server = Server(create_app(settings), settings)
    # `serve` would take the signals of the test run for itself.
    task = asyncio.create_task(server._serve())
    try:
        while not server.started:
            assert not task.done(), "the server ended before it began"
            await asyncio.sleep(0.01)
        yield Serving(server, settings)
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 10)
