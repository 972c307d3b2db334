"""The start transaction: what refuses it, that it happens once, and what it writes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text

from models.database import Sessions
from models.domain.blocker import Rule
from models.domain.decommission import OCCUPIER_TASKS, SITE_TASKS
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.domain.portfolio import ContractState, DeviceClass, UpdateState
from models.stores.starts import (
    BlockedError,
    NameMismatchError,
    NotActiveError,
    NotPermittedError,
    OccupierUnknownError,
    SecondPersonNeededError,
    StaleError,
    Started,
    StartRefusedError,
    StartRequest,
    StartStore,
)
from models.tables.audit import AuditEventRow, OutboxRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.task import TaskRow
from tests.builders import (
    make_contract,
    make_handset_login,
    make_number,
    make_occupier,
    make_service,
    make_site,
)


async def occupier_of(sessions: Sessions, **details: object) -> OccupierRow:
    """An occupier that nothing blocks, at one site."""
    async with sessions.begin() as session:
        occupier = await make_occupier(session, **details)  # type: ignore[arg-type]  # a builder's
        await make_contract(session, occupier=occupier)
    return occupier


def request_for(occupier: OccupierRow, name: str | None = None, key: str = "key") -> StartRequest:
    return StartRequest(occupier.id, name or occupier.name, "tester", "request", key)


async def start(sessions: Sessions, request: StartRequest) -> Started:
    async with sessions.begin() as session:
        return await StartStore(session).start(request)


async def rules_that_block(sessions: Sessions, occupier: OccupierRow) -> set[Rule]:
    with pytest.raises(BlockedError) as refusal:
        await start(sessions, request_for(occupier))
    return {blocker.rule for blocker in refusal.value.blockers}


async def rows(sessions: Sessions, table: type[DecommissionRow | OutboxRow | TaskRow]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_start_writes_decommission_tasks_outbox_and_audit_together(
    sessions: Sessions,
) -> None:
    occupier = await occupier_of(sessions)

    started = await start(sessions, request_for(occupier))

    async with sessions() as session:
        row = await session.get_one(DecommissionRow, started.decommission_id)
        assert row.requested_by == "tester"
        kinds = list(await session.scalars(select(TaskRow.kind)))
        assert sorted(kinds) == sorted([*SITE_TASKS, *OCCUPIER_TASKS])
        after = await session.get_one(OccupierRow, occupier.id)
        assert (after.status, after.version) == (OccupierStatus.PENDING, occupier.version + 1)
        actions = list(await session.scalars(select(AuditEventRow.action)))
        assert actions == ["occupier.decommission"]
    assert await rows(sessions, OutboxRow) == 1


async def test_fifty_parallel_starts_make_one_decommission(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)

    async def attempt(number: int) -> Started | StartRefusedError:
        try:
            return await start(sessions, request_for(occupier, key=f"key-{number}"))
        except StartRefusedError as refusal:
            return refusal

    outcomes = await asyncio.gather(*(attempt(number) for number in range(50)))

    assert sum(isinstance(outcome, Started) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotActiveError) for outcome in outcomes) == 49
    assert await rows(sessions, DecommissionRow) == 1
    assert await rows(sessions, OutboxRow) == 1


@pytest.mark.parametrize("wrong", ["{0} ", " {0}", "{0}x", "{0}\u200b"])
async def test_a_name_that_is_not_exact_changes_nothing(sessions: Sessions, wrong: str) -> None:
    occupier = await occupier_of(sessions, name="Café Ångström & Sons")
    with pytest.raises(NameMismatchError):
        await start(sessions, request_for(occupier, name=wrong.format(occupier.name)))
    with pytest.raises(NameMismatchError):
        await start(sessions, request_for(occupier, name=occupier.name.upper()))
    assert await rows(sessions, DecommissionRow) == 0


async def test_a_name_may_be_typed_with_accents_of_their_own(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions, name="Caf\u00e9")
    started = await start(sessions, request_for(occupier, name="Cafe\u0301"))
    assert started.workflow_id


async def test_an_unknown_occupier_is_refused(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM contracts"))
        await session.execute(text("DELETE FROM occupiers"))
    with pytest.raises(OccupierUnknownError):
        await start(sessions, request_for(occupier))


@pytest.mark.parametrize("status", [each for each in OccupierStatus if each.value != "active"])
async def test_an_occupier_that_is_not_active_is_refused(
    sessions: Sessions, status: OccupierStatus
) -> None:
    occupier = await occupier_of(sessions, status=status)
    with pytest.raises(NotActiveError) as refusal:
        await start(sessions, request_for(occupier))
    assert refusal.value.status is status


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"])
async def test_a_contract_that_starts_today_at_its_site_blocks_and_other_days_do_not(
    sessions: Sessions, zone: str
) -> None:
    today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        site = await make_site(session, time_zone=zone)
        contract = await make_contract(session, occupier=occupier, site=site, start_date=today)
    assert await rules_that_block(sessions, occupier) == {Rule.CONTRACT_STARTS_TODAY}

    async with sessions.begin() as session:
        contract.start_date = today + timedelta(days=1)
        contract.state = ContractState.UPCOMING
        session.add(contract)
    assert (await start(sessions, request_for(occupier))).workflow_id


@pytest.mark.parametrize("state", [UpdateState.UPDATING, UpdateState.FAILED])
async def test_a_service_that_is_updating_or_failed_blocks(
    sessions: Sessions, state: UpdateState
) -> None:
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=occupier)
        await make_service(session, contract=contract, update_state=state)
    assert await rules_that_block(sessions, occupier) == {Rule(f"service_{state.value}")}


@pytest.mark.parametrize(
    ("device_class", "is_main", "blocks"),
    [
        (DeviceClass.NON_DIGITAL, False, True),
        (None, False, True),  # a type that we do not know
        (DeviceClass.DIGITAL, False, False),
        (DeviceClass.SOFTPHONE, False, False),
        (DeviceClass.NON_DIGITAL, True, False),  # a main number has no handset
    ],
)
async def test_only_a_handset_that_cannot_be_logged_out_remotely_blocks(
    sessions: Sessions, device_class: DeviceClass | None, *, is_main: bool, blocks: bool
) -> None:
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        number = await make_number(
            session, occupier_id=occupier.id, state="active", is_main=is_main
        )
        await make_handset_login(session, number=number, device_class=device_class)
    if blocks:
        assert await rules_that_block(sessions, occupier) == {Rule.HANDSET_LOGGED_IN}
    else:
        assert (await start(sessions, request_for(occupier))).workflow_id


async def test_all_blockers_are_reported_at_once(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=occupier)
        await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        await make_service(session, contract=contract, update_state=UpdateState.UPDATING)
        number = await make_number(session, occupier_id=occupier.id, state="active")
        await make_handset_login(session, number=number, device_class=DeviceClass.NON_DIGITAL)
    rules = await rules_that_block(sessions, occupier)
    assert rules == {Rule.SERVICE_FAILED, Rule.SERVICE_UPDATING, Rule.HANDSET_LOGGED_IN}


async def test_a_start_of_another_version_than_was_seen_is_refused(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)
    seen = request_for(occupier)
    with pytest.raises(StaleError):
        await start(sessions, replace(seen, version=occupier.version + 1))
    assert (await start(sessions, replace(seen, version=occupier.version))).workflow_id


async def test_somebody_without_the_role_at_every_site_starts_nothing(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)
    nobody = Grants(actor="team_member", operator_id=occupier.operator_id)
    with pytest.raises(NotPermittedError):
        await start(sessions, replace(request_for(occupier), grants=nobody))
    assert await rows(sessions, DecommissionRow) == 0


async def test_a_scheduled_occupier_is_started_by_its_schedule_only(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions, status=OccupierStatus.SCHEDULED)
    with pytest.raises(NotActiveError):
        await start(sessions, request_for(occupier))
    assert (
        await start(sessions, replace(request_for(occupier), was=OccupierStatus.SCHEDULED))
    ).workflow_id


async def test_no_way_around_the_second_person_leads_through_a_schedule(sessions: Sessions) -> None:
    occupier = await occupier_of(sessions)
    async with sessions.begin() as session:
        operator = await session.get_one(OperatorRow, occupier.operator_id)
        operator.second_person_required = True
    request = request_for(occupier)
    with pytest.raises(SecondPersonNeededError):
        await start(sessions, request)
    approver = replace(request, requested_by="approver")
    async with sessions.begin() as session:
        await StartStore(session).approve(approver)
    with pytest.raises(SecondPersonNeededError):
        await start(sessions, approver)
    assert (await start(sessions, request)).workflow_id
