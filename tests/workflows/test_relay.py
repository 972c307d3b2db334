"""The way of an accepted start to Temporal, whatever dies in between."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select
from temporalio.client import Client

from models.database import Sessions
from models.settings import Settings
from models.stores.starts import Started, StartRequest, StartStore
from models.tables.audit import OutboxRow
from tests.builders import make_contract, make_occupier
from tests.running_platform import temporal_server, until
from workflows.gateway import DecommissionGateway
from workflows.names import decommission_workflow_id
from workflows.relay import Relay


@pytest.fixture
async def accepted(sessions: Sessions) -> list[Started]:
    """Three accepted starts that nobody has carried yet."""
    starts = []
    for _ in range(3):
        async with sessions.begin() as session:
            occupier = await make_occupier(session)
            await make_contract(session, occupier=occupier)
            request = StartRequest(occupier.id, occupier.name, "tester", "request", uuid4().hex)
            starts.append(await StartStore(session).start(request))
    return starts


def relay_to(client: Client, sessions: Sessions, settings: Settings) -> Relay:
    return Relay(sessions, DecommissionGateway(client), settings.libpq_url, patience=1.0)


async def unsent(sessions: Sessions) -> int:
    async with sessions() as session:
        rows = await session.scalars(select(OutboxRow.id).where(OutboxRow.sent_at.is_(None)))
        return len(list(rows))


async def test_every_accepted_start_gets_its_workflow(
    temporal: Client, sessions: Sessions, settings: Settings, accepted: list[Started]
) -> None:
    assert await relay_to(temporal, sessions, settings).relay_once() == 3

    assert await unsent(sessions) == 0
    for started in accepted:
        workflow_id = decommission_workflow_id(started.decommission_id)
        description = await temporal.get_workflow_handle(workflow_id).describe()
        assert description.workflow_type == "DecommissionOccupier"


async def test_many_relays_start_each_workflow_once(
    temporal: Client, sessions: Sessions, settings: Settings, accepted: list[Started]
) -> None:
    relays = [relay_to(temporal, sessions, settings) for _ in range(4)]
    claimed = await asyncio.gather(*(relay.relay_once() for relay in relays))
    assert sum(claimed) == len(accepted)
    assert await unsent(sessions) == 0


async def test_a_start_that_was_carried_but_not_noted_is_carried_again_without_harm(
    temporal: Client, sessions: Sessions, settings: Settings, accepted: list[Started]
) -> None:
    relay = relay_to(temporal, sessions, settings)
    await relay.relay_once()
    workflow_id = decommission_workflow_id(accepted[0].decommission_id)
    first = await temporal.get_workflow_handle(workflow_id).describe()
    async with sessions.begin() as session:
        for row in await session.scalars(select(OutboxRow)):
            row.sent_at = None

    assert await relay.relay_once() == 3

    again = await temporal.get_workflow_handle(workflow_id).describe()
    assert again.run_id == first.run_id


async def test_a_running_relay_hears_of_a_new_start_at_once(
    temporal: Client, sessions: Sessions, settings: Settings
) -> None:
    relaying = asyncio.create_task(relay_to(temporal, sessions, settings).run())
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        await make_contract(session, occupier=occupier)
        request = StartRequest(occupier.id, occupier.name, "tester", "request", uuid4().hex)
        await StartStore(session).start(request)

    async def is_sent() -> bool:
        return await unsent(sessions) == 0

    await until(is_sent)
    relaying.cancel()


async def test_a_start_waits_while_temporal_does_not_answer(
    sessions: Sessions, settings: Settings, accepted: list[Started]
) -> None:
    async with temporal_server() as client:
        relay = relay_to(client, sessions, settings)
    assert await relay.relay_once() == 0  # the server is gone by now

    assert await unsent(sessions) == len(accepted)
    async with sessions() as session:
        tried = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).first()
    assert tried is not None
    assert tried.attempts == 1
    assert tried.last_error in {"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED"}
