"""What happens to cases while the desk listens: opened, commented, moved; tasks join and leave."""

from uuid import UUID

from sqlalchemy import insert, select, text, update

from activities.tasks import TaskActivities
from models.database import Sessions
from models.domain.case import CaseCategory, CaseOrigin, CasePriority, CaseStatus
from models.domain.decommission import TaskKind
from models.domain.orders import ParkedTask, TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.stores.desk_messages import DeskMessageStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.tables.case import CaseCommentRow, CaseRow
from models.tables.desk import DeskMessageRow
from models.tables.site import SiteRow
from tests.builders import make_decommission, make_site, make_task, the_operator


async def switch_on(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await DeskMessageStore(session).switch(is_on=True)


async def open_case(sessions: Sessions, *, subject: str = "Failed decommission") -> UUID:
    async with sessions.begin() as session:
        row = CaseRow(
            operator_id=(await the_operator(session)).id,
            subject=subject,
            description="The decommission has failed and waits for support.",
            category=CaseCategory.TECHNICAL,
            origin=CaseOrigin.SUPPORT,
            requested_by="staff_member:00000000-0000-4000-8000-0000000000aa",
        )
        session.add(row)
        await session.flush()
        return row.id


async def comment(
    sessions: Sessions,
    case_id: UUID,
    body: str,
    author: str = "staff_member:00000000-0000-4000-8000-0000000000aa",
) -> None:
    async with sessions.begin() as session:
        await session.execute(
            insert(CaseCommentRow).values(case_id=case_id, author=author, body=body)
        )


async def move(sessions: Sessions, case_id: UUID, to: CaseStatus) -> None:
    async with sessions.begin() as session:
        await session.execute(update(CaseRow).where(CaseRow.id == case_id).values(status=to))


async def set_priority(sessions: Sessions, case_id: UUID, priority: CasePriority) -> None:
    async with sessions.begin() as session:
        await session.execute(
            update(CaseRow).where(CaseRow.id == case_id).values(priority=priority)
        )


async def fail_a_task(sessions: Sessions, site: SiteRow | None = None) -> TaskOrder:
    """A task that has failed for good, in the case of its cause."""
    async with sessions.begin() as session:
        site = site or await make_site(session)
        decommission = await make_decommission(session, sites=[site])
        await make_task(session, decommission=decommission, site=site, kind=TaskKind.PORTS)
    order = TaskOrder(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id,
        kind=TaskKind.PORTS,
    )
    parked = ParkedTask(order=order, failure=FailureKind.REJECTED, message="refused")
    await TaskActivities(sessions).park_task(parked)
    return order


async def retry_and_finish(sessions: Sessions, order: TaskOrder) -> None:
    """The failed task is tried again and is done."""
    again = order.model_copy(update={"round": order.round + 1})
    await TaskActivities(sessions).reopen_task(again)
    async with sessions.begin() as session:
        report = TaskReport(done=3, total=3)
        task_id = await TaskProgressStore(session).recovered(again, report)
        assert task_id is not None
        await TaskCaseStore(session).release(task_id)


async def case_of_task(sessions: Sessions, order: TaskOrder) -> UUID:
    query = text("""
        SELECT case_id FROM case_tasks JOIN tasks ON id = task_id
         WHERE decommission_id = :id AND left_at IS NULL""")
    async with sessions() as session:
        found: UUID = (await session.scalars(query, {"id": order.decommission_id})).one()
        return found


async def messages(sessions: Sessions) -> list[DeskMessageRow]:
    async with sessions() as session:
        query = select(DeskMessageRow).order_by(DeskMessageRow.position)
        return list(await session.scalars(query))


async def pending(sessions: Sessions) -> int:
    return sum(row.delivered_at is None and row.dead_at is None for row in await messages(sessions))
