"""The diagnostics bundle of a case: to read, or to paste into a ticket of somebody else's."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.cases.bundle_text import markdown_of
from api.cases.sight import case_in_sight
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.problems import NotFound, declared
from api.tasks.story import NextStepOut, StoryOut, shown_story
from models.domain.case import CaseCategory, CaseOrigin, CaseStatus
from models.domain.case_advice import advice_of_cause
from models.domain.decommission import TaskKind, TaskState
from models.domain.outside import FailureKind
from models.settings import Settings
from models.stores.case_bundles import CaseBundle, CaseBundleStore
from models.stores.case_views import CaseView

router = APIRouter(prefix="/cases", tags=["cases"])

_MARKDOWN = "text/markdown"


class BundleFormat(StrEnum):
    """How a bundle is written."""

    JSON = "json"
    MARKDOWN = "markdown"


class AttemptedOut(BaseModel):
    """How far the case's tasks of one kind are."""

    model_config = ConfigDict(from_attributes=True)

    kind: TaskKind
    state: TaskState
    tasks: int
    done: int
    total: int
    failed_items: int


class ErrorCountOut(BaseModel):
    """How often attempts for the case's tasks failed in a way."""

    model_config = ConfigDict(from_attributes=True)

    failure: FailureKind
    attempts: int
    tasks: int
    first_at: datetime
    last_at: datetime
    last_message: str


class BundleOut(BaseModel):
    """What happened, without personal data: no person, no occupier's name, no resource."""

    case_id: UUID
    number: int
    subject: str | None = Field(description="Of a case that opened by itself; people may name.")
    category: CaseCategory
    origin: CaseOrigin
    status: CaseStatus
    cause: str | None = Field(description="System, place and failure.")
    site_id: UUID | None
    opened_at: datetime
    times_reopened: int
    meaning: str | None
    next_step: NextStepOut
    tasks: int = Field(description="Tasks that it covers or covered, as far as you see them.")
    attempted: list[AttemptedOut]
    errors: list[ErrorCountOut] = Field(description="Failed attempts by kind.")
    stories: list[StoryOut] = Field(description="Of the first ten tasks.")


@router.get(
    "/{case_id}/bundle",
    summary="Read the diagnostics bundle of a case",
    response_model=BundleOut,
    responses=declared(NotFound)
    | {200: {"content": {_MARKDOWN: {"schema": {"type": "string"}}}, "model": BundleOut}},
)
async def read_bundle(
    case_id: UUID,
    session: SessionDep,
    caller: CallerDep,
    settings: SettingsDep,
    wanted: Annotated[
        BundleFormat, Query(alias="format", description="`markdown` is for pasting.")
    ] = BundleFormat.JSON,
) -> BundleOut | Response:
    """What was attempted, how it failed, where it stands, and what to do next."""
    structlog.contextvars.bind_contextvars(case_id=str(case_id))
    case = await case_in_sight(session, caller, case_id)
    bundle = await CaseBundleStore(session, caller.grants).of(case)
    shown = _shown(settings, case, bundle, for_staff=caller.grants.staff_role is not None)
    if wanted is BundleFormat.JSON:
        return shown
    return Response(markdown_of(shown.model_dump(mode="json")), media_type=_MARKDOWN)


def _shown(settings: Settings, case: CaseView, bundle: CaseBundle, *, for_staff: bool) -> BundleOut:
    advice = advice_of_cause(case.cause) if case.cause else None
    steps = [story.next_step for story in bundle.stories]
    step = NextStepOut(audience=None, text="Nothing to do.")
    if advice:
        step = NextStepOut(audience=advice.audience, text=advice.next_step)
    elif steps:
        step = NextStepOut.model_validate(steps[0])
    return BundleOut(
        case_id=case.id,
        number=case.number,
        subject=case.subject if case.origin is CaseOrigin.AUTOMATIC else None,
        category=case.category,
        origin=case.origin,
        status=case.status,
        cause=case.cause,
        site_id=case.site_id,
        opened_at=case.created_at,
        times_reopened=case.times_reopened,
        meaning=advice.meaning if advice else None,
        next_step=step,
        tasks=bundle.tasks,
        attempted=[AttemptedOut.model_validate(one) for one in bundle.attempted],
        errors=[ErrorCountOut.model_validate(one) for one in bundle.errors],
        stories=[shown_story(one, settings, for_staff=for_staff) for one in bundle.stories],
    )
