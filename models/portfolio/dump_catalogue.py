"""Reads the catalogue from the database in the portfolio format, in a fixed order.

Sorted here, not by the database: its order of texts depends on its locale.
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.portfolio import ProductRuleKind
from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.tables.product import DeviceTypeRow, ProductDeviceRow, ProductRow, ProductRuleRow
from models.tables.telephony import HandsetTypeRow


@dataclass(frozen=True, slots=True)
class StoredCatalogue:
    """What all sites share."""

    device_types: tuple[DeviceType, ...]
    handset_types: tuple[HandsetType, ...]
    products: tuple[Product, ...]


def stored_catalogue(session: Session) -> StoredCatalogue:
    """The catalogue, each part by code."""
    return StoredCatalogue(
        tuple(
            DeviceType(code=row.code, name=row.name)
            for row in sorted(session.scalars(select(DeviceTypeRow)), key=lambda row: row.code)
        ),
        tuple(
            HandsetType(code=row.code, name=row.name, device_class=row.device_class)
            for row in sorted(session.scalars(select(HandsetTypeRow)), key=lambda row: row.code)
        ),
        _products(session),
    )


def _products(session: Session) -> tuple[Product, ...]:
    rows = {row.id: row for row in session.scalars(select(ProductRow))}
    others: defaultdict[tuple[UUID, ProductRuleKind], list[str]] = defaultdict(list)
    for rule in session.scalars(select(ProductRuleRow)):
        others[rule.product_id, rule.kind].append(rows[rule.other_product_id].code)
    devices: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for device in sorted(
        session.scalars(select(ProductDeviceRow)), key=lambda row: row.device_type
    ):
        devices[device.product_id][device.device_type] = device.units
    return tuple(
        Product(
            code=row.code,
            name=row.name,
            description=row.description,
            category=row.category,
            max_quantity=row.max_quantity,
            requires=tuple(sorted(others[row.id, ProductRuleKind.REQUIRES])),
            excludes=tuple(sorted(others[row.id, ProductRuleKind.EXCLUDES])),
            devices=devices[row.id],
        )
        for row in sorted(rows.values(), key=lambda row: row.code)
    )
