"""The cooling-off timer: thirty days under virtual time, and seconds on the real server."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.numbers import NumberActivities
from models.database import Sessions
from models.domain.orders import CoolingOffOrder
from models.domain.portfolio import NumberState
from models.tables.telephony import PhoneNumberRow
from tests.builders import make_number
from worker import SANDBOX
from workflows.connection import CONVERTER
from workflows.cool_off_numbers import CoolOffNumbers
from workflows.names import RECORDS_QUEUE

THIRTY_DAYS_S = 30 * 86_400
Timer = WorkflowHandle[CoolOffNumbers, int]


@pytest.fixture
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The test server: one workflow at a time, and no wait is real."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).parent / "temporal-test-server"),
        data_converter=CONVERTER,
    ) as environment:
        yield environment


async def cool(sessions: Sessions, decommission_id: UUID, *due_in_s: float) -> list[PhoneNumberRow]:
    """Numbers of a decommission that are due in so many seconds, by the database's real clock."""
    async with sessions.begin() as session:
        return [
            await make_number(
                session,
                state=NumberState.COOLING_OFF,
                cooling_off_until=datetime.now(UTC) + timedelta(seconds=seconds),
                cooled_by_decommission_id=decommission_id,
            )
            for seconds in due_in_s
        ]


@asynccontextmanager
async def timer(
    client: Client, sessions: Sessions, decommission_id: UUID, first_wait_s: float
) -> AsyncIterator[Timer]:
    """The workflow, started, with a worker for it."""
    async with Worker(
        client,
        task_queue=RECORDS_QUEUE,
        workflows=[CoolOffNumbers],
        activities=[NumberActivities(sessions).release_numbers],
        workflow_runner=SANDBOX,
    ):
        yield await client.start_workflow(
            CoolOffNumbers.run,
            CoolingOffOrder(decommission_id=decommission_id, first_wait_s=first_wait_s),
            id=f"cooling-off/{decommission_id}",
            task_queue=RECORDS_QUEUE,
        )


async def looks(handle: Timer) -> int:
    """How often the timer looked at the rows; it must not spin."""
    events = (await handle.fetch_history()).events
    return sum(event.HasField("activity_task_scheduled_event_attributes") for event in events)


async def assert_back_at_their_sites(sessions: Sessions, numbers: list[PhoneNumberRow]) -> None:
    async with sessions() as session:
        for number in numbers:
            row = await session.get_one(PhoneNumberRow, number.id)
            assert (row.state, row.site_id) == (NumberState.AVAILABLE, number.site_id)


async def test_numbers_come_back_after_thirty_days(
    time_skipping: WorkflowEnvironment, sessions: Sessions
) -> None:
    decommission_id = uuid4()
    # The rows' clock is real, so their time is over already; the timer's is virtual.
    numbers = await cool(sessions, decommission_id, -60, -60, -60)
    began = await time_skipping.get_current_time()

    async with timer(time_skipping.client, sessions, decommission_id, THIRTY_DAYS_S) as handle:
        assert await handle.result() == len(numbers)
        assert await looks(handle) == 1

    assert await time_skipping.get_current_time() - began >= timedelta(seconds=THIRTY_DAYS_S)
    await assert_back_at_their_sites(sessions, numbers)


async def test_the_timer_waits_for_the_last_number_and_then_ends(
    temporal: Client, sessions: Sessions
) -> None:
    decommission_id = uuid4()
    numbers = await cool(sessions, decommission_id, 0, 0, 3)

    async with timer(temporal, sessions, decommission_id, first_wait_s=1) as handle:
        assert await handle.result() == len(numbers)
        assert await looks(handle) <= 4  # one a second at most

    await assert_back_at_their_sites(sessions, numbers)
