"""The lists of the API over HTTP with 10,000 occupiers and more than 1,000,000 tasks: p95 of 200
requests to each, one after the other, with a mix of filters and page sizes, every other one for
the page after; the key figure is the slowest list's.

The rows are made by `bench/lists.sql` in a database of their own. Every statement of the tasks'
mix is also explained: none may scan `tasks` from end to end.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from uuid import UUID

import aiohttp
from sqlalchemy import Connection, create_engine, text

from api.terminal.login import fetch_token
from api.terminal.portfolio import welcome_personas
from bench.rig import rig, say
from models.database import FOR_SYSTEM
from models.domain.clock import WaitingReason
from models.domain.decommission import OCCUPIER_TASKS, SITE_TASKS, TaskKind, TaskPhase, TaskState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants, StaffRole
from models.settings import Settings
from models.stores.tasks import TaskFilter, page_query

CHILDREN = ("postgres", "temporal", "migrate", "estate", "api")
PAGES = ("25", "50", "200")

Query = Mapping[str, str]
_EVERYTHING = Grants("staff_member:bench", staff_role=StaffRole.SRE)


async def measure(*, quick: bool) -> dict[str, Any]:  # Any: figures for JSON
    """Figures of the lists' measure."""
    occupiers, requests = (500, 40) if quick else (10_000, 200)
    async with rig(CHILDREN) as at:
        say(f"lists: making {occupiers} occupiers and their tasks")
        ids, tasks = _fill(at.settings, occupiers)
        p95s: dict[str, float] = {}
        await asyncio.to_thread(welcome_personas, at.settings)
        token = await asyncio.to_thread(fetch_token, at.settings, "super-admin")
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(at.settings.api_base_url, headers=headers) as api:
            for path, mix in _mixes(ids).items():
                p95s[path] = await _p95_ms(api, path.format(**ids), mix, requests)
                say(f"lists: {path} {p95s[path]:.1f} ms")
        scans = _scans(at.settings, ids)
    return {
        "p95_ms_max": round(max(p95s.values()), 1),
        "p95_ms": {path: round(p95, 1) for path, p95 in p95s.items()},
        "statements_that_scan_all_tasks": scans,
        "occupiers": occupiers,
        "tasks": tasks,
        "requests_per_list": requests,
    }


def _fill(settings: Settings, occupiers: int) -> tuple[dict[str, str], int]:
    """Make the rows; returns ids for the filters, and how many tasks there are."""
    keys = {
        "occupiers": occupiers,
        "site_kinds": [kind.value for kind in SITE_TASKS],
        "occupier_kinds": [kind.value for kind in OCCUPIER_TASKS],
    }
    engine = create_engine(settings.sqlalchemy_url, connect_args={"options": FOR_SYSTEM})
    with engine.begin() as connection:
        for statement in Path(__file__).with_suffix(".sql").read_text().split(";\n"):
            if statement.strip():
                wanted = {name: value for name, value in keys.items() if f":{name}" in statement}
                connection.execute(text(statement), wanted)
        tasks = connection.scalar(text("SELECT count(*) FROM tasks"))
        ids = _ids(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return ids, int(tasks or 0)


def _ids(connection: Connection) -> dict[str, str]:
    """The newest decommission with its occupier and a site of it."""
    row = connection.execute(
        text(
            "SELECT d.id::text AS decommission_id, d.occupier_id::text, s.site_id::text"
            " FROM decommissions d JOIN decommission_sites s ON s.decommission_id = d.id"
            " ORDER BY d.requested_at DESC, s.ordinal LIMIT 1"
        )
    ).one()
    return dict(row._mapping)


def _mixes(ids: Query) -> dict[str, list[Query]]:
    """The lists with the queries that each is asked."""
    site, occupier = {"site_id": ids["site_id"]}, {"occupier_id": ids["occupier_id"]}
    states = ("pending", "partial", "decommissioned")
    return {
        "/api/v1/tasks": [_as_query(wanted) for wanted in task_filters(ids)],
        "/api/v1/occupiers": [
            *({}, site, {"search": "a3"}, {"search": "no such part"}),
            *({"status": status.value} for status in OccupierStatus),
            {"status": "pending", "search": "b"},
        ],
        "/api/v1/sites": [{}],
        "/api/v1/decommissions": [{}, occupier, *({"state": state} for state in states)],
        "/api/v1/decommissions/{decommission_id}/verdicts/items": [{}, site],
    }


def task_filters(ids: Query) -> list[TaskFilter]:
    """What people ask of tasks: each filter alone, and in the combinations that hurt."""
    now = datetime.now(UTC)
    occupier, site = UUID(ids["occupier_id"]), UUID(ids["site_id"])
    begun, ended = now - timedelta(days=400), now - timedelta(days=370)
    month = TaskFilter(created_from=begun, created_to=ended)
    return [
        TaskFilter(),
        TaskFilter(occupier_id=occupier),
        TaskFilter(site_id=site),
        TaskFilter(decommission_id=UUID(ids["decommission_id"])),
        *(TaskFilter(state=state) for state in TaskState),
        TaskFilter(phase=TaskPhase.QUEUED),
        TaskFilter(phase=TaskPhase.RETRYING),
        TaskFilter(kind=TaskKind.NETWORK),
        TaskFilter(overdue=True),
        TaskFilter(overdue=False),
        month,
        replace(month, state=TaskState.FAILED),
        replace(month, site_id=site, kind=TaskKind.PORTS),
        TaskFilter(site_id=site, state=TaskState.PENDING, overdue=True),
        TaskFilter(state=TaskState.FAILED, kind=TaskKind.VERIFY_OCCUPIER),
        TaskFilter(stuck=True),
        TaskFilter(stuck=True, site_id=site),
        TaskFilter(held=True),
        TaskFilter(has_case=True),
        TaskFilter(has_case=False, state=TaskState.PENDING),
        TaskFilter(waiting_reason=WaitingReason.HUMAN),
        TaskFilter(waiting_reason=WaitingReason.HELD),
    ]


def _as_query(wanted: TaskFilter) -> Query:
    names = TaskFilter.__dataclass_fields__
    given = {name: getattr(wanted, name) for name in names}  # every field, whatever its name
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value).lower()
        for name, value in given.items()
        if value is not None
    }


async def _p95_ms(api: aiohttp.ClientSession, path: str, mix: list[Query], requests: int) -> float:
    took = []
    for query, is_warm in _requests(mix, requests):
        began = time.perf_counter()
        cursor = await _get(api, path, query)
        took += [time.perf_counter() - began] if is_warm else []
        if cursor is not None and is_warm:
            began = time.perf_counter()
            await _get(api, path, {**query, "cursor": cursor})
            took.append(time.perf_counter() - began)
    return quantiles(took, n=20)[-1] * 1000


def _requests(mix: list[Query], requests: int) -> Iterator[tuple[Query, bool]]:
    """Each query once to warm up, then so many at random with a page size each."""
    yield from ((query, False) for query in mix)
    chance = Random(1)
    for _ in range(requests):
        yield {**chance.choice(mix), "limit": chance.choice(PAGES)}, True


async def _get(api: aiohttp.ClientSession, path: str, query: Query) -> str | None:
    async with api.get(path, params=query) as response:
        response.raise_for_status()
        found = await response.json()
        cursor: str | None = found["next_cursor"]
        return cursor


def _scans(settings: Settings, ids: Query) -> int:
    """How many statements of the tasks' mix read the whole table."""
    engine = create_engine(settings.sqlalchemy_url)
    scans = 0
    with engine.connect() as connection:
        for wanted in task_filters(ids):
            compiled = page_query(_EVERYTHING, wanted, 50, None).compile(
                dialect=engine.dialect,
                compile_kwargs={"literal_binds": True, "render_postcompile": True},
            )
            plan = connection.exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%"))
            if any("Seq Scan on tasks" in line for (line,) in plan):
                scans += 1
                say(f"lists: scans all tasks: {wanted}")
    engine.dispose()
    return scans
