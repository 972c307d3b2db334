"""The last look at both sides: what must be gone is gone, what must stay is as it was."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from itertools import chain, groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import unconfirmed
from activities.figures import resources_came_back
from activities.ports import Resource, Systems
from activities.progress import advance, halt_if_held
from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind, Presence, System
from models.stores.decommissions import DecommissionStore, SiteTask
from models.stores.holdings import HoldingStore
from models.stores.plans import FIRST, PlanItem, PlanStore
from models.stores.retentions import RetentionStore

PAGE = 500  # plan items per read of an outside system
SITES_AT_ONCE = 20


class VerifyActivities:
    """Reads everything once more before an occupier counts as decommissioned."""

    def __init__(self, sessions: Sessions, systems: Systems) -> None:
        self._sessions = sessions
        self._systems = systems

    @activity.defn(name=TaskKind.VERIFY_OCCUPIER)
    async def verify_occupier(self, order: TaskOrder) -> TaskReport:
        """Check every plan item outside, our own tables, and the digests; then finish.

        What has come back is reopened in the plan and reported as unconfirmed. A change of what
        must stay needs a person: nothing here can put it back.
        """
        checked, reappeared = await self._look_outside(order)
        if reappeared:
            async with self._sessions.begin() as session:
                await PlanStore(session).reopen(reappeared)
            raise unconfirmed(checked - len(reappeared), checked)
        async with self._sessions.begin() as session:
            await _look_inside(session, order)
            await PlanStore(session).confirm_gone(order.decommission_id)
            await PlanStore(session).forget_handles(order.decommission_id)
            await DecommissionStore(session).finish(order.decommission_id)
        return TaskReport(done=checked, total=checked)

    async def _look_outside(self, order: TaskOrder) -> tuple[int, list[UUID]]:
        """How many items the plan has, and which of them are still, or again, there.

        A site that could not be read fails the attempt only after all others have been looked at;
        what was read in this round is not read again, so that a shaky system cannot send a
        thousand sites back to the beginning.
        """
        async with self._sessions() as session:
            store = DecommissionStore(session)
            site_ids = await store.sites_to_verify(order.decommission_id, order.round)
            total = await PlanStore(session).count(order.decommission_id)
        gate = asyncio.Semaphore(SITES_AT_ONCE)
        left = len(site_ids)

        async def look_at(site_id: UUID) -> list[UUID]:
            nonlocal left
            async with gate:
                halt_if_held()
                found = await self._look_at_site(order, site_id)
            left -= 1
            await advance(total - total * left // len(site_ids), total)
            return found

        looks = await asyncio.gather(*map(look_at, site_ids), return_exceptions=True)
        for look in looks:
            if isinstance(look, BaseException):
                raise look
        return total, [item for look in looks if isinstance(look, list) for item in look]

    async def _look_at_site(self, order: TaskOrder, site_id: UUID) -> list[UUID]:
        async with self._sessions.single() as session:
            site = await DecommissionStore(session).site_task(order.decommission_id, site_id)
        found: list[UUID] = []
        async for items in self._pages(order, site_id):
            found += await self._still_held(site, items)
        if not found:
            async with self._sessions.single() as session:
                store = DecommissionStore(session)
                await store.mark_verified(order.decommission_id, site_id, order.round)
        return found

    async def _pages(self, order: TaskOrder, site_id: UUID) -> AsyncIterator[list[PlanItem]]:
        after = FIRST
        while True:
            async with self._sessions.single() as session:
                items = await PlanStore(session).of_site(
                    order.decommission_id, site_id, after=after, limit=PAGE
                )
            yield items
            if len(items) < PAGE:
                return
            after = items[-1].id

    async def _still_held(self, site: SiteTask, items: list[PlanItem]) -> list[UUID]:
        by_system = sorted(items, key=lambda item: item.kind.system)
        looks = [
            self._held_in(system, site, {Resource(item.kind, item.handle): item for item in group})
            for system, group in groupby(by_system, key=lambda item: item.kind.system)
        ]
        return list(chain.from_iterable(await asyncio.gather(*looks)))

    async def _held_in(
        self, system: System, site: SiteTask, wanted: Mapping[Resource, PlanItem]
    ) -> list[UUID]:
        seen = await self._systems[system].observe(site.site, list(wanted))
        held = [
            wanted[resource].id
            for resource, observation in seen.items()
            if observation.presence is not Presence.ABSENT
            and observation.owner in {None, site.owner}
        ]
        resources_came_back(system, len(held))
        return held


async def _look_inside(session: AsyncSession, order: TaskOrder) -> None:
    leftovers = await HoldingStore(session, order.decommission_id, order.occupier_id).leftovers()
    if leftovers:
        listed = ", ".join(f"{count} {kind}" for kind, count in leftovers.items())
        raise ApplicationError(
            f"Our own tables still hold {listed} of the occupier; run their tasks again.",
            type=FailureKind.UNCONFIRMED,
        )
    changed = await RetentionStore(session, order.decommission_id, order.occupier_id).take_after()
    if changed:
        raise ApplicationError(
            f"Records that must stay have changed: {', '.join(changed)}; compare with a backup.",
            type=FailureKind.NEEDS_HUMAN,
            non_retryable=True,
        )
