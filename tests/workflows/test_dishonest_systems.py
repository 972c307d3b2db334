"""What a decommission makes of outside systems that lie, forget, lose answers or mix things up."""

from sqlalchemy import select

from estate.client import Row
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.tables.decommission import PlanItemRow
from tests.running_platform import Platform, until


async def test_an_ok_with_nothing_done_is_not_believed(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, ports_per_site=6)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "liar", "lie", system="switching", site=site.reference, operation="retire"
    )

    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)

    task = await platform.task(started, TaskKind.PORTS, site.id)
    assert task.state is TaskState.FAILED
    assert task.last_error_kind is FailureKind.UNCONFIRMED
    assert task.last_error is not None
    assert f"{task.total} of {task.total}" in task.last_error
    verdicts = await platform.verdicts(started, ResourceKind.SWITCH_PORT, site.id)
    assert verdicts == {Verdict.UNKNOWN}

    await platform.estate.clear_faults("liar")
    await platform.retry(task)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    # A new intent: otherwise the system could answer from its memory of the empty "OK".
    verdicts = await platform.verdicts(started, ResourceKind.SWITCH_PORT, site.id)
    assert verdicts == {Verdict.REMOVED}


async def test_a_lost_answer_leads_to_one_effect(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "lost", "lost_answer", site=site.reference, operation="retire", rate=0.5, seed=3
    )

    await platform.decommission(occupier)

    effects = await platform.effects(site.reference)
    touched = [(each["system"], each["kind"], each["handle"]) for each in effects]
    assert touched
    assert len(touched) == len(set(touched))


async def test_half_a_batch_is_finished_without_touching_the_done_half(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, devices_per_site=8)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "half", "half_batch", system="wifi", site=site.reference, operation="retire", limit=2
    )

    started = await platform.decommission(occupier)

    effects = await platform.effects(site.reference, kind="wifi_device")
    assert len(effects) == 8
    verdicts = await platform.verdicts(started, ResourceKind.WIFI_DEVICE, site.id)
    assert verdicts == {Verdict.REMOVED}


async def test_what_was_gone_before_we_asked_is_told_apart(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, devices_per_site=3)
    site = await platform.site_of(occupier)
    # Ours is in our records, but the outside system has never heard of it.
    await platform.run(
        "INSERT INTO wifi_devices (occupier_id, site_id, name, mac) "
        "VALUES (:occupier, :site, 'Printer', '02:00:00:FF:00:01')",
        occupier=occupier.id,
        site=site.id,
    )

    started = await platform.decommission(occupier)

    async with platform.sessions() as session:
        query = select(PlanItemRow.verdict).where(
            PlanItemRow.decommission_id == started.decommission_id,
            PlanItemRow.kind == ResourceKind.WIFI_DEVICE,
        )
        verdicts = sorted(await session.scalars(query))
    assert verdicts == [Verdict.ALREADY_ABSENT, *[Verdict.REMOVED] * 3]


async def test_what_belongs_to_someone_else_by_now_is_left_alone_and_reported(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1, numbers_per_site=3)
    site = await platform.site_of(occupier)
    await platform.run(
        "INSERT INTO phone_numbers (site_id, e164, state, occupier_id) "
        "VALUES (:site, '+442079460999', 'active', :occupier)",
        occupier=occupier.id,
        site=site.id,
    )
    stranger = Row("phone_number", "+442079460999", "SOMEBODY-ELSE")
    await platform.estate.provision("telephony", site.reference, [stranger])

    started = await platform.decommission(occupier)

    async with platform.sessions() as session:
        query = select(PlanItemRow).where(
            PlanItemRow.decommission_id == started.decommission_id,
            PlanItemRow.verdict == Verdict.RETAINED,
        )
        (item,) = await session.scalars(query)
    assert item.ground is Ground.OTHER_OWNER
    effects = await platform.effects(site.reference, kind="phone_number")
    assert "+442079460999" not in {each["handle"] for each in effects}
    # Nobody's in our records, but not offered to anyone either.
    kept = "SELECT count(*) FROM phone_numbers WHERE id = :id AND state = 'reserved'"
    assert await platform.count(kept + " AND occupier_id IS NULL", id=item.resource_id) == 1


async def test_a_throttled_task_waits_as_long_as_it_is_told(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "throttled",
        "throttle",
        system="billing",
        site=site.reference,
        operation="retire",
        retry_after_s=2,
        limit=1,
    )

    started = await platform.decommission(occupier)

    task = await platform.task(started, TaskKind.STOP_SERVICES, site.id)
    assert (task.attempt, task.last_error_kind) == (2, FailureKind.THROTTLED)
    assert task.finished_at is not None
    assert task.last_error_at is not None
    assert (task.finished_at - task.last_error_at).total_seconds() >= 2


async def test_a_hanging_site_delays_no_other(platform: Platform) -> None:
    occupier = await platform.tenant(sites=3)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault("hang", "hang", site=site.reference)

    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL, within_s=120)

    tasks = [task for task in await platform.tasks(started) if task.site_id]
    others = {task.state for task in tasks if task.site_id != site.id}
    assert others == {TaskState.COMPLETED}
    stuck = [task for task in tasks if task.site_id == site.id and task.attempt]
    finished = [task.finished_at for task in tasks if task.site_id != site.id and task.finished_at]
    failed = [task.last_error_at for task in stuck if task.last_error_at]
    assert max(finished) < max(failed), "the others were done while the hanging site still tried"


async def test_what_comes_back_after_its_removal_is_seen_before_the_end(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1, devices_per_site=2)
    site = await platform.site_of(occupier)
    # The switch system is refused, so that the site waits while we bring a device back.
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    (removed, *_) = await platform.effects(site.reference, kind="wifi_device")
    zombie = Row("wifi_device", str(removed["handle"]), occupier.reference)
    await platform.estate.provision("wifi", site.reference, [zombie])

    await platform.estate.clear_faults("refused")
    await platform.retry(await platform.task(started, TaskKind.PORTS, site.id))

    async def verification_is_parked() -> bool:
        task = await platform.task(started, TaskKind.VERIFY_OCCUPIER, None)
        return task.state is TaskState.FAILED

    await until(verification_is_parked)
    await platform.reaches(started, DecommissionState.PARTIAL)
    task = await platform.task(started, TaskKind.VERIFY_OCCUPIER, None)
    assert task.last_error_kind is FailureKind.UNCONFIRMED
    verdicts = await platform.verdicts(started, ResourceKind.WIFI_DEVICE, site.id)
    assert verdicts == {Verdict.REMOVED, Verdict.UNKNOWN}

    await platform.run(  # the provider removes it at our request
        "UPDATE estate.holdings SET owner = NULL, state = NULL WHERE handle = :handle",
        handle=str(removed["handle"]),
    )
    await platform.retry(task)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    verdicts = await platform.verdicts(started, ResourceKind.WIFI_DEVICE, site.id)
    assert verdicts == {Verdict.REMOVED}


async def test_shaky_reads_do_not_send_the_last_verification_back_to_the_beginning(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=6)
    await platform.estate.put_fault(
        "shaky", "error", operation="read", statuses={"503": 0.1}, seed=3
    )

    started = await platform.decommission(occupier)

    task = await platform.task(started, TaskKind.VERIFY_OCCUPIER, None)
    assert task.last_error_kind in {None, FailureKind.TRANSIENT}
