"""An occupier's networks, public addresses and ports: gone after a decommission (DE-36)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, cast, func, select

from models.domain.portfolio import Circuit, DhcpState, PortRole, PortState
from models.stores.holding_views.listing import Listing
from models.tables.network import NetworkRow, PublicIpRow
from models.tables.port import FloorPortRow, SwitchPortRow, SwitchRow
from models.tables.site import SiteRow, SpaceRow


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A VLAN with its subnet."""

    id: UUID
    site_id: UUID
    site_name: str
    vlan_id: int
    private_subnet: str | None
    dhcp_state: DhcpState


@dataclass(frozen=True, slots=True)
class PublicIpView:
    """A public address."""

    id: UUID
    site_id: UUID
    site_name: str
    address: str
    subnet: str
    circuit: Circuit
    description: str


@dataclass(frozen=True, slots=True)
class PortView:
    """A switch port and the outlet that is patched to it, if any."""

    id: UUID
    site_id: UUID
    site_name: str
    switch: str
    number: int
    role: PortRole
    state: PortState
    outlet: str | None
    space: str | None


_VLAN = func.lpad(cast(NetworkRow.vlan_id, Text), 4, "0")

NETWORKS = Listing(
    NetworkView,
    select(
        NetworkRow.id,
        NetworkRow.site_id,
        SiteRow.name.label("site_name"),
        NetworkRow.vlan_id,
        cast(NetworkRow.private_subnet, Text).label("private_subnet"),
        NetworkRow.dhcp_state,
    ).join(SiteRow, SiteRow.id == NetworkRow.site_id),
    NetworkRow.occupier_id,
    NetworkRow.site_id,
    _VLAN,
    lambda network: f"{network.vlan_id:04}",
    NetworkRow.id,
)

_ADDRESS = func.host(PublicIpRow.address)

PUBLIC_IPS = Listing(
    PublicIpView,
    select(
        PublicIpRow.id,
        PublicIpRow.site_id,
        SiteRow.name.label("site_name"),
        _ADDRESS.label("address"),
        cast(PublicIpRow.subnet, Text).label("subnet"),
        PublicIpRow.circuit,
        PublicIpRow.description,
    ).join(SiteRow, SiteRow.id == PublicIpRow.site_id),
    PublicIpRow.occupier_id,
    PublicIpRow.site_id,
    _ADDRESS,
    lambda ip: ip.address,
    PublicIpRow.id,
)

_PLACE = func.concat(SwitchRow.name, " ", func.lpad(cast(SwitchPortRow.number, Text), 6, "0"))

PORTS = Listing(
    PortView,
    select(
        SwitchPortRow.id,
        SwitchPortRow.site_id,
        SiteRow.name.label("site_name"),
        SwitchRow.name.label("switch"),
        SwitchPortRow.number,
        SwitchPortRow.role,
        SwitchPortRow.state,
        FloorPortRow.label.label("outlet"),
        SpaceRow.name.label("space"),
    )
    .join(SiteRow, SiteRow.id == SwitchPortRow.site_id)
    .join(SwitchRow, SwitchRow.id == SwitchPortRow.switch_id)
    .outerjoin(FloorPortRow, FloorPortRow.switch_port_id == SwitchPortRow.id)
    .outerjoin(SpaceRow, SpaceRow.id == FloorPortRow.space_id),
    SwitchPortRow.occupier_id,
    SwitchPortRow.site_id,
    _PLACE,
    lambda port: f"{port.switch} {port.number:06}",
    SwitchPortRow.id,
)
