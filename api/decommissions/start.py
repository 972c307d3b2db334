"""The route that starts a decommission."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from api.dependencies import CallerDep, MetricsDep, RequestIdDep, SessionsDep
from api.problems import NotFound, Problem, declared
from api.text import StorableText
from models.domain.blocker import Blocker
from models.domain.occupier import OccupierStatus
from models.stores.starts import (
    BlockedError,
    NameMismatchError,
    NotActiveError,
    OccupierUnknownError,
    StartRefusedError,
    StartRequest,
    StartStore,
)

router = APIRouter(tags=["decommissions"])


class OccupierNameMismatch(Problem):
    """`name` is not the occupier's name; type it exactly as shown, capitals and spaces too."""

    status = 422


class OccupierNotActive(Problem):
    """The occupier is not active; look at its decommission instead of starting another."""

    status = 409


class DecommissionBlocked(Problem):
    """The occupier cannot be decommissioned now; `blockers` lists each reason with its remedy."""

    status = 409


def _acknowledged(value: bool) -> bool:
    if not value:
        raise ValueError("must be true: decommissioning is irreversible")
    return value


class DecommissionIn(BaseModel):
    """What a person confirms (DD-06, DD-08)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"name": "Juniper & Vale", "acknowledgement": True}},
    )

    name: StorableText = Field(
        min_length=1, max_length=400, description="The occupier's exact name."
    )
    acknowledgement: Annotated[StrictBool, AfterValidator(_acknowledged)] = Field(
        description="That decommissioning is irreversible is understood; only `true` will do."
    )


class AcceptedOut(BaseModel):
    """A decommission that will run, whatever dies in between."""

    decommission_id: UUID
    occupier_id: UUID
    status: OccupierStatus
    workflow_id: str


@router.post(
    "/occupiers/{occupier_id}/decommission",
    status_code=202,
    summary="Decommission an occupier across all of its sites",
    responses=declared(NotFound, OccupierNameMismatch, OccupierNotActive, DecommissionBlocked),
)
async def start_decommission(  # noqa: PLR0913 (a route's dependencies)
    occupier_id: UUID,
    confirmation: DecommissionIn,
    sessions: SessionsDep,
    caller: CallerDep,
    request_id: RequestIdDep,
    metrics: MetricsDep,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(max_length=200, description="The same key again returns the same decommission."),
    ] = None,
) -> AcceptedOut:
    """Irreversible. 202 means that the start is recorded and cannot be lost any more."""
    request = StartRequest(
        occupier_id=occupier_id,
        name=confirmation.name,
        requested_by=caller.actor,
        request_id=request_id,
        idempotency_key=idempotency_key,
    )
    try:
        async with sessions.begin() as session:
            started = await StartStore(session).start(request)
    except StartRefusedError as refusal:
        raise _problem(refusal) from refusal
    if started.is_new:
        metrics.starts.inc()
    response.headers["Location"] = f"/api/v1/decommissions/{started.decommission_id}"
    return AcceptedOut(
        decommission_id=started.decommission_id,
        occupier_id=occupier_id,
        status=OccupierStatus.PENDING,
        workflow_id=started.workflow_id,
    )


def _problem(refusal: StartRefusedError) -> Problem:
    match refusal:
        case OccupierUnknownError():
            return NotFound()
        case NameMismatchError():
            return OccupierNameMismatch()
        case NotActiveError(status=status):
            return OccupierNotActive(
                f"The occupier is {status.value}; only an active one can be decommissioned."
            )
        case BlockedError(blockers=blockers):
            return DecommissionBlocked(blockers=[_blocker(blocker) for blocker in blockers])
        case _:
            raise refusal


def _blocker(blocker: Blocker) -> dict[str, str]:
    return {
        "rule": blocker.rule.value,
        "site_id": str(blocker.site_id),
        "object_id": str(blocker.object_id),
        "remedy": blocker.rule.remedy,
    }
