"""The way of every unsafe request: one transaction, done once, and audited also when refused.

A route describes its deed and gives a function that does it with a session and the caller:
`return await change.once(Deed(...), act)`. A repeat under the same Idempotency-Key is answered
with the first reply, byte for byte, and does nothing.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import RequestIdDep, SessionsDep, SettingsDep
from api.edit_lock import edits
from api.identity.bearer import IdentityDep
from api.identity.caller import Caller, identify
from api.identity.identity import Identity
from api.problems import Problem
from api.start_rate import admit
from models.database import Sessions
from models.domain.audit import AuditAction, AuditEvent, Outcome
from models.stores.audit import AuditStore
from models.stores.requests import KeptReply, RequestStore


class IdempotencyKeyMissing(Problem):
    """Send an `Idempotency-Key` header, for example a UUID; a repeat with it does nothing twice."""

    status = 400


class IdempotencyKeyReused(Problem):
    """This `Idempotency-Key` was used for another request; take a new one."""

    status = 422


@dataclass(frozen=True, slots=True)
class Deed:
    """What is attempted, as the audit tells it."""

    action: AuditAction
    entity_kind: str
    entity_id: UUID
    is_kept: bool = False  # whether the reply is kept for good, not for 30 days


@dataclass(frozen=True, slots=True)
class Reply:
    """What a deed answers."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Act = Callable[[AsyncSession, Caller], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Change:
    """One unsafe request."""

    sessions: Sessions
    identity: Identity
    request_id: str
    key: str
    digest: str
    starts_per_minute: int

    async def once(self, deed: Deed, act: Act) -> Response:
        """Do it, or answer as the first time; a refusal changes nothing but the audit."""
        callers: list[Caller] = []
        try:
            with edits():
                return await self._attempt(deed, act, callers)
        except Problem as problem:
            if callers and problem.status < 500:
                await self._audit_refusal(callers[0], deed, problem)
            raise

    async def _attempt(self, deed: Deed, act: Act, callers: list[Caller]) -> Response:
        """Do it in one transaction; who asked is noted in `callers`, for a refusal needs it."""
        async with self.sessions.begin() as session:
            caller = await identify(session, self.identity)
            callers.append(caller)
            return await self._once(session, caller, deed, act)

    async def _once(self, session: AsyncSession, caller: Caller, deed: Deed, act: Act) -> Response:
        requests = RequestStore(session)
        if earlier := await requests.claim(caller.actor, self.key, self.digest):
            if earlier.digest != self.digest:
                raise IdempotencyKeyReused
            return _response(earlier, replayed=True)
        await admit(session, caller, deed.action, self.starts_per_minute)
        done = await act(session, caller)
        reply = KeptReply(
            self.digest, done.status, dict(done.headers), done.body.model_dump_json().encode()
        )
        await requests.keep(caller.actor, self.key, reply, for_good=deed.is_kept)
        if not AuditStore(session).has_recorded:  # with no more to tell than that it was done
            await AuditStore(session).record(self._event(caller, deed))
        return _response(reply, replayed=False)

    async def _audit_refusal(self, caller: Caller, deed: Deed, problem: Problem) -> None:
        async with self.sessions.begin() as session:
            await identify(session, self.identity)
            await AuditStore(session).record(self._event(caller, deed, problem))

    def _event(self, caller: Caller, deed: Deed, problem: Problem | None = None) -> AuditEvent:
        return AuditEvent(
            actor=caller.actor,
            request_id=self.request_id,
            action=deed.action,
            entity_kind=deed.entity_kind,
            entity_id=deed.entity_id,
            outcome=Outcome.REFUSED if problem else Outcome.DONE,
            reason=problem.name() if problem else None,
        )


def _response(reply: KeptReply, *, replayed: bool) -> Response:
    headers = dict(reply.headers)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        reply.body, status_code=reply.status, headers=headers, media_type="application/json"
    )


async def get_change(
    request: Request,
    sessions: SessionsDep,
    identity: IdentityDep,
    request_id: RequestIdDep,
    settings: SettingsDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Any text of your choice; the same again gets the same reply.",
        ),
    ] = None,
) -> Change:
    """The unsafe request that is being served."""
    if idempotency_key is None:
        raise IdempotencyKeyMissing
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    digest = hashlib.sha256(told).hexdigest()
    return Change(
        sessions, identity, request_id, idempotency_key, digest, settings.starts_per_minute
    )


ChangeDep = Annotated[Change, Depends(get_change)]
