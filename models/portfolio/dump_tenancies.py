"""Reads contracts with occupancies and services from the database, in a fixed order."""

from collections.abc import Callable
from uuid import UUID

from models.portfolio.stored import Stored, grouped
from models.portfolio.tenancy import Change, Contract, Occupancy, Service
from models.tables.contract import ContractRow, OccupancyRow
from models.tables.product import PricebookItemRow, ProductRow
from models.tables.service import ServiceChangeRow, ServiceRow


def stored_contracts(stored: Stored) -> Callable[[UUID], tuple[Contract, ...]]:
    """The contracts of an occupier, by its id."""
    contracts = grouped(stored.all(ContractRow), lambda row: row.occupier_id)
    stays = grouped(stored.all(OccupancyRow), lambda row: row.contract_id)
    services = _services(stored)
    return lambda occupier: tuple(
        Contract(
            site=stored.sites[row.site_id],
            reference=row.reference,
            external_reference=row.external_reference,
            start_date=row.start_date,
            end_date=row.end_date,
            deprovision_on_end=row.deprovision_on_end,
            state=row.state,
            occupancies=_occupancies(stored, stays[row.id]),
            services=services(row.id),
        )
        for row in sorted(
            contracts[occupier], key=lambda row: (stored.sites[row.site_id], row.reference)
        )
    )


def _occupancies(stored: Stored, rows: list[OccupancyRow]) -> tuple[Occupancy, ...]:
    found = [
        Occupancy(
            floor=stored.spaces[row.space_id][0],
            space=stored.spaces[row.space_id][1],
            move_in=row.move_in,
            move_out=row.move_out,
        )
        for row in rows
    ]
    return tuple(
        sorted(
            found, key=lambda x: (x.floor, x.space, x.move_in, x.move_out is None, str(x.move_out))
        )
    )


def _services(stored: Stored) -> Callable[[UUID], tuple[Service, ...]]:
    services = grouped(stored.all(ServiceRow), lambda row: row.contract_id)
    changes = grouped(stored.all(ServiceChangeRow), lambda row: row.service_id)
    codes = {row.id: row.code for row in stored.all(ProductRow)}
    products = {row.id: codes[row.product_id] for row in stored.all(PricebookItemRow)}

    def of_contract(contract: UUID) -> tuple[Service, ...]:
        found = [
            Service(
                product=products[row.pricebook_item_id],
                start_date=row.start_date,
                price=row.price,
                quantity=row.quantity,
                state=row.state,
                update_state=row.update_state,
                failed_action=row.failed_action,
                charge_handle=row.charge_handle,
                billing_stopped_at=row.billing_stopped_at,
                changes=_changes(changes[row.id]),
            )
            for row in services[contract]
        ]
        # Nothing but the whole of it tells two services of the same product apart.
        return tuple(sorted(found, key=lambda each: (each.product, each.model_dump_json())))

    return of_contract


def _changes(rows: list[ServiceChangeRow]) -> tuple[Change, ...]:
    found = [Change(kind=row.kind, due_on=row.due_on, quantity=row.quantity) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.due_on, each.kind, each.quantity or 0)))
