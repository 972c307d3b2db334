"""Rules of operators, products, device types and handset types."""

from collections.abc import Iterator, Sequence

from models.portfolio.catalogue import DeviceType, HandsetType, Product
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index


def catalogue(index: Index) -> Iterator[Finding]:
    """Codes and names are there once, and products refer to what is there."""
    content = index.portfolio
    yield from repeated(
        ((where("operators", at, "name"), each.name) for at, each in enumerate(content.operators)),
        "an operator of this name is in the file already",
    )
    parts: tuple[tuple[str, Sequence[DeviceType | HandsetType | Product]], ...] = (
        ("device_types", content.device_types),
        ("handset_types", content.handset_types),
        ("products", content.products),
    )
    for part, entries in parts:
        yield from repeated(
            ((where(part, at, "code"), each.code) for at, each in enumerate(entries)),
            "this code is in the file already",
        )
    for at in range(len(content.products)):
        yield from _product(index, at)


def _product(index: Index, at: int) -> Iterator[Finding]:
    product = index.portfolio.products[at]
    others = [
        (where("products", at, part, number), code)
        for part, codes in (("requires", product.requires), ("excludes", product.excludes))
        for number, code in enumerate(codes)
    ]
    yield from repeated(others, "a product depends on another in one way only")
    for path, code in others:
        if code == product.code:
            yield Finding(path, "a product cannot depend on itself")
        elif index.lacks(code, index.products.get(code)):
            yield Finding(path, f"no product has the code '{code}'")
    for code in product.devices:
        if code not in index.device_types and code not in index.excused:
            yield Finding(
                where("products", at, "devices", code), f"no device type has the code '{code}'"
            )
