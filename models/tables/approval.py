"""Approvals of decommissions by a second person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created, Key


class ApprovalRow(Base):
    """That an admin wants this plan of this occupier carried out, once, and soon."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("expires_at > approved_at", name="expires_after_approval"),
        Index("ix_approvals_unused", "occupier_id", postgresql_where=text("used_at IS NULL")),
    )

    id: Mapped[Key]
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    approved_by: Mapped[str]
    plan_hash: Mapped[str]
    approved_at: Mapped[Created]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
