"""Alive, ready, and figures."""

import httpx
from sqlalchemy import text

from models.database import Sessions


async def test_ready_when_the_schema_is_the_expected_one(client: httpx.AsyncClient) -> None:
    reply = await client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json()["status"] == "ready"


async def test_not_ready_on_another_schema(client: httpx.AsyncClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    reply = await client.get("/readyz")
    assert reply.status_code == 503
    assert "0000" in reply.json()["detail"]


async def test_requests_are_counted_by_route_template(client: httpx.AsyncClient) -> None:
    await client.get("/api/v1/tasks/00000000-0000-0000-0000-000000000000")
    await client.get("/no/such/00000000-0000-0000-0000-000000000001")
    figures = (await client.get("/metrics")).text
    assert (
        'api_requests_total{method="GET",route="/api/v1/tasks/{task_id}",status="404"} 1.0'
        in figures
    )
    assert 'route="none",status="404"' in figures
    assert "0000-0000" not in figures
    assert "outbox_backlog 0.0" in figures
