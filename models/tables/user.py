"""Occupier users with their accounts, and shared Wi-Fi devices: all that is personal."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import AccountState, UserRole
from models.tables.base import Base, Created, Key, OccupierKey, SiteKey, closed_set


class UserRow(Base):
    """An employee of an occupier, with a home site."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        Index("ix_users_occupier_id_home_site_id", "occupier_id", "home_site_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    home_site_id: Mapped[SiteKey]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="en")
    created_at: Mapped[Created]


class WifiAccountRow(Base):
    """A user's account on Wi-Fi Secure, good at every site."""

    __tablename__ = "wifi_accounts"
    __table_args__ = (UniqueConstraint("user_id"), UniqueConstraint("username"))

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    username: Mapped[str]
    state: Mapped[AccountState] = mapped_column(
        closed_set(AccountState, "state"), server_default=AccountState.ACTIVE
    )


class UserAccountRow(Base):
    """A user's account for the portal and the mobile app."""

    __tablename__ = "user_accounts"
    __table_args__ = (UniqueConstraint("user_id"), UniqueConstraint("account_handle"))

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    account_handle: Mapped[str]  # the SCIM id
    role: Mapped[UserRole] = mapped_column(
        closed_set(UserRole, "role"), server_default=UserRole.USER
    )
    portal_invited: Mapped[bool] = mapped_column(server_default="false")
    app_invited: Mapped[bool] = mapped_column(server_default="false")


class AccessGroupRow(Base):
    """A group of doors at a site, of the Smart Access module (OM-12)."""

    __tablename__ = "access_groups"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    name: Mapped[str]


class AccessGrantRow(Base):
    """That a user may open the doors of a group; removed with the user."""

    __tablename__ = "access_grants"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[UUID] = mapped_column(ForeignKey("access_groups.id"), primary_key=True)
    occupier_id: Mapped[OccupierKey]


class WifiDeviceRow(Base):
    """A shared device such as a printer, admitted to the Wi-Fi device network by its MAC."""

    __tablename__ = "wifi_devices"
    __table_args__ = (
        UniqueConstraint("site_id", "mac"),
        CheckConstraint("mac ~ '^([0-9A-F]{2}:){5}[0-9A-F]{2}$'", name="mac_normalised"),
        Index("ix_wifi_devices_occupier_id_site_id", "occupier_id", "site_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[UUID] = mapped_column(ForeignKey("occupiers.id"))
    site_id: Mapped[SiteKey]
    name: Mapped[str]
    mac: Mapped[str]
