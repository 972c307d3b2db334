"""Occupiers and how other systems name them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.occupier import OccupierStatus
from models.tables.base import Base, Created, Key, OccupierKey, OperatorKey, closed_set


class OccupierRow(Base):
    """A company that leases spaces or consumes services at one or more sites."""

    __tablename__ = "occupiers"
    __table_args__ = (
        Index(
            "uq_occupiers_operator_id_name_live",
            "operator_id",
            "name",
            unique=True,
            postgresql_where=text("status <> 'decommissioned'"),
        ),
        UniqueConstraint("reference"),
        Index("ix_occupiers_operator_id_status_name", "operator_id", "status", "name", "id"),
        Index("ix_occupiers_name_id", "name", "id"),
        Index("ix_occupiers_status_name_id", "status", "name", "id"),
    )

    id: Mapped[Key]
    operator_id: Mapped[OperatorKey]
    reference: Mapped[str]  # the name that the outside systems know the owner by
    name: Mapped[str]
    billing_reference: Mapped[str]
    status: Mapped[OccupierStatus] = mapped_column(
        closed_set(OccupierStatus, "status"), server_default=OccupierStatus.ACTIVE
    )
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Created]
    decommissioned_at: Mapped[datetime | None]


class ExternalIdentifierRow(Base):
    """The occupier's identifier in a connected system, at one site or at all."""

    __tablename__ = "external_identifiers"
    __table_args__ = (
        UniqueConstraint(
            "occupier_id", "external_system", "site_id", postgresql_nulls_not_distinct=True
        ),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    external_system: Mapped[str]
    identifier: Mapped[str]
