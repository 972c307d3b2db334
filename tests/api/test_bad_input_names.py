"""Every nasty text as a name: found exactly, confirmed exactly, never executed, never changed."""

import json
import unicodedata

import httpx
import pytest
from sqlalchemy import text

from models.database import Sessions
from models.tables.occupier import OccupierRow
from tests.builders import make_contract, make_occupier
from tests.digests import digest
from tests.identities import key
from tests.nasty import NASTY, UNSTORABLE

JSON = {"content-type": "application/json"}


@pytest.fixture
async def occupiers(sessions: Sessions) -> dict[str, OccupierRow]:
    """One for each nasty name."""
    async with sessions.begin() as session:
        made = {}
        for kind, name in NASTY.items():
            made[kind] = await make_occupier(session, name=name)
            await make_contract(session, occupier=made[kind])
        return made


def confirmation(name: str, **changes: object) -> dict[str, object]:
    return {"name": name, "acknowledgement": True} | changes


async def start(
    client: httpx.AsyncClient, occupier: OccupierRow, body: object, **headers: str
) -> httpx.Response:
    """Start it, as text that may hold what no client would write."""
    return await client.post(
        f"/api/v1/occupiers/{occupier.id}/decommission",
        content=json.dumps(body).encode(),
        headers={**JSON, **key(), "If-Match": f'"{occupier.version}"', **headers},
    )


async def test_an_occupier_is_found_by_each_name_exactly_and_no_other_by_it(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow]
) -> None:
    for kind, name in NASTY.items():
        reply = await client.get("/api/v1/occupiers", params={"name": name})
        assert reply.status_code == 200, reply.text
        assert [one["id"] for one in reply.json()["items"]] == [str(occupiers[kind].id)], kind
        assert reply.json()["items"][0]["name"] == name
        assert "set-cookie" not in reply.headers
        assert reply.headers["content-type"] == "application/json"


async def test_a_search_takes_every_text_as_that_text(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow]
) -> None:
    for kind, name in NASTY.items():
        reply = await client.get("/api/v1/occupiers", params={"search": name})
        assert reply.status_code == 200, reply.text
        found = {one["id"] for one in reply.json()["items"]}
        assert str(occupiers[kind].id) in found, kind
        expected = {
            str(other.id)
            for other in occupiers.values()
            if name.casefold() in other.name.casefold() or name.lower() in other.name.lower()
        }
        assert found == expected, kind


async def test_no_search_changes_anything(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow], sessions: Sessions
) -> None:
    before = await digest(sessions)
    for name in [*NASTY.values(), *UNSTORABLE.values(), "x" * 501]:
        for field in ("search", "name", "cursor"):
            encoded = name.encode("utf-8", "surrogatepass")
            reply = await client.get(httpx.URL("/api/v1/occupiers", params={field: encoded}))
            assert reply.status_code in {200, 422}, reply.text
    assert await digest(sessions) == before


async def test_a_start_is_accepted_only_under_the_very_name(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow], sessions: Sessions
) -> None:
    for kind, name in NASTY.items():
        before = await digest(sessions)
        for wrong in (name + " ", name + "\u200b", name.swapcase() + ".", f"'{name}'"):
            reply = await start(client, occupiers[kind], confirmation(wrong))
            assert reply.status_code == 422, (kind, reply.text)
            assert reply.json()["type"] == "/problems/occupier-name-mismatch"
            shown = json.dumps(name)[1:-1]
            assert len(name) < 5 or shown not in reply.text
        assert await digest(sessions) == before
        reply = await start(client, occupiers[kind], confirmation(name))
        assert reply.status_code == 202, (kind, reply.text)


async def test_both_ways_to_write_an_accent_are_one_name_and_look_alikes_are_not(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow]
) -> None:
    other_ways = {
        "composed": unicodedata.normalize("NFD", NASTY["composed"]),
        "decomposed": unicodedata.normalize("NFC", NASTY["decomposed"]),
    }
    for kind, name in other_ways.items():
        assert name != NASTY[kind]
        reply = await start(client, occupiers[kind], confirmation(name))
        assert reply.status_code == 202, reply.text
    reply = await start(client, occupiers["homoglyph"], confirmation("Harbour Ltd"))
    assert reply.json()["type"] == "/problems/occupier-name-mismatch"
    reply = await start(client, occupiers["trailing space"], confirmation("Harbour Ltd"))
    assert reply.json()["type"] == "/problems/occupier-name-mismatch"


NOT_A_CONFIRMATION: list[dict[str, object]] = [
    {"acknowledgement": False},
    {"acknowledgement": None},
    {"acknowledgement": "true"},
    {"acknowledgement": 1},
    {"acknowledgement": 1.0},
    {"acknowledgement": [True]},
    {"name": None},
    {"name": 1},
    {"name": ["O'Neill"]},
    {"name": ""},
    {"name": "x" * 401},
    {"name": "x" * 900_000},
    {"name": UNSTORABLE["NUL"]},
    {"name": UNSTORABLE["lone surrogate"]},
    {"status": "active"},
    {"site_ids": []},
    {"role": "super_admin"},
    {"operator_id": "00000000-0000-0000-0000-000000000000"},
    {"cooling_off_days": 0},
    {"cooling_off_until": "2000-01-01T00:00:00Z"},
    {"requested_by": "system"},
    {"workflow_id": "mine"},
    {"__proto__": {}},
    {"Name": "x"},
]


async def test_a_confirmation_with_anything_else_in_it_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow], sessions: Sessions
) -> None:
    before = await digest(sessions)
    for changes in NOT_A_CONFIRMATION:
        reply = await start(client, occupiers["quotes"], confirmation(NASTY["quotes"]) | changes)
        assert reply.status_code == 422, reply.text
        assert reply.json()["type"] == "/problems/invalid-request"
        assert {one["field"] for one in reply.json()["errors"]} == {f"body.{next(iter(changes))}"}
        assert len(reply.content) < 3_000
    assert await digest(sessions) == before


async def test_the_right_name_of_another_occupier_is_a_wrong_name(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow], sessions: Sessions
) -> None:
    before = await digest(sessions)
    reply = await start(client, occupiers["quotes"], confirmation(NASTY["SQL"]))
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/occupier-name-mismatch"
    assert await digest(sessions) == before


async def test_an_occupier_renamed_between_page_and_click_must_be_looked_at_again(
    client: httpx.AsyncClient, occupiers: dict[str, OccupierRow], sessions: Sessions
) -> None:
    occupier = occupiers["quotes"]
    async with sessions.begin() as session:
        await session.execute(
            text("UPDATE occupiers SET name = 'New', version = version + 1 WHERE id = :id"),
            {"id": occupier.id},
        )
    before = await digest(sessions)
    for name in (NASTY["quotes"], "New"):
        reply = await start(client, occupier, confirmation(name))
        assert reply.status_code == 412, reply.text
    assert await digest(sessions) == before
