"""Networks of an occupier at a site, and public IP addresses."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import CIDR, INET
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import Circuit, DhcpState, IpStatus
from models.tables.base import Base, Key, MaybeOccupierKey, OccupierKey, SiteKey, closed_set


class NetworkRow(Base):
    """A VLAN with its private subnet and DHCP scope."""

    __tablename__ = "networks"
    __table_args__ = (
        UniqueConstraint("site_id", "vlan_id"),
        CheckConstraint("vlan_id BETWEEN 2 AND 4094", name="vlan_id_in_range"),
        Index("ix_networks_occupier_id_site_id", "occupier_id", "site_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[SiteKey]
    vlan_id: Mapped[int]
    private_subnet: Mapped[str | None] = mapped_column(CIDR)
    dhcp_state: Mapped[DhcpState] = mapped_column(
        closed_set(DhcpState, "dhcp_state"), server_default=DhcpState.ENABLED
    )


class PublicIpRow(Base):
    """A public address of a site's inventory."""

    __tablename__ = "public_ips"
    __table_args__ = (
        UniqueConstraint("address"),
        CheckConstraint(
            "status <> 'assigned' OR occupier_id IS NOT NULL", name="assigned_to_someone"
        ),
        CheckConstraint("status <> 'free' OR occupier_id IS NULL", name="free_has_no_owner"),
        Index("ix_public_ips_site_id_status", "site_id", "status"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    subnet: Mapped[str] = mapped_column(CIDR)
    address: Mapped[str] = mapped_column(INET)
    circuit: Mapped[Circuit] = mapped_column(closed_set(Circuit, "circuit"))
    status: Mapped[IpStatus] = mapped_column(
        closed_set(IpStatus, "status"), server_default=IpStatus.FREE
    )
    occupier_id: Mapped[MaybeOccupierKey]
    description: Mapped[str] = mapped_column(server_default="")
