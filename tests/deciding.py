"""Decisions for tests, made as the API makes them and carried as the relay carries them."""

from uuid import UUID, uuid4

from models.domain.decision import DecisionAction, DecisionState, WaiverReason
from models.domain.permission import StaffRole
from models.stores.decisions import DecisionStore, DecisionView, NewDecision
from models.stores.starts import Started
from models.tables.task import TaskRow
from tests.running_platform import Platform, until
from workflows.decision_relay import carry_one


def support() -> str:
    """An actor nobody has used."""
    return f"staff_member:{uuid4()}"


async def decide(
    platform: Platform, task: TaskRow, action: DecisionAction, *, carry: bool = True
) -> UUID:
    """Decide about a task, a waiver with a second person."""
    new = NewDecision(
        action=action,
        decommission_id=task.decommission_id,
        task_id=task.id,
        site_id=task.site_id,
        round=task.round,
        reason=WaiverReason.SYSTEM_RETIRED if action is DecisionAction.WAIVE else None,
        evidence="The provider confirmed it on the telephone."
        if action is DecisionAction.COMPLETE_BY_HAND
        else None,
        decided_by=support(),
        decided_as=StaffRole.VENDOR_SUPPORT,
    )
    async with platform.sessions.begin() as session:
        decision_id = (await DecisionStore(session).make(new)).id
        if action is DecisionAction.WAIVE:
            await DecisionStore(session).confirm(decision_id, support())
    if carry:
        assert await carry_one(platform.sessions, platform.gateway)
    return decision_id


async def pause(
    platform: Platform, started: Started, action: DecisionAction, site_id: UUID | None = None
) -> UUID:
    """Pause a decommission or a site of it, or let it go on."""
    new = NewDecision(
        action=action,
        decommission_id=started.decommission_id,
        site_id=site_id,
        decided_by=support(),
        decided_as=StaffRole.SRE,
    )
    async with platform.sessions.begin() as session:
        decision_id = (await DecisionStore(session).make(new)).id
    assert await carry_one(platform.sessions, platform.gateway)
    return decision_id


async def decision(platform: Platform, decision_id: UUID) -> DecisionView:
    """The decision as it is now."""
    async with platform.sessions() as session:
        found = await DecisionStore(session).find(decision_id)
    assert found is not None
    return found


async def ends(platform: Platform, decision_id: UUID, state: DecisionState) -> DecisionView:
    """Wait until the decision has ended, and see that it did so as expected."""

    async def has_ended() -> bool:
        return (await decision(platform, decision_id)).state.is_ended

    await until(has_ended)
    found = await decision(platform, decision_id)
    assert found.state is state, found
    return found
