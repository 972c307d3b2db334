"""One operator with sites and many small occupiers on a whole stack; each test takes its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from estate.client import EstateClient
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from tests.console.nasty_town import with_nasty_names
from tests.whole_stack import WholeStack, now, until

SIZE = SampleSize(
    seed=5,
    operators=1,
    sites=3,
    occupiers=60,
    sites_per_occupier=2,
    users_per_site=3,
    numbers_per_site=3,
    ports_per_site=4,
    devices_per_site=1,
    months=2,
)
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Occupier:
    """One that a test has for itself."""

    id: UUID
    name: str


class Town:
    """The stack, what is on it, and the ways of tests to move it along."""

    def __init__(self, stack: WholeStack) -> None:
        self.stack = stack
        self._untouched: list[Occupier] = []
        self.nasty: list[Occupier] = []
        """Those whose names try to be more than names."""

    @property
    def address(self) -> str:
        """Where the console is."""
        return self.stack.settings.api_base_url

    async def build(self, *, is_nasty: bool = True) -> None:
        """Load everybody; some with nasty names."""
        portfolio = sample(SIZE, now())
        portfolio, nasty = with_nasty_names(portfolio) if is_nasty else (portfolio, set())
        loaded = await self.stack.load(portfolio)
        everybody = [Occupier(id_, name) for name, id_ in sorted(loaded.items())]
        self.nasty = [each for each in everybody if each.name in nasty]
        plain = [each for each in everybody if each.name not in nasty]
        # Taken from the end: first those that any font can write.
        self._untouched = sorted(plain, key=lambda each: (each.name.isascii(), each.name))

    def take(self) -> Occupier:
        """An occupier that no other test touches; all are at two sites, with nothing in the way."""
        return self._untouched.pop()

    async def ask(self, method: str, path: str, persona: str = "super-admin", **more: Any) -> Json:  # noqa: ANN401 (what httpx takes)
        """One request to the API, which must work."""
        headers = await self.stack.headers(persona) | more.pop("headers", {})
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        async with httpx.AsyncClient(
            base_url=f"{self.address}/api/v1", headers=headers, trust_env=False, timeout=30
        ) as api:
            reply = await api.request(method, path, **more)
        assert reply.is_success, reply.text
        found: Json = reply.json()
        return found

    async def start(self, occupier: Occupier) -> UUID:
        """Decommission it over the API; returns the id of the decommission."""
        return (await self.stack.decommission(occupier.name, occupier.id)).decommission_id

    async def status(self, occupier: Occupier) -> str:
        """Where the occupier stands, as the API says."""
        return str((await self.ask("GET", f"/occupiers/{occupier.id}"))["status"])

    async def becomes(self, occupier: Occupier, status: str) -> None:
        """Wait until the occupier stands there."""

        async def is_there() -> bool:
            return await self.status(occupier) == status

        await until(is_there, within_s=90)

    async def site_of(self, occupier: Occupier) -> Mapping[str, Any]:
        """Its first site by name, with the reference that the estate knows it by."""
        found = await self.stack.rows(
            "SELECT s.id, s.name, s.reference FROM sites s JOIN contracts c ON c.site_id = s.id"
            " WHERE c.occupier_id = %s ORDER BY s.name LIMIT 1",
            occupier.id,
        )
        return found[0]

    @asynccontextmanager
    async def fault(self, name: str, effect: str, **spec: object) -> AsyncIterator[None]:
        """A fault of the outside systems that ends with the block, or sooner by `mend`."""
        async with EstateClient(self.stack.estate_url) as estate:
            await estate.put_fault(name, effect, **spec)
            try:
                yield
            finally:
                await estate.clear_faults(name)

    async def schedule(self, occupier: Occupier, due_at: str) -> None:
        """Schedule its decommission, by clocks in London."""
        seen = await self.ask("GET", f"/occupiers/{occupier.id}")
        wanted = {"name": occupier.name, "acknowledgement": True, "due_at": due_at}
        await self.ask(
            "POST",
            f"/occupiers/{occupier.id}/decommission/schedule",
            json=wanted | {"time_zone": "Europe/London"},
            headers={"If-Match": f'"{seen["version"]}"'},
        )

    async def failed_task(self, occupier: Occupier) -> Json:
        """The task of it that failed."""
        query = f"/tasks?occupier_id={occupier.id}&state=failed"
        (task,) = (await self.ask("GET", query))["items"]
        found: Json = task
        return found

    async def mend(self, name: str) -> None:
        """End a fault."""
        async with EstateClient(self.stack.estate_url) as estate:
            await estate.clear_faults(name)
