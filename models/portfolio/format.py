"""The portfolio format: all that an operator's estate is made of, as one JSON document.

Names and references tie the parts together; there are no ids. `portfolio.schema.json` is
generated from here (`python -m models.portfolio.schema`).
"""

import json
from typing import Literal

from pydantic import Field

from models.domain.portfolio import ReportKind
from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.portfolio.entry import Count, Entry, Key, Month, SiteReference, Text
from models.portfolio.place import Site
from models.portfolio.tenant import Occupier


class Operator(Entry):
    """A landlord that runs one or more sites."""

    name: Key
    cooling_off_days: Count = Field(
        30, description="Days before a released phone number can be allocated again."
    )


class BillingReport(Entry):
    """A past month's line in a site's report; it keeps the occupier's name of then."""

    site: SiteReference
    occupier: Key | None = Field(
        None, description="`reference` of an occupier in this file; none when it has left."
    )
    occupier_name: Key
    month: Month
    kind: ReportKind
    figures: dict[Key, Text]


class Portfolio(Entry):
    """A portfolio of operators with their sites, products and occupiers."""

    format: Literal["occupier-portfolio/1"] = Field(
        "occupier-portfolio/1", description="Name and version of this format."
    )
    device_types: tuple[DeviceType, ...] = ()
    handset_types: tuple[HandsetType, ...] = ()
    products: tuple[Product, ...] = ()
    operators: tuple[Operator, ...] = ()
    sites: tuple[Site, ...] = ()
    occupiers: tuple[Occupier, ...] = ()
    billing_reports: tuple[BillingReport, ...] = ()


def to_json(portfolio: Portfolio) -> str:
    """The document as people read it: fields that say no more than the default are left out."""
    content = portfolio.model_dump(mode="json", exclude_defaults=True)
    document = {"format": portfolio.format, **content}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
