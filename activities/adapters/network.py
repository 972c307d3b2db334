"""The network over the estate's API: what rests on something goes before it."""

from activities.adapters.holdings import HoldingSystem
from activities.adapters.http import OutsideHttp
from activities.ports import RetireRequest
from models.domain.outside import ResourceKind, System

_LIVE = {  # in the order of removal
    ResourceKind.PUBLIC_IP: "allocated",
    ResourceKind.DHCP_SCOPE: "serving",
    ResourceKind.SUBNET: "assigned",
    ResourceKind.VLAN: "configured",
}


class Network(HoldingSystem):
    """Public IPs, DHCP scopes, subnets and VLANs.

    `conflict`: something that is no part of the request still rests on one of them, for example
    a switch port on a VLAN.
    """

    def __init__(self, http: OutsideHttp) -> None:
        super().__init__(http, System.NETWORK, _LIVE)

    async def retire(self, request: RetireRequest) -> None:
        """Retire kind after kind; a kind is asked for when the one before it was accepted."""
        for kind in _LIVE:
            await self.retire_orders(
                request, [o for o in request.orders if o.resource.kind == kind]
            )
