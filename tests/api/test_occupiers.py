"""Reading occupiers and sites."""

from uuid import uuid4

import httpx

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import ContractState, TeamRole
from models.settings import Settings
from tests.builders import make_contract, make_decommission, make_occupier, make_scene, make_site
from tests.identities import headers_of, make_member


async def names(client: httpx.AsyncClient, query: str) -> list[str]:
    reply = await client.get(f"/api/v1/occupiers?{query}")
    assert reply.status_code == 200, reply.text
    return [item["name"] for item in reply.json()["items"]]


async def test_occupiers_are_found_by_any_part_of_the_name_in_any_case(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        for name in ("Harbour Ltd", "100% Cotton", "100 Cotton", "Under_score"):
            await make_occupier(session, name=name)
    assert await names(client, "search=ARBO") == ["Harbour Ltd"]
    assert await names(client, "search=0%25") == ["100% Cotton"]
    assert await names(client, "search=r_s") == ["Under_score"]
    assert await names(client, "name=Harbour%20Ltd") == ["Harbour Ltd"]
    assert await names(client, "name=harbour%20ltd") == []


async def test_occupiers_are_filtered_by_site_and_statuses(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        site = await make_site(session)
        here = {}
        for status in OccupierStatus:
            here[status] = await make_occupier(session, name=status.value, status=status)
            await make_contract(session, occupier=here[status], site=site)
        elsewhere = await make_occupier(session, name="elsewhere")
        await make_contract(session, occupier=elsewhere)
        discarded = await make_occupier(session, name="discarded")
        await make_contract(session, occupier=discarded, site=site, state=ContractState.DISCARDED)
    assert len(await names(client, f"site_id={site.id}")) == len(OccupierStatus)
    query = f"site_id={site.id}&status=failed&status=pending"
    assert await names(client, query) == ["failed", "pending"]


async def test_pages_cover_every_occupier_once_and_in_order(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        for number in range(7):
            gone = OccupierStatus.DECOMMISSIONED  # only one that is living can have a name
            await make_occupier(session, name=f"Same {number // 3}", status=gone)
    found: list[tuple[str, str]] = []
    cursor = ""
    while True:
        reply = (await client.get(f"/api/v1/occupiers?limit=2{cursor}")).json()
        found += [(item["name"], item["id"]) for item in reply["items"]]
        if reply["next_cursor"] is None:
            break
        cursor = f"&cursor={reply['next_cursor']}"
    assert len(found) == 7
    assert found == sorted(set(found))


async def test_a_cursor_of_another_list_is_refused(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        for _ in range(2):
            await make_site(session)
    cursor = (await client.get("/api/v1/sites?limit=1")).json()["next_cursor"]
    assert (await client.get(f"/api/v1/sites?cursor={cursor}")).status_code == 200
    for changed in (cursor[:-2], f"A{cursor[1:]}" if cursor[0] != "A" else f"B{cursor[1:]}"):
        assert (await client.get(f"/api/v1/sites?cursor={changed}")).status_code == 422
    reply = await client.get(f"/api/v1/occupiers?cursor={cursor}")
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == "query.cursor"


async def test_an_occupier_shows_its_sites_and_its_decommission(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        decommission = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
    body = (await client.get(f"/api/v1/occupiers/{scene.occupier.id}")).json()
    assert {site["id"] for site in body["sites"]} == {str(site.id) for site in scene.sites}
    assert body["decommission"]["id"] == str(decommission.id)
    assert (await client.get(f"/api/v1/occupiers/{uuid4()}")).status_code == 404


async def test_a_site_is_read_by_its_id(client: httpx.AsyncClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        site = await make_site(session, time_zone="Asia/Tokyo")
    body = (await client.get(f"/api/v1/sites/{site.id}")).json()
    assert body["time_zone"] == "Asia/Tokyo"
    assert (await client.get(f"/api/v1/sites/{uuid4()}")).status_code == 404


async def test_an_occupier_says_what_may_be_done_to_it_in_its_status(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scenes = {each: await make_scene(session, status=each) for each in OccupierStatus}
    allowed = {}
    for status, scene in scenes.items():
        body = (await client.get(f"/api/v1/occupiers/{scene.occupier.id}")).json()
        allowed[status] = set(body["allowed_actions"])
    under_way = {"case.raise", "decommission.raise_case"}
    may_start = [status for status, actions in allowed.items() if "decommission.start" in actions]
    assert may_start == [OccupierStatus.ACTIVE]
    assert {"occupier.edit", "decommission.schedule"} <= allowed[OccupierStatus.SCHEDULED]
    assert allowed[OccupierStatus.PENDING] == allowed[OccupierStatus.FAILED] == under_way
    assert allowed[OccupierStatus.DECOMMISSIONED] == {"case.raise"}


async def test_an_admin_at_some_sites_only_is_not_offered_the_decommission(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        half = await make_member(session, roles={scene.sites[0].id: TeamRole.ADMIN})
    path = f"/api/v1/occupiers/{scene.occupier.id}"
    reply = await client.get(path, headers=headers_of(settings, half))
    allowed = ["occupier.edit", "decommission.preview", "case.raise"]
    assert reply.json()["allowed_actions"] == allowed
