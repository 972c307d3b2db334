"""The watchdog inside each site's workflow: it sees what is stuck when the sweeper is dead."""

from collections.abc import AsyncIterator

import pytest

from models.domain.case import CaseStatus
from models.domain.decommission import DecommissionState, TaskKind
from tests.running_platform import Platform, running_platform, until
from tests.stuck.watching import (
    audited,
    case_of,
    expect_all_s,
    last_case_of,
    start,
    stuck,
    watch_of,
    working,
)
from workflows.names import site_workflow_id


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[Platform]:
    """A platform with a floor of its own, where no task should take long."""
    async with running_platform(database_url, worker=False) as platform, working(platform):
        await expect_all_s(platform, 2.0)
        yield platform


async def events(platform: Platform, workflow_id: str) -> list[str]:
    history = await platform.client.get_workflow_handle(workflow_id).fetch_history()
    return [event.WhichOneof("attributes") or "" for event in history.events]


async def test_a_hang_is_found_without_a_sweeper_and_its_case_resolves(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("hang", "hang", system="switching", site=site.reference)
    started = await start(platform, occupier)

    async def is_stuck() -> bool:
        return bool(await stuck(platform, started))

    await until(is_stuck, 60, lambda: platform.story(started))

    assert set(await stuck(platform, started)) == {TaskKind.PORTS}
    task = await platform.task(started, TaskKind.PORTS, site.id)
    assert (await case_of(platform, task)).cause == f"switching/{site.id}/{task.stuck_because}"
    await platform.estate.clear_faults("hang")
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await last_case_of(platform, task)).status is CaseStatus.RESOLVED


async def test_both_layers_at_once_make_one_case(platform: Platform) -> None:
    occupier = await platform.tenant(sites=2)
    await platform.estate.put_fault("hang", "hang", system="switching")
    started = await start(platform, occupier)
    watches = [watch_of(platform), watch_of(platform)]

    async def both_sites() -> bool:
        for watch in watches:
            await watch.look()
        of_ports = "SELECT count(*) FROM tasks WHERE kind = 'ports' AND stuck_at IS NOT NULL"
        return await platform.count(of_ports) == 2

    await until(both_sites, 60, lambda: platform.story(started))
    for site in await platform.sites(started):
        task = await platform.task(started, TaskKind.PORTS, site.id)
        assert await audited(platform, task.id) == ["task.stuck"]
        await case_of(platform, task)  # exactly one
    await platform.estate.clear_faults("hang")
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await platform.count("SELECT count(*) FROM cases WHERE status <> 'resolved'") == 0


async def test_when_nothing_hangs_the_watchdog_costs_two_events(platform: Platform) -> None:
    await platform.run("DROP TRIGGER expect_little ON tasks")
    started = await platform.decommission(await platform.tenant(sites=1))

    (site,) = await platform.sites(started)
    kinds = await events(platform, site_workflow_id(started.decommission_id, site.id))
    of_timers = [kind for kind in kinds if "timer" in kind]
    assert of_timers == ["timer_started_event_attributes", "timer_canceled_event_attributes"]
