"""Who did what; and the outbox, which carries accepted starts to the workflow engine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.audit import Outcome
from models.tables.base import Base, Created, closed_set


class AuditEventRow(Base):
    """One attempt with its actor; the database refuses to change or delete it.

    A trigger gives `id`, `at` and the hashes, whatever the writer says (docs/audit.md).
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_entity_kind_entity_id", "entity_kind", "entity_id"),
        Index("ix_audit_events_occupier_id_at_id", "occupier_id", "at", "id"),
        Index("ix_audit_events_actor_at_id", "actor", "at", "id"),
        Index("ix_audit_events_at_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[Created]
    actor: Mapped[str]
    request_id: Mapped[str | None]
    entity_kind: Mapped[str]
    entity_id: Mapped[UUID]
    action: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(
        closed_set(Outcome, "outcome"), server_default=Outcome.DONE
    )
    reason: Mapped[str | None]  # name of the problem with which it was refused
    occupier_id: Mapped[UUID | None]  # whom it concerns; no foreign key: a refusal may name nobody
    before: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxRow(Base):
    """A decommission whose workflow is to be started, a schedule or closure that is new or has
    changed, or a person's decision; written with the change itself.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("decommission_id"),
        CheckConstraint(
            "num_nonnulls(decommission_id, schedule_id, closure_id, decision_id) = 1",
            name="one_subject",
        ),
        Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
        Index(
            "ix_outbox_unsent_decisions",
            "attempts",
            "id",
            postgresql_where=text("sent_at IS NULL AND decision_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    decommission_id: Mapped[UUID | None]
    schedule_id: Mapped[UUID | None]
    closure_id: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
