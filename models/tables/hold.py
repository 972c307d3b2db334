"""Holds of outside systems, and the failures that let the breaker place one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.hold import HoldOrigin
from models.domain.outside import FailureKind, System
from models.tables.base import Base, Created, Key, SiteKey, closed_set


class HoldRow(Base):
    """An outside system that nobody may be asked to work with for now, everywhere or at a site."""

    __tablename__ = "holds"
    __table_args__ = (
        Index(
            "uq_holds_open_place",
            "system",
            "site_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("released_at IS NULL"),
        ),
        Index("ix_holds_case_id", "case_id"),
        CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL)", name="released_by_somebody"
        ),
    )

    id: Mapped[Key]
    system: Mapped[System] = mapped_column(closed_set(System, "system"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))  # null: at every site
    origin: Mapped[HoldOrigin] = mapped_column(closed_set(HoldOrigin, "origin"))
    failure: Mapped[FailureKind | None] = mapped_column(closed_set(FailureKind, "failure"))
    placed_by: Mapped[str]
    placed_at: Mapped[Created]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    # A breaker lets one task through from time to time; its success releases the hold.
    probe_at: Mapped[datetime | None]
    probe_task_id: Mapped[UUID | None]
    probes: Mapped[int] = mapped_column(server_default="0")


class StrikeRow(Base):
    """A task whose last attempts have all failed for a reason that may be the system's."""

    __tablename__ = "strikes"
    __table_args__ = (Index("ix_strikes_system_last_at", "system", "last_at"),)

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    system: Mapped[System] = mapped_column(closed_set(System, "system"))
    site_id: Mapped[SiteKey]
    failure: Mapped[FailureKind] = mapped_column(closed_set(FailureKind, "failure"))
    failures: Mapped[int] = mapped_column(server_default="1")  # in a row
    first_at: Mapped[Created]
    last_at: Mapped[Created]
