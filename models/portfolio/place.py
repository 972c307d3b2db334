"""The format's sites: floors and spaces, switches and ports, handsets, numbers, addresses."""

from pydantic import Field

from models.domain.portfolio import (
    Circuit,
    IpStatus,
    NumberState,
    PortRole,
    PortState,
    SpaceKind,
    SpaceStatus,
)
from models.portfolio.entry import Entry, Key, Moment, Money, PathPart, Text


class Outlet(Entry):
    """A socket in a space, patched to at most one switch port."""

    label: Key
    switch_port: Key | None = Field(None, description="`handle` of a switch port at this site.")


class Space(Entry):
    """A wing, office or desk that can be let."""

    name: Key
    kind: SpaceKind
    status: SpaceStatus = Field(
        SpaceStatus.AVAILABLE,
        description="A space with a running occupancy becomes `occupied` whatever is said here.",
    )
    within: Key | None = Field(None, description="Name of the space on this floor that holds it.")
    outlets: tuple[Outlet, ...] = ()


class Floor(Entry):
    """A floor of a site."""

    name: Key
    spaces: tuple[Space, ...] = ()


class Port(Entry):
    """A port of a switch. Which occupier holds it is said with the occupier."""

    number: int = Field(ge=0, le=65535)
    handle: Key = Field(description="The port's name in the switching system; unique everywhere.")
    role: PortRole = PortRole.UNASSIGNED
    state: PortState = PortState.DISABLED
    operator_owned: bool = False


class Switch(Entry):
    """A network switch."""

    name: Key
    comms_room: Text = ""
    ports: tuple[Port, ...] = ()


class Handset(Entry):
    """A phone at a site."""

    label: Key = Field(description="Unique at the site.")
    type: Key = Field(
        description="Code of a handset type; an unknown one counts as not remotely logged out."
    )


class Login(Entry):
    """That a number is logged in to a handset now."""

    handset: Key = Field(description="`label` of a handset at the number's site.")
    since: Moment


class PoolNumber(Entry):
    """A phone number that no occupier holds: free, cooling off, or the operator's own."""

    e164: Key = Field(description="`+` and up to 15 digits; unique everywhere.")
    extension: Key | None = None
    state: NumberState = NumberState.AVAILABLE
    label: Text | None = None
    operator_owned: bool = False
    cooling_off_until: Moment | None = Field(
        None, description="When it becomes available; only with the state `cooling_off`."
    )
    login: Login | None = None


class PublicIp(Entry):
    """A public address of a site. Which occupier holds it is said with the occupier."""

    subnet: Key = Field(description="In CIDR notation, as in `198.18.4.8/29`.")
    address: Key
    circuit: Circuit
    status: IpStatus = IpStatus.FREE
    description: Text = ""


class PricebookItem(Entry):
    """What a product costs at a site, per unit and month."""

    product: Key = Field(description="`code` of a product in this file.")
    cost: Money
    rrp: Money
    is_active: bool = True


class Site(Entry):
    """A building or centre of an operator, with its infrastructure and its pricebook."""

    operator: Key = Field(description="`name` of an operator in this file.")
    reference: PathPart = Field(
        description="The name that the outside systems know the site by; without / ? # % or \\."
    )
    name: Key
    time_zone: Key = Field(description="IANA name, as in `Europe/London`.")
    address: Text = ""
    telephony_managed: bool = True
    is_open: bool = True
    floors: tuple[Floor, ...] = ()
    switches: tuple[Switch, ...] = ()
    handsets: tuple[Handset, ...] = ()
    numbers: tuple[PoolNumber, ...] = ()
    public_ips: tuple[PublicIp, ...] = ()
    access_groups: tuple[Key, ...] = ()
    pricebook: tuple[PricebookItem, ...] = ()
