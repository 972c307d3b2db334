"""What the fuzzed database holds: two operators, a few sites, and many occupiers to start on."""

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.occupier import OccupierStatus
from tests.builders import (
    make_contract,
    make_decommission,
    make_number,
    make_occupier,
    make_operator,
    make_service,
    make_site,
)
from tests.desk_cases import make_case

OCCUPIERS = 40


async def fill(session: AsyncSession) -> None:
    """Write it."""
    for name in ("Alder Offices", "Birch Offices"):
        operator = await make_operator(session, name=name)
        sites = [await make_site(session, operator=operator) for _ in range(3)]
        for number in range(OCCUPIERS):
            occupier = await make_occupier(session, operator=operator)
            for site in sites[: 1 + number % 3]:
                contract = await make_contract(session, occupier=occupier, site=site)
                await make_service(session, contract=contract)
            if number % 4 == 0:
                await make_number(session, occupier_id=occupier.id, site=sites[0], state="active")
        for status in (OccupierStatus.PENDING, OccupierStatus.DECOMMISSIONED):
            occupier = await make_occupier(session, operator=operator, status=status)
            await make_decommission(session, occupier=occupier, sites=sites, with_tasks=True)
            for site_id in (None, sites[0].id):
                await make_case(
                    session,
                    operator_id=operator.id,
                    occupier_id=occupier.id,
                    site_id=site_id,
                )
