"""Reads occupiers from the database in the portfolio format, in a fixed order."""

from collections.abc import Callable
from operator import attrgetter
from uuid import UUID

from models.portfolio.dump_people import stored_numbers, stored_users
from models.portfolio.dump_tenancies import stored_contracts
from models.portfolio.stored import Stored, grouped
from models.portfolio.tenant import CallCharge, ExternalIdentifier, Network, Occupier, WifiDevice
from models.tables.billing import CallChargeRow
from models.tables.network import NetworkRow, PublicIpRow
from models.tables.occupier import ExternalIdentifierRow
from models.tables.port import SwitchPortRow
from models.tables.user import WifiDeviceRow


def stored_occupiers(stored: Stored) -> tuple[Occupier, ...]:
    """All occupiers by reference but the decommissioned, with what they hold."""
    contracts = stored_contracts(stored)
    users = stored_users(stored)
    numbers = stored_numbers(stored)
    identifiers = _identifiers(stored)
    ports = grouped(stored.all(SwitchPortRow), lambda row: row.occupier_id)
    addresses = grouped(stored.all(PublicIpRow), lambda row: row.occupier_id)
    devices = _devices(stored)
    networks = _networks(stored)
    charges = _charges(stored)
    return tuple(
        Occupier(
            operator=stored.operators[row.operator_id],
            reference=row.reference,
            name=row.name,
            billing_reference=row.billing_reference,
            external_identifiers=identifiers(row.id),
            contracts=contracts(row.id),
            users=users(row.id),
            numbers=numbers(row.id),
            ports=tuple(sorted(port.handle for port in ports[row.id])),
            wifi_devices=devices(row.id),
            networks=networks(row.id),
            public_ips=tuple(sorted(str(each.address) for each in addresses[row.id])),
            call_charges=charges(row.id),
        )
        for row in sorted(stored.occupiers.values(), key=lambda row: row.reference)
    )


def _identifiers(stored: Stored) -> Callable[[UUID], tuple[ExternalIdentifier, ...]]:
    rows = grouped(stored.all(ExternalIdentifierRow), lambda row: row.occupier_id)
    return lambda occupier: tuple(
        sorted(
            (
                ExternalIdentifier(
                    system=row.external_system,
                    identifier=row.identifier,
                    site=stored.sites[row.site_id] if row.site_id is not None else None,
                )
                for row in rows[occupier]
            ),
            key=lambda each: (each.system, each.site or ""),
        )
    )


def _devices(stored: Stored) -> Callable[[UUID], tuple[WifiDevice, ...]]:
    rows = grouped(stored.all(WifiDeviceRow), lambda row: row.occupier_id)
    return lambda occupier: tuple(
        sorted(
            (
                WifiDevice(site=stored.sites[row.site_id], name=row.name, mac=row.mac)
                for row in rows[occupier]
            ),
            key=attrgetter("site", "mac"),
        )
    )


def _networks(stored: Stored) -> Callable[[UUID], tuple[Network, ...]]:
    rows = grouped(stored.all(NetworkRow), lambda row: row.occupier_id)
    return lambda occupier: tuple(
        sorted(
            (
                Network(
                    site=stored.sites[row.site_id],
                    vlan_id=row.vlan_id,
                    private_subnet=str(row.private_subnet) if row.private_subnet else None,
                    dhcp_state=row.dhcp_state,
                )
                for row in rows[occupier]
            ),
            key=attrgetter("site", "vlan_id"),
        )
    )


def _charges(stored: Stored) -> Callable[[UUID], tuple[CallCharge, ...]]:
    rows = grouped(stored.all(CallChargeRow), lambda row: row.occupier_id)
    return lambda occupier: tuple(
        sorted(
            (
                CallCharge(
                    site=stored.sites[row.site_id],
                    month=f"{row.month:%Y-%m}",
                    extension=row.extension,
                    calls=row.calls,
                    seconds=row.seconds,
                    amount=row.amount,
                )
                for row in rows[occupier]
            ),
            key=attrgetter("site", "month", "extension"),
        )
    )
