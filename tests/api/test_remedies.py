"""What people do about a blocker, and that it is gone then."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.permission import StaffRole
from models.domain.portfolio import ContractState, DeviceClass, ServiceState, UpdateState
from models.settings import Settings
from models.tables.audit import AuditEventRow
from models.tables.case import CaseRow
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.occupier import OccupierRow
from models.tables.service import ServiceRow
from tests.builders import (
    Scene,
    make_contract,
    make_decommission,
    make_handset_login,
    make_number,
    make_occupancy,
    make_scene,
    make_service,
)
from tests.identities import headers_of, key, make_member


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """An occupier with a contract at one site."""
    async with sessions.begin() as session:
        return await make_scene(session, sites=1)


async def failed_service(sessions: Sessions, scene: Scene) -> ServiceRow:
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        return await make_service(session, contract=contract, update_state=UpdateState.FAILED)


async def contract_in(
    sessions: Sessions, scene: Scene, days: int, state: ContractState
) -> ContractRow:
    """A contract that begins so many days from today, with a space and a service."""
    start = (datetime.now(UTC) + timedelta(days=days)).date()
    async with sessions.begin() as session:
        contract = await make_contract(
            session, occupier=scene.occupier, site=scene.sites[0], start_date=start, state=state
        )
        await make_occupancy(session, contract=contract)
        await make_service(session, contract=contract, state=ServiceState.SCHEDULED)
    return contract


async def test_a_failed_service_gets_one_case_support_clears_it_and_nothing_blocks(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    service = await failed_service(sessions, scene)
    async with sessions.begin() as session:
        support = await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT)
    as_support = headers_of(settings, support)
    occupier = f"/api/v1/occupiers/{scene.occupier.id}"
    about = {"service_id": str(service.id)}
    clear = f"/api/v1/services/{service.id}/clear-failure"

    unseen = await client.post(clear, headers=key() | as_support)
    raised = await client.post(f"{occupier}/cases", json=about, headers=key())
    again = await client.post(f"{occupier}/cases", json=about, headers=key())
    not_by_an_operator = await client.post(clear, headers=key())
    cleared = await client.post(clear, headers=key() | as_support)
    once_more = await client.post(clear, headers=key() | as_support)

    assert unseen.status_code == 404
    assert (raised.status_code, again.status_code) == (201, 200), raised.text
    assert raised.json() == again.json()
    assert raised.json()["subject"] == "Failed service update"
    assert not_by_an_operator.status_code == 403
    assert (cleared.status_code, cleared.json()["update_state"]) == (200, "none"), cleared.text
    assert once_more.status_code == 409
    async with sessions() as session:
        case = (await session.scalars(select(CaseRow))).one()
        assert "update" in case.description
        audited = list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))
    done = [event.action for event in audited if event.outcome == "done"]
    assert done == ["case.raise", "case.raise", "service.clear_failure"]
    blocked = await client.get(f"{occupier}/decommission/preview")
    assert blocked.status_code == 200, blocked.text
    assert blocked.json()["blockers"] == []


async def test_a_case_needs_something_to_report(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        sound = await make_service(session, contract=contract)
    path = f"/api/v1/occupiers/{scene.occupier.id}/cases"
    for body, status in (
        ({"service_id": str(sound.id)}, 409),
        ({"service_id": str(uuid4())}, 404),
        ({}, 409),
        ({"subject": "free text"}, 422),
    ):
        assert (await client.post(path, json=body, headers=key())).status_code == status, body


async def test_a_failed_decommission_gets_its_case_although_the_occupier_is_locked(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await session.get_one(OccupierRow, scene.occupier.id)
        occupier.status = OccupierStatus.FAILED
        await make_decommission(session, occupier=occupier, sites=scene.sites)
    path = f"/api/v1/occupiers/{scene.occupier.id}/cases"
    raised = await client.post(path, headers=key())
    assert raised.status_code == 201, raised.text
    assert (raised.json()["subject"], raised.json()["priority"]) == ("Failed decommission", "p2")


@pytest.mark.parametrize("days", [0, 30])
async def test_an_upcoming_contract_is_discarded_with_what_would_have_begun_with_it(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, days: int
) -> None:
    contract = await contract_in(sessions, scene, days, ContractState.UPCOMING)

    reply = await client.post(f"/api/v1/contracts/{contract.id}/discard", headers=key())

    assert (reply.status_code, reply.json()["state"]) == (200, "discarded"), reply.text
    async with sessions() as session:
        services = list(await session.scalars(select(ServiceRow.state)))
        occupancies = list(await session.scalars(select(OccupancyRow)))
    assert (services, occupancies) == ([ServiceState.INACTIVE], [])
    path = f"/api/v1/occupiers/{scene.occupier.id}/decommission/preview"
    assert (await client.get(path)).json()["blockers"] == []


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, ContractState.UPCOMING),
        (-30, ContractState.ACTIVE),
        (0, ContractState.ACTIVE),
        (30, ContractState.DISCARDED),
    ],
)
async def test_a_contract_that_has_begun_or_is_gone_cannot_be_discarded(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, days: int, state: ContractState
) -> None:
    contract = await contract_in(sessions, scene, days, state)
    reply = await client.post(f"/api/v1/contracts/{contract.id}/discard", headers=key())
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/contract-not-upcoming")


async def test_remedies_are_locked_with_the_occupier(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    contract = await contract_in(sessions, scene, 30, ContractState.UPCOMING)
    service = await failed_service(sessions, scene)
    path = f"/api/v1/occupiers/{scene.occupier.id}/cases"
    await client.post(path, json={"service_id": str(service.id)}, headers=key())
    async with sessions.begin() as session:
        support = await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT)
        (await session.get_one(OccupierRow, scene.occupier.id)).status = OccupierStatus.PENDING
    replies = (
        await client.post(f"/api/v1/contracts/{contract.id}/discard", headers=key()),
        await client.post(
            f"/api/v1/services/{service.id}/clear-failure",
            headers=key() | headers_of(settings, support),
        ),
    )
    assert [reply.json()["type"] for reply in replies] == ["/problems/occupier-locked"] * 2


async def test_a_digital_handset_may_be_logged_out_from_afar_and_others_not(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        logins = {}
        for device_class in (DeviceClass.DIGITAL, DeviceClass.NON_DIGITAL, None):
            number = await make_number(
                session, site=scene.sites[0], occupier_id=scene.occupier.id, state="active"
            )
            login = await make_handset_login(session, number=number, device_class=device_class)
            logins[device_class] = login.id
    path = f"/api/v1/occupiers/{scene.occupier.id}"

    listed = await client.get(f"{path}/handset-logins")
    assert {one["id"]: one["is_remote"] for one in listed.json()["items"]} == {
        str(login_id): device_class is DeviceClass.DIGITAL
        for device_class, login_id in logins.items()
    }
    statuses = {}
    for device_class, login_id in logins.items():
        reply = await client.post(f"{path}/handset-logins/{login_id}/logout", headers=key())
        statuses[device_class] = (reply.status_code, reply.json().get("type"))
    refused = (409, "/problems/handset-not-remote")
    assert statuses == {
        DeviceClass.DIGITAL: (202, None),
        DeviceClass.NON_DIGITAL: refused,
        None: refused,
    }


async def test_a_refresh_is_accepted_can_be_read_and_is_refused_when_locked(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    path = f"/api/v1/occupiers/{scene.occupier.id}/decommission/refresh"
    accepted = await client.post(path, headers=key())
    again = await client.post(path, headers=key())
    assert (accepted.status_code, again.json()) == (202, accepted.json()), accepted.text
    read = await client.get(accepted.headers["Location"])
    assert (read.status_code, read.json()) == (200, accepted.json())
    async with sessions.begin() as session:
        (await session.get_one(OccupierRow, scene.occupier.id)).status = OccupierStatus.PENDING
    refused = await client.post(path, headers=key())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/occupier-locked")
