"""Contracts and services of a sample occupier at one site."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.domain.portfolio import ChangeKind, ContractState, ServiceState
from models.portfolio.sample import products
from models.portfolio.sample.site import SiteDraft
from models.portfolio.sample.source import Source
from models.portfolio.tenancy import Change, Contract, Occupancy, Service


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an occupier has at a site, for the services that it needs for that."""

    numbers: int
    ports: int
    has_main: bool
    has_address: bool


def running_contract(
    source: Source, site: SiteDraft, spaces: list[tuple[str, str]], needs: Holdings
) -> Contract:
    """A contract that runs, with its services; it started a month ago or earlier."""
    today = source.today(site.zone)
    start = source.ago(today, 30, 1500)
    end = source.ahead(today, 60, 900) if source.chance(0.3) else None
    return Contract(
        site=site.reference,
        reference=site.name,
        start_date=start,
        end_date=end,
        deprovision_on_end=end is not None and source.chance(0.5),
        state=ContractState.ACTIVE,
        occupancies=tuple(
            Occupancy(floor=floor, space=space, move_in=start) for floor, space in spaces
        ),
        services=services(source, start, today, needs),
    )


def upcoming_contract(source: Source, site: SiteDraft) -> Contract:
    """A contract that starts next week or later, with a space and a service waiting for it."""
    start = source.ahead(source.today(site.zone), 7, 120)
    floor, space = site.take_space()
    return Contract(
        site=site.reference,
        reference=f"{site.name} (2)",
        start_date=start,
        state=ContractState.UPCOMING,
        occupancies=(Occupancy(floor=floor, space=space, move_in=start),),
        services=(_waiting(source, products.GUEST, start),),
    )


def completed_contract(source: Source, site: SiteDraft, until: date) -> Contract:
    """A contract that ended some time before `until`, with a service of then."""
    end = source.ago(until, 1, 200)
    start = source.ago(end, 200, 900)
    floor, space = site.take_space()
    return Contract(
        site=site.reference,
        reference=f"{site.name} (until {end:%B %Y})",
        start_date=start,
        end_date=end,
        state=ContractState.COMPLETED,
        occupancies=(Occupancy(floor=floor, space=space, move_in=start, move_out=end),),
        services=(
            Service(
                product=products.OLD_VOICE,
                start_date=start,
                price=source.money(10, 20),
                quantity=source.between(1, 12),
                state=ServiceState.INACTIVE,
            ),
        ),
    )


def services(source: Source, start: date, today: date, needs: Holdings) -> tuple[Service, ...]:
    """Three to eight services that fit what the occupier holds, some with a change ahead."""
    wanted = {
        products.LAN: max(1, needs.ports),
        source.pick(products.SPEEDS): 1,
        products.GUEST: 1,
    }
    if needs.numbers:
        wanted |= {products.SEAT: needs.numbers, products.LEVEL: 1, products.TARIFF: 1}
    if needs.has_main:
        wanted[products.MAIN_LINE] = 1
    if needs.has_address:
        wanted[products.PUBLIC_IP] = 1
    running = [
        Service(
            product=code,
            start_date=start,
            price=source.money(5, 180),
            quantity=quantity,
            state=ServiceState.ACTIVE,
            charge_handle=source.charge_handle(),
            changes=_changes(source, code, quantity, today),
        )
        for code, quantity in wanted.items()
    ]
    if products.SEAT in wanted and not needs.has_main and source.chance(0.25):
        due = source.ahead(today, 3, 60)
        running.append(_waiting(source, products.BRIDGE, max(start, due)))
    return tuple(running)


def _waiting(source: Source, code: str, start: date) -> Service:
    return Service(
        product=code,
        start_date=start,
        price=source.money(5, 40),
        state=ServiceState.SCHEDULED,
        changes=(Change(kind=ChangeKind.START, due_on=start),),
    )


def _changes(source: Source, code: str, quantity: int, today: date) -> tuple[Change, ...]:
    if code == products.SEAT and source.chance(0.2):
        more = quantity + source.between(1, 5)
        due = source.ahead(today, 2, 45)
        return (Change(kind=ChangeKind.QUANTITY, due_on=due, quantity=more),)
    if code == products.GUEST and source.chance(0.05):
        return (Change(kind=ChangeKind.REMOVAL, due_on=today + timedelta(days=30)),)
    return ()
