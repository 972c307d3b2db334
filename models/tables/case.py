"""Support cases with their comments, attachments, history and tasks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.case import CaseCategory, CaseOrigin, CasePriority, CaseStatus
from models.tables.base import Base, Created, Key, closed_set


class CaseRow(Base):
    """A ticket with the provider's support."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_cases_site_id_status", "site_id", "status"),
        Index("ix_cases_occupier_id", "occupier_id"),
        Index("ix_cases_status_created_at", "status", "created_at"),
        Index(
            "uq_cases_open_cause",
            "cause",
            unique=True,
            postgresql_where=text("status NOT IN ('resolved', 'closed')"),
        ),
        Index("ix_cases_created_at_id", "created_at", "id"),
        Index("ix_cases_decommission_id", "decommission_id"),
        CheckConstraint("length(subject) BETWEEN 1 AND 200", name="subject_bounded"),
        CheckConstraint("length(description) <= 10000", name="description_bounded"),
        CheckConstraint("length(external_reference) <= 100", name="external_reference_bounded"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(Identity())
    operator_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("operators.id")
    )  # null: everybody's
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    occupier_id: Mapped[UUID | None] = mapped_column(ForeignKey("occupiers.id"))
    decommission_id: Mapped[UUID | None] = mapped_column(ForeignKey("decommissions.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("services.id"))
    subject: Mapped[str]
    description: Mapped[str]
    category: Mapped[CaseCategory] = mapped_column(closed_set(CaseCategory, "category"))
    priority: Mapped[CasePriority] = mapped_column(
        closed_set(CasePriority, "priority"), server_default=CasePriority.P3
    )
    origin: Mapped[CaseOrigin] = mapped_column(closed_set(CaseOrigin, "origin"))
    status: Mapped[CaseStatus] = mapped_column(
        closed_set(CaseStatus, "status"), server_default=CaseStatus.NEW
    )
    requested_by: Mapped[str]
    external_reference: Mapped[str | None]
    cause: Mapped[str | None]  # of a case that opened by itself: system, site and failure kind
    acknowledged_at: Mapped[datetime | None]  # when somebody first touched it
    resolved_at: Mapped[datetime | None]
    times_reopened: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Created]
    updated_at: Mapped[Created]
    closed_at: Mapped[datetime | None]


class CaseTaskRow(Base):
    """That a case covers a task."""

    __tablename__ = "case_tasks"
    __table_args__ = (
        Index("ix_case_tasks_task_id", "task_id"),
        Index(
            "uq_case_tasks_one_open_case",
            "task_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    attached_at: Mapped[Created]
    left_at: Mapped[datetime | None]  # when the task was done, or went to another case


class CaseCommentRow(Base):
    """A comment; appended, never edited."""

    __tablename__ = "case_comments"
    __table_args__ = (
        CheckConstraint("length(body) BETWEEN 1 AND 10000", name="body_bounded"),
        Index("ix_case_comments_case_id_created_at", "case_id", "created_at"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[Created]


class CaseAttachmentRow(Base):
    """A file added to a case; it stays as it was added."""

    __tablename__ = "case_attachments"
    __table_args__ = (
        CheckConstraint("octet_length(content) <= 20971520", name="content_at_most_20_mb"),
        CheckConstraint("length(filename) BETWEEN 1 AND 200", name="filename_bounded"),
        Index("ix_case_attachments_case_id", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes]
    created_at: Mapped[Created]


class CaseStatusRow(Base):
    """A change of a case's status; a trigger adds it with the change, and nobody edits it."""

    __tablename__ = "case_statuses"
    __table_args__ = (Index("ix_case_statuses_case_id_at", "case_id", "at"),)

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    status: Mapped[CaseStatus] = mapped_column(closed_set(CaseStatus, "status"))
    actor: Mapped[str]
    at: Mapped[Created]
