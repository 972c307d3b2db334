"""The story of a task: failed, stuck, held, done and waived ones, and what is kept from whom."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.tasks import TaskActivities
from models.database import Sessions
from models.domain.cause import Cause
from models.domain.decision import DecisionAction, DecisionState, WaiverReason
from models.domain.decommission import TaskKind
from models.domain.orders import TaskReport, WaivedTask
from models.domain.outside import FailureKind, ResourceKind, System
from models.domain.permission import StaffRole
from models.domain.stuck import StuckBecause
from models.settings import Settings
from models.stores.attempts import KEPT
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.tables.decision import DecisionRow
from models.tables.decommission import DecommissionRow, PlanItemRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_plan_item, make_scene, make_task
from tests.identities import headers_of, make_member
from tests.stumbles import begin, order_of, park, stumble

GONE = "switching retire at site s-1: answered with status 503"
NO = "switching retire at site s-1: answered with status 422"


@pytest.fixture
async def task(sessions: Sessions) -> TaskRow:
    """A task of switch ports that nobody has tried yet."""
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        run = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
        return await make_task(
            session, decommission=run, site=scene.sites[0], kind=TaskKind.PORTS, total=96
        )


@pytest.fixture
async def sre(sessions: Sessions, settings: Settings) -> dict[str, str]:
    """Headers of an SRE."""
    async with sessions.begin() as session:
        member = await make_member(session, staff_role=StaffRole.SRE)
    return headers_of(settings, member)


async def story_of(
    client: httpx.AsyncClient, task: TaskRow, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    reply = await client.get(f"/api/v1/tasks/{task.id}/story", headers=headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def told(story: dict[str, Any]) -> str:
    return "\n".join(line["text"] for line in story["lines"])


async def fail(sessions: Sessions, task: TaskRow) -> None:
    order = order_of(task)
    for attempt in range(1, 7):
        await stumble(sessions, order, attempt, FailureKind.TRANSIENT, GONE)
    await stumble(sessions, order, 7, FailureKind.REJECTED, NO)
    await park(sessions, order, FailureKind.REJECTED, NO)


async def test_a_failed_task_tells_its_attempts_in_groups_its_case_and_what_to_do(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow, sre: dict[str, str]
) -> None:
    await fail(sessions, task)
    story = await story_of(client, task, headers=sre)
    assert "is failed" in story["headline"]
    assert "person" in story["doing"]
    assert story["next_step"]["audience"] == "support"
    assert "retry the task" in story["next_step"]["text"]
    assert "Attempts 1 to 6 failed: the system was not reached, or broke. " + GONE in told(story)
    assert "Attempt 7 failed after 1.5 s: the system refused the removal" in told(story)
    assert "Parked for a person, as the system refused the removal (case " in told(story)
    counts = [(count["failure"], count["attempts"]) for count in story["failures"]]
    assert counts == [("transient", 6), ("rejected", 1)]
    times = [line["at"] for line in story["lines"]]
    assert times == sorted(times)


async def test_staff_are_told_where_it_runs_and_the_team_is_not(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow, sre: dict[str, str]
) -> None:
    await fail(sessions, task)
    engine = (await story_of(client, task, headers=sre))["engine"]
    workflow_id = f"decommission/{task.decommission_id}/site/{task.site_id}"
    assert engine["workflow_id"] == workflow_id
    assert engine["worker"] == "4711@worker-host"
    assert engine["code_version"] == "c0de5ha"
    quoted = workflow_id.replace("/", "%2F")
    assert engine["history_url"].endswith(f"/namespaces/default/workflows/{quoted}/run-1/history")
    assert engine["commands"][0] == f"occupier explain {task.id}"
    assert f"--workflow-id {workflow_id} --run-id run-1" in engine["commands"][1]
    assert (await story_of(client, task))["engine"] is None


async def test_attempts_that_ended_without_a_word_are_told_of(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    await stumble(sessions, order_of(task), 1, FailureKind.TRANSIENT, GONE)
    await stumble(sessions, order_of(task), 4, FailureKind.TRANSIENT, GONE)
    story = await story_of(client, task)
    assert "Attempts 2 to 3 ended without a word" in told(story)
    assert "next attempt" in story["doing"]
    assert story["next_step"]["audience"] is None


async def test_a_stuck_task_tells_because_of_what_and_against_which_threshold(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    await begin(sessions, order_of(task))
    async with sessions.begin() as session:
        cause = Cause(System.SWITCHING, task.site_id, None, StuckBecause.HUNG)
        await TaskCaseStore(session).attach_task(task.id, cause)
        await session.execute(
            text(
                "UPDATE tasks SET stuck_at = now(), stuck_because = 'hung', expected_s = 30, "
                "threshold_s = 90, threshold_samples = 120, clock_at = now() - interval '5 min'"
            )
        )
    story = await story_of(client, task)
    assert "is stuck: an attempt hangs" in story["headline"]
    assert "Attempt 1 runs." in story["doing"]
    assert "Stuck after 1 min 30 s active (learned from 120 tasks)" in story["clocks"]
    assert "Active for 5 min" in story["clocks"]
    assert "Ask the provider whether the system hangs" in story["next_step"]["text"]
    assert "Counted as stuck: an attempt hangs." in told(story)


async def test_a_held_task_tells_of_its_hold(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    await begin(sessions, order_of(task))
    async with sessions.begin() as session:
        await session.execute(
            text(
                "WITH held AS (INSERT INTO holds (system, site_id, origin, placed_by) "
                "SELECT 'switching', site_id, 'by_hand', 'staff_member:x' FROM tasks "
                "WHERE id = :id RETURNING id) "
                "UPDATE tasks SET waiting_reason = 'held', hold_id = held.id FROM held "
                "WHERE tasks.id = :id"
            ),
            {"id": task.id},
        )
    story = await story_of(client, task)
    assert story["doing"].startswith("It waits because the switching system is held at this site.")
    assert "after the hold is released" in story["happens_next"]
    assert "release the hold" in story["next_step"]["text"]


async def test_a_completed_task_tells_its_stumbles_and_that_nothing_is_to_do(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    await stumble(sessions, order_of(task), 1, FailureKind.TRANSIENT, GONE)
    await begin(sessions, order_of(task), 2)
    async with sessions.begin() as session:
        await TaskProgressStore(session).completed(order_of(task), TaskReport(done=96, total=96))
    story = await story_of(client, task)
    assert story["headline"] == "The task ports is done (96 of 96 done, round 1)."
    assert "Attempt 1 failed" in told(story)
    assert told(story).endswith("Done; a fresh read has shown it.")
    assert story["next_step"] == {"audience": None, "text": "Nothing to do."}


async def test_a_waived_task_tells_the_decision_by_roles_and_no_names(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    await fail(sessions, task)
    people = [f"staff_member:{uuid4()}" for _ in range(2)]
    async with sessions.begin() as session:
        row = DecisionRow(
            task_id=task.id,
            decommission_id=task.decommission_id,
            site_id=task.site_id,
            action=DecisionAction.WAIVE,
            round=1,
            reason=WaiverReason.SYSTEM_RETIRED,
            decided_by=people[0],
            second_person=people[1],
            decided_as=StaffRole.SRE,
            state=DecisionState.ACCEPTED,
        )
        session.add(row)
    waived = WaivedTask(order=order_of(task), decision_id=row.id)
    await TaskActivities(sessions).waive_task(waived)
    story = await story_of(client, task)
    assert "left undone by decision" in story["headline"]
    assert "An SRE with a second person decided to leave the rest undone (system retired)" in told(
        story
    )
    assert "Left undone for ever." in told(story)
    assert not any(person in str(story) for person in people)


async def test_refused_resources_are_counted_by_kind(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    async with sessions.begin() as session:
        for failure in (FailureKind.REJECTED, FailureKind.REJECTED, FailureKind.CONFLICT):
            item = await _item(session, task)
            item.failure = failure
    await stumble(sessions, order_of(task), 1, FailureKind.REJECTED, NO)
    story = await story_of(client, task)
    assert story["failed_items"] == 3
    assert story["failed_items_by_kind"] == {"rejected": 2, "conflict": 1}


async def test_the_beginning_of_an_id_is_enough_when_it_is_the_only_one(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    short = str(task.id)[:8]
    reply = await client.get(f"/api/v1/tasks/{short}/story")
    assert reply.json()["task_id"] == str(task.id)
    async with sessions.begin() as session:
        twin = UUID(str(task.id)[:-1] + ("0" if str(task.id)[-1] != "0" else "1"))
        await session.execute(
            text(
                "INSERT INTO tasks (id, decommission_id, occupier_id, kind, requested_by, due_at) "
                "SELECT :twin, decommission_id, occupier_id, 'plan', 'test', now() FROM tasks"
            ),
            {"twin": twin},
        )
    reply = await client.get(f"/api/v1/tasks/{short}/story")
    assert reply.status_code == 409
    assert (await client.get(f"/api/v1/tasks/{uuid4()}/story")).status_code == 404
    assert (await client.get("/api/v1/tasks/not-an-id/story")).status_code == 422


async def test_only_the_newest_attempts_are_kept(
    client: httpx.AsyncClient, sessions: Sessions, task: TaskRow
) -> None:
    async with sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO task_attempts (task_id, round, attempt, started_at, failure, message,"
                " done, total, worker, code_version) SELECT :id, n / 10, n % 10, now(), "
                "'transient', 'm', 0, 0, 'w', 'c' FROM generate_series(10, :last) AS n"
            ),
            {"id": task.id, "last": 10 + KEPT},
        )
    await stumble(sessions, order_of(task, 99), 1, FailureKind.TRANSIENT, GONE)
    story = await story_of(client, task)
    assert story["failures"][0]["attempts"] == KEPT


async def _item(session: AsyncSession, task: TaskRow) -> PlanItemRow:
    site_id = task.site_id
    assert site_id is not None
    return await make_plan_item(
        session,
        decommission=await session.get_one(DecommissionRow, task.decommission_id),
        site=await session.get_one(SiteRow, site_id),
        kind=ResourceKind.SWITCH_PORT,
    )
