"""When the platform last looked at itself."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class WatchRow(Base):
    """Something that must happen over and over, and when it last did."""

    __tablename__ = "watches"

    name: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime]
    took_s: Mapped[float]
    suspects: Mapped[int]  # tasks that it looked at more closely
    engine_away_at: Mapped[datetime | None]  # since when Temporal has not answered it
