"""Rules of contracts, occupancies and services."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from models.domain.portfolio import (
    ChangeKind,
    ContractState,
    ServiceState,
    SpaceStatus,
    UpdateState,
)
from models.portfolio.catalogue import Product
from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index, SiteIndex
from models.portfolio.tenancy import Contract, Occupancy, Service
from models.portfolio.tenant import Occupier

Stay = tuple[date, date, Path]


def tenancies(index: Index) -> Iterator[Finding]:
    """Contracts bound what hangs on them, and a space is let to one at a time."""
    stays: defaultdict[tuple[str, str, str], list[Stay]] = defaultdict(list)
    handles: list[tuple[Path, str | None]] = []
    for at, occupier in enumerate(index.portfolio.occupiers):
        path = where("occupiers", at, "contracts")
        yield from repeated(
            (((*path, row), (each.site, each.reference)) for row, each in _rows(occupier)),
            "the occupier has a contract of this reference at the site already",
        )
        for row, contract in _rows(occupier):
            yield from _contract(index, contract, (*path, row))
            if contract.state is not ContractState.DISCARDED:
                _note_stays(stays, contract, (*path, row))
            handles += [
                ((*path, row, "services", number, "charge_handle"), service.charge_handle)
                for number, service in enumerate(contract.services)
            ]
        yield from _product_rules(index, occupier, path)
    yield from repeated(handles, "this charge handle is in the file already")
    for spans in stays.values():
        yield from _overlaps(spans)


def _rows(occupier: Occupier) -> Iterator[tuple[int, Contract]]:
    return iter(enumerate(occupier.contracts))


def _contract(index: Index, contract: Contract, path: Path) -> Iterator[Finding]:
    end = contract.end_date
    if end is not None and end < contract.start_date:
        yield Finding((*path, "end_date"), "the contract ends before it starts")
    if contract.state is ContractState.COMPLETED and end is None:
        yield Finding((*path, "state"), "a completed contract has an end date")
    site = index.sites.get(contract.site)
    for at, service in enumerate(contract.services):
        yield from _service(service, contract, site, (*path, "services", at))
    for at, stay in enumerate(contract.occupancies):
        yield from _occupancy(index, contract, stay, (*path, "occupancies", at))


def _occupancy(index: Index, contract: Contract, stay: Occupancy, path: Path) -> Iterator[Finding]:
    site = index.sites.get(contract.site)
    is_known = site is None or (stay.floor, stay.space) in site.spaces
    if not is_known and stay.space not in index.excused:
        yield Finding((*path, "space"), "the floor has no space of this name")
    if stay.move_in < contract.start_date:
        yield Finding((*path, "move_in"), "the occupancy starts before its contract")
    if stay.move_out is not None and stay.move_out < stay.move_in:
        yield Finding((*path, "move_out"), "the occupancy ends before it starts")
    if (stay.move_out or date.min) > (contract.end_date or date.max):
        yield Finding((*path, "move_out"), "the occupancy ends after its contract")


def _service(
    service: Service, contract: Contract, site: SiteIndex | None, path: Path
) -> Iterator[Finding]:
    if site is not None and service.product not in site.prices:
        yield Finding((*path, "product"), "the site's pricebook has no such product")
    if service.start_date < contract.start_date:
        yield Finding((*path, "start_date"), "the service starts before its contract")
    if (service.update_state is UpdateState.FAILED) != (service.failed_action is not None):
        yield Finding(
            (*path, "failed_action"), "it goes with the update state 'failed', and only with it"
        )
    for at, change in enumerate(service.changes):
        if (change.kind is ChangeKind.QUANTITY) != (change.quantity is not None):
            yield Finding(
                (*path, "changes", at, "quantity"), "it goes with the kind 'quantity', and only so"
            )


def _note_stays(
    stays: dict[tuple[str, str, str], list[Stay]], contract: Contract, path: Path
) -> None:
    for at, stay in enumerate(contract.occupancies):
        until = stay.move_out or contract.end_date or date.max
        if until >= stay.move_in:
            key = (contract.site, stay.floor, stay.space)
            stays[key].append((stay.move_in, until, (*path, "occupancies", at)))


def _overlaps(spans: list[Stay]) -> Iterator[Finding]:
    """One may move in on the day that another moves out, not before."""
    latest: Stay | None = None
    for stay in sorted(spans, key=lambda each: each[:2]):
        if latest is not None and stay[0] < latest[1]:
            yield Finding(stay[2], "the space is let to another at the same time", latest[2])
        if latest is None or stay[1] > latest[1]:
            latest = stay


def _product_rules(index: Index, occupier: Occupier, path: Path) -> Iterator[Finding]:
    """What SV5 asks of the services of one occupier at one site; inactive ones do not count."""
    running = [
        ((*path, row, "services", at, "product"), contract.site, service)
        for row, contract in _rows(occupier)
        for at, service in enumerate(contract.services)
        if service.state is not ServiceState.INACTIVE
    ]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, site, service in running:
        counts[site][service.product] += service.quantity
    for spot, site, service in running:
        product = index.products.get(service.product)
        if product is not None:
            for message in _broken_by(product, counts[site]):
                yield Finding(spot, message)


def _broken_by(product: Product, here: Counter[str]) -> Iterator[str]:
    code = product.code
    if product.max_quantity is not None and here[code] > product.max_quantity:
        yield f"at most {product.max_quantity} of '{code}' are allowed at a site"
    for other in product.requires:
        if other not in here:
            yield f"'{code}' requires '{other}' at the same site"
    for other in product.excludes:
        if other in here:
            yield f"'{code}' excludes '{other}' at the same site"


def let_now(contract: Contract) -> Iterator[tuple[str, str]]:
    """Floor and name of each space that an active contract still lets."""
    if contract.state is ContractState.ACTIVE:
        for stay in contract.occupancies:
            if stay.move_out is None or stay.move_out == contract.end_date:
                yield stay.floor, stay.space


def status_of(given: SpaceStatus, *, is_let: bool) -> SpaceStatus:
    """The status of a space: a running occupancy outweighs what the file says."""
    return SpaceStatus.OCCUPIED if is_let else given
