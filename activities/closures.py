"""Moves the closing of a site on: settles what ended, and starts what may start."""

import structlog
from temporalio import activity

from models.database import Sessions
from models.domain.orders import ClosureOrder, ClosureReport
from models.stores.closures import ClosureStore

log = structlog.get_logger()


class ClosureActivities:
    """Each start is a transaction of its own, so that one refusal or death undoes no other."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def advance_closure(self, order: ClosureOrder) -> ClosureReport:
        """Start as many as may run at once; says how far the closure is."""
        while True:
            async with self._sessions.begin() as session:
                store = ClosureStore(session)
                if not await store.start_next(order.closure_id):
                    report = await store.report(order.closure_id)
                    break
        log.info(
            "closure.advanced",
            closure_id=str(order.closure_id),
            waiting=report.waiting,
            running=report.running,
        )
        return report
