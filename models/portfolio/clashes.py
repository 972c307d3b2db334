"""What a portfolio has in common with the database that it is loaded into."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, String, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.portfolio.batch import Ids
from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.portfolio.dump_catalogue import stored_catalogue
from models.portfolio.format import Portfolio
from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, where
from models.tables.network import PublicIpRow
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.port import SwitchPortRow
from models.tables.product import ProductRow
from models.tables.service import ServiceRow
from models.tables.site import SiteRow
from models.tables.telephony import PhoneNumberRow
from models.tables.user import UserAccountRow, UserRow, WifiAccountRow

CatalogueEntry = DeviceType | HandsetType | Product
Keyed = Iterable[tuple[Path, str | None]]
Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def known_ids(connection: Connection, portfolio: Portfolio) -> tuple[Ids, Portfolio]:
    """Ids of what the database shares with the portfolio, and the portfolio's part that is new.

    Operators and catalogue entries that are the same are shared; all else is new (see `clashes`).
    """
    ids = Ids()
    with Session(connection) as session:
        ids.products.update(session.execute(select(ProductRow.code, ProductRow.id)).all())
        ids.operators.update(session.execute(select(OperatorRow.name, OperatorRow.id)).all())
        stored = stored_catalogue(session)
    kinds = {each.code for each in stored.device_types}
    handsets = {each.code for each in stored.handset_types}
    fresh = portfolio.model_copy(
        update={
            "products": tuple(each for each in portfolio.products if each.code not in ids.products),
            "device_types": tuple(x for x in portfolio.device_types if x.code not in kinds),
            "handset_types": tuple(x for x in portfolio.handset_types if x.code not in handsets),
        }
    )
    return ids, fresh


def clashes(connection: Connection, portfolio: Portfolio) -> Iterator[Finding]:
    """Everything that the database has already. A message names references, never a person."""
    with Session(connection) as session:
        yield from _differences(session, portfolio)
        yield from _taken(
            session,
            SiteRow.reference,
            (
                (where("sites", at, "reference"), x.reference)
                for at, x in enumerate(portfolio.sites)
            ),
            "the site '{}' is loaded already",
        )
        yield from _taken(
            session,
            OccupierRow.reference,
            (
                (where("occupiers", at, "reference"), each.reference)
                for at, each in enumerate(portfolio.occupiers)
            ),
            "the occupier '{}' is loaded already",
        )
        yield from _same_names(session, portfolio)
        yield from _things(session, portfolio)
        yield from _people(session, portfolio)


def _taken(session: Session, column: Column, keys: Keyed, message: str) -> Iterator[Finding]:
    """A finding for each key that `column` holds; `{}` in the message is the key."""
    yield from _found(session, column, [(path, key) for path, key in keys if key], message)


def _found(
    session: Session,
    column: ColumnElement[str] | Column,
    keys: list[tuple[Path, str]],
    message: str,
) -> Iterator[Finding]:
    if not keys:
        return
    wanted = select(func.unnest(cast([key for _, key in keys], ARRAY(String))))
    taken = set(session.scalars(select(column).where(column.in_(wanted))))
    for path, key in keys:
        if key in taken:
            yield Finding(path, message.format(key))


def _differences(session: Session, portfolio: Portfolio) -> Iterator[Finding]:
    stored = stored_catalogue(session)
    parts: tuple[tuple[str, Sequence[CatalogueEntry], Sequence[CatalogueEntry]], ...] = (
        ("device_types", stored.device_types, portfolio.device_types),
        ("handset_types", stored.handset_types, portfolio.handset_types),
        ("products", stored.products, tuple(map(_sorted, portfolio.products))),
    )
    for part, old, new in parts:
        known = {each.code: each for each in old}
        for at, each in enumerate(new):
            if known.get(each.code, each) != each:
                yield Finding(where(part, at), f"'{each.code}' is loaded already, but not the same")
    days = dict(session.execute(select(OperatorRow.name, OperatorRow.cooling_off_days)).all())
    for at, operator in enumerate(portfolio.operators):
        if days.get(operator.name, operator.cooling_off_days) != operator.cooling_off_days:
            yield Finding(
                where("operators", at), f"'{operator.name}' is loaded already, but not the same"
            )


def _sorted(product: Product) -> Product:
    return product.model_copy(
        update={
            "requires": tuple(sorted(product.requires)),
            "excludes": tuple(sorted(product.excludes)),
        }
    )


def _same_names(session: Session, portfolio: Portfolio) -> Iterator[Finding]:
    of_operator = select(OperatorRow.name, SiteRow.name).where(
        SiteRow.operator_id == OperatorRow.id
    )
    sites = {(operator, name) for operator, name in session.execute(of_operator)}
    for at, site in enumerate(portfolio.sites):
        if (site.operator, site.name) in sites:
            yield Finding(
                where("sites", at, "name"), "the operator has a site of this name already"
            )
    live = (
        select(OperatorRow.name, OccupierRow.name)
        .where(OccupierRow.operator_id == OperatorRow.id)
        .where(OccupierRow.decommissioned_at.is_(None))
    )
    occupiers = {(operator, name) for operator, name in session.execute(live)}
    for at, occupier in enumerate(portfolio.occupiers):
        if (occupier.operator, occupier.name) in occupiers:
            yield Finding(
                where("occupiers", at, "name"), "the operator has an occupier of this name already"
            )


def _things(session: Session, portfolio: Portfolio) -> Iterator[Finding]:
    yield from _taken(
        session, SwitchPortRow.handle, _port_handles(portfolio), "this port is loaded already"
    )
    yield from _taken(
        session, PhoneNumberRow.e164, _numbers(portfolio), "this number is loaded already"
    )
    yield from _taken(
        session, ServiceRow.charge_handle, _charges(portfolio), "this charge is loaded already"
    )
    addresses = [
        (where("sites", at, "public_ips", row, "address"), each.address)
        for at, site in enumerate(portfolio.sites)
        for row, each in enumerate(site.public_ips)
    ]
    yield from _found(
        session, func.host(PublicIpRow.address), addresses, "this address is loaded already"
    )


def _port_handles(portfolio: Portfolio) -> Keyed:
    for at, site in enumerate(portfolio.sites):
        for row, switch in enumerate(site.switches):
            for column, port in enumerate(switch.ports):
                yield where("sites", at, "switches", row, "ports", column, "handle"), port.handle


def _numbers(portfolio: Portfolio) -> Keyed:
    for at, site in enumerate(portfolio.sites):
        for row, free in enumerate(site.numbers):
            yield where("sites", at, "numbers", row, "e164"), free.e164
    for at, occupier in enumerate(portfolio.occupiers):
        for row, held in enumerate(occupier.numbers):
            yield where("occupiers", at, "numbers", row, "e164"), held.e164


def _charges(portfolio: Portfolio) -> Keyed:
    for at, occupier in enumerate(portfolio.occupiers):
        for row, contract in enumerate(occupier.contracts):
            path = where("occupiers", at, "contracts", row, "services")
            for column, service in enumerate(contract.services):
                yield (*path, column, "charge_handle"), service.charge_handle


def _people(session: Session, portfolio: Portfolio) -> Iterator[Finding]:
    users = [
        (where("occupiers", at, "users", row), user)
        for at, occupier in enumerate(portfolio.occupiers)
        for row, user in enumerate(occupier.users)
    ]
    yield from _found(
        session,
        func.lower(UserRow.email),
        [((*path, "email"), user.email.lower()) for path, user in users],
        "this e-mail address is loaded already",
    )
    yield from _taken(
        session,
        WifiAccountRow.username,
        [((*path, "wifi", "username"), user.wifi.username) for path, user in users if user.wifi],
        "this Wi-Fi user name is loaded already",
    )
    yield from _taken(
        session,
        UserAccountRow.account_handle,
        [
            ((*path, "account", "handle"), user.account.handle)
            for path, user in users
            if user.account
        ],
        "this account handle is loaded already",
    )
