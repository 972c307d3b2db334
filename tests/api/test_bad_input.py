"""Requests that cannot be read are refused by every route alike, and change nothing.

The API reads and writes JSON: there is no form and no CSV anywhere, so no cell of a spreadsheet can
be made to calculate. The one route that takes files has tests of its own.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from api.headers import LARGEST_HEADERS, LONGEST_URI
from models.database import Sessions
from tests.builders import make_contract, make_occupier
from tests.digests import digest
from tests.identities import key

JSON = {"content-type": "application/json"}
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def occupier_id(sessions: Sessions) -> UUID:
    async with sessions.begin() as session:
        occupier = await make_occupier(session, name="Harbour Ltd")
        await make_contract(session, occupier=occupier)
    return occupier.id


def operations(app: FastAPI, *, with_body: bool) -> Iterator[tuple[str, str]]:
    """Method and address of each operation of the API; ids are those of nobody."""
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            kinds = operation.get("requestBody", {}).get("content", {})
            if "application/octet-stream" in kinds:
                continue
            if path.startswith("/api/v1") and bool(kinds) is with_body:
                yield method.upper(), re.sub(r"\{[^}]+\}", NOBODY, path)


def names_of(reply: httpx.Response) -> set[str]:
    return {error["field"] for error in reply.json()["errors"]}


def assert_problem(reply: httpx.Response, *statuses: int) -> None:
    assert reply.status_code in statuses, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == reply.status_code


UNREADABLE: list[tuple[bytes, str]] = [
    (b"{", "body"),
    (b"\xff\xfe{\x00}\x00", "body"),
    (b'\xef\xbb\xbf{"name": "x"}', "body"),
    (b'{"name": "\xff"}', "body"),
    (b'{"name": NaN}', "body"),
    (b'{"name": [-Infinity]}', "body"),
    (b'{"name": 1e999}', "body"),
    (b'{"name": ' + b"9" * 5000 + b"}", "body"),
    (b"[" * 10_000 + b"]" * 10_000, "body"),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "body"),
    (b"[" * 40 + b"]" * 40, "body"),
    (b'{"name": "x", "name": "y"}', "body.name"),
    (b'{"name": {"deep": [{"twice": 1, "twice": 2}]}}', "body.name.deep.0.twice"),
    (b'{"a\\r\\n\\u001b[31m": 1, "a\\r\\n\\u001b[31m": 2}', "body.a\\r\\n\\x1b[31m"),
    (b'{"name": "a\\u0000b"}', "body.name"),
    (b'{"name": ["\\ud800"]}', "body.name.0"),
    (b'{"a\\u0000b": 1}', "body.a\\x00b"),
]


async def test_an_unreadable_body_is_refused_by_every_route_and_the_field_is_named(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, occupier_id: UUID
) -> None:
    before = await digest(sessions)
    for method, path in operations(app, with_body=True):
        for address in (path, path.replace(NOBODY, str(occupier_id))):
            for body, field in UNREADABLE:
                headers = JSON | key() | {"If-Match": '"1"'}
                reply = await client.request(method, address, content=body, headers=headers)
                assert_problem(reply, 422)
                assert field in names_of(reply), (address, body[:40])
    assert await digest(sessions) == before


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=utf-16",
        "application/merge-patch+json",
    ],
)
async def test_a_body_of_another_kind_is_refused_by_every_route(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, kind: str
) -> None:
    before = await digest(sessions)
    for method, path in operations(app, with_body=True):
        headers = key() | ({"content-type": kind} if kind else {})
        reply = await client.request(method, path, content=b'{"name": "x"}', headers=headers)
        assert_problem(reply, 415)
    assert await digest(sessions) == before


async def test_a_body_over_one_megabyte_is_refused_with_and_without_its_length(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    before = await digest(sessions)
    for method, path in operations(app, with_body=True):
        for content in (b'{"name": "' + b"x" * 1_000_000 + b'"}', chunks()):
            reply = await client.request(method, path, content=content, headers=JSON | key())
            assert_problem(reply, 413)
            assert reply.headers["connection"] == "close"
    assert await digest(sessions) == before


@pytest.mark.parametrize(
    "name", ["Idempotency-Key", "If-Match", "Authorization", "Content-Type", "X-Request-ID", "Host"]
)
async def test_a_header_that_decides_something_may_not_stand_twice(
    app: FastAPI, client: httpx.AsyncClient, sessions: Sessions, name: str
) -> None:
    before = await digest(sessions)
    single = {**client.headers, **JSON, **key(), "if-match": '"1"'}
    pairs = [pair for pair in single.items() if pair[0].lower() != name.lower()]
    for method, path in operations(app, with_body=True):
        request = httpx.Request(
            method,
            f"http://api.test{path}",
            content=json.dumps({"name": "x"}),
            headers=[*pairs, (name, "first"), (name, "second")],
        )
        reply = await client.send(request)
        assert_problem(reply, 400)
        assert name.lower() in reply.json()["detail"]
    assert await digest(sessions) == before


@pytest.mark.parametrize("value", ["a\x00b", "a\x1b[31mred", "a\x7fb", "a\r\nX-Evil: 1"])
async def test_control_characters_in_a_header_are_refused(
    app: FastAPI, client: httpx.AsyncClient, value: str
) -> None:
    for name in ("Idempotency-Key", "X-Anything"):
        reply = await client.get("/api/v1/sites", headers={name: value})
        assert_problem(reply, 400)
        assert "x-evil" not in reply.headers
        assert "[31m" not in reply.text


async def test_an_address_or_headers_that_are_too_long_are_refused(
    client: httpx.AsyncClient,
) -> None:
    assert_problem(await client.get("/api/v1/sites?cursor=" + "x" * LONGEST_URI), 414)
    assert_problem(await client.get("/api/v1/" + "x" * LONGEST_URI), 414)
    headers = {f"X-{n}": "x" * 1000 for n in range(LARGEST_HEADERS // 1000)}
    assert_problem(await client.get("/api/v1/sites", headers=headers), 431)


async def test_every_route_refuses_a_query_parameter_that_it_does_not_know_or_gets_twice(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    nasty = "x" * 100 + "%00%0d%0a%1b%5b31m"
    for method, path in [*operations(app, with_body=False), *operations(app, with_body=True)]:
        send = {"method": method, "headers": JSON | key() | {"If-Match": '"1"'}}
        reply = await client.request(url=f"{path}?operator_id={NOBODY}&role=x", **send)  # type: ignore[arg-type]  # keywords
        assert_problem(reply, 422)
        assert names_of(reply) == {"query.operator_id", "query.role"}, path
        reply = await client.request(url=f"{path}?{nasty}=1", **send)  # type: ignore[arg-type]  # keywords
        assert names_of(reply) == {"query." + "x" * 64}
    for query in ("limit=1&limit=2", "search=a&search=b", "cursor=&cursor="):
        reply = await client.get(f"/api/v1/occupiers?{query}")
        assert_problem(reply, 422)
        assert names_of(reply) == {f"query.{query.partition('=')[0]}"}
    reply = await client.get("/api/v1/occupiers?status=active&status=pending")
    assert reply.status_code == 200
    reply = await client.get("/api/v1/occupiers?" + "&".join(["status=active"] * 101))
    assert_problem(reply, 422)


async def test_a_page_holds_at_most_two_hundred_items_in_every_list(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    lists = [
        re.sub(r"\{[^}]+\}", NOBODY, path)
        for path, methods in app.openapi()["paths"].items()
        for one in methods.get("get", {}).get("parameters", [])
        if one["name"] == "limit"
    ]
    assert len(lists) >= 4
    for path in lists:
        for limit in ("201", "0", "-1", "1e3", "9" * 400, "NaN", "", "%00", "٣"):
            reply = await client.get(f"{path}?limit={limit}")
            assert_problem(reply, 422)
            assert names_of(reply) == {"query.limit"}


@pytest.mark.parametrize(
    "part",
    ["%2e%2e%2fetc", "null", "NaN", "0", "%00", "%F0%9F%8F%B3", "a" * 200, "' OR 1=1--"],
)
async def test_an_id_that_is_none_is_refused_wherever_an_id_belongs(
    app: FastAPI, client: httpx.AsyncClient, part: str
) -> None:
    for method, path in operations(app, with_body=False):
        if NOBODY in path:
            headers = key() | {"If-Match": '"1"'}
            reply = await client.request(method, path.replace(NOBODY, part), headers=headers)
            assert_problem(reply, 404, 405, 422)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND", "x\t"])
async def test_a_method_that_an_address_does_not_take_is_a_problem_that_names_those_it_does(
    client: httpx.AsyncClient, method: str
) -> None:
    reply = await client.request(method, "/api/v1/sites")
    assert reply.status_code == 405
    assert "GET" in reply.headers["allow"]


async def test_the_methods_of_all_routes_at_an_address_are_named(client: httpx.AsyncClient) -> None:
    reply = await client.put(f"/api/v1/occupiers/{NOBODY}")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, PATCH"


async def test_every_reply_carries_headers_that_keep_browsers_from_misusing_it(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/api/v1/sites", "/api/v1/nowhere", "/healthz", "/openapi.json", "/docs"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
    headers = (await client.get("/api/v1/sites")).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
