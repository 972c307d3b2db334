"""Starting a decommission over HTTP: what is accepted, what is refused, and how that reads."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import DeviceClass, UpdateState
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from tests.builders import (
    make_contract,
    make_handset_login,
    make_number,
    make_occupier,
    make_service,
)


@pytest.fixture
async def occupier(sessions: Sessions) -> OccupierRow:
    """An occupier that nothing blocks."""
    async with sessions.begin() as session:
        occupier = await make_occupier(session, name="O'Neill & Søn")
        await make_contract(session, occupier=occupier)
    return occupier


def confirmation(name: str = "O'Neill & Søn", **changes: object) -> dict[str, object]:
    return {"name": name, "acknowledgement": True} | changes


async def post(
    client: httpx.AsyncClient, occupier: OccupierRow, body: object, key: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/api/v1/occupiers/{occupier.id}/decommission"
    return await client.post(path, json=body, headers=headers)


async def decommissions(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(DecommissionRow)) or 0


async def test_a_confirmed_start_is_accepted_and_can_be_read(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    reply = await post(client, occupier, confirmation())

    assert reply.status_code == 202
    accepted = reply.json()
    assert (accepted["status"], accepted["occupier_id"]) == ("pending", str(occupier.id))
    found = await client.get(reply.headers["Location"])
    assert found.status_code == 200
    assert (found.json()["id"], found.json()["state"]) == (accepted["decommission_id"], "pending")
    listed = await client.get("/api/v1/occupiers?status=pending")
    assert [item["id"] for item in listed.json()["items"]] == [str(occupier.id)]


async def test_fifty_clicks_make_one_decommission(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    same = [post(client, occupier, confirmation(), key="click") for _ in range(25)]
    others = [post(client, occupier, confirmation(), key=uuid4().hex) for _ in range(25)]

    replies = await asyncio.gather(*same, *others)

    accepted = {reply.text for reply in replies if reply.status_code == 202}
    assert len(accepted) == 1
    assert {reply.status_code for reply in replies} <= {202, 409}
    assert await decommissions(sessions) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "O'Neill & Søn"}, "body.acknowledgement"),
        ({"acknowledgement": True}, "body.name"),
        (confirmation(acknowledgement=False), "body.acknowledgement"),
        (confirmation(acknowledgement="true"), "body.acknowledgement"),
        (confirmation(acknowledgement=1), "body.acknowledgement"),
        (confirmation(status="decommissioned"), "body.status"),
        (confirmation(name=""), "body.name"),
        (confirmation(name="x" * 500), "body.name"),
        (confirmation(name="nul\x00"), "body.name"),
        ([], "body"),
    ],
)
async def test_a_request_that_is_not_a_confirmation_names_the_field_and_changes_nothing(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    sessions: Sessions,
    body: object,
    field: str,
) -> None:
    reply = await post(client, occupier, body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert field in {error["field"] for error in reply.json()["errors"]}
    assert await decommissions(sessions) == 0


@pytest.mark.parametrize(
    "name", ["O'Neill & Søn ", "o'neill & søn", "O\u2019Neill & Søn", "Somebody"]
)
async def test_another_name_is_refused_without_telling_the_right_one(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions, name: str
) -> None:
    reply = await post(client, occupier, confirmation(name=name))
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/occupier-name-mismatch"
    assert "O'Neill" not in reply.text
    assert await decommissions(sessions) == 0


@pytest.mark.parametrize("status", ["scheduled", "pending", "failed", "decommissioned"])
async def test_an_occupier_that_is_not_active_is_a_conflict(
    client: httpx.AsyncClient, sessions: Sessions, status: str
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session, status=OccupierStatus(status))
    reply = await post(client, occupier, confirmation(name=occupier.name))
    assert reply.status_code == 409
    assert status in reply.json()["detail"]


async def test_all_blockers_come_at_once_each_with_its_remedy(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=occupier)
        failed = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        number = await make_number(session, occupier_id=occupier.id, state="active")
        login = await make_handset_login(
            session, number=number, device_class=DeviceClass.NON_DIGITAL
        )
    reply = await post(client, occupier, confirmation())
    assert reply.status_code == 409
    assert reply.json()["type"] == "/problems/decommission-blocked"
    blockers = {blocker["rule"]: blocker for blocker in reply.json()["blockers"]}
    assert blockers["service_failed"]["object_id"] == str(failed.id)
    assert blockers["handset_logged_in"]["object_id"] == str(login.id)
    assert all(blocker["remedy"] for blocker in blockers.values())


async def test_an_unknown_occupier_is_not_found(client: httpx.AsyncClient) -> None:
    reply = await client.post(f"/api/v1/occupiers/{uuid4()}/decommission", json=confirmation())
    assert reply.status_code == 404
