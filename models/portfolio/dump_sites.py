"""Reads sites from the database in the portfolio format, in a fixed order."""

from collections.abc import Callable, Mapping
from uuid import UUID

from models.portfolio.place import (
    Floor,
    Handset,
    Login,
    Outlet,
    PoolNumber,
    Port,
    PricebookItem,
    PublicIp,
    Site,
    Space,
    Switch,
)
from models.portfolio.stored import Stored, grouped
from models.tables.network import PublicIpRow
from models.tables.port import FloorPortRow, SwitchPortRow, SwitchRow
from models.tables.product import PricebookItemRow, ProductRow
from models.tables.site import FloorRow, SiteRow, SpaceRow
from models.tables.telephony import HandsetRow, PhoneNumberRow
from models.tables.user import AccessGroupRow


def stored_sites(stored: Stored) -> tuple[Site, ...]:
    """All sites by reference, each with its infrastructure."""
    floors = _floors(stored)
    switches = _switches(stored)
    handsets = grouped(stored.all(HandsetRow), lambda row: row.site_id)
    numbers = grouped(stored.all(PhoneNumberRow), lambda row: row.site_id)
    addresses = grouped(stored.all(PublicIpRow), lambda row: row.site_id)
    groups = grouped(stored.all(AccessGroupRow), lambda row: row.site_id)
    prices = _prices(stored)
    return tuple(
        Site(
            operator=stored.operators[row.operator_id],
            reference=row.reference,
            name=row.name,
            time_zone=row.time_zone,
            address=row.address,
            telephony_managed=row.telephony_managed,
            is_open=row.is_open,
            floors=floors(row.id),
            switches=switches(row.id),
            handsets=_handsets(handsets[row.id]),
            numbers=_pool(stored, numbers[row.id]),
            public_ips=_addresses(addresses[row.id]),
            access_groups=tuple(sorted(group.name for group in groups[row.id])),
            pricebook=prices(row.id),
        )
        for row in sorted(stored.all(SiteRow), key=lambda row: row.reference)
    )


def stored_login(stored: Stored, number_id: UUID) -> Login | None:
    """The handset that a number is logged in to."""
    row = stored.logins.get(number_id)
    if row is None:
        return None
    return Login(handset=stored.handsets[row.handset_id], since=row.logged_in_at)


def _floors(stored: Stored) -> Callable[[UUID], tuple[Floor, ...]]:
    floors = grouped(stored.all(FloorRow), lambda row: row.site_id)
    spaces = grouped(stored.all(SpaceRow), lambda row: row.floor_id)
    outlets = grouped(stored.all(FloorPortRow), lambda row: row.space_id)
    handles = {row.id: row.handle for row in stored.all(SwitchPortRow)}
    return lambda site: tuple(
        Floor(
            name=floor.name,
            spaces=tuple(
                _space(stored, space, outlets[space.id], handles)
                for space in sorted(spaces[floor.id], key=lambda row: row.name)
            ),
        )
        for floor in sorted(floors[site], key=lambda row: row.name)
    )


def _space(
    stored: Stored, row: SpaceRow, outlets: list[FloorPortRow], handles: Mapping[UUID, str]
) -> Space:
    return Space(
        name=row.name,
        kind=row.kind,
        status=row.status,
        within=stored.spaces[row.parent_id][1] if row.parent_id is not None else None,
        outlets=tuple(
            Outlet(
                label=each.label,
                switch_port=handles[each.switch_port_id] if each.switch_port_id else None,
            )
            for each in sorted(outlets, key=lambda each: each.label)
        ),
    )


def _switches(stored: Stored) -> Callable[[UUID], tuple[Switch, ...]]:
    switches = grouped(stored.all(SwitchRow), lambda row: row.site_id)
    ports = grouped(stored.all(SwitchPortRow), lambda row: row.switch_id)
    return lambda site: tuple(
        Switch(
            name=switch.name,
            comms_room=switch.comms_room,
            ports=tuple(
                Port(
                    number=row.number,
                    handle=row.handle,
                    role=row.role,
                    state=row.state,
                    operator_owned=row.is_operator_owned,
                )
                for row in sorted(ports[switch.id], key=lambda row: row.number)
            ),
        )
        for switch in sorted(switches[site], key=lambda row: row.name)
    )


def _handsets(rows: list[HandsetRow]) -> tuple[Handset, ...]:
    return tuple(
        Handset(label=row.label, type=row.type_code)
        for row in sorted(rows, key=lambda row: row.label)
    )


def _pool(stored: Stored, rows: list[PhoneNumberRow]) -> tuple[PoolNumber, ...]:
    return tuple(
        PoolNumber(
            e164=row.e164,
            extension=row.extension,
            state=row.state,
            label=row.label,
            operator_owned=row.is_operator_owned,
            cooling_off_until=row.cooling_off_until,
            login=stored_login(stored, row.id),
        )
        for row in sorted(rows, key=lambda row: row.e164)
        if row.occupier_id is None
    )


def _addresses(rows: list[PublicIpRow]) -> tuple[PublicIp, ...]:
    return tuple(
        PublicIp(
            subnet=str(row.subnet),
            address=str(row.address),
            circuit=row.circuit,
            status=row.status,
            description=row.description,
        )
        for row in sorted(rows, key=lambda row: str(row.address))
    )


def _prices(stored: Stored) -> Callable[[UUID], tuple[PricebookItem, ...]]:
    items = grouped(stored.all(PricebookItemRow), lambda row: row.site_id)
    codes = {row.id: row.code for row in stored.all(ProductRow)}
    return lambda site: tuple(
        PricebookItem(
            product=codes[row.product_id], cost=row.cost, rrp=row.rrp, is_active=row.is_active
        )
        for row in sorted(items[site], key=lambda row: codes[row.product_id])
    )
