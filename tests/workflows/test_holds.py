"""A system that is held lets the tasks that need it wait, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from models.domain.case import CaseStatus
from models.domain.clock import WaitingReason
from models.domain.decision import DecisionAction, DecisionRefusal
from models.domain.decommission import DecommissionState, TaskKind, TaskPhase, TaskState
from models.domain.outside import System
from tests.deciding import pause
from tests.holding import (
    case_of,
    comes_to_rest,
    figures,
    open_holds,
    place,
    relaying,
    release,
)
from tests.running_platform import Platform, temporal_server, until
from workflows.gateway import DecisionRefusedError, DecommissionGateway
from workflows.hold_relay import relay_once
from workflows.names import site_workflow_id


@pytest.fixture(autouse=True)
async def _no_hold_stays(platform: Platform) -> AsyncIterator[None]:
    yield
    for hold in await open_holds(platform):
        await release(platform, hold.id)


async def test_only_the_tasks_of_a_held_system_wait_and_their_clocks_stand_still(
    platform: Platform,
) -> None:
    hold_id = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=3))

    # Stopping charges waits at each site; what must come after it waits for its turn.
    held = await comes_to_rest(platform, started, held=3)

    assert {task.kind for task in held} == {TaskKind.STOP_SERVICES}
    assert {task.hold_id for task in held} == {hold_id}
    assert {(task.phase, task.waiting_reason) for task in held} == {
        (TaskPhase.QUEUED, WaitingReason.HELD)
    }
    assert not any(task.last_error_kind for task in await platform.tasks(started))
    done = {task.kind for task in (await figures(platform, started)).done}
    assert done >= {TaskKind.PORTS, TaskKind.USERS, TaskKind.TELEPHONY, TaskKind.WIFI_DEVICES}
    assert (await platform.row(started)).state is DecommissionState.PENDING
    await asyncio.sleep(1.2)  # for the clocks, which must not move
    again = (await figures(platform, started)).held
    assert [task.active_s for task in again] == [task.active_s for task in held]
    assert [task.clock_at for task in again] == [task.clock_at for task in held]
    async with relaying(platform):
        assert await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    for task in await platform.tasks(started):
        if task.kind is TaskKind.STOP_SERVICES:
            assert task.waiting_s > 1.2
            assert task.active_s < task.waiting_s


async def test_all_tasks_of_a_hold_are_in_its_one_case_which_resolves_when_they_are_done(
    platform: Platform,
) -> None:
    hold_id = await place(platform, System.BILLING)
    first = await platform.start(await platform.tenant(sites=2))
    second = await platform.start(await platform.tenant(sites=2))
    held = [*await comes_to_rest(platform, first, 2), *await comes_to_rest(platform, second, 2)]

    case = await case_of(platform, hold_id)
    assert case.status in {CaseStatus.NEW, CaseStatus.IN_PROGRESS}
    for task in held:
        assert await platform.count(
            "SELECT count(*) FROM case_tasks WHERE task_id = :id AND left_at IS NULL"
            " AND case_id = :case",
            id=task.id,
            case=case.id,
        )
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(first, DecommissionState.DECOMMISSIONED)
        await platform.reaches(second, DecommissionState.DECOMMISSIONED)
    assert (await case_of(platform, hold_id)).status is CaseStatus.RESOLVED
    open_ones = "SELECT count(*) FROM case_tasks WHERE case_id = :id AND left_at IS NULL"
    assert await platform.count(open_ones, id=case.id) == 0


async def test_a_hold_at_one_site_lets_the_others_go_on(platform: Platform) -> None:
    occupier = await platform.tenant(sites=3)
    site = await platform.site_of(occupier)
    hold_id = await place(platform, System.NETWORK, site.id)
    started = await platform.start(occupier)

    held = await comes_to_rest(platform, started, held=1)

    assert [(task.kind, task.site_id) for task in held] == [(TaskKind.NETWORK, site.id)]
    case = await case_of(platform, hold_id)
    assert (case.operator_id, case.site_id) == (occupier.operator_id, site.id)
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_a_hold_in_mid_run_is_met_by_attempts_that_are_between_batches(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1, users_per_site=1_500)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "slow", "latency", system="wifi", site=site.reference, latency={"ms": 700}
    )
    started = await platform.start(occupier)

    async def is_on() -> bool:
        task = await platform.task(started, TaskKind.USERS, site.id)
        return task.phase is TaskPhase.RUNNING and task.done > 0

    await until(is_on, 60, lambda: platform.story(started))
    hold_id = await place(platform, System.WIFI)
    await comes_to_rest(platform, started, held=1)
    task = await platform.task(started, TaskKind.USERS, site.id)
    assert 0 < task.done < task.total
    await platform.estate.clear_faults("slow")
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_the_verification_waits_for_any_system_at_any_site_of_the_occupier(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=2, devices_per_site=0, users_per_site=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "slow", "latency", system="network", site=site.reference, latency={"ms": 700}
    )
    started = await platform.start(occupier)

    async def telephony_is_done() -> bool:
        done = (await figures(platform, started)).done
        return [task.kind for task in done].count(TaskKind.TELEPHONY) == 2

    await until(telephony_is_done, 60, lambda: platform.story(started))
    hold_id = await place(platform, System.TELEPHONY, site.id)
    held = await comes_to_rest(platform, started, held=1)
    assert [task.kind for task in held] == [TaskKind.VERIFY_OCCUPIER]
    await platform.estate.clear_faults("slow")
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_a_task_whose_hold_is_released_meets_the_next_one(platform: Platform) -> None:
    first = await place(platform, System.BILLING)
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    started = await platform.start(occupier)
    (task,) = await comes_to_rest(platform, started, held=1)
    second = await place(platform, System.BILLING, site.id)
    async with relaying(platform):
        await release(platform, first)

        async def waits_for_the_second() -> bool:
            held = (await figures(platform, started)).held
            return [one.hold_id for one in held] == [second]

        await until(waits_for_the_second)
        assert (await case_of(platform, first)).status is CaseStatus.RESOLVED
        assert await platform.count(
            "SELECT count(*) FROM case_tasks WHERE task_id = :id AND left_at IS NULL", id=task.id
        )
        await release(platform, second)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await case_of(platform, second)).status is CaseStatus.RESOLVED


async def test_a_task_that_failed_before_is_not_lost_by_a_hold(platform: Platform) -> None:
    """It fails in passing, is held, and goes on with attempts that count from one again."""
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "down", "error", system="billing", site=site.reference, statuses={"503": 1.0}
    )
    started = await platform.start(occupier)

    async def has_stumbled() -> bool:
        task = await platform.task(started, TaskKind.STOP_SERVICES, site.id)
        return task.last_error_kind is not None

    await until(has_stumbled)
    hold_id = await place(platform, System.BILLING)
    held = await comes_to_rest(platform, started, held=1)
    assert [task.state for task in held] == [TaskState.PENDING]
    await platform.estate.clear_faults("down")
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    task = await platform.task(started, TaskKind.STOP_SERVICES, site.id)
    assert (task.state, task.round, task.attempt) == (TaskState.COMPLETED, 1, 1)


async def test_what_is_released_while_temporal_is_down_is_told_later(platform: Platform) -> None:
    async with temporal_server() as elsewhere:
        away = DecommissionGateway(elsewhere)
    hold_id = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=2))
    await comes_to_rest(platform, started, held=2)
    await release(platform, hold_id)

    await relay_once(platform.sessions, away, 0)

    waiting = (await figures(platform, started)).held
    assert len(waiting) == 2
    assert all(task.resume_at is not None for task in waiting)
    async with relaying(platform):
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_a_held_task_whose_run_is_gone_is_forgotten_and_taken_up_by_the_next_run(
    platform: Platform,
) -> None:
    hold_id = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=1))
    (task,) = await comes_to_rest(platform, started, held=1)
    assert task.site_id is not None
    run = platform.client.get_workflow_handle(
        site_workflow_id(started.decommission_id, task.site_id)
    )
    await run.terminate()
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await case_of(platform, hold_id)).status is CaseStatus.RESOLVED


async def test_a_paused_run_stays_paused_when_its_hold_is_released(platform: Platform) -> None:
    hold_id = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=1))
    await comes_to_rest(platform, started, held=1)
    await pause(platform, started, DecisionAction.PAUSE)
    async with relaying(platform):
        await release(platform, hold_id)

        async def is_told() -> bool:
            return not (await figures(platform, started)).held

        await until(is_told)
        now = await figures(platform, started)
        assert TaskKind.STOP_SERVICES not in {task.kind for task in [*now.busy, *now.done]}
        await pause(platform, started, DecisionAction.RESUME)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_a_workflow_refuses_the_retry_of_a_held_task(platform: Platform) -> None:
    hold_id = await place(platform, System.BILLING)
    started = await platform.start(await platform.tenant(sites=1))
    (task,) = await comes_to_rest(platform, started, held=1)

    async def is_refused() -> bool:
        try:
            await platform.retry(task)
        except DecisionRefusedError as refused:
            return refused.because is DecisionRefusal.TASK_HELD
        return False

    await until(is_refused)
    assert (await platform.task(started, task.kind, task.site_id)).hold_id == hold_id
    async with relaying(platform):
        await release(platform, hold_id)
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
