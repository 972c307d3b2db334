"""What people ask of handsets: log one out, or look which logins are left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.outside import FailureKind
from models.tables.base import Base, Created, Key, OccupierKey, closed_set


class HandsetRequestRow(Base):
    """A request that the platform serves with the telephony system; one of a sort at a time.

    With a login it asks to log that out, without to look at all logins of the occupier.
    """

    __tablename__ = "handset_requests"
    __table_args__ = (
        Index(
            "uq_handset_requests_open",
            "occupier_id",
            "login_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_handset_requests_unsent", "created_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    login_id: Mapped[UUID | None]  # no foreign key, as the row goes with the login
    requested_by: Mapped[str]
    created_at: Mapped[Created]
    sent_at: Mapped[datetime | None]  # when the workflow engine had it
    finished_at: Mapped[datetime | None]
    ended: Mapped[int] = mapped_column(server_default="0")  # logins that are gone
    failure: Mapped[FailureKind | None] = mapped_column(closed_set(FailureKind, "failure"))
