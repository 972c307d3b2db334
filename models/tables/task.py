"""Tasks: what people see of a decommission's steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.clock import WaitingReason
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.outside import FailureKind
from models.domain.stuck import StuckBecause
from models.tables.base import Base, Created, Key, closed_set


class TaskRow(Base):
    """One step of the runbook at one site, or of the occupier when the site is null."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("decommission_id", "site_id", "kind", postgresql_nulls_not_distinct=True),
        CheckConstraint("(phase = 'ended') = (state <> 'pending')", name="ended_when_not_pending"),
        CheckConstraint("done >= 0 AND total >= 0", name="counts_not_negative"),
        CheckConstraint("failed_items >= 0", name="failed_items_not_negative"),
        CheckConstraint("(stuck_at IS NULL) = (stuck_because IS NULL)", name="stuck_for_a_reason"),
        Index("ix_tasks_created_at_id", "created_at", "id"),
        Index("ix_tasks_occupier_id_created_at_id", "occupier_id", "created_at", "id"),
        Index("ix_tasks_site_id_created_at_id", "site_id", "created_at", "id"),
        # The columns after the order are there to filter rare combinations without the table.
        Index(
            "ix_tasks_state_created_at_id",
            "state",
            "created_at",
            "id",
            postgresql_include=["due_at", "kind", "site_id"],
        ),
        Index("ix_tasks_kind_created_at_id", "kind", "created_at", "id"),
        Index(
            "ix_tasks_pending_due_at", "due_at", "id", postgresql_where=text("state = 'pending'")
        ),
        Index(
            "ix_tasks_completed_kind_finished_at",
            "kind",
            "finished_at",
            postgresql_include=["total", "occupier_id"],
            postgresql_where=text("state = 'completed' AND waived_by IS NULL"),
        ),
        Index(
            "ix_tasks_has_case_created_at_id", "created_at", "id", postgresql_where=text("has_case")
        ),
        Index("ix_tasks_stuck_at", "stuck_at", postgresql_where=text("stuck_at IS NOT NULL")),
        Index("ix_tasks_hold_id", "hold_id", postgresql_where=text("hold_id IS NOT NULL")),
        Index("ix_tasks_resume_at", "resume_at", postgresql_where=text("resume_at IS NOT NULL")),
    )

    id: Mapped[Key]
    decommission_id: Mapped[UUID] = mapped_column(ForeignKey("decommissions.id"))
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[TaskKind] = mapped_column(closed_set(TaskKind, "kind"))
    state: Mapped[TaskState] = mapped_column(
        closed_set(TaskState, "state"), server_default=TaskState.PENDING
    )
    phase: Mapped[TaskPhase] = mapped_column(
        closed_set(TaskPhase, "phase"), server_default=TaskPhase.QUEUED
    )
    round: Mapped[int] = mapped_column(server_default="1")  # grows when support retries
    attempt: Mapped[int] = mapped_column(server_default="0")  # of this round
    has_case: Mapped[bool] = mapped_column(server_default="false")  # an open one: see case_tasks
    done: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    failed_items: Mapped[int] = mapped_column(server_default="0")  # as of the last failed attempt
    requested_by: Mapped[str]
    created_at: Mapped[Created]
    due_at: Mapped[datetime]  # created_at plus the expected duration of the whole decommission
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error_kind: Mapped[FailureKind | None] = mapped_column(
        closed_set(FailureKind, "last_error_kind")
    )
    last_error: Mapped[str | None]  # for support; never a handle, a name or a reply body
    last_error_at: Mapped[datetime | None]
    # Who works on it, as of the latest attempt.
    heartbeat_at: Mapped[datetime | None]  # written every ten seconds; the engine has each second's
    progress_at: Mapped[datetime | None]  # when `done` last changed
    worker: Mapped[str | None]  # process and host
    code_version: Mapped[str | None]
    run_id: Mapped[str | None]  # of the workflow
    waived_by: Mapped[UUID | None]  # the decision to leave it undone; it then counts as completed
    # Two clocks; the one that runs has run since `clock_at`, which is null once the task has ended.
    waiting_reason: Mapped[WaitingReason | None] = mapped_column(
        closed_set(WaitingReason, "waiting_reason"), server_default=WaitingReason.UPSTREAM
    )  # null: the active clock runs
    clock_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    active_s: Mapped[float] = mapped_column(server_default="0")  # until `clock_at`
    waiting_s: Mapped[float] = mapped_column(server_default="0")  # until `clock_at`
    # How long it should take, as known when the plan was written.
    expected_s: Mapped[float | None]  # the usual duration
    slow_s: Mapped[float | None]  # 95 of 100 like it are faster
    threshold_s: Mapped[float | None]  # active for longer than this is stuck
    threshold_samples: Mapped[int] = mapped_column(server_default="0")  # tasks it was learned from
    stuck_at: Mapped[datetime | None]
    stuck_because: Mapped[StuckBecause | None] = mapped_column(
        closed_set(StuckBecause, "stuck_because")
    )
    forgiven_s: Mapped[float] = mapped_column(server_default="0")  # active, but counts no more
    # Of the last time that it was found stuck; whatever differs from them has moved since.
    stuck_done: Mapped[int | None]
    stuck_clock_at: Mapped[datetime | None]
    stuck_seen: Mapped[dict[str, object] | None] = mapped_column(JSONB)  # by the engine
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("holds.id"))  # what it waits for
    resume_at: Mapped[datetime | None]  # when to tell it that the hold is over; null once told
