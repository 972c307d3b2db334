"""Support cases as the API takes and shows them. What people write comes back as they wrote it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.decisions.schemas import DecisionOut
from api.paging import PageFilters
from api.tasks.schemas import TaskOut
from api.text import StorableText
from models.domain.advice import Audience
from models.domain.case import (
    LONGEST_REFERENCE,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    CaseCategory,
    CaseChoice,
    CaseOrigin,
    CasePriority,
    CaseStatus,
)
from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState
from models.domain.hold import HoldOrigin
from models.domain.outside import System
from models.domain.portfolio import UpdateState


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _one_line(text: str) -> str:
    if any(ord(one) < 32 or ord(one) == 127 for one in text):
        raise ValueError("must be one line, without control characters")
    return _said(text)


Line = Annotated[StorableText, AfterValidator(_one_line)]
Words = Annotated[StorableText, AfterValidator(_said)]


class CaseFilters(PageFilters):
    """Filters of the list of cases; all hold together."""

    status: CaseChoice = Field(
        CaseChoice.OPEN, description="`open`, `all`, or one status; those over: of 12 months."
    )
    site_id: UUID | None = Field(None, description="Also cases at several sites, this among them.")
    origin: CaseOrigin | None = None
    priority: CasePriority | None = None
    occupier_id: UUID | None = None
    task_id: UUID | None = None
    decommission_id: UUID | None = None
    search: StorableText | None = Field(
        None, min_length=1, max_length=200, description="A case's number, or part of its subject."
    )


class CaseIn(BaseModel):
    """A case about anything. Name what it is about, so that those concerned see it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "subject": "Phones ring twice",
                "description": "Since the move of the reception on Monday.",
                "site_id": "5c0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d11",
            }
        },
    )

    subject: Line = Field(min_length=1, max_length=LONGEST_SUBJECT)
    description: Words = Field(min_length=1, max_length=LONGEST_TEXT)
    category: CaseCategory = CaseCategory.TECHNICAL
    priority: CasePriority = CasePriority.P3
    site_id: UUID | None = None
    occupier_id: UUID | None = None


class AboutIn(BaseModel):
    """What the case is about; its subject and description follow from that."""

    model_config = ConfigDict(extra="forbid")

    service_id: UUID | None = Field(
        None, description="A service whose update failed; without, the decommission is meant."
    )


class CommentIn(BaseModel):
    """A comment."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"body": "Seen."}})

    body: Words = Field(min_length=1, max_length=LONGEST_TEXT)


class MoveIn(BaseModel):
    """Where the case goes, and the status in which you saw it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"status": "in_progress", "seen": "new"}},
    )

    status: CaseStatus
    seen: CaseStatus


class EditIn(BaseModel):
    """What changes; at least one of the two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"priority": "p2"}})

    priority: CasePriority | None = None
    external_reference: Line | None = Field(
        None,
        max_length=LONGEST_REFERENCE,
        description="Its number at an outside desk; null takes it away.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.priority is None and "external_reference" not in self.model_fields_set:
            raise ValueError("must have `priority` or `external_reference`")
        return self


class CaseOut(BaseModel):
    """A case in short."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    subject: str
    description: str
    category: CaseCategory
    priority: CasePriority
    origin: CaseOrigin
    status: CaseStatus
    operator_id: UUID | None = Field(description="Null: of everybody; only staff see it.")
    site_id: UUID | None
    site_name: str | None
    occupier_id: UUID | None
    occupier_name: str | None = Field(description="Masked for the vendor's staff.")
    decommission_id: UUID | None
    service_id: UUID | None
    requested_by: str
    external_reference: str | None
    cause: str | None = Field(
        description="Of a case that opened by itself: the system or queue, the place, the trouble."
    )
    tasks_now: int = Field(description="How many tasks it covers at the moment.")
    created_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None = Field(description="When staff first touched it.")
    resolved_at: datetime | None
    closed_at: datetime | None
    times_reopened: int
    time_to_acknowledge_s: float | None = Field(description="Seconds.")
    time_to_resolve_s: float | None = Field(
        description="Seconds until it was resolved, for the last time if it was reopened."
    )


class CommentOut(BaseModel):
    """A comment."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    author: str
    body: str
    created_at: datetime


class AddedCommentOut(CommentOut):
    """A new comment, and where it took the case."""

    case_status: CaseStatus = Field(description="A comment opens a resolved case again.")


class AttachmentOut(BaseModel):
    """A file; its content has an address of its own."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    author: str
    filename: str
    media_type: str
    size: int = Field(description="In bytes.")
    created_at: datetime


class StatusOut(BaseModel):
    """A status, since when, and who set it."""

    model_config = ConfigDict(from_attributes=True)

    status: CaseStatus
    actor: str
    at: datetime


class CaseTaskOut(BaseModel):
    """A task of the case."""

    task: TaskOut
    attached_at: datetime | None = Field(
        description="Null: in trouble in the decommission that the case is about."
    )
    left_at: datetime | None = Field(description="When it was done or went to another case.")


class CaseHoldOut(BaseModel):
    """The hold that the case covers."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    system: System
    site_id: UUID | None
    origin: HoldOrigin
    placed_at: datetime
    released_at: datetime | None


class CaseAdviceOut(BaseModel):
    """What to do about it, as far as the platform knows."""

    model_config = ConfigDict(from_attributes=True)

    audience: Audience
    meaning: str
    next_step: str


class AllowedOut(BaseModel):
    """What you may do with this case right now."""

    comment: bool
    attach: bool
    edit: bool = Field(description="Set its priority and its external reference.")
    statuses: list[CaseStatus] = Field(description="Where you may move it.")
    decisions: list[DecisionAction] = Field(description="What you may decide about its tasks.")
    confirm: list[UUID] = Field(
        description="Decisions about its tasks that wait for a second person, whom you can be."
    )


class CaseDetailOut(CaseOut):
    """A case with everything in it. Of many tasks the first 500 are shown."""

    advice: CaseAdviceOut | None
    tasks: list[CaseTaskOut] = Field(description="Those that it covers now, then those that left.")
    hold: CaseHoldOut | None
    decommission_state: DecommissionState | None
    service_update_state: UpdateState | None
    comments: list[CommentOut]
    attachments: list[AttachmentOut]
    history: list[StatusOut]
    decisions: list[DecisionOut] = Field(
        description="Those made about its tasks while it covered them, oldest first; of many the "
        "newest 1,000."
    )
    allowed_actions: AllowedOut
    bundle_url: str = Field(description="The diagnostics bundle; `?format=markdown` for pasting.")
