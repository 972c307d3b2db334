"""Closing a site over HTTP: whom it concerns, who may, and how it is paused."""

from collections.abc import Mapping

import httpx
import pytest

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import ContractState, TeamRole, UpdateState
from models.settings import Settings
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from tests.builders import make_contract, make_occupier, make_service, make_site
from tests.identities import headers_of, key, make_member


@pytest.fixture
async def site(sessions: Sessions) -> SiteRow:
    async with sessions.begin() as session:
        return await make_site(session, name="Canal Yard")


@pytest.fixture
async def occupiers(sessions: Sessions, site: SiteRow) -> Mapping[str, OccupierRow]:
    """Two that live only there, one of them blocked, and three that do not go."""
    found = {}
    async with sessions.begin() as session:
        for name in ("only", "blocked", "elsewhere", "pending", "discarded elsewhere"):
            occupier = await make_occupier(session, name=name)
            contract = await make_contract(session, occupier=occupier, site=site)
            found[name] = occupier
            if name == "blocked":
                await make_service(session, contract=contract, update_state=UpdateState.FAILED)
            if name == "pending":
                occupier.status = OccupierStatus.PENDING
            if "elsewhere" in name:
                state = ContractState.DISCARDED if "disc" in name else ContractState.COMPLETED
                await make_contract(session, occupier=occupier, state=state)
    return found


def wish(**changes: object) -> dict[str, object]:
    return {"name": "Canal Yard", "acknowledgement": True} | changes


async def close(
    client: httpx.AsyncClient, site: SiteRow, body: object, **headers: str
) -> httpx.Response:
    path = f"/api/v1/sites/{site.id}/closure"
    return await client.post(path, json=body, headers=key() | headers)


async def test_the_preview_says_who_would_go_and_who_not_and_why(
    client: httpx.AsyncClient, site: SiteRow, occupiers: Mapping[str, OccupierRow]
) -> None:
    reply = await client.get(f"/api/v1/sites/{site.id}/closure/preview")

    assert reply.status_code == 200, reply.text
    preview = reply.json()
    assert preview["closure_id"] is None
    assert {one["occupier_name"]: one["reasons"] for one in preview["goes"]} == {
        "only": [],
        "blocked": ["service_failed"],
        "discarded elsewhere": [],
    }
    assert {one["occupier_name"]: one["reasons"] for one in preview["stays"]} == {
        "elsewhere": ["at_other_sites"],
        "pending": ["occupier_pending"],
    }


async def test_a_closure_is_started_read_paused_and_resumed(
    client: httpx.AsyncClient, site: SiteRow, occupiers: Mapping[str, OccupierRow]
) -> None:
    reply = await close(client, site, wish(at_once=2))
    assert reply.status_code == 202, reply.text
    assert reply.json()["counts"]["waiting"] == 3

    path = reply.headers["Location"]
    found = await client.get(path)
    assert found.json() == reply.json()
    paused = await client.post(f"{path}/pause", headers=key() | {"If-Match": '"1"'})
    assert (paused.status_code, paused.json()["state"]) == (200, "paused")
    assert (found.json()["allowed_actions"], paused.json()["allowed_actions"]) == (
        ["pause"],
        ["resume"],
    )
    stale = await client.post(f"{path}/resume", headers=key() | {"If-Match": '"1"'})
    assert stale.status_code == 412
    resumed = await client.post(f"{path}/resume", headers=key() | {"If-Match": '"2"'})
    assert (resumed.status_code, resumed.json()["state"]) == (200, "running")

    second = await close(client, site, wish())
    assert second.status_code == 409
    preview = await client.get(f"/api/v1/sites/{site.id}/closure/preview")
    assert preview.json()["closure_id"] == reply.json()["id"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "canal yard"}, "site-name-mismatch"),
        ({"acknowledgement": False}, "invalid-request"),
        ({"at_once": 0}, "invalid-request"),
        ({"at_once": 21}, "invalid-request"),
        ({"at_once": "3"}, "invalid-request"),
        ({"site_id": "x"}, "invalid-request"),
    ],
)
async def test_a_closure_is_confirmed_exactly(
    client: httpx.AsyncClient, site: SiteRow, changes: dict[str, object], problem: str
) -> None:
    reply = await close(client, site, wish(**changes))
    assert reply.status_code == 422
    assert reply.json()["type"] == f"/problems/{problem}"


async def test_only_an_admin_of_the_site_may(
    client: httpx.AsyncClient, site: SiteRow, settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        elsewhere = await make_site(session)
        user = await make_member(session, roles={site.id: TeamRole.USER})
        stranger = await make_member(session, roles={elsewhere.id: TeamRole.ADMIN})
        admin = await make_member(session, roles={site.id: TeamRole.ADMIN})
    old = headers_of(settings, admin, auth_age_s=3600)
    for headers, status in (
        (headers_of(settings, user), 403),
        (headers_of(settings, stranger), 404),
        (old, 401),
        (headers_of(settings, admin), 202),
    ):
        reply = await close(client, site, wish(), **headers)
        assert reply.status_code == status
    path = reply.headers["Location"]
    seen = {
        "admin": await client.get(path, headers=headers_of(settings, admin)),
        "user": await client.get(path, headers=headers_of(settings, user)),
    }
    offered = {who: found.json()["allowed_actions"] for who, found in seen.items()}
    assert offered == {"admin": ["pause"], "user": []}
