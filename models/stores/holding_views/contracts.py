"""An occupier's contracts with the spaces that they let (DE-05: past ones stay)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.portfolio import ContractState
from models.stores.holding_views.listing import Listing
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.site import FloorRow, SiteRow, SpaceRow


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space that a contract lets."""

    id: UUID
    name: str
    floor: str
    move_in: date
    move_out: date | None


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract."""

    id: UUID
    site_id: UUID
    site_name: str
    reference: str
    external_reference: str | None
    start_date: date
    end_date: date | None
    deprovision_on_end: bool
    state: ContractState
    spaces: Sequence[SpaceView] = ()


_STARTED = cast(ContractRow.start_date, Text)

CONTRACTS = Listing(
    ContractView,
    select(
        ContractRow.id,
        ContractRow.site_id,
        SiteRow.name.label("site_name"),
        ContractRow.reference,
        ContractRow.external_reference,
        ContractRow.start_date,
        ContractRow.end_date,
        ContractRow.deprovision_on_end,
        ContractRow.state,
    ).join(SiteRow, SiteRow.id == ContractRow.site_id),
    ContractRow.occupier_id,
    ContractRow.site_id,
    _STARTED,
    lambda contract: contract.start_date.isoformat(),
    ContractRow.id,
    newest_first=True,
)


async def with_spaces(
    session: AsyncSession, contracts: Sequence[ContractView]
) -> list[ContractView]:
    """The contracts, each with its spaces by floor and name."""
    query = (
        select(
            OccupancyRow.contract_id,
            SpaceRow.id,
            SpaceRow.name,
            FloorRow.name.label("floor"),
            OccupancyRow.move_in,
            OccupancyRow.move_out,
        )
        .join(SpaceRow, SpaceRow.id == OccupancyRow.space_id)
        .join(FloorRow, FloorRow.id == SpaceRow.floor_id)
        .where(OccupancyRow.contract_id.in_([contract.id for contract in contracts]))
        .order_by(FloorRow.name, SpaceRow.name, SpaceRow.id)
    )
    found: dict[UUID, list[SpaceView]] = defaultdict(list)
    for row in (await session.execute(query)).all():
        found[row.contract_id].append(SpaceView(*row[1:]))
    return [replace(contract, spaces=found[contract.id]) for contract in contracts]
