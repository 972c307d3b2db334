"""Services of an occupier at a site, and their scheduled changes."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import ChangeKind, ServiceState, UpdateState
from models.tables.base import Base, Created, Key, OccupierKey, SiteKey, closed_set


class ServiceRow(Base):
    """A product that an occupier has at a site. It never carries an end date (DE-12)."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint(
            "(update_state = 'failed') = (failed_action IS NOT NULL)", name="failed_action_told"
        ),
        UniqueConstraint("charge_handle"),
        Index("ix_services_site_id_occupier_id", "site_id", "occupier_id"),
        Index("ix_services_contract_id", "contract_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    site_id: Mapped[SiteKey]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    pricebook_item_id: Mapped[UUID] = mapped_column(ForeignKey("pricebook_items.id"))
    start_date: Mapped[date]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))  # per unit and month
    quantity: Mapped[int]
    state: Mapped[ServiceState] = mapped_column(closed_set(ServiceState, "state"))
    update_state: Mapped[UpdateState] = mapped_column(
        closed_set(UpdateState, "update_state"), server_default=UpdateState.NONE
    )
    failed_action: Mapped[str | None]
    charge_handle: Mapped[str | None]  # the recurring charge in the billing system
    billing_stopped_at: Mapped[datetime | None]  # not shown: no future charge from here on
    created_at: Mapped[Created]


class ServiceChangeRow(Base):
    """A change of a service that is due in future."""

    __tablename__ = "service_changes"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'quantity') = (quantity IS NOT NULL)", name="quantity_with_quantity_change"
        ),
        Index("ix_service_changes_service_id", "service_id"),
    )

    id: Mapped[Key]
    occupier_id: Mapped[OccupierKey]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("services.id"))
    kind: Mapped[ChangeKind] = mapped_column(closed_set(ChangeKind, "kind"))
    due_on: Mapped[date]
    quantity: Mapped[int | None]
    created_at: Mapped[Created]
