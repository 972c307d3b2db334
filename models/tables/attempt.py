"""Attempts of tasks that came to nothing, the newest of each task."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.outside import FailureKind, System
from models.tables.base import Base, Created, closed_set


class TaskAttemptRow(Base):
    """A failed attempt; one that succeeds is told by the task itself."""

    __tablename__ = "task_attempts"
    __table_args__ = (
        Index("ix_task_attempts_task_id_id", "task_id", "id"),
        Index("ix_task_attempts_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    round: Mapped[int]
    attempt: Mapped[int]  # as the engine counts: each portion of a task begins with 1
    started_at: Mapped[datetime]
    ended_at: Mapped[Created]
    failure: Mapped[FailureKind] = mapped_column(closed_set(FailureKind, "failure"))
    system: Mapped[System | None] = mapped_column(closed_set(System, "system"))  # null: our fault
    message: Mapped[str]  # for support; never a handle, a name or a reply body
    done: Mapped[int]
    total: Mapped[int]
    worker: Mapped[str]  # process and host
    code_version: Mapped[str]
