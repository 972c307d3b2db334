"""Sends the matrix: every route as every identity in every scope, in this process.

`await run_matrix(settings)` takes the settings of a migrated, empty database.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from models.database import FOR_SYSTEM, Sessions
from models.settings import Settings
from tests.permissions.callers import headers_for
from tests.permissions.matrix import Case, Matrix, matrix
from tests.permissions.recipes import RECIPES, Recipe
from tests.permissions.world import SCOPES, Params, World


@dataclass
class MatrixResult:
    """How many requests were sent, and what was wrong with which."""

    requests: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass
class Run:
    """One run over a world."""

    client: httpx.AsyncClient
    settings: Settings
    world: World
    result: MatrixResult = field(default_factory=MatrixResult)
    _headers: dict[str, dict[str, str]] = field(default_factory=dict)
    _unknown: dict[tuple[str, str], str] = field(default_factory=dict)

    async def send(
        self, identity: str, route: str, thing: Params, recipe: Recipe | None = None
    ) -> httpx.Response:
        """One request."""
        method, _, path = route.partition(" ")
        headers = self._headers.setdefault(identity, headers_for(self.settings, identity)).copy()
        body = None
        if recipe is not None:
            headers["Idempotency-Key"] = str(uuid4())
            body = recipe.body(thing) if recipe.body else None
            if recipe.has_version:
                headers["If-Match"] = f'"{thing.get("version", "1")}"'
        self.result.requests += 1
        address = re.sub(r"{(\w+)}", lambda found: thing[found[1]], path)
        if recipe is not None and recipe.file is not None:
            headers["Content-Type"] = "application/octet-stream"
            headers["Content-Disposition"] = 'attachment; filename="seen.txt"'
            return await self.client.request(method, address, headers=headers, content=recipe.file)
        return await self.client.request(method, address, headers=headers, json=body)

    def wrong(self, what: str) -> None:
        """Note a failure."""
        self.result.failures.append(what)

    async def check(self, case: Case) -> None:
        """Send a case and compare; a 404 must not tell whether there is something."""
        recipe = None
        if not case.route.startswith("GET "):
            recipe = RECIPES[case.route]
        is_used_up = recipe is not None and recipe.is_fresh and case.status == 200
        thing = await self.world.thing(case.thing, case.scope, fresh=is_used_up)
        if recipe is not None and case.status == 200:
            await self._execute(recipe.before, thing)
        reply = await self.send(case.identity, case.route, thing, recipe)
        if recipe is not None and case.status == 200:
            await self._execute(recipe.after, thing)
        got = 200 if reply.is_success else reply.status_code
        if got != case.status:
            self.wrong(f"{case}: {reply.status_code} {reply.text[:300]}")
        elif got == 404:
            self._compare_unknown(case, reply)

    def _compare_unknown(self, case: Case, reply: httpx.Response) -> None:
        told = reply.json()
        del told["request_id"], told["instance"]
        headers = sorted(set(reply.headers) - {"x-request-id", "content-length"})
        text_ = f"{reply.status_code} {told} {headers}"
        first = self._unknown.setdefault((case.route, case.identity), text_)
        if first != text_:
            self.wrong(f"{case}: another 404: {text_} instead of {first}")

    async def _execute(self, statements: Sequence[str], thing: Params) -> None:
        if statements:
            async with self.world.sessions.begin() as session:
                for statement in statements:
                    values = {name: thing[name] for name in thing if f":{name} " in statement}
                    await session.execute(text(statement), values)


async def run_matrix(settings: Settings) -> MatrixResult:
    """Send every list and every case."""
    return await run_cases(settings, list(matrix().cases()))


async def run_cases(
    settings: Settings, cases: Sequence[Case], *, lists: bool = True
) -> MatrixResult:
    """Send these cases, and every list before them."""
    async with running(settings) as run:
        if lists:
            await check_lists(run, matrix())
        for case in cases:
            await run.check(case)
        return run.result


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Run]:
    """A world in the database of `settings`, and the API on it."""
    settings = settings.model_copy(update={"starts_per_minute": 100_000})
    owner = create_async_engine(
        settings.sqlalchemy_url, connect_args={"options": f"-c timezone=UTC {FOR_SYSTEM}"}
    )
    try:
        world = World(Sessions(owner))
        await world.build()
        app = create_app(settings)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8400") as client,
        ):
            yield Run(client, settings, world)
    finally:
        await owner.dispose()


_FILTERS = {
    "GET /api/v1/occupiers": (("site_id", "site"),),
    "GET /api/v1/tasks": (
        ("occupier_id", "decommission"),
        ("decommission_id", "decommission"),
        ("site_id", "site"),
    ),
    "GET /api/v1/decommissions": (("occupier_id", "decommission"),),
    "GET /api/v1/cases": (("occupier_id", "occupier"), ("site_id", "site")),
    "GET /api/v1/schedules": (("occupier_id", "schedule"), ("site_id", "site")),
    "GET /api/v1/audit": (("occupier_id", "occupier"),),
}


async def check_lists(run: Run, wanted: Matrix) -> None:
    """Each list shows each identity what it sees, whatever it is filtered by."""
    for kind in ("occupier", "decommission", "schedule", "hold"):
        for scope in SCOPES:
            await run.world.thing(kind, scope)
    for route, kind in wanted.document["lists"].items():
        for identity in wanted.document["identities"]:
            await _check_list(run, wanted, route, kind, identity)


async def _check_list(run: Run, wanted: Matrix, route: str, kind: str, identity: str) -> None:
    status = wanted.document["refused"].get(identity, 200)
    if status == 200 and kind == "audit" and identity in ("user", "service"):
        status = 403
    seen = _seen(run.world, wanted, kind, identity)
    first = route if kind in {"operator", "system", "me"} else f"{route}?limit=200"
    if kind == "case":
        first += "&status=all"
    pages: list[tuple[Params, str]] = [({}, first)]
    for name, thing in _FILTERS.get(route, ()):
        for scope in wanted.scopes(thing):
            at = await run.world.thing(thing, scope)
            pages.append((at, f"{first}&{name}={{{name}}}"))
    for at, address in pages:
        reply = await run.send(identity, address, at)
        if reply.status_code != status:
            run.wrong(f"{identity} {address} {at}: {reply.status_code} {reply.text[:200]}")
        elif status == 200 and kind not in {"audit", "system", "me"}:
            found = {item["id"] for item in reply.json()["items"]}
            _compare_shown(run, f"{identity} {address} {at}", found, seen, is_all=not at)


def _compare_shown(run: Run, where: str, found: set[str], seen: set[str], *, is_all: bool) -> None:
    if found - seen:
        run.wrong(f"{where}: shows {found - seen}")
    if is_all and seen - found:
        run.wrong(f"{where}: lacks {seen - found}")


def _seen(world: World, wanted: Matrix, kind: str, identity: str) -> set[str]:
    if kind in {"audit", "system", "me"} or identity not in wanted.members:
        return set()
    made = world.made.get(kind, {})
    seen = {one for scope in wanted.sees(identity, kind) for one in made.get(scope, ())}
    if kind == "task":  # those of the occupier as a whole, too
        for scope in wanted.sees(identity, "occupier"):
            seen |= world.made["occupier_task"][scope]
    return seen
