"""A sample site in the making: hands out spaces, ports, numbers, VLANs and addresses."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network

from models.domain.portfolio import (
    Circuit,
    IpStatus,
    NumberState,
    PortRole,
    PortState,
    SpaceKind,
)
from models.portfolio.place import (
    Floor,
    Handset,
    Login,
    Outlet,
    PoolNumber,
    Port,
    PublicIp,
    Site,
    Space,
    Switch,
)
from models.portfolio.sample.products import DIGITAL, pricebook
from models.portfolio.sample.source import Source

OFFICES_PER_FLOOR = 24
PORTS_PER_SWITCH = 48
BENCHMARK_BLOCK = IPv4Network("198.18.0.0/15")  # RFC 2544: never routed, so nobody's address
GROUPS = ("Main entrance", "Bike store", "Roof terrace")


@dataclass(slots=True)
class SiteDraft:
    """A site that still gives things out; `finish` makes it a site of the format."""

    source: Source
    ordinal: int
    operator: str
    reference: str
    name: str
    zone: str
    spare_ports: int  # at least so many ports that nobody holds
    spare_numbers: int
    offices: list[list[Outlet]] = field(default_factory=list)
    ports: list[Port] = field(default_factory=list)
    handsets: list[Handset] = field(default_factory=list)
    addresses: list[PublicIp] = field(default_factory=list)
    numbers: int = 0
    vlans: int = 0

    def take_space(self) -> tuple[str, str]:
        """A new office: its floor and its name."""
        at = len(self.offices)
        self.offices.append([])
        return _floor_name(at), _office_name(at)

    def take_ports(self, count: int, role: PortRole, offices: int) -> list[str]:
        """Handles of new active ports, patched to outlets of the last `offices` spaces."""
        handles = []
        for number in range(count):
            outlets = self.offices[-1 - number % offices]
            handle = self._add_port(role, PortState.ACTIVE)
            outlets.append(Outlet(label=f"{len(outlets) + 1:03}", switch_port=handle))
            handles.append(handle)
        return handles

    def take_number(self) -> tuple[str, str]:
        """A new number and its extension. Country code 999 is given to no country."""
        self.numbers += 1
        return f"+999{self.source.seed:03}{self.ordinal:04}{self.numbers:04}", str(
            1000 + self.numbers
        )

    def take_vlan(self) -> tuple[int, str]:
        """A new VLAN with its /24 out of 172.16.0.0/12."""
        self.vlans += 1
        vlan = 100 + self.vlans
        return vlan, f"172.{16 + vlan // 256}.{vlan % 256}.0/24"

    def take_handset(self, kind: str) -> str:
        """A new handset's label."""
        label = f"HS-{len(self.handsets) + 1:04}"
        self.handsets.append(Handset(label=label, type=kind))
        return label

    def take_address(self, description: str) -> str:
        """A new public address, assigned."""
        address = self._add_address(IpStatus.ASSIGNED, description)
        return address.address

    def finish(self) -> Site:
        """The site, with what nobody took."""
        for _ in range(4):
            self._add_port(PortRole.WIRELESS_AP, PortState.ACTIVE, operator_owned=True)
        self._add_port(PortRole.SHARED, PortState.ACTIVE, operator_owned=True)
        wanted = len(self.ports) + self.spare_ports
        while len(self.ports) < wanted or len(self.ports) % PORTS_PER_SWITCH:
            self._add_port(PortRole.UNASSIGNED, PortState.DISABLED)
        self._add_address(IpStatus.FREE, "")
        self._add_address(IpStatus.LOCKED, "Provider")
        for _ in range(3):
            self.take_space()
        numbers = self._pool()
        return Site(
            operator=self.operator,
            reference=self.reference,
            name=self.name,
            time_zone=self.zone,
            address=f"{self.ordinal} Sample Street",
            floors=self._floors(),
            switches=self._switches(),
            handsets=tuple(self.handsets),
            numbers=numbers,
            public_ips=tuple(self.addresses),
            access_groups=GROUPS,
            pricebook=pricebook(self.source),
        )

    def _add_port(self, role: PortRole, state: PortState, *, operator_owned: bool = False) -> str:
        at = len(self.ports)
        number = at % PORTS_PER_SWITCH + 1
        handle = f"{self.reference}/{_switch_name(at)}/{number:02}"
        self.ports.append(
            Port(
                number=number, handle=handle, role=role, state=state, operator_owned=operator_owned
            )
        )
        return handle

    def _add_address(self, status: IpStatus, description: str) -> PublicIp:
        block, host = divmod(len(self.addresses), 6)
        # 16,384 blocks of eight; a site uses every 4,096th, so it has four of them.
        index = (self.source.seed * 61 + self.ordinal) % 4096 + 4096 * block
        start = int(BENCHMARK_BLOCK.network_address) + 8 * index
        subnet = IPv4Network((start, 29))
        address = PublicIp(
            subnet=str(subnet),
            address=str(subnet[host + 1]),
            circuit=Circuit.PRIMARY if block % 2 == 0 else Circuit.BACKUP,
            status=status,
            description=description,
        )
        self.addresses.append(address)
        return address

    def _pool(self) -> tuple[PoolNumber, ...]:
        """The operator's own numbers, two that cool off, and the free ones."""
        since = self.source.now - timedelta(days=3)
        pool = []
        for at in range(3):
            e164, extension = self.take_number()
            login = Login(handset=self.take_handset(DIGITAL), since=since) if at == 0 else None
            pool.append(
                PoolNumber(
                    e164=e164,
                    extension=extension,
                    state=NumberState.ACTIVE,
                    label="Reception",
                    operator_owned=True,
                    login=login,
                )
            )
        for days in (9, 21):
            pool.append(  # noqa: PERF401 - reads like the loop above
                PoolNumber(
                    e164=self.take_number()[0],
                    state=NumberState.COOLING_OFF,
                    cooling_off_until=self.source.now + timedelta(days=days),
                )
            )
        free = [PoolNumber(e164=self.take_number()[0]) for _ in range(self.spare_numbers)]
        return (*pool, *free)

    def _floors(self) -> tuple[Floor, ...]:
        floors: dict[str, list[Space]] = {}
        for at, outlets in enumerate(self.offices):
            wing = Space(name="North wing", kind=SpaceKind.WING)
            spaces = floors.setdefault(_floor_name(at), [wing])
            spaces.append(
                Space(
                    name=_office_name(at),
                    kind=SpaceKind.OFFICE,
                    within=wing.name,
                    outlets=tuple(outlets),
                )
            )
        return tuple(Floor(name=name, spaces=tuple(spaces)) for name, spaces in floors.items())

    def _switches(self) -> tuple[Switch, ...]:
        return tuple(
            Switch(
                name=_switch_name(at),
                comms_room=f"Comms room {at // PORTS_PER_SWITCH // 8 + 1}",
                ports=tuple(self.ports[at : at + PORTS_PER_SWITCH]),
            )
            for at in range(0, len(self.ports), PORTS_PER_SWITCH)
        )


def _floor_name(office: int) -> str:
    return f"Floor {office // OFFICES_PER_FLOOR + 1}"


def _office_name(office: int) -> str:
    floor, room = divmod(office, OFFICES_PER_FLOOR)
    return f"{floor + 1}.{room + 1:02}"


def _switch_name(port: int) -> str:
    return f"SW-{port // PORTS_PER_SWITCH + 1:02}"
