"""Network: VLANs, subnets on them, DHCP scopes on those, and public IP addresses.

A VLAN is refused while a switch port or subnet of the site is on it, a subnet while a DHCP scope
is: with 409 for the whole batch, unless what is on it is retired by the same batch.
"""

from estate.kinds import Attempt, Kind, OutsideWorld

NETWORK = OutsideWorld(
    name="network",
    kinds=(
        Kind(
            name="public_ip",
            system="network",
            live="allocated",
            retired="released",
            effect="public_ip_released",
        ),
        Kind(
            name="dhcp_scope",
            system="network",
            live="serving",
            retired=None,
            effect="dhcp_scope_removed",
            support="subnet",
            support_kind="subnet",
        ),
        Kind(
            name="subnet",
            system="network",
            live="assigned",
            retired=None,
            effect="subnet_returned",
            support="vlan",
            support_kind="vlan",
            refused_while_used=True,
        ),
        Kind(
            name="vlan",
            system="network",
            live="configured",
            retired=None,
            effect="vlan_removed",
            refused_while_used=True,
        ),
    ),
    attempts=(
        Attempt(
            path="leases",
            function="estate.ask_lease",
            fields={"vlan": "text", "mac": "text"},
            required=frozenset({"vlan", "mac"}),
        ),
    ),
)
