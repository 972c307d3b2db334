"""Starts a decommission on behalf of a person who asked for it earlier and is not there now.

What the person may do is read again at this moment, and every check of a start is made again.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.stores.grants import GrantStore
from models.stores.starts import (
    BlockedError,
    NotActiveError,
    NotPermittedError,
    SecondPersonNeededError,
    StartRefusedError,
    StartRequest,
    StartStore,
)
from models.tables.operator import TeamMemberRow

LOST_RIGHTS = "requester_lost_rights"


@dataclass(frozen=True, slots=True)
class AbsentStart:
    """Which occupier, for whom, and what the audit names instead of a request."""

    occupier_id: UUID
    member_id: UUID | None  # None: the member was removed meanwhile
    requested_by: str
    request_id: str
    was: OccupierStatus = OccupierStatus.ACTIVE
    is_approved: bool = False  # by a second person, when it was asked for


@dataclass(frozen=True, slots=True)
class AbsentRefusal:
    """Why nothing was started: names of rules, nothing personal."""

    reasons: list[str]


class AbsentStartStore:
    """Starts inside the caller's transaction; a refusal has changed nothing."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def start(self, wanted: AbsentStart) -> UUID | AbsentRefusal:
        """The id of the decommission, or why there is none."""
        starts = StartStore(self._session)
        try:
            occupier = await starts.lock(wanted.occupier_id)
            grants = await self._grants(wanted.member_id)
            if grants is None:
                return AbsentRefusal([LOST_RIGHTS])
            started = await starts.start(
                StartRequest(
                    occupier_id=occupier.id,
                    name=occupier.name,  # confirmed when it was asked for
                    requested_by=wanted.requested_by,
                    request_id=wanted.request_id,
                    idempotency_key=wanted.request_id,
                    grants=grants,
                    was=wanted.was,
                    is_approved=wanted.is_approved,
                )
            )
        except StartRefusedError as refused:
            return AbsentRefusal(_reasons(refused))
        return started.decommission_id

    async def _grants(self, member_id: UUID | None) -> Grants | None:
        if member_id is None:
            return None
        member = await self._session.get(TeamMemberRow, member_id, populate_existing=True)
        if member is None:
            return None
        return await GrantStore(self._session).of(member.issuer, member.subject)


def _reasons(refused: StartRefusedError) -> list[str]:
    match refused:
        case NotPermittedError():
            return [LOST_RIGHTS]
        case BlockedError(blockers=blockers):
            return sorted({blocker.rule.value for blocker in blockers})
        case NotActiveError(status=status):
            return [f"occupier_{status.value}"]
        case SecondPersonNeededError():
            return ["second_person_needed"]
        case _:
            return ["start_refused"]
