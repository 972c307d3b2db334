"""The live stream of a decommission: whole snapshots, so that a reconnect needs no replay."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.decommissions.schemas import DecommissionProgressOut, JeopardyOut, shown_progress
from api.dependencies import NewsDep, ReadingsDep
from api.errors import is_outage
from api.identity.bearer import IdentityDep, Unauthenticated, ensure_not_expired
from api.identity.caller import NotAMember, identify
from api.identity.identity import Identity
from api.news import ProgressNews
from api.problems import NotFound, declared
from models.database import Sessions
from models.domain.decommission import DecommissionState
from models.stores.decommission_views import DecommissionViewStore

router = APIRouter(tags=["decommissions"])
log = structlog.get_logger(__name__)

POLL_S = 10.0  # covers a lost NOTIFY
RETRY_MS = 1000  # how long a browser waits before it connects again
_QUICKEST_S = 0.1  # at most ten events per second
_SLOWEST_S = 2.0
_REST = 5  # rests so many times as long as a snapshot took, so that a big one costs no more


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches which decommission. Each snapshot asks anew what they may see."""

    readings: Sessions
    identity: Identity
    decommission_id: UUID

    async def read(self) -> DecommissionProgressOut | None:
        """A snapshot; `None` when there is nothing in sight, a 401 once the token has expired."""
        ensure_not_expired(self.identity)
        async with self.readings() as session:
            caller = await identify(session, self.identity)
            store = DecommissionViewStore(session, caller.grants)
            view = await store.progress(self.decommission_id)
        return shown_progress(view) if view else None


@dataclass(frozen=True, slots=True)
class Opening:
    """The first snapshot, read before the stream begins, so that a 404 can still be one."""

    watch: Watch
    first: DecommissionProgressOut


async def open_watch(
    decommission_id: UUID, readings: ReadingsDep, identity: IdentityDep
) -> Opening:
    """Look once; raises `NotFound`."""
    structlog.contextvars.bind_contextvars(decommission_id=str(decommission_id))
    watch = Watch(readings, identity, decommission_id)
    first = await watch.read()
    if first is None:
        raise NotFound
    return Opening(watch, first)


@router.get(
    "/decommissions/{decommission_id}/stream",
    summary="Watch a decommission live",
    response_class=EventSourceResponse,
    responses=declared(NotFound),
)
async def stream_decommission(
    opening: Annotated[Opening, Depends(open_watch)], news: NewsDep
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events.

    `progress` carries the same representation as `GET /decommissions/{id}`, but for what only one
    reader may do (`allowed_actions`, `history_url`), at once and after each change, at most ten
    times a second; `jeopardy` comes once in each stream when it is expected to be late; `end`
    follows when the decommission is final. A stream that ends without it was cut: connect again.
    A comment keeps a quiet stream alive. Somebody who loses their permission meanwhile gets no
    further event, and nobody does after their token has expired: connect again with a new one.
    """
    is_in_jeopardy = False
    async for snapshot in _snapshots(opening, news):
        yield ServerSentEvent(event="progress", raw_data=snapshot.model_dump_json(), retry=RETRY_MS)
        if snapshot.jeopardy_at is not None and not is_in_jeopardy:
            is_in_jeopardy = True
            yield ServerSentEvent(event="jeopardy", raw_data=_jeopardy(snapshot))
        if snapshot.state is DecommissionState.DECOMMISSIONED:
            yield ServerSentEvent(event="end", data={"state": snapshot.state.value})


def _jeopardy(snapshot: DecommissionProgressOut) -> str:
    finish = snapshot.prediction.finish if snapshot.prediction else snapshot.finished_at
    told = JeopardyOut(jeopardy_at=snapshot.jeopardy_at, due_at=snapshot.due_at, finish=finish)
    return told.model_dump_json()


async def _snapshots(
    opening: Opening, news: ProgressNews
) -> AsyncIterator[DecommissionProgressOut]:
    snapshot: DecommissionProgressOut | None = opening.first
    pace = _QUICKEST_S
    with news.subscribe(opening.watch.decommission_id) as bell:
        bell.set()  # something may have changed between the first reading and the subscription
        while True:
            if snapshot is not None:
                yield snapshot
                if snapshot.state is DecommissionState.DECOMMISSIONED:
                    return
            await asyncio.sleep(pace)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await bell.wait()
            if news.closed:
                return
            bell.clear()
            began = time.monotonic()
            try:
                snapshot = await _read_or_wait(opening.watch)
            except (NotFound, NotAMember, Unauthenticated):
                return
            pace = min(max(_QUICKEST_S, _REST * (time.monotonic() - began)), _SLOWEST_S)


async def _read_or_wait(watch: Watch) -> DecommissionProgressOut | None:
    """A snapshot, or `None` while the database is away; the next news or poll tries again."""
    try:
        snapshot = await watch.read()
    except Exception as error:
        if not is_outage(error):
            raise
        log.warning("stream.database_away", kind=type(error).__name__)
        return None
    if snapshot is None:
        raise NotFound
    return snapshot
