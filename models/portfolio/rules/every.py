"""All rules over a portfolio, in the order in which their findings are listed."""

from collections.abc import Iterator

from models.portfolio.format import Portfolio
from models.portfolio.rules.catalogue import catalogue
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.holdings import holdings
from models.portfolio.rules.index import Index
from models.portfolio.rules.numbers import numbers
from models.portfolio.rules.places import places
from models.portfolio.rules.tenancies import tenancies
from models.portfolio.rules.tenants import tenants


def findings(portfolio: Portfolio, excused: frozenset[str]) -> Iterator[Finding]:
    """Every broken rule. A reference to an `excused` word is not one: its target is reported."""
    index = Index(portfolio, excused)
    for rule in (catalogue, places, tenants, tenancies, numbers, holdings, _reports):
        yield from rule(index)


def _reports(index: Index) -> Iterator[Finding]:
    reports = index.portfolio.billing_reports
    occupiers = {occupier.reference for occupier in index.portfolio.occupiers}
    yield from repeated(
        (
            (where("billing_reports", at), (each.site, each.month, each.kind, each.occupier))
            for at, each in enumerate(reports)
            if each.occupier is not None
        ),
        "the occupier's report of this kind and month is in the file already",
    )
    for at, report in enumerate(reports):
        if index.lacks(report.site, index.sites.get(report.site)):
            yield Finding(
                where("billing_reports", at, "site"), f"no site has the reference '{report.site}'"
            )
        if report.occupier is None or report.occupier in occupiers:
            continue
        if report.occupier not in index.excused:
            yield Finding(
                where("billing_reports", at, "occupier"),
                f"no occupier has the reference '{report.occupier}'",
            )
