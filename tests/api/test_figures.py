"""What `/metrics` of the API says of the whole platform."""

import re

import httpx
from sqlalchemy import text

from activities.tasks import TaskActivities
from api.figures import PlatformFigures
from models.database import Sessions, open_engine
from models.domain.decommission import TaskKind
from models.domain.figure import MEASURES
from models.domain.orders import ParkedTask, TaskOrder
from models.domain.outside import FailureKind, System
from models.settings import Settings
from tests.builders import make_decommission, make_site, make_task


async def fail_a_task(sessions: Sessions) -> None:
    """A decommission whose ports task waits for a person."""
    async with sessions.begin() as session:
        site = await make_site(session)
        decommission = await make_decommission(session, sites=[site])
        await make_task(session, decommission=decommission, site=site, kind=TaskKind.PORTS)
    order = TaskOrder(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id,
        kind=TaskKind.PORTS,
    )
    failed = ParkedTask(
        order=order, failure=FailureKind.REJECTED, message="refused", system=System.SWITCHING
    )
    await TaskActivities(sessions).park_task(failed)


async def run(sessions: Sessions, statement: str) -> None:
    async with sessions.begin() as session:
        await session.execute(text(statement))


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    """Every sample by its name with labels, as a scraper without any token sees them."""
    reply = await client.get("/metrics", headers={"Authorization": ""})
    assert reply.status_code == 200
    lines = [line for line in reply.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_a_failed_task_shows_with_its_case_and_what_it_waits_for(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    await fail_a_task(sessions)
    found = await figures(client)
    assert found['tasks_open{kind="ports",phase="failed"}'] == 1
    assert found['tasks_waiting{reason="human"}'] == 1
    assert found['cases_unacknowledged{priority="p2"}'] == 1
    assert found["tasks_without_case"] == 0


async def test_a_failed_task_that_left_its_case_is_counted_as_without_one(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    await fail_a_task(sessions)
    # Behind the back of the triggers that would refuse it.
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE case_tasks DISABLE TRIGGER USER"))
        await session.execute(text("UPDATE case_tasks SET left_at = now()"))
        await session.execute(text("ALTER TABLE case_tasks ENABLE TRIGGER USER"))
    assert (await figures(client))["tasks_without_case"] == 1


async def test_holds_strikes_and_undelivered_messages_are_counted_under_the_role_of_the_api(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    await run(
        sessions,
        "INSERT INTO holds (system, origin, failure, placed_by, placed_at)"
        " VALUES ('wifi', 'breaker', 'transient', 'system', now() - interval '1 hour')",
    )
    await run(
        sessions,
        "INSERT INTO outbox (closure_id, created_at)"
        " VALUES (gen_random_uuid(), now() - interval '5 minutes')",
    )
    await fail_a_task(sessions)
    await run(
        sessions,
        "INSERT INTO strikes (task_id, system, site_id, failure)"
        " SELECT id, 'wifi', site_id, 'transient' FROM tasks WHERE state = 'failed'",
    )
    found = await figures(client)
    assert found['holds_open{origin="breaker",system="wifi"}'] == 1
    assert found['hold_oldest_seconds{system="wifi"}'] >= 3600
    assert found['strikes_recent{system="wifi"}'] == 1
    assert found["outbox_backlog"] == 1
    assert found['outbox_messages{message="closure"}'] == 1
    assert found['outbox_oldest_seconds{message="closure"}'] >= 300
    assert found["audit_chain_length"] > 0


async def test_every_measure_is_there_before_anything_is_wrong(client: httpx.AsyncClient) -> None:
    found = await figures(client)
    told = {name.partition("{")[0] for name in found}
    never_zero = {name for name, measure in MEASURES.items() if measure.values == ((),)}
    assert set(MEASURES) - told == never_zero
    assert found['tasks_stuck{because="no_worker"}'] == 0
    assert found["database_up"] == 1


async def test_figures_name_nobody(client: httpx.AsyncClient, sessions: Sessions) -> None:
    await fail_a_task(sessions)
    told = (await client.get("/metrics")).text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", told)


async def test_counting_costs_little_however_often_somebody_scrapes(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    before = await figures(client)
    await fail_a_task(sessions)
    after = await figures(client)
    assert after["tasks_without_case"] == before["tasks_without_case"]
    assert after['tasks_open{kind="ports",phase="failed"}'] == 0  # counted a moment ago


async def test_without_a_database_only_that_is_told(settings: Settings) -> None:
    nowhere = Settings.model_validate(
        {**settings.model_dump(), "database_url": "postgresql://nobody@127.0.0.1:1/none"}
    )
    engine = open_engine(nowhere, for_api=True)
    told = PlatformFigures()
    await told.refresh(engine)
    await engine.dispose()
    assert [(family.name, family.samples[0].value) for family in told.collect()] == [
        ("database_up", 0.0)
    ]
