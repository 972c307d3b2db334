"""Unsafe requests under their idempotency keys."""

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created


class RequestRow(Base):
    """A request of one actor under its key, and the reply, which a repeat gets byte for byte."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_forgettable", "created_at", postgresql_where=text("NOT is_kept")),
    )

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]  # SHA-256 over method, path and body
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None]
    is_kept: Mapped[bool] = mapped_column(server_default="false")  # for good; else 30 days
    created_at: Mapped[Created]
