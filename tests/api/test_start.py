"""Starting a decommission over HTTP: what is accepted, what is refused, and how that reads."""

import asyncio
from contextlib import suppress
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
    make_operator,
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
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    body: object,
    key: str | None = None,
    **headers: str,
) -> httpx.Response:
    told = {"Idempotency-Key": key or uuid4().hex, "If-Match": f'"{occupier.version}"'}
    path = f"/api/v1/occupiers/{occupier.id}/decommission"
    return await client.post(path, json=body, headers=told | headers)


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


async def test_a_repeat_gets_the_first_reply_byte_for_byte(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    first = await post(client, occupier, confirmation(), key="click")
    again = await post(client, occupier, confirmation(), key="click")

    assert first.status_code == again.status_code == 202
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await decommissions(sessions) == 1


async def test_a_start_whose_reply_was_lost_is_repeated_without_a_second_run(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    for patience_s in (0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 5.0):
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await post(client, occupier, confirmation(), key="click")

    reply = await post(client, occupier, confirmation(), key="click")

    assert reply.status_code == 202
    assert await decommissions(sessions) == 1


async def test_a_key_cannot_be_used_for_another_request(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    await post(client, occupier, confirmation(), key="click")
    reply = await post(client, occupier, confirmation(plan_hash="0" * 64), key="click")
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/idempotency-key-reused"


@pytest.mark.parametrize(
    ("version", "status"),
    [('"2"', 412), ("*", 400), ("1", 400), ('W/"1"', 400), ('"1", "2"', 400), ('"x"', 400)],
)
async def test_a_start_names_the_version_that_was_looked_at(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    sessions: Sessions,
    version: str,
    status: int,
) -> None:
    reply = await post(client, occupier, confirmation(), **{"If-Match": version})
    assert reply.status_code == status
    assert await decommissions(sessions) == 0


async def test_a_start_without_version_or_key_is_refused(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    path = f"/api/v1/occupiers/{occupier.id}/decommission"
    without_version = await client.post(
        path, json=confirmation(), headers={"Idempotency-Key": "click"}
    )
    assert without_version.status_code == 428
    without_key = await client.post(path, json=confirmation(), headers={"If-Match": '"1"'})
    assert without_key.status_code == 400


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
    if status != "scheduled":
        assert reply.json()["decommission"] == f"/api/v1/occupiers/{occupier.id}/decommission"


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


async def test_an_unknown_occupier_and_one_out_of_sight_are_the_same_to_the_byte(
    client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    async with sessions.begin() as session:
        other = await make_operator(session)
        foreign = await make_occupier(session, operator=other)
    unknown = OccupierRow(id=uuid4(), version=1)
    replies = []
    for each in (foreign, unknown):
        reply = await post(client, each, confirmation(name=foreign.name))
        assert reply.status_code == 404
        told = reply.json()
        replies.append(
            {name: told[name] for name in told if name not in {"instance", "request_id"}}
        )
    assert replies[0] == replies[1]
