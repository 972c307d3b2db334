"""Who did what; and the outbox, which carries accepted starts to the workflow engine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.audit import Outcome
from models.tables.base import Base, Created, closed_set


class AuditEventRow(Base):
    """One state change with its actor; the database refuses to change or delete it."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_entity_kind_entity_id", "entity_kind", "entity_id"),)

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
    before: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, str] | None] = mapped_column(JSONB)


class OutboxRow(Base):
    """A decommission whose workflow is to be started; written with the start itself."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("decommission_id"),
        Index("ix_outbox_unsent", "id", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    decommission_id: Mapped[UUID]
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
