"""The look of a site's watchdog: the rule of the sweeper, for when the sweeper is dead."""

from collections.abc import Sequence

import structlog
from temporalio import activity

from models.database import Sessions
from models.domain.orders import WatchOrder, WatchReport
from models.stores.stuck_tasks import StuckTaskStore, Verdict
from models.stores.suspects import Suspect, SuspectStore

log = structlog.get_logger()

DOUBLINGS = 6  # while all wait, the looks get rarer by up to 64 times


class WatchActivities:
    """It cannot ask the engine, so a task that is overdue hangs or retries, as its row says."""

    def __init__(self, sessions: Sessions, floor_s: float) -> None:
        self._sessions = sessions
        self._floor_s = floor_s

    @activity.defn
    async def watch_site(self, order: WatchOrder) -> WatchReport:
        """Mark what is stuck at the site; says what is, and when to look again."""
        run = order.decommission_id, order.site_id
        async with self._sessions() as session:
            tasks = await SuspectStore(session, self._floor_s).of_runs([run])
        for task in tasks:
            if task.is_overdue:
                await self._mark(task)
        async with self._sessions.single() as session:
            stuck = sorted(await StuckTaskStore(session).stuck(run))
        return WatchReport(stuck=tuple(stuck), look_again_s=self._next_s(tasks, order.looks))

    async def _mark(self, task: Suspect) -> None:
        verdict = Verdict.by_row(task)
        async with self._sessions.begin() as session:
            if await StuckTaskStore(session).mark(task, verdict):
                log.warning("task.stuck", task_id=str(task.id), because=verdict.because)

    def _next_s(self, tasks: Sequence[Suspect], looks: int) -> float:
        """When the next one can be overdue at the earliest."""
        left = [task.threshold_s - task.active_s for task in tasks if not task.is_overdue]
        next_s = max(min(left, default=self._floor_s), self._floor_s / 2)
        if any(task.is_active for task in tasks):
            return next_s
        return float(next_s * 2 ** min(looks, DOUBLINGS))
