"""The sweeper's watch over a real engine: what is stuck is found, what waits is left alone."""

from collections.abc import Awaitable, Callable

import pytest

from models.domain.case import CaseStatus
from models.domain.clock import WaitingReason
from models.domain.decision import DecisionAction
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.outside import System
from models.domain.stuck import StuckBecause
from models.tables.site import SiteRow
from tests.deciding import pause
from tests.holding import place
from tests.running_platform import Platform, until
from tests.stuck.watching import (
    audited,
    case_of,
    expect_s,
    is_found,
    last_case_of,
    start,
    stuck,
    told,
    watch_of,
)

THRESHOLD_S = 2.0
Trouble = Callable[[Platform, SiteRow], Awaitable[None]]


async def test_a_system_that_hangs_is_found_and_its_case_resolves_when_it_is_well(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("hang", "hang", system="switching", site=site.reference)
    started = await start(platform, occupier)
    await expect_s(platform, started, THRESHOLD_S, TaskKind.PORTS)
    watch = watch_of(platform)

    found = await is_found(platform, watch, started)

    assert set(found) == {TaskKind.PORTS}
    task = await platform.task(started, TaskKind.PORTS, site.id)
    case = await case_of(platform, task)
    assert case.cause == f"switching/{site.id}/{task.stuck_because}"
    assert task.stuck_seen is not None
    assert str(task.stuck_seen["activity_id"]).startswith("ports-r1-")

    await platform.estate.clear_faults("hang")
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await last_case_of(platform, task)).status is CaseStatus.RESOLVED
    assert await stuck(platform, started) == {}
    assert await audited(platform, task.id) == ["task.stuck", "task.completed"]


async def test_attempts_that_all_fail_are_found_and_move_to_the_case_of_the_failure(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    fault = {"system": "network", "site": site.reference}
    await platform.estate.put_fault("down", "error", statuses={"503": 1.0}, **fault)
    started = await start(platform, occupier)
    await expect_s(platform, started, THRESHOLD_S, TaskKind.NETWORK)

    found = await is_found(platform, watch_of(platform), started)

    assert found == {TaskKind.NETWORK: StuckBecause.RETRYING}
    task = await platform.task(started, TaskKind.NETWORK, site.id)
    before = await case_of(platform, task)
    await platform.estate.put_fault("down", "error", statuses={"403": 1.0}, **fault)
    await platform.reaches(started, DecommissionState.PARTIAL)
    assert (await case_of(platform, task)).cause == f"network/{site.id}/not_authorised"
    assert (await last_case_of(platform, task)).id != before.id
    assert await stuck(platform, started) == {}
    of_before = "SELECT count(*) FROM cases WHERE id = :id AND status = 'resolved'"
    assert await platform.count(of_before, id=before.id) == 1


async def throttled(platform: Platform, site: SiteRow) -> None:
    await platform.estate.put_fault(
        "busy", "throttle", system="switching", site=site.reference, retry_after_s=60
    )


async def settling(platform: Platform, site: SiteRow) -> None:
    await platform.estate.put_fault(
        "liar", "lie", system="switching", site=site.reference, operation="retire"
    )


async def refused(platform: Platform, site: SiteRow) -> None:
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )


async def held(platform: Platform, site: SiteRow) -> None:
    await place(platform, System.SWITCHING, site.id)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (throttled, WaitingReason.THROTTLED),
        (settling, WaitingReason.SETTLING),
        (refused, WaitingReason.HUMAN),
        (held, WaitingReason.HELD),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
async def test_what_waits_for_a_reason_is_left_alone_and_so_is_what_comes_after_it(
    platform: Platform, trouble: Trouble, reason: WaitingReason
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await trouble(platform, site)
    started = await start(platform, occupier)
    await expect_s(platform, started, 5.0)
    watch = watch_of(platform)
    seen: set[WaitingReason | None] = set()

    async def has_waited_long() -> bool:
        await watch.look()
        task = await platform.task(started, TaskKind.PORTS, site.id)
        seen.add(task.waiting_reason)
        assert await stuck(platform, started) == {}, await platform.story(started)
        waited = "SELECT max(extract(epoch FROM now() - created_at)) FROM tasks WHERE id = :id"
        return await platform.count(waited, id=task.id) > 12

    await until(has_waited_long)
    assert reason in seen


async def test_what_is_paused_is_left_alone_and_found_when_it_goes_on(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("hang", "hang", system="switching", site=site.reference)
    started = await start(platform, occupier)
    await expect_s(platform, started, 5.0)

    async def is_tried() -> bool:
        return (await platform.task(started, TaskKind.PORTS, site.id)).attempt > 0

    await until(is_tried)
    await pause(platform, started, DecisionAction.PAUSE)
    watch = watch_of(platform)

    async def is_overdue() -> bool:
        await watch.look()
        assert await stuck(platform, started) == {}
        overdue = (
            "SELECT count(*) FROM tasks WHERE decommission_id = :id AND waiting_reason IS NULL "
            "AND active_s + extract(epoch FROM now() - clock_at) > threshold_s + 2"
        )
        return await platform.count(overdue, id=started.decommission_id) > 0

    await until(is_overdue, 60)
    await pause(platform, started, DecisionAction.RESUME)
    found = await is_found(platform, watch, started)
    assert set(found) == {TaskKind.PORTS}


async def test_a_slow_system_is_left_alone(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("slow", "latency", site=site.reference, latency={"ms": 400})
    started = await start(platform, occupier)
    await expect_s(platform, started, 60.0)
    watch = watch_of(platform)

    async def is_done() -> bool:
        assert (await watch.look()).marked == 0
        return (await platform.row(started)).state is DecommissionState.DECOMMISSIONED

    await until(is_done, 120, lambda: platform.story(started))


async def test_a_start_that_nobody_has_told_temporal_of_is_not_a_run_that_is_gone(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=1), tell=False)
    watch = watch_of(platform, floor_s=0.3)

    async def is_old() -> bool:
        await watch.look()
        assert await stuck(platform, started) == {}
        age = "SELECT 1000 * extract(epoch FROM now() - requested_at) FROM decommissions"
        return await platform.count(f"{age} WHERE id = :id", id=started.decommission_id) > 1500

    await until(is_old)
    await told(platform)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await platform.tasks(started, TaskState.FAILED) == []


async def test_a_look_leaves_word_that_there_was_one(platform: Platform) -> None:
    await watch_of(platform).look()

    fresh = "name = 'stuck' AND looked_at > now() - interval '9 s'"
    assert await platform.count(f"SELECT count(*) FROM watches WHERE {fresh}") == 1
