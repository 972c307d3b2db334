"""Writes what was attempted and how it ended; ids and states only, nothing personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import Outcome
from models.tables.audit import AuditEventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One attempt to change something, with who and how it ended."""

    actor: str
    action: str  # for example `occupier.decommission_started`
    entity_kind: str
    entity_id: UUID
    request_id: str | None = None
    outcome: Outcome = Outcome.DONE
    reason: str | None = None  # the problem's stable name; for refusals
    before: Mapping[str, str] | None = None
    after: Mapping[str, str] | None = None


class AuditStore:
    """Writes inside the caller's transaction, as its last statement: the chain is one queue."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, event: AuditEvent) -> None:
        """Add the event; nobody can change or delete it afterwards."""
        await self._session.execute(
            insert(AuditEventRow).values(
                actor=event.actor,
                request_id=event.request_id,
                entity_kind=event.entity_kind,
                entity_id=event.entity_id,
                action=event.action,
                outcome=event.outcome,
                reason=event.reason,
                before=event.before,
                after=event.after,
            )
        )
