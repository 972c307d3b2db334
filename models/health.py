"""The small HTTP server by which a process without routes of its own shows that it is well."""

from collections.abc import Awaitable, Callable

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Readiness = Callable[[], Awaitable[str | None]]
"""Says what the process still waits for; `None` when it is ready."""


def health_app(readiness: Readiness) -> Starlette:
    """`/healthz` answers while the event loop turns, `/readyz` says whether work is done."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        waiting_for = await readiness()
        if waiting_for is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "waiting", "for": waiting_for}, status_code=503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )


async def serve_health(readiness: Readiness, bind: str, port: int) -> None:
    """Serve until cancelled or until the process is told to end."""
    config = uvicorn.Config(
        health_app(readiness),
        host=bind,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    await uvicorn.Server(config).serve()
