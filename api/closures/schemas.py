"""Closures of sites as the API takes and shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from api.decommissions.confirmation import acknowledged
from api.text import StorableText
from models.domain.closure import AT_ONCE, MOST_AT_ONCE, ClosureResult, ClosureState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.stores.closure_views import Candidate, ClosureLine, ClosureView


class ClosureIn(BaseModel):
    """What a person confirms, and how fast it may go."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"name": "Canal Yard", "acknowledgement": True, "at_once": AT_ONCE}
        },
    )

    name: StorableText = Field(min_length=1, max_length=400, description="The site's exact name.")
    acknowledgement: Annotated[StrictBool, AfterValidator(acknowledged)] = Field(
        description="That decommissioning is irreversible is understood; only `true` will do."
    )
    at_once: int = Field(
        AT_ONCE, ge=1, le=MOST_AT_ONCE, strict=True, description="Most decommissions that run."
    )


class CandidateOut(BaseModel):
    """An occupier with a contract at the site."""

    occupier_id: UUID
    occupier_name: str
    status: OccupierStatus
    reasons: list[str] = Field(description="Why it stays, or why it would be refused now.")
    other_sites: int = Field(description="At how many other sites it has a contract.")
    other_site_ids: list[UUID] = Field(description="Those of them that you see.")


class ClosurePreviewOut(BaseModel):
    """Whom the closing of a site would concern."""

    site_id: UUID
    site_name: str
    closure_id: UUID | None = Field(description="The newest closure of the site, if it had one.")
    goes: list[CandidateOut] = Field(description="Active, and only at this site.")
    stays: list[CandidateOut]


class ClosureLineOut(BaseModel):
    """What became of one occupier."""

    model_config = ConfigDict(from_attributes=True)

    occupier_id: UUID
    occupier_name: str
    result: ClosureResult
    reasons: list[str] = Field(description="Rules that refused it.")
    decommission_id: UUID | None


class ClosureTurn(StrEnum):
    """What may be done about a closure that is not done."""

    PAUSE = "pause"
    RESUME = "resume"


class ClosureOut(BaseModel):
    """A closure with the result of each occupier."""

    id: UUID
    site_id: UUID
    site_name: str
    state: ClosureState
    at_once: int
    requested_by: str
    version: int
    created_at: datetime
    finished_at: datetime | None
    counts: dict[ClosureResult, int]
    occupiers: list[ClosureLineOut] = Field(description="In the order in which they are started.")
    allowed_actions: list[ClosureTurn] = Field(description="Empty when it is done.")


def shown_candidate(candidate: Candidate, grants: Grants) -> CandidateOut:
    """An occupier for the preview."""
    seen = [site_id for site_id in candidate.other_site_ids if site_id in grants.site_ids]
    return CandidateOut(
        occupier_id=candidate.occupier_id,
        occupier_name=candidate.occupier_name,
        status=candidate.status,
        reasons=list(candidate.reasons),
        other_sites=len(candidate.other_site_ids),
        other_site_ids=seen,
    )


_TURNS: Mapping[ClosureState, list[ClosureTurn]] = {
    ClosureState.RUNNING: [ClosureTurn.PAUSE],
    ClosureState.PAUSED: [ClosureTurn.RESUME],
    ClosureState.DONE: [],
}


def shown_closure(view: ClosureView, lines: Sequence[ClosureLine], *, may_turn: bool) -> ClosureOut:
    """A closure for a reply; `may_turn` says whether the caller may pause and resume it."""
    known = {name: getattr(view, name) for name in ClosureView.__dataclass_fields__}
    results = [line.result for line in lines]
    return ClosureOut(
        **known,
        counts={result: results.count(result) for result in ClosureResult},
        occupiers=[ClosureLineOut.model_validate(line) for line in lines],
        allowed_actions=_TURNS[view.state] if may_turn else [],
    )
