"""Phone numbers and the handsets they are logged in to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import DeviceClass, NumberState
from models.tables.base import Base, Key, MaybeOccupierKey, SiteKey, closed_set


class PhoneNumberRow(Base):
    """A number that belongs to a site for good and to an occupier for a while."""

    __tablename__ = "phone_numbers"
    __table_args__ = (
        UniqueConstraint("e164"),
        CheckConstraint(
            "(state = 'cooling_off') = (cooling_off_until IS NOT NULL)", name="cooling_off_dated"
        ),
        CheckConstraint(
            "state NOT IN ('available', 'cooling_off') OR (occupier_id IS NULL "
            "AND user_id IS NULL AND NOT is_main AND NOT is_operator_owned)",
            name="free_numbers_have_no_owner",
        ),
        CheckConstraint("occupier_id IS NULL OR NOT is_operator_owned", name="one_owner_at_a_time"),
        Index("ix_phone_numbers_site_id_state", "site_id", "state"),
        Index(
            "uq_phone_numbers_main",
            "site_id",
            "occupier_id",
            unique=True,
            postgresql_where=text("is_main"),
        ),
        Index(
            "ix_phone_numbers_cooling_off",
            "cooled_by_decommission_id",
            "cooling_off_until",
            postgresql_where=text("state = 'cooling_off'"),
        ),
        Index("ix_phone_numbers_user_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    e164: Mapped[str]
    extension: Mapped[str | None]
    state: Mapped[NumberState] = mapped_column(
        closed_set(NumberState, "state"), server_default=NumberState.AVAILABLE
    )
    occupier_id: Mapped[MaybeOccupierKey]
    is_operator_owned: Mapped[bool] = mapped_column(server_default="false")
    is_main: Mapped[bool] = mapped_column(server_default="false")
    label: Mapped[str | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    cooling_off_until: Mapped[datetime | None]
    cooled_by_decommission_id: Mapped[UUID | None]  # whose timer brings it back


class HandsetTypeRow(Base):
    """A model of handset; an unknown one counts as not remotely logged out (reference 12.1)."""

    __tablename__ = "handset_types"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    device_class: Mapped[DeviceClass] = mapped_column(closed_set(DeviceClass, "device_class"))


class HandsetRow(Base):
    """A phone at a site."""

    __tablename__ = "handsets"
    __table_args__ = (Index("ix_handsets_site_id", "site_id"),)

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    type_code: Mapped[str]  # may name a type that we do not know, hence no foreign key
    label: Mapped[str]


class HandsetLoginRow(Base):
    """That a number is logged in to a handset now; its end deletes the row."""

    __tablename__ = "handset_logins"
    __table_args__ = (
        UniqueConstraint("number_id"),
        Index("ix_handset_logins_handset_id", "handset_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[MaybeOccupierKey]
    number_id: Mapped[UUID] = mapped_column(ForeignKey("phone_numbers.id"))
    handset_id: Mapped[UUID] = mapped_column(ForeignKey("handsets.id"))
    logged_in_at: Mapped[datetime]
