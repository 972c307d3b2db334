"""Billing over the estate's API: a charge is gone when it is stopped, its history stays."""

from activities.adapters.holdings import Holding, HoldingSystem
from activities.adapters.http import OutsideHttp
from activities.ports import Observation, Resource
from models.domain.outside import Presence, ResourceKind, System


class Billing(HoldingSystem):
    """Recurring charges.

    A charge whose stop date has come is absent; one that is still to stop is present `until` then.
    """

    def __init__(self, http: OutsideHttp) -> None:
        super().__init__(http, System.BILLING, {ResourceKind.RECURRING_CHARGE: "charging"})

    def observation(self, resource: Resource, holding: Holding) -> Observation:
        """Judge one charge by the state that billing itself gives it."""
        match holding.state:
            case None | "stopped":
                return Observation(resource, Presence.ABSENT)
            case _:
                return Observation(resource, Presence.PRESENT, holding.owner, holding.stops_at)
