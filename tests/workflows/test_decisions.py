"""What people decide about failed and stuck tasks is carried out once, or refused and told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from activities.adapters.estate import build_systems
from activities.ports import Order, Resource, RetireRequest
from models.domain.decision import (
    DecisionAction,
    DecisionRefusal,
    DecisionState,
    WaiverReason,
)
from models.domain.decommission import DecommissionState, TaskKind, TaskPhase, TaskState
from models.domain.outside import FailureKind, ResourceKind, System, Verdict
from models.domain.permission import StaffRole
from models.stores.decisions import DecisionStore, NewDecision
from models.stores.decommissions import DecommissionStore, SiteTask
from models.stores.outbox import OutboxStore
from models.stores.plans import PlanItem, PlanStore
from models.stores.starts import Started, StartRequest, StartStore
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.deciding import decide, decision, ends, pause
from tests.running_platform import Platform, temporal_server, until
from workflows.decision_relay import carry_one
from workflows.gateway import DecommissionGateway
from workflows.names import site_workflow_id

RETRY, BY_HAND = DecisionAction.RETRY, DecisionAction.COMPLETE_BY_HAND
WAIVE, PAUSE, RESUME = DecisionAction.WAIVE, DecisionAction.PAUSE, DecisionAction.RESUME


async def refused_by(
    platform: Platform, system: System, *, sites: int = 1
) -> tuple[Started, SiteRow]:
    """A decommission of which one site waits because a system refuses everything there."""
    occupier = await platform.tenant(sites=sites)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        f"refused-{site.reference}",
        "error",
        system=system,
        site=site.reference,
        statuses={"403": 1.0},
        operation="retire",
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    return started, site


async def left_of(
    platform: Platform, started: Started, task: TaskRow
) -> tuple[SiteTask, list[PlanItem]]:
    """Who is leaving where, and what of a task is not done."""
    assert task.site_id is not None
    async with platform.sessions() as session:
        site_task = await DecommissionStore(session).site_task(
            started.decommission_id, task.site_id, task.kind
        )
        items = await PlanStore(session).undone(
            started.decommission_id, task.site_id, task.kind, limit=100
        )
    return site_task, items


async def remove_by_hand(platform: Platform, started: Started, task: TaskRow) -> None:
    """What a person does in the outside system itself."""
    place, items = await left_of(platform, started, task)
    orders = [Order(Resource(item.kind, item.handle), uuid4().hex) for item in items]
    systems = build_systems(platform.settings)
    for system in {item.kind.system for item in items}:
        await systems[system].retire(
            RetireRequest(place.site, place.owner, place.effective_at, orders)
        )
    await systems.aclose()


async def mend(platform: Platform, site: SiteRow) -> None:
    await platform.estate.clear_faults(f"refused-{site.reference}")


async def ports_of(platform: Platform, started: Started, site: SiteRow) -> TaskRow:
    return await platform.task(started, TaskKind.PORTS, site.id)


async def test_a_retry_of_a_failed_task_runs_its_next_round(platform: Platform) -> None:
    started, site = await refused_by(platform, System.SWITCHING)
    await mend(platform, site)

    decision_id = await decide(platform, await ports_of(platform, started, site), RETRY)

    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    await ends(platform, decision_id, DecisionState.CARRIED_OUT)
    task = await ports_of(platform, started, site)
    assert (task.state, task.round) == (TaskState.COMPLETED, 2)


async def test_a_retry_of_a_task_that_is_still_tried_hastens_its_attempt(
    platform: Platform,
) -> None:
    occupier = await platform.tenant(sites=1)
    site = await platform.site_of(occupier)
    await platform.estate.put_fault(
        "down", "error", system="switching", site=site.reference, statuses={"503": 1.0}
    )
    request = StartRequest(occupier.id, occupier.name, "tester", "request", uuid4().hex)
    async with platform.sessions.begin() as session:
        started = await StartStore(session).start(request)
        ((outbox_id, order),) = await OutboxStore(session).claim(1)
        await platform.gateway.start(order)  # with the waits of production
        await OutboxStore(session).mark_sent(outbox_id)

    async def waits_long() -> bool:
        task = await ports_of(platform, started, site)
        return task.attempt >= 5 and task.phase is TaskPhase.RETRYING

    await until(waits_long)  # 8 s to the next attempt
    await platform.estate.clear_faults("down")
    before = await ports_of(platform, started, site)
    decision_id = await decide(platform, before, RETRY)

    assert (await decision(platform, decision_id)).state is DecisionState.CARRIED_OUT
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    task = await ports_of(platform, started, site)
    assert (task.state, task.round) == (TaskState.COMPLETED, 1)
    assert task.finished_at is not None
    assert before.last_error_at is not None
    assert task.finished_at - before.last_error_at < timedelta(seconds=6)


async def test_a_decision_that_is_told_twice_has_its_effect_once(platform: Platform) -> None:
    started, site = await refused_by(platform, System.SWITCHING)
    decision_id = await decide(platform, await ports_of(platform, started, site), RETRY)
    await platform.run(
        "UPDATE outbox SET sent_at = NULL WHERE decision_id = :id", id=decision_id
    )  # the relay died before it noted that it had told

    assert await carry_one(platform.sessions, platform.gateway)

    async def waits_again() -> bool:
        task = await ports_of(platform, started, site)
        return (task.state, task.round) == (TaskState.FAILED, 2)

    await until(waits_again)
    assert (await decision(platform, decision_id)).state is DecisionState.CARRIED_OUT
    await mend(platform, site)
    await decide(platform, await ports_of(platform, started, site), RETRY)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await ports_of(platform, started, site)).round == 3


async def test_a_decision_on_a_round_that_is_over_is_refused_and_says_so(
    platform: Platform,
) -> None:
    started, site = await refused_by(platform, System.SWITCHING)
    stale = await ports_of(platform, started, site)
    stale.round = 7

    refused = await decide(platform, stale, RETRY)

    found = await decision(platform, refused)
    assert (found.state, found.refused_because) == (
        DecisionState.REFUSED,
        DecisionRefusal.TASK_MOVED_ON,
    )
    assert (await ports_of(platform, started, site)).round == 1
    await mend(platform, site)
    await decide(platform, await ports_of(platform, started, site), RETRY)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)


async def test_what_was_done_by_hand_is_refused_until_a_fresh_read_shows_it(
    platform: Platform,
) -> None:
    started, site = await refused_by(platform, System.SWITCHING)
    first = await ports_of(platform, started, site)

    too_early = await decide(platform, first, BY_HAND)

    found = await ends(platform, too_early, DecisionState.REFUSED)
    assert found.refused_because == FailureKind.UNCONFIRMED
    again = await ports_of(platform, started, site)
    assert (again.state, again.round, again.attempt) == (TaskState.FAILED, 2, 1)
    assert again.last_error_kind is FailureKind.UNCONFIRMED

    calls = len(await platform.estate.ledger("calls", site=site.reference, operation="retire"))
    await mend(platform, site)
    await remove_by_hand(platform, started, again)
    accepted = await decide(platform, again, BY_HAND)
    await ends(platform, accepted, DecisionState.CARRIED_OUT)

    task = await ports_of(platform, started, site)
    assert (task.state, task.round, task.waived_by) == (TaskState.COMPLETED, 3, None)
    verdicts = await platform.verdicts(started, ResourceKind.SWITCH_PORT, site.id)
    assert verdicts == {Verdict.REMOVED}
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert calls  # the round by hand itself asked for nothing; only the person did


async def telephony_refused(platform: Platform) -> tuple[Started, SiteRow, TaskRow]:
    occupier = await platform.tenant(sites=2)
    site = await platform.site_of(occupier)
    # Else the same system refuses the logout before it.
    await platform.run("DELETE FROM handset_logins WHERE occupier_id = :id", id=occupier.id)
    await platform.estate.put_fault(
        f"refused-{site.reference}",
        "error",
        system="telephony",
        site=site.reference,
        statuses={"403": 1.0},
    )
    started = await platform.start(occupier)
    await platform.reaches(started, DecommissionState.PARTIAL)
    return started, site, await platform.task(started, TaskKind.TELEPHONY, site.id)


async def test_a_waived_task_lets_the_rest_go_on_and_is_shown_for_ever(
    platform: Platform,
) -> None:
    started, site, task = await telephony_refused(platform)

    decision_id = await decide(platform, task, WAIVE)

    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    await ends(platform, decision_id, DecisionState.CARRIED_OUT)
    task = await platform.task(started, TaskKind.TELEPHONY, site.id)
    assert (task.state, task.waived_by, task.has_case) == (TaskState.COMPLETED, decision_id, False)
    numbers = await platform.verdicts(started, ResourceKind.PHONE_NUMBER, site.id)
    assert numbers == {Verdict.RETAINED}
    waived = "SELECT count(*) FROM plan_items WHERE decommission_id = :id AND ground = 'waived'"
    assert await platform.count(waived, id=started.decommission_id) == 3
    reserved = "SELECT count(*) FROM phone_numbers WHERE site_id = :id AND state = 'reserved'"
    assert await platform.count(reserved, id=site.id) == 3


async def test_a_waiver_of_one_person_does_nothing(platform: Platform) -> None:
    started, site, task = await telephony_refused(platform)
    async with platform.sessions.begin() as session:
        store = DecisionStore(session)
        waiver = await store.make(
            NewDecision(
                action=WAIVE,
                decommission_id=task.decommission_id,
                task_id=task.id,
                site_id=task.site_id,
                round=task.round,
                reason=WaiverReason.PROVIDER_GONE,
                decided_by="staff_member:one",
                decided_as=StaffRole.SRE,
            )
        )

    assert waiver.state is DecisionState.AWAITING_SECOND_PERSON
    assert not await carry_one(platform.sessions, platform.gateway)
    with pytest.raises(IntegrityError, match="two_people"):
        async with platform.sessions.begin() as session:
            await DecisionStore(session).confirm(waiver.id, "staff_member:one")
    # Another decision takes its place: a waiver that nobody confirms holds nothing up.
    await mend(platform, site)
    await decide(platform, task, RETRY)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    found = await decision(platform, waiver.id)
    assert (found.state, found.refused_because) == (
        DecisionState.REFUSED,
        DecisionRefusal.SUPERSEDED,
    )


async def test_a_decision_made_while_temporal_is_down_is_carried_out_later(
    platform: Platform,
) -> None:
    started, site = await refused_by(platform, System.SWITCHING)
    await mend(platform, site)
    async with temporal_server() as client:
        dead = DecommissionGateway(client)
    task = await ports_of(platform, started, site)
    decision_id = await decide(platform, task, RETRY, carry=False)

    assert not await carry_one(platform.sessions, dead)  # the server is gone by now

    assert (await decision(platform, decision_id)).state is DecisionState.ACCEPTED
    tried = "SELECT attempts FROM outbox WHERE decision_id = :id AND sent_at IS NULL"
    assert await platform.count(tried, id=decision_id) == 1
    assert await carry_one(platform.sessions, platform.gateway)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert (await decision(platform, decision_id)).state is DecisionState.CARRIED_OUT


@pytest.mark.parametrize("whole", [True, False], ids=["the-whole", "one-site"])
async def test_a_pause_holds_what_has_not_started_until_it_is_resumed(
    platform: Platform, *, whole: bool
) -> None:
    started, site = await refused_by(platform, System.SWITCHING, sites=2)
    place = None if whole else site.id
    site_run = platform.client.get_workflow_handle(
        site_workflow_id(started.decommission_id, site.id)
    )

    await pause(platform, started, PAUSE, place)

    async def has_heard() -> bool:
        return (
            "workflowExecutionSignaledEventAttributes" in (await site_run.fetch_history()).to_json()
        )

    await until(has_heard)
    await mend(platform, site)
    await decide(platform, await ports_of(platform, started, site), RETRY)

    async def waits() -> bool:
        task = await ports_of(platform, started, site)
        return (task.state, task.phase, task.round) == (TaskState.PENDING, TaskPhase.QUEUED, 2)

    await until(waits)
    described = await site_run.describe()
    assert not described.raw_description.pending_activities
    paused = (
        "SELECT count(*) FROM decommissions WHERE id = :id AND paused_at IS NOT NULL"
        if whole
        else "SELECT count(paused_at) FROM decommission_sites WHERE decommission_id = :id"
    )
    assert await platform.count(paused, id=started.decommission_id) == 1

    await pause(platform, started, RESUME, place)
    await platform.reaches(started, DecommissionState.DECOMMISSIONED)
    assert await platform.count(paused, id=started.decommission_id) == 0
