"""Troubles of the platform itself: no worker, broken code, runs that are gone, Temporal away."""

import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from models.domain.case import CaseStatus
from models.domain.decision import DecisionAction, DecisionState
from models.domain.decommission import SITE_TASKS, DecommissionState, TaskKind, TaskState
from models.domain.orders import SiteOrder
from models.domain.stuck import StuckBecause
from models.stores.restarts import RestartStore
from tests.deciding import decide, decision
from tests.running_platform import Platform, running_platform, until
from tests.stuck.watching import (
    audited,
    case_of,
    is_found,
    last_case_of,
    sight_of,
    silent_temporal,
    start,
    stuck,
    watch_of,
    working,
)
from workflows.decommission_occupier import DecommissionOccupier
from workflows.names import (
    WORKFLOW_QUEUE,
    activity_queues,
    decommission_workflow_id,
    queue_of,
    site_workflow_id,
)

FIRST_AT_A_SITE = {
    TaskKind.LOGOUT_HANDSETS,
    TaskKind.PORTS,
    TaskKind.USERS,
    TaskKind.WIFI_DEVICES,
    TaskKind.STOP_SERVICES,
}


@workflow.defn(name="DecommissionSite", sandboxed=False)
class Broken:
    """A site's runbook with a defect."""

    @workflow.run
    async def run(self, order: SiteOrder) -> None:
        raise KeyError(order.site_id)


def broken_worker(platform: Platform) -> Worker:
    """Takes workflows, and fails in those of sites."""
    return Worker(
        platform.client,
        task_queue=WORKFLOW_QUEUE,
        workflows=[DecommissionOccupier, Broken],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[Platform]:
    """A platform without workers."""
    async with running_platform(database_url, worker=False) as platform:
        yield platform


async def test_a_queue_without_a_worker_is_one_case_and_its_tasks_go_on_with_one(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=2))
    ports = queue_of(TaskKind.PORTS)
    others = [queue for queue in (WORKFLOW_QUEUE, *activity_queues()) if queue != ports]
    watch = watch_of(platform)
    async with working(platform, *others):
        found = await is_found(platform, watch, started)
        assert found == {TaskKind.PORTS: StuckBecause.NO_WORKER}

        async def both_sites() -> bool:
            await watch.look()
            return await stuck_count(platform) == 2

        await until(both_sites)
        site = (await platform.sites(started))[0]
        task = await platform.task(started, TaskKind.PORTS, site.id)
        case = await case_of(platform, task)
        assert case.cause == f"{ports}/everywhere/no_worker"
        assert await platform.count("SELECT count(*) FROM cases") == 1
        async with working(platform, ports):
            await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await last_case_of(platform, task)).status is CaseStatus.RESOLVED


async def test_with_no_worker_at_all_the_first_task_is_found(platform: Platform) -> None:
    started = await start(platform, await platform.tenant(sites=1))

    found = await is_found(platform, watch_of(platform), started)

    assert found == {TaskKind.PLAN: StuckBecause.NO_WORKER}
    task = await platform.task(started, TaskKind.PLAN, None)
    assert (await case_of(platform, task)).cause == f"{WORKFLOW_QUEUE}/everywhere/no_worker"


async def test_code_that_fails_is_one_case_and_the_mended_code_makes_it_well(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=2))
    watch = watch_of(platform)
    async with working(platform, *activity_queues()):
        async with broken_worker(platform):
            found = await is_found(platform, watch, started)
            assert set(found) <= FIRST_AT_A_SITE
            assert set(found.values()) == {StuckBecause.WORKFLOW_FAILING}
            assert await platform.count("SELECT count(*) FROM cases") == 1
        async with working(platform, WORKFLOW_QUEUE):
            await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await stuck(platform, started) == {}
    assert await platform.count("SELECT count(*) FROM cases WHERE status <> 'resolved'") == 0


async def test_code_that_fails_is_dated_from_its_first_failure_not_from_its_newest_attempt(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=1))
    site = (await platform.sites(started))[0]
    name = site_workflow_id(started.decommission_id, site.id)
    sight = sight_of(platform)
    assert await sight.answers()
    seen: dict[int, tuple[float, float]] = {}  # attempt: when it was first seen, its age then

    async def is_tried_a_third_time() -> bool:
        step = (await sight.run(name)).workflow_task
        if step is not None:
            seen.setdefault(step.attempt, (time.monotonic(), step.age_s))
        return 3 in seen

    async with working(platform, *activity_queues()), broken_worker(platform):
        await until(is_tried_a_third_time)
    (second_at, age_s), (third_at, later_age_s) = seen[2], seen[3]
    assert later_age_s - age_s == pytest.approx(third_at - second_at, abs=0.5)


async def test_a_run_that_was_ended_from_outside_is_found_and_a_retry_begins_it_anew(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=1))
    site = (await platform.sites(started))[0]
    ports = queue_of(TaskKind.PORTS)
    others = [queue for queue in (WORKFLOW_QUEUE, *activity_queues()) if queue != ports]
    async with working(platform, *others):

        async def rest_is_done() -> bool:
            done = await platform.tasks(started, TaskState.COMPLETED)
            return len(done) == len(SITE_TASKS) - 3 + 2

        await until(rest_is_done, story=lambda: platform.story(started))
        for workflow_id in (
            decommission_workflow_id(started.decommission_id),
            site_workflow_id(started.decommission_id, site.id),
        ):
            await platform.client.get_workflow_handle(workflow_id).terminate()
        found = await is_found(platform, watch_of(platform), started)

        assert set(found.values()) == {StuckBecause.RUN_GONE}
        assert await platform.count("SELECT count(*) FROM cases") == 1
        task = await platform.task(started, TaskKind.PORTS, site.id)
        decision_id = await decide(platform, task, DecisionAction.RETRY)
        assert (await decision(platform, decision_id)).state is DecisionState.CARRIED_OUT
        await platform.relay.relay_once()
        async with working(platform, ports):
            await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await stuck(platform, started) == {}
    assert await platform.count("SELECT count(*) FROM cases WHERE status <> 'resolved'") == 0
    assert await platform.count("SELECT max(round) FROM tasks WHERE kind = 'plan'") == 1


async def test_a_decommission_that_is_begun_anew_adopts_the_sites_that_still_run(
    platform: Platform,
) -> None:
    started = await start(platform, await platform.tenant(sites=2))
    ports = queue_of(TaskKind.PORTS)
    others = [queue for queue in (WORKFLOW_QUEUE, *activity_queues()) if queue != ports]
    async with working(platform, *others):

        async def rest_is_done() -> bool:
            done = await platform.tasks(started, TaskState.COMPLETED)
            return len(done) == 2 * (len(SITE_TASKS) - 3) + 2

        await until(rest_is_done, story=lambda: platform.story(started))
        run = platform.client.get_workflow_handle(decommission_workflow_id(started.decommission_id))
        await run.terminate()
        async with platform.sessions.begin() as session:
            await RestartStore(session).restart(started.decommission_id)
        await platform.relay.relay_once()
        async with working(platform, ports):
            await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    for site in await platform.sites(started):
        site_id = site_workflow_id(started.decommission_id, site.id)
        assert len(await platform.runs(site_id)) == 1


async def test_a_temporal_that_does_not_answer_is_one_case_of_everybody(
    platform: Platform,
) -> None:
    occupiers = [await platform.tenant(sites=1), await platform.tenant(sites=2)]
    runs = [await start(platform, occupier) for occupier in occupiers]
    watch = watch_of(platform)
    with silent_temporal(platform):
        for started in runs:
            found = await is_found(platform, watch, started)
            assert found == {TaskKind.PLAN: StuckBecause.ENGINE_AWAY}
        task = await platform.task(runs[0], TaskKind.PLAN, None)
        case = await case_of(platform, task)
        assert case.cause == "platform/everywhere/engine_away"
        assert await platform.count("SELECT count(*) FROM cases") == 1
    async with working(platform):
        for started in runs:
            await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await last_case_of(platform, task)).status is CaseStatus.RESOLVED
    assert "task.completed" in await audited(platform, task.id)


async def stuck_count(platform: Platform) -> int:
    return await platform.count("SELECT count(*) FROM tasks WHERE stuck_at IS NOT NULL")


async def test_a_retry_that_comes_after_the_end_begins_nothing_anew(platform: Platform) -> None:
    started = await start(platform, await platform.tenant(sites=1))
    site = (await platform.sites(started))[0]
    async with working(platform):
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
        run = platform.client.get_workflow_handle(decommission_workflow_id(started.decommission_id))
        await run.result()
    task = await platform.task(started, TaskKind.PORTS, site.id)
    decision_id = await decide(platform, task, DecisionAction.RETRY)
    assert (await decision(platform, decision_id)).state is DecisionState.REFUSED
    assert await platform.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0


async def test_a_start_of_what_has_come_to_its_end_holds_up_no_other(platform: Platform) -> None:
    started = await start(platform, await platform.tenant(sites=1))
    async with working(platform):
        await platform.reaches(started, DecommissionState.DECOMMISSIONED)
        run = platform.client.get_workflow_handle(decommission_workflow_id(started.decommission_id))
        await run.result()
    async with platform.sessions.begin() as session:
        await session.execute(text("UPDATE outbox SET sent_at = NULL"))
    await platform.relay.relay_once()
    assert await platform.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0
