"""Senders for tests, with waits of milliseconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest

from activities.webhook_desk import WebhookDesk
from models.database import Sessions
from tests.desk.outside_desk import OutsideDesk, new_secret
from workflows.desk_relay import DeskRelay

Sending = Callable[[OutsideDesk], AbstractAsyncContextManager[None]]

API_URL = "https://platform.example"
TIMEOUT_S = 1.0
PATIENCE = 0.002  # the first wait is 5 to 10 ms


@pytest.fixture
def secret() -> str:
    return new_secret()


@pytest.fixture
def sending(sessions: Sessions) -> Sending:
    """`async with sending(desk)`: a sender in this process that talks to the desk."""

    @asynccontextmanager
    async def running(desk: OutsideDesk) -> AsyncIterator[None]:
        outside = WebhookDesk(desk.url, [desk.secret], TIMEOUT_S)
        relay = DeskRelay(sessions, outside, api_url=API_URL, patience=PATIENCE)
        task = asyncio.create_task(relay.run())
        try:
            yield
        finally:
            if task.done():
                task.result()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return running
