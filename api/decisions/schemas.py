"""Decisions as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

from api.text import StorableText
from models.domain.decision import DecisionAction, DecisionState, Proposal, WaiverReason
from models.domain.decommission import TaskState
from models.domain.permission import Grants, StaffRole
from models.stores.decisions import DecisionView, EvidenceFile

MediaType = Literal["application/pdf", "image/jpeg", "image/png", "text/plain"]


class EvidenceFileIn(BaseModel):
    """A file that shows what was done; it must fit into a body of 1 MB."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9 ._-]{1,100}$")
    media_type: MediaType
    content: Annotated[Base64Bytes, Field(min_length=1, description="In Base64.")]


class DecisionIn(BaseModel):
    """What is decided about tasks."""

    model_config = ConfigDict(extra="forbid")

    action: Literal[DecisionAction.RETRY, DecisionAction.COMPLETE_BY_HAND, DecisionAction.WAIVE]
    reason: WaiverReason | None = Field(None, description="For a waiver, and only for one.")
    evidence: StorableText | None = Field(
        None, min_length=1, max_length=4_000, description="What was done, and how it was seen."
    )
    file: EvidenceFileIn | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.reason is not None) is not (self.action is DecisionAction.WAIVE):
            raise ValueError("must have a `reason` for `waive`, and for nothing else")
        if self.action is DecisionAction.COMPLETE_BY_HAND and not self.has_evidence:
            raise ValueError("must have `evidence` or a `file` for `complete_by_hand`")
        return self

    @property
    def has_evidence(self) -> bool:
        """Whether anything shows what was done."""
        return bool((self.evidence or "").strip()) or self.file is not None

    def evidence_file(self) -> EvidenceFile | None:
        """As it is kept."""
        if self.file is None:
            return None
        return EvidenceFile(self.file.name, self.file.media_type, self.file.content)

    def of(self, seen_round: int, state: TaskState) -> "TaskDecisionIn":
        """The same for one task, with the round and state that were seen; checked already."""
        return TaskDecisionIn.model_construct(
            action=self.action,
            reason=self.reason,
            evidence=self.evidence,
            file=self.file,
            round=seen_round,
            state=state,
        )


class TaskDecisionIn(DecisionIn):
    """What is decided about a task, with the round and state that were seen."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"action": "retry", "round": 1, "state": "failed"}},
    )

    round: int = Field(ge=1, le=1_000_000)
    state: TaskState

    def proposal(self) -> Proposal:
        """As the rules judge it."""
        return Proposal(
            action=self.action,
            round=self.round,
            state=self.state,
            reason=self.reason,
            has_evidence=self.has_evidence,
        )


class PauseIn(BaseModel):
    """Whether tasks that have not started wait, in the whole decommission or at one site."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"action": "pause"}})

    action: Literal[DecisionAction.PAUSE, DecisionAction.RESUME]
    site_id: UUID | None = Field(None, description="Only this site; without, all of them.")


class DecisionOut(BaseModel):
    """A decision and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    task_id: UUID | None
    decommission_id: UUID
    site_id: UUID | None
    action: DecisionAction
    round: int | None
    reason: WaiverReason | None
    has_evidence: bool
    evidence: str | None = Field(description="Null for an operator's people.")
    file_name: str | None
    file_media_type: str | None
    file_size: int | None = Field(description="In bytes.")
    decided_by: str
    decided_as: StaffRole
    second_person: str | None
    state: DecisionState
    refused_because: str | None = Field(
        description="Why it had no effect: the task had moved on, or its resources still exist."
    )
    created_at: datetime
    ended_at: datetime | None


def shown_decision(decision: DecisionView, grants: Grants) -> DecisionOut:
    """A decision for a reply; evidence is written by staff, for staff."""
    known = {name: getattr(decision, name) for name in DecisionView.__dataclass_fields__}
    has_evidence = decision.evidence is not None or decision.file_name is not None
    if grants.staff_role is None:
        known |= {"evidence": None, "file_name": None}
    return DecisionOut(**known, has_evidence=has_evidence)
