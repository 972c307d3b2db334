"""Who asks, with what they may do at this moment: read in the transaction of the action."""

from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api.identity.identity import Identity
from api.problems import Problem
from models.domain.permission import Grants
from models.stores.grants import GrantStore


class NotAMember(Problem):
    """You are logged in, but nobody gave you access here; ask your operator's super admin."""

    status = 403


class NotPermitted(Problem):
    """You may see this, but not do that; the detail says who may."""

    status = 403


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Records name the actor, an id of ours, never a person's name."""

    identity: Identity
    grants: Grants

    @property
    def actor(self) -> str:
        """As the audit names it."""
        return self.grants.actor


async def identify(session: AsyncSession, identity: Identity) -> Caller:
    """The caller within this transaction; raises `NotAMember`."""
    grants = await GrantStore(session).of(identity.issuer, identity.subject)
    if grants is None:
        raise NotAMember
    structlog.contextvars.bind_contextvars(caller=grants.actor)
    return Caller(identity, grants)
