"""Products, their rules, and what they cost at a site."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.portfolio import ProductCategory, ProductRuleKind
from models.tables.base import Base, Key, SiteKey, closed_set


class ProductRow(Base):
    """Something that can be provided to an occupier."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("max_quantity > 0", name="max_quantity_positive"),
    )

    id: Mapped[Key]
    code: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    category: Mapped[ProductCategory] = mapped_column(closed_set(ProductCategory, "category"))
    max_quantity: Mapped[int | None]


class ProductRuleRow(Base):
    """That one product requires or excludes another."""

    __tablename__ = "product_rules"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    other_product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    kind: Mapped[ProductRuleKind] = mapped_column(closed_set(ProductRuleKind, "kind"))


class DeviceTypeRow(Base):
    """A type of infrastructure device that services entitle to (SP-01)."""

    __tablename__ = "device_types"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class ProductDeviceRow(Base):
    """How many devices of a type one unit of a product entitles to (SP-06)."""

    __tablename__ = "product_devices"
    __table_args__ = (CheckConstraint("units > 0", name="units_positive"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    device_type: Mapped[str] = mapped_column(ForeignKey("device_types.code"), primary_key=True)
    units: Mapped[int]


class PricebookItemRow(Base):
    """What a product costs at a site."""

    __tablename__ = "pricebook_items"
    __table_args__ = (
        UniqueConstraint("site_id", "product_id"),
        CheckConstraint("cost >= 0 AND rrp >= 0", name="prices_not_negative"),
    )

    id: Mapped[Key]
    site_id: Mapped[SiteKey]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    cost: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    rrp: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    is_active: Mapped[bool] = mapped_column(server_default="true")
