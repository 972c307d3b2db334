"""The live stream of a decommission: whole snapshots, so that a reconnect needs no replay."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.decommissions.schemas import DecommissionProgressOut, shown_progress
from api.dependencies import CallerDep, NewsDep, ReadingsDep
from api.errors import is_outage
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


async def find_decommission(
    decommission_id: UUID, readings: ReadingsDep
) -> DecommissionProgressOut:
    """The first snapshot, read before the stream begins, so that a 404 can still be one."""
    structlog.contextvars.bind_contextvars(decommission_id=str(decommission_id))
    snapshot = await _read(readings, decommission_id)
    if snapshot is None:
        raise NotFound
    return snapshot


@router.get(
    "/decommissions/{decommission_id}/stream",
    summary="Watch a decommission live",
    response_class=EventSourceResponse,
    responses=declared(NotFound),
)
async def stream_decommission(
    first: Annotated[DecommissionProgressOut, Depends(find_decommission)],
    readings: ReadingsDep,
    news: NewsDep,
    _caller: CallerDep,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events.

    `progress` carries the same representation as `GET /decommissions/{id}`, at once and after
    each change, at most ten times a second; `end` follows when the decommission is final. A
    stream that ends without it was cut: connect again. A comment keeps a quiet stream alive.
    """
    async for snapshot in _snapshots(first, readings, news):
        yield ServerSentEvent(event="progress", raw_data=snapshot.model_dump_json(), retry=RETRY_MS)
        if snapshot.state is DecommissionState.DECOMMISSIONED:
            yield ServerSentEvent(event="end", data={"state": snapshot.state.value})


async def _snapshots(
    snapshot: DecommissionProgressOut | None, readings: Sessions, news: ProgressNews
) -> AsyncIterator[DecommissionProgressOut]:
    if snapshot is None:
        return
    decommission_id, pace = snapshot.id, _QUICKEST_S
    with news.subscribe(decommission_id) as bell:
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
            snapshot = await _read_or_wait(readings, decommission_id)
            pace = min(max(_QUICKEST_S, _REST * (time.monotonic() - began)), _SLOWEST_S)


async def _read(readings: Sessions, decommission_id: UUID) -> DecommissionProgressOut | None:
    async with readings() as session:
        view = await DecommissionViewStore(session).progress(decommission_id)
    return shown_progress(view) if view else None


async def _read_or_wait(
    readings: Sessions, decommission_id: UUID
) -> DecommissionProgressOut | None:
    """A snapshot, or `None` while the database is away; the next news or poll tries again."""
    try:
        return await _read(readings, decommission_id)
    except Exception as error:
        if not is_outage(error):
            raise
        log.warning("stream.database_away", kind=type(error).__name__)
        return None
