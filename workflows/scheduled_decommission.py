"""The timer of a scheduled decommission; the rows say when it is due and whether it may start."""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.domain.orders import ScheduleOrder, ScheduleReport

    from workflows.names import RECORDS_QUEUE
    from workflows.policies import RECORDS

SHORTEST_WAIT_S = 1.0  # whatever the rows say, it never spins


@workflow.defn
class ScheduledDecommission:
    """Sleeps until the decommission is due, and looks again whenever a person changed it.

    The timer is in the run, not a delay of its start: a signal would end that delay.
    """

    def __init__(self) -> None:
        self._is_changed = False

    @workflow.run
    async def run(self, order: ScheduleOrder) -> None:
        """Return when it has started or was cancelled; a blocked one waits for a person."""
        while (report := await self._look(order)).is_open:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(order)
            await self._sleep(report.wait_s)

    @workflow.signal
    def changed(self) -> None:
        """The schedule was made, moved or cancelled; repeats do no harm."""
        self._is_changed = True

    async def _look(self, order: ScheduleOrder) -> ScheduleReport:
        self._is_changed = False  # before the look: what comes during it is looked at again
        report: ScheduleReport = await workflow.execute_activity(
            "look_at_schedule",
            order,
            result_type=ScheduleReport,
            task_queue=RECORDS_QUEUE,
            **RECORDS,
        )
        return report

    async def _sleep(self, wait_s: float | None) -> None:
        timeout = None if wait_s is None else timedelta(seconds=max(wait_s, SHORTEST_WAIT_S))
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._is_changed, timeout=timeout)
