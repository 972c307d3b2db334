"""The cooling-off timer under virtual time: thirty days in a moment."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
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


@pytest.fixture
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The test server: one workflow at a time, and no wait is real."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).parent / "temporal-test-server"),
        data_converter=CONVERTER,
    ) as environment:
        yield environment


async def test_numbers_come_back_when_their_time_is_over(
    time_skipping: WorkflowEnvironment, sessions: Sessions
) -> None:
    decommission_id = uuid4()
    async with sessions.begin() as session:
        # The rows' clock is real, so their time is over already; the timer's is virtual.
        numbers = [
            await make_number(
                session,
                state=NumberState.COOLING_OFF,
                cooling_off_until=datetime.now(UTC) - timedelta(minutes=1),
                cooled_by_decommission_id=decommission_id,
            )
            for _ in range(3)
        ]
    began = await time_skipping.get_current_time()
    async with Worker(
        time_skipping.client,
        task_queue=RECORDS_QUEUE,
        workflows=[CoolOffNumbers],
        activities=[NumberActivities(sessions).release_numbers],
        workflow_runner=SANDBOX,
    ):
        released = await time_skipping.client.execute_workflow(
            CoolOffNumbers.run,
            CoolingOffOrder(decommission_id=decommission_id, first_wait_s=30 * 86_400),
            id=f"cooling-off/{decommission_id}",
            task_queue=RECORDS_QUEUE,
        )

    assert released == 3
    assert await time_skipping.get_current_time() - began >= timedelta(days=30)
    async with sessions() as session:
        for number in numbers:
            row = await session.get_one(PhoneNumberRow, number.id)
            assert (row.state, row.site_id) == (NumberState.AVAILABLE, number.site_id)
