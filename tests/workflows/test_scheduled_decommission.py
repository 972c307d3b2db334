"""A decommission that waits for its time: it starts then, or says why not."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.schedules import ScheduleActivities
from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.orders import ScheduleOrder
from models.domain.portfolio import TeamRole
from models.domain.schedule import ScheduleState
from models.tables.schedule import ScheduleRow
from tests.builders import make_contract, make_occupier
from tests.running_platform import Platform, until
from tests.schedules import (
    block,
    cancel,
    cases,
    comments,
    mend,
    requester,
    reschedule,
    row,
    schedule,
    status,
)
from tests.workflows.test_cool_off_numbers import time_skipping
from worker import SANDBOX
from workflows.connection import CONVERTER
from workflows.names import RECORDS_QUEUE, schedule_workflow_id
from workflows.scheduled_decommission import ScheduledDecommission

__all__ = ["time_skipping"]  # a fixture

SOON = timedelta(seconds=1.2)
LATER = timedelta(days=30)
Timer = WorkflowHandle[ScheduledDecommission, None]


async def reaches(platform: Platform, schedule_id: UUID, state: ScheduleState) -> ScheduleRow:
    """Relay what waits until the schedule is in `state`."""

    async def is_there() -> bool:
        await platform.relay.relay_once()
        return (await row(platform.sessions, schedule_id)).state is state

    await until(is_there)
    return await row(platform.sessions, schedule_id)


def timer(platform: Platform, schedule_id: UUID) -> Timer:
    return platform.client.get_workflow_handle_for(
        ScheduledDecommission.run, schedule_workflow_id(schedule_id)
    )


async def looks(handle: Timer) -> int:
    """How often the timer looked at the rows; it must not spin."""
    events = (await handle.fetch_history()).events
    return sum(event.HasField("activity_task_scheduled_event_attributes") for event in events)


async def has_timer(handle: Timer) -> bool:
    events = (await handle.fetch_history()).events
    return any(event.HasField("timer_started_event_attributes") for event in events)


async def has_failed_once(handle: Timer) -> bool:
    pending = (await handle.describe()).raw_description.pending_activities
    return any(activity.attempt > 1 for activity in pending)


@asynccontextmanager
async def watched(client: Client, sessions: Sessions, schedule_id: UUID) -> AsyncIterator[Timer]:
    """The workflow, started, with a worker of its own."""
    async with Worker(
        client,
        task_queue=RECORDS_QUEUE,
        workflows=[ScheduledDecommission],
        activities=[ScheduleActivities(sessions).look_at_schedule],
        workflow_runner=SANDBOX,
    ):
        yield await client.start_workflow(
            ScheduledDecommission.run,
            ScheduleOrder(schedule_id=schedule_id),
            id=schedule_workflow_id(schedule_id),
            task_queue=RECORDS_QUEUE,
        )


async def test_a_scheduled_decommission_starts_when_it_is_due_and_runs_to_its_end(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, SOON)
    assert await status(platform.sessions, occupier) is OccupierStatus.SCHEDULED

    started = await reaches(platform, schedule_id, ScheduleState.STARTED)

    assert started.decided_at is not None
    assert started.decided_at >= started.due_at
    await timer(platform, schedule_id).result()
    assert await looks(timer(platform, schedule_id)) <= 4

    async def is_gone() -> bool:
        await platform.relay.relay_once()
        return await status(platform.sessions, occupier) is OccupierStatus.DECOMMISSIONED

    await until(is_gone, 60)


async def test_one_that_is_cancelled_never_starts(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, LATER)
    await platform.relay.relay_once()
    await cancel(platform.sessions, schedule_id)
    await platform.relay.relay_once()

    await timer(platform, schedule_id).result()

    assert await status(platform.sessions, occupier) is OccupierStatus.ACTIVE
    assert (await row(platform.sessions, schedule_id)).decommission_id is None


async def test_one_that_is_moved_forward_starts_at_its_new_time(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, LATER)
    await platform.relay.relay_once()

    await reschedule(platform.sessions, schedule_id, SOON)

    await reaches(platform, schedule_id, ScheduleState.STARTED)
    await timer(platform, schedule_id).result()
    assert (await row(platform.sessions, schedule_id)).decommission_id is not None


async def test_one_that_is_refused_when_due_waits_with_one_case_until_it_is_rescheduled(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, SOON)
    service_id = await block(platform.sessions, occupier)

    blocked = await reaches(platform, schedule_id, ScheduleState.BLOCKED)

    assert blocked.blocked_reasons == ["service_failed"]
    assert await status(platform.sessions, occupier) is OccupierStatus.SCHEDULED
    (case,) = await cases(platform.sessions, occupier)
    assert blocked.case_id == case.id
    assert occupier.name not in case.subject + case.description

    await mend(platform.sessions, service_id)
    for _ in range(3):  # nothing but a person's change moves it
        await platform.gateway.tell_schedule(ScheduleOrder(schedule_id=schedule_id))
    await reschedule(platform.sessions, schedule_id, SOON)
    await reaches(platform, schedule_id, ScheduleState.STARTED)
    assert len(await cases(platform.sessions, occupier)) == 1


async def test_a_second_refusal_is_a_comment_on_the_same_case(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, SOON)
    service_id = await block(platform.sessions, occupier)
    await reaches(platform, schedule_id, ScheduleState.BLOCKED)
    await mend(platform.sessions, service_id)
    await reschedule(platform.sessions, schedule_id, SOON)
    await block(platform.sessions, occupier)

    await reaches(platform, schedule_id, ScheduleState.BLOCKED)

    (case,) = await cases(platform.sessions, occupier)
    assert await comments(platform.sessions, case.id) == 1


@pytest.mark.parametrize("is_removed", [True, False])
async def test_it_does_not_start_for_somebody_who_lost_their_rights(
    platform: Platform, *, is_removed: bool
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    by = await requester(platform.sessions, occupier.operator_id, {site.id: TeamRole.ADMIN})
    schedule_id = await schedule(platform.sessions, occupier, SOON, by)
    table, column = ("team_members", "id") if is_removed else ("site_roles", "team_member_id")
    await platform.run(f"DELETE FROM {table} WHERE {column} = :id", id=by.member_id)

    blocked = await reaches(platform, schedule_id, ScheduleState.BLOCKED)

    assert blocked.blocked_reasons == ["requester_lost_rights"]
    assert len(await cases(platform.sessions, occupier)) == 1


async def test_repeated_messages_start_nothing_twice(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1)
    schedule_id = await schedule(platform.sessions, occupier, SOON)
    order = ScheduleOrder(schedule_id=schedule_id)
    await asyncio.gather(*(platform.gateway.tell_schedule(order) for _ in range(8)))

    await reaches(platform, schedule_id, ScheduleState.STARTED)
    await platform.gateway.tell_schedule(order)  # also when it is over
    await timer(platform, schedule_id).result()

    started = await platform.count(
        "SELECT count(*) FROM decommissions WHERE occupier_id = :id", id=occupier.id
    )
    assert started == 1


async def test_many_looks_at_once_make_one_start(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        await make_contract(session, occupier=occupier)
    schedule_id = await schedule(sessions, occupier, timedelta(seconds=0.3))
    order = ScheduleOrder(schedule_id=schedule_id)

    async def is_over() -> bool:
        looks = (ScheduleActivities(sessions).look_at_schedule(order) for _ in range(4))
        return not all(report.is_open for report in await asyncio.gather(*looks))

    await until(is_over)
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM decommissions")) == 1


async def test_a_look_that_fails_is_made_again(temporal: Client, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
    schedule_id = await schedule(sessions, occupier, timedelta(seconds=0.3))
    # Nobody can look while the table has another name, as during an outage.
    await rename(sessions, "schedules", "away")

    async with watched(temporal, sessions, schedule_id) as handle:
        await until(lambda: has_failed_once(handle))
        await rename(sessions, "away", "schedules")
        await handle.result()

    assert (await row(sessions, schedule_id)).state is ScheduleState.STARTED


async def test_one_that_was_made_before_a_second_person_was_needed_is_blocked(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
    schedule_id = await schedule(sessions, occupier, timedelta(seconds=0.3))
    async with sessions.begin() as session:
        await session.execute(text("UPDATE operators SET second_person_required = true"))

    async def is_blocked() -> bool:
        await ScheduleActivities(sessions).look_at_schedule(ScheduleOrder(schedule_id=schedule_id))
        return (await row(sessions, schedule_id)).state is ScheduleState.BLOCKED

    await until(is_blocked)
    assert (await row(sessions, schedule_id)).blocked_reasons == ["second_person_needed"]


async def test_many_changes_are_carried_over_to_new_runs(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
    schedule_id = await schedule(sessions, occupier, LATER)
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
            dev_server_log_level="error",
            data_converter=CONVERTER,
            dev_server_extra_args=[
                "--dynamic-config-value",
                "limit.historyCount.suggestContinueAsNew=20",
            ],
        ) as environment,
        watched(environment.client, sessions, schedule_id) as first,
    ):
        latest = environment.client.get_workflow_handle(first.id)

        async def is_another_run() -> bool:
            await latest.signal(ScheduledDecommission.changed)
            return (await latest.describe()).run_id != first.result_run_id

        await until(is_another_run)
        await cancel(sessions, schedule_id)
        await latest.signal(ScheduledDecommission.changed)
        await latest.result()
    assert (await row(sessions, schedule_id)).state is ScheduleState.CANCELLED


async def test_a_month_passes_before_it_starts(
    time_skipping: WorkflowEnvironment, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
    schedule_id = await schedule(sessions, occupier, LATER)
    began = await time_skipping.get_current_time()

    async with watched(time_skipping.client, sessions, schedule_id) as handle:
        await until(lambda: has_timer(handle))
        # The rows' clock is real and the timer's is virtual: only the timer may wait a month.
        async with sessions.begin() as session:
            await session.execute(text("UPDATE schedules SET due_at = now()"))
        await handle.result()
        assert await looks(handle) == 2

    assert await time_skipping.get_current_time() - began >= LATER - timedelta(minutes=1)
    assert (await row(sessions, schedule_id)).state is ScheduleState.STARTED


async def rename(sessions: Sessions, old: str, new: str) -> None:
    async with sessions.begin() as session:
        await session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
