"""The network over the estate's API: what rests on something goes before it."""

from activities.adapters.holdings import HoldingSystem
from activities.adapters.http import OutsideHttp
from activities.ports import Refusals, Resource, RetireRequest
from models.domain.outside import FailureKind, ResourceKind, System

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

    async def retire(self, request: RetireRequest) -> Refusals:
        """Retire kind after kind; a kind is asked for when the one before it was accepted.

        After a refusal the later kinds are in conflict with what stays, so nobody asks for them.
        """
        refused: dict[Resource, FailureKind] = {}
        for kind in _LIVE:
            orders = [o for o in request.orders if o.resource.kind == kind]
            if refused:
                refused |= dict.fromkeys((o.resource for o in orders), FailureKind.CONFLICT)
            else:
                refused |= await self.retire_orders(request, orders)
        return refused
