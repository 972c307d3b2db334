"""SCIM as a client of RFC 7644 sees it."""

from typing import Any

import aiohttp

from estate.client import EstateClient
from tests.estate.running import RunningEstate

_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


async def ask(
    estate: RunningEstate, method: str, path: str, body: object = None
) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession(estate.url) as session,
        session.request(method, path, json=body) as answer,
    ):
        found = await answer.json(content_type=None) if answer.status != 204 else None
        return answer.status, found


def user(name: str, organization: str, site: str) -> dict[str, object]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", _ENTERPRISE],
        "userName": name,
        "externalId": f"ext-{name}",
        "emails": [{"value": f"{name}@example.com", "primary": True}],
        _ENTERPRISE: {"organization": organization, "division": site},
    }


async def test_a_user_is_made_found_disabled_and_deleted(estate: RunningEstate, site: str) -> None:
    status, made = await ask(estate, "POST", "/scim/v2/Users", user(f"Ann-{site}", site, site))
    assert (status, made["active"], made["meta"]["version"]) == (201, True, 'W/"1"')
    path = f"/scim/v2/Users/{made['id']}"
    assert await ask(estate, "GET", path) == (200, made)
    patch = {"Operations": [{"op": "replace", "value": {"active": False}}]}
    status, changed = await ask(estate, "PATCH", path, patch)
    assert (status, changed["active"], changed["emails"]) == (200, False, made["emails"])
    assert (await ask(estate, "DELETE", path))[0] == 204
    status, error = await ask(estate, "DELETE", path)
    assert status == 404
    assert error["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert error["status"] == "404"
    assert (await ask(estate, "GET", path))[0] == 404


async def test_a_taken_user_name_is_a_uniqueness_conflict(estate: RunningEstate, site: str) -> None:
    await ask(estate, "POST", "/scim/v2/Users", user(f"bob-{site}", site, site))
    status, error = await ask(estate, "POST", "/scim/v2/Users", user(f"BOB-{site}", site, site))
    assert (status, error["scimType"]) == (409, "uniqueness")


async def test_filters_find_pages_of_users(estate: RunningEstate, site: str) -> None:
    for n in range(5):
        await ask(estate, "POST", "/scim/v2/Users", user(f"u{n}-{site}", f"org-{site}", site))
    search = "/scim/v2/Users/.search"
    for wanted, count in {
        f'{_ENTERPRISE}:organization eq "org-{site}"': 5,
        f'userName eq "U3-{site.upper()}"': 1,
        f'externalId sw "ext-u1-{site}" or externalId ew "u2-{site}"': 2,
        f'externalId co "{site}" and not (userName eq "u0-{site}")': 4,
        f'externalId co "{site}" and active eq true and externalId pr': 5,
        f'externalId co "{site}" and active eq false': 0,
        'userName eq "100%_\\""': 0,
    }.items():
        status, found = await ask(estate, "POST", search, {"filter": wanted})
        assert (status, found["totalResults"]) == (200, count), wanted
    page = {"filter": f'externalId co "{site}"', "startIndex": 5, "count": 2}
    _, found = await ask(estate, "POST", search, page)
    assert (found["totalResults"], found["itemsPerPage"], found["startIndex"]) == (5, 1, 5)
    for broken in ('userName eq "a" or', "name eq", 'userName xx "a"', "((", '"a" eq userName'):
        status, error = await ask(estate, "POST", search, {"filter": broken})
        assert status == 400, broken
        assert error["status"] == "400"


async def test_bulk_answers_every_operation_by_itself(
    estate: RunningEstate, client: EstateClient, site: str
) -> None:
    _, ann = await ask(estate, "POST", "/scim/v2/Users", user(f"ann-{site}", site, site))
    _, bob = await ask(estate, "POST", "/scim/v2/Users", user(f"bob-{site}", site, site))
    delete = {"method": "DELETE", "path": f"/Users/{ann['id']}", "bulkId": f"key-{site}"}
    stale = {"method": "DELETE", "path": f"/Users/{bob['id']}", "version": 'W/"9"'}
    new = {"method": "POST", "data": user(f"cat-{site}", site, site), "bulkId": "c"}
    body = {"Operations": [delete, delete, stale, new]}
    status, found = await ask(estate, "POST", f"/sites/{site}/scim/v2/Bulk", body)
    assert status == 200
    assert [o["status"] for o in found["Operations"]] == ["204", "404", "412", "201"]
    effects = await client.ledger("effects", site=site, effect="user_deleted")
    assert [(e["handle"], e["key"]) for e in effects] == [(ann["id"], f"key-{site}")]
