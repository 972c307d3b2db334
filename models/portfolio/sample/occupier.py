"""A sample occupier: what it has at each of its sites, made of what the sites hand out."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from models.domain.portfolio import AccountState, NumberState, PortRole, ReportKind, UserRole
from models.portfolio.format import BillingReport
from models.portfolio.place import Login
from models.portfolio.sample import words
from models.portfolio.sample.products import DIGITAL, SOFTPHONE
from models.portfolio.sample.site import GROUPS, SiteDraft
from models.portfolio.sample.source import Source
from models.portfolio.sample.tenancy import (
    Holdings,
    completed_contract,
    running_contract,
    upcoming_contract,
)
from models.portfolio.tenancy import Contract
from models.portfolio.tenant import (
    AccessGrant,
    CallCharge,
    ExternalIdentifier,
    HeldNumber,
    Network,
    Occupier,
    User,
    UserAccount,
    WifiAccount,
    WifiDevice,
)

PORTS_PER_OFFICE = 12
CHARGED_EXTENSIONS = 3  # call charges are kept for so many extensions of a site


@dataclass(frozen=True, slots=True)
class Demand:
    """How much an occupier has at one site."""

    users: int
    numbers: int
    ports: int
    devices: int
    is_plain: bool = False  # one running contract, no public address, nothing scheduled


@dataclass(slots=True)
class OccupierDraft:
    """An occupier in the making; `settle` adds a site, `finish` makes it one of the format."""

    source: Source
    operator: str
    reference: str
    name: str
    months: int
    contracts: list[Contract] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    numbers: list[HeldNumber] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    devices: list[WifiDevice] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    charges: list[CallCharge] = field(default_factory=list)
    reports: list[BillingReport] = field(default_factory=list)

    def settle(self, site: SiteDraft, demand: Demand) -> None:
        """Give the occupier a contract at a site, and what it demands there."""
        source = self.source
        offices = max(1, demand.ports // PORTS_PER_OFFICE)
        spaces = [site.take_space() for _ in range(offices)]
        has_address = not demand.is_plain and source.chance(0.2) and len(site.addresses) < 20
        role = PortRole.DATA_VOICE if demand.numbers else PortRole.DATA
        self.ports += site.take_ports(demand.ports, role, offices)
        vlan, subnet = site.take_vlan()
        self.networks.append(Network(site=site.reference, vlan_id=vlan, private_subnet=subnet))
        if has_address:
            self.ports += site.take_ports(1, PortRole.PUBLIC_IP_WAN, 1)
            self.ports += site.take_ports(1, PortRole.PUBLIC_IP_LAN, 1)
            self.addresses.append(site.take_address("Own router"))
        people = self._people(site, demand.users)
        has_main = demand.numbers >= 3 and source.chance(0.6)
        self._numbers(site, demand.numbers, people, has_main=has_main)
        self._devices(site, demand.devices)
        needs = Holdings(demand.numbers, demand.ports, has_main, has_address)
        contract = running_contract(source, site, spaces, needs)
        self.contracts.append(contract)
        if not demand.is_plain and source.chance(0.15):
            self.contracts.append(completed_contract(source, site, contract.start_date))
        if not demand.is_plain and source.chance(0.1):
            self.contracts.append(upcoming_contract(source, site))
        self._history(site, demand)

    def finish(self) -> Occupier:
        """The occupier as the format has it."""
        identifiers = []
        if self.source.chance(0.4):
            number = self.source.between(10_000, 99_999)
            identifiers.append(ExternalIdentifier(system="finance", identifier=f"C{number}"))
        return Occupier(
            operator=self.operator,
            reference=self.reference,
            name=self.name,
            billing_reference=f"BR-{self.reference}",
            external_identifiers=tuple(identifiers),
            contracts=tuple(self.contracts),
            users=tuple(self.users),
            numbers=tuple(self.numbers),
            ports=tuple(self.ports),
            wifi_devices=tuple(self.devices),
            networks=tuple(self.networks),
            public_ips=tuple(self.addresses),
            call_charges=tuple(self.charges),
        )

    def _people(self, site: SiteDraft, count: int) -> list[User]:
        people = [self._person(site, is_admin=at == 0) for at in range(count)]
        self.users += people
        return people

    def _person(self, site: SiteDraft, *, is_admin: bool) -> User:
        source = self.source
        first, last = source.pick(words.FIRST_NAMES), source.pick(words.LAST_NAMES)
        number = source.person()
        local = (
            f"{_ascii(first) or 'user'}.{_ascii(last) or 'name'}.{source.prefix.lower()}{number}"
        )
        account = None
        if is_admin or source.chance(0.6):
            account = UserAccount(
                handle=source.account_handle(),
                role=UserRole.ADMIN if is_admin else UserRole.USER,
                portal_invited=True,
                app_invited=source.chance(0.5),
            )
        state = AccountState.INACTIVE if source.chance(0.03) else AccountState.ACTIVE
        granted = is_admin or source.chance(0.3)
        return User(
            first_name=first,
            last_name=last,
            email=f"{local}@{_ascii(self.name) or 'company'}.example",
            phone=f"+99900{number:07}" if source.chance(0.2) else None,
            home_site=site.reference,
            wifi=WifiAccount(username=local, state=state) if source.chance(0.9) else None,
            account=account,
            access=(AccessGrant(site=site.reference, group=GROUPS[0]),) if granted else (),
        )

    def _numbers(self, site: SiteDraft, count: int, people: list[User], *, has_main: bool) -> None:
        for at in range(count):
            e164, extension = site.take_number()
            is_main = has_main and at == 0
            user = None if is_main or at >= len(people) else people[at].email
            is_active = is_main or not self.source.chance(0.1)
            self.numbers.append(
                HeldNumber(
                    site=site.reference,
                    e164=e164,
                    extension=extension,
                    state=NumberState.ACTIVE if is_active else NumberState.RESERVED,
                    is_main=is_main,
                    label="Main line" if is_main else None,
                    user=user,
                    login=self._login(site) if user is not None and is_active else None,
                )
            )

    def _login(self, site: SiteDraft) -> Login | None:
        if not self.source.chance(0.6):
            return None
        kind = SOFTPHONE if self.source.chance(0.15) else DIGITAL
        since = self.source.now - timedelta(minutes=self.source.between(20, 20_000))
        return Login(handset=site.take_handset(kind), since=since)

    def _devices(self, site: SiteDraft, count: int) -> None:
        self.devices += [
            WifiDevice(
                site=site.reference,
                name=f"{self.source.pick(words.DEVICES)} {at + 1}",
                mac=self.source.mac(),
            )
            for at in range(count)
        ]

    def _history(self, site: SiteDraft, demand: Demand) -> None:
        extensions = [
            number.extension
            for number in self.numbers[-demand.numbers :]
            if demand.numbers and number.extension is not None
        ][:CHARGED_EXTENSIONS]
        for month in self.source.past_months(self.months):
            for extension in extensions:
                calls = self.source.between(0, 400)
                self.charges.append(
                    CallCharge(
                        site=site.reference,
                        month=month,
                        extension=extension,
                        calls=calls,
                        seconds=calls * 140,
                        amount=Decimal(calls * 3) / 100,
                    )
                )
            self.reports += [
                self._report(site, month, kind)
                for kind in ReportKind
                if extensions or kind is not ReportKind.VOICE
            ]

    def _report(self, site: SiteDraft, month: str, kind: ReportKind) -> BillingReport:
        used = self.source.between(0, 30)
        return BillingReport(
            site=site.reference,
            occupier=self.reference,
            occupier_name=self.name,
            month=month,
            kind=kind,
            figures={"allowance": "10", "usage": str(used), "charge": f"{used * 2}.00"},
        )


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
