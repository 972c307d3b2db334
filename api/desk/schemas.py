"""Answers of the outside desk, and messages to it, as the API takes and shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from api.paging import PageFilters
from api.text import StorableText
from models.domain.case import LONGEST_REFERENCE, LONGEST_TEXT, CaseStatus
from models.domain.decision import DecisionAction
from models.domain.desk import AnswerRefusal, DeskAnswer, MessageState, News, TellFailure

_NEEDED: Mapping[DeskAnswer, str | None] = {
    DeskAnswer.ACKNOWLEDGED: None,
    DeskAnswer.COMMENTED: "comment",
    DeskAnswer.STATUS_CHANGED: "status",
    DeskAnswer.REFERENCE_ASSIGNED: "reference",
    DeskAnswer.DECIDED: "action",
}
_OPTIONAL = ("comment", "status", "reference", "action", "task_id")
_EXAMPLE: JsonDict = {
    "type": "case.commented",
    "timestamp": "2027-03-01T18:00:00Z",
    "data": {
        "case_id": "9b2f6c1e-8f53-4b47-9d53-6f0f5a0f4c11",
        "sequence": 2,
        "comment": "The provider is looking into it.",
    },
}


class AnswerDataIn(BaseModel):
    """About which case, and what."""

    model_config = ConfigDict(extra="forbid")

    case_id: UUID
    sequence: int = Field(
        ge=1, le=1_000_000_000, description="The desk's own, per case: 1, 2, 3 without gaps."
    )
    comment: StorableText | None = Field(None, min_length=1, max_length=LONGEST_TEXT)
    status: CaseStatus | None = None
    reference: StorableText | None = Field(
        None, min_length=1, max_length=LONGEST_REFERENCE, description="The desk's own number."
    )
    action: DecisionAction | None = Field(None, description="Only `retry` has an effect.")
    task_id: UUID | None = Field(None, description="Of a retry; without, all tasks of the case.")


class AnswerIn(BaseModel):
    """One answer, signed as Standard Webhooks has it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    type: DeskAnswer
    timestamp: AwareDatetime
    data: AnswerDataIn

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        needed = _NEEDED[self.type]
        given = {name for name in _OPTIONAL if getattr(self.data, name) is not None}
        allowed = {needed} | ({"task_id"} if self.type is DeskAnswer.DECIDED else set())
        if needed is not None and needed not in given:
            raise ValueError(f"must have `data.{needed}` for `{self.type}`")
        if given - allowed:
            raise ValueError(f"must have nothing in `data` that `{self.type}` does not tell")
        return self


class AnswerOut(BaseModel):
    """The answer is taken; it is not to be sent again."""

    case_id: UUID
    sequence: int
    is_repeat: bool = Field(description="Whether it had been taken before; nothing was done again.")
    refused_because: AnswerRefusal | None = Field(description="Why it had no effect; else null.")
    detail: str | None = Field(description="The same in words.")


class MessageFilters(PageFilters):
    """Which messages; several states mean any of them."""

    state: list[MessageState] = Field([], max_length=3)
    case_id: UUID | None = None


class MessageOut(BaseModel):
    """A message to the outside desk; what it says is the case's."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="Also its `webhook-id`.")
    case_id: UUID
    sequence: int | None = Field(description="Per case; null until it is first sent.")
    kind: News
    state: MessageState
    created_at: datetime
    attempts: int = Field(description="Since it was written, or last redelivered.")
    next_attempt_at: datetime
    delivered_at: datetime | None
    dead_at: datetime | None
    last_error: TellFailure | None
    last_status: int | None = Field(description="HTTP status of the last answer; null without one.")


class RedeliveredOut(BaseModel):
    """How many messages go out again."""

    redelivered: int
