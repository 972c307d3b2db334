"""The cooling-off timer on the real server, with a wait of a second in place of thirty days."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.client import Client
from temporalio.worker import Worker

from activities.numbers import NumberActivities
from models.database import Sessions
from models.domain.orders import CoolingOffOrder
from models.domain.portfolio import NumberState
from models.tables.telephony import PhoneNumberRow
from tests.builders import make_number
from worker import SANDBOX
from workflows.cool_off_numbers import CoolOffNumbers
from workflows.names import RECORDS_QUEUE


async def test_numbers_come_back_when_their_time_is_over(
    temporal: Client, sessions: Sessions
) -> None:
    decommission_id = uuid4()
    async with sessions.begin() as session:
        numbers = [
            await make_number(
                session,
                state=NumberState.COOLING_OFF,
                cooling_off_until=datetime.now(UTC) + timedelta(seconds=due_in_s),
                cooled_by_decommission_id=decommission_id,
            )
            for due_in_s in (0, 1, 3)  # the rows say when; the timer looks again for the last
        ]
    async with Worker(
        temporal,
        task_queue=RECORDS_QUEUE,
        workflows=[CoolOffNumbers],
        activities=[NumberActivities(sessions).release_numbers],
        workflow_runner=SANDBOX,
    ):
        released = await temporal.execute_workflow(
            CoolOffNumbers.run,
            CoolingOffOrder(decommission_id=decommission_id, first_wait_s=1),
            id=f"cooling-off/{decommission_id}",
            task_queue=RECORDS_QUEUE,
        )

    assert released == 3
    async with sessions() as session:
        for number in numbers:
            row = await session.get_one(PhoneNumberRow, number.id)
            assert (row.state, row.site_id) == (NumberState.AVAILABLE, number.site_id)
