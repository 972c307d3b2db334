"""A row of every table that holds occupier data, for tests of what is true of all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.portfolio import ChangeKind, Circuit, IpStatus, ReportKind
from models.tables.base import Base
from models.tables.billing import BillingReportRow, CallChargeRow
from models.tables.contract import ContractRow
from models.tables.network import NetworkRow, PublicIpRow
from models.tables.occupier import ExternalIdentifierRow, OccupierRow
from models.tables.port import SwitchPortRow, SwitchRow
from models.tables.service import ServiceChangeRow, ServiceRow
from models.tables.site import SiteRow
from models.tables.telephony import HandsetLoginRow, HandsetRow, PhoneNumberRow
from models.tables.user import AccessGrantRow, AccessGroupRow, UserRow
from tests.builders import (
    make_contract,
    make_number,
    make_occupancy,
    make_scene,
    make_service,
    make_user,
    make_user_account,
    make_wifi_account,
    make_wifi_device,
    unique,
)


@dataclass(frozen=True, slots=True)
class Place:
    """An occupier with everything that a row of any table hangs on."""

    occupier: OccupierRow
    site: SiteRow
    contract: ContractRow
    service: ServiceRow
    user: UserRow
    number: PhoneNumberRow
    handset: HandsetRow
    switch: SwitchRow
    group: AccessGroupRow


async def make_place(session: AsyncSession) -> Place:
    scene = await make_scene(session, sites=1)
    site, occupier = scene.sites[0], scene.occupier
    contract = await make_contract(session, occupier=occupier, site=site)
    switch = SwitchRow(site_id=site.id, name=unique("Switch"))
    group = AccessGroupRow(site_id=site.id, name=unique("Doors"))
    handset = HandsetRow(site_id=site.id, type_code="unknown", label="Desk")
    session.add_all([switch, group, handset])
    await session.flush()
    return Place(
        occupier,
        site,
        contract,
        await make_service(session, contract=contract),
        await make_user(session, occupier=occupier, home_site=site),
        await make_number(session, site=site, occupier_id=occupier.id, state="active"),
        handset,
        switch,
        group,
    )


def _of(place: Place) -> dict[str, Any]:
    return {"occupier_id": place.occupier.id, "site_id": place.site.id}


async def _added(session: AsyncSession, row: Base) -> Base:
    session.add(row)
    await session.flush()
    return row


def _number() -> int:
    return uuid4().int % 4000 + 2


Maker = Callable[[AsyncSession, Place], Awaitable[Base]]
MAKERS: dict[str, Maker] = {
    "contracts": lambda s, p: _added(
        s, ContractRow(**_of(p), reference=unique("C"), start_date=date(2025, 1, 1), state="active")
    ),
    "occupancies": lambda s, p: make_occupancy(s, contract=p.contract),
    "services": lambda s, p: make_service(s, contract=p.contract),
    "service_changes": lambda s, p: _added(
        s,
        ServiceChangeRow(
            occupier_id=p.occupier.id,
            service_id=p.service.id,
            kind=ChangeKind.REMOVAL,
            due_on=date(2031, 1, 1),
        ),
    ),
    "phone_numbers": lambda s, p: _added(
        s, PhoneNumberRow(**_of(p), e164=f"+44{uuid4().int % 10**10:010d}", state="active")
    ),
    "handset_logins": lambda s, p: _added(
        s,
        HandsetLoginRow(
            occupier_id=p.occupier.id,
            number_id=p.number.id,
            handset_id=p.handset.id,
            logged_in_at=datetime.now(UTC),
        ),
    ),
    "switch_ports": lambda s, p: _added(
        s,
        SwitchPortRow(
            **_of(p), switch_id=p.switch.id, number=_number(), handle=uuid4().hex, role="data"
        ),
    ),
    "users": lambda s, p: _added(
        s,
        UserRow(
            occupier_id=p.occupier.id,
            home_site_id=p.site.id,
            first_name="A",
            last_name="B",
            email=f"{uuid4().hex}@example.test",
        ),
    ),
    "wifi_accounts": lambda s, p: make_wifi_account(s, user=p.user),
    "user_accounts": lambda s, p: make_user_account(s, user=p.user),
    "access_grants": lambda s, p: _added(
        s, AccessGrantRow(user_id=p.user.id, group_id=p.group.id, occupier_id=p.occupier.id)
    ),
    "wifi_devices": lambda s, p: make_wifi_device(s, occupier=p.occupier, site=p.site),
    "networks": lambda s, p: _added(s, NetworkRow(**_of(p), vlan_id=_number())),
    "public_ips": lambda s, p: _added(
        s,
        PublicIpRow(
            **_of(p),
            subnet="203.0.113.0/24",
            address=f"203.0.113.{_number() % 250}",
            circuit=Circuit.PRIMARY,
            status=IpStatus.ASSIGNED,
        ),
    ),
    "external_identifiers": lambda s, p: _added(
        s, ExternalIdentifierRow(**_of(p), external_system=unique("crm"), identifier="1")
    ),
    "call_charges": lambda s, p: _added(
        s,
        CallChargeRow(
            **_of(p),
            month=date(2026, 1, 1),
            extension="1",
            calls=1,
            seconds=1,
            amount=Decimal(1),
        ),
    ),
    "billing_reports": lambda s, p: _added(
        s,
        BillingReportRow(
            **_of(p),
            occupier_name="A",
            month=date(2026, 1, 1),
            kind=next(iter(ReportKind)),
            figures={},
        ),
    ),
}
