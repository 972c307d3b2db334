"""The tabs of an occupier: what it holds, before and after a decommission."""

from typing import Any

import httpx
import pytest

from models.database import Sessions
from models.domain.permission import StaffRole
from models.domain.portfolio import ServiceState, TeamRole
from models.settings import Settings
from tests.builders import (
    make_contract,
    make_handset_login,
    make_number,
    make_occupancy,
    make_occupier,
    make_service,
    make_site,
    make_user,
    make_user_account,
    make_wifi_account,
    make_wifi_device,
)
from tests.identities import headers_of, make_member

TABS = (
    "contracts",
    "services",
    "users",
    "wifi-devices",
    "call-charges",
    "phone-numbers",
    "networks",
    "public-ips",
    "ports",
)


async def items(client: httpx.AsyncClient, occupier_id: object, tab: str) -> list[dict[str, Any]]:
    reply = await client.get(f"/api/v1/occupiers/{occupier_id}/{tab}")
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


async def test_contracts_come_newest_first_with_the_spaces_that_they_let(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        contract = await make_contract(session, occupier=occupier)
        await make_occupancy(session, contract=contract)
    (found,) = await items(client, occupier.id, "contracts")
    assert found["reference"] == contract.reference
    assert len(found["spaces"]) == 1
    assert found["site_name"]


async def test_users_show_their_accounts_and_are_found_by_a_part_of_the_address(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        await make_contract(session, occupier=occupier)
        user = await make_user(session, occupier=occupier)
        await make_wifi_account(session, user=user)
        await make_user_account(session, user=user)
        other = await make_user(session, occupier=occupier)
    found = {each["id"]: each for each in await items(client, occupier.id, "users")}
    assert found[str(user.id)]["wifi_state"] == "active"
    assert found[str(other.id)]["wifi_state"] is None
    part = user.email.split("@")[0].upper()
    assert [each["id"] for each in await items(client, occupier.id, f"users?search={part}")] == [
        str(user.id)
    ]


async def test_a_number_shows_the_handset_that_it_is_logged_in_to(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        site = await make_site(session)
        await make_contract(session, occupier=occupier, site=site)
        number = await make_number(session, site=site, occupier_id=occupier.id, state="active")
        await make_handset_login(session, number=number)
        await make_wifi_device(session, occupier=occupier, site=site)
    (found,) = await items(client, occupier.id, "phone-numbers")
    assert (found["number"], found["handset"] is not None) == (number.e164, True)
    assert len(await items(client, occupier.id, "wifi-devices")) == 1


async def test_pages_of_a_tab_cover_everything_once_and_another_tabs_cursor_is_refused(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        site = await make_site(session)
        await make_contract(session, occupier=occupier, site=site)
        for _ in range(5):
            await make_wifi_device(session, occupier=occupier, site=site)
    seen: list[str] = []
    cursor = ""
    while True:
        at = f"/api/v1/occupiers/{occupier.id}/wifi-devices?limit=2{cursor}"
        page = (await client.get(at)).json()
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 5
    wrong = await client.get(f"/api/v1/occupiers/{occupier.id}/users?{cursor[1:]}")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "query.cursor"


@pytest.mark.parametrize("tab", TABS)
async def test_every_tab_of_an_unknown_occupier_is_not_found(
    client: httpx.AsyncClient, tab: str
) -> None:
    reply = await client.get(f"/api/v1/occupiers/00000000-0000-4000-8000-000000000000/{tab}")
    assert reply.status_code == 404


async def test_an_admin_of_one_site_sees_nothing_of_the_other(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        here, there = await make_site(session), await make_site(session)
        for site in (here, there):
            contract = await make_contract(session, occupier=occupier, site=site)
            await make_service(session, contract=contract)
        member = await make_member(session, roles={here.id: TeamRole.ADMIN})
    headers = headers_of(settings, member)
    for tab in ("contracts", "services"):
        reply = await client.get(f"/api/v1/occupiers/{occupier.id}/{tab}", headers=headers)
        assert [each["site_id"] for each in reply.json()["items"]] == [str(here.id)]


async def test_staff_see_services_but_no_users_no_devices_and_numbers_only_as_such(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        site = await make_site(session)
        contract = await make_contract(session, occupier=occupier, site=site)
        await make_service(session, contract=contract)
        user = await make_user(session, occupier=occupier, home_site=site)
        number = await make_number(
            session, site=site, occupier_id=occupier.id, user_id=user.id, state="active"
        )
        await make_wifi_device(session, occupier=occupier, site=site)
        staff = await make_member(session, staff_role=StaffRole.SRE)
    headers = headers_of(settings, staff)
    counts = {}
    for tab in ("services", "users", "wifi-devices", "phone-numbers"):
        reply = await client.get(f"/api/v1/occupiers/{occupier.id}/{tab}", headers=headers)
        counts[tab] = len(reply.json()["items"])
        assert user.last_name not in reply.text
    assert counts["services"] == 1
    assert (counts["users"], counts["wifi-devices"], counts["phone-numbers"]) == (0, 0, 1)
    assert number.e164 not in reply.text


async def test_a_service_is_shown_without_any_end_date(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        contract = await make_contract(session, occupier=occupier)
        await make_service(session, contract=contract, state=ServiceState.INACTIVE)
    found = await items(client, occupier.id, "services")
    assert found
    assert not [name for service in found for name in service if "end" in name.split("_")]
