"""The people of a game day, over the API: an admin who starts, support and an SRE who decide."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import httpx

from api.terminal.login import fetch_token
from bench.live import Place
from models.settings import Settings

Reply: TypeAlias = dict[str, Any]  # Any: JSON
ADMIN, SUPPORT, SRE = "super-admin", "support", "sre"
_OLD_S = 60.0
_TRIES_S = 30.0  # how long the API may be away in the middle of it


class RefusedError(Exception):
    """The API said no."""

    def __init__(self, reply: httpx.Response) -> None:
        super().__init__(f"{reply.request.method} {reply.request.url.path}: {reply.text[:300]}")
        self.status = reply.status_code


@dataclass(slots=True)
class _Token:
    value: str
    fetched_at: float


class People:
    """What people ask of the API; a request that does not reach it is repeated for some time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tokens: dict[str, _Token] = {}
        self._lock = asyncio.Lock()
        self._http = httpx.AsyncClient(
            base_url=f"{settings.api_base_url}/api/v1", trust_env=False, timeout=30
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def start(self, place: Place) -> UUID:
        """Start the decommission, as an admin of all its sites."""
        path = f"/occupiers/{place.occupier_id}"
        seen = await self._ask("GET", path, ADMIN)
        answer = await self._ask(
            "POST",
            f"{path}/decommission",
            ADMIN,
            {"name": place.name, "acknowledgement": True},
            {"If-Match": seen.headers["ETag"]},
        )
        return UUID(answer.json()["decommission_id"])

    async def decide(self, task: Reply, action: str, who: str = SUPPORT, **more: object) -> Reply:
        """Decide about a task as it was seen (`id`, `round`, `state`)."""
        wanted = {"action": action, "round": task["round"], "state": task["state"], **more}
        return (await self._ask("POST", f"/tasks/{task['id']}/decisions", who, wanted)).json()  # type: ignore[no-any-return]  # JSON

    async def confirm(self, decision: Reply, who: str = SRE) -> Reply:
        """Confirm a waiver as the second person."""
        return (await self._ask("POST", f"/decisions/{decision['id']}/confirm", who)).json()  # type: ignore[no-any-return]  # JSON

    async def read(self, path: str, who: str = SUPPORT) -> Reply:
        """Read anything."""
        return (await self._ask("GET", path, who)).json()  # type: ignore[no-any-return]  # JSON

    async def post(self, path: str, body: Reply | None = None, who: str = SUPPORT) -> Reply:
        """Ask for a change."""
        return (await self._ask("POST", path, who, body)).json()  # type: ignore[no-any-return]  # JSON

    async def _ask(
        self,
        method: str,
        path: str,
        who: str,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if method != "GET":
            sent["Idempotency-Key"] = str(uuid4())
        deadline = time.monotonic() + _TRIES_S
        while True:
            try:
                sent["Authorization"] = f"Bearer {await self._token(who)}"
                reply = await self._http.request(method, path, json=body, headers=sent)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.5)
                continue
            if reply.status_code < 500 or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        if reply.is_error:
            raise RefusedError(reply)
        return reply

    async def _token(self, who: str) -> str:
        async with self._lock:
            known = self._tokens.get(who)
            if known is None or time.monotonic() - known.fetched_at > _OLD_S:
                value = await asyncio.to_thread(fetch_token, self._settings, who)
                known = self._tokens[who] = _Token(value, time.monotonic())
            return known.value
