"""Looks at decommissions that wait for their time, and starts the one that is due."""

import structlog
from temporalio import activity

from models.database import Sessions
from models.domain.orders import ScheduleOrder, ScheduleReport
from models.stores.due_schedules import DueScheduleStore

log = structlog.get_logger()


class ScheduleActivities:
    """The database's clock decides what is due, so a worker's wrong clock starts nothing early."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def look_at_schedule(self, order: ScheduleOrder) -> ScheduleReport:
        """Start it when it is due, or note why not; says when to look again."""
        async with self._sessions.begin() as session:
            report = await DueScheduleStore(session).look(order.schedule_id)
        log.info("schedule.looked_at", schedule_id=str(order.schedule_id), is_open=report.is_open)
        return report
