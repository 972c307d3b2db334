"""The timer that brings a decommission's numbers back to their sites (DE-27 to DE-29)."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.domain.orders import CoolingOffOrder, CoolingOffReport, DecommissionRef

    from workflows.names import RECORDS_QUEUE
    from workflows.policies import RECORDS


@workflow.defn
class CoolOffNumbers:
    """Sleeps until numbers are due, releases them, and ends when none is left."""

    @workflow.run
    async def run(self, order: CoolingOffOrder) -> int:
        """Return how many numbers this run brought back; the rows say when each is due."""
        wait_s: float | None = order.first_wait_s
        released = 0
        while wait_s is not None:
            await asyncio.sleep(wait_s)
            report = await workflow.execute_activity(
                "release_numbers",
                DecommissionRef(decommission_id=order.decommission_id),
                result_type=CoolingOffReport,
                task_queue=RECORDS_QUEUE,
                **RECORDS,
            )
            released += report.released
            wait_s = report.next_wait_s
            if wait_s is not None and workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(order.model_copy(update={"first_wait_s": wait_s}))
        return released
