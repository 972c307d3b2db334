"""Takes what an occupier holds out of service in the outside systems: act, then confirm.

For each batch: read what is there (is it still ours?), ask for its removal, read again, and only
then keep the verdict and give up our own rows, in one transaction. The plan rows are the cursor,
so a repeat touches only what no fresh read has shown gone yet.
"""

from temporalio import activity

from activities.failures import still_there, unconfirmed
from activities.ports import Systems
from activities.progress import advance
from activities.retire_batch import RetireBatch
from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.orders import TaskMode, TaskOrder, TaskReport
from models.stores.plans import FIRST

PORTION = 5_000  # items per activity; then the workflow asks for the next portion


class RetireActivities:
    """The seven tasks of a site that empty an outside system."""

    def __init__(self, sessions: Sessions, systems: Systems) -> None:
        self._sessions = sessions
        self._systems = systems

    @activity.defn(name=TaskKind.LOGOUT_HANDSETS)
    async def logout_handsets(self, order: TaskOrder) -> TaskReport:
        """End the handset logins that can be ended remotely (DR-04)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.TELEPHONY)
    async def telephony(self, order: TaskOrder) -> TaskReport:
        """Take every number out of service and let it cool off (DE-24 to DE-29)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.PORTS)
    async def ports(self, order: TaskOrder) -> TaskReport:
        """Deallocate switch and floor ports (DS-08)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.USERS)
    async def users(self, order: TaskOrder) -> TaskReport:
        """Close Wi-Fi and user accounts and delete the users (DE-14 to DE-20)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.WIFI_DEVICES)
    async def wifi_devices(self, order: TaskOrder) -> TaskReport:
        """Delete the shared Wi-Fi devices (DE-21 to DE-23)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.STOP_SERVICES)
    async def stop_services(self, order: TaskOrder) -> TaskReport:
        """Stop charges at the effective time and set services inactive (DE-07, DE-08)."""
        return await self._take_out(order)

    @activity.defn(name=TaskKind.NETWORK)
    async def network(self, order: TaskOrder) -> TaskReport:
        """Deprovision the occupier's network (DE-35)."""
        return await self._take_out(order)

    async def _take_out(self, order: TaskOrder) -> TaskReport:
        batch = RetireBatch(self._sessions, self._systems, order)
        report = await batch.open()
        after = FIRST
        seen = 0
        # Once something was refused the attempt fails at its end, so the rest is done before that.
        while (
            report.remaining
            and (seen < PORTION or batch.found_undone)
            and (items := await batch.next_items(after))
        ):
            report = await batch.retire(items)
            await advance(report.done, report.total)
            after = items[-1].id
            seen += len(items)
        if refusal := batch.refusal():
            raise refusal
        if batch.found_undone:
            by_hand = order.mode is TaskMode.CONFIRM
            raise (still_there if by_hand else unconfirmed)(report.done, report.total)
        if not report.remaining:
            await batch.conclude()
        return report
