"""The route that shows what a decommission would do, and what stands in its way."""

from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.decommissions.blockers import BlockerOut, shown_blocker
from api.dependencies import CallerDep, SessionDep
from api.identity.caller import NotPermitted
from api.identity.scope import occupier_in_sight, require_on_occupier
from api.problems import NotFound, declared
from api.versions import etag
from models.domain.blocker import Offer, Readiness
from models.domain.occupier import OccupierStatus
from models.domain.outside import ResourceKind
from models.domain.permission import Action
from models.stores.approvals import ApprovalStore
from models.stores.occupiers import OccupierView
from models.stores.preconditions import PreconditionStore
from models.stores.previews import Estimate, PlanView, PreviewStore

router = APIRouter(tags=["decommissions"])


class PlanLineOut(BaseModel):
    """Resources of one kind at one site, as a start may send them back."""

    model_config = ConfigDict(from_attributes=True)

    site_id: UUID
    kind: ResourceKind
    count: int
    digest: str = Field(description="Equal for the same resources.")


class RecordLineOut(BaseModel):
    """Our own records of one kind at one site that end with it."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    site_id: UUID
    count: int


class PlanSiteOut(BaseModel):
    """A site of the plan."""

    id: UUID
    name: str


class PlanOut(BaseModel):
    """Everything that would go."""

    hash: str = Field(description="Send it as `plan_hash` with the start.")
    total: int = Field(description="How many resources.")
    lines: list[PlanLineOut] = Field(description="Resources in the outside systems.")
    records: list[RecordLineOut] = Field(description="Contracts, leases, services and users.")
    sites: list[PlanSiteOut] = Field(description="Names of the sites in the lines, by name.")


class DurationOut(BaseModel):
    """How long it may take."""

    seconds: int
    basis: str = Field(description="How that was estimated.")


class SecondPersonOut(BaseModel):
    """Whether somebody else has to approve, and whether somebody has approved this plan."""

    required: bool
    approved_until: datetime | None = Field(
        description="Until when an approval by somebody other than you is good; null without one."
    )


class PreviewOut(BaseModel):
    """What would go, what stays, what stands in the way, and what may be done now."""

    occupier_id: UUID
    name: str
    status: OccupierStatus
    version: int = Field(description="Also the `ETag`; a start names it in `If-Match`.")
    allowed_actions: list[Offer] = Field(
        description="While there are `blockers` at most `schedule`: when all pass by themselves."
    )
    blockers: list[BlockerOut]
    plan: PlanOut | None = Field(description="Null unless you are an admin at all of its sites.")
    kept: dict[str, int] | None = Field(description="How much stays readable for good.")
    expected_duration: DurationOut | None
    second_person: SecondPersonOut


@router.get(
    "/occupiers/{occupier_id}/decommission/preview",
    summary="Preview the decommission of an occupier",
    responses=declared(NotPermitted, NotFound),
)
async def preview_decommission(
    occupier_id: UUID, session: SessionDep, caller: CallerDep, response: Response
) -> PreviewOut:
    """Changes nothing. Whatever it allows is checked once more when it is asked for."""
    structlog.contextvars.bind_contextvars(occupier_id=str(occupier_id))
    occupier = await occupier_in_sight(session, caller, occupier_id)
    await require_on_occupier(session, caller, Action.PREVIEW_DECOMMISSION, occupier_id)
    readiness = await PreconditionStore(session).readiness(
        occupier_id, occupier.status, caller.grants
    )
    previews = PreviewStore(session)
    plan = kept = estimate = approval = None
    if readiness.denial is None:
        plan = await previews.plan(occupier_id)
        kept = await previews.kept(occupier_id)
        estimate = await previews.estimate(occupier.operator_id, plan.total)
        approval = await ApprovalStore(session).latest(occupier_id, plan.hash, not_by=caller.actor)
    response.headers["ETag"] = etag(occupier.version)
    return PreviewOut(
        **_standing(occupier, readiness),
        plan=_plan(plan) if plan else None,
        kept=kept,
        expected_duration=_duration(estimate) if estimate else None,
        second_person=SecondPersonOut(
            required=readiness.second_person,
            approved_until=approval.expires_at if approval else None,
        ),
    )


def _standing(occupier: OccupierView, readiness: Readiness) -> dict[str, object]:
    return {
        "occupier_id": occupier.id,
        "name": occupier.name,
        "status": occupier.status,
        "version": occupier.version,
        "allowed_actions": readiness.allowed,
        "blockers": [shown_blocker(blocker, occupier.id) for blocker in readiness.blockers],
    }


def _plan(plan: PlanView) -> PlanOut:
    return PlanOut(
        hash=plan.hash,
        total=plan.total,
        lines=[PlanLineOut.model_validate(line) for line in plan.lines],
        records=[RecordLineOut.model_validate(line) for line in plan.records],
        sites=[PlanSiteOut(id=site_id, name=name) for site_id, name in plan.site_names],
    )


def _duration(estimate: Estimate) -> DurationOut:
    if estimate.sample:
        basis = f"Median of your operator's last {estimate.sample} decommissions of like size."
    else:
        basis = "Usual duration of a decommission; too few of like size were done yet."
    return DurationOut(seconds=estimate.seconds, basis=basis)
