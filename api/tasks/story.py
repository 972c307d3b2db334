"""The route that tells the whole story of a task in plain words."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.engine import EngineOut, engine_of
from api.problems import NotFound, Problem, declared
from models.domain.advice import Audience
from models.domain.clock import WaitingReason
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.outside import FailureKind
from models.domain.story import Happening, TaskStory
from models.domain.stuck import StuckBecause
from models.settings import Settings
from models.stores.task_story import TaskStoryStore

router = APIRouter(prefix="/tasks", tags=["tasks"])

Beginning = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){0,3}-?[0-9a-fA-F]{0,12}$",
        max_length=36,
        description="Id of a task, or the first eight or more digits of it.",
    ),
]


class BeginningNotUnique(Problem):
    """Several tasks have ids that begin so; give more digits."""

    status = 409


class LineOut(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    until: datetime | None = Field(description="When it took a while.")
    what: Happening
    text: str


class FailureCountOut(BaseModel):
    """How often attempts failed in a way."""

    model_config = ConfigDict(from_attributes=True)

    failure: FailureKind
    attempts: int
    last_at: datetime
    last_message: str


class NextStepOut(BaseModel):
    """Who acts, and what they do first."""

    model_config = ConfigDict(from_attributes=True)

    audience: Audience | None = Field(description="Null: nobody needs to.")
    text: str


class StoryOut(BaseModel):
    """A task's story. It names no person, no occupier and no resource."""

    task_id: UUID
    decommission_id: UUID
    occupier_id: UUID
    site_id: UUID | None
    kind: TaskKind
    state: TaskState
    phase: TaskPhase
    round: int
    attempt: int
    done: int
    total: int
    failed_items: int = Field(description="Resources that were refused in the last attempt.")
    failed_items_by_kind: dict[FailureKind, int]
    waiting_reason: WaitingReason | None
    stuck_because: StuckBecause | None
    active_s: float
    waiting_s: float
    expected_s: float | None
    threshold_s: float | None
    heartbeat_at: datetime | None = Field(description="Last sign of life, to ten seconds.")
    progress_at: datetime | None = Field(description="When `done` last changed.")
    headline: str
    doing: str = Field(description="What it is doing now.")
    happens_next: str
    clocks: str
    next_step: NextStepOut
    lines: list[LineOut] = Field(description="What happened, oldest first.")
    failures: list[FailureCountOut] = Field(description="Failed attempts by kind.")
    engine: EngineOut | None = Field(description="For staff only.")
    told_at: datetime


@router.get(
    "/{task_id}/story",
    summary="Tell the story of a task",
    responses=declared(NotFound, BeginningNotUnique),
)
async def tell_story(
    task_id: Beginning, session: SessionDep, caller: CallerDep, settings: SettingsDep
) -> StoryOut:
    """Attempts, waits, errors, cases and decisions in plain words, and what to do next."""
    store = TaskStoryStore(session, caller.grants)
    found = await store.starting_with(task_id)
    if len(found) > 1:
        raise BeginningNotUnique
    structlog.contextvars.bind_contextvars(task_id=str(found[0]) if found else None)
    story = await store.of(found[0]) if found else None
    if story is None:
        raise NotFound
    return shown_story(story, settings, for_staff=caller.grants.staff_role is not None)


def shown_story(story: TaskStory, settings: Settings, *, for_staff: bool) -> StoryOut:
    """A story for a reply; what tells of our machines is for staff."""
    task = story.task
    known = {  # the same names
        name: getattr(task, name) for name in StoryOut.model_fields if hasattr(task, name)
    }
    return StoryOut(
        **known,
        task_id=task.id,
        failed_items_by_kind=dict(story.refused),
        headline=story.headline,
        doing=story.doing,
        happens_next=story.happens_next,
        clocks=story.clocks,
        next_step=NextStepOut.model_validate(story.next_step),
        lines=[LineOut.model_validate(line) for line in story.lines],
        failures=[FailureCountOut.model_validate(count) for count in story.failures],
        engine=engine_of(settings, task) if for_staff else None,
        told_at=task.now,
    )
