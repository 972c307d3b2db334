"""The runbook of one site."""

import asyncio
from contextlib import suppress

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from models.domain.decommission import TaskKind
    from models.domain.orders import (
        DecisionOrder,
        HoldNews,
        PauseNews,
        Retry,
        SiteNews,
        SiteOrder,
        WatchOrder,
        WatchReport,
    )

    from workflows.names import RECORDS_QUEUE, decommission_workflow_id
    from workflows.policies import RECORDS
    from workflows.task_runner import TaskRunner


@workflow.defn
class DecommissionSite:
    """Empties one site of an occupier; a task that fails for good waits here for a person."""

    @workflow.init
    def __init__(self, order: SiteOrder) -> None:
        self._order = order
        self._tasks = TaskRunner(
            order.decommission_id, order.occupier_id, order.patience, restarts=order.restarts
        )
        self._tasks.is_paused = order.is_paused
        self._must_tell = False  # the decommission does not wait for this run as its child
        self._is_done = False

    @workflow.run
    async def run(self, order: SiteOrder) -> None:
        """End everything at the site; the leases last, so that nobody moves in before."""
        telling = asyncio.create_task(self._tell_when_parked())
        watching = asyncio.create_task(self._watch())
        await asyncio.gather(
            self._take_telephony_out_of_service(),
            self._do(TaskKind.PORTS),
            self._do(TaskKind.USERS),
            self._do(TaskKind.WIFI_DEVICES),
            self._do(TaskKind.STOP_SERVICES),
        )
        await self._do(TaskKind.NETWORK)
        await self._do(TaskKind.END_LEASES)
        telling.cancel()
        watching.cancel()
        self._is_done = True
        if self._must_tell:
            await self._tell(is_parked=False, is_done=True)
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _take_telephony_out_of_service(self) -> None:
        await self._do(TaskKind.LOGOUT_HANDSETS)
        await self._do(TaskKind.TELEPHONY)

    async def _do(self, kind: TaskKind) -> None:
        await self._tasks.run(kind, self._order.site_id)

    async def _watch(self) -> None:
        """Look for stuck tasks from in here too, should the sweeper be dead."""
        wait_s, looks = self._order.watch_after_s, 0
        while wait_s is not None:
            await workflow.wait_condition(lambda: not self._tasks.is_at_rest)
            await asyncio.sleep(wait_s)
            report: WatchReport = await workflow.execute_activity(
                "watch_site",
                WatchOrder(
                    decommission_id=self._order.decommission_id,
                    site_id=self._order.site_id,
                    looks=looks,
                ),
                result_type=WatchReport,
                task_queue=RECORDS_QUEUE,
                **RECORDS,
            )
            self._tasks.show_stuck(report.stuck)
            wait_s, looks = report.look_again_s, looks + 1

    async def _tell_when_parked(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._tasks.is_at_rest)
            self._must_tell = True
            await self._tell(is_parked=True)
            await workflow.wait_condition(lambda: not self._tasks.is_at_rest)
            await self._tell(is_parked=False)

    async def _tell(self, *, is_parked: bool, is_done: bool = False) -> None:
        # By name: the decommission imports this file, so this one cannot import it.
        decommission = workflow.get_external_workflow_handle(
            decommission_workflow_id(self._order.decommission_id)
        )
        news = SiteNews(site_id=self._order.site_id, is_parked=is_parked, is_done=is_done)
        with suppress(FailureError):  # it was ended from outside; a new run adopts this one
            await decommission.signal("site_news", news)

    @workflow.signal
    async def adopted(self) -> None:
        """The decommission was started anew: say where this run stands, and when it is done."""
        self._must_tell = True
        await self._tell(is_parked=self._tasks.is_at_rest, is_done=self._is_done)

    @workflow.signal
    def pause_news(self, news: PauseNews) -> None:
        """Tasks may start here again, or wait if they have not started."""
        self._tasks.pause(is_paused=news.is_paused)

    @workflow.signal
    def hold_news(self, news: HoldNews) -> None:
        """A task here need not wait for its hold any more, or tries whether it must."""
        self._tasks.hear_of_hold(news)

    @workflow.update
    def decide(self, decision: DecisionOrder) -> None:
        """Carry out what a person decided about a parked task."""
        self._tasks.decide(decision)

    @decide.validator
    def _refuse(self, decision: DecisionOrder) -> None:
        self._tasks.refuse(decision)

    @workflow.update
    def retry_task(self, retry: Retry) -> None:
        """Run a parked task again. Nobody sends this any more; recorded histories hold it."""
        self._tasks.retry(retry)

    @retry_task.validator
    def _refuse_retry(self, retry: Retry) -> None:
        self._tasks.refuse_retry(retry)
