"""Telephony over the estate's API. A number out of service without an owner counts as absent."""

from activities.adapters.holdings import HoldingSystem
from activities.adapters.http import OutsideHttp
from models.domain.outside import ResourceKind, System


class Telephony(HoldingSystem):
    """Phone numbers and handset logins.

    Retiring a number ends its calls and handset logins. A handset that can only log out by itself
    is `needs_human`.
    """

    def __init__(self, http: OutsideHttp) -> None:
        live = {ResourceKind.HANDSET_LOGIN: "logged_in", ResourceKind.PHONE_NUMBER: "in_service"}
        super().__init__(http, System.TELEPHONY, live)
