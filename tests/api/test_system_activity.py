"""What became of the work with each outside system, minute by minute and quarter by quarter."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from models.database import Sessions
from models.domain.decommission import TaskKind, TaskState
from models.domain.outside import FailureKind, System
from models.domain.permission import StaffRole
from models.settings import Settings
from models.tables.decommission import DecommissionRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_operator, make_scene, make_site, make_task
from tests.identities import headers_of, make_member
from tests.stumbles import order_of, park, stumble

GONE = "switching retire at site s-1: answered with status 503"
SITES = 3


@pytest.fixture
async def run(sessions: Sessions) -> tuple[DecommissionRow, list[SiteRow]]:
    """A decommission at three sites of the first operator."""
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=SITES)
        run = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
    return run, list(scene.sites)


async def activity(
    client: httpx.AsyncClient, headers: dict[str, str] | None = None, window: str = "hour"
) -> dict[str, Any]:
    reply = await client.get(f"/api/v1/systems/activity?window={window}", headers=headers)
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def buckets(told: dict[str, Any], system: System) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = {one["system"]: one["buckets"] for one in told["systems"]}[system]
    return found


def sums(told: dict[str, Any], system: System) -> tuple[int, dict[str, int]]:
    failures: dict[str, int] = {}
    for bucket in buckets(told, system):
        for kind, count in bucket["failures"].items():
            failures[kind] = failures.get(kind, 0) + count
    return sum(bucket["completed"] for bucket in buckets(told, system)), failures


async def done_task(
    sessions: Sessions,
    at: tuple[DecommissionRow, SiteRow],
    kind: TaskKind,
    ago: timedelta = timedelta(),
    total: int = 4,
) -> TaskRow:
    async with sessions.begin() as session:
        return await make_task(
            session,
            decommission=at[0],
            site=at[1],
            kind=kind,
            state=TaskState.COMPLETED,
            finished_at=datetime.now(UTC) - ago,
            total=total,
        )


async def failing_task(sessions: Sessions, run: DecommissionRow, site: SiteRow) -> TaskRow:
    async with sessions.begin() as session:
        task = await make_task(session, decommission=run, site=site, kind=TaskKind.PORTS, total=4)
    for attempt, kind in enumerate((FailureKind.TRANSIENT, FailureKind.TRANSIENT), start=1):
        await stumble(sessions, order_of(task), attempt, kind, GONE)
    await stumble(sessions, order_of(task), 3, FailureKind.TIMED_OUT, GONE)
    await stumble(sessions, order_of(task), 4, FailureKind.BUG, "ours", system=None)
    return task


async def test_failures_count_for_the_system_that_failed_and_ours_for_none(
    client: httpx.AsyncClient, sessions: Sessions, run: tuple[DecommissionRow, list[SiteRow]]
) -> None:
    await failing_task(sessions, run[0], run[1][0])

    told = await activity(client)

    assert [one["system"] for one in told["systems"]] == [system.value for system in System]
    assert sums(told, System.SWITCHING) == (0, {"transient": 2, "timed_out": 1})
    for system in set(System) - {System.SWITCHING}:
        assert buckets(told, system) == []


async def test_a_completed_task_counts_for_every_system_that_it_needed(
    client: httpx.AsyncClient, sessions: Sessions, run: tuple[DecommissionRow, list[SiteRow]]
) -> None:
    at = [(run[0], site) for site in run[1]]
    await done_task(sessions, at[0], TaskKind.USERS)
    await done_task(sessions, at[1], TaskKind.USERS, total=0)  # had nothing to remove
    await done_task(sessions, at[0], TaskKind.END_LEASES)  # needs none

    told = await activity(client)

    counts = {system: sums(told, system)[0] for system in System}
    assert counts == {system: int(system in {System.WIFI, System.ACCOUNTS}) for system in System}


async def test_an_hour_has_sixty_minutes_and_a_day_ninety_six_quarters(
    client: httpx.AsyncClient, sessions: Sessions, run: tuple[DecommissionRow, list[SiteRow]]
) -> None:
    for site, ago in zip(run[1], (1, 70, 25 * 60), strict=True):
        await done_task(sessions, (run[0], site), TaskKind.PORTS, timedelta(minutes=ago))

    for window, bucket_s, count, seen in (("hour", 60, 60, 1), ("day", 900, 96, 2)):
        told = await activity(client, window=window)
        since, until = (datetime.fromisoformat(told[name]) for name in ("since", "until"))
        assert told["bucket_s"] == bucket_s
        assert until - since == timedelta(seconds=count * bucket_s)
        assert since.timestamp() % bucket_s == 0
        assert until - timedelta(seconds=bucket_s) <= datetime.now(UTC)
        moments = [datetime.fromisoformat(one["at"]) for one in buckets(told, System.SWITCHING)]
        assert len(moments) == seen
        assert all(since <= at < until and at.timestamp() % bucket_s == 0 for at in moments)


async def test_a_stretch_of_time_that_is_not_offered_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/systems/activity?window=year")).status_code == 422


async def test_everybody_is_told_of_the_tasks_in_their_sight_only(
    client: httpx.AsyncClient,
    sessions: Sessions,
    settings: Settings,
    run: tuple[DecommissionRow, list[SiteRow]],
) -> None:
    task = await failing_task(sessions, run[0], run[1][0])
    await done_task(sessions, (run[0], run[1][1]), TaskKind.PORTS)
    async with sessions.begin() as session:
        operator = await make_operator(session)
        await make_site(session, operator=operator)
        members = [
            await make_member(session, operator_id=operator.id, is_super_admin=True),
            await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT),
            await make_member(session, staff_role=StaffRole.SRE),
        ]
    stranger, support, sre = (headers_of(settings, member) for member in members)
    nothing: tuple[int, dict[str, int]] = (0, {})
    everything = (1, {"transient": 2, "timed_out": 1})
    for headers, seen in ((stranger, nothing), (support, nothing), (sre, everything)):
        assert sums(await activity(client, headers), System.SWITCHING) == seen
    await park(sessions, order_of(task), FailureKind.TIMED_OUT, GONE)  # gives it a case
    assert sums(await activity(client, support), System.SWITCHING) == everything


async def test_a_task_that_two_people_left_undone_says_nothing_of_its_system(
    client: httpx.AsyncClient, sessions: Sessions, run: tuple[DecommissionRow, list[SiteRow]]
) -> None:
    task = await done_task(sessions, (run[0], run[1][0]), TaskKind.PORTS)
    async with sessions.begin() as session:
        (await session.get_one(TaskRow, task.id)).waived_by = uuid4()
    assert buckets(await activity(client), System.SWITCHING) == []
