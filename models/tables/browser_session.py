"""Sessions of people who use the console in a browser."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Created


class BrowserSessionRow(Base):
    """A login; the browser holds a secret of which only the digest is kept."""

    __tablename__ = "browser_sessions"
    __table_args__ = (Index("ix_browser_sessions_expires_at", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # SHA-256 of the secret
    issuer: Mapped[str]
    subject: Mapped[str]
    client_id: Mapped[str]
    authenticated_at: Mapped[datetime | None]  # the last login, when the issuer tells
    created_at: Mapped[Created]
    seen_at: Mapped[Created]
    expires_at: Mapped[datetime]
