"""Operators that want a second person: who approves what, for how long, and how often it counts."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, text

from models.database import Sessions
from models.domain.portfolio import TeamRole, UpdateState
from models.settings import Settings
from models.tables.approval import ApprovalRow
from models.tables.audit import AuditEventRow
from models.tables.operator import OperatorRow
from tests.builders import Scene, make_contract, make_operator, make_scene, make_service
from tests.builders import make_wifi_device as make_device
from tests.identities import Member, headers_of, make_member


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """An occupier of an operator that wants a second person."""
    async with sessions.begin() as session:
        scene = await make_scene(session, name="Two Keys Ltd")
        scene.operator.second_person_required = True
        session.add(scene.operator)
    return scene


@pytest.fixture
async def second(sessions: Sessions, settings: Settings, scene: Scene) -> dict[str, str]:
    """Headers of another admin at all of the occupier's sites."""
    async with sessions.begin() as session:
        roles = {site.id: TeamRole.ADMIN for site in scene.sites}
        member = await make_member(session, roles=roles)
    return headers_of(settings, member)


Headers = dict[str, str]


async def ask(
    client: httpx.AsyncClient,
    scene: Scene,
    room: str = "",
    headers: Headers | None = None,
    **more: object,
) -> httpx.Response:
    return await client.post(
        f"/api/v1/occupiers/{scene.occupier.id}/decommission{room}",
        json={"name": scene.occupier.name, "acknowledgement": True} | more,
        headers={"Idempotency-Key": uuid4().hex, "If-Match": f'"{scene.occupier.version}"'}
        | (headers or {}),
    )


async def approve(
    client: httpx.AsyncClient, scene: Scene, headers: Headers | None = None, **more: object
) -> httpx.Response:
    return await ask(client, scene, "/approval", headers, **more)


async def preview(client: httpx.AsyncClient, scene: Scene) -> dict[str, dict[str, object]]:
    found = await client.get(f"/api/v1/occupiers/{scene.occupier.id}/decommission/preview")
    body: dict[str, dict[str, object]] = found.json()
    return body


async def test_a_start_waits_for_the_approval_of_somebody_else(
    client: httpx.AsyncClient, scene: Scene, second: Headers, sessions: Sessions
) -> None:
    shown = await preview(client, scene)
    assert shown["second_person"] == {"required": True, "approved_until": None}
    assert "approve" in shown["allowed_actions"]
    refused = await ask(client, scene)
    assert (refused.status_code, refused.json()["type"]) == (
        409,
        "/problems/second-person-needed",
    )
    assert refused.json()["plan_hash"] == shown["plan"]["hash"]

    approved = await approve(client, scene, second, plan_hash=shown["plan"]["hash"])

    assert approved.status_code == 201, approved.text
    assert approved.json()["plan_hash"] == shown["plan"]["hash"]
    again = await preview(client, scene)
    assert again["second_person"]["approved_until"] == approved.json()["expires_at"]
    assert (await ask(client, scene)).status_code == 202
    async with sessions() as session:
        row = (await session.scalars(select(ApprovalRow))).one()
        assert row.used_at is not None
        told = select(AuditEventRow.action, AuditEventRow.outcome).order_by(AuditEventRow.id)
        assert [tuple(each) for each in await session.execute(told)] == [
            ("occupier.decommission", "refused"),
            ("decommission.approve", "done"),
            ("occupier.decommission", "done"),
        ]


async def test_nobody_is_their_own_second_person(
    client: httpx.AsyncClient, scene: Scene, second: Headers
) -> None:
    assert (await approve(client, scene)).status_code == 201
    assert (await ask(client, scene)).status_code == 409
    assert (await ask(client, scene, headers=second)).status_code == 202


async def test_an_approval_ends_after_an_hour(
    client: httpx.AsyncClient, scene: Scene, second: Headers, sessions: Sessions
) -> None:
    await approve(client, scene, second)
    age = "UPDATE approvals SET approved_at = approved_at - {0}, expires_at = expires_at - {0}"
    async with sessions.begin() as session:
        await session.execute(text(age.format("interval '60 minutes'")))
    assert (await ask(client, scene)).status_code == 409
    assert (await preview(client, scene))["second_person"]["approved_until"] is None
    async with sessions.begin() as session:
        await session.execute(text(age.format("interval '-1 minute'")))
    assert (await ask(client, scene)).status_code == 202


async def test_an_approval_is_for_the_plan_that_was_approved(
    client: httpx.AsyncClient, scene: Scene, second: Headers, sessions: Sessions
) -> None:
    seen = await preview(client, scene)
    await approve(client, scene, second)
    async with sessions.begin() as session:
        await make_device(session, occupier=scene.occupier, site=scene.sites[0])
    refused = await ask(client, scene)
    assert refused.json()["type"] == "/problems/second-person-needed"
    stale = await approve(client, scene, second, plan_hash=seen["plan"]["hash"])
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/plan-drifted")
    assert (await approve(client, scene, second)).status_code == 201
    assert (await ask(client, scene)).status_code == 202


async def test_an_approval_is_checked_like_a_start(
    client: httpx.AsyncClient,
    scene: Scene,
    second: Headers,
    sessions: Sessions,
    settings: Settings,
) -> None:
    async with sessions.begin() as session:
        half = await make_member(session, roles={scene.sites[0].id: TeamRole.ADMIN})
        other = await make_operator(session)
        stranger = await make_member(session, operator_id=other.id, is_super_admin=True)
        full = await make_member(session, is_super_admin=True)
    old = headers_of(settings, full, auth_age_s=3600)
    for headers, body, status in (
        (headers_of(settings, half), {}, 403),
        (headers_of(settings, stranger), {}, 404),
        (old, {}, 401),
        (second, {"name": "Two keys Ltd"}, 422),
        (second, {"acknowledgement": False}, 422),
    ):
        reply = await approve(client, scene, headers, **body)
        assert reply.status_code == status, reply.text
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        await make_service(session, contract=contract, update_state=UpdateState.FAILED)
    blocked = await approve(client, scene, second)
    assert (blocked.status_code, blocked.json()["type"]) == (409, "/problems/decommission-blocked")


async def test_a_super_admin_switches_the_second_person_on_and_off(
    client: httpx.AsyncClient,
    scene: Scene,
    second: Headers,
    sessions: Sessions,
    settings: Settings,
    super_admin: Member,
) -> None:
    path = f"/api/v1/operators/{scene.operator.id}"

    async def switch(headers: Headers | None = None, *, on: bool = False) -> httpx.Response:
        return await client.patch(
            path,
            json={"second_person_required": on},
            headers={"Idempotency-Key": uuid4().hex} | (headers or {}),
        )

    assert (await switch(second)).status_code == 403
    async with sessions.begin() as session:
        other = await make_operator(session)
        stranger = await make_member(session, operator_id=other.id, is_super_admin=True)
    assert (await switch(headers_of(settings, stranger))).status_code == 404
    listed = await client.get("/api/v1/operators")
    assert [one["id"] for one in listed.json()["items"]] == [str(scene.operator.id)]
    assert listed.json()["items"][0]["second_person_required"] is True

    switched = await switch()

    assert (switched.status_code, switched.json()["second_person_required"]) == (200, False)
    refused = await approve(client, scene, second)
    assert refused.json()["type"] == "/problems/approval-not-needed"
    assert (await ask(client, scene)).status_code == 202
    async with sessions() as session:
        row = await session.get_one(OperatorRow, scene.operator.id)
        assert row.second_person_required is False
        done = select(AuditEventRow).where(AuditEventRow.action == "operator.edit")
        events = list(await session.scalars(done.order_by(AuditEventRow.id)))
        assert [event.outcome for event in events] == ["refused", "refused", "done"]
        assert events[-1].actor == super_admin.actor
        assert (events[-1].before, events[-1].after) == (
            {"second_person": "required"},
            {"second_person": "not_required"},
        )
