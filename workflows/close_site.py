"""Closes a site: starts the decommissions of its occupiers, some at once, until each has a result.

What runs, what waits and what was refused is in the rows; this run only says when to look again.
"""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.domain.orders import ClosureOrder, ClosureReport

    from workflows.names import RECORDS_QUEUE
    from workflows.policies import RECORDS

FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 60.0  # a decommission takes minutes; a free place is found within this
SHORTEST_WAIT_S = 0.2  # whatever the patience, it never spins


@workflow.defn
class CloseSite:
    """Looks, starts what may start, and waits longer while nothing changes."""

    def __init__(self) -> None:
        self._is_changed = False

    @workflow.run
    async def run(self, order: ClosureOrder) -> None:
        """Return when every occupier has a result; a paused one waits for a person."""
        wait_s = FIRST_WAIT_S
        last: ClosureReport | None = None
        while not (report := await self._advance(order)).is_done:
            wait_s = FIRST_WAIT_S if report != last else min(wait_s * 2, LONGEST_WAIT_S)
            last = report
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(order)
            is_asleep = report.is_paused and report.running == 0
            await self._sleep(None if is_asleep else wait_s * order.patience)

    @workflow.signal
    def changed(self) -> None:
        """The closure was made, paused or resumed; repeats do no harm."""
        self._is_changed = True

    async def _advance(self, order: ClosureOrder) -> ClosureReport:
        self._is_changed = False  # before the look: what comes during it is looked at again
        report: ClosureReport = await workflow.execute_activity(
            "advance_closure",
            order,
            result_type=ClosureReport,
            task_queue=RECORDS_QUEUE,
            **RECORDS,
        )
        return report

    async def _sleep(self, wait_s: float | None) -> None:
        timeout = None if wait_s is None else timedelta(seconds=max(wait_s, SHORTEST_WAIT_S))
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._is_changed, timeout=timeout)
