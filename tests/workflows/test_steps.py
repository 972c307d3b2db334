"""The four tests that every step of the runbook owes (style 48), for all steps at once."""

from dataclasses import dataclass

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.estate import build_systems
from models.domain.decommission import RESOURCES_OF, DecommissionState, TaskKind, TaskState
from models.domain.occupier import OccupierStatus
from models.domain.orders import TaskOrder
from models.domain.outside import FailureKind, System, Verdict
from models.tables.occupier import OccupierRow
from tests.running_platform import Platform
from worker import activities_by_queue
from workflows.names import queue_of


@dataclass(frozen=True)
class Step:
    """A step with the system that can fail it, and a query for what our tables must lose."""

    kind: TaskKind
    system: System
    ours: str


STEPS = [
    Step(
        TaskKind.LOGOUT_HANDSETS,
        System.TELEPHONY,
        "SELECT count(*) FROM handset_logins WHERE occupier_id = :occupier",
    ),
    Step(
        TaskKind.TELEPHONY,
        System.TELEPHONY,
        "SELECT count(*) FROM phone_numbers WHERE occupier_id = :occupier",
    ),
    Step(
        TaskKind.PORTS,
        System.SWITCHING,
        "SELECT count(*) FROM switch_ports WHERE occupier_id = :occupier",
    ),
    Step(TaskKind.USERS, System.WIFI, "SELECT count(*) FROM users WHERE occupier_id = :occupier"),
    Step(
        TaskKind.USERS, System.ACCOUNTS, "SELECT count(*) FROM users WHERE occupier_id = :occupier"
    ),
    Step(
        TaskKind.WIFI_DEVICES,
        System.WIFI,
        "SELECT count(*) FROM wifi_devices WHERE occupier_id = :occupier",
    ),
    Step(
        TaskKind.STOP_SERVICES,
        System.BILLING,
        "SELECT count(*) FROM services WHERE occupier_id = :occupier AND state <> 'inactive'",
    ),
    Step(
        TaskKind.NETWORK,
        System.NETWORK,
        "SELECT count(*) FROM networks WHERE occupier_id = :occupier",
    ),
]
EVERY_STEP = pytest.mark.parametrize(
    "step", STEPS, ids=[f"{step.kind}-in-{step.system}" for step in STEPS]
)


async def one_site_tenant(platform: Platform) -> OccupierRow:
    return await platform.tenant(sites=1, numbers_per_site=4, users_per_site=4)


@EVERY_STEP
async def test_a_step_empties_the_outside_system_and_our_tables(
    platform: Platform, step: Step
) -> None:
    occupier = await one_site_tenant(platform)
    assert await platform.count(step.ours, occupier=occupier.id) > 0, "the test needs something"

    started = await platform.decommission(occupier)

    (site,) = await platform.sites(started)
    for resource in RESOURCES_OF[step.kind]:
        assert await platform.verdicts(started, resource, site.id) <= {Verdict.REMOVED}
    assert await platform.count(step.ours, occupier=occupier.id) == 0
    task = await platform.task(started, step.kind, site.id)
    assert (task.state, task.attempt, task.done) == (TaskState.COMPLETED, 1, task.total)


@EVERY_STEP
async def test_a_step_that_fails_in_passing_is_tried_again_until_it_works(
    platform: Platform, step: Step
) -> None:
    occupier = await one_site_tenant(platform)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        f"passing-{site.reference}",
        "error",
        system=step.system,
        site=site.reference,
        statuses={"503": 1.0},
        limit=2,
    )

    started = await platform.decommission(occupier)

    assert await platform.count(step.ours, occupier=occupier.id) == 0
    attempts = [
        task.attempt for task in await platform.tasks(started) if task.last_error_kind is not None
    ]
    assert max(attempts) >= 2
    kinds = {task.last_error_kind for task in await platform.tasks(started)} - {None}
    assert kinds == {FailureKind.TRANSIENT}


@EVERY_STEP
async def test_a_step_that_is_refused_for_good_parks_and_goes_on_when_support_says_so(
    platform: Platform, step: Step
) -> None:
    occupier = await platform.tenant(sites=2, numbers_per_site=4, users_per_site=4)
    site = await platform.site_of(occupier)
    if step.kind is TaskKind.TELEPHONY:  # else the same system refuses the logout before it
        await platform.run("DELETE FROM handset_logins WHERE occupier_id = :id", id=occupier.id)
    fault = f"refused-{site.reference}"
    await platform.estate.put_fault(
        fault, "error", system=step.system, site=site.reference, statuses={"403": 1.0}
    )

    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)

    failed = await platform.tasks(started, TaskState.FAILED)
    assert step.kind in {task.kind for task in failed}
    assert {task.site_id for task in failed} == {site.id}
    assert {task.last_error_kind for task in failed} == {FailureKind.NOT_AUTHORISED}
    elsewhere = [
        task
        for task in await platform.tasks(started)
        if task.site_id is not None and task.site_id != site.id
    ]
    assert {task.state for task in elsewhere} == {TaskState.COMPLETED}
    async with platform.sessions() as session:
        row = await session.get_one(OccupierRow, occupier.id)
        assert row.status is OccupierStatus.FAILED

    await platform.estate.clear_faults(fault)
    for task in failed:
        await platform.retry(task)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await platform.count(step.ours, occupier=occupier.id) == 0


@EVERY_STEP
async def test_a_step_run_again_after_it_was_done_does_nothing(
    platform: Platform, step: Step
) -> None:
    occupier = await one_site_tenant(platform)
    started = await platform.decommission(occupier)
    (site,) = await platform.sites(started)
    effects = await platform.effects(site.reference)
    numbers = "SELECT count(*) FROM phone_numbers WHERE cooled_by_decommission_id = :id"
    cooling = await platform.count(numbers, id=started.decommission_id)

    systems = build_systems(platform.settings)
    activity = next(
        each
        for each in activities_by_queue(platform.sessions, systems)[queue_of(step.kind)]
        if each.__name__ == step.kind.value
    )
    report = await ActivityEnvironment().run(
        activity,
        TaskOrder(
            decommission_id=started.decommission_id,
            occupier_id=occupier.id,
            site_id=site.id,
            kind=step.kind,
        ),
    )
    await systems.aclose()

    assert report.remaining == 0
    assert await platform.effects(site.reference) == effects
    assert await platform.count(numbers, id=started.decommission_id) == cooling
