"""Switching: switch ports and the VLAN on each. A deallocated port carries no VLAN."""

from estate.kinds import Attempt, Kind, OutsideWorld

SWITCHING = OutsideWorld(
    name="switching",
    kinds=(
        Kind(
            name="switch_port",
            system="switching",
            live="assigned",
            retired="unassigned",
            effect="port_deallocated",
            support="vlan",
            support_kind="vlan",
        ),
    ),
    attempts=(
        Attempt(
            path="frames",
            function="estate.send_frame",
            fields={"port": "text"},
            required=frozenset({"port"}),
        ),
    ),
)
