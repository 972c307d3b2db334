"""Is this process alive, can it serve, and its figures. Outside /api/v1 and without a caller."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.dependencies import EngineDep, MetricsDep
from api.errors import RETRY_AFTER, is_outage
from api.problems import NotReady, declared
from models.migrations.migrate import newest_revision

router = APIRouter(tags=["health"])

EXPECTED_REVISION = newest_revision()


class AliveOut(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"


class ReadyOut(BaseModel):
    """The process can serve."""

    status: Literal["ready"] = "ready"
    revision: str


async def get_revision(engine: EngineDep) -> str:
    """The schema's revision; a problem when PostgreSQL does not answer."""
    try:
        return await _revision(engine)
    except Exception as error:
        if is_outage(error):
            raise NotReady("PostgreSQL does not answer.", headers=RETRY_AFTER) from None
        raise


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> AliveOut:
    """Answer without asking anything else."""
    return AliveOut()


@router.get("/readyz", summary="Can the process serve?", responses=declared(NotReady))
async def readyz(revision: Annotated[str, Depends(get_revision)]) -> ReadyOut:
    """Whether PostgreSQL answers with the schema that this code expects."""
    if revision != EXPECTED_REVISION:
        raise NotReady(
            f"The schema is at {revision} and this code expects {EXPECTED_REVISION}; migrate it.",
            headers=RETRY_AFTER,
        )
    return ReadyOut(revision=revision)


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
async def metrics(figures: MetricsDep, engine: EngineDep) -> PlainTextResponse:
    """Figures of this process, and of the whole platform while the database answers."""
    await figures.platform.refresh(engine)
    return PlainTextResponse(figures.render(), media_type=CONTENT_TYPE_LATEST)


async def _revision(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        table = await connection.scalar(text("SELECT to_regclass('alembic_version')::text"))
        if table is None:
            return "none"
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
