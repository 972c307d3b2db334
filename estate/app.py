"""The estate as one ASGI application: the outside systems first, then ledger, faults and docs."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.routing import BaseRoute, Mount, Route, Router

from estate import batches, ledger, scim
from estate.database import Database, UnavailableError
from estate.endpoint import Endpoint, Operation
from estate.faults import FaultBook
from estate.openapi import batch_paths, scim_paths
from estate.returns import Returns

_BATCHES = {
    "read": Operation("read", batches.read),
    "retire": Operation("retire", batches.retire),
    "owned": Operation("owned", batches.owned),
    "provision": Operation("provision", batches.provision),
    "attempt": Operation("attempt", batches.attempt),
}


def _scim(name: str, parse: str) -> Operation:
    return Operation(name, getattr(scim, parse), "accounts", b"application/scim+json")


_SCIM = [
    ("/Users/.search", "POST", "search", _scim("read", "search_users")),
    ("/Bulk", "POST", "bulk", _scim("retire", "bulk")),
    ("/Users", "GET", "", _scim("read", "list_users")),
    ("/Users", "POST", "create", _scim("provision", "create_user")),
    ("/Users/{id}", "GET", "", _scim("read", "get_user")),
    ("/Users/{id}", "PATCH", "patch", _scim("change", "patch_user")),
    ("/Users/{id}", "DELETE", "", _scim("retire", "delete_user")),
]


def create_app(database: Database, connections: Collection[object]) -> Router:
    """Build the application; `connections` are the server's live ones, for faults that cut them."""
    faults = FaultBook(database)
    returns = Returns(database)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[dict[str, object]]:
        await database.open()
        await faults.load()
        bringing_back = asyncio.create_task(returns.run())
        yield {"connections": connections}
        bringing_back.cancel()
        await database.close()

    def route(path: str, method: str, operation: Operation) -> Route:
        return Route(path, Endpoint(operation, database, faults, returns), methods=[method])

    site = "/{system}/sites/{site}"
    routes: list[BaseRoute] = [
        route(f"{site}/read", "POST", _BATCHES["read"]),
        route(f"{site}/retire", "POST", _BATCHES["retire"]),
        route(f"{site}/owned", "GET", _BATCHES["owned"]),
        route(f"{site}/provision", "PUT", _BATCHES["provision"]),
        *(
            route(f"{base}/scim/v2{path}", method, operation)
            for base in ("/sites/{site}", "")
            for path, method, _, operation in _SCIM
        ),
        route(f"{site}/{{attempt}}", "POST", _BATCHES["attempt"]),
        Mount("/", _side_doors(database, faults)),
    ]
    return Router(routes, lifespan=lifespan)


def _side_doors(database: Database, faults: FaultBook) -> FastAPI:
    app = FastAPI(
        title="The estate",
        description="The outside world in a box: see `python -m estate --help`.",
        version="1",
    )
    app.state.database = database
    app.state.faults = faults
    app.include_router(ledger.router)

    @app.exception_handler(UnavailableError)
    async def unavailable(_: Request, __: Exception) -> JSONResponse:
        return JSONResponse({"title": "the store is down", "status": 503}, 503)

    @app.get("/healthz", tags=["process"])
    async def healthz() -> dict[str, str]:
        """Whether the process runs."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["process"])
    async def readyz() -> dict[str, str]:
        """Whether it can serve: 503 while PostgreSQL does not answer."""
        await database.rows("select 1 as one")
        return {"status": "ok"}

    @app.get("/metrics", tags=["process"], response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Prometheus series."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    paths = app.openapi()["paths"]
    paths.update(batch_paths(_BATCHES), **scim_paths(_SCIM))
    return app
