"""What goes to an outside support desk, and what came from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.desk import AnswerRefusal, DeskAnswer, News, TellFailure
from models.tables.base import Base, Created, Key, closed_set


class DeskRow(Base):
    """Whether there is an outside desk; the sweeper writes it, the triggers read it."""

    __tablename__ = "desks"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, server_default="1", autoincrement=False)
    is_on: Mapped[bool]
    switched_at: Mapped[Created]


class DeskCaseRow(Base):
    """How far a case was told, and how far the desk has answered."""

    __tablename__ = "desk_cases"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    told: Mapped[int] = mapped_column(server_default="0")  # sequence of the last numbered message
    heard: Mapped[int] = mapped_column(server_default="0")  # sequence of the last answer


class DeskMessageRow(Base):
    """A change of a case, written with it; numbered and put into words when it is first sent."""

    __tablename__ = "desk_messages"
    __table_args__ = (
        Unique("position"),
        Unique("case_id", "sequence"),
        CheckConstraint("(sequence IS NULL) = (payload IS NULL)", name="worded_when_numbered"),
        CheckConstraint("delivered_at IS NULL OR dead_at IS NULL", name="not_dead_and_delivered"),
        Index(
            "ix_desk_messages_pending",
            "case_id",
            "position",
            postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL"),
        ),
        Index("ix_desk_messages_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
        Index("ix_desk_messages_created_at_id", "created_at", "id"),
    )

    id: Mapped[Key]  # also the webhook-id
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int | None]  # per case, from 1, without gaps
    kind: Mapped[News] = mapped_column(closed_set(News, "kind"))
    subject: Mapped[str | None]  # id of the comment, attachment, status, task or answer
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # Any: JSON
    created_at: Mapped[Created]
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[Created]
    busy_until: Mapped[datetime | None]  # a sender has it; after that time it is thought dead
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[TellFailure | None] = mapped_column(closed_set(TellFailure, "last_error"))
    last_status: Mapped[int | None]  # of HTTP


class DeskAnswerRow(Base):
    """An answer of the desk, by its webhook-id: the same again does nothing again."""

    __tablename__ = "desk_answers"
    __table_args__ = (
        Unique("case_id", "sequence"),
        CheckConstraint("length(id) BETWEEN 1 AND 200", name="id_bounded"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]  # the desk's, per case, from 1, without gaps
    kind: Mapped[DeskAnswer] = mapped_column(closed_set(DeskAnswer, "kind"))
    refused_because: Mapped[AnswerRefusal | None] = mapped_column(
        closed_set(AnswerRefusal, "refused_because")
    )
    received_at: Mapped[Created]
