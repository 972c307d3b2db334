"""The breaker: an outage makes tasks wait in one case, and ends without anybody's doing."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from models.domain.case import CaseStatus
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.hold import Breaker, HoldOrigin
from models.domain.outside import FailureKind, System
from models.stores.starts import Started
from tests.database_server import fresh_database
from tests.holding import case_of, figures, hold_row, open_holds, relaying, release
from tests.running_platform import Platform, running_platform, until

BREAKER = Breaker(tasks=5, probe_s=1.0)
SMALL = {"users_per_site": 1, "numbers_per_site": 0, "ports_per_site": 1, "devices_per_site": 1}


@pytest.fixture(scope="module")
async def shared(database_server: str, database_template: str) -> AsyncIterator[Platform]:
    """A platform whose breaker opens."""
    with fresh_database(database_server, database_template) as url:
        async with running_platform(url, breaker=BREAKER) as platform:
            yield platform


@pytest.fixture
async def platform(shared: Platform) -> AsyncIterator[Platform]:
    """Without faults or holds, and with no failure counted, before and after the test."""
    yield shared
    await shared.estate.clear_faults()
    for hold in await open_holds(shared):
        await release(shared, hold.id)
    await shared.run("DELETE FROM strikes")


async def breaks(platform: Platform, system: System, status: int, **more: object) -> None:
    await platform.estate.put_fault(
        "outage", "error", system=system, statuses={str(status): 1.0}, **more
    )


async def opens(platform: Platform, starts: list[Started]) -> None:
    async def is_open() -> bool:
        return bool(await open_holds(platform))

    async def story() -> str:
        return "\n".join([await platform.story(started) for started in starts])

    await until(is_open, 60, story)


async def open_cases(platform: Platform) -> int:
    return await platform.count(
        "SELECT count(*) FROM cases WHERE status NOT IN ('resolved', 'closed')"
    )


async def failed(platform: Platform, started: Started) -> int:
    return len(await platform.tasks(started, TaskState.FAILED))


async def test_the_breaker_opens_in_an_outage_and_closes_by_its_probe_after_it(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=7, **SMALL)
    await breaks(platform, System.SWITCHING, 503)
    started = await platform.start(occupier)
    async with relaying(platform):
        await opens(platform, [started])
        held = await comes_to_rest_but_for_a_probe(platform, started, 7)
        assert held == {TaskKind.PORTS}
        (hold,) = await open_holds(platform)
        assert (hold.system, hold.site_id) == (System.SWITCHING, None)
        assert (hold.origin, hold.failure) == (HoldOrigin.BREAKER, FailureKind.TRANSIENT)
        assert await open_cases(platform) == 1

        async def has_probed_in_vain() -> bool:
            return (await hold_row(platform, hold.id)).probes >= 2

        await until(has_probed_in_vain, 30)
        assert (await platform.row(started)).state is DecommissionState.PENDING
        assert await failed(platform, started) == 0
        await platform.estate.clear_faults()
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    after = await hold_row(platform, hold.id)
    assert after.released_by == "system"
    assert (await case_of(platform, hold.id)).status is CaseStatus.RESOLVED
    assert await open_cases(platform) == 0
    assert await platform.count("SELECT count(*) FROM strikes") == 0


async def comes_to_rest_but_for_a_probe(
    platform: Platform, started: Started, held: int
) -> set[TaskKind]:
    """The kinds of the tasks that wait, once there are so many; one of them may be trying."""
    kinds: set[TaskKind] = set()

    async def is_there() -> bool:
        now = (await figures(platform, started)).held
        kinds.update(task.kind for task in now)
        return len(now) >= held - 1

    await until(is_there, 60, lambda: platform.story(started))
    return kinds


async def test_revoked_credentials_fail_fewer_tasks_than_the_breaker_needs(
    platform: Platform,
) -> None:
    occupiers = [await platform.tenant(sites=6, **SMALL) for _ in range(2)]
    await breaks(platform, System.BILLING, 401)
    first, second = [await platform.start(occupier) for occupier in occupiers]
    await opens(platform, [first, second])

    async def all_have_met_it() -> bool:
        tasks = [*await platform.tasks(first), *await platform.tasks(second)]
        stops = [task for task in tasks if task.kind is TaskKind.STOP_SERVICES]
        return all(task.hold_id or task.state is TaskState.FAILED for task in stops)

    await until(all_have_met_it, 90, lambda: platform.story(first))
    assert await failed(platform, first) + await failed(platform, second) <= BREAKER.tasks - 1
    assert await open_cases(platform) == 1  # also those that had failed are in it
    (hold,) = await open_holds(platform)
    assert hold.failure is FailureKind.NOT_AUTHORISED
    await platform.estate.clear_faults()
    async with relaying(platform):

        async def all_others_are_done() -> bool:
            tasks = [*await platform.tasks(first), *await platform.tasks(second)]
            stops = Counter(task.state for task in tasks if task.kind is TaskKind.STOP_SERVICES)
            return stops[TaskState.PENDING] == 0

        await until(all_others_are_done, 60)
        for started in (first, second):
            for task in await platform.tasks(started, TaskState.FAILED):
                await platform.retry(task)
        await platform.reaches(first, DecommissionState.DECOMMISSIONED, 90)
        await platform.reaches(second, DecommissionState.DECOMMISSIONED, 90)
    assert await open_cases(platform) == 0


async def test_tasks_that_fail_at_one_site_alone_hold_the_system_there_alone(
    platform: Platform,
) -> None:
    occupiers = [await platform.tenant(sites=1) for _ in range(3)]
    sites = [await platform.site_of(occupier) for occupier in occupiers]
    await platform.estate.put_fault(
        "outage", "error", system="telephony", site=sites[0].reference, statuses={"503": 1.0}
    )
    started = [await platform.start(occupier) for occupier in occupiers]
    # Fewer than the breaker needs: nothing is held, and the task parks as ever.
    await platform.reaches(started[0], DecommissionState.PARTIAL)
    for each in started[1:]:
        await platform.reaches(each, DecommissionState.DECOMMISSIONED)
    assert await open_holds(platform) == []
    await platform.estate.clear_faults()
    for task in await platform.tasks(started[0], TaskState.FAILED):
        await platform.retry(task)
    await platform.reaches(started[0], DecommissionState.DECOMMISSIONED)


async def test_a_probe_whose_worker_never_begins_is_chosen_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.stores.probes.BEGINS_WITHIN_S", 0.5)
    occupier = await platform.tenant(sites=5, **SMALL)
    await breaks(platform, System.WIFI, 503)
    started = await platform.start(occupier)
    await opens(platform, [started])
    (hold,) = await open_holds(platform)
    await platform.run(  # as if a task had been let through whose worker then died
        "UPDATE holds SET probe_task_id = gen_random_uuid(), probe_at = now() WHERE id = :id",
        id=hold.id,
    )
    await platform.estate.clear_faults()
    async with relaying(platform):
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await hold_row(platform, hold.id)).released_by == "system"
