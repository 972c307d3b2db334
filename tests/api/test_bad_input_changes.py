"""Crafted changes: fields that nobody offered, versions that are gone, keys that were used."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from models.database import Sessions
from models.settings import Settings
from models.tables.occupier import OccupierRow
from tests.builders import make_contract, make_occupier
from tests.digests import digest
from tests.identities import headers_of, key, make_member
from tests.nasty import NASTY, UNSTORABLE

NOBODY = "00000000-0000-4000-8000-000000000000"
VERSION = {"If-Match": '"1"'}
Json = dict[str, Any]  # Any: JSON


FILE = {"Content-Disposition": "attachment; filename=plan.txt"}  # where a file is taken
OFFERED = {"status": {"status"}}  # of a case, which people do move


@pytest.fixture
async def occupier(sessions: Sessions) -> OccupierRow:
    async with sessions.begin() as session:
        occupier = await make_occupier(session, name="Harbour Ltd")
        await make_contract(session, occupier=occupier)
    return occupier


def unsafe(app: FastAPI) -> Iterator[tuple[str, str, Json]]:
    """Method, address and description of each operation that changes something."""
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/v1") and method != "get":
                yield method.upper(), re.sub(r"\{[^}]+\}", NOBODY, path), operation


def body_of(app: FastAPI, operation: Json) -> Json | None:
    """The schema of what it takes."""
    content = operation.get("requestBody", {}).get("content", {})
    schema: Json | None = content.get("application/json", {}).get("schema")
    if schema and "$ref" not in schema:
        schema = next((one for one in schema.get("anyOf", []) if "$ref" in one), schema)
    if schema and "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        found: Json = app.openapi()["components"]["schemas"][name]
        return found
    return schema


def test_no_body_takes_a_field_that_is_not_described(app: FastAPI) -> None:
    bodies = [
        (path, schema) for _, path, one in unsafe(app) if (schema := body_of(app, one)) is not None
    ]
    assert bodies
    for path, schema in bodies:
        assert schema.get("additionalProperties") is False, path
        offered = set(schema["properties"]) - OFFERED.get(path.rpartition("/")[2], set())
        assert not offered & {"status", "operator_id", "role", "id", "version"}, path


async def test_fields_that_nobody_offered_are_refused_everywhere_and_change_nothing(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    before = await digest(sessions)
    for method, path, operation in unsafe(app):
        if body_of(app, operation) is None:
            continue
        address = path.replace(NOBODY, str(occupier.id))
        for field in ("status", "role", "site_ids", "cooling_off_until", "is_super_admin"):
            reply = await client.request(
                method, address, json={field: "x"}, headers=key() | VERSION
            )
            assert reply.status_code == 422, (path, reply.text)
            assert f"body.{field}" in {one["field"] for one in reply.json()["errors"]}, path
    assert await digest(sessions) == before


async def test_nothing_is_changed_without_an_idempotency_key(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    before = await digest(sessions)
    found = 0
    for method, path, operation in unsafe(app):
        names = {one["name"].lower() for one in operation.get("parameters", [])}
        assert "idempotency-key" in names, path
        body = example(app, operation)
        reply = await client.request(method, path, json=body, headers=VERSION | FILE)
        assert reply.status_code == 400, (path, reply.text)
        assert reply.json()["type"] == "/problems/idempotency-key-missing"
        found += 1
    assert found >= 5
    assert await digest(sessions) == before


def example(app: FastAPI, operation: Json) -> Json | None:
    """A body that passes, where one is needed."""
    schema = body_of(app, operation)
    if schema is None:
        return None
    if "example" in schema:
        example_: Json = schema["example"]
        return example_
    made = {"boolean": True, "string": "x", "integer": 1}
    return {
        name: made.get(schema["properties"][name].get("type", ""), "x")
        for name in schema.get("required", [])
    }


async def test_a_versioned_change_names_the_version_it_was_decided_on(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    before = await digest(sessions)
    for path, method, body in (
        ("", "PATCH", {"billing_reference": "B-1"}),
        ("/decommission", "POST", {"name": "Harbour Ltd", "acknowledgement": True}),
    ):
        for tag, status in (
            (None, 428),
            ('"7"', 412),
            ("*", 400),
            ("1", 400),
            ('W/"1"', 400),
            ('"1", "2"', 400),
            ('"-1"', 400),
            ('"' + "9" * 30 + '"', 400),
            ('"x"', 400),
            ("", 400),
        ):
            headers = key() | ({} if tag is None else {"If-Match": tag})
            address = f"/api/v1/occupiers/{occupier.id}{path}"
            reply = await client.request(method, address, json=body, headers=headers)
            assert reply.status_code == status, (path, tag, reply.text)
    assert await digest(sessions) == before


async def edit(
    client: httpx.AsyncClient, occupier_id: UUID, body: Json, **headers: str
) -> httpx.Response:
    current = await client.get(f"/api/v1/occupiers/{occupier_id}")
    tag = {"If-Match": f'"{current.json()["version"]}"'}
    return await client.patch(
        f"/api/v1/occupiers/{occupier_id}", json=body, headers={**key(), **tag, **headers}
    )


async def test_an_edited_name_is_kept_as_one_line_of_that_very_text_or_refused(
    client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    for kind, name in NASTY.items():
        reply = await edit(client, occupier.id, {"name": name})
        assert reply.status_code in {200, 422}, (kind, reply.text)
        one_line = name == name.strip() and name.isprintable()
        assert reply.status_code == 200 or not one_line, (kind, reply.text)
        if reply.status_code == 200:
            found = (await client.get(f"/api/v1/occupiers/{occupier.id}")).json()
            assert found["name"] == reply.json()["name"]
            assert "\n" not in found["name"]
            assert "\x1b" not in found["name"]
    before = await digest(sessions)
    not_names: list[object] = [
        "",
        " ",
        "x" * 201,
        "\r\n",
        "a\r\nb",
        "\x1b[31m",
        "\u2028",
        None,
        1,
        ["x"],
        {},
    ]
    for bad in not_names:
        assert (await edit(client, occupier.id, {"name": bad})).status_code == 422
    for unstorable in UNSTORABLE.values():
        escaped = unstorable.encode("ascii", "backslashreplace").decode().replace("\0", "\\u0000")
        reply = await client.patch(
            f"/api/v1/occupiers/{occupier.id}",
            content=f'{{"name": "{escaped}"}}'.encode(),
            headers=key() | VERSION | {"content-type": "application/json"},
        )
        assert reply.status_code == 422, reply.text
    assert await digest(sessions) == before


async def test_the_same_request_again_gets_the_same_bytes_and_does_nothing(
    client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    again = key() | VERSION
    address = f"/api/v1/occupiers/{occupier.id}"
    first = await client.patch(address, json={"name": "New"}, headers=again)
    assert first.status_code == 200
    before = await digest(sessions)
    for _ in range(3):
        reply = await client.patch(address, json={"name": "New"}, headers=again)
        assert (reply.status_code, reply.content) == (200, first.content)
        assert reply.headers["Idempotent-Replayed"] == "true"
        assert reply.headers["ETag"] == first.headers["ETag"]
    other = await client.patch(address, json={"name": "Newer"}, headers=again)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    elsewhere = await client.post(
        f"{address}/decommission", json={"name": "New", "acknowledgement": True}, headers=again
    )
    assert elsewhere.status_code == 422
    assert await digest(sessions) == before


async def test_a_captured_request_is_worth_nothing_without_its_token(
    client: httpx.AsyncClient,
    settings: Settings,
    sessions: Sessions,
    occupier: OccupierRow,
) -> None:
    captured = key() | VERSION
    address = f"/api/v1/occupiers/{occupier.id}"
    assert (await client.patch(address, json={"name": "New"}, headers=captured)).status_code == 200
    async with sessions.begin() as session:
        other = await make_member(session, is_super_admin=True)
    before = await digest(sessions)
    expired = headers_of(settings, other, exp=1)
    for headers in (expired, {"Authorization": ""}, {"Authorization": "Bearer x"}):
        reply = await client.patch(address, json={"name": "New"}, headers=captured | headers)
        assert reply.status_code == 401, reply.text
        assert "New" not in reply.text
    assert await digest(sessions) == before
    # Another person's request under the same key is another request: this one comes too late.
    reply = await client.patch(
        address, json={"name": "New"}, headers=captured | headers_of(settings, other)
    )
    assert reply.status_code == 412
    assert await digest(sessions) == before


@pytest.mark.parametrize("bad", ["", "x" * 201])
async def test_an_idempotency_key_has_a_sensible_length(
    client: httpx.AsyncClient, occupier: OccupierRow, bad: str
) -> None:
    headers = {"Idempotency-Key": bad} | VERSION
    reply = await client.patch(
        f"/api/v1/occupiers/{occupier.id}", json={"name": "New"}, headers=headers
    )
    assert reply.status_code in {400, 422}


async def test_a_path_of_one_occupier_with_a_thing_of_another_is_not_found(
    client: httpx.AsyncClient, sessions: Sessions, occupier: OccupierRow
) -> None:
    async with sessions.begin() as session:
        other = await make_occupier(session)
        await make_contract(session, occupier=other)
    address = "/api/v1/occupiers/{}/external-identifiers"
    made = await client.post(
        address.format(other.id),
        json={"external_system": "ERP", "identifier": "7"},
        headers=key() | VERSION,
    )
    assert made.status_code == 201, made.text
    before = await digest(sessions)
    reply = await client.delete(
        f"{address.format(occupier.id)}/{made.json()['id']}", headers=key() | VERSION
    )
    assert reply.status_code == 404
    assert await digest(sessions) == before
