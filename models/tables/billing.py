"""What stays for good: call charges and billing reports of past months."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import ReportKind
from models.tables.base import (
    Base,
    Created,
    Key,
    MaybeOccupierKey,
    OccupierKey,
    SiteKey,
    closed_set,
)


class CallChargeRow(Base):
    """The charge of an extension's calls in one month (DE-32)."""

    __tablename__ = "call_charges"
    __table_args__ = (
        UniqueConstraint("occupier_id", "site_id", "month", "extension"),
        CheckConstraint("date_trunc('month', month) = month", name="month_is_first_day"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[SiteKey]
    month: Mapped[date]
    extension: Mapped[str]
    calls: Mapped[int]
    seconds: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class BillingReportRow(Base):
    """A month's line of an occupier in a site's report; it keeps the name of then (DE-33, 34)."""

    __tablename__ = "billing_reports"
    __table_args__ = (
        UniqueConstraint("site_id", "month", "kind", "occupier_id"),
        CheckConstraint("date_trunc('month', month) = month", name="month_is_first_day"),
        Index("ix_billing_reports_site_id_month", "site_id", "month"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    occupier_id: Mapped[MaybeOccupierKey]
    occupier_name: Mapped[str]
    month: Mapped[date]
    kind: Mapped[ReportKind] = mapped_column(closed_set(ReportKind, "kind"))
    figures: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[Created]
