"""Rules of ports, addresses, networks and Wi-Fi devices, and of who holds them."""

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from models.domain.portfolio import IpStatus
from models.portfolio.place import PublicIp
from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index

MAC = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}")
NO_MAC = "00:00:00:00:00:00"


def holdings(index: Index) -> Iterator[Finding]:
    """What occupiers hold is there, and is held by one of them only."""
    yield from _ports(index)
    yield from _addresses(index)
    yield from _networks(index)
    yield from _devices(index)


def _ports(index: Index) -> Iterator[Finding]:
    held = [
        (where("occupiers", at, "ports", row), handle, occupier.operator)
        for at, occupier in enumerate(index.portfolio.occupiers)
        for row, handle in enumerate(occupier.ports)
    ]
    yield from repeated(((path, each) for path, each, _ in held), "this port is held already")
    for path, handle, operator in held:
        reference, is_operators = index.port_sites.get(handle, (None, False))
        if reference is None:
            if handle not in index.excused:
                yield Finding(path, "no switch port has this handle")
        elif is_operators:
            yield Finding(path, "this port is the operator's own")
        elif index.sites[reference].operator != operator:
            yield Finding(path, "this port is at a site of another operator")


def _addresses(index: Index) -> Iterator[Finding]:
    inventory = [
        (where("sites", at, "public_ips", row), each, site.operator)
        for at, site in enumerate(index.portfolio.sites)
        for row, each in enumerate(site.public_ips)
    ]
    held = [
        (where("occupiers", at, "public_ips", row), address, occupier.operator)
        for at, occupier in enumerate(index.portfolio.occupiers)
        for row, address in enumerate(occupier.public_ips)
    ]
    yield from repeated(
        (((*path, "address"), each.address) for path, each, _ in inventory),
        "this address is in the file already",
    )
    yield from repeated(((path, each) for path, each, _ in held), "this address is held already")
    holders = {address for _, address, _ in held}
    for path, each, _ in inventory:
        yield from _address(each, path, is_held=each.address in holders)
    known = {each.address: operator for _, each, operator in inventory}
    for path, address, operator in held:
        owner = known.get(address)
        if index.lacks(address, owner):
            yield Finding(path, "no site has this address")
        elif owner is not None and owner != operator:
            yield Finding(path, "this address is at a site of another operator")


def _address(each: PublicIp, path: Path, *, is_held: bool) -> Iterator[Finding]:
    try:
        inside = ip_address(each.address) in ip_network(each.subnet)
    except ValueError:
        yield Finding(path, "address and subnet are not both valid (a subnet has no host bits)")
        return
    if not inside:
        yield Finding((*path, "address"), "the address is not in its subnet")
    if each.status is IpStatus.ASSIGNED and not is_held:
        yield Finding((*path, "status"), "an assigned address is held by an occupier")
    if each.status is IpStatus.FREE and is_held:
        yield Finding((*path, "status"), "an address that an occupier holds is not free")


def _networks(index: Index) -> Iterator[Finding]:
    networks = [
        (where("occupiers", at, "networks", row), each)
        for at, occupier in enumerate(index.portfolio.occupiers)
        for row, each in enumerate(occupier.networks)
    ]
    yield from repeated(
        (((*path, "vlan_id"), (each.site, each.vlan_id)) for path, each in networks),
        "this VLAN is used at the site already",
    )
    yield from repeated(
        (
            ((*path, "private_subnet"), (each.site, each.private_subnet))
            for path, each in networks
            if each.private_subnet is not None
        ),
        "this subnet is used at the site already",
    )
    for path, each in networks:
        if not 2 <= each.vlan_id <= 4094:
            yield Finding((*path, "vlan_id"), "a VLAN id is from 2 to 4094")
        if each.private_subnet is not None and not _is_network(each.private_subnet):
            yield Finding((*path, "private_subnet"), "this is not a subnet (without host bits)")


def _devices(index: Index) -> Iterator[Finding]:
    devices = [
        (where("occupiers", at, "wifi_devices", row, "mac"), each.site, each.mac)
        for at, occupier in enumerate(index.portfolio.occupiers)
        for row, each in enumerate(occupier.wifi_devices)
    ]
    yield from repeated(
        ((path, (site, mac)) for path, site, mac in devices),
        "this MAC address is used at the site already",
    )
    for path, _, mac in devices:
        if MAC.fullmatch(mac) is None:
            yield Finding(path, "this is not a MAC address")
        elif mac == NO_MAC or int(mac[:2], 16) & 1:
            yield Finding(path, "this MAC address cannot be a device's own")


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
