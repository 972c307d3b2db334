"""A client for the estate's own side: load it, set faults, read the ledger, try things.

`occupier sample` provisions with it; tests, benches and the checker use the rest. The platform's
way to the outside systems is `activities/adapters`, not this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Self
from urllib.parse import urlencode

import aiohttp

_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """Something to give out. `attributes` may name what it rests on (`number` of a handset login,
    `vlan` of a port or subnet, `subnet` of a DHCP scope), its `state` when that is not the usual
    one, `remote_logout` of a handset, `stops_at` of a charge; the rest is kept as it is.
    """

    kind: str
    handle: str
    owner: str | None
    attributes: Mapping[str, object] = field(default_factory=dict)


class EstateError(Exception):
    """The estate refused a request."""


class EstateClient:
    """A session on an estate."""

    def __init__(self, base_url: str) -> None:
        self._session = aiohttp.ClientSession(base_url, timeout=aiohttp.ClientTimeout(total=120))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def provision(self, system: str, site: str, rows: Iterable[Row]) -> int:
        """Give rows out at a site, in batches; returns how many. Repeating it changes nothing."""
        waiting, given = iter(rows), 0
        while batch := list(islice(waiting, _ROWS)):
            body = [
                {"kind": r.kind, "handle": r.handle, "owner": r.owner, "attributes": r.attributes}
                for r in batch
            ]
            path = f"/{system}/sites/{site}/provision"
            await self._ask("PUT", path, {"rows": body}, accept=(200,))
            given += len(batch)
        return given

    async def attempt(self, path: str, **fields: object) -> tuple[bool, str]:
        """Try to use something (`/telephony/sites/s/calls`): whether it works, and how or why."""
        answer = await self._ask("POST", path, fields, accept=(201, 403))
        worked = answer["outcome"] != "refused"
        return worked, str(answer["outcome"] if worked else answer["reason"])

    async def put_fault(self, name: str, effect: str, **spec: object) -> None:
        """Set a fault; see `estate/faults.py` for what it can be."""
        await self._ask("PUT", "/faults", [{"name": name, "effect": effect, **spec}])

    async def clear_faults(self, name: str | None = None) -> None:
        """Forget one fault, or all."""
        path = "/faults" if name is None else f"/faults/{name}"
        async with self._session.delete(path) as response:
            if response.status != 204:
                raise EstateError(f"DELETE {path} was answered with {response.status}")

    async def ledger(self, table: str, **filters: str | int) -> list[dict[str, object]]:
        """Read all rows of `calls` or `effects` that match."""
        found: list[dict[str, object]] = []
        after: object = 0
        while after is not None:
            query = urlencode({**filters, "after": after})
            page = await self._ask("GET", f"/ledger/{table}?{query}")
            found.extend(page["items"])  # type: ignore[arg-type]  # a list of rows
            after = page["next"]
        return found

    async def summary(self, site: str | None = None) -> dict[str, object]:
        """Read the ledger's summary: what came twice, and how much of everything."""
        return await self._ask("GET", "/ledger/summary" + (f"?site={site}" if site else ""))

    async def _ask(
        self, method: str, path: str, body: object = None, accept: tuple[int, ...] = (200,)
    ) -> dict[str, object]:
        async with self._session.request(method, path, json=body) as response:
            if response.status not in accept:
                raise EstateError(f"{method} {path} was answered with {response.status}")
            found: dict[str, object] = await response.json(content_type=None)
            return found
