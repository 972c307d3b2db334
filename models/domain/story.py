"""The whole story of a task, as values: what was read of it, and what is told.

Nothing in here names a person, an occupier or a resource, so that a story can be pasted anywhere.
`models/domain/telling.py` makes the story out of the facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.domain.advice import Audience
from models.domain.case import CaseStatus
from models.domain.clock import WaitingReason
from models.domain.decision import DecisionAction, DecisionState, WaiverReason
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.hold import HoldOrigin
from models.domain.outside import FailureKind, System
from models.domain.permission import StaffRole
from models.domain.stuck import StuckBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """The task as it is at the moment `now`; the clocks include what runs."""

    id: UUID
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
    failed_items: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    clock_at: datetime | None  # since when the present clock runs
    waiting_reason: WaitingReason | None
    active_s: float
    waiting_s: float
    expected_s: float | None
    threshold_s: float | None
    threshold_samples: int
    stuck_at: datetime | None
    stuck_because: StuckBecause | None
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None
    is_waived: bool
    is_paused: bool  # the decommission or the site
    heartbeat_at: datetime | None
    progress_at: datetime | None
    worker: str | None
    code_version: str | None
    run_id: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class AttemptFact:
    """An attempt that failed."""

    round: int
    attempt: int
    started_at: datetime
    ended_at: datetime
    failure: FailureKind
    message: str
    done: int
    total: int
    worker: str
    code_version: str


@dataclass(frozen=True, slots=True)
class HoldFact:
    """The hold that the task waits for."""

    system: System
    is_everywhere: bool
    origin: HoldOrigin
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case that the task is or was in, as far as the reader sees it."""

    id: UUID
    number: int
    status: CaseStatus
    cause: str | None
    attached_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """What was decided, by somebody of which role."""

    action: DecisionAction
    round: int
    role: StaffRole
    reason: WaiverReason | None
    has_second_person: bool
    state: DecisionState
    refused_because: str | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a task; each list oldest first."""

    task: TaskFacts
    attempts: Sequence[AttemptFact] = ()
    hold: HoldFact | None = None
    cases: Sequence[CaseFact] = ()
    decisions: Sequence[DecisionFact] = ()
    refused: Mapping[FailureKind, int] | None = None  # resources that are not done, by failure


class Happening(StrEnum):
    """What a line of the story is about."""

    CREATED = "created"
    STARTED = "started"
    FAILED = "failed"  # attempts that failed alike
    SILENT = "silent"  # attempts that ended without a word
    CASE_JOINED = "case_joined"
    CASE_LEFT = "case_left"
    STUCK = "stuck"
    DECIDED = "decided"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `until` when it took a while."""

    at: datetime
    what: Happening
    text: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often attempts failed in a way."""

    failure: FailureKind
    attempts: int
    last_at: datetime
    last_message: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who acts, and what they do first; nobody when the platform goes on by itself."""

    audience: Audience | None
    text: str


@dataclass(frozen=True, slots=True)
class TaskStory:
    """The story, told."""

    task: TaskFacts
    headline: str
    doing: str
    happens_next: str
    clocks: str
    next_step: NextStep
    lines: Sequence[Line]
    failures: Sequence[FailureCount]  # the most frequent first
    refused: Mapping[FailureKind, int]
