"""Places and releases holds, with their cases and audit events, inside the caller's transaction.

It only says what is held: `HeldTaskStore` lets tasks wait, `ReleasedTaskStore` lets them go on.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import AuditAction, AuditEvent
from models.domain.cause import Cause
from models.domain.hold import HoldOrigin
from models.domain.outside import FailureKind, System
from models.stores.audit import AuditStore
from models.stores.cause_cases import CauseCaseStore

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('hold/' || :system, 0))")

_FIND = text("""
SELECT id, origin FROM holds
 WHERE released_at IS NULL AND system = :system
   AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid)
""")

# A hold takes over what the breaker holds at the same place, or at places within it.
_WITHIN = text("""
SELECT id FROM holds
 WHERE released_at IS NULL AND system = :system AND origin = 'breaker'
   AND (CAST(:site_id AS uuid) IS NULL OR site_id = :site_id) ORDER BY id
""")

_PLACE = text("""
INSERT INTO holds (id, system, site_id, origin, failure, placed_by, case_id, probe_at)
VALUES (:id, :system, :site_id, :origin, :failure, :placed_by, :case_id,
        now() + make_interval(secs => CAST(:probe_in_s AS double precision)))
""")

_OPERATOR = text("SELECT operator_id FROM sites WHERE id = :site_id")

_RELEASE = text("""
UPDATE holds SET released_at = now(), released_by = :released_by, probe_at = NULL,
       probe_task_id = NULL
 WHERE id = :id AND released_at IS NULL RETURNING system, site_id, case_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """A system that is to be held, everywhere or at a site, and who says so."""

    system: System
    site_id: UUID | None
    placed_by: str
    failure: FailureKind | None = None  # what made the breaker open
    probe_in_s: float | None = None  # when the breaker lets the first task through
    request_id: str | None = None

    @property
    def origin(self) -> HoldOrigin:
        """A person places a hold without looking whether it could be released."""
        return HoldOrigin.BY_HAND if self.probe_in_s is None else HoldOrigin.BREAKER

    @property
    def _trouble(self) -> FailureKind:
        return self.failure or FailureKind.NEEDS_HUMAN

    def cause(self, operator_id: UUID | None) -> Cause:
        """Why tasks wait for it."""
        return Cause(self.system, self.site_id, operator_id, self._trouble, is_held=True)


class HoldStore:
    """One open hold per system and place, with one case."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, system: System) -> None:
        """Until the commit nobody else counts failures of the system, or holds it."""
        await self._session.execute(_LOCK, {"system": system.value})

    async def place(self, new: NewHold) -> tuple[UUID, bool]:
        """The open hold of this place, and whether it is a new one.

        A breaker's is taken over by a person's, and those at sites by one everywhere: their tasks
        then wait for this one.
        """
        await self.lock(new.system)
        place = {"system": new.system.value, "site_id": new.site_id}
        found = (await self._session.execute(_FIND, place)).one_or_none()
        if found is not None and found.origin in {new.origin, HoldOrigin.BY_HAND}:
            return found.id, False
        for narrower in (await self._session.scalars(_WITHIN, place)).all():
            await self.release(narrower, new.placed_by, new.request_id)
        return await self._place(new), True

    async def release(self, hold_id: UUID, released_by: str, request_id: str | None = None) -> bool:
        """Let the system be asked again; whether it was held. The sweeper tells the tasks.

        The case is resolved when the last of them is done.
        """
        keys = {"id": hold_id, "released_by": released_by}
        row = (await self._session.execute(_RELEASE, keys)).one_or_none()
        if row is None:
            return False
        if row.case_id is not None:
            await CauseCaseStore(self._session).resolve_when_empty(row.case_id)
        after = _place_of(row.system, row.site_id)
        await self._audit(AuditAction.HOLD_RELEASE, hold_id, released_by, request_id, after)
        return True

    async def _place(self, new: NewHold) -> UUID:
        operator_id = (
            None
            if new.site_id is None
            else await self._session.scalar(_OPERATOR, {"site_id": new.site_id})
        )
        case_id = await CauseCaseStore(self._session).case_of(new.cause(operator_id))
        hold_id = uuid4()
        await self._session.execute(
            _PLACE,
            {
                "id": hold_id,
                "system": new.system.value,
                "site_id": new.site_id,
                "origin": new.origin.value,
                "failure": new.failure and new.failure.value,
                "placed_by": new.placed_by,
                "case_id": case_id,
                "probe_in_s": new.probe_in_s,
            },
        )
        after = _place_of(new.system, new.site_id) | {
            "origin": new.origin.value,
            "case_id": str(case_id),
        }
        await self._audit(AuditAction.HOLD_PLACE, hold_id, new.placed_by, new.request_id, after)
        return hold_id

    async def _audit(
        self,
        action: AuditAction,
        hold_id: UUID,
        actor: str,
        request_id: str | None,
        after: dict[str, str],
    ) -> None:
        event = AuditEvent(
            actor=actor,
            action=action,
            entity_kind="hold",
            entity_id=hold_id,
            request_id=request_id,
            after=after,
        )
        await AuditStore(self._session).record(event)


def _place_of(system: str, site_id: UUID | None) -> dict[str, str]:
    place = {"system": str(system)}
    return place if site_id is None else place | {"site_id": str(site_id)}
