"""The preconditions of a decommission, each from both sides (reference 12.1)."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions
from models.domain.blocker import Blocker, ObjectKind, Offer, Rule
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.domain.portfolio import (
    ChangeKind,
    ContractState,
    DeviceClass,
    ServiceState,
    TeamRole,
    UpdateState,
)
from models.stores.preconditions import PreconditionStore
from models.tables.occupier import OccupierRow
from models.tables.service import ServiceChangeRow
from models.tables.site import SiteRow
from tests.builders import (
    Scene,
    make_contract,
    make_handset_login,
    make_number,
    make_occupier,
    make_scene,
    make_service,
    make_site,
)

DAYS = [
    ("Pacific/Kiritimati", date(2026, 11, 22)),  # UTC+14
    ("Etc/GMT+12", date(2026, 11, 22)),  # UTC-12
    ("Asia/Kathmandu", date(2026, 1, 1)),  # UTC+5:45
    ("Europe/London", date(2026, 3, 29)),  # 23 hours
    ("Europe/London", date(2026, 10, 25)),  # 25 hours
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),  # has no midnight: the clock jumps from 0:00 to 1:00
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
]
INSTANT = timedelta(microseconds=1)


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


async def blockers_of(
    session: AsyncSession, occupier: OccupierRow, at: datetime | None = None
) -> list[Blocker]:
    await session.flush()
    return await PreconditionStore(session).blockers(occupier.id, at)


async def test_a_contract_blocks_from_midnight_to_midnight_of_its_site(sessions: Sessions) -> None:
    random_days = random.Random(12)
    days = DAYS + [
        (zone, date(2026, 1, 1) + timedelta(days=random_days.randrange(730)))
        for zone, _ in DAYS
        for _ in range(10)
    ]
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        site = await make_site(session)
        contract = await make_contract(session, occupier=occupier, site=site)
        for zone, day in days:
            site.time_zone, contract.start_date = zone, day
            begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
            for at, blocks in [
                (begins - INSTANT, False),  # it starts tomorrow
                (begins, True),
                (ends - INSTANT, True),
                (ends, False),  # it started yesterday
            ]:
                found = await blockers_of(session, occupier, at)
                assert bool(found) is blocks, (zone, day, at)
                if blocks:
                    assert found[0].until == ends, (zone, day)


@pytest.mark.parametrize("state", list(ContractState))
async def test_a_contract_that_starts_today_blocks_in_any_state_but_discarded(
    sessions: Sessions, state: ContractState
) -> None:
    day = date(2026, 6, 1)
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        contract = await make_contract(
            session, occupier=occupier, start_date=day, end_date=day, state=state
        )
        found = await blockers_of(session, occupier, datetime(2026, 6, 1, 12, tzinfo=UTC))
    assert bool(found) is (state is not ContractState.DISCARDED)
    for blocker in found:
        assert (blocker.rule, blocker.object_id) == (Rule.CONTRACT_STARTS_TODAY, contract.id)
        assert contract.reference in blocker.why
        assert ("discard" in blocker.remedy) is (state is ContractState.UPCOMING)


async def test_sites_on_both_sides_of_midnight_are_judged_each_by_its_own_day(
    sessions: Sessions,
) -> None:
    at = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)  # 2 June in Kiritimati, 31 May at UTC-12
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        east = await make_site(session, time_zone="Pacific/Kiritimati")
        west = await make_site(session, time_zone="Etc/GMT+12")
        for site in (east, west):
            for day in (31, 32, 33):
                start = date(2026, 5, 1) + timedelta(days=day - 1)
                await make_contract(session, occupier=occupier, site=site, start_date=start)
        found = await blockers_of(session, occupier, at)
    assert {(blocker.site_id, blocker.until) for blocker in found} == {
        (east.id, datetime(2026, 6, 2, 10, tzinfo=UTC)),
        (west.id, datetime(2026, 6, 1, 12, tzinfo=UTC)),
    }


Prepare = Callable[[AsyncSession, Scene], Awaitable[object]]


async def _login(
    session: AsyncSession, scene: Scene, device: DeviceClass | None, **number: object
) -> None:
    row = await make_number(
        session, site=scene.sites[0], occupier_id=scene.occupier.id, state="active", **number
    )
    await make_handset_login(session, number=row, device_class=device)


async def _unmanaged(session: AsyncSession, scene: Scene) -> None:
    scene.sites[0].telephony_managed = False
    await _login(session, scene, DeviceClass.NON_DIGITAL)


async def _scheduled(session: AsyncSession, scene: Scene) -> None:
    contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
    await make_service(session, contract=contract, state=ServiceState.SCHEDULED)
    service = await make_service(session, contract=contract)
    change = ServiceChangeRow(
        occupier_id=scene.occupier.id,
        service_id=service.id,
        kind=ChangeKind.QUANTITY,
        quantity=2,
        due_on=date(2099, 1, 1),
    )
    session.add(change)


async def _service(session: AsyncSession, scene: Scene, update: UpdateState) -> None:
    contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[1])
    await make_service(session, contract=contract, update_state=update)


async def _number(session: AsyncSession, scene: Scene, state: str) -> None:
    await make_number(session, site=scene.sites[1], occupier_id=scene.occupier.id, state=state)


async def _number_of_another(session: AsyncSession, scene: Scene) -> None:
    other = await make_occupier(session, operator=scene.operator)
    await make_number(session, site=scene.sites[0], occupier_id=other.id, state="pending")


CASES: list[tuple[str, Prepare, set[tuple[Rule, ObjectKind]]]] = [
    ("nothing", lambda _session, _scene: _nothing(), set()),
    (
        "a non-digital handset",
        lambda s, w: _login(s, w, DeviceClass.NON_DIGITAL),
        {(Rule.HANDSET_LOGGED_IN, ObjectKind.HANDSET_LOGIN)},
    ),
    (
        "a handset of an unknown type",
        lambda s, w: _login(s, w, None),
        {(Rule.HANDSET_LOGGED_IN, ObjectKind.HANDSET_LOGIN)},
    ),
    ("a digital handset", lambda s, w: _login(s, w, DeviceClass.DIGITAL), set()),
    ("a softphone", lambda s, w: _login(s, w, DeviceClass.SOFTPHONE), set()),
    ("a main number", lambda s, w: _login(s, w, DeviceClass.NON_DIGITAL, is_main=True), set()),
    ("telephony of another provider", _unmanaged, set()),
    ("changes that are only scheduled", _scheduled, set()),
    (
        "a service being updated at the second site",
        lambda s, w: _service(s, w, UpdateState.UPDATING),
        {(Rule.SERVICE_UPDATING, ObjectKind.SERVICE)},
    ),
    (
        "a failed service",
        lambda s, w: _service(s, w, UpdateState.FAILED),
        {(Rule.SERVICE_FAILED, ObjectKind.SERVICE)},
    ),
    (
        "a number being changed",
        lambda s, w: _number(s, w, "pending"),
        {(Rule.SERVICE_UPDATING, ObjectKind.PHONE_NUMBER)},
    ),
    ("a reserved number", lambda s, w: _number(s, w, "reserved"), set()),
    ("a pending number of somebody else", _number_of_another, set()),
]


async def _nothing() -> None:
    return None


async def test_handsets_services_and_numbers_block_exactly_as_the_rules_say(
    sessions: Sessions,
) -> None:
    for what, prepare, wanted in CASES:
        async with sessions.begin() as session:
            scene = await make_scene(session)
            await prepare(session, scene)
            found = await blockers_of(session, scene.occupier)
        assert {(blocker.rule, blocker.object_kind) for blocker in found} == wanted, what
        for blocker in found:
            assert blocker.site_name in {site.name for site in scene.sites}
            assert blocker.why
            assert blocker.remedy


async def test_a_phone_number_is_in_no_sentence_and_not_in_the_printed_blocker(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session)
        await _login(session, scene, DeviceClass.NON_DIGITAL)
        await _number(session, scene, "pending")
        found = await blockers_of(session, scene.occupier)
    assert len(found) == 2
    for blocker in found:
        assert blocker.number
        told = f"{blocker!r} {blocker.why} {blocker.remedy} {blocker.label}"
        assert blocker.number not in told


def grants(scene: Scene, *roles: TeamRole | None, closed: tuple[SiteRow, ...] = ()) -> Grants:
    held = {site.id: role for site, role in zip(scene.sites, roles, strict=False) if role}
    return Grants(
        actor="team_member",
        operator_id=scene.operator.id,
        roles=held,
        site_ids=frozenset(held),
        closed_site_ids=frozenset(site.id for site in closed),
    )


ADMIN, USER = TeamRole.ADMIN, TeamRole.USER


@pytest.mark.parametrize(
    ("state", "blocks"),
    [
        (ContractState.ACTIVE, True),
        (ContractState.COMPLETED, True),
        (ContractState.UPCOMING, True),  # by the policy constant
        (ContractState.DISCARDED, False),
    ],
)
async def test_a_contract_at_a_site_without_the_admin_role_blocks_unless_discarded(
    sessions: Sessions, state: ContractState, *, blocks: bool
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        london = await make_site(session, operator=scene.operator)
        await make_contract(session, occupier=scene.occupier, site=london, state=state)
        scene.sites.append(london)
        store = PreconditionStore(session)
        for roles in ((ADMIN, None), (ADMIN, USER)):
            ready = await store.readiness(
                scene.occupier.id, OccupierStatus.ACTIVE, grants(scene, *roles)
            )
            assert bool(ready.denial) is blocks
            assert (Offer.DECOMMISSION in ready.allowed) is not blocks
            foreign = [b for b in ready.blockers if b.rule is Rule.SITE_NOT_PERMITTED]
            assert len(foreign) == blocks
            for blocker in foreign:  # named only where the caller may see the site
                assert blocker.site_name == (london.name if roles[1] else None)
        ready = await store.readiness(
            scene.occupier.id, OccupierStatus.ACTIVE, grants(scene, ADMIN, ADMIN)
        )
        assert Offer.DECOMMISSION in ready.allowed


async def test_a_closed_site_counts_as_no_access(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        ready = await PreconditionStore(session).readiness(
            scene.occupier.id,
            OccupierStatus.ACTIVE,
            grants(scene, ADMIN, closed=tuple(scene.sites)),
        )
    assert ready.denial
    assert [blocker.rule for blocker in ready.blockers] == [Rule.SITE_NOT_PERMITTED]


async def test_an_occupier_without_any_contract_is_free_to_any_admin_of_the_operator(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        alone = await make_occupier(session, operator=scene.operator)
        store = PreconditionStore(session)
        for role, may in ((ADMIN, True), (USER, False)):
            ready = await store.readiness(alone.id, OccupierStatus.ACTIVE, grants(scene, role))
            assert (Offer.DECOMMISSION in ready.allowed) is may


@pytest.mark.parametrize("status", list(OccupierStatus))
async def test_what_may_be_done_follows_the_status(
    sessions: Sessions, status: OccupierStatus
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1, status=status)
        ready = await PreconditionStore(session).readiness(
            scene.occupier.id, status, grants(scene, ADMIN)
        )
    wanted = {
        OccupierStatus.ACTIVE: (Offer.DECOMMISSION, Offer.SCHEDULE),
        OccupierStatus.SCHEDULED: (Offer.RESCHEDULE, Offer.CANCEL_SCHEDULE),
    }
    assert ready.allowed == wanted.get(status, ())
    rules = [blocker.rule for blocker in ready.blockers]
    assert rules == ([] if status is OccupierStatus.ACTIVE else [Rule.OCCUPIER_NOT_ACTIVE])
