"""All outside systems, behind the estate's HTTP APIs."""

from collections.abc import Iterator, Mapping

from activities.adapters.accounts import Accounts
from activities.adapters.billing import Billing
from activities.adapters.http import OutsideHttp
from activities.adapters.network import Network
from activities.adapters.switching import Switching
from activities.adapters.telephony import Telephony
from activities.adapters.wifi import Wifi
from activities.ports import OutsideSystem
from models.domain.outside import System
from models.settings import Settings


class EstateSystems(Mapping[System, OutsideSystem]):
    """The `Systems` of an estate; `aclose` ends their connections."""

    def __init__(self, http: OutsideHttp) -> None:
        self._http = http
        self._systems: dict[System, OutsideSystem] = {
            System.TELEPHONY: Telephony(http),
            System.SWITCHING: Switching(http),
            System.WIFI: Wifi(http),
            System.ACCOUNTS: Accounts(http),
            System.NETWORK: Network(http),
            System.BILLING: Billing(http),
        }

    def __getitem__(self, system: System) -> OutsideSystem:
        return self._systems[system]

    def __iter__(self) -> Iterator[System]:
        return iter(self._systems)

    def __len__(self) -> int:
        return len(self._systems)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def build_systems(settings: Settings) -> EstateSystems:
    """Make the adapters; call it inside the event loop that will use them."""
    return EstateSystems(OutsideHttp(settings.estate_base_url, settings.outside_timeout_s))
