"""When decommissions will be done as their rows stand, and which of them will be late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from models.database import Sessions
from models.domain.decommission import DecommissionState
from models.domain.prediction import OpenEnd, Prediction
from models.stores.predictions import PredictionStore
from models.tables.decommission import DecommissionRow
from tests.builders import make_decommission, make_scene
from tests.covering import cover
from workflows.jeopardy_watch import look_for_jeopardy

HELD = """
WITH hold AS (INSERT INTO holds (system, origin, placed_by)
              VALUES ('switching', 'by_hand', 'staff_member') RETURNING id)
UPDATE tasks SET waiting_reason = 'held', hold_id = hold.id FROM hold
 WHERE kind = 'ports' AND decommission_id = :id
"""
PAUSED_SITE = """
UPDATE decommission_sites SET paused_at = now() WHERE decommission_id = :id AND ordinal = 0
"""
FAILED = """
UPDATE tasks SET state = 'failed', phase = 'ended', waiting_reason = 'human', finished_at = now()
 WHERE kind = 'ports' AND decommission_id = :id
"""
STUCK = """
UPDATE tasks SET phase = 'running', waiting_reason = NULL, stuck_at = now(), stuck_because = 'hung'
 WHERE kind = 'ports' AND decommission_id = :id
"""
OPEN_ENDS = [
    (FAILED, OpenEnd.HUMAN),
    ("UPDATE decommissions SET paused_at = now() WHERE id = :id", OpenEnd.PAUSED),
    (PAUSED_SITE, OpenEnd.PAUSED),
    (HELD, OpenEnd.HELD),
    (STUCK, OpenEnd.STUCK),
]
SITE_DONE = """
UPDATE tasks SET state = 'completed', phase = 'ended', started_at = now(), finished_at = now(),
       clock_at = NULL, waiting_reason = NULL
 WHERE decommission_id = :id AND site_id = (
       SELECT site_id FROM decommission_sites WHERE decommission_id = :id AND ordinal = 0)
"""


async def begun(sessions: Sessions, minutes_ago: float = 0, sites: int = 2) -> DecommissionRow:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=sites)
        return await make_decommission(
            session,
            occupier=scene.occupier,
            sites=scene.sites,
            with_tasks=True,
            requested_at=datetime.now(UTC) - timedelta(minutes=minutes_ago),
        )


async def execute(sessions: Sessions, statement: str, decommission: DecommissionRow) -> None:
    async with sessions.begin() as session:
        if statement in {FAILED, STUCK}:
            which = "kind = 'ports' AND decommission_id = :id"
            await cover(session, which, id=decommission.id)
        await session.execute(text(statement), {"id": decommission.id})


async def predicted(sessions: Sessions, decommission: DecommissionRow) -> Prediction:
    async with sessions() as session:
        return (await PredictionStore(session).of([decommission.id]))[decommission.id]


async def test_a_fresh_decommission_is_predicted_from_the_handbook(sessions: Sessions) -> None:
    found = await predicted(sessions, await begun(sessions))
    assert found.finish is not None
    minutes = (found.finish - datetime.now(UTC)).total_seconds() / 60
    assert 20 < minutes < 45  # 60 + 60 + max(600, 300 + 300, ...) + 600 + 60 + 300 seconds
    assert found.open_end is None


@pytest.mark.parametrize(("change", "why"), OPEN_ENDS)
async def test_what_waits_has_no_finish_and_says_why(
    sessions: Sessions, change: str, why: OpenEnd
) -> None:
    decommission = await begun(sessions)
    await execute(sessions, change, decommission)
    found = await predicted(sessions, decommission)
    assert (found.open_end, found.finish, found.latest) == (why, None, None)


async def test_a_site_that_is_done_takes_no_more_time(sessions: Sessions) -> None:
    decommission = await begun(sessions, sites=1)
    before = await predicted(sessions, decommission)
    await execute(sessions, SITE_DONE, decommission)
    after = await predicted(sessions, decommission)
    assert after.if_all_goes_on < before.if_all_goes_on - timedelta(minutes=15)


async def test_hundreds_of_sites_take_turns(sessions: Sessions) -> None:
    few, many = await begun(sessions, sites=20), await begun(sessions, sites=120)
    nearer, farther = await predicted(sessions, few), await predicted(sessions, many)
    assert farther.if_all_goes_on > nearer.if_all_goes_on + timedelta(minutes=15)


async def test_what_will_be_late_is_put_in_jeopardy_once(sessions: Sessions) -> None:
    late, in_time = await begun(sessions, minutes_ago=50), await begun(sessions, minutes_ago=5)
    held_up = await begun(sessions, minutes_ago=50)
    await execute(sessions, FAILED, held_up)
    done = await begun(sessions, minutes_ago=90)
    await execute(
        sessions,
        f"UPDATE decommissions SET state = '{DecommissionState.DECOMMISSIONED}',"
        " finished_at = now() WHERE id = :id",
        done,
    )
    assert await look_for_jeopardy(sessions) == 2
    assert await look_for_jeopardy(sessions) == 0
    async with sessions() as session:
        marked = set(
            await session.scalars(
                text("SELECT id FROM decommissions WHERE jeopardy_at IS NOT NULL")
            )
        )
        told = list(
            await session.scalars(
                text("SELECT entity_id FROM audit_events WHERE action = 'decommission.jeopardy'")
            )
        )
    assert marked == {late.id, held_up.id}
    assert sorted(told) == sorted(marked)
    assert in_time.id not in marked


async def test_jeopardy_stays_a_fact_when_it_recovers(sessions: Sessions) -> None:
    decommission = await begun(sessions, minutes_ago=50, sites=1)
    await look_for_jeopardy(sessions)
    await execute(sessions, SITE_DONE, decommission)
    found = await predicted(sessions, decommission)
    assert found.finish is not None
    assert found.finish < decommission.requested_at + timedelta(hours=1)
    async with sessions() as session:
        assert await session.scalar(
            text("SELECT jeopardy_at IS NOT NULL FROM decommissions WHERE id = :id"),
            {"id": decommission.id},
        )
