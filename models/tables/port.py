"""Switches, their ports, and the outlets that are patched to them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import PortRole, PortState
from models.tables.base import Base, Key, MaybeOccupierKey, SiteKey, closed_set


class SwitchRow(Base):
    """A network switch in a comms room."""

    __tablename__ = "switches"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    name: Mapped[str]
    comms_room: Mapped[str] = mapped_column(server_default="")


class SwitchPortRow(Base):
    """A port of a switch; its role decides what a plugged device gets."""

    __tablename__ = "switch_ports"
    __table_args__ = (
        UniqueConstraint("switch_id", "number"),
        UniqueConstraint("handle"),
        CheckConstraint("occupier_id IS NULL OR NOT is_operator_owned", name="one_owner_at_a_time"),
        Index("ix_switch_ports_site_id", "site_id"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    switch_id: Mapped[UUID] = mapped_column(ForeignKey("switches.id"))
    number: Mapped[int]
    handle: Mapped[str]  # the port's name in the switching system
    role: Mapped[PortRole] = mapped_column(
        closed_set(PortRole, "role"), server_default=PortRole.UNASSIGNED
    )
    state: Mapped[PortState] = mapped_column(
        closed_set(PortState, "state"), server_default=PortState.DISABLED
    )
    occupier_id: Mapped[MaybeOccupierKey]
    is_operator_owned: Mapped[bool] = mapped_column(server_default="false")


class FloorPortRow(Base):
    """An outlet in a space, patched to at most one switch port."""

    __tablename__ = "floor_ports"
    __table_args__ = (
        UniqueConstraint("space_id", "label"),
        UniqueConstraint("switch_port_id"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    space_id: Mapped[UUID] = mapped_column(ForeignKey("spaces.id"))
    label: Mapped[str]
    switch_port_id: Mapped[UUID | None] = mapped_column(ForeignKey("switch_ports.id"))
