"""Every outside system of the estate, by name."""

from estate.accounts import ACCOUNTS
from estate.billing import BILLING
from estate.network import NETWORK
from estate.switching import SWITCHING
from estate.telephony import TELEPHONY
from estate.wifi import WIFI

SYSTEMS = {
    system.name: system for system in (TELEPHONY, SWITCHING, WIFI, ACCOUNTS, NETWORK, BILLING)
}
KINDS = {kind.name: kind for system in SYSTEMS.values() for kind in system.kinds}
