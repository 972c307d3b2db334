"""Wi-Fi access: 802.1X accounts, devices known by MAC, and their live sessions."""

from estate.kinds import Attempt, Kind, OutsideWorld

WIFI = OutsideWorld(
    name="wifi",
    kinds=(
        Kind(
            name="wifi_account",
            system="wifi",
            live="open",
            retired="closed",
            effect="wifi_account_closed",
        ),
        Kind(
            name="wifi_device",
            system="wifi",
            live="registered",
            retired=None,
            effect="wifi_device_deleted",
        ),
    ),
    attempts=(
        Attempt(
            path="sessions",
            function="estate.join_wifi",
            fields={"account": "text", "device": "text"},
            required=frozenset(),
        ),
    ),
)
