"""Rules of occupiers: their names, the sites that they refer to, their users."""

import re
from collections.abc import Iterator, Sequence

from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index
from models.portfolio.tenancy import Contract
from models.portfolio.tenant import CallCharge, HeldNumber, Network, Occupier, WifiDevice

Sited = Contract | HeldNumber | WifiDevice | Network | CallCharge
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def tenants(index: Index) -> Iterator[Finding]:
    """Occupiers are there once, with users that are nobody else's."""
    occupiers = index.portfolio.occupiers
    yield from repeated(
        (
            (where("occupiers", at, "reference"), each.reference)
            for at, each in enumerate(occupiers)
        ),
        "an occupier of this reference is in the file already",
    )
    yield from repeated(
        (
            (where("occupiers", at, "name"), (each.operator, each.name))
            for at, each in enumerate(occupiers)
        ),
        "the operator has an occupier of this name already",
    )
    for at, occupier in enumerate(occupiers):
        yield from _occupier(index, occupier, where("occupiers", at))
    yield from _people(index)


def _occupier(index: Index, occupier: Occupier, path: Path) -> Iterator[Finding]:
    if occupier.operator not in index.operators and occupier.operator not in index.excused:
        yield Finding((*path, "operator"), f"no operator has the name '{occupier.operator}'")
    for spot, reference in _site_references(occupier, path):
        site = index.sites.get(reference)
        if index.lacks(reference, site):
            yield Finding(spot, f"no site has the reference '{reference}'")
        elif site is not None and site.operator != occupier.operator:
            yield Finding(spot, f"the site '{reference}' is another operator's")
    yield from repeated(
        (
            ((*path, "external_identifiers", at), (each.system, each.site))
            for at, each in enumerate(occupier.external_identifiers)
        ),
        "the occupier has an identifier in this system here already",
    )
    yield from repeated(
        (
            ((*path, "call_charges", at), (each.site, each.month, each.extension))
            for at, each in enumerate(occupier.call_charges)
        ),
        "the charge of this extension and month is in the file already",
    )


def _site_references(occupier: Occupier, path: Path) -> Iterator[tuple[Path, str]]:
    for at, identifier in enumerate(occupier.external_identifiers):
        if identifier.site is not None:
            yield (*path, "external_identifiers", at, "site"), identifier.site
    for row, user in enumerate(occupier.users):
        yield (*path, "users", row, "home_site"), user.home_site
        for at, grant in enumerate(user.access):
            yield (*path, "users", row, "access", at, "site"), grant.site
    parts: tuple[tuple[str, Sequence[Sited]], ...] = (
        ("contracts", occupier.contracts),
        ("numbers", occupier.numbers),
        ("wifi_devices", occupier.wifi_devices),
        ("networks", occupier.networks),
        ("call_charges", occupier.call_charges),
    )
    for part, entries in parts:
        for at, entry in enumerate(entries):
            yield (*path, part, at, "site"), entry.site


def _people(index: Index) -> Iterator[Finding]:
    users = [
        (where("occupiers", row, "users", at), user)
        for row, occupier in enumerate(index.portfolio.occupiers)
        for at, user in enumerate(occupier.users)
    ]
    yield from repeated(
        (((*path, "email"), user.email.casefold()) for path, user in users),
        "this e-mail address is used already",
    )
    yield from repeated(
        (((*path, "wifi", "username"), user.wifi.username) for path, user in users if user.wifi),
        "this Wi-Fi user name is used already",
    )
    yield from repeated(
        (
            ((*path, "account", "handle"), user.account.handle)
            for path, user in users
            if user.account
        ),
        "this account handle is used already",
    )
    for path, user in users:
        if EMAIL.fullmatch(user.email) is None:
            yield Finding((*path, "email"), "this is not an e-mail address")
        for at, grant in enumerate(user.access):
            site = index.sites.get(grant.site)
            if site is not None and grant.group not in site.groups:
                yield Finding(
                    (*path, "access", at, "group"), "the site has no access group of this name"
                )
        yield from repeated(
            (
                ((*path, "access", at), (each.site, each.group))
                for at, each in enumerate(user.access)
            ),
            "the user is in this access group already",
        )
