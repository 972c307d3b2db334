"""A small portfolio that shows most of the format: the schema's example and the one in `docs/`."""

from datetime import UTC, date, datetime
from decimal import Decimal

from models.domain.portfolio import (
    ChangeKind,
    Circuit,
    ContractState,
    DeviceClass,
    IpStatus,
    PortRole,
    PortState,
    ProductCategory,
    ReportKind,
    ServiceState,
    SpaceKind,
    UserRole,
)
from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.portfolio.format import BillingReport, Operator, Portfolio
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
from models.portfolio.tenancy import Change, Contract, Occupancy, Service
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

OPERATOR, SITE, EMAIL = "Fernway Offices", "LON-01", "ada.norwood@blueheron.example"


def illustration() -> Portfolio:
    """One operator with one site and one occupier."""
    return Portfolio(
        device_types=(
            DeviceType(code="switch_port", name="Switch ports"),
            DeviceType(code="telephony_extension", name="Telephony extensions"),
        ),
        handset_types=(
            HandsetType(code="DESK-40", name="Desk phone", device_class=DeviceClass.DIGITAL),
        ),
        products=(
            Product(
                code="VOICE-SEAT",
                name="Voice seat",
                category=ProductCategory.VOICE,
                devices={"telephony_extension": 1, "switch_port": 1},
            ),
            Product(
                code="MAIN-NUMBER",
                name="Main number",
                category=ProductCategory.VOICE,
                max_quantity=1,
                requires=("VOICE-SEAT",),
            ),
        ),
        operators=(Operator(name=OPERATOR, cooling_off_days=60),),
        sites=(_site(),),
        occupiers=(_occupier(),),
        billing_reports=(
            BillingReport(
                site=SITE,
                occupier="OCC-0001",
                occupier_name="Blue Heron Studio",
                month="2026-09",
                kind=ReportKind.VOICE,
                figures={"allowance": "10", "usage": "12", "charge": "24.00"},
            ),
        ),
    )


def _site() -> Site:
    port = "LON-01/SW-01/01"
    office = Space(
        name="1.01",
        kind=SpaceKind.OFFICE,
        within="North wing",
        outlets=(Outlet(label="001", switch_port=port), Outlet(label="002")),
    )
    return Site(
        operator=OPERATOR,
        reference=SITE,
        name="Ropewalk House",
        time_zone="Europe/London",
        address="1 Sample Street, London",
        floors=(
            Floor(name="Floor 1", spaces=(Space(name="North wing", kind=SpaceKind.WING), office)),
        ),
        switches=(
            Switch(
                name="SW-01",
                comms_room="Comms room 1",
                ports=(
                    Port(number=1, handle=port, role=PortRole.DATA_VOICE, state=PortState.ACTIVE),
                    Port(number=2, handle="LON-01/SW-01/02"),
                ),
            ),
        ),
        handsets=(Handset(label="HS-0001", type="DESK-40"),),
        numbers=(PoolNumber(e164="+99900100010003"),),
        public_ips=(
            PublicIp(
                subnet="198.18.0.8/29",
                address="198.18.0.9",
                circuit=Circuit.PRIMARY,
                status=IpStatus.ASSIGNED,
            ),
        ),
        access_groups=("Main entrance",),
        pricebook=(
            PricebookItem(product="VOICE-SEAT", cost=Decimal("14.00"), rrp=Decimal("22.40")),
            PricebookItem(product="MAIN-NUMBER", cost=Decimal("9.00"), rrp=Decimal("14.40")),
        ),
    )


def _occupier() -> Occupier:
    start = date(2025, 3, 1)
    since = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    return Occupier(
        operator=OPERATOR,
        reference="OCC-0001",
        name="Blue Heron Studio",
        external_identifiers=(ExternalIdentifier(system="finance", identifier="C10234"),),
        contracts=(
            Contract(
                site=SITE,
                reference="Ropewalk House",
                start_date=start,
                state=ContractState.ACTIVE,
                occupancies=(Occupancy(floor="Floor 1", space="1.01", move_in=start),),
                services=_services(start),
            ),
        ),
        users=(
            User(
                first_name="Ada",
                last_name="Norwood",
                email=EMAIL,
                home_site=SITE,
                wifi=WifiAccount(username="ada.norwood"),
                account=UserAccount(role=UserRole.ADMIN, portal_invited=True),
                access=(AccessGrant(site=SITE, group="Main entrance"),),
            ),
        ),
        numbers=(
            HeldNumber(site=SITE, e164="+99900100010001", extension="1001", is_main=True),
            HeldNumber(
                site=SITE,
                e164="+99900100010002",
                extension="1002",
                user=EMAIL,
                login=Login(handset="HS-0001", since=since),
            ),
        ),
        ports=("LON-01/SW-01/01",),
        wifi_devices=(WifiDevice(site=SITE, name="Printer", mac="02:00:01:00:00:01"),),
        networks=(Network(site=SITE, vlan_id=101, private_subnet="172.16.101.0/24"),),
        public_ips=("198.18.0.9",),
        call_charges=(
            CallCharge(
                site=SITE,
                month="2026-09",
                extension="1002",
                calls=41,
                seconds=5740,
                amount=Decimal("1.23"),
            ),
        ),
    )


def _services(start: date) -> tuple[Service, ...]:
    more = Change(kind=ChangeKind.QUANTITY, due_on=date(2026, 12, 1), quantity=2)
    return (
        Service(
            product="VOICE-SEAT",
            start_date=start,
            price=Decimal("22.40"),
            state=ServiceState.ACTIVE,
            changes=(more,),
        ),
        Service(
            product="MAIN-NUMBER",
            start_date=start,
            price=Decimal("14.40"),
            state=ServiceState.ACTIVE,
            charge_handle="CHG-0000002",
        ),
    )
