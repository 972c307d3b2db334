"""What the outside systems hold for a portfolio: the rows that the estate is provisioned with.

The handles are those that a decommission's plan uses. What nobody holds is there too, without an
owner, so that a later check can tell "free" from "unknown".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.domain.outside import ResourceKind
from models.domain.portfolio import (
    AccountState,
    DeviceClass,
    DhcpState,
    IpStatus,
    NumberState,
)
from models.portfolio.blanks import is_billed
from models.portfolio.format import Portfolio
from models.portfolio.place import Login, Site
from models.portfolio.tenant import HeldNumber, Occupier, User

Attributes = dict[str, str | bool | None]
SiteRow = tuple[str, ResourceKind, "Holding"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that an outside system holds, and for which occupier (by reference)."""

    handle: str
    owner: str | None
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class ProvisionBatch:
    """Everything of one kind at one site."""

    site: str
    kind: ResourceKind
    holdings: tuple[Holding, ...]


def provision_rows(portfolio: Portfolio) -> Iterator[ProvisionBatch]:
    """One batch per site and kind; `portfolio` has no blanks (see `without_blanks`)."""
    found: dict[tuple[str, ResourceKind], list[Holding]] = {}
    for row in _every(portfolio):
        found.setdefault((row[0], row[1]), []).append(row[2])
    for (site, kind), holdings in found.items():
        yield ProvisionBatch(site, kind, tuple(holdings))


def _every(portfolio: Portfolio) -> Iterator[SiteRow]:
    remote = {
        kind.code: kind.device_class is not DeviceClass.NON_DIGITAL
        for kind in portfolio.handset_types
    }
    handsets = {
        (site.reference, handset.label): handset.type
        for site in portfolio.sites
        for handset in site.handsets
    }
    for site in portfolio.sites:
        for number in site.numbers:
            state = "in_service" if number.state is NumberState.ACTIVE else "out_of_service"
            yield (
                *(site.reference, ResourceKind.PHONE_NUMBER),
                Holding(number.e164, None, {"state": state, "extension": number.extension}),
            )
            yield from _login(site.reference, number.e164, None, number.login, handsets, remote)
    for occupier in portfolio.occupiers:
        for held in occupier.numbers:
            yield held.site, ResourceKind.PHONE_NUMBER, _number(held, occupier)
            owner = occupier.reference
            yield from _login(held.site, held.e164, owner, held.login, handsets, remote)
        yield from _people(occupier)
        yield from _networks(occupier)
        yield from _charges(occupier)
    yield from _ports(portfolio)
    yield from _addresses(portfolio)


def _number(number: HeldNumber, occupier: Occupier) -> Holding:
    state = "in_service" if number.state is NumberState.ACTIVE else "out_of_service"
    attributes: Attributes = {
        "state": state,
        "extension": number.extension,
        "is_main": number.is_main,
    }
    return Holding(number.e164, occupier.reference, attributes)


def _login(
    site: str,
    e164: str,
    owner: str | None,
    login: Login | None,
    handsets: Mapping[tuple[str, str], str],
    remote: Mapping[str, bool],
) -> Iterator[SiteRow]:
    if login is None:
        return
    device = handsets[site, login.handset]
    attributes: Attributes = {
        "number": e164,
        "handset": login.handset,
        "device_type": device,
        "remote_logout": remote.get(device, False),
    }
    yield site, ResourceKind.HANDSET_LOGIN, Holding(e164, owner, attributes)


def _people(occupier: Occupier) -> Iterator[SiteRow]:
    for user in occupier.users:
        yield from _accounts(user, occupier.reference)
    for device in occupier.wifi_devices:
        holding = Holding(device.mac, occupier.reference, {"name": device.name})
        yield device.site, ResourceKind.WIFI_DEVICE, holding


def _accounts(user: User, owner: str) -> Iterator[SiteRow]:
    if user.wifi is not None:
        state = "open" if user.wifi.state is AccountState.ACTIVE else "closed"
        holding = Holding(user.wifi.username, owner, {"state": state})
        yield user.home_site, ResourceKind.WIFI_ACCOUNT, holding
    if user.account is not None and user.account.handle is not None:
        attributes: Attributes = {
            "userName": user.email,
            "givenName": user.first_name,
            "familyName": user.last_name,
            "role": user.account.role.value,
        }
        holding = Holding(user.account.handle, owner, attributes)
        yield user.home_site, ResourceKind.USER_ACCOUNT, holding


def _networks(occupier: Occupier) -> Iterator[SiteRow]:
    owner = occupier.reference
    for network in occupier.networks:
        vlan, subnet = str(network.vlan_id), network.private_subnet
        yield network.site, ResourceKind.VLAN, Holding(vlan, owner, {})
        if subnet is None:
            continue
        yield network.site, ResourceKind.SUBNET, Holding(subnet, owner, {"vlan": vlan})
        if network.dhcp_state is not DhcpState.DISABLED:
            yield network.site, ResourceKind.DHCP_SCOPE, Holding(subnet, owner, {"subnet": subnet})


def _charges(occupier: Occupier) -> Iterator[SiteRow]:
    for contract in occupier.contracts:
        for service in contract.services:
            if service.charge_handle is None or not is_billed(service):
                continue
            amount = service.price * service.quantity
            attributes: Attributes = {"product": service.product, "monthly": str(amount)}
            yield (
                *(contract.site, ResourceKind.RECURRING_CHARGE),
                Holding(service.charge_handle, occupier.reference, attributes),
            )


def _ports(portfolio: Portfolio) -> Iterator[SiteRow]:
    holders = {handle: each for each in portfolio.occupiers for handle in each.ports}
    vlans: dict[tuple[str, str], str] = {}
    for occupier in portfolio.occupiers:
        for network in occupier.networks:
            vlans.setdefault((occupier.reference, network.site), str(network.vlan_id))
    for site in portfolio.sites:
        for switch in site.switches:
            for port in switch.ports:
                holder = holders.get(port.handle)
                owner = holder.reference if holder is not None else None
                vlan = vlans.get((owner, site.reference)) if owner is not None else None
                attributes: Attributes = {"role": port.role.value, "vlan": vlan}
                if owner is None and not port.operator_owned:
                    attributes["state"] = "unassigned"
                yield (
                    *(site.reference, ResourceKind.SWITCH_PORT),
                    Holding(port.handle, owner, attributes),
                )


def _addresses(portfolio: Portfolio) -> Iterator[SiteRow]:
    holders = {
        address: each.reference for each in portfolio.occupiers for address in each.public_ips
    }
    for site in portfolio.sites:
        yield from _site_addresses(site, holders)


def _site_addresses(site: Site, holders: Mapping[str, str]) -> Iterator[SiteRow]:
    for each in site.public_ips:
        state = "released" if each.status is IpStatus.FREE else "allocated"
        attributes: Attributes = {"state": state, "subnet": each.subnet}
        holding = Holding(each.address, holders.get(each.address), attributes)
        yield site.reference, ResourceKind.PUBLIC_IP, holding
