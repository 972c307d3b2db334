"""Brings numbers back to their site's pool when their cooling-off is over (DE-27, DE-28)."""

from temporalio import activity

from models.database import Sessions
from models.domain.orders import CoolingOffReport, DecommissionRef
from models.stores.decommissions import DecommissionStore

LOOK_AGAIN_S = 86_400.0  # while a telephony task is parked, more numbers may come


class NumberActivities:
    """The database's clock decides what is due, so a worker's wrong clock frees nothing early."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @activity.defn
    async def release_numbers(self, ref: DecommissionRef) -> CoolingOffReport:
        """Release what is due; says when to look again."""
        async with self._sessions.begin() as session:
            store = DecommissionStore(session)
            released = await store.release_numbers(ref.decommission_id)
            next_wait = await store.seconds_to_next_release(ref.decommission_id)
            if next_wait is None and await store.may_still_cool_numbers(ref.decommission_id):
                next_wait = LOOK_AGAIN_S
        return CoolingOffReport(released=released, next_wait_s=next_wait)
