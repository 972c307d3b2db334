"""The format's catalogue: products with their rules, device types and handset types."""

from pydantic import Field

from models.domain.portfolio import DeviceClass, ProductCategory
from models.portfolio.entry import Entry, Key, Quantity, Text


class DeviceType(Entry):
    """A type of infrastructure device that services entitle to (SP-01)."""

    code: Key
    name: Key


class HandsetType(Entry):
    """A model of handset. Only a digital one can be logged out remotely."""

    code: Key
    name: Key
    device_class: DeviceClass


class Product(Entry):
    """Something that sites sell; a site's pricebook says at what price."""

    code: Key
    name: Key
    description: Text = ""
    category: ProductCategory
    max_quantity: Quantity | None = Field(
        None, description="Most that one occupier can have at one site; left out: no limit."
    )
    requires: tuple[Key, ...] = Field(
        (), description="Codes of products that must be there as well."
    )
    excludes: tuple[Key, ...] = Field(
        (), description="Codes of products that must not be there as well."
    )
    devices: dict[Key, Quantity] = Field(
        {}, description="Devices that one unit entitles to, by the code of the device type."
    )
