"""An outside support desk: a real HTTP server that checks signatures with the package itself.

It does what real ones do: takes a message and loses the reply, drops one before it has read it,
answers 500, 429 and 410, takes too long. What it has taken once it does not take again.
"""

import asyncio
import base64
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

Json = dict[str, Any]  # Any: JSON


class Mood(StrEnum):
    """What the desk does with a request."""

    TAKE = "take"
    LOSE = "lose"  # takes it, and the reply is lost
    DROP = "drop"  # the connection breaks before it has taken anything
    BREAK = "break"  # 500
    THROTTLE = "throttle"  # 429 with Retry-After
    REFUSE = "refuse"  # 400
    GONE = "gone"  # 410
    HANG = "hang"  # takes it, and answers when nobody waits any more
    REDIRECT = "redirect"


def new_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


@dataclass
class OutsideDesk:
    """What arrived, in the order in which it did."""

    secret: str
    mood: Callable[[Json], Mood]
    url: str = ""
    arrivals: list[str] = field(default_factory=list)  # webhook-ids, repeats included
    forged: int = 0
    taken: dict[str, Json] = field(default_factory=dict)  # by webhook-id, in order
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)  # of the loop's clock
    over: asyncio.Event = field(default_factory=asyncio.Event)
    on_the_way: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overlaps: int = 0  # messages of one case that were on the way together

    def of_case(self, case_id: object) -> list[Json]:
        """What it took of a case, once each."""
        return [body for body in self.taken.values() if case_of(body) == str(case_id)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            body: Json = Webhook(self.secret).verify(content, headers)
        except WebhookVerificationError:
            self.forged += 1
            return web.Response(status=401)
        case_id = case_of(body)
        self.overlaps += self.on_the_way[case_id] > 0
        self.on_the_way[case_id] += 1
        try:
            return await self._answer(request, headers, content, body)
        finally:
            self.on_the_way[case_id] -= 1

    async def _answer(
        self, request: web.Request, headers: dict[str, str], content: bytes, body: Json
    ) -> web.StreamResponse:
        webhook_id = headers["webhook-id"]
        self.arrivals.append(webhook_id)
        self.headers.append(headers)
        self.bodies.append(content)
        self.at.append(asyncio.get_running_loop().time())
        mood = self.mood(body)
        if mood in {Mood.TAKE, Mood.LOSE, Mood.HANG}:
            self.taken.setdefault(webhook_id, body)
        match mood:
            case Mood.LOSE | Mood.DROP:
                assert request.transport is not None
                request.transport.abort()
            case Mood.HANG:
                await self.over.wait()
            case Mood.THROTTLE:
                return web.Response(status=429, headers={"Retry-After": "1"})
            case Mood.REDIRECT:
                return web.Response(status=307, headers={"Location": f"{self.url}/elsewhere"})
        statuses = {Mood.BREAK: 500, Mood.REFUSE: 400, Mood.GONE: 410}
        return web.Response(status=statuses.get(mood, 202))


def case_of(body: Json) -> str:
    return str(body["data"]["case"]["id"])


@asynccontextmanager
async def outside_desk(
    secret: str, mood: Callable[[Json], Mood] = lambda _: Mood.TAKE, port: int = 0
) -> AsyncIterator[OutsideDesk]:
    """A desk on a free port of this machine."""
    desk = OutsideDesk(secret, mood)
    app = web.Application()
    app.router.add_post("/{tail:.*}", desk.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    desk.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/case-news-token"
    try:
        yield desk
    finally:
        desk.over.set()
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Answer:
    """A signed answer, ready to be sent as often as one likes."""

    content: bytes
    headers: dict[str, str]


def answer(
    secret: str,
    kind: str,
    *,
    webhook_id: str | None = None,
    at: datetime | None = None,
    **data: Any,  # noqa: ANN401 - JSON
) -> Answer:
    """What the desk would send; `data` must have the case and the sequence."""
    now = at or datetime.now(UTC)
    webhook_id = webhook_id or f"msg_{uuid4().hex}"
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}, default=str)
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, now, body),
    }
    return Answer(body.encode(), headers)
