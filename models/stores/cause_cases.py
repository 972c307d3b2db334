"""Opens, reopens and resolves the one case of a cause, inside the caller's transaction.

While a case is open, more tasks join it; a case that was resolved not long ago is opened again
instead of a new one. A lock per cause keeps two from opening.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM
from models.domain.cause import Cause

RELAPSE_DAYS = 14  # as long as a comment may open a case again (reference 14)

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:cause, 0))")

_FIND = text("""
SELECT id, status IN ('resolved') FROM cases
 WHERE cause = :cause AND (status NOT IN ('resolved', 'closed')
       OR status = 'resolved' AND resolved_at > now() - make_interval(days => :days))
 ORDER BY status IN ('resolved'), resolved_at DESC LIMIT 1 FOR NO KEY UPDATE
""")

_OPEN = text("""
INSERT INTO cases (operator_id, site_id, occupier_id, decommission_id, subject, description,
                   category, priority, origin, requested_by, cause)
VALUES (:operator_id, :site_id, :occupier_id, :decommission_id, :subject, :description,
        'technical', 'p2', 'automatic', :actor, :cause) RETURNING id
""")

_REOPEN = text("""
UPDATE cases SET status = 'in_progress', resolved_at = NULL, updated_at = now(),
       times_reopened = times_reopened + 1 WHERE id = :case_id
""")

# Whoever looks whether it is empty looks alone: of two last tasks that leave at once, each would
# see the other one's row. Also kept by who has found it open, until his task is in it.
_KEEP = text("SELECT FROM cases WHERE id = :case_id FOR NO KEY UPDATE")

# The case of a hold stays open as long as the hold, also while no task has met it.
_RESOLVE = text("""
UPDATE cases SET status = 'resolved', resolved_at = now(), updated_at = now()
 WHERE id = :case_id AND origin = 'automatic' AND status NOT IN ('resolved', 'closed')
   AND NOT EXISTS (SELECT FROM case_tasks WHERE case_id = :case_id AND left_at IS NULL)
   AND NOT EXISTS (SELECT FROM holds WHERE holds.case_id = :case_id AND released_at IS NULL)
""")


class CauseCaseStore:
    """One open case per cause."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def case_of(
        self,
        cause: Cause,
        *,
        occupier_id: UUID | None = None,
        decommission_id: UUID | None = None,
    ) -> UUID:
        """The open case of the cause; opened, or opened again, if need be.

        The occupier and the decommission are those whose task came first.
        """
        await self._session.execute(_LOCK, {"cause": cause.key})
        keys = {"cause": cause.key, "days": RELAPSE_DAYS}
        found = (await self._session.execute(_FIND, keys)).one_or_none()
        if found is None:
            return await self._open(cause, occupier_id, decommission_id)
        case_id: UUID = found[0]
        if found[1]:
            await self._session.execute(_REOPEN, {"case_id": case_id})
        return case_id

    async def resolve_when_empty(self, case_id: UUID) -> None:
        """Resolve a case that opened by itself once it has no task left."""
        await self._session.execute(_KEEP, {"case_id": case_id})
        await self._session.execute(_RESOLVE, {"case_id": case_id})

    async def _open(
        self, cause: Cause, occupier_id: UUID | None, decommission_id: UUID | None
    ) -> UUID:
        case_id: UUID = await self._session.scalar(
            _OPEN,
            {
                "operator_id": cause.operator_id,
                "site_id": cause.site_id,
                "occupier_id": occupier_id,
                "decommission_id": decommission_id,
                "subject": cause.subject,
                "description": cause.description,
                "actor": SYSTEM,
                "cause": cause.key,
            },
        )
        return case_id
