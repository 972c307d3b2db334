"""The format's occupiers: their users, and what they hold at each site."""

from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field

from models.domain.portfolio import AccountState, DhcpState, NumberState, UserRole
from models.portfolio.entry import Count, Entry, Key, Money, Month, SiteReference, Text
from models.portfolio.place import Login
from models.portfolio.tenancy import Contract


def _normal_mac(text: str) -> str:
    digits = text.replace(":", "").replace("-", "").replace(".", "").upper()
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _normal_cidr(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        return text  # the rules tell it, with its place


class ExternalIdentifier(Entry):
    """The occupier's identifier in a connected system, at one site or at all."""

    system: Key
    identifier: Key
    site: SiteReference | None = None


class WifiAccount(Entry):
    """A user's account on Wi-Fi Secure, good at every site."""

    username: Key = Field(description="Unique everywhere.")
    state: AccountState = AccountState.ACTIVE


class UserAccount(Entry):
    """A user's account for the portal and the mobile app."""

    handle: Key | None = Field(
        None, description="The account's SCIM id; unique everywhere, generated when left out."
    )
    role: UserRole = UserRole.USER
    portal_invited: bool = False
    app_invited: bool = False


class AccessGrant(Entry):
    """That a user may open the doors of a group."""

    site: SiteReference
    group: Key


class User(Entry):
    """An employee of the occupier."""

    first_name: Key
    last_name: Key
    email: Key = Field(description="Unique everywhere, whatever the case of its letters.")
    phone: Text | None = None
    language: Key = "en"
    home_site: SiteReference
    wifi: WifiAccount | None = None
    account: UserAccount | None = None
    access: tuple[AccessGrant, ...] = ()


class HeldNumber(Entry):
    """A phone number that the occupier holds."""

    site: SiteReference
    e164: Key = Field(description="`+` and up to 15 digits; unique everywhere.")
    extension: Key | None = None
    state: NumberState = NumberState.ACTIVE
    is_main: bool = Field(False, description="At most one per site, and never logged in.")
    label: Text | None = None
    user: Key | None = Field(None, description="`email` of the user that it is assigned to.")
    login: Login | None = None


class WifiDevice(Entry):
    """A shared device such as a printer, admitted to the Wi-Fi device network."""

    site: SiteReference
    name: Key
    mac: Annotated[Key, AfterValidator(_normal_mac)] = Field(description="Unique at the site.")


class Network(Entry):
    """A VLAN with its private subnet and DHCP scope."""

    site: SiteReference
    vlan_id: int = Field(description="From 2 to 4094; unique at the site.")
    private_subnet: Annotated[Key, AfterValidator(_normal_cidr)] | None = Field(
        None, description="In CIDR notation, as in `172.16.4.0/24`."
    )
    dhcp_state: DhcpState = DhcpState.ENABLED


class CallCharge(Entry):
    """The charge of an extension's calls in a past month."""

    site: SiteReference
    month: Month
    extension: Key
    calls: Count
    seconds: Count
    amount: Money


class Occupier(Entry):
    """A company that leases spaces or consumes services. What is imported is active."""

    operator: Key = Field(description="`name` of an operator in this file.")
    reference: Key = Field(description="The name that the outside systems know the owner by.")
    name: Key = Field(description="Unique with the operator.")
    billing_reference: Key | None = Field(None, description="Generated when left out.")
    external_identifiers: tuple[ExternalIdentifier, ...] = ()
    contracts: tuple[Contract, ...] = ()
    users: tuple[User, ...] = ()
    numbers: tuple[HeldNumber, ...] = ()
    ports: tuple[Key, ...] = Field((), description="`handle` of each switch port that it holds.")
    wifi_devices: tuple[WifiDevice, ...] = ()
    networks: tuple[Network, ...] = ()
    public_ips: tuple[Key, ...] = Field((), description="Each public address that it holds.")
    call_charges: tuple[CallCharge, ...] = ()
