"""The runbook of one site."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.domain.decommission import TaskKind
    from models.domain.orders import DecisionOrder, PauseNews, Retry, SiteNews, SiteOrder

    from workflows.names import decommission_workflow_id
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
        self._has_been_parked = False

    @workflow.run
    async def run(self, order: SiteOrder) -> None:
        """End everything at the site; the leases last, so that nobody moves in before."""
        telling = asyncio.create_task(self._tell_when_parked())
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
        if self._has_been_parked:
            await self._tell(is_parked=False, is_done=True)
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _take_telephony_out_of_service(self) -> None:
        await self._do(TaskKind.LOGOUT_HANDSETS)
        await self._do(TaskKind.TELEPHONY)

    async def _do(self, kind: TaskKind) -> None:
        await self._tasks.run(kind, self._order.site_id)

    async def _tell_when_parked(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._tasks.is_at_rest)
            self._has_been_parked = True
            await self._tell(is_parked=True)
            await workflow.wait_condition(lambda: not self._tasks.is_at_rest)
            await self._tell(is_parked=False)

    async def _tell(self, *, is_parked: bool, is_done: bool = False) -> None:
        # By name: the decommission imports this file, so this one cannot import it.
        decommission = workflow.get_external_workflow_handle(
            decommission_workflow_id(self._order.decommission_id)
        )
        news = SiteNews(site_id=self._order.site_id, is_parked=is_parked, is_done=is_done)
        await decommission.signal("site_news", news)

    @workflow.signal
    def pause_news(self, news: PauseNews) -> None:
        """Tasks may start here again, or wait if they have not started."""
        self._tasks.is_paused = news.is_paused

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
