"""How often somebody asked to start something irreversible, counted in the audit.

The audit is shared by all API processes and outlives them, so a limit over it is one limit.
"""

import math

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import AuditAction

RATED_ACTIONS = (
    AuditAction.OCCUPIER_DECOMMISSION,
    AuditAction.DECOMMISSION_APPROVE,
    AuditAction.SCHEDULE_CREATE,
    AuditAction.CLOSURE_CREATE,
)
"""Deeds that start runs, now or later; attempts at them count, also the refused ones."""

TOO_MANY = "too-many-starts"  # the reason of attempts that this limit refused: they do not count

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('starts of ' || :actor, 0))"
# The attempt that must be a minute old before there is room again.
_NTH_LATEST = """
SELECT extract(epoch FROM at + interval '1 minute' - clock_timestamp())
  FROM audit_events
 WHERE actor = :actor AND at > clock_timestamp() - interval '1 minute'
   AND action = ANY(:actions) AND reason IS DISTINCT FROM :too_many
 ORDER BY at DESC OFFSET :limit - 1 LIMIT 1
"""


class StartRateStore:
    """Counts inside the caller's transaction; attempts of one actor pass one after the other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wait_s(self, actor: str, per_minute: int) -> int | None:
        """Whole seconds until the actor may attempt again; `None` when now is fine."""
        await self._session.execute(text(_LOCK), {"actor": actor})
        seconds = await self._session.scalar(
            text(_NTH_LATEST),
            {
                "actor": actor,
                "actions": [action.value for action in RATED_ACTIONS],
                "too_many": TOO_MANY,
                "limit": per_minute,
            },
        )
        return None if seconds is None else max(1, math.ceil(seconds))
