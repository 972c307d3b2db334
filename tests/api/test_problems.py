"""Every refusal and failure is problem+json with a stable type, and never echoes what was sent."""

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, SecretStr

from api.app import create_app
from api.text import StorableText
from models.settings import Settings
from tests.identities import headers_of


def assert_problem(reply: httpx.Response, status: int, name: str) -> None:
    body = reply.json()
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == reply.headers["x-request-id"]


async def test_an_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    reply = await client.get("/api/v1/nowhere")
    assert_problem(reply, 404, "not-found")
    assert reply.json()["instance"] == "/api/v1/nowhere"


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(
    client: httpx.AsyncClient,
) -> None:
    reply = await client.delete("/api/v1/sites")
    assert_problem(reply, 405, "method-not-allowed")
    assert "GET" in reply.headers["allow"]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/v1/tasks?limit=201", "query.limit"),
        ("/api/v1/occupiers?limit=0", "query.limit"),
        ("/api/v1/tasks?state=secret-value", "query.state"),
        ("/api/v1/tasks?created_from=secret-value", "query.created_from"),
        ("/api/v1/tasks?created_from=2026-01-01T00:00:00", "query.created_from"),
        ("/api/v1/tasks?secret-value=1", "query.secret-value"),
        ("/api/v1/tasks?cursor=secret-value", "query.cursor"),
        ("/api/v1/tasks/secret-value", "path.task_id"),
        ("/api/v1/occupiers?search=secret-value%00", "query.search"),
        ("/api/v1/decommissions?state=secret-value", "query.state"),
    ],
)
async def test_a_refused_field_is_named_and_its_value_is_not_repeated(
    client: httpx.AsyncClient, address: str, field: str
) -> None:
    reply = await client.get(address)
    assert_problem(reply, 422, "invalid-request")
    body = reply.json()
    assert [error["field"] for error in body["errors"]] == [field]
    if field != "query.secret-value":
        del body["instance"]
        assert "secret-value" not in str(body)


class NameIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: StorableText


@pytest.fixture
async def body_client(app: FastAPI, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The API with one more route, as no route of this part takes a body."""
    router = APIRouter()

    @router.post("/echo")
    async def echo(body: NameIn) -> NameIn:
        return body

    @router.get("/bug")
    async def bug() -> None:
        raise RuntimeError("secret-value")

    app.include_router(router)
    return client


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name": "a\\u0000b"}', "body.name"),
        (b'{"name": "\\ud800"}', "body.name"),
        (b'{"name": "a", "status": "x"}', "body.status"),
        (b"{}", "body.name"),
        (b'{"name": 1}', "body.name"),
        (b"{", "body"),
    ],
)
async def test_a_body_with_bad_text_or_unknown_fields_is_refused(
    body_client: httpx.AsyncClient, body: bytes, field: str
) -> None:
    headers = {"content-type": "application/json"}
    reply = await body_client.post("/echo", content=body, headers=headers)
    assert_problem(reply, 422, "invalid-request")
    assert reply.json()["errors"][0]["field"] == field


async def test_a_body_over_one_megabyte_is_refused(body_client: httpx.AsyncClient) -> None:
    async def endless() -> asyncio.StreamReader:  # type: ignore[misc]  # an async generator
        for _ in range(12):
            yield b"x" * 100_000

    assert_problem(
        await body_client.post("/echo", content=b"x" * 1_000_001), 413, "payload-too-large"
    )
    assert_problem(await body_client.post("/echo", content=endless()), 413, "payload-too-large")


async def test_a_deeply_nested_body_is_refused(body_client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    reply = await body_client.post("/echo", content=b"[" * 100_000, headers=headers)
    assert reply.status_code in {400, 422}
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_bug_is_a_500_without_internals(body_client: httpx.AsyncClient) -> None:
    reply = await body_client.get("/bug")
    assert_problem(reply, 500, "internal-error")
    assert "secret-value" not in reply.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("req-12345678", True), ("short", False), ("a" * 65, False), ("bad\tvalue-123", False)],
)
async def test_a_harmless_request_id_is_kept_and_another_is_replaced(
    client: httpx.AsyncClient, sent: str, *, kept: bool
) -> None:
    reply = await client.get("/healthz", headers={"X-Request-ID": sent})
    assert (reply.headers["x-request-id"] == sent) is kept


async def test_without_a_database_lists_say_503_and_the_process_is_alive_but_not_ready(
    dev_data_dir: Path,
) -> None:
    nowhere = SecretStr("postgresql://nobody@127.0.0.1:1/none")
    settings = Settings(env="dev", data_dir=dev_data_dir, database_url=nowhere)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app)
    headers = headers_of(settings, "somebody")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://api.test", headers=headers
        ) as client,
    ):
        reply = await client.get("/api/v1/sites")
        assert_problem(reply, 503, "database-unavailable")
        assert reply.headers["retry-after"]
        assert_problem(await client.get("/readyz"), 503, "not-ready")
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 200


async def test_every_route_of_the_document_declares_its_problems(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["tags"], path
            for status in ("422", "500", "503"):
                assert "application/problem+json" in operation["responses"][status]["content"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]
