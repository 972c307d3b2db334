"""Sites, their floors and their spaces."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import SpaceKind, SpaceStatus
from models.tables.base import Base, Created, Key, OperatorKey, SiteKey, closed_set


class SiteRow(Base):
    """A building or centre of an operator."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("operator_id", "name"), UniqueConstraint("reference"))

    id: Mapped[Key]
    operator_id: Mapped[OperatorKey]
    reference: Mapped[str]  # the name that the outside systems know the site by
    name: Mapped[str]
    time_zone: Mapped[str]  # IANA name; "today" for contracts is the date in this zone
    address: Mapped[str] = mapped_column(server_default="")
    telephony_managed: Mapped[bool] = mapped_column(server_default="true")
    is_open: Mapped[bool] = mapped_column(server_default="true")
    created_at: Mapped[Created]


class FloorRow(Base):
    """A floor of a site."""

    __tablename__ = "floors"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    name: Mapped[str]


class SpaceRow(Base):
    """A wing, office or desk that can be let."""

    __tablename__ = "spaces"
    __table_args__ = (
        UniqueConstraint("floor_id", "name"),
        Index("ix_spaces_site_id_status", "site_id", "status"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    floor_id: Mapped[UUID] = mapped_column(ForeignKey("floors.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("spaces.id"))
    name: Mapped[str]
    kind: Mapped[SpaceKind] = mapped_column(closed_set(SpaceKind, "kind"))
    status: Mapped[SpaceStatus] = mapped_column(
        closed_set(SpaceStatus, "status"), server_default=SpaceStatus.AVAILABLE
    )
