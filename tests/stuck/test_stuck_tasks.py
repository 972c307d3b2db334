"""The rows of stuck tasks: the rule, one case whoever looks, and the way back to well."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from activities.tasks import TaskActivities
from activities.watch import WatchActivities
from models.database import Sessions
from models.domain.attempt import Author
from models.domain.case import CaseStatus
from models.domain.decommission import TaskKind
from models.domain.orders import ParkedTask, TaskOrder, TaskReport, WatchOrder
from models.domain.outside import FailureKind
from models.domain.stuck import StuckBecause
from models.stores.stuck_tasks import StuckTaskStore, Verdict
from models.stores.suspects import Suspect, SuspectStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.tables.case import CaseRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_site, make_task

FLOOR_S = 60.0
AUTHOR = Author(worker="1@test", code_version="test")
HUNG = Verdict(StuckBecause.HUNG)
NO_WORKER = Verdict(StuckBecause.NO_WORKER, "outside-switching")


async def new_site(sessions: Sessions) -> SiteRow:
    async with sessions.begin() as session:
        return await make_site(session)


async def active_task(
    sessions: Sessions,
    site: SiteRow,
    *,
    active_s: float = 200.0,
    threshold_s: float | None = 100.0,
    kind: TaskKind = TaskKind.PORTS,
) -> TaskOrder:
    """A task of a decommission of its own that has been tried for so long."""
    async with sessions.begin() as session:
        decommission = await make_decommission(session, sites=[site])
        task = await make_task(session, decommission=decommission, site=site, kind=kind)
        task_id = task.id
    order = TaskOrder(
        decommission_id=decommission.id,
        occupier_id=decommission.occupier_id,
        site_id=site.id,
        kind=kind,
    )
    async with sessions.begin() as session:
        await TaskProgressStore(session).started(order, 1, AUTHOR)
    await change(
        sessions,
        "clock_at = now() - make_interval(secs => :active_s), threshold_s = :threshold_s",
        task_id,
        {"active_s": active_s, "threshold_s": threshold_s},
    )
    return order


async def change(
    sessions: Sessions, what: str, task_id: UUID, values: Mapping[str, object] | None = None
) -> None:
    async with sessions.begin() as session:
        await session.execute(
            text(f"UPDATE tasks SET {what} WHERE id = :id"), {"id": task_id} | dict(values or {})
        )


async def row(sessions: Sessions, order: TaskOrder) -> TaskRow:
    query = select(TaskRow).where(TaskRow.decommission_id == order.decommission_id)
    async with sessions() as session:
        return (await session.scalars(query)).one()


async def overdue(sessions: Sessions) -> list[Suspect]:
    async with sessions() as session:
        return await SuspectStore(session, FLOOR_S).overdue(100)


async def mark(sessions: Sessions, task: Suspect, verdict: Verdict = HUNG) -> bool:
    async with sessions.begin() as session:
        return await StuckTaskStore(session).mark(task, verdict)


async def marked(sessions: Sessions, order: TaskOrder, verdict: Verdict = HUNG) -> TaskRow:
    """The task of the order, found stuck."""
    (task,) = [each for each in await overdue(sessions) if each.run[0] == order.decommission_id]
    assert await mark(sessions, task, verdict)
    return await row(sessions, order)


async def well(sessions: Sessions) -> list[UUID]:
    """The tasks that a look takes out of their cases."""
    async with sessions() as session:
        found = await StuckTaskStore(session).well(100)
    for task_id in found:
        async with sessions.begin() as session:
            assert await StuckTaskStore(session).mark_well(task_id)
    return found


async def cases(sessions: Sessions) -> list[CaseRow]:
    async with sessions() as session:
        return list(await session.scalars(select(CaseRow).order_by(CaseRow.number)))


async def actions(sessions: Sessions, task_id: UUID) -> list[str]:
    query = text("SELECT action FROM audit_events WHERE entity_id = :id ORDER BY id")
    async with sessions() as session:
        return list(await session.scalars(query, {"id": task_id}))


class TestTheRule:
    @pytest.mark.parametrize(
        ("active_s", "threshold_s", "is_overdue"),
        [
            (200.0, 100.0, True),
            (99.0, 100.0, False),
            (61.0, 10.0, True),
            (59.0, 10.0, False),  # never before the floor
            (601.0, None, True),  # twice what such a task should take
            (599.0, None, False),
        ],
    )
    async def test_active_for_longer_than_the_threshold_is_overdue(
        self, sessions: Sessions, active_s: float, threshold_s: float | None, is_overdue: bool
    ) -> None:
        site = await new_site(sessions)
        await active_task(sessions, site, active_s=active_s, threshold_s=threshold_s)

        assert bool(await overdue(sessions)) is is_overdue

    @pytest.mark.parametrize(
        "waits",
        [
            "waiting_reason = 'throttled'",
            "waiting_reason = 'settling'",
            "waiting_reason = 'held'",
            "waiting_reason = 'callback'",
            "waiting_reason = 'upstream', phase = 'queued'",
            "forgiven_s = 150",
        ],
    )
    async def test_a_task_that_waits_is_not_overdue(self, sessions: Sessions, waits: str) -> None:
        order = await active_task(sessions, await new_site(sessions))
        await change(sessions, waits, (await row(sessions, order)).id)

        assert await overdue(sessions) == []

    @pytest.mark.parametrize("paused", ["decommissions", "decommission_sites"])
    async def test_a_task_that_is_paused_is_left_alone(
        self, sessions: Sessions, paused: str
    ) -> None:
        order = await active_task(sessions, await new_site(sessions))
        key = "id" if paused == "decommissions" else "decommission_id"
        async with sessions.begin() as session:
            await session.execute(
                text(f"UPDATE {paused} SET paused_at = now() WHERE {key} = :id"),
                {"id": order.decommission_id},
            )

        assert await overdue(sessions) == []
        async with sessions() as session:
            runs = [(order.decommission_id, order.site_id)]
            assert await SuspectStore(session, FLOOR_S).of_runs(runs) == []


class TestMarking:
    async def test_many_who_look_at_once_make_one_case_and_one_event_per_task(
        self, sessions: Sessions
    ) -> None:
        site = await new_site(sessions)
        orders = [await active_task(sessions, site) for _ in range(6)]
        suspects = await overdue(sessions)
        watchdog = WatchActivities(sessions, FLOOR_S)

        results = await asyncio.gather(
            *(mark(sessions, task) for task in suspects for _ in range(3)),
            *(
                watchdog.watch_site(
                    WatchOrder(decommission_id=order.decommission_id, site_id=site.id)
                )
                for order in orders
                for _ in range(2)
            ),
        )

        (case,) = await cases(sessions)
        assert case.cause == f"switching/{site.id}/hung"
        async with sessions() as session:
            counted = text("""
                SELECT (SELECT count(*) FROM case_tasks WHERE left_at IS NULL),
                       (SELECT count(*) FROM case_tasks),
                       (SELECT count(*) FROM tasks WHERE stuck_at IS NOT NULL),
                       (SELECT count(*) FROM audit_events WHERE action = 'task.stuck')
            """)
            assert tuple((await session.execute(counted)).one()) == (6, 6, 6, 6)
        assert sum(result is True for result in results) <= 6

    async def test_a_task_that_moved_since_the_look_is_not_marked(self, sessions: Sessions) -> None:
        order = await active_task(sessions, await new_site(sessions))
        (suspect,) = await overdue(sessions)
        async with sessions.begin() as session:
            await TaskProgressStore(session).started(order, 2, AUTHOR)

        assert not await mark(sessions, suspect)
        assert await cases(sessions) == []

    async def test_a_trouble_of_the_platform_is_one_case_at_all_sites(
        self, sessions: Sessions
    ) -> None:
        for _ in range(3):
            await marked(sessions, await active_task(sessions, await new_site(sessions)), NO_WORKER)

        (case,) = await cases(sessions)
        assert (case.cause, case.operator_id) == ("outside-switching/everywhere/no_worker", None)
        assert "outside-switching" in case.description

    async def test_the_database_refuses_a_stuck_task_without_a_case(
        self, sessions: Sessions
    ) -> None:
        order = await active_task(sessions, await new_site(sessions))
        task = await row(sessions, order)

        with pytest.raises(IntegrityError, match="belongs to an open case"):
            await change(sessions, "stuck_at = now(), stuck_because = 'hung'", task.id)

    @pytest.mark.parametrize(
        "end",
        [
            "UPDATE case_tasks SET left_at = now()",
            "UPDATE cases SET status = 'resolved', resolved_at = now()",
        ],
    )
    async def test_the_database_keeps_a_stuck_task_in_its_open_case(
        self, sessions: Sessions, end: str
    ) -> None:
        await marked(sessions, await active_task(sessions, await new_site(sessions)))

        with pytest.raises(IntegrityError, match=r"(belongs to an|stays) open"):
            async with sessions.begin() as session:
                await session.execute(text(end))


class TestTheWayBack:
    async def test_a_task_that_comes_further_is_well_and_has_its_whole_time_again(
        self, sessions: Sessions
    ) -> None:
        order = await active_task(sessions, await new_site(sessions))
        task = await marked(sessions, order)
        async with sessions.begin() as session:
            await TaskProgressStore(session).advanced(order, TaskReport(done=2, total=9))

        assert await well(sessions) == [task.id]

        task = await row(sessions, order)
        assert (task.stuck_at, task.has_case) == (None, False)
        assert task.forgiven_s == pytest.approx(200, abs=20)
        assert await overdue(sessions) == []
        (case,) = await cases(sessions)
        assert case.status is CaseStatus.RESOLVED
        assert await actions(sessions, task.id) == ["task.stuck", "task.well"]

    async def test_another_attempt_alone_does_not_make_a_hung_task_well(
        self, sessions: Sessions
    ) -> None:
        order = await active_task(sessions, await new_site(sessions))
        await marked(sessions, order)
        async with sessions.begin() as session:
            await TaskProgressStore(session).started(order, 2, AUTHOR)

        assert await well(sessions) == []

    async def test_an_attempt_makes_a_task_well_that_nobody_took(self, sessions: Sessions) -> None:
        order = await active_task(sessions, await new_site(sessions))
        task = await marked(sessions, order, NO_WORKER)
        assert await well(sessions) == []
        async with sessions.begin() as session:
            await TaskProgressStore(session).started(order, 2, AUTHOR)

        assert await well(sessions) == [task.id]

    async def test_a_stuck_task_that_completes_resolves_its_case(self, sessions: Sessions) -> None:
        order = await active_task(sessions, await new_site(sessions))
        await marked(sessions, order)
        report = TaskReport(done=9, total=9)
        async with sessions.single() as session:
            assert await TaskProgressStore(session).completed(order, report) is None
        async with sessions.begin() as session:
            task_id = await TaskProgressStore(session).recovered(order, report)
            assert task_id is not None
            await TaskCaseStore(session).release(task_id)

        (case,) = await cases(sessions)
        assert case.status is CaseStatus.RESOLVED
        assert (await row(sessions, order)).stuck_because is None

    async def test_a_stuck_task_that_fails_moves_to_the_case_of_its_failure(
        self, sessions: Sessions
    ) -> None:
        order = await active_task(sessions, site := await new_site(sessions))
        await marked(sessions, order)
        failed = ParkedTask(order=order, failure=FailureKind.TRANSIENT, message="no answer")
        await TaskActivities(sessions).park_task(failed)

        hung, transient = await cases(sessions)
        assert hung.status is CaseStatus.RESOLVED
        assert (transient.cause, transient.status) == (
            f"switching/{site.id}/transient",
            CaseStatus.NEW,
        )

    async def test_a_person_who_lets_it_run_again_gives_it_its_whole_time(
        self, sessions: Sessions
    ) -> None:
        order = await active_task(sessions, await new_site(sessions))
        await marked(sessions, order)
        failed = ParkedTask(order=order, failure=FailureKind.TRANSIENT, message="no answer")
        await TaskActivities(sessions).park_task(failed)
        await TaskActivities(sessions).reopen_task(order.model_copy(update={"round": 2}))

        task = await row(sessions, order)
        assert task.forgiven_s == pytest.approx(task.active_s)
        assert await overdue(sessions) == []
