"""Events for tests of the audit."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from models.domain.audit import AuditAction, AuditEvent, Outcome


def an_event(
    *,
    actor: str = "system",
    action: AuditAction = AuditAction.TASK_PARKED,
    entity_kind: str = "task",
    entity_id: UUID | None = None,
    occupier_id: UUID | None = None,
    outcome: Outcome = Outcome.DONE,
    reason: str | None = None,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> AuditEvent:
    return AuditEvent(
        actor=actor,
        action=action,
        entity_kind=entity_kind,
        entity_id=entity_id or uuid4(),
        occupier_id=occupier_id,
        outcome=outcome,
        reason=reason,
        before=before,
        after=after,
    )
