"""What our own history says of how long tasks take."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.decommission import TaskKind
from models.tables.base import Base, Key, closed_set


class ExpectationRow(Base):
    """How long completed tasks of one kind, operator and size were active."""

    __tablename__ = "expectations"
    __table_args__ = (
        UniqueConstraint("kind", "operator_id", "size", postgresql_nulls_not_distinct=True),
        CheckConstraint("size BETWEEN 0 AND 4", name="size_known"),
        CheckConstraint("samples > 0 AND usual_s <= slow_s", name="learned_from_tasks"),
    )

    id: Mapped[Key]
    kind: Mapped[TaskKind] = mapped_column(closed_set(TaskKind, "kind"))
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operators.id"))  # null: over all
    size: Mapped[int]  # see `models/domain/expectation.py`
    samples: Mapped[int]
    usual_s: Mapped[float]
    slow_s: Mapped[float]
    learned_at: Mapped[datetime] = mapped_column(server_default=func.now())
