"""Wi-Fi access over the estate's API."""

from activities.adapters.holdings import HoldingSystem
from activities.adapters.http import OutsideHttp
from models.domain.outside import ResourceKind, System


class Wifi(HoldingSystem):
    """Wi-Fi accounts and devices; retiring one ends its live sessions too."""

    def __init__(self, http: OutsideHttp) -> None:
        live = {ResourceKind.WIFI_ACCOUNT: "open", ResourceKind.WIFI_DEVICE: "registered"}
        super().__init__(http, System.WIFI, live)
