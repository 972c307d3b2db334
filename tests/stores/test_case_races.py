"""A person resolves a case while the engine changes its tasks: the rows never disagree."""

import asyncio
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from activities.tasks import TaskActivities
from models.database import Sessions
from models.domain.case import CaseStatus
from models.domain.decommission import TaskKind, TaskPhase
from models.domain.orders import ParkedTask, TaskOrder
from models.domain.outside import FailureKind
from models.stores.case_desk import CaseDeskStore
from models.tables.case import CaseTaskRow
from tests.builders import make_decommission, make_site, make_task
from tests.desk_cases import make_case

ROUNDS = 12

_FAILED_BUT_NOT_IN_ONE_OPEN_CASE = text("""
SELECT count(*) FROM tasks WHERE state = 'failed' AND 1 <> (
       SELECT count(*) FROM case_tasks JOIN cases ON cases.id = case_id
        WHERE task_id = tasks.id AND left_at IS NULL AND status NOT IN ('resolved', 'closed'))
""")

_LEFT_IN_AN_ENDED_CASE = text("""
SELECT count(*) FROM case_tasks JOIN cases ON cases.id = case_id
 WHERE left_at IS NULL AND status IN ('resolved', 'closed')
""")


async def pending_task_in_a_case(sessions: Sessions) -> tuple[TaskOrder, UUID]:
    async with sessions.begin() as session:
        site = await make_site(session)
        decommission = await make_decommission(session, sites=[site])
        task = await make_task(
            session,
            decommission=decommission,
            site=site,
            kind=TaskKind.PORTS,
            phase=TaskPhase.RUNNING,
        )
        case = await make_case(
            session, operator_id=site.operator_id, site_id=site.id, occupier_id=task.occupier_id
        )
        session.add(CaseTaskRow(case_id=case.id, task_id=task.id))
        task.has_case = True
    order = TaskOrder(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id,
        kind=TaskKind.PORTS,
    )
    return order, case.id


async def resolve(sessions: Sessions, case_id: UUID) -> None:
    async with sessions.begin() as session:
        desk = CaseDeskStore(session)
        case = await desk.lock(case_id, with_tasks=True)
        assert case is not None
        if case.status.is_open and not await desk.troubled(case_id):
            await desk.move(case, CaseStatus.RESOLVED, is_staff=True)


async def park(sessions: Sessions, order: TaskOrder) -> None:
    """As Temporal does: again, when the database says that it could not be so."""
    parked = ParkedTask(order=order, failure=FailureKind.REJECTED, message="refused")
    for _ in range(5):
        try:
            await TaskActivities(sessions).park_task(parked)
        except DBAPIError:
            continue
        return


async def test_a_task_that_fails_while_its_case_is_being_resolved_has_one_open_case(
    sessions: Sessions,
) -> None:
    for _ in range(ROUNDS):
        order, case_id = await pending_task_in_a_case(sessions)
        await asyncio.gather(resolve(sessions, case_id), park(sessions, order))
        async with sessions() as session:
            assert await session.scalar(_FAILED_BUT_NOT_IN_ONE_OPEN_CASE) == 0
            assert await session.scalar(_LEFT_IN_AN_ENDED_CASE) == 0
            failed = text("SELECT state FROM tasks WHERE decommission_id = :id")
            state = await session.scalar(failed, {"id": order.decommission_id})
            assert state == "failed"
