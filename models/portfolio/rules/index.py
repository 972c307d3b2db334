"""A portfolio by its references, for rules that follow them."""

from dataclasses import dataclass
from functools import cached_property

from models.portfolio.catalogue import Product
from models.portfolio.format import Portfolio
from models.portfolio.place import PricebookItem, Site


class SiteIndex:
    """One site by what others refer to."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.operator = site.operator
        self.spaces = {(floor.name, space.name) for floor in site.floors for space in floor.spaces}
        self.handsets = {handset.label for handset in site.handsets}
        self.groups = frozenset(site.access_groups)
        self.prices: dict[str, PricebookItem] = {item.product: item for item in site.pricebook}


@dataclass(frozen=True)
class Index:
    """The portfolio, its references, and the words that stood in parts too broken to read."""

    portfolio: Portfolio
    excused: frozenset[str]

    @cached_property
    def sites(self) -> dict[str, SiteIndex]:
        """Sites by reference."""
        return {site.reference: SiteIndex(site) for site in self.portfolio.sites}

    @cached_property
    def operators(self) -> frozenset[str]:
        """Names of operators."""
        return frozenset(operator.name for operator in self.portfolio.operators)

    @cached_property
    def products(self) -> dict[str, Product]:
        """Products by code."""
        return {product.code: product for product in self.portfolio.products}

    @cached_property
    def device_types(self) -> frozenset[str]:
        """Codes of device types."""
        return frozenset(kind.code for kind in self.portfolio.device_types)

    @cached_property
    def port_sites(self) -> dict[str, tuple[str, bool]]:
        """The site of each switch port by its handle, and whether it is the operator's own."""
        return {
            port.handle: (site.reference, port.operator_owned)
            for site in self.portfolio.sites
            for switch in site.switches
            for port in switch.ports
        }

    def lacks(self, word: str, known: object) -> bool:
        """Whether a reference leads nowhere, and not to a part that is reported already."""
        return known is None and word not in self.excused
