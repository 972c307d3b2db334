"""Rows for tests: each builder adds one row, with what it needs around it, and flushes.

They take the session and keywords, so that a test states only what it is about:
`await make_task(session, state=TaskState.FAILED)`. A parent that is not given is made. Nothing
commits; the caller's `sessions.begin()` does. Names are unique, so tests can share a database.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict, TypeVar, Unpack
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import models.tables.all  # noqa: F401 (a row's foreign keys name tables of other files)
from models.domain.decommission import (
    EXPECTED_DECOMMISSION_SECONDS,
    OCCUPIER_TASKS,
    SITE_TASKS,
    TASK_OF,
    DecommissionState,
    TaskKind,
    TaskPhase,
    TaskState,
)
from models.domain.occupier import OccupierStatus
from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.domain.portfolio import (
    ContractState,
    DeviceClass,
    ProductCategory,
    ServiceState,
    SpaceKind,
    SpaceStatus,
    UpdateState,
)
from models.tables.base import Base
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.decommission import (
    DecommissionRow,
    DecommissionSiteRow,
    PlanItemRow,
    RetentionRow,
)
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.product import PricebookItemRow, ProductRow
from models.tables.service import ServiceRow
from models.tables.site import FloorRow, SiteRow, SpaceRow
from models.tables.task import TaskRow
from models.tables.telephony import HandsetLoginRow, HandsetRow, HandsetTypeRow, PhoneNumberRow
from models.tables.user import UserAccountRow, UserRow, WifiAccountRow, WifiDeviceRow

_serial = itertools.count(1)
RowT = TypeVar("RowT", bound=Base)


def unique(prefix: str) -> str:
    """A text that no other test uses."""
    return f"{prefix} {next(_serial)} {uuid4().hex[:8]}"


async def _add(session: AsyncSession, row: RowT) -> RowT:
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


# --- who and where ---------------------------------------------------------------------------


async def make_operator(
    session: AsyncSession, *, name: str | None = None, cooling_off_days: int = 30
) -> OperatorRow:
    row = OperatorRow(name=name or unique("Operator"), cooling_off_days=cooling_off_days)
    return await _add(session, row)


async def the_operator(session: AsyncSession) -> OperatorRow:
    """The database's first operator, whose super admin the tests' client is; made if need be."""
    first = select(OperatorRow).order_by(OperatorRow.created_at, OperatorRow.id).limit(1)
    return await session.scalar(first) or await make_operator(session)


async def make_site(
    session: AsyncSession,
    *,
    operator: OperatorRow | None = None,
    name: str | None = None,
    time_zone: str = "Europe/London",
    telephony_managed: bool = True,
    is_open: bool = True,
) -> SiteRow:
    operator = operator or await the_operator(session)
    row = SiteRow(
        operator_id=operator.id,
        reference=unique("site").replace(" ", "-"),
        name=name or unique("Site"),
        time_zone=time_zone,
        telephony_managed=telephony_managed,
        is_open=is_open,
    )
    return await _add(session, row)


async def make_space(
    session: AsyncSession,
    *,
    site: SiteRow | None = None,
    name: str | None = None,
    status: SpaceStatus = SpaceStatus.AVAILABLE,
) -> SpaceRow:
    site = site or await make_site(session)
    floor = await _add(session, FloorRow(site_id=site.id, name=unique("Floor")))
    row = SpaceRow(
        site_id=site.id,
        floor_id=floor.id,
        name=name or unique("Office"),
        kind=SpaceKind.OFFICE,
        status=status,
    )
    return await _add(session, row)


async def make_occupier(
    session: AsyncSession,
    *,
    operator: OperatorRow | None = None,
    name: str | None = None,
    status: OccupierStatus = OccupierStatus.ACTIVE,
) -> OccupierRow:
    operator = operator or await the_operator(session)
    done = status is OccupierStatus.DECOMMISSIONED
    row = OccupierRow(
        operator_id=operator.id,
        reference=unique("occupier").replace(" ", "-"),
        name=name or unique("Occupier"),
        billing_reference=unique("B").replace(" ", "-"),
        status=status,
        decommissioned_at=datetime.now(UTC) if done else None,
    )
    return await _add(session, row)


# --- contracts and services ------------------------------------------------------------------


async def make_contract(
    session: AsyncSession,
    *,
    occupier: OccupierRow | None = None,
    site: SiteRow | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    state: ContractState = ContractState.ACTIVE,
) -> ContractRow:
    occupier = occupier or await make_occupier(session)
    site = site or await make_site(session, operator=await _operator_of(session, occupier))
    row = ContractRow(
        occupier_id=occupier.id,
        site_id=site.id,
        reference=unique("C").replace(" ", "-"),
        start_date=start_date or date(2025, 1, 1),
        end_date=end_date,
        state=state,
    )
    return await _add(session, row)


async def make_occupancy(
    session: AsyncSession,
    *,
    contract: ContractRow | None = None,
    space: SpaceRow | None = None,
    move_out: date | None = None,
) -> OccupancyRow:
    contract = contract or await make_contract(session)
    site = await session.get_one(SiteRow, contract.site_id)
    space = space or await make_space(session, site=site, status=SpaceStatus.OCCUPIED)
    row = OccupancyRow(
        occupier_id=contract.occupier_id,
        site_id=contract.site_id,
        contract_id=contract.id,
        space_id=space.id,
        move_in=contract.start_date,
        move_out=move_out,
    )
    return await _add(session, row)


async def make_pricebook_item(
    session: AsyncSession, *, site: SiteRow | None = None, product: ProductRow | None = None
) -> PricebookItemRow:
    site = site or await make_site(session)
    if product is None:
        code = unique("P").replace(" ", "-")
        product = await _add(
            session, ProductRow(code=code, name=code, category=ProductCategory.INTERNET)
        )
    row = PricebookItemRow(
        site_id=site.id, product_id=product.id, cost=Decimal("10"), rrp=Decimal("20")
    )
    return await _add(session, row)


async def make_service(
    session: AsyncSession,
    *,
    contract: ContractRow | None = None,
    item: PricebookItemRow | None = None,
    state: ServiceState = ServiceState.ACTIVE,
    update_state: UpdateState = UpdateState.NONE,
    quantity: int = 1,
    charge_handle: str | None = None,
) -> ServiceRow:
    contract = contract or await make_contract(session)
    site = await session.get_one(SiteRow, contract.site_id)
    item = item or await make_pricebook_item(session, site=site)
    row = ServiceRow(
        occupier_id=contract.occupier_id,
        site_id=contract.site_id,
        contract_id=contract.id,
        pricebook_item_id=item.id,
        start_date=contract.start_date,
        price=Decimal("20"),
        quantity=quantity,
        state=state,
        update_state=update_state,
        failed_action="update" if update_state is UpdateState.FAILED else None,
        charge_handle=charge_handle,
    )
    return await _add(session, row)


# --- users, Wi-Fi and telephony --------------------------------------------------------------


async def make_user(
    session: AsyncSession,
    *,
    occupier: OccupierRow | None = None,
    home_site: SiteRow | None = None,
    email: str | None = None,
    with_accounts: bool = False,
) -> UserRow:
    occupier = occupier or await make_occupier(session)
    site = home_site or await make_site(session, operator=await _operator_of(session, occupier))
    row = await _add(
        session,
        UserRow(
            occupier_id=occupier.id,
            home_site_id=site.id,
            first_name="Ada",
            last_name="Test",
            email=email or f"user-{uuid4().hex[:12]}@example.test",
        ),
    )
    if with_accounts:
        await make_wifi_account(session, user=row)
        await make_user_account(session, user=row)
    return row


async def make_wifi_account(session: AsyncSession, *, user: UserRow) -> WifiAccountRow:
    row = WifiAccountRow(
        occupier_id=user.occupier_id, user_id=user.id, username=f"wifi-{uuid4().hex[:12]}"
    )
    return await _add(session, row)


async def make_user_account(session: AsyncSession, *, user: UserRow) -> UserAccountRow:
    row = UserAccountRow(occupier_id=user.occupier_id, user_id=user.id, account_handle=uuid4().hex)
    return await _add(session, row)


async def make_wifi_device(
    session: AsyncSession,
    *,
    occupier: OccupierRow | None = None,
    site: SiteRow | None = None,
    mac: str | None = None,
) -> WifiDeviceRow:
    occupier = occupier or await make_occupier(session)
    site = site or await make_site(session, operator=await _operator_of(session, occupier))
    octets = uuid4().hex[:10].upper()
    row = WifiDeviceRow(
        occupier_id=occupier.id,
        site_id=site.id,
        name=unique("Printer"),
        mac=mac or ":".join(["02", *(octets[at : at + 2] for at in range(0, 10, 2))]),
    )
    return await _add(session, row)


async def make_number(
    session: AsyncSession, *, site: SiteRow | None = None, **columns: object
) -> PhoneNumberRow:
    site = site or await make_site(session)
    e164 = f"+44{uuid4().int % 10**10:010d}"
    return await _add(session, PhoneNumberRow(**{"site_id": site.id, "e164": e164} | columns))


async def make_handset_login(
    session: AsyncSession,
    *,
    number: PhoneNumberRow,
    device_class: DeviceClass | None = DeviceClass.DIGITAL,
) -> HandsetLoginRow:
    """Log a number in to a new handset; a device class of `None` is a type nobody knows."""
    code = unique("type")
    if device_class is not None:
        kind = HandsetTypeRow(code=code, name="Test handset", device_class=device_class)
        await _add(session, kind)
    handset = await _add(
        session, HandsetRow(site_id=number.site_id, type_code=code, label=unique("Desk"))
    )
    row = HandsetLoginRow(
        occupier_id=number.occupier_id,
        number_id=number.id,
        handset_id=handset.id,
        logged_in_at=datetime.now(UTC),
    )
    return await _add(session, row)


# --- decommissions ---------------------------------------------------------------------------


class DecommissionColumns(TypedDict, total=False):
    """What a test may say about a decommission itself."""

    state: DecommissionState
    requested_by: str
    requested_at: datetime
    effective_at: datetime
    plan_hash: str | None
    finished_at: datetime | None


_STATUS_IN = {
    DecommissionState.PENDING: OccupierStatus.PENDING,
    DecommissionState.PARTIAL: OccupierStatus.FAILED,
    DecommissionState.DECOMMISSIONED: OccupierStatus.DECOMMISSIONED,
}


async def make_decommission(
    session: AsyncSession,
    *,
    occupier: OccupierRow | None = None,
    sites: list[SiteRow] | None = None,
    with_tasks: bool = False,
    **columns: Unpack[DecommissionColumns],
) -> DecommissionRow:
    """A decommission with its sites in order; `with_tasks` adds every task of the runbook."""
    state = columns.setdefault("state", DecommissionState.PENDING)
    occupier = occupier or await make_occupier(session, status=_STATUS_IN[state])
    now = datetime.now(UTC)
    columns.setdefault("requested_by", "test")
    columns.setdefault("requested_at", now)
    columns.setdefault("effective_at", columns["requested_at"])
    if state is DecommissionState.DECOMMISSIONED:
        columns.setdefault("finished_at", now)
    row = await _add(
        session,
        DecommissionRow(
            occupier_id=occupier.id,
            operator_id=occupier.operator_id,
            cooling_off_days=30,
            workflow_id=f"decommission/{occupier.id}",
            **columns,
        ),
    )
    for ordinal, site in enumerate(sites or []):
        session.add(DecommissionSiteRow(decommission_id=row.id, site_id=site.id, ordinal=ordinal))
    if with_tasks:
        await _make_runbook(session, row, sites or [])
    await session.flush()
    return row


async def _make_runbook(
    session: AsyncSession, decommission: DecommissionRow, sites: list[SiteRow]
) -> None:
    places = [(kind, None) for kind in OCCUPIER_TASKS]
    for kind, site in [*places, *((kind, site) for site in sites for kind in SITE_TASKS)]:
        await make_task(session, decommission=decommission, site=site, kind=kind)


class TaskColumns(TypedDict, total=False):
    """What a test may say about a task itself."""

    state: TaskState
    phase: TaskPhase
    round: int
    attempt: int
    done: int
    total: int
    requested_by: str
    created_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    last_error_kind: FailureKind | None
    last_error: str | None
    last_error_at: datetime | None


async def make_task(
    session: AsyncSession,
    *,
    decommission: DecommissionRow | None = None,
    site: SiteRow | None = None,
    kind: TaskKind = TaskKind.PLAN,
    **columns: Unpack[TaskColumns],
) -> TaskRow:
    """A task; with no site it belongs to the occupier as a whole."""
    decommission = decommission or await make_decommission(session)
    pending = columns.setdefault("state", TaskState.PENDING) is TaskState.PENDING
    columns.setdefault("phase", TaskPhase.QUEUED if pending else TaskPhase.ENDED)
    columns.setdefault("requested_by", "test")
    columns.setdefault("created_at", datetime.now(UTC))
    columns.setdefault(
        "due_at", columns["created_at"] + timedelta(seconds=EXPECTED_DECOMMISSION_SECONDS)
    )
    row = TaskRow(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id if site else None,
        kind=kind,
        **columns,
    )
    return await _add(session, row)


async def make_plan_item(
    session: AsyncSession,
    *,
    decommission: DecommissionRow,
    site: SiteRow,
    kind: ResourceKind = ResourceKind.PHONE_NUMBER,
    verdict: Verdict = Verdict.UNKNOWN,
    handle: str | None = None,
    resource_id: UUID | None = None,
) -> PlanItemRow:
    row = PlanItemRow(
        decommission_id=decommission.id,
        site_id=site.id,
        task_kind=TASK_OF[kind],
        kind=kind,
        resource_id=resource_id or uuid4(),
        handle=handle or uuid4().hex,
        verdict=verdict,
        ground=Ground.OTHER_OWNER if verdict is Verdict.RETAINED else None,
        confirmed_at=datetime.now(UTC) if verdict.is_done else None,
    )
    return await _add(session, row)


async def make_retention(
    session: AsyncSession,
    *,
    decommission: DecommissionRow,
    subject: str = "contracts",
    before: str = "a" * 64,
    after: str | None = None,
) -> RetentionRow:
    row = RetentionRow(
        decommission_id=decommission.id,
        subject=subject,
        rows_before=1,
        digest_before=before,
        rows_after=1 if after else None,
        digest_after=after,
    )
    return await _add(session, row)


@dataclass(frozen=True, slots=True)
class Scene:
    """An occupier with a contract at each of its sites."""

    operator: OperatorRow
    sites: list[SiteRow]
    occupier: OccupierRow


async def make_scene(
    session: AsyncSession,
    *,
    sites: int = 2,
    status: OccupierStatus = OccupierStatus.ACTIVE,
    name: str | None = None,
) -> Scene:
    """The usual start of a test: one operator, some sites, one occupier present at all."""
    operator = await the_operator(session)
    places = [await make_site(session, operator=operator) for _ in range(sites)]
    occupier = await make_occupier(session, operator=operator, status=status, name=name)
    for site in places:
        await make_contract(session, occupier=occupier, site=site)
    return Scene(operator, places, occupier)


async def _operator_of(session: AsyncSession, occupier: OccupierRow) -> OperatorRow:
    found = await session.scalars(select(OperatorRow).where(OperatorRow.id == occupier.operator_id))
    return found.one()
