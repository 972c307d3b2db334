"""Single resources that a system refuses: counted, kept per row, and the only ones tried again."""

from collections import Counter
from uuid import UUID

from sqlalchemy import select

from models.domain.decision import DecisionAction, DecisionState
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.outside import FailureKind, Verdict
from models.stores.starts import Started
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.decommission import PlanItemRow
from models.tables.task import TaskRow
from tests.deciding import decide, ends
from tests.running_platform import Platform

PORTS = 500
SOME = {"not_allowed": 0.05, "in_use": 0.03}


async def refusing(
    platform: Platform, reasons: dict[str, float], system: str = "switching", **spec: object
) -> None:
    await platform.estate.put_fault(
        "some", "refuse_some", system=system, operation="retire", reasons=reasons, **spec
    )


async def items(platform: Platform, started: Started, kind: TaskKind) -> list[PlanItemRow]:
    query = select(PlanItemRow).where(
        PlanItemRow.decommission_id == started.decommission_id, PlanItemRow.task_kind == kind
    )
    async with platform.sessions() as session:
        return list(await session.scalars(query))


async def failed_ports(platform: Platform) -> tuple[Started, TaskRow, str]:
    """A decommission whose ports were refused in part, its failed task, and the site."""
    occupier = await platform.tenant(sites=1, ports_per_site=PORTS)
    site = await platform.site_of(occupier)
    await refusing(platform, SOME)
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    return started, await platform.task(started, TaskKind.PORTS, site.id), site.reference


async def retires(platform: Platform, site: str) -> list[int]:
    """How many items each call asked for."""
    calls = await platform.estate.ledger("calls", site=site, system="switching", operation="retire")
    return [int(str(call["items"])) for call in calls]


async def cause_of(platform: Platform, task_id: UUID) -> str | None:
    query = (
        select(CaseRow.cause)
        .join(CaseTaskRow, CaseTaskRow.case_id == CaseRow.id)
        .where(CaseTaskRow.task_id == task_id, CaseTaskRow.left_at.is_(None))
    )
    async with platform.sessions() as session:
        return await session.scalar(query)


async def test_refused_resources_are_counted_and_kept_per_row_and_fail_the_task_for_good(
    platform: Platform,
) -> None:
    started, task, site = await failed_ports(platform)
    rows = await items(platform, started, TaskKind.PORTS)
    assert len(rows) == task.total >= PORTS
    undone = [row for row in rows if row.verdict is Verdict.UNKNOWN]
    kinds = Counter(row.failure for row in undone)
    assert set(kinds) == {FailureKind.REJECTED, FailureKind.CONFLICT}
    assert (task.state, task.attempt) == (TaskState.FAILED, 1)  # the gravest is permanent
    assert task.last_error_kind is FailureKind.REJECTED
    assert task.failed_items == len(undone)
    assert task.last_error == (
        f"{len(undone)} of {task.total} resources were refused by switching "
        f"({kinds[FailureKind.REJECTED]} rejected, {kinds[FailureKind.CONFLICT]} conflict); "
        "what is done stays done, and only the rest is tried again."
    )
    assert len(await platform.effects(site, kind="switch_port")) == task.total - len(undone)
    assert task.done == task.total - len(undone)
    cause = await cause_of(platform, task.id)
    assert cause is not None
    assert cause.startswith("switching/")
    assert cause.endswith("/rejected")


async def test_a_retry_touches_exactly_what_was_refused(platform: Platform) -> None:
    started, task, site = await failed_ports(platform)
    first = await retires(platform, site)
    await platform.estate.clear_faults("some")
    await platform.retry(task)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)

    assert (await retires(platform, site))[len(first) :] == [task.failed_items]
    effects = await platform.effects(site, kind="switch_port")
    assert len(effects) == len({effect["handle"] for effect in effects}) == task.total
    rows = await items(platform, started, TaskKind.PORTS)
    assert {(row.verdict, row.failure, row.intent) for row in rows} == {(Verdict.REMOVED, None, 1)}
    done = await platform.task(started, TaskKind.PORTS, task.site_id)
    assert (done.state, done.failed_items) == (TaskState.COMPLETED, 0)


async def test_a_repeat_while_they_are_still_refused_changes_nothing(platform: Platform) -> None:
    started, task, site = await failed_ports(platform)
    effects = await platform.effects(site, kind="switch_port")
    decision = await decide(platform, task, DecisionAction.COMPLETE_BY_HAND)
    await ends(platform, decision, DecisionState.REFUSED)  # a fresh read shows them still there
    await platform.reaches(started, DecommissionState.PARTIAL)

    again = await platform.task(started, TaskKind.PORTS, task.site_id)
    assert (again.round, again.failed_items) == (2, task.failed_items)
    assert await platform.effects(site, kind="switch_port") == effects
    reasons = {row.failure for row in await items(platform, started, TaskKind.PORTS)}
    assert reasons == {None, FailureKind.REJECTED, FailureKind.CONFLICT}


async def test_what_may_pass_by_itself_is_tried_again_by_itself(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, ports_per_site=40)
    site = await platform.site_of(occupier)
    await refusing(platform, {"in_use": 0.5}, limit=1)
    started = await platform.decommission(occupier)

    task = await platform.task(started, TaskKind.PORTS, site.id)
    assert (task.attempt, task.last_error_kind) == (2, FailureKind.CONFLICT)
    first, second = await retires(platform, site.reference)
    assert first + second == 40
    assert second == await platform.count(
        "SELECT (regexp_match(message, '^\\d+'))[1]::int FROM task_attempts"
        " WHERE task_id = :id AND system = 'switching'",
        id=task.id,
    )


async def test_what_two_people_leave_undone_is_not_blamed_any_more(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, devices_per_site=40)
    site = await platform.site_of(occupier)
    await refusing(platform, {"by_hand": 0.4}, "wifi", seed=2)
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    task = await platform.task(started, TaskKind.WIFI_DEVICES, site.id)
    assert task.last_error_kind is FailureKind.NEEDS_HUMAN
    await platform.estate.clear_faults("some")
    await decide(platform, task, DecisionAction.WAIVE)
    users = await platform.task(started, TaskKind.USERS, site.id)
    if users.state is TaskState.FAILED:  # their Wi-Fi accounts may have been refused as well
        await platform.retry(users)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)

    rows = await items(platform, started, TaskKind.WIFI_DEVICES)
    verdicts = Counter(row.verdict for row in rows)
    assert verdicts[Verdict.RETAINED] == task.failed_items > 0
    assert {row.failure for row in rows} == {None}


async def test_refused_accounts_of_people_leave_the_others_deleted(platform: Platform) -> None:
    occupier = await platform.tenant(sites=1, users_per_site=60)
    site = await platform.site_of(occupier)
    await refusing(platform, {"not_allowed": 0.3}, "accounts")
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)

    task = await platform.task(started, TaskKind.USERS, site.id)
    assert task.last_error_kind is FailureKind.REJECTED
    assert task.last_error is not None
    assert "refused by accounts" in task.last_error
    assert 0 < task.failed_items < 60
    assert task.done == task.total - task.failed_items
    await platform.estate.clear_faults("some")
    await platform.retry(task)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    deleted = await platform.effects(site.reference, effect="user_deleted")
    assert len(deleted) == len({each["handle"] for each in deleted})
