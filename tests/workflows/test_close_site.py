"""Closing a site: all of its own occupiers go, some at once; the refused ones say why."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text, update
from temporalio.client import WorkflowExecutionStatus

from models.database import Sessions
from models.domain.closure import ClosureResult, ClosureState
from models.domain.orders import ClosureOrder
from models.portfolio.sample.size import SampleSize
from models.stores.closures import ClosureRequest, ClosureStore
from models.tables.contract import ContractRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ClosureOccupierRow, ClosureRow
from tests.running_platform import Platform, until
from tests.schedules import block, requester
from workflows.names import closure_workflow_id


async def tenants(platform: Platform, count: int) -> list[OccupierRow]:
    """So many occupiers that live only at one site, all at the same."""
    size = SampleSize(
        seed=platform.next_seed(),
        operators=1,
        sites=1,
        occupiers=count,
        sites_per_occupier=1,
        users_per_site=1,
        numbers_per_site=1,
        ports_per_site=1,
        devices_per_site=1,
    )
    return await platform.load(size)


async def close(sessions: Sessions, occupiers: Sequence[OccupierRow], *, at_once: int = 2) -> UUID:
    """A closure of the occupiers' site, by a super admin."""
    by = await requester(sessions, occupiers[0].operator_id)
    async with sessions.begin() as session:
        site_id = await session.scalar(
            select(ContractRow.site_id).where(ContractRow.occupier_id == occupiers[0].id)
        )
        assert site_id is not None
        request = ClosureRequest(site_id, at_once, tuple(one.id for one in occupiers))
        return await ClosureStore(session).close(request, by)


async def turn(sessions: Sessions, closure_id: UUID, state: ClosureState) -> None:
    """Pause or resume, as a super admin."""
    async with sessions() as session:
        closure = await session.get_one(ClosureRow, closure_id)
    by = await requester(sessions, closure.operator_id)
    async with sessions.begin() as session:
        store = ClosureStore(session)
        act = store.pause if state is ClosureState.PAUSED else store.resume
        await act(closure_id, closure.version, by)


async def lines(sessions: Sessions, closure_id: UUID) -> list[ClosureOccupierRow]:
    async with sessions() as session:
        found = await session.scalars(
            select(ClosureOccupierRow)
            .where(ClosureOccupierRow.closure_id == closure_id)
            .order_by(ClosureOccupierRow.ordinal)
        )
        return list(found)


async def results(sessions: Sessions, closure_id: UUID) -> Counter[ClosureResult]:
    return Counter(line.result for line in await lines(sessions, closure_id))


async def is_done(platform: Platform, closure_id: UUID) -> bool:
    await platform.relay.relay_once()
    async with platform.sessions() as session:
        closure = await session.get_one(ClosureRow, closure_id)
    return closure.state is ClosureState.DONE


async def test_all_go_but_the_refused_and_never_more_at_once_than_allowed(
    platform: Platform,
) -> None:
    occupiers = await tenants(platform, 5)
    await block(platform.sessions, occupiers[1])
    closure_id = await close(platform.sessions, occupiers, at_once=2)
    most = 0

    async def is_over() -> bool:
        nonlocal most
        running = (await results(platform.sessions, closure_id))[ClosureResult.STARTED]
        most = max(most, running)
        return await is_done(platform, closure_id)

    await until(is_over, 90)

    found = await lines(platform.sessions, closure_id)
    assert [line.result.value for line in found] == [
        "decommissioned",
        "refused",
        "decommissioned",
        "decommissioned",
        "decommissioned",
    ]
    assert found[1].reasons == ["service_failed"]
    assert most <= 2
    handle = platform.client.get_workflow_handle(closure_workflow_id(closure_id))
    await handle.result()


async def test_a_paused_one_starts_nothing_until_it_is_resumed(platform: Platform) -> None:
    occupiers = await tenants(platform, 3)
    closure_id = await close(platform.sessions, occupiers, at_once=1)
    await turn(platform.sessions, closure_id, ClosureState.PAUSED)
    handle = platform.client.get_workflow_handle(closure_workflow_id(closure_id))

    async def is_asleep() -> bool:
        await platform.relay.relay_once()
        events = (await handle.fetch_history()).events
        return any(event.HasField("activity_task_completed_event_attributes") for event in events)

    await platform.relay.relay_once()
    await until(is_asleep)
    assert await results(platform.sessions, closure_id) == {ClosureResult.WAITING: 3}

    await turn(platform.sessions, closure_id, ClosureState.RUNNING)
    await until(lambda: is_done(platform, closure_id), 90)
    assert await results(platform.sessions, closure_id) == {ClosureResult.DECOMMISSIONED: 3}


async def test_repeated_messages_start_nobody_twice(platform: Platform) -> None:
    occupiers = await tenants(platform, 2)
    closure_id = await close(platform.sessions, occupiers, at_once=2)
    order = ClosureOrder(closure_id=closure_id, patience=0.005)
    await asyncio.gather(*(platform.gateway.tell_closure(order) for _ in range(6)))

    await until(lambda: is_done(platform, closure_id), 90)
    await platform.gateway.tell_closure(order)  # also when it is over

    handle = platform.client.get_workflow_handle(closure_workflow_id(closure_id))
    await handle.result()
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    ids = [one.id for one in occupiers]
    assert (
        await platform.count(
            "SELECT count(*) FROM decommissions WHERE occupier_id = ANY(:ids)", ids=ids
        )
        == 2
    )


async def test_somebody_who_lost_their_rights_closes_nothing_more(platform: Platform) -> None:
    occupiers = await tenants(platform, 2)
    closure_id = await close(platform.sessions, occupiers)
    async with platform.sessions.begin() as session:
        await session.execute(
            update(ClosureRow).where(ClosureRow.id == closure_id).values(member_id=None)
        )

    await until(lambda: is_done(platform, closure_id))

    found = await lines(platform.sessions, closure_id)
    assert [line.reasons for line in found] == [["requester_lost_rights"]] * 2
    async with platform.sessions() as session:
        statuses = await session.scalars(
            text("SELECT DISTINCT status FROM occupiers WHERE id = ANY(:ids)"),
            {"ids": [one.id for one in occupiers]},
        )
        assert list(statuses) == ["active"]


async def test_a_failed_one_frees_its_place_and_does_not_stop_the_others(
    platform: Platform,
) -> None:
    occupiers = await tenants(platform, 2)
    site = await platform.site_of(occupiers[0])
    await platform.estate.put_fault(
        "refused", "error", system="switching", site=site.reference, statuses={"403": 1.0}
    )
    closure_id = await close(platform.sessions, occupiers, at_once=1)

    await until(lambda: is_done(platform, closure_id), 90)

    assert await results(platform.sessions, closure_id) == {ClosureResult.FAILED: 2}
