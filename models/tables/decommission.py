"""A decommission: its sites, its plan of resources, and what must stay."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.decommission import DecommissionState, TaskKind
from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.tables.base import Base, Created, Key, OperatorKey, SiteKey, closed_set


class DecommissionRow(Base):
    """The one decommission that an occupier can ever have started."""

    __tablename__ = "decommissions"
    __table_args__ = (
        UniqueConstraint("occupier_id"),
        CheckConstraint(
            "(state = 'decommissioned') = (finished_at IS NOT NULL)", name="finished_when_done"
        ),
        Index("ix_decommissions_requested_at_id", "requested_at", "id"),
        Index("ix_decommissions_state_requested_at_id", "state", "requested_at", "id"),
        Index("ix_decommissions_operator_id_requested_at", "operator_id", "requested_at"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    operator_id: Mapped[OperatorKey]
    state: Mapped[DecommissionState] = mapped_column(
        closed_set(DecommissionState, "state"), server_default=DecommissionState.PENDING
    )
    requested_by: Mapped[str]
    idempotency_key: Mapped[str | None]  # of the request that started it; kept for good
    requested_at: Mapped[Created]
    effective_at: Mapped[datetime]  # billing stops and contracts end here
    cooling_off_days: Mapped[int]  # the operator's policy when it started
    plan_hash: Mapped[str | None]  # SHA-256 over the plan items, set when the plan is written
    workflow_id: Mapped[str]
    finished_at: Mapped[datetime | None]
    runs: Mapped[int] = mapped_column(server_default="1")  # more after one ended from outside
    paused_at: Mapped[datetime | None]  # tasks that have not started wait
    jeopardy_at: Mapped[datetime | None]  # when it was first expected to be late; kept as a fact


class DecommissionSiteRow(Base):
    """A site that a decommission covers; the ordinal gives the order of the fan-out."""

    __tablename__ = "decommission_sites"
    __table_args__ = (
        UniqueConstraint("decommission_id", "ordinal"),
        Index("ix_decommission_sites_site_id", "site_id"),
    )

    decommission_id: Mapped[UUID] = mapped_column(ForeignKey("decommissions.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    ordinal: Mapped[int]
    verified_round: Mapped[int] = mapped_column(server_default="0")  # of verify_occupier
    paused_at: Mapped[datetime | None]  # of this site alone


class PlanItemRow(Base):
    """One resource to remove, written before the first destructive call.

    `handle` is what the outside system calls it and may be personal (a MAC, a user name), so the
    last verification clears it; `verdict` and the id of our own row stay as the record.
    """

    __tablename__ = "plan_items"
    __table_args__ = (
        UniqueConstraint("decommission_id", "kind", "resource_id"),
        Index(
            "ix_plan_items_undone",
            "decommission_id",
            "site_id",
            "task_kind",
            "id",
            postgresql_where=text("verdict IN ('unknown', 'disabled_only')"),
        ),
        Index("ix_plan_items_decommission_id_site_id_id", "decommission_id", "site_id", "id"),
        CheckConstraint(
            "(verdict = 'retained') = (ground IS NOT NULL)", name="retained_with_ground"
        ),
        CheckConstraint("intent > 0", name="intent_positive"),
        CheckConstraint(
            "failure IS NULL OR verdict IN ('unknown', 'disabled_only')", name="failed_when_undone"
        ),
    )

    id: Mapped[Key]
    decommission_id: Mapped[UUID] = mapped_column(ForeignKey("decommissions.id"))
    site_id: Mapped[SiteKey]
    task_kind: Mapped[TaskKind] = mapped_column(closed_set(TaskKind, "task_kind"))
    kind: Mapped[ResourceKind] = mapped_column(closed_set(ResourceKind, "kind"))
    resource_id: Mapped[UUID]  # our own row; no foreign key, as the row may be deleted
    handle: Mapped[str | None]
    intent: Mapped[int] = mapped_column(server_default="1")  # grows when "OK" proved to be empty
    asked_at: Mapped[datetime | None]  # when we first asked the system to retire it
    verdict: Mapped[Verdict] = mapped_column(
        closed_set(Verdict, "verdict"), server_default=Verdict.UNKNOWN
    )
    ground: Mapped[Ground | None] = mapped_column(closed_set(Ground, "ground"))
    confirmed_at: Mapped[datetime | None]
    failure: Mapped[FailureKind | None] = mapped_column(closed_set(FailureKind, "failure"))


class RetentionRow(Base):
    """A digest of what must stay, before and after (DE-05, 11, 32 to 34, 38)."""

    __tablename__ = "retentions"

    decommission_id: Mapped[UUID] = mapped_column(ForeignKey("decommissions.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    rows_before: Mapped[int]
    digest_before: Mapped[str]
    rows_after: Mapped[int | None]
    digest_after: Mapped[str | None]
