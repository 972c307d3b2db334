"""What a real run says of its tasks: first by the handbook, later from what it has learned."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from models.domain.decommission import EXPECTED_SECONDS, OCCUPIER_TASKS, SITE_TASKS
from models.stores.expectations import ExpectationStore
from models.stores.predictions import PredictionStore
from models.stores.starts import Started
from models.tables.task import TaskRow
from tests.running_platform import Platform


async def tasks_of(platform: Platform, started: Started) -> list[TaskRow]:
    query = select(TaskRow).where(TaskRow.decommission_id == started.decommission_id)
    async with platform.sessions() as session:
        return list(await session.scalars(query))


async def test_a_run_expects_what_earlier_runs_took(platform: Platform) -> None:
    floor_s = platform.settings.stuck_floor_s
    first = await platform.decommission(await platform.tenant(sites=2))
    tasks = await tasks_of(platform, first)
    assert len(tasks) == 2 * len(SITE_TASKS) + len(OCCUPIER_TASKS)
    async with platform.sessions.begin() as session:
        await ExpectationStore(session).learn(datetime.now(UTC) - timedelta(days=1))

    second = await platform.decommission(await platform.tenant(sites=2))
    later = await tasks_of(platform, second)
    for task in later:
        assert task.expected_s is not None
        assert task.threshold_s is not None
        assert task.threshold_s >= floor_s
        assert task.expected_s <= EXPECTED_SECONDS[task.kind]
    learned = {task.kind for task in later if task.threshold_samples}
    assert set(SITE_TASKS) & learned
    assert any((task.expected_s or 0) < EXPECTED_SECONDS[task.kind] for task in later)


async def test_a_finished_decommission_has_no_prediction(platform: Platform) -> None:
    started = await platform.start(await platform.tenant(sites=1))
    ids = [started.decommission_id]
    async with platform.sessions() as session:
        before = await PredictionStore(session).of(ids)
    await platform.settles(started)
    async with platform.sessions() as session:
        after = await PredictionStore(session).of(ids)
    assert list(before) in ([], ids)  # it may have been quicker than this test
    assert after == {}
