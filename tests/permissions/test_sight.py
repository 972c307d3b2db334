"""What somebody sees of a thing that they see in part: own sites only, and staff no names."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from models.domain.permission import masked_name
from models.settings import Settings
from tests.permissions.run import Run, running
from tests.permissions.world import Params

STAFF = ("support", "sre", "auditor", "service")


@pytest.fixture
async def run(settings: Settings) -> AsyncIterator[Run]:
    async with running(settings) as run:
        yield run


async def get(run: Run, identity: str, path: str, thing: Params | None = None) -> httpx.Response:
    reply = await run.send(identity, f"GET /api/v1{path}", thing or {})
    assert reply.status_code == 200, reply.text
    return reply


async def test_of_a_decommission_at_two_sites_a_member_of_one_sees_one(run: Run) -> None:
    thing = await run.world.thing("decommission", "both")
    here, there = (str(run.world.sites[scope].id) for scope in ("own", "other_site"))
    whole = (await get(run, "admin", "/decommissions/{decommission_id}", thing)).json()
    half = (await get(run, "half-admin", "/decommissions/{decommission_id}", thing)).json()
    assert [site["site_id"] for site in half["sites"]] == [here]
    assert (whole["counts"]["total"], half["counts"]["total"]) == (3, 2)
    stream = (await get(run, "half-admin", "/decommissions/{decommission_id}/stream", thing)).text
    first = json.loads(stream.split("data: ", 1)[1].split("\n", 1)[0])
    assert [site["site_id"] for site in first["sites"]] == [here]
    assert there in (await get(run, "admin", "/decommissions/{decommission_id}", thing)).text
    for path in ("", "/stream", "/verdicts", "/verdicts/items"):
        told = await get(run, "half-admin", f"/decommissions/{{decommission_id}}{path}", thing)
        assert there not in told.text
        assert run.world.sites["other_site"].name not in told.text


async def test_an_occupier_shows_a_member_the_sites_that_are_theirs(run: Run) -> None:
    thing = await run.world.thing("occupier", "both")
    for identity, count in (("super-admin", 2), ("half-admin", 1), ("user", 2), ("sre", 2)):
        body = (await get(run, identity, "/occupiers/{occupier_id}", thing)).json()
        assert len(body["sites"]) == count, identity


async def test_a_filter_by_a_hidden_site_finds_nothing(run: Run) -> None:
    await run.world.thing("occupier", "both")
    await run.world.thing("schedule", "both")
    hidden = {"site_id": str(run.world.sites["other_site"].id)}
    for path in ("/occupiers", "/tasks", "/schedules"):
        assert (await get(run, "admin", f"{path}?site_id={{site_id}}", hidden)).json()
        found = (await get(run, "half-admin", f"{path}?site_id={{site_id}}", hidden)).json()
        assert found == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("identity", STAFF)
async def test_staff_read_no_name_of_an_occupier(run: Run, identity: str) -> None:
    over = await run.world.thing("decommission", "both")
    waiting = await run.world.thing("schedule", "own")
    for path in (
        "/occupiers",
        "/occupiers/{occupier_id}",
        "/occupiers/{occupier_id}/decommission",
        "/tasks",
        "/tasks/{task_id}",
        "/decommissions",
        "/decommissions/{decommission_id}",
        "/decommissions/{decommission_id}/stream",
        "/schedules",
    ):
        told = (await get(run, identity, path, over)).text
        assert over["name"] not in told
        assert waiting["name"] not in told
    body = (await get(run, identity, "/occupiers/{occupier_id}", over)).json()
    assert body["name"] == masked_name(UUID(body["id"]))
    shown = (await get(run, "user", "/occupiers/{occupier_id}", over)).json()
    assert shown["name"] == over["name"]


@pytest.mark.parametrize("identity", STAFF)
async def test_staff_cannot_guess_a_name_by_filters(run: Run, identity: str) -> None:
    thing = await run.world.thing("occupier", "own")
    for name in ("search", "name"):
        reply = await run.send(identity, f"GET /api/v1/occupiers?{name}={{name}}", thing)
        assert reply.status_code == 422
        (error,) = reply.json()["errors"]
        assert error["field"] == f"query.{name}"
        assert "names of occupiers are not shown" in error["message"]


async def test_staff_page_through_occupiers_in_no_order_of_names(run: Run) -> None:
    for scope in ("own", "both", "other_site", "other_operator"):
        await run.world.thing("occupier", scope)
        await run.world.thing("schedule", scope)
    found: list[str] = []
    path = "/occupiers?limit=3"
    while path:
        body = (await get(run, "sre", path)).json()
        found += [item["id"] for item in body["items"]]
        cursor = body["next_cursor"]
        path = f"/occupiers?limit=3&cursor={cursor}" if cursor else ""
    assert found == sorted(found)
    assert set(found) == {one for ids in run.world.made["occupier"].values() for one in ids}


async def test_a_role_that_is_taken_away_ends_at_the_next_request(run: Run) -> None:
    thing = await run.world.thing("occupier", "other_site")
    assert (await get(run, "user", "/occupiers/{occupier_id}", thing)).status_code == 200
    async with run.world.sessions.begin() as owner:
        await owner.execute(
            text(
                "DELETE FROM site_roles USING team_members WHERE team_member_id = team_members.id"
                " AND subject = 'user' AND site_id = CAST(:site AS uuid)"
            ),
            {"site": str(run.world.sites["other_site"].id)},
        )
    reply = await run.send("user", "GET /api/v1/occupiers/{occupier_id}", thing)
    assert reply.status_code == 404
