"""Contracts between operator and occupier, and the spaces they let."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import ContractState
from models.tables.base import Base, Created, Key, OccupierKey, SiteKey, closed_set


class ContractRow(Base):
    """An agreement that bounds an occupier's occupancies and services at one site."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("occupier_id", "site_id", "reference"),
        CheckConstraint("end_date >= start_date", name="ends_after_start"),
        Index("ix_contracts_site_id_occupier_id", "site_id", "occupier_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[SiteKey]
    reference: Mapped[str]
    external_reference: Mapped[str | None]
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    deprovision_on_end: Mapped[bool] = mapped_column(server_default="false")
    state: Mapped[ContractState] = mapped_column(closed_set(ContractState, "state"))
    created_at: Mapped[Created]


class OccupancyRow(Base):
    """A space that a contract lets, from move-in to move-out."""

    __tablename__ = "occupancies"
    __table_args__ = (
        CheckConstraint("move_out >= move_in", name="moves_out_after_in"),
        Index("ix_occupancies_contract_id", "contract_id"),
        Index("ix_occupancies_space_id", "space_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[SiteKey]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    space_id: Mapped[UUID] = mapped_column(ForeignKey("spaces.id"))
    move_in: Mapped[date]
    move_out: Mapped[date | None]
