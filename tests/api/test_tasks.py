"""The list of tasks: its filters, alone and together, its pages, and what its statements cost."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from models.database import Sessions
from models.domain.decommission import TaskKind, TaskPhase, TaskState
from models.domain.permission import Grants, StaffRole
from models.stores.tasks import TaskFilter, page_query
from tests.builders import make_decommission, make_scene, make_task

NOW = datetime.now(UTC).replace(microsecond=0)


async def ids(client: httpx.AsyncClient, **query: object) -> list[str]:
    reply = await client.get("/api/v1/tasks", params={k: str(v) for k, v in query.items()})
    assert reply.status_code == 200, reply.text
    return [item["id"] for item in reply.json()["items"]]


async def test_filters_narrow_the_list_alone_and_together(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        here, there = scene.sites
        decommission = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
        failed = await make_task(
            session,
            decommission=decommission,
            site=here,
            kind=TaskKind.PORTS,
            state=TaskState.FAILED,
            created_at=NOW - timedelta(days=2),
        )
        late = await make_task(
            session,
            decommission=decommission,
            site=there,
            kind=TaskKind.PORTS,
            phase=TaskPhase.RETRYING,
            created_at=NOW - timedelta(hours=3),
        )
        fresh = await make_task(
            session, decommission=decommission, kind=TaskKind.PLAN, created_at=NOW
        )
        other = await make_task(session, created_at=NOW - timedelta(minutes=1))
    first, second, third, fourth = str(fresh.id), str(other.id), str(late.id), str(failed.id)
    assert await ids(client) == [first, second, third, fourth]
    assert await ids(client, occupier_id=scene.occupier.id) == [first, third, fourth]
    assert await ids(client, decommission_id=decommission.id, kind="ports") == [third, fourth]
    assert await ids(client, site_id=here.id) == [fourth]
    assert await ids(client, site_id=here.id, state="pending") == []
    assert await ids(client, phase="retrying") == [third]
    assert await ids(client, phase="retrying", state="failed") == []
    assert await ids(client, phase="ended", overdue="true") == []
    assert await ids(client, overdue="true") == [third]
    assert await ids(client, overdue="false") == [first, second, fourth]
    assert await ids(client, created_from=late.created_at.isoformat(), kind="ports") == [third]
    assert await ids(client, created_to=late.created_at.isoformat()) == [fourth]


async def test_pages_cover_tasks_of_one_moment_once(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True
        )
        await session.execute(text("UPDATE tasks SET created_at = :now"), {"now": NOW})
    found: list[str] = []
    params = {"limit": "4", "occupier_id": str(scene.occupier.id)}
    while True:
        body = (await client.get("/api/v1/tasks", params=params)).json()
        found += [item["id"] for item in body["items"]]
        if body["next_cursor"] is None:
            break
        params["cursor"] = body["next_cursor"]
    assert len(found) == len(set(found)) == 2 * 8 + 3


async def test_one_task_is_read_by_its_id(client: httpx.AsyncClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        task = await make_task(session, kind=TaskKind.PLAN, attempt=2)
    body = (await client.get(f"/api/v1/tasks/{task.id}")).json()
    assert (body["attempt"], body["expected_s"], body["site_id"]) == (2, 60, None)
    assert (await client.get(f"/api/v1/tasks/{uuid4()}")).status_code == 404


IN_TROUBLE = """
WITH hold AS (
    INSERT INTO holds (system, origin, placed_by) VALUES ('wifi', 'by_hand', 'test') RETURNING id
), found AS (
    INSERT INTO cases (operator_id, subject, description, category, origin, requested_by)
    SELECT operator_id, 's', 'd', 'technical', 'automatic', 'system'
      FROM decommissions WHERE id = :decommission_id RETURNING id, number
), attached AS (
    INSERT INTO case_tasks (case_id, task_id) SELECT found.id, :stuck FROM found
), held AS (
    UPDATE tasks SET waiting_reason = 'held', hold_id = hold.id FROM hold WHERE tasks.id = :held
), stuck AS (
    UPDATE tasks SET waiting_reason = NULL, phase = 'retrying', has_case = true, active_s = 100,
           clock_at = now() - interval '30 s', waiting_s = 7, expected_s = 11, threshold_s = 90,
           threshold_samples = 42, stuck_at = now(), stuck_because = 'retrying'
     WHERE id = :stuck
) SELECT number FROM found
"""


async def test_stuck_held_and_waiting_tasks_are_found_and_say_why(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        decommission = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
        stuck, held, calm = [
            await make_task(session, decommission=decommission, site=scene.sites[0], kind=kind)
            for kind in (TaskKind.PORTS, TaskKind.USERS, TaskKind.NETWORK)
        ]
        number = await session.scalar(
            text(IN_TROUBLE),
            {"decommission_id": decommission.id, "stuck": stuck.id, "held": held.id},
        )
    mine = {"decommission_id": decommission.id}
    assert await ids(client, **mine, stuck="true") == [str(stuck.id)]
    assert await ids(client, **mine, has_case="true") == [str(stuck.id)]
    assert await ids(client, **mine, held="true") == [str(held.id)]
    assert await ids(client, **mine, waiting_reason="held") == [str(held.id)]
    assert await ids(client, **mine, waiting_reason="upstream") == [str(calm.id)]
    assert await ids(client, **mine, waiting_reason="human") == []
    assert await ids(client, **mine, stuck="true", phase="ended") == []
    assert await ids(client, **mine, stuck="false", has_case="false", held="false") == [
        str(calm.id)
    ]
    body = (await client.get(f"/api/v1/tasks/{stuck.id}")).json()
    assert 130 <= body["active_s"] < 160  # its clock goes on
    assert body["waiting_s"] == 7
    assert body["expected_s"] == 11
    assert body["threshold"] == {
        "seconds": 90,
        "samples": 42,
        "floor_s": 60,
        "source": "learned",
    }
    assert (body["stuck_because"], body["case_number"]) == ("retrying", number)
    waiting = (await client.get(f"/api/v1/tasks/{calm.id}")).json()
    assert (waiting["active_s"], waiting["case_number"]) == (0, None)
    assert waiting["threshold"]["source"] == "prior"
    assert waiting["threshold"]["seconds"] == 2 * waiting["expected_s"] == 1200


@pytest.mark.parametrize("state", [None, *TaskState])
async def test_no_combination_of_filters_scans_the_table(
    sessions: Sessions, state: TaskState | None
) -> None:
    grants = Grants("staff_member:test", staff_role=StaffRole.SRE)
    async with sessions.begin() as session:
        task = await make_task(session)
        # Rows by the thousand, as the planner is right to scan a table of one page.
        await session.execute(
            text(
                "INSERT INTO occupiers (operator_id, reference, name, billing_reference) "
                "SELECT operator_id, 'r' || n, 'n' || n, 'b' FROM occupiers, "
                "generate_series(1, 8000) AS n WHERE id = :id"
            ),
            {"id": task.occupier_id},
        )
        await session.execute(
            text(
                "INSERT INTO decommissions (occupier_id, operator_id, requested_by, effective_at,"
                " cooling_off_days, workflow_id) SELECT id, operator_id, 'test', now(), 30, 'w' "
                "FROM occupiers WHERE id <> :id"
            ),
            {"id": task.occupier_id},
        )
        await session.execute(
            text(
                "INSERT INTO tasks (decommission_id, occupier_id, kind, requested_by, due_at,"
                " created_at, state, phase) SELECT id, occupier_id, kind, 'test', now(), "
                "now() - random() * interval '99 days', 'completed', 'ended' FROM decommissions, "
                "unnest(ARRAY['plan', 'delete_scheduled', 'verify_occupier']) AS kind "
                "WHERE occupier_id <> :id"
            ),
            {"id": task.occupier_id},
        )
    async with sessions() as session:
        await session.execute(text("ANALYZE"))
        for phase, kind, overdue, site_id, start in product(
            (None, TaskPhase.RETRYING, TaskPhase.ENDED),
            (None, TaskKind.PLAN),
            (None, True, False),
            (None, uuid4()),
            (None, NOW - timedelta(days=7)),
        ):
            wanted = TaskFilter(
                state=state,
                phase=phase,
                kind=kind,
                overdue=overdue,
                site_id=site_id,
                created_from=start,
            )
            statement = page_query(grants, wanted, 50, None).compile(
                dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]  # not annotated there
                compile_kwargs={"literal_binds": True},
            )
            plan = await session.execute(text(f"EXPLAIN {statement}".replace("%%", "%")))
            lines = "\n".join(row[0] for row in plan)
            assert "Seq Scan on tasks" not in lines, lines
