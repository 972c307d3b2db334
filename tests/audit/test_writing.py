"""Writing the audit: appended only, chained in the order of the commits, without deadlocks."""

import asyncio
import re
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deploy.local.environment import PROJECT
from models.database import Sessions
from models.domain.audit import AuditAction, AuditEvent, Outcome
from models.domain.decommission import DecommissionState
from models.domain.orders import ParkedTask, TaskOrder, TaskReport
from models.domain.outside import FailureKind
from models.stores.audit import AuditStore
from models.stores.decommissions import DecommissionStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.tables.audit import AuditEventRow
from tests.audit.events import an_event
from tests.builders import make_decommission, make_site, make_task


async def record(sessions: Sessions, *events: AuditEvent) -> None:
    async with sessions.begin() as session:
        for event in events:
            await AuditStore(session).record(event)


async def count(sessions: Sessions) -> int:
    async with sessions() as session:
        return len((await session.scalars(select(AuditEventRow.id))).all())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody'",
        "UPDATE audit_events SET actor = 'nobody' WHERE false",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE false",
        "TRUNCATE audit_events",
        "MERGE INTO audit_events USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    ],
)
async def test_not_even_the_owner_can_rewrite_an_event(sessions: Sessions, statement: str) -> None:
    await record(sessions, an_event())
    with pytest.raises(DBAPIError, match="written once and stay"):
        async with sessions.begin() as session:
            await session.execute(text(statement))
    assert await count(sessions) == 1


async def test_a_writer_cannot_choose_the_place_the_time_or_the_hash(sessions: Sessions) -> None:
    await record(sessions, an_event())
    async with sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO audit_events (id, at, actor, entity_kind, entity_id, action,"
                " prev_hash, hash) VALUES (77, '2001-01-01', 'system', 'task', :id, 'task.parked',"
                " 'forged', 'forged')"
            ),
            {"id": uuid4()},
        )
    async with sessions() as session:
        first, second = await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id))
    assert (first.id, second.id) == (1, 2)
    assert second.at > first.at
    assert second.prev_hash == first.hash
    assert second.hash not in {b"forged", first.hash}


async def test_an_event_is_written_after_everything_else_of_its_transaction(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await AuditStore(session).record(an_event())
        locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        own = text(f"{locks.text} AND pid = pg_backend_pid()")
        assert await session.scalar(own) == 0
        await make_site(session)
    assert await count(sessions) == 1


async def test_transactions_that_audit_and_lock_in_opposite_order_do_not_deadlock(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        site = await make_site(session)
    lock = text("SELECT FROM sites WHERE id = :id FOR UPDATE")
    audited, locked = asyncio.Event(), asyncio.Event()

    async def audits_first() -> None:
        async with sessions.begin() as session:
            await AuditStore(session).record(an_event())
            audited.set()
            await locked.wait()
            await session.execute(lock, {"id": site.id})

    async def locks_first() -> None:
        async with sessions.begin() as session:
            await session.execute(lock, {"id": site.id})
            locked.set()
            await audited.wait()
            await AuditStore(session).record(an_event())

    await asyncio.wait_for(asyncio.gather(audits_first(), locks_first()), 30)
    assert await count(sessions) == 2


async def test_what_is_rolled_back_leaves_no_event_and_no_gap(sessions: Sessions) -> None:
    await record(sessions, an_event())
    async with sessions() as session:
        await AuditStore(session).record(an_event())
        await session.rollback()
        await AuditStore(session).record(an_event())  # never committed
    await record(sessions, an_event(), an_event())
    async with sessions() as session:
        assert list(await session.scalars(select(AuditEventRow.id))) == [1, 2, 3]


async def test_an_event_outside_a_transaction_is_a_mistake_that_is_told(
    sessions: Sessions,
) -> None:
    async with sessions.single() as session:
        with pytest.raises(RuntimeError, match="transaction of what it tells"):
            await AuditStore(session).record(an_event())
    async with sessions.begin() as session, session.begin_nested():
        with pytest.raises(RuntimeError, match="transaction of what it tells"):
            await AuditStore(session).record(an_event())


async def test_a_reason_that_only_the_database_sees_missing_is_refused(sessions: Sessions) -> None:
    statement = text(
        "INSERT INTO audit_events (actor, entity_kind, entity_id, action, outcome, after)"
        " VALUES (:actor, 'task', gen_random_uuid(), 'task.parked', :outcome,"
        " CAST(:after AS jsonb))"
    )
    good = {"actor": "system", "outcome": Outcome.DONE.value, "after": '{"state": "failed"}'}
    wrong = (
        {"actor": "Ada Lovelace"},
        {"outcome": "refused"},
        {"after": '{"name": "Ada Lovelace"}'},
        {"after": '{"email": "ada@example.test"}'},
        {"after": '{"rows": 7}'},
        {"after": '{"a": {"b": "c"}}'},
        {"after": '["free"]'},
    )
    async with sessions.begin() as session:
        await session.execute(statement, good)
    for change in wrong:
        with pytest.raises(DBAPIError):
            async with sessions.begin() as session:
                await session.execute(statement, good | change)
    assert await count(sessions) == 1


def test_only_the_audit_store_and_one_statement_write_events() -> None:
    """Whoever else wrote them might take a lock after the audit's."""
    rooms = ("activities", "api", "models/portfolio", "models/stores", "workflows")
    files = [file for room in rooms for file in (PROJECT / room).rglob("*.py")]
    writing = re.compile(
        r"insert\(AuditEventRow|into\s+audit_events|AuditEventRow\(", re.IGNORECASE
    )
    writers = {file.stem for file in files if writing.search(file.read_text())}
    assert writers == {"audit", "task_statements"}


async def test_a_task_is_completed_and_audited_in_one_statement(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        task = await make_task(session)
    order = TaskOrder(
        decommission_id=task.decommission_id,
        occupier_id=task.occupier_id,
        site_id=task.site_id,
        kind=task.kind,
    )
    for _ in range(2):  # the activity may be repeated
        async with sessions.single() as session:
            await TaskProgressStore(session).completed(order, TaskReport(done=2, total=2))
    async with sessions() as session:
        (event,) = await session.scalars(select(AuditEventRow))
    assert (event.action, event.actor) == (AuditAction.TASK_COMPLETED, "system")
    assert (event.entity_id, event.occupier_id) == (task.id, task.occupier_id)
    assert event.after == {"state": "completed", "round": "1"}


async def test_a_parked_task_and_a_repaired_one_are_audited_once(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        task = await make_task(session)
    order = TaskOrder(
        decommission_id=task.decommission_id,
        occupier_id=task.occupier_id,
        site_id=task.site_id,
        kind=task.kind,
    )
    parked = ParkedTask(order=order, failure=FailureKind.REJECTED, message="says no")
    for _ in range(2):
        async with sessions.begin() as session:
            store = TaskProgressStore(session)
            if await store.parked(order, FailureKind.REJECTED, "says no") is not None:
                await TaskCaseStore(session).attach(parked)
    again = order.model_copy(update={"round": 2})
    for _ in range(2):
        async with sessions.single() as session:
            await TaskProgressStore(session).reopened(again)
    async with sessions() as session:
        events = list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))
    assert [(event.action, event.after) for event in events] == [
        (AuditAction.TASK_PARKED, {"state": "failed", "round": "1", "failure": "rejected"}),
        (AuditAction.TASK_REOPENED, {"state": "pending", "round": "2"}),
    ]


async def test_a_decommissions_marks_and_end_are_audited_once_each(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        run = await make_decommission(session)
    for state in (DecommissionState.PARTIAL, DecommissionState.PENDING):
        for _ in range(2):
            async with sessions.begin() as session:
                await DecommissionStore(session).mark(run.id, state)
    for _ in range(2):
        async with sessions.begin() as session:
            await DecommissionStore(session).finish(run.id)
    async with sessions() as session:
        events = list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))
    assert {event.occupier_id for event in events} == {run.occupier_id}
    assert [(event.action, event.before, event.after) for event in events] == [
        ("decommission.partial", {"state": "pending"}, {"state": "partial"}),
        ("decommission.pending", {"state": "partial"}, {"state": "pending"}),
        ("decommission.decommissioned", {"state": "pending"}, {"state": "decommissioned"}),
    ]
