"""The decommission of one occupier: plan, fan out over the sites, verify."""

import asyncio
import itertools
from contextlib import suppress

from temporalio import workflow
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.exceptions import ChildWorkflowError, FailureError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from datetime import timedelta
    from uuid import UUID

    from models.domain.decision import DecisionAction
    from models.domain.decommission import SITES_AT_ONCE, TaskKind
    from models.domain.orders import (
        CoolingOffOrder,
        DecisionOrder,
        DecommissionOrder,
        DecommissionRef,
        HoldNews,
        PauseNews,
        Retry,
        SiteNews,
        SiteOrder,
        SitesPage,
        SitesRequest,
    )

    from workflows.cool_off_numbers import CoolOffNumbers
    from workflows.decommission_site import DecommissionSite
    from workflows.names import (
        DECOMMISSION_ID,
        OCCUPIER_ID,
        RECORDS_QUEUE,
        SITE_ID,
        STATUS,
        RunStatus,
        cooling_off_workflow_id,
        site_workflow_id,
    )
    from workflows.policies import RECORDS
    from workflows.task_runner import TaskRunner

WORKFLOW_TASK_TIMEOUT = timedelta(seconds=2)  # a dead worker's workflow task is lost for this long
RESTART_S = 5
RESTARTS_OF_A_RUN = 50  # a run that takes over counts above all that its predecessors restarted
DAY_S = 86_400.0


@workflow.defn
class DecommissionOccupier:
    """Decommissions an occupier across all of its sites (DS-01). It only goes forward."""

    @workflow.init
    def __init__(self, order: DecommissionOrder) -> None:
        self._order = order
        self._ref = DecommissionRef(decommission_id=order.decommission_id)
        self._tasks = TaskRunner(
            order.decommission_id,
            order.occupier_id,
            order.patience,
            order.decided,
            order.restarts,
        )
        self._tasks.is_paused = order.is_paused
        self._paused_sites: set[UUID] = set(order.paused_sites)
        self._starting: set[UUID] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._running: set[UUID] = set()
        self._parked: set[UUID] = set(order.parked_sites)
        self._is_fanning_out = True
        self._watches: list[asyncio.Task[None]] = []

    @workflow.run
    async def run(self, order: DecommissionOrder) -> None:
        """Plan before the first removal, empty all sites, and be done only when verified."""
        telling = asyncio.create_task(self._tell_when_partial())
        if order.restarts and order.next_ordinal == 0:
            await self._record("mark_pending")
        if not order.prepared:
            await self._do(TaskKind.PLAN)
            await self._do(TaskKind.DELETE_SCHEDULED)
        if not order.prepared or (order.restarts and order.next_ordinal == 0):
            await self._start_cooling_off()
        await self._decommission_sites()
        await workflow.wait_condition(lambda: not self._running and not self._parked)
        await self._do(TaskKind.VERIFY_OCCUPIER)
        telling.cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _do(self, kind: TaskKind) -> None:
        await self._tasks.run(kind)

    async def _start_cooling_off(self) -> None:
        order = self._order
        with suppress(WorkflowAlreadyStartedError):  # by a run that was ended from outside
            await workflow.start_child_workflow(
                CoolOffNumbers.run,
                CoolingOffOrder(
                    decommission_id=order.decommission_id,
                    first_wait_s=order.cooling_off_days * DAY_S,
                ),
                id=cooling_off_workflow_id(order.decommission_id),
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                search_attributes=TypedSearchAttributes(
                    [
                        SearchAttributePair(OCCUPIER_ID, str(order.occupier_id)),
                        SearchAttributePair(DECOMMISSION_ID, str(order.decommission_id)),
                    ]
                ),
            )

    async def _decommission_sites(self) -> None:
        """Start the sites in order; after each window a new run goes on with a short history."""
        page = await self._next_window()
        window = page.site_ids
        for site_id in window:
            if self._tasks.is_paused:
                await workflow.wait_condition(lambda: not self._tasks.is_paused)
            await workflow.wait_condition(lambda: len(self._running) < SITES_AT_ONCE)
            self._running.add(site_id)
            running = self._decommission_site(site_id, page.watch_after_s)
            self._watches.append(asyncio.create_task(running))
        if len(window) == self._order.window:
            await workflow.wait_condition(lambda: not self._running and not self._telling)
            self._continue_as_new(self._order.next_ordinal + len(window))
        self._is_fanning_out = False

    async def _next_window(self) -> SitesPage:
        page: SitesPage = await workflow.execute_activity(
            "list_sites",
            SitesRequest(
                decommission_id=self._order.decommission_id,
                from_ordinal=self._order.next_ordinal,
                limit=self._order.window,
            ),
            result_type=SitesPage,
            task_queue=RECORDS_QUEUE,
            **RECORDS,
        )
        return page

    async def _decommission_site(self, site_id: UUID, watch_after_s: float | None) -> None:
        order = self._order
        for restarts in itertools.count(order.restarts * RESTARTS_OF_A_RUN):
            self._starting.add(site_id)
            try:
                site = await workflow.start_child_workflow(
                    DecommissionSite.run,
                    SiteOrder(
                        decommission_id=order.decommission_id,
                        occupier_id=order.occupier_id,
                        site_id=site_id,
                        patience=order.patience,
                        is_paused=self._is_paused_at(site_id),
                        restarts=restarts,
                        watch_after_s=watch_after_s,
                    ),
                    id=site_workflow_id(order.decommission_id, site_id),
                    task_timeout=WORKFLOW_TASK_TIMEOUT,
                    # A half-empty site goes on, whatever happens to this workflow.
                    parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                    search_attributes=self._site_attributes(site_id),
                )
                self._starting.discard(site_id)
                await site
                break
            except WorkflowAlreadyStartedError:
                if await self._adopt(site_id):
                    return
                await asyncio.sleep(RESTART_S)
            except ChildWorkflowError:
                # Ended from outside, for example by a terminate: all of its tasks are safe to
                # repeat and nothing else would empty the site.
                workflow.logger.warning("site.ended_from_outside")
                await asyncio.sleep(RESTART_S)
            finally:
                self._starting.discard(site_id)
        self._running.discard(site_id)
        self._parked.discard(site_id)

    async def _adopt(self, site_id: UUID) -> bool:
        """Take over a site's run that an ended run of this decommission had started.

        It tells where it stands, and again when it is done. False when it has just ended.
        """
        workflow_id = site_workflow_id(self._order.decommission_id, site_id)
        try:
            await workflow.get_external_workflow_handle(workflow_id).signal("adopted")
        except FailureError:
            return False
        return True

    def _site_attributes(self, site_id: UUID) -> TypedSearchAttributes:
        status = RunStatus.PAUSED if self._is_paused_at(site_id) else RunStatus.RUNNING
        return TypedSearchAttributes(
            [
                SearchAttributePair(OCCUPIER_ID, str(self._order.occupier_id)),
                SearchAttributePair(DECOMMISSION_ID, str(self._order.decommission_id)),
                SearchAttributePair(SITE_ID, str(site_id)),
                SearchAttributePair(STATUS, status),
            ]
        )

    def _continue_as_new(self, next_ordinal: int) -> None:
        workflow.continue_as_new(
            self._order.model_copy(
                update={
                    "prepared": True,
                    "next_ordinal": next_ordinal,
                    "parked_sites": tuple(sorted(self._parked)),
                    "is_paused": self._tasks.is_paused,
                    "paused_sites": tuple(sorted(self._paused_sites)),
                    "decided": tuple(sorted(self._tasks.decided)),
                }
            )
        )

    async def _tell_when_partial(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._is_at_rest)
            await self._record("mark_partial")
            await workflow.wait_condition(lambda: not self._is_at_rest)
            await self._record("mark_pending")

    async def _record(self, activity: str) -> None:
        await workflow.execute_activity(activity, self._ref, task_queue=RECORDS_QUEUE, **RECORDS)

    @property
    def _is_at_rest(self) -> bool:
        """Whether all that can run has run, and something waits for a person (DX-09)."""
        if self._tasks.is_at_rest:
            return True  # the occupier's own tasks run alone: before all sites, or after them
        return bool(self._parked) and not self._running and not self._is_fanning_out

    @workflow.signal
    def site_news(self, news: SiteNews) -> None:
        """A site waits for a person, goes on, or is done."""
        self._running.discard(news.site_id)
        self._parked.discard(news.site_id)
        if news.is_parked:
            self._parked.add(news.site_id)
        elif not news.is_done:
            self._running.add(news.site_id)

    @workflow.signal
    def hold_news(self, news: HoldNews) -> None:
        """A task here need not wait for its hold any more, or tries whether it must."""
        self._tasks.hear_of_hold(news)

    @workflow.update
    def decide(self, decision: DecisionOrder) -> None:
        """Carry out a decision about the occupier's own tasks, or pause the whole or a site."""
        match decision.action:
            case DecisionAction.PAUSE | DecisionAction.RESUME:
                self._pause(decision.site_id, is_paused=decision.action is DecisionAction.PAUSE)
            case _:
                self._tasks.decide(decision)

    @decide.validator
    def _refuse(self, decision: DecisionOrder) -> None:
        self._tasks.refuse(decision)

    def _pause(self, site_id: UUID | None, *, is_paused: bool) -> None:
        if site_id is None:
            self._tasks.pause(is_paused=is_paused)
            told = sorted(self._running | self._parked)
        else:
            (self._paused_sites.add if is_paused else self._paused_sites.discard)(site_id)
            told = [site_id] if site_id in self._running | self._parked else []
        for each in told:
            telling = asyncio.create_task(self._tell_of_pause(each))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    def _is_paused_at(self, site_id: UUID) -> bool:
        return self._tasks.is_paused or site_id in self._paused_sites

    async def _tell_of_pause(self, site_id: UUID) -> None:
        await workflow.wait_condition(lambda: site_id not in self._starting)
        news = PauseNews(is_paused=self._is_paused_at(site_id))
        workflow_id = site_workflow_id(self._order.decommission_id, site_id)
        # Not by the child's handle: a run before this one may have started it.
        site = workflow.get_external_workflow_handle(workflow_id)
        with suppress(FailureError):  # it has ended in the meantime
            await site.signal("pause_news", news)

    @workflow.update
    def retry_task(self, retry: Retry) -> None:
        """Run a parked task of the occupier itself again; only recorded histories hold this."""
        self._tasks.retry(retry)

    @retry_task.validator
    def _refuse_retry(self, retry: Retry) -> None:
        self._tasks.refuse_retry(retry)
