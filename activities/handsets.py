"""Serves what people ask of handsets, with the telephony system: look, act, look again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

from temporalio import activity

from activities.failures import refusal, unconfirmed
from activities.ports import Order, Resource, RetireRequest, Systems
from models.database import Sessions
from models.domain.handset import HeldLogin
from models.domain.orders import HandsetFailure, HandsetOrder
from models.domain.outside import Presence, ResourceKind, System
from models.stores.handset_requests import HandsetRequestStore


class HandsetActivities:
    """Our rows of logins follow the telephony system, never the other way round."""

    def __init__(self, sessions: Sessions, systems: Systems) -> None:
        self._sessions = sessions
        self._telephony = systems[System.TELEPHONY]

    @activity.defn
    async def serve_handset_request(self, order: HandsetOrder) -> int:
        """Delete the logins that a fresh read shows gone; returns how many these are."""
        async with self._sessions() as session:
            store = HandsetRequestStore(session)
            request = await store.find(order.request_id)
            if request is None or request.finished_at:
                return 0
            held = await store.held(request)
        if request.login_id:
            await self._log_out(order.request_id, held)
        gone = await self._gone(held)
        if request.login_id and len(gone) < len(held):
            raise unconfirmed(len(gone), len(held))
        async with self._sessions.begin() as session:
            await HandsetRequestStore(session).finish(order.request_id, gone)
        return len(gone)

    @activity.defn
    async def give_up_handset_request(self, failure: HandsetFailure) -> None:
        """Note why it could not be served; whoever asked may ask again."""
        async with self._sessions.begin() as session:
            await HandsetRequestStore(session).finish(failure.request_id, [], failure.failure)

    async def _log_out(self, request_id: UUID, held: Sequence[HeldLogin]) -> None:
        gone = set(await self._gone(held))
        for login in held:
            if login.id not in gone:
                order = Order(_resource(login), key=f"handset-request/{request_id}")
                refused = await self._telephony.retire(
                    RetireRequest(login.site, login.owner, datetime.now(UTC), [order])
                )
                if refused:
                    raise refusal(refused.values(), 1, System.TELEPHONY)

    async def _gone(self, held: Sequence[HeldLogin]) -> list[UUID]:
        """Those that the system has no more, or for another owner."""
        gone: list[UUID] = []
        for site, group in groupby(held, key=lambda login: login.site):
            logins = {_resource(login): login for login in group}
            seen = await self._telephony.observe(site, list(logins))
            gone += [
                logins[resource].id
                for resource, observation in seen.items()
                if observation.presence is Presence.ABSENT
                or observation.owner not in {None, logins[resource].owner}
            ]
        return gone


def _resource(login: HeldLogin) -> Resource:
    return Resource(ResourceKind.HANDSET_LOGIN, login.number)
