"""Cases that open by themselves: one per cause, each failed task in exactly one of them."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from activities.tasks import TaskActivities
from models.database import Sessions
from models.domain.case import CaseStatus
from models.domain.decommission import TaskKind
from models.domain.orders import ParkedTask, TaskOrder, TaskReport
from models.domain.outside import FailureKind, System
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.tables.case import CaseRow, CaseStatusRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_site, make_task

DONE = TaskReport(done=3, total=3)


async def running_task(sessions: Sessions, site: SiteRow, kind: TaskKind) -> TaskOrder:
    """A task of a decommission of its own, at this site."""
    async with sessions.begin() as session:
        decommission = await make_decommission(session, sites=[site])
        await make_task(session, decommission=decommission, site=site, kind=kind)
    return TaskOrder(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id,
        kind=kind,
    )


async def new_site(sessions: Sessions) -> SiteRow:
    async with sessions.begin() as session:
        return await make_site(session)


def failed(
    order: TaskOrder, failure: FailureKind = FailureKind.REJECTED, system: System | None = None
) -> ParkedTask:
    return ParkedTask(order=order, failure=failure, message="refused", system=system)


async def park(sessions: Sessions, parked: ParkedTask) -> None:
    await TaskActivities(sessions).park_task(parked)


async def retry_and_finish(sessions: Sessions, order: TaskOrder) -> None:
    again = order.model_copy(update={"round": order.round + 1})
    await TaskActivities(sessions).reopen_task(again)
    async with sessions.begin() as session:
        task_id = await TaskProgressStore(session).recovered(again, DONE)
        assert task_id is not None
        await TaskCaseStore(session).release(task_id)


async def cases(sessions: Sessions) -> list[CaseRow]:
    async with sessions() as session:
        return list(await session.scalars(select(CaseRow).order_by(CaseRow.number)))


async def open_tasks(sessions: Sessions) -> Counter[str]:
    """How many tasks each case has at the moment, by the case's cause."""
    async with sessions() as session:
        rows = await session.execute(
            text("SELECT cause FROM case_tasks JOIN cases ON id = case_id WHERE left_at IS NULL")
        )
        return Counter(cause for (cause,) in rows)


async def test_tasks_that_fail_at_once_of_one_cause_share_one_case(sessions: Sessions) -> None:
    site = await new_site(sessions)
    orders = [await running_task(sessions, site, TaskKind.PORTS) for _ in range(12)]

    await asyncio.gather(*(park(sessions, failed(order)) for order in orders))

    (case,) = await cases(sessions)
    assert case.cause == f"switching/{site.id}/rejected"
    assert await open_tasks(sessions) == {case.cause: 12}


async def test_parking_twice_opens_one_case(sessions: Sessions) -> None:
    order = await running_task(sessions, await new_site(sessions), TaskKind.PORTS)

    await park(sessions, failed(order))
    await park(sessions, failed(order))

    assert len(await cases(sessions)) == 1


@pytest.mark.parametrize(
    ("kind", "failure", "system"),
    [
        (TaskKind.NETWORK, FailureKind.REJECTED, None),
        (TaskKind.PORTS, FailureKind.NOT_AUTHORISED, None),
        (TaskKind.USERS, FailureKind.REJECTED, System.WIFI),
    ],
)
async def test_another_cause_gets_another_case(
    sessions: Sessions, kind: TaskKind, failure: FailureKind, system: System | None
) -> None:
    site = await new_site(sessions)
    await park(sessions, failed(await running_task(sessions, site, TaskKind.PORTS)))

    await park(sessions, failed(await running_task(sessions, site, kind), failure, system))

    assert len(await cases(sessions)) == 2


async def test_a_case_resolves_itself_when_its_last_task_is_done(sessions: Sessions) -> None:
    site = await new_site(sessions)
    first, second = [await running_task(sessions, site, TaskKind.PORTS) for _ in range(2)]
    await park(sessions, failed(first))
    await park(sessions, failed(second))

    await retry_and_finish(sessions, first)
    assert [case.status for case in await cases(sessions)] == [CaseStatus.NEW]
    await retry_and_finish(sessions, second)

    (case,) = await cases(sessions)
    assert case.status is CaseStatus.RESOLVED
    assert case.resolved_at is not None
    async with sessions() as session:
        history = await session.scalars(select(CaseStatusRow.status).order_by(CaseStatusRow.at))
        assert list(history) == [CaseStatus.NEW, CaseStatus.RESOLVED]


async def test_a_relapse_opens_the_resolved_case_again(sessions: Sessions) -> None:
    site = await new_site(sessions)
    first = await running_task(sessions, site, TaskKind.PORTS)
    await park(sessions, failed(first))
    await retry_and_finish(sessions, first)

    await park(sessions, failed(await running_task(sessions, site, TaskKind.PORTS)))

    (case,) = await cases(sessions)
    assert (case.status, case.times_reopened) == (CaseStatus.IN_PROGRESS, 1)


async def test_a_task_that_fails_anew_for_another_reason_moves_to_that_case(
    sessions: Sessions,
) -> None:
    order = await running_task(sessions, await new_site(sessions), TaskKind.PORTS)
    await park(sessions, failed(order))
    again = order.model_copy(update={"round": 2})
    await TaskActivities(sessions).reopen_task(again)

    await park(sessions, failed(again, FailureKind.TRANSIENT))

    first, second = await cases(sessions)
    assert (first.status, second.status) == (CaseStatus.RESOLVED, CaseStatus.NEW)
    assert await open_tasks(sessions) == {second.cause: 1}


async def test_the_database_refuses_a_failed_task_without_a_case(sessions: Sessions) -> None:
    order = await running_task(sessions, await new_site(sessions), TaskKind.PORTS)

    with pytest.raises(IntegrityError, match="belongs to an open case"):
        async with sessions.begin() as session:
            await session.execute(
                update(TaskRow)
                .where(TaskRow.decommission_id == order.decommission_id)
                .values(state="failed", phase="ended")
            )


async def test_a_task_that_got_well_just_before_its_end_is_completed(sessions: Sessions) -> None:
    order = await running_task(sessions, await new_site(sessions), TaskKind.PORTS)

    # `completed` has seen its case; the sweeper has taken it out before `recovered` looks.
    async with sessions.begin() as session:
        assert await TaskProgressStore(session).recovered(order, DONE) is not None

    async with sessions() as session:
        state = await session.scalar(
            select(TaskRow.state).where(TaskRow.decommission_id == order.decommission_id)
        )
    assert state == "completed"
