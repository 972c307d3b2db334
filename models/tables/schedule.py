"""Decommissions that wait for their time, and closures of sites."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.closure import ClosureResult, ClosureState
from models.domain.schedule import ScheduleState
from models.tables.base import Base, Created, Key, OperatorKey, closed_set


class ScheduleRow(Base):
    """A decommission that a person confirmed for a later moment."""

    __tablename__ = "schedules"
    __table_args__ = (
        CheckConstraint(
            "(state = 'started') = (decommission_id IS NOT NULL)", name="started_with_decommission"
        ),
        CheckConstraint(
            "(state IN ('started', 'cancelled')) = (decided_at IS NOT NULL)",
            name="decided_when_over",
        ),
        CheckConstraint(
            "(state = 'blocked') = (blocked_reasons IS NOT NULL)", name="blocked_with_reasons"
        ),
        Index(
            "uq_schedules_occupier_id_open",
            "occupier_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'blocked')"),
        ),
        UniqueConstraint("decommission_id"),
        Index("ix_schedules_due_at_id", "due_at", "id"),
        Index("ix_schedules_state_due_at_id", "state", "due_at", "id"),
        Index("ix_schedules_occupier_id_due_at", "occupier_id", "due_at"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    operator_id: Mapped[OperatorKey]
    due_at: Mapped[datetime]
    time_zone: Mapped[str]  # IANA name, in which the person thinks of `due_at`
    state: Mapped[ScheduleState] = mapped_column(
        closed_set(ScheduleState, "state"), server_default=ScheduleState.WAITING
    )
    blocked_reasons: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))  # rules
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    requested_by: Mapped[str]
    # Whose grants are read again when it comes due; without the member it does not start.
    member_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    is_approved: Mapped[bool] = mapped_column(server_default="false")  # by a second person
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Created]
    decided_at: Mapped[datetime | None]
    decommission_id: Mapped[UUID | None] = mapped_column(ForeignKey("decommissions.id"))


class ClosureRow(Base):
    """The closing of a site: a decommission of each occupier that lives only there."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("at_once BETWEEN 1 AND 20", name="at_once_bounded"),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="finished_when_done"),
        Index(
            "uq_closures_site_id_open",
            "site_id",
            unique=True,
            postgresql_where=text("state <> 'done'"),
        ),
        Index("ix_closures_site_id_created_at", "site_id", "created_at"),
    )

    id: Mapped[Key]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    operator_id: Mapped[OperatorKey]
    state: Mapped[ClosureState] = mapped_column(
        closed_set(ClosureState, "state"), server_default=ClosureState.RUNNING
    )
    at_once: Mapped[int]
    requested_by: Mapped[str]
    member_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Created]
    finished_at: Mapped[datetime | None]


class ClosureOccupierRow(Base):
    """One occupier of a closure, and what became of it."""

    __tablename__ = "closure_occupiers"
    __table_args__ = (
        UniqueConstraint("closure_id", "ordinal"),
        CheckConstraint(
            "(result IN ('started', 'decommissioned', 'failed')) = (decommission_id IS NOT NULL)",
            name="started_with_decommission",
        ),
        Index("ix_closure_occupiers_occupier_id", "occupier_id"),
    )

    closure_id: Mapped[UUID] = mapped_column(ForeignKey("closures.id"), primary_key=True)
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"), primary_key=True)
    ordinal: Mapped[int]
    result: Mapped[ClosureResult] = mapped_column(
        closed_set(ClosureResult, "result"), server_default=ClosureResult.WAITING
    )
    reasons: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))  # rules
    decommission_id: Mapped[UUID | None] = mapped_column(ForeignKey("decommissions.id"))
