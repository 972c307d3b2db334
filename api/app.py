"""Builds the API. The lifespan opens what needs opening and closes it again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from api import console, errors, health
from api.audit import router as audit
from api.bodies import BodyRules
from api.cases import attachments, bundle, deciding, raising, work
from api.cases import router as cases
from api.closures import router as closures
from api.decisions import make as decision_making
from api.decisions import router as decisions
from api.decommissions import approval, preview, start, stream, verdicts
from api.decommissions import router as decommissions
from api.dependencies import Wiring
from api.desk import answers as desk_answers
from api.desk import messages as desk_messages
from api.desk.signature import desk_secrets
from api.headers import HeadRules
from api.holdings import router as holdings
from api.holds import router as holds
from api.identity.bearer import IssuerUnavailable, Unauthenticated, get_identity
from api.identity.caller import NotAMember
from api.identity.dev_issuer import build_router
from api.identity.dev_login import build_login
from api.identity.issuing import choose_issuer
from api.me import router as me
from api.metrics import ApiMetrics
from api.news import ProgressNews
from api.occupiers import edit, identifiers
from api.occupiers import router as occupiers
from api.operators import router as operators
from api.problems import EVERYWHERE, DatabaseUnavailable, ProblemOut, declared
from api.queries import get_strict_query
from api.remedies import contracts, handsets, services
from api.requests import RequestLog
from api.schedules import change as schedule_changes
from api.schedules import router as schedules
from api.sessions import router as browser_sessions
from api.sessions.provider import Client, Provider
from api.sites import router as sites
from api.tasks import items as task_items
from api.tasks import router as tasks
from api.tasks import story as task_stories
from models.database import open_engine, open_sessions
from models.settings import Settings

VERSION = "0.1.0"
_ROOMS = (
    me,
    occupiers,
    edit,
    identifiers,
    holdings,
    sites,
    decommissions,
    preview,
    start,
    approval,
    verdicts,
    stream,
    tasks,
    task_stories,
    task_items,
    decision_making,
    decisions,
    holds,
    audit,
    contracts,
    services,
    cases,
    bundle,
    raising,
    work,
    attachments,
    deciding,
    handsets,
    operators,
    schedules,
    schedule_changes,
    closures,
    desk_messages,
)
_REQUIRED_HEADERS = {"idempotency-key", "if-match"}  # where a route takes them at all
_DESCRIPTION = """Decommissions the occupiers of flexible offices.

Lists are paged by `cursor`; errors are problem+json (RFC 9457); every reply carries an
`X-Request-ID`, which you may also choose yourself (8 to 64 of letters, digits, `.`, `_`, `-`).
"""


def create_app(settings: Settings) -> FastAPI:
    """The API on these settings; nothing is opened before its lifespan starts.

    Raises `IssuerConfigurationError` when nobody could be told from anybody, and
    `DeskSecretError` when no answer of an outside desk could be.
    """
    metrics, issuing = ApiMetrics(), choose_issuer(settings)
    desk_secrets(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _wired(settings, metrics) as wiring:
            app.state.wiring = wiring
            try:
                yield
            finally:
                await issuing.checker.keys.aclose()
                await app.state.provider.aclose()

    app = FastAPI(
        title="Occupier decommissioning",
        version=VERSION,
        description=_DESCRIPTION,
        lifespan=lifespan,
        responses=declared(*EVERYWHERE),
        redirect_slashes=False,
    )
    app.state.tokens = issuing.checker
    app.state.provider = _provider(settings, issuing.checker.issuer)
    app.router.routes.extend(_v1().routes)
    if issuing.dev_issuer:
        app.include_router(build_router(issuing.dev_issuer))
        app.include_router(build_login(issuing.dev_issuer, settings.sign_in_callback))
    app.include_router(browser_sessions.router)
    app.include_router(health.router)
    app.include_router(desk_answers.router)
    console.install(app)
    errors.install(app)
    app.add_middleware(BodyRules)
    app.add_middleware(HeadRules)
    app.add_middleware(RequestLog, metrics=metrics)
    app.openapi = lambda: _document(app, bool(issuing.dev_issuer))  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


@cache
def _v1() -> APIRouter:
    """What is under /api/v1; once in a process, as a hundred routes take a while to analyse."""
    # Here, not per route: a route cannot forget it, and nobody unknown hears of a wrong field.
    v1 = APIRouter(
        prefix="/api/v1",
        dependencies=[Depends(get_identity), Depends(get_strict_query)],
        responses=declared(Unauthenticated, NotAMember, IssuerUnavailable, DatabaseUnavailable),
    )
    for room in _ROOMS:
        v1.include_router(room.router)
    whole = APIRouter(responses=declared(*EVERYWHERE))
    whole.include_router(v1)
    return whole


def _provider(settings: Settings, issuer: str) -> Provider:
    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_audience,
        settings.sign_in_callback,
    )
    return Provider(issuer, client)


@asynccontextmanager
async def _wired(settings: Settings, metrics: ApiMetrics) -> AsyncIterator[Wiring]:
    engine = open_engine(settings, for_api=True)
    _plan_each_time(engine)
    listen_url = settings.sqlalchemy_url.replace("+psycopg", "", 1)
    news = ProgressNews(listen_url, metrics.subscribers)
    listener = asyncio.create_task(news.run(), name="progress news")
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        yield Wiring(
            settings=settings,
            metrics=metrics,
            engine=engine,
            sessions=open_sessions(engine),
            readings=open_sessions(reading),
            news=news,
        )
    finally:
        news.close()
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener
        await engine.dispose()


def _plan_each_time(engine: AsyncEngine) -> None:
    """No prepared statements here: a generic plan knows neither how rare a state is nor how
    narrow a range of dates, and then walks a whole index for a page."""

    @event.listens_for(engine.sync_engine, "connect")
    def _unprepared(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        driver = connection.driver_connection
        if driver is not None:
            driver.prepare_threshold = None


_DOCUMENTS: dict[bool, dict[str, Any]] = {}  # by whether the built-in issuer is in it; Any: JSON


def _document(app: FastAPI, has_dev_issuer: bool) -> dict[str, Any]:  # Any: JSON
    """FastAPI's document plus the schemas that only our problem entries refer to."""
    if has_dev_issuer not in _DOCUMENTS:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            servers=[{"url": "/"}],
        )
        problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas |= problem.pop("$defs") | {"ProblemOut": problem}
        _require_headers(document)
        _DOCUMENTS[has_dev_issuer] = document
    return _DOCUMENTS[has_dev_issuer]


def _require_headers(document: dict[str, Any]) -> None:
    """Says that they are needed; in the code they are not, so that each can have its problem."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"].lower() in _REQUIRED_HEADERS:
                    parameter["required"] = True
                    choices = parameter["schema"].pop("anyOf", [{}])
                    parameter["schema"] |= choices[0]
