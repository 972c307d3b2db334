"""An occupier's services and their scheduled changes (DE-11, DE-12: past ones, no end date)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.portfolio import ChangeKind, ProductCategory, ServiceState, UpdateState
from models.stores.holding_views.listing import Listing
from models.tables.contract import ContractRow
from models.tables.product import PricebookItemRow, ProductRow
from models.tables.service import ServiceChangeRow, ServiceRow
from models.tables.site import SiteRow


@dataclass(frozen=True, slots=True)
class ServiceChangeView:
    """What is due to happen to a service."""

    id: UUID
    kind: ChangeKind
    due_on: date
    quantity: int | None


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service; prices are per unit and month."""

    id: UUID
    site_id: UUID
    site_name: str
    contract_id: UUID
    contract_reference: str
    product: str
    category: ProductCategory
    start_date: date
    price: Decimal
    quantity: int
    state: ServiceState
    update_state: UpdateState
    failed_action: str | None
    changes: Sequence[ServiceChangeView] = ()


SERVICES = Listing(
    ServiceView,
    select(
        ServiceRow.id,
        ServiceRow.site_id,
        SiteRow.name.label("site_name"),
        ServiceRow.contract_id,
        ContractRow.reference.label("contract_reference"),
        ProductRow.name.label("product"),
        ProductRow.category,
        ServiceRow.start_date,
        ServiceRow.price,
        ServiceRow.quantity,
        ServiceRow.state,
        ServiceRow.update_state,
        ServiceRow.failed_action,
    )
    .join(SiteRow, SiteRow.id == ServiceRow.site_id)
    .join(ContractRow, ContractRow.id == ServiceRow.contract_id)
    .join(PricebookItemRow, PricebookItemRow.id == ServiceRow.pricebook_item_id)
    .join(ProductRow, ProductRow.id == PricebookItemRow.product_id),
    ServiceRow.occupier_id,
    ServiceRow.site_id,
    ProductRow.name.expression,
    lambda service: service.product,
    ServiceRow.id,
)


async def with_changes(session: AsyncSession, services: Sequence[ServiceView]) -> list[ServiceView]:
    """The services, each with what is due to happen to it, by date."""
    query = (
        select(
            ServiceChangeRow.service_id,
            ServiceChangeRow.id,
            ServiceChangeRow.kind,
            ServiceChangeRow.due_on,
            ServiceChangeRow.quantity,
        )
        .where(ServiceChangeRow.service_id.in_([service.id for service in services]))
        .order_by(ServiceChangeRow.due_on, ServiceChangeRow.id)
    )
    found: dict[UUID, list[ServiceChangeView]] = defaultdict(list)
    for row in (await session.execute(query)).all():
        found[row.service_id].append(ServiceChangeView(*row[1:]))
    return [replace(service, changes=found[service.id]) for service in services]
