"""Editing an occupier over HTTP: who may, on which version, and until when."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from models.database import Sessions
from models.domain.audit import Outcome
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import TeamRole
from models.settings import Settings
from models.tables.audit import AuditEventRow
from models.tables.occupier import ExternalIdentifierRow, OccupierRow
from tests.builders import make_operator, make_scene
from tests.identities import headers_of, key, make_member


@pytest.fixture
async def occupier(sessions: Sessions) -> OccupierRow:
    """An active occupier at two sites."""
    async with sessions.begin() as session:
        return (await make_scene(session, name="Søn & Co")).occupier


async def patch(
    client: httpx.AsyncClient, occupier: OccupierRow, body: object, **headers: str
) -> httpx.Response:
    given = key() | {"If-Match": '"1"'} | {n.replace("_", "-"): v for n, v in headers.items()}
    return await client.patch(f"/api/v1/occupiers/{occupier.id}", json=body, headers=given)


async def events(sessions: Sessions) -> list[AuditEventRow]:
    async with sessions() as session:
        return list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))


async def test_an_edit_raises_the_version_and_is_audited_without_the_values(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    read = await client.get(f"/api/v1/occupiers/{occupier.id}")
    assert read.headers["ETag"] == '"1"'

    reply = await patch(client, occupier, {"name": "New Name", "billing_reference": "B-9"})

    assert reply.status_code == 200, reply.text
    assert reply.headers["ETag"] == '"2"'
    assert (reply.json()["name"], reply.json()["version"]) == ("New Name", 2)
    (event,) = await events(sessions)
    assert event.after == {"version": "2", "changed": "billing_reference,name"}
    assert "New Name" not in repr((event.before, event.after))


async def test_a_repeat_with_the_same_key_changes_nothing_more(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    once = {"Idempotency_Key": "again"}
    first = await patch(client, occupier, {"name": "New Name"}, **once)
    second = await patch(client, occupier, {"name": "New Name"}, **once)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second.json()["version"] == 2


async def test_an_edit_that_changes_nothing_leaves_the_version(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    reply = await patch(client, occupier, {"name": "Søn & Co"})
    assert (reply.status_code, reply.headers["ETag"]) == (200, '"1"')
    assert [event.after for event in await events(sessions)] == [None]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"If_Match": '"7"'}, 412), ({"If_Match": "*"}, 400), ({"If_Match": 'W/"1"'}, 400)],
)
async def test_only_the_version_that_was_read_may_be_changed(
    client: httpx.AsyncClient, occupier: OccupierRow, headers: dict[str, str], status: int
) -> None:
    assert (await patch(client, occupier, {"name": "New"}, **headers)).status_code == status


async def test_an_edit_without_a_version_or_a_key_is_refused(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    path = f"/api/v1/occupiers/{occupier.id}"
    without_version = await client.patch(path, json={"name": "New"}, headers=key())
    assert without_version.status_code == 428
    without_key = await client.patch(path, json={"name": "New"}, headers={"If-Match": '"1"'})
    assert without_key.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": None},
        {"name": ""},
        {"name": " padded"},
        {"name": "two\nlines"},
        {"name": "x" * 201},
        {"name": "New", "status": "decommissioned"},
        {"version": 5},
        {"operator_id": str(uuid4())},
    ],
)
async def test_a_body_that_is_not_an_edit_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, occupier: OccupierRow, body: object
) -> None:
    assert (await patch(client, occupier, body)).status_code == 422
    assert (await client.get(f"/api/v1/occupiers/{occupier.id}")).json()["version"] == 1


async def test_a_name_that_another_occupier_has_names_the_field(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await make_scene(session, name="Taken")
        gone = (await make_scene(session, name="Gone")).occupier
        gone.status = OccupierStatus.DECOMMISSIONED
    taken = await patch(client, occupier, {"name": "Taken"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/name-taken")
    assert taken.json()["errors"][0]["field"] == "body.name"
    assert (await patch(client, occupier, {"name": "Gone"})).status_code == 200


@pytest.mark.parametrize("status", ["pending", "failed", "decommissioned"])
async def test_from_pending_on_nothing_can_be_edited_and_the_refusal_says_why(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions, status: str
) -> None:
    async with sessions.begin() as session:
        (await session.get_one(OccupierRow, occupier.id)).status = OccupierStatus(status)
    path = f"/api/v1/occupiers/{occupier.id}"
    add = {"external_system": "crm", "identifier": "1"}
    for reply in (
        await patch(client, occupier, {"name": "New"}),
        await client.post(f"{path}/external-identifiers", json=add, headers=key()),
    ):
        assert (reply.status_code, reply.json()["type"]) == (409, "/problems/occupier-locked")
        assert reply.json()["occupier_status"] == status
        assert status in reply.json()["detail"]
    assert [event.reason for event in await events(sessions)] == ["occupier-locked"] * 2
    assert {event.outcome for event in await events(sessions)} == {Outcome.REFUSED}


async def test_only_admins_of_its_sites_edit_and_others_do_not_even_see_it(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        sites = (await make_scene(session)).sites
        scene = await make_scene(session, sites=1)
        other = await make_operator(session)
        admin = await make_member(session, roles={scene.sites[0].id: TeamRole.ADMIN})
        user = await make_member(session, roles={scene.sites[0].id: TeamRole.USER})
        elsewhere = await make_member(session, roles={sites[0].id: TeamRole.ADMIN})
        outsider = await make_member(session, operator_id=other.id, is_super_admin=True)
    found = []
    for member in (admin, user, elsewhere, outsider):
        reply = await patch(
            client, scene.occupier, {"billing_reference": "B-1"}, **headers_of(settings, member)
        )
        found.append(reply.status_code)
    assert found == [200, 403, 404, 404]


async def test_of_two_edits_at_once_one_is_stale(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    replies = await asyncio.gather(
        *(patch(client, occupier, {"name": f"Name {number}"}) for number in range(5))
    )
    assert sorted(reply.status_code for reply in replies) == [200, 412, 412, 412, 412]


async def test_an_external_identifier_is_added_once_and_removed(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    path = f"/api/v1/occupiers/{occupier.id}/external-identifiers"
    body = {"external_system": "crm", "identifier": "C-1"}

    added = await client.post(path, json=body, headers=key())
    assert added.status_code == 201, added.text
    assert (await client.get(path)).json()["items"] == [added.json()]
    assert (await client.post(path, json=body, headers=key())).status_code == 409

    removed = await client.delete(f"{path}/{added.json()['id']}", headers=key())
    assert (removed.status_code, removed.json()) == (200, added.json())
    again = await client.delete(f"{path}/{added.json()['id']}", headers=key())
    assert again.status_code == 404
    async with sessions() as session:
        assert (await session.scalars(select(ExternalIdentifierRow))).all() == []
