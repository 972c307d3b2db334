"""Where personal data could have ended up: Temporal's store, histories, logs, tables, metrics."""

from collections.abc import Mapping
from pathlib import Path

import httpx
from psycopg import sql
from temporalio.client import Client

from tests.privacy.canaries import Canary, found_in
from tests.whole_stack import WholeStack, logs_of

BOOKKEEPING = frozenset(
    {
        "audit_events",
        "outbox",
        "cases",
        "tasks",
        "decommissions",
        "plan_items",
        "desk_messages",
        "desk_answers",
    }
)


async def hits_outside_tables(
    stack: WholeStack, client: Client, canaries: Mapping[str, Canary]
) -> set[tuple[str, str]]:
    """Pairs of a place and the canary that was found in it."""
    found: set[tuple[str, str]] = set()
    data: Path = stack.settings.data_dir
    for file in [*sorted((data / "temporal").iterdir()), *logs_of(stack)]:
        found |= {(file.name, name) for name in found_in(file.read_bytes(), canaries)}
    for name, content in (await histories(client)).items():
        found |= {(name, canary) for canary in found_in(content, canaries)}
    async with httpx.AsyncClient(trust_env=False) as session:
        for url in metrics_urls(stack):
            page = await session.get(url)
            assert page.is_success, url
            found |= {(url, name) for name in found_in(page.content, canaries)}
    return found


async def histories(client: Client) -> dict[str, bytes]:
    """Every history, as JSON and as the bytes in which payloads are not encoded once more."""
    found: dict[str, bytes] = {}
    async for execution in client.list_workflows():
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        history = await handle.fetch_history()
        events = b"".join(event.SerializeToString() for event in history.events)
        found[f"history {execution.id}"] = history.to_json().encode() + events
    return found


async def stories_and_bundles(stack: WholeStack) -> dict[str, bytes]:
    """What an SRE reads of every task and every case."""
    tasks = [f"tasks/{row['id']}/story" for row in await stack.rows("SELECT id FROM tasks")]
    cases = [f"cases/{row['id']}/bundle" for row in await stack.rows("SELECT id FROM cases")]
    found: dict[str, bytes] = {}
    base = f"{stack.settings.api_base_url}/api/v1/"
    headers = await stack.headers("sre")
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as session:
        for path in [*tasks, *cases, *(f"{case}?format=markdown" for case in cases)]:
            reply = await session.get(path)
            assert reply.is_success, reply.text
            found[path] = reply.content
    return found


def metrics_urls(stack: WholeStack) -> list[str]:
    """Metrics pages of the API and the worker."""
    settings = stack.settings
    return [
        f"{settings.api_base_url}/metrics",
        f"http://127.0.0.1:{settings.worker_metrics_port}/metrics",
    ]


async def hits_in_tables(stack: WholeStack, canaries: Mapping[str, Canary]) -> set[tuple[str, str]]:
    """Pairs of a table and the canary that was found in a row of it, in any column."""
    found: set[tuple[str, str]] = set()
    tables = await stack.rows(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    )
    for table in (row["name"] for row in tables):
        query = sql.SQL("SELECT t::text AS row FROM {} t").format(sql.Identifier(table))
        rows = await stack.rows(query.as_string())
        content = "\n".join(row["row"] for row in rows).encode()
        found |= {(table, name) for name in found_in(content, canaries)}
    return found
