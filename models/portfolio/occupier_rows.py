"""The rows of occupiers, their contracts and services, their networks and their history."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

from psycopg.types.json import Jsonb

from models.portfolio.batch import Batch, Ids, Row
from models.portfolio.format import Portfolio
from models.portfolio.tenancy import Contract
from models.portfolio.tenant import Occupier
from models.tables.billing import BillingReportRow, CallChargeRow
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.network import NetworkRow
from models.tables.occupier import ExternalIdentifierRow, OccupierRow
from models.tables.service import ServiceChangeRow, ServiceRow
from models.tables.user import WifiDeviceRow


def occupier_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of the occupiers themselves, and of how other systems name them."""
    ids.occupiers.update((occupier.reference, uuid4()) for occupier in portfolio.occupiers)
    yield Batch(
        OccupierRow,
        ("id", "operator_id", "reference", "name", "billing_reference"),
        (
            (
                *(ids.occupiers[each.reference], ids.operators[each.operator]),
                *(each.reference, each.name, each.billing_reference),
            )
            for each in portfolio.occupiers
        ),
    )
    yield Batch(
        ExternalIdentifierRow,
        ("id", "occupier_id", "site_id", "external_system", "identifier"),
        (
            (
                *(uuid4(), ids.occupiers[each.reference]),
                ids.sites[known.site] if known.site is not None else None,
                *(known.system, known.identifier),
            )
            for each in portfolio.occupiers
            for known in each.external_identifiers
        ),
    )


def tenancy_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of contracts, occupancies and services."""
    yield Batch(
        ContractRow,
        (
            *("id", "occupier_id", "site_id", "reference", "external_reference"),
            *("start_date", "end_date", "deprovision_on_end", "state"),
        ),
        _contracts(portfolio, ids),
    )
    yield Batch(
        OccupancyRow,
        ("id", "occupier_id", "site_id", "contract_id", "space_id", "move_in", "move_out"),
        (
            (*(uuid4(), *_of_contract(occupier, contract, ids)), space, stay.move_in, stay.move_out)
            for occupier, contract in _each_contract(portfolio)
            for stay in contract.occupancies
            for space in [ids.spaces[contract.site, stay.floor, stay.space]]
        ),
    )
    changes: list[Row] = []
    yield Batch(
        ServiceRow,
        (
            *("id", "occupier_id", "site_id", "contract_id", "pricebook_item_id", "start_date"),
            *("price", "quantity", "state", "update_state", "failed_action", "charge_handle"),
            "billing_stopped_at",
        ),
        _services(portfolio, ids, changes),
    )
    yield Batch(
        ServiceChangeRow,
        ("id", "occupier_id", "service_id", "kind", "due_on", "quantity"),
        changes,  # filled while the services are written
    )


def _each_contract(portfolio: Portfolio) -> Iterator[tuple[Occupier, Contract]]:
    for occupier in portfolio.occupiers:
        for contract in occupier.contracts:
            yield occupier, contract


def _of_contract(occupier: Occupier, contract: Contract, ids: Ids) -> Row:
    """Occupier, site and contract, as the rows below a contract carry them."""
    key = (occupier.reference, contract.site, contract.reference)
    return ids.occupiers[occupier.reference], ids.sites[contract.site], ids.contracts[key]


def _contracts(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for occupier, contract in _each_contract(portfolio):
        key = uuid4()
        ids.contracts[occupier.reference, contract.site, contract.reference] = key
        yield (
            *(key, ids.occupiers[occupier.reference], ids.sites[contract.site]),
            *(contract.reference, contract.external_reference, contract.start_date),
            *(contract.end_date, contract.deprovision_on_end, contract.state.value),
        )


def _services(portfolio: Portfolio, ids: Ids, changes: list[Row]) -> Iterator[Row]:
    for occupier, contract in _each_contract(portfolio):
        owner, site, bound = _of_contract(occupier, contract, ids)
        for each in contract.services:
            key = uuid4()
            yield (
                *(key, owner, site, bound, ids.prices[contract.site, each.product]),
                *(each.start_date, each.price, each.quantity, each.state.value),
                *(each.update_state.value, each.failed_action, each.charge_handle),
                each.billing_stopped_at,
            )
            changes += [
                (uuid4(), owner, key, change.kind.value, change.due_on, change.quantity)
                for change in each.changes
            ]


def holding_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of Wi-Fi devices and networks."""
    yield Batch(
        WifiDeviceRow,
        ("id", "occupier_id", "site_id", "name", "mac"),
        (
            (
                uuid4(),
                ids.occupiers[each.reference],
                ids.sites[device.site],
                device.name,
                device.mac,
            )
            for each in portfolio.occupiers
            for device in each.wifi_devices
        ),
    )
    yield Batch(
        NetworkRow,
        ("id", "occupier_id", "site_id", "vlan_id", "private_subnet", "dhcp_state"),
        (
            (
                *(uuid4(), ids.occupiers[each.reference], ids.sites[network.site]),
                *(network.vlan_id, network.private_subnet, network.dhcp_state.value),
            )
            for each in portfolio.occupiers
            for network in each.networks
        ),
    )


def history_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of call charges and billing reports."""
    yield Batch(
        CallChargeRow,
        (
            *("id", "occupier_id", "site_id", "month", "extension"),
            *("calls", "seconds", "amount"),
        ),
        (
            (
                *(uuid4(), ids.occupiers[each.reference], ids.sites[charge.site]),
                *(_first_day(charge.month), charge.extension, charge.calls, charge.seconds),
                charge.amount,
            )
            for each in portfolio.occupiers
            for charge in each.call_charges
        ),
    )
    yield Batch(
        BillingReportRow,
        ("id", "site_id", "occupier_id", "occupier_name", "month", "kind", "figures"),
        (
            (
                *(uuid4(), ids.sites[each.site]),
                ids.occupiers[each.occupier] if each.occupier is not None else None,
                *(each.occupier_name, _first_day(each.month), each.kind.value),
                Jsonb(each.figures),
            )
            for each in portfolio.billing_reports
        ),
    )


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
