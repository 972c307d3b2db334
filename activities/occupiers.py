"""What happens once per occupier: the plan, the scheduled services, the state, the sites."""

from temporalio import activity

from models.database import Sessions
from models.domain.decommission import DecommissionState, TaskKind
from models.domain.orders import (
    DecommissionRef,
    SitesPage,
    SitesRequest,
    TaskOrder,
    TaskReport,
)
from models.stores.decommissions import DecommissionStore
from models.stores.expectations import ExpectationStore
from models.stores.holdings import HoldingStore
from models.stores.plans import PlanStore
from models.stores.retentions import RetentionStore
from models.stores.suspects import SuspectStore


class OccupierActivities:
    """Steps on our own tables that concern the occupier as a whole."""

    def __init__(self, sessions: Sessions, stuck_floor_s: float) -> None:
        self._sessions = sessions
        self._stuck_floor_s = stuck_floor_s

    @activity.defn(name=TaskKind.PLAN)
    async def plan(self, order: TaskOrder) -> TaskReport:
        """Write down every resource to remove, and what must stay, before anything is removed."""
        async with self._sessions.begin() as session:
            resources = await PlanStore(session).write(order.decommission_id, order.occupier_id)
            await ExpectationStore(session).expect_of(
                order.decommission_id, resources, self._stuck_floor_s
            )
            retentions = RetentionStore(session, order.decommission_id, order.occupier_id)
            await retentions.take_before()
        return TaskReport(done=resources, total=resources)

    @activity.defn(name=TaskKind.DELETE_SCHEDULED)
    async def delete_scheduled(self, order: TaskOrder) -> TaskReport:
        """Delete services and quantity changes that would start in future (DE-09, DE-10)."""
        async with self._sessions.begin() as session:
            holdings = HoldingStore(session, order.decommission_id, order.occupier_id)
            await holdings.delete_scheduled()
        return TaskReport(done=0, total=0)

    @activity.defn
    async def list_sites(self, request: SitesRequest) -> SitesPage:
        """The next sites of the fan-out."""
        async with self._sessions.single() as session:
            site_ids = await DecommissionStore(session).sites_from(
                request.decommission_id, request.from_ordinal, request.limit
            )
            suspects = SuspectStore(session, self._stuck_floor_s)
            watch_after_s = await suspects.smallest_threshold_s(request.decommission_id)
        return SitesPage(site_ids=tuple(site_ids), watch_after_s=watch_after_s)

    @activity.defn
    async def mark_partial(self, ref: DecommissionRef) -> None:
        """All that could be done is done, and something waits for support (DX-09)."""
        await self._mark(ref, DecommissionState.PARTIAL)

    @activity.defn
    async def mark_pending(self, ref: DecommissionRef) -> None:
        """Support has set a parked task going again."""
        await self._mark(ref, DecommissionState.PENDING)

    async def _mark(self, ref: DecommissionRef, state: DecommissionState) -> None:
        async with self._sessions.begin() as session:
            await DecommissionStore(session).mark(ref.decommission_id, state)
