"""The rows of operators, the catalogue and sites."""

from collections.abc import Iterator
from uuid import uuid4

from models.domain.portfolio import ProductRuleKind
from models.portfolio.batch import Batch, Ids, Row
from models.portfolio.catalogue import Product
from models.portfolio.format import Portfolio
from models.portfolio.rules.tenancies import let_now, status_of
from models.tables.network import PublicIpRow
from models.tables.operator import OperatorRow
from models.tables.port import FloorPortRow, SwitchPortRow, SwitchRow
from models.tables.product import (
    DeviceTypeRow,
    PricebookItemRow,
    ProductDeviceRow,
    ProductRow,
    ProductRuleRow,
)
from models.tables.site import FloorRow, SiteRow, SpaceRow
from models.tables.telephony import HandsetRow, HandsetTypeRow
from models.tables.user import AccessGroupRow


def catalogue_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of what all sites share."""
    new = portfolio.products
    yield Batch(
        DeviceTypeRow, ("code", "name"), ((kind.code, kind.name) for kind in portfolio.device_types)
    )
    yield Batch(
        HandsetTypeRow,
        ("code", "name", "device_class"),
        ((kind.code, kind.name, kind.device_class.value) for kind in portfolio.handset_types),
    )
    ids.products.update((product.code, uuid4()) for product in new)
    yield Batch(
        ProductRow,
        ("id", "code", "name", "description", "category", "max_quantity"),
        (
            (
                *(ids.products[each.code], each.code, each.name, each.description),
                *(each.category.value, each.max_quantity),
            )
            for each in new
        ),
    )
    yield Batch(
        ProductRuleRow,
        ("product_id", "other_product_id", "kind"),
        (row for product in new for row in _product_rules(product, ids)),
    )
    yield Batch(
        ProductDeviceRow,
        ("product_id", "device_type", "units"),
        (
            (ids.products[each.code], kind, units)
            for each in new
            for kind, units in each.devices.items()
        ),
    )


def _product_rules(product: Product, ids: Ids) -> Iterator[Row]:
    for kind, codes in (
        (ProductRuleKind.REQUIRES, product.requires),
        (ProductRuleKind.EXCLUDES, product.excludes),
    ):
        for code in codes:
            yield ids.products[product.code], ids.products[code], kind.value


def site_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of operators and sites, but for what occupiers may hold."""
    new = [operator for operator in portfolio.operators if operator.name not in ids.operators]
    ids.operators.update((operator.name, uuid4()) for operator in new)
    yield Batch(
        OperatorRow,
        ("id", "name", "cooling_off_days"),
        ((ids.operators[each.name], each.name, each.cooling_off_days) for each in new),
    )
    ids.sites.update((site.reference, uuid4()) for site in portfolio.sites)
    yield Batch(
        SiteRow,
        (
            *("id", "operator_id", "reference", "name", "time_zone", "address"),
            *("telephony_managed", "is_open"),
        ),
        (
            (
                *(ids.sites[site.reference], ids.operators[site.operator], site.reference),
                *(site.name, site.time_zone, site.address, site.telephony_managed, site.is_open),
            )
            for site in portfolio.sites
        ),
    )
    yield Batch(FloorRow, ("id", "site_id", "name"), _floors(portfolio, ids))
    yield Batch(
        SpaceRow,
        ("id", "site_id", "floor_id", "parent_id", "name", "kind", "status"),
        _spaces(portfolio, ids),
    )
    yield from _equipment_batches(portfolio, ids)


def _equipment_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    yield Batch(SwitchRow, ("id", "site_id", "name", "comms_room"), _switches(portfolio, ids))
    yield Batch(HandsetRow, ("id", "site_id", "type_code", "label"), _handsets(portfolio, ids))
    yield Batch(AccessGroupRow, ("id", "site_id", "name"), _groups(portfolio, ids))
    yield Batch(
        PricebookItemRow,
        ("id", "site_id", "product_id", "cost", "rrp", "is_active"),
        _prices(portfolio, ids),
    )


def port_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of switch ports, outlets and public addresses, with who holds them."""
    yield Batch(
        SwitchPortRow,
        (
            *("id", "site_id", "switch_id", "number", "handle", "role", "state"),
            *("occupier_id", "is_operator_owned"),
        ),
        _ports(portfolio, ids),
    )
    yield Batch(
        FloorPortRow,
        ("id", "site_id", "space_id", "label", "switch_port_id"),
        _outlets(portfolio, ids),
    )
    yield Batch(
        PublicIpRow,
        (
            *("id", "site_id", "subnet", "address", "circuit", "status"),
            *("occupier_id", "description"),
        ),
        _addresses(portfolio, ids),
    )


def _floors(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for floor in site.floors:
            ids.floors[site.reference, floor.name] = key = uuid4()
            yield key, ids.sites[site.reference], floor.name


def _spaces(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    let = {
        (contract.site, *space)
        for occupier in portfolio.occupiers
        for contract in occupier.contracts
        for space in let_now(contract)
    }
    for site in portfolio.sites:
        for floor in site.floors:
            here = (site.reference, floor.name)
            ids.spaces.update(((*here, space.name), uuid4()) for space in floor.spaces)
            for space in floor.spaces:
                key = (*here, space.name)
                yield (
                    *(ids.spaces[key], ids.sites[site.reference], ids.floors[here]),
                    ids.spaces[*here, space.within] if space.within is not None else None,
                    *(space.name, space.kind.value),
                    status_of(space.status, is_let=key in let).value,
                )


def _switches(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for switch in site.switches:
            ids.switches[site.reference, switch.name] = key = uuid4()
            yield key, ids.sites[site.reference], switch.name, switch.comms_room


def _handsets(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for handset in site.handsets:
            ids.handsets[site.reference, handset.label] = key = uuid4()
            yield key, ids.sites[site.reference], handset.type, handset.label


def _groups(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for group in site.access_groups:
            ids.groups[site.reference, group] = key = uuid4()
            yield key, ids.sites[site.reference], group


def _prices(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for item in site.pricebook:
            ids.prices[site.reference, item.product] = key = uuid4()
            product = ids.products[item.product]
            yield key, ids.sites[site.reference], product, item.cost, item.rrp, item.is_active


def _ports(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    holders = {
        handle: ids.occupiers[occupier.reference]
        for occupier in portfolio.occupiers
        for handle in occupier.ports
    }
    for site in portfolio.sites:
        for switch in site.switches:
            switch_id = ids.switches[site.reference, switch.name]
            for port in switch.ports:
                ids.ports[port.handle] = key = uuid4()
                yield (
                    *(key, ids.sites[site.reference], switch_id, port.number, port.handle),
                    *(port.role.value, port.state.value, holders.get(port.handle)),
                    port.operator_owned,
                )


def _outlets(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    for site in portfolio.sites:
        for floor in site.floors:
            for space in floor.spaces:
                key = ids.spaces[site.reference, floor.name, space.name]
                for outlet in space.outlets:
                    port = ids.ports[outlet.switch_port] if outlet.switch_port is not None else None
                    yield uuid4(), ids.sites[site.reference], key, outlet.label, port


def _addresses(portfolio: Portfolio, ids: Ids) -> Iterator[Row]:
    holders = {
        address: ids.occupiers[occupier.reference]
        for occupier in portfolio.occupiers
        for address in occupier.public_ips
    }
    for site in portfolio.sites:
        for each in site.public_ips:
            yield (
                *(uuid4(), ids.sites[site.reference], each.subnet, each.address),
                *(each.circuit.value, each.status.value, holders.get(each.address)),
                each.description,
            )
