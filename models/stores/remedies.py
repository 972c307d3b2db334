"""What people do about a blocker in our own tables: discard a contract, clear a failed update."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.portfolio import ContractState, ServiceState, UpdateState
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.service import ServiceChangeRow, ServiceRow
from models.tables.site import SiteRow


@dataclass(frozen=True, slots=True)
class ContractStanding:
    """Where a contract stands; locked until the commit."""

    id: UUID
    occupier_id: UUID
    site_id: UUID
    state: ContractState
    has_begun: bool  # its start date lies before today in the site's zone


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """Where a service stands; locked until the commit."""

    id: UUID
    occupier_id: UUID
    site_id: UUID
    update_state: UpdateState
    failed_action: str | None


class RemedyStore:
    """Changes inside the caller's transaction; the edit lock decides whether they may be."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def contract(self, contract_id: UUID) -> ContractStanding | None:
        """The contract, or `None`."""
        today = func.timezone(SiteRow.time_zone, func.now()).cast(ContractRow.start_date.type)
        row = await self._session.execute(
            select(
                ContractRow.id,
                ContractRow.occupier_id,
                ContractRow.site_id,
                ContractRow.state,
                ContractRow.start_date < today,
            )
            .join(SiteRow, SiteRow.id == ContractRow.site_id)
            .where(ContractRow.id == contract_id)
            .with_for_update(of=ContractRow)
        )
        found = row.one_or_none()
        return ContractStanding(*found) if found else None

    async def discard(self, contract_id: UUID) -> None:
        """Discard the contract with its occupancies; what would have started with it never does.

        Such a service stays, inactive, as a case may be about it.
        """
        scheduled = select(ServiceRow.id).where(
            ServiceRow.contract_id == contract_id, ServiceRow.state == ServiceState.SCHEDULED
        )
        for statement in (
            delete(ServiceChangeRow).where(ServiceChangeRow.service_id.in_(scheduled)),
            update(ServiceRow)
            .where(ServiceRow.id.in_(scheduled))
            .values(state=ServiceState.INACTIVE, update_state=UpdateState.NONE, failed_action=None),
            delete(OccupancyRow).where(OccupancyRow.contract_id == contract_id),
            update(ContractRow)
            .where(ContractRow.id == contract_id)
            .values(state=ContractState.DISCARDED),
        ):
            await self._session.execute(statement.execution_options(synchronize_session=False))

    async def service(self, service_id: UUID) -> ServiceStanding | None:
        """The service, or `None`."""
        row = await self._session.execute(
            select(
                ServiceRow.id,
                ServiceRow.occupier_id,
                ServiceRow.site_id,
                ServiceRow.update_state,
                ServiceRow.failed_action,
            )
            .where(ServiceRow.id == service_id)
            .with_for_update()
        )
        found = row.one_or_none()
        return ServiceStanding(*found) if found else None

    async def clear_failure(self, service_id: UUID) -> None:
        """Set a failed update right, so that the service counts as not being changed."""
        await self._session.execute(
            update(ServiceRow)
            .where(ServiceRow.id == service_id, ServiceRow.update_state == UpdateState.FAILED)
            .values(update_state=UpdateState.NONE, failed_action=None)
            .execution_options(synchronize_session=False)
        )
