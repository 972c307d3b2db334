"""What routes ask for, under one name each. `api/app.py` puts the things into the app's state."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.identity.bearer import IdentityDep
from api.identity.caller import Caller, identify
from api.metrics import ApiMetrics
from api.news import ProgressNews
from models.database import Sessions
from models.settings import Settings


@dataclass(slots=True)
class Wiring:
    """The things of one app that live as long as its lifespan."""

    settings: Settings
    metrics: ApiMetrics
    engine: AsyncEngine
    sessions: Sessions  # for writing: `async with sessions.begin() as session`
    readings: Sessions  # read-only, one snapshot per session
    news: ProgressNews


def get_wiring(request: Request) -> Wiring:
    """The things of this app."""
    wiring: Wiring = request.app.state.wiring
    return wiring


WiringDep = Annotated[Wiring, Depends(get_wiring)]


def get_settings(wiring: WiringDep) -> Settings:
    """Settings of this process."""
    return wiring.settings


def get_engine(wiring: WiringDep) -> AsyncEngine:
    """The process's engine."""
    return wiring.engine


def get_sessions(wiring: WiringDep) -> Sessions:
    """Sessions for writing; the route commits, with `sessions.begin()`."""
    return wiring.sessions


def get_readings(wiring: WiringDep) -> Sessions:
    """Sessions for reading, for those who must open one themselves, such as streams."""
    return wiring.readings


async def get_session(wiring: WiringDep) -> AsyncIterator[AsyncSession]:
    """A read-only session in which all statements see the same moment."""
    async with wiring.readings() as session:
        yield session


def get_metrics(wiring: WiringDep) -> ApiMetrics:
    """Figures of this process."""
    return wiring.metrics


def get_news(wiring: WiringDep) -> ProgressNews:
    """News of progress."""
    return wiring.news


def get_request_id(request: Request) -> str:
    """The id that the reply and the log carry."""
    return str(request.state.request_id)


SettingsDep = Annotated[Settings, Depends(get_settings)]
EngineDep = Annotated[AsyncEngine, Depends(get_engine)]
SessionsDep = Annotated[Sessions, Depends(get_sessions)]
ReadingsDep = Annotated[Sessions, Depends(get_readings)]
# Closed before the reply goes out, so that a slow reader of the reply holds no connection.
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
MetricsDep = Annotated[ApiMetrics, Depends(get_metrics)]
NewsDep = Annotated[ProgressNews, Depends(get_news)]
RequestIdDep = Annotated[str, Depends(get_request_id)]


async def get_caller(session: SessionDep, identity: IdentityDep) -> Caller:
    """Who asks, with the grants that hold in the session that the route reads with."""
    return await identify(session, identity)


CallerDep = Annotated[Caller, Depends(get_caller)]
