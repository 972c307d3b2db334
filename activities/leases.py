"""Ends the contracts and occupancies of a site: the last thing that happens there."""

from temporalio import activity

from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.orders import TaskOrder, TaskReport
from models.stores.holdings import HoldingStore


class LeaseActivities:
    """Leases are our own records; there is no outside system to ask."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn(name=TaskKind.END_LEASES)
    async def end_leases(self, order: TaskOrder) -> TaskReport:
        """End active contracts, discard upcoming ones, free the spaces (DE-01 to DE-03)."""
        if order.site_id is None:
            raise ValueError("leases are always of a site")
        async with self._sessions.begin() as session:
            holdings = HoldingStore(session, order.decommission_id, order.occupier_id)
            await holdings.end_leases(order.site_id)
        return TaskReport(done=0, total=0)
