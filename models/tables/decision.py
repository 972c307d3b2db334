"""What people decided about failed and stuck tasks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.decision import DecisionAction, DecisionState, WaiverReason
from models.domain.permission import StaffRole
from models.tables.base import Base, Created, Key, closed_set

_OPEN = "state IN ('awaiting_second_person', 'accepted')"


class DecisionRow(Base):
    """One decision with who made it; a task has at most one that has not ended."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("(action IN ('pause', 'resume')) = (task_id IS NULL)", name="of_task"),
        CheckConstraint("(task_id IS NULL) = (round IS NULL)", name="task_with_round"),
        CheckConstraint("(action = 'waive') = (reason IS NOT NULL)", name="waived_with_reason"),
        CheckConstraint(
            "action <> 'complete_by_hand' OR num_nonnulls(evidence, file_bytes) > 0",
            name="by_hand_with_evidence",
        ),
        CheckConstraint("length(evidence) <= 4000", name="evidence_bounded"),
        CheckConstraint(
            "num_nonnulls(file_name, file_media_type, file_bytes) IN (0, 3) "
            "AND coalesce(length(file_bytes), 0) <= 5000000",
            name="file_whole",
        ),
        CheckConstraint("second_person IS DISTINCT FROM decided_by", name="two_people"),
        CheckConstraint(
            "action <> 'waive' OR second_person IS NOT NULL "
            "OR state IN ('awaiting_second_person', 'refused')",
            name="waiver_answered_by_two",
        ),
        CheckConstraint(
            "(state IN ('carried_out', 'refused')) = (ended_at IS NOT NULL)",
            name="ended_with_time",
        ),
        CheckConstraint(
            "(state = 'refused') = (refused_because IS NOT NULL)", name="refused_with_reason"
        ),
        Index("uq_decisions_open_of_task", "task_id", unique=True, postgresql_where=text(_OPEN)),
        Index(
            "uq_decisions_open_of_place",
            "decommission_id",
            "site_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text(f"task_id IS NULL AND {_OPEN}"),
        ),
        # A retry moves the task to its next round, or may help the same attempt more than once.
        Index(
            "uq_decisions_task_round_action",
            "task_id",
            "round",
            "action",
            unique=True,
            postgresql_where=text("action <> 'retry' AND state <> 'refused'"),
        ),
        Index("ix_decisions_task_id_created_at", "task_id", "created_at"),
        Index("ix_decisions_decommission_id_created_at", "decommission_id", "created_at"),
    )

    id: Mapped[Key]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    decommission_id: Mapped[UUID] = mapped_column(ForeignKey("decommissions.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    action: Mapped[DecisionAction] = mapped_column(closed_set(DecisionAction, "action"))
    round: Mapped[int | None]  # of the task, as the person saw it
    reason: Mapped[WaiverReason | None] = mapped_column(closed_set(WaiverReason, "reason"))
    evidence: Mapped[str | None]  # for whoever looks later; never in a log or the audit
    file_name: Mapped[str | None]
    file_media_type: Mapped[str | None]
    file_bytes: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by: Mapped[str]
    decided_as: Mapped[StaffRole] = mapped_column(closed_set(StaffRole, "decided_as"))
    second_person: Mapped[str | None]
    state: Mapped[DecisionState] = mapped_column(
        closed_set(DecisionState, "state"), server_default=DecisionState.ACCEPTED
    )
    refused_because: Mapped[str | None]  # a `DecisionRefusal` or a `FailureKind`
    created_at: Mapped[Created]
    ended_at: Mapped[datetime | None]
