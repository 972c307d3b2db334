"""What is learned from rows, and what the plan then says of each task."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions
from models.domain.decommission import EXPECTED_SECONDS, SITE_TASKS, TaskKind, TaskState
from models.stores.expectations import ExpectationStore
from models.tables.decommission import DecommissionRow
from models.tables.expectation import ExpectationRow
from models.tables.operator import OperatorRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_occupier, make_operator, make_scene

LONG_AGO = datetime.now(UTC) - timedelta(days=365)
FLOOR_S = 60.0

HISTORY = text("""
WITH places AS (
    INSERT INTO sites (operator_id, reference, name, time_zone)
    SELECT operator_id, gen_random_uuid(), gen_random_uuid(), 'UTC'
      FROM decommissions, unnest(CAST(:durations AS float[])) WHERE decommissions.id = :id
    RETURNING id
), numbered AS (SELECT id, row_number() OVER () AS n FROM places)
INSERT INTO tasks (decommission_id, occupier_id, site_id, kind, requested_by, due_at, state, phase,
                   total, active_s, round, clock_at, waiting_reason, finished_at)
SELECT d.id, d.occupier_id, numbered.id, :kind, 'test', now(), 'completed', 'ended', :total,
       took.seconds, :round, NULL, NULL,
       now() - make_interval(secs => took.n) - make_interval(days => :days_ago)
  FROM decommissions AS d, unnest(CAST(:durations AS float[])) WITH ORDINALITY AS took (seconds, n)
  JOIN numbered ON numbered.n = took.n WHERE d.id = :id
""")


async def make_history(
    session: AsyncSession,
    durations: Sequence[float],
    *,
    operator: OperatorRow | None = None,
    kind: TaskKind = TaskKind.PORTS,
    **columns: int,
) -> UUID:
    """A decommission with a completed task per duration, the newest first."""
    operator = operator or await make_operator(session)
    occupier = await make_occupier(session, operator=operator)
    decommission = await make_decommission(session, occupier=occupier)
    wanted = {"total": 5, "round": 1, "days_ago": 0} | columns
    keys = {"id": decommission.id, "durations": list(durations), "kind": kind.value}
    await session.execute(HISTORY, keys | wanted)
    return decommission.id


async def learn(sessions: Sessions, since: datetime = LONG_AGO) -> int:
    async with sessions.begin() as session:
        return await ExpectationStore(session).learn(since)


async def rows(sessions: Sessions, operator_id: UUID | None = None) -> list[ExpectationRow]:
    query = select(ExpectationRow).where(
        ExpectationRow.operator_id.is_not_distinct_from(operator_id)
    )
    async with sessions() as session:
        return list(await session.scalars(query.order_by(ExpectationRow.kind, ExpectationRow.size)))


async def planned(
    sessions: Sessions, decommission: DecommissionRow, resources: int
) -> dict[TaskKind, TaskRow]:
    async with sessions.begin() as session:
        await ExpectationStore(session).expect_of(decommission.id, resources, FLOOR_S)
    async with sessions() as session:
        query = select(TaskRow).where(TaskRow.decommission_id == decommission.id)
        return {task.kind: task for task in await session.scalars(query)}


async def test_figures_are_learned_from_what_was_completed_well(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        operator = await make_operator(session)
        await make_history(session, [float(s) for s in range(1, 102)], operator=operator)
        await make_history(session, [9000.0] * 50, operator=operator, round=2)  # it was parked
        await make_history(session, [9000.0] * 50, operator=operator, days_ago=91)
        await make_history(session, [0.0] * 50, operator=operator)  # from before the clocks
        waived = await make_history(session, [9000.0] * 50, operator=operator)
        await session.execute(
            text("UPDATE tasks SET waived_by = gen_random_uuid() WHERE decommission_id = :id"),
            {"id": waived},
        )
    assert await learn(sessions) == 2
    for found in (await rows(sessions), await rows(sessions, operator.id)):
        (row,) = found
        assert (row.kind, row.size, row.samples) == (TaskKind.PORTS, 1, 101)
        assert (row.usual_s, row.slow_s) == (51.0, 96.0)


async def test_only_the_newest_thousand_count(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await make_history(session, [10.0] * 1000 + [5000.0] * 200)
    await learn(sessions)
    (row,) = await rows(sessions)
    assert (row.samples, row.usual_s, row.slow_s) == (1000, 10.0, 10.0)


async def test_operators_kinds_and_sizes_are_learned_apart(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        one, other = await make_operator(session), await make_operator(session)
        await make_history(session, [10.0] * 30, operator=one, total=500)
        await make_history(session, [30.0] * 30, operator=other, total=500)
        await make_history(session, [4.0] * 30, operator=other, total=0)
        await make_history(session, [1.0], operator=other, kind=TaskKind.END_LEASES, total=9)
    await learn(sessions)
    assert [(row.kind, row.size, row.usual_s) for row in await rows(sessions, other.id)] == [
        (TaskKind.END_LEASES, 0, 1.0),
        (TaskKind.PORTS, 0, 4.0),
        (TaskKind.PORTS, 3, 30.0),
    ]
    assert [row.usual_s for row in await rows(sessions, one.id)] == [10.0]
    assert [row.usual_s for row in await rows(sessions)] == [1.0, 4.0, 20.0]


async def test_it_learns_again_when_something_was_completed(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        operator = await make_operator(session)
        await make_history(session, [10.0] * 30, operator=operator, days_ago=1)
    assert await learn(sessions) == 2
    yesterday = datetime.now(UTC) - timedelta(hours=12)
    assert await learn(sessions, yesterday) == 0
    async with sessions.begin() as session:
        await make_history(session, [20.0] * 40, operator=operator)
    assert await learn(sessions, yesterday) == 2
    (row,) = await rows(sessions, operator.id)
    assert (row.samples, row.usual_s) == (70, 20.0)


async def test_the_plan_says_once_what_each_task_should_take(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        await make_history(session, [400.0] * 900, operator=scene.operator, total=5)
        await make_history(
            session, [2.0] * 900, operator=scene.operator, kind=TaskKind.USERS, total=70
        )
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True
        )
        await session.execute(
            text("UPDATE tasks SET total = 6 WHERE kind = 'ports' AND decommission_id = :id"),
            {"id": decommission.id},
        )
        await session.execute(
            text("UPDATE tasks SET total = 60 WHERE kind = 'users' AND decommission_id = :id"),
            {"id": decommission.id},
        )
    await learn(sessions)
    tasks = await planned(sessions, decommission, resources=66)
    assert len(tasks) == len(SITE_TASKS) + 3
    ports, users, leases = (
        tasks[kind] for kind in (TaskKind.PORTS, TaskKind.USERS, TaskKind.END_LEASES)
    )
    assert ports.expected_s is not None
    assert ports.threshold_s is not None
    assert 399 < ports.expected_s < 400.1
    assert 1100 < ports.threshold_s < 1300
    assert ports.threshold_samples == users.threshold_samples == 900
    assert users.threshold_s == FLOOR_S
    expected = EXPECTED_SECONDS[TaskKind.END_LEASES]
    assert (leases.expected_s, leases.threshold_s) == (expected, 2 * expected)
    assert leases.threshold_samples == 0

    async with sessions.begin() as session:
        await session.execute(text("UPDATE expectations SET usual_s = 1, slow_s = 1"))
    assert (await planned(sessions, decommission, resources=66))[
        TaskKind.PORTS
    ].threshold_s == ports.threshold_s
    assert all(task.state is TaskState.PENDING for task in tasks.values())
