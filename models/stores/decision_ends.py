"""How decisions reach their workflow, and what became of them; for the relay and the activities."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction, AuditEvent
from models.domain.decision import DecisionAction, Taken
from models.domain.orders import DecisionOrder
from models.stores.audit import AuditStore

# What could not be carried lately comes last, so that it holds up no other; and nothing goes out
# before the start of its decommission has. Decisions that waited for both are not lost by that.
_CLAIM = text("""
SELECT outbox.id AS outbox_id, decisions.id AS decision_id, decisions.action,
       decisions.decommission_id, decisions.site_id, tasks.kind, decisions.round
  FROM outbox JOIN decisions ON decisions.id = outbox.decision_id
  LEFT JOIN tasks ON tasks.id = decisions.task_id
 WHERE outbox.sent_at IS NULL AND NOT EXISTS (
       SELECT FROM outbox AS start
        WHERE start.decommission_id = decisions.decommission_id AND start.sent_at IS NULL)
 ORDER BY outbox.attempts, outbox.id LIMIT 1 FOR UPDATE OF outbox SKIP LOCKED
""")

_END = text("""
UPDATE decisions SET state = :state, refused_because = :because, ended_at = now()
  FROM decommissions
 WHERE decisions.id = :id AND decisions.state = 'accepted'
   AND decommissions.id = decisions.decommission_id
RETURNING decisions.action, decommissions.occupier_id
""")

# Attempts count from one again; what a late writer says of the old ones is then in the past.
_REWIND = text("""
UPDATE tasks SET attempt = 0 FROM decisions
 WHERE decisions.id = :id AND tasks.id = decisions.task_id
   AND tasks.round = decisions.round AND tasks.state = 'pending'
""")

_PAUSE_WHOLE = text("""
UPDATE decommissions SET paused_at = CASE WHEN :pause THEN coalesce(paused_at, now()) END
 WHERE id = :decommission_id
""")

_PAUSE_SITE = text("""
UPDATE decommission_sites SET paused_at = CASE WHEN :pause THEN coalesce(paused_at, now()) END
 WHERE decommission_id = :decommission_id AND site_id = :site_id
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message of the outbox with the decision that it carries."""

    outbox_id: int
    order: DecisionOrder


class DecisionEndStore:
    """Moves decisions to their end inside the caller's transaction; repeating it is harmless."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self) -> Claimed | None:
        """The next decision to carry, locked until the commit; `None` when none waits."""
        row = (await self._session.execute(_CLAIM)).mappings().one_or_none()
        if row is None:
            return None
        known = {name: value for name, value in row.items() if name != "outbox_id"}
        return Claimed(row["outbox_id"], DecisionOrder.model_validate(known))

    async def taken(self, order: DecisionOrder, how: Taken) -> None:
        """The engine has it; by-hand work and waivers end only when their activity says so."""
        match order.action:
            case DecisionAction.RETRY:
                if how is Taken.AS_RESET:
                    await self._session.execute(_REWIND, {"id": order.decision_id})
            case DecisionAction.PAUSE | DecisionAction.RESUME:
                await self._mark_paused(order)
            case DecisionAction.COMPLETE_BY_HAND | DecisionAction.WAIVE:
                return
        await self.carried_out(order.decision_id)

    async def carried_out(self, decision_id: UUID) -> None:
        """It has had its effect."""
        await self._end(decision_id, "carried_out", None, AuditAction.DECISION_CARRIED_OUT)

    async def refused(self, decision_id: UUID, because: str) -> None:
        """It has no effect; `because` is a `DecisionRefusal` or a `FailureKind`."""
        await self._end(decision_id, "refused", because, AuditAction.DECISION_REFUSED)

    async def _end(
        self, decision_id: UUID, state: str, because: str | None, action: AuditAction
    ) -> None:
        keys = {"id": decision_id, "state": state, "because": because}
        row = (await self._session.execute(_END, keys)).one_or_none()
        if row is None:
            return  # it had ended before
        after = {"action": str(row.action), "state": state}
        await AuditStore(self._session).record(
            AuditEvent(
                actor=SYSTEM,
                action=action,
                entity_kind="decision",
                entity_id=decision_id,
                occupier_id=row.occupier_id,
                after=after | ({"because": because} if because else {}),
            )
        )

    async def _mark_paused(self, order: DecisionOrder) -> None:
        keys = {
            "pause": order.action is DecisionAction.PAUSE,
            "decommission_id": order.decommission_id,
        }
        if order.site_id is None:
            await self._session.execute(_PAUSE_WHOLE, keys)
        else:
            await self._session.execute(_PAUSE_SITE, keys | {"site_id": order.site_id})
