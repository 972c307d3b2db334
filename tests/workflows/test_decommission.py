"""The decommission as a whole: order, retention, parked sites, windows, cooling-off."""

from sqlalchemy import text

from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.outside import FailureKind
from tests.running_platform import Platform, until
from workflows.names import decommission_workflow_id, site_workflow_id


async def test_nothing_is_removed_before_the_plan_is_written(platform: Platform) -> None:
    occupier = await platform.tenant(sites=2)
    started = await platform.decommission(occupier)

    plan = await platform.task(started, TaskKind.PLAN, None)
    row = await platform.row(started)
    assert row.plan_hash is not None
    assert plan.finished_at is not None
    for site in await platform.sites(started):
        effects = await platform.effects(site.reference)
        assert effects
        assert all(str(each["at"]) > plan.finished_at.isoformat() for each in effects)


async def test_leases_end_last_and_spaces_are_freed(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    started = await platform.decommission(occupier)

    (site,) = await platform.sites(started)
    leases = await platform.task(started, TaskKind.END_LEASES, site.id)
    network = await platform.task(started, TaskKind.NETWORK, site.id)
    assert leases.started_at is not None
    assert network.finished_at is not None
    assert leases.started_at >= network.finished_at
    live = "SELECT count(*) FROM contracts WHERE occupier_id = :id AND state IN "
    assert await platform.count(live + "('active', 'upcoming')", id=occupier.id) == 0
    held = (
        "SELECT count(*) FROM spaces JOIN occupancies ON space_id = spaces.id "
        "WHERE occupier_id = :id AND spaces.status = 'occupied'"
    )
    assert await platform.count(held, id=occupier.id) == 0


async def test_call_charges_reports_contracts_and_services_stay(platform: Platform) -> None:
    occupier = await platform.tenant(sites=2)
    started = await platform.decommission(occupier)

    async with platform.sessions() as session:
        rows = await session.execute(
            text(
                "SELECT subject, rows_before, rows_after, digest_before = digest_after "
                "FROM retentions WHERE decommission_id = :id"
            ),
            {"id": started.decommission_id},
        )
        kept = {subject: (before, after, same) for subject, before, after, same in rows}
    assert all(before == after and same for before, after, same in kept.values())
    assert kept["call_charges"][0] > 0
    assert kept["billing_reports"][0] > 0
    assert kept["services"][0] > 0


async def test_a_changed_record_that_must_stay_stops_the_end(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "refused", "error", system="billing", site=site.reference, statuses={"403": 1.0}
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    await platform.run(
        "UPDATE call_charges SET amount = amount + 1 WHERE id = "
        "(SELECT id FROM call_charges WHERE occupier_id = :id LIMIT 1)",
        id=occupier.id,
    )
    await platform.estate.clear_faults("refused")
    await platform.retry(await platform.task(started, TaskKind.STOP_SERVICES, site.id))

    async def is_parked() -> bool:
        task = await platform.task(started, TaskKind.VERIFY_OCCUPIER, None)
        return task.state is TaskState.FAILED

    await until(is_parked)
    task = await platform.task(started, TaskKind.VERIFY_OCCUPIER, None)
    assert task.last_error_kind is FailureKind.NEEDS_HUMAN
    assert "call_charges" in (task.last_error or "")


async def test_windows_of_sites_carry_parked_ones_over(platform: Platform) -> None:
    occupier = await platform.tenant(sites=5)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )

    started = await platform.start(occupier, window=2)
    await platform.reaches(started, DecommissionState.PARTIAL)

    runs = await platform.runs(decommission_workflow_id(started.decommission_id))
    assert len(runs) == 3
    tasks = [task for task in await platform.tasks(started) if task.site_id]
    states = {task.state for task in tasks if task.site_id != site.id}
    assert states == {TaskState.COMPLETED}, "all windows went on around the parked site"

    await platform.estate.clear_faults("refused")
    await platform.retry(await platform.task(started, TaskKind.PORTS, site.id))
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_a_site_run_that_is_ended_from_outside_is_started_again(platform: Platform) -> None:
    occupier = await platform.tenant(sites=2)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "slow", "latency", site=site.reference, latency={"distribution": "fixed", "ms": 400}
    )
    started = await platform.start(occupier)
    workflow_id = site_workflow_id(started.decommission_id, site.id)

    await platform.runs(workflow_id)
    await platform.client.get_workflow_handle(workflow_id).terminate("a person's mistake")

    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert {task.state for task in await platform.tasks(started)} == {TaskState.COMPLETED}


async def test_a_site_run_that_is_ended_while_a_task_is_parked_takes_the_task_over(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "refusing", "error", site=site.reference, system="switching", statuses={"403": 1.0}
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    await platform.estate.clear_faults()

    handle = platform.client.get_workflow_handle(site_workflow_id(started.decommission_id, site.id))
    await handle.terminate("a person's mistake")

    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    task = await platform.task(started, TaskKind.PORTS, site.id)
    assert (task.state, task.round, task.has_case) == (TaskState.COMPLETED, 101, False)


async def test_numbers_cool_off_and_come_back_to_the_same_site(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, numbers_per_site=3)
    started = await platform.decommission(occupier)
    (site,) = await platform.sites(started)
    cooling = (
        "SELECT count(*) FROM phone_numbers WHERE cooled_by_decommission_id = :id "
        "AND state = 'cooling_off' AND site_id = :site AND occupier_id IS NULL "
        "AND cooling_off_until BETWEEN now() + interval '29 days' AND now() + interval '31 days'"
    )
    assert await platform.count(cooling, id=started.decommission_id, site=site.id) == 3
