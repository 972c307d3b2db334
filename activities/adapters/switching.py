"""Switching over the estate's API. A port that nobody owns counts as absent."""

from activities.adapters.holdings import HoldingSystem
from activities.adapters.http import OutsideHttp
from models.domain.outside import ResourceKind, System


class Switching(HoldingSystem):
    """Switch ports; a deallocated one has no owner and no VLAN."""

    def __init__(self, http: OutsideHttp) -> None:
        super().__init__(http, System.SWITCHING, {ResourceKind.SWITCH_PORT: "assigned"})
