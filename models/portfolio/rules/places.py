"""Rules of sites, floors, spaces, switches and pricebooks."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from models.portfolio.place import Floor, Site
from models.portfolio.problem import Path
from models.portfolio.rules.finding import Finding, repeated, where
from models.portfolio.rules.index import Index


def places(index: Index) -> Iterator[Finding]:
    """Sites are there once and complete in themselves."""
    sites = index.portfolio.sites
    yield from repeated(
        ((where("sites", at, "reference"), site.reference) for at, site in enumerate(sites)),
        "a site of this reference is in the file already",
    )
    yield from repeated(
        ((where("sites", at, "name"), (site.operator, site.name)) for at, site in enumerate(sites)),
        "the operator has a site of this name already",
    )
    yield from repeated(
        (
            (where("sites", at, "switches", row, "ports", column, "handle"), port.handle)
            for at, site in enumerate(sites)
            for row, switch in enumerate(site.switches)
            for column, port in enumerate(switch.ports)
        ),
        "a port of this handle is in the file already",
    )
    for at, site in enumerate(sites):
        yield from _site(index, site, where("sites", at))


def _site(index: Index, site: Site, path: Path) -> Iterator[Finding]:
    if site.operator not in index.operators and site.operator not in index.excused:
        yield Finding((*path, "operator"), f"no operator has the name '{site.operator}'")
    if not _is_time_zone(site.time_zone):
        yield Finding((*path, "time_zone"), "this is not an IANA time zone")
    for part, names, message in (
        ("floors", [floor.name for floor in site.floors], "the site has this floor already"),
        ("switches", [each.name for each in site.switches], "the site has this switch already"),
        ("handsets", [each.label for each in site.handsets], "the site has this handset already"),
        ("access_groups", site.access_groups, "the site has this access group already"),
        ("pricebook", [each.product for each in site.pricebook], "this product has a price here"),
    ):
        yield from repeated((((*path, part, at), name) for at, name in enumerate(names)), message)
    for at, item in enumerate(site.pricebook):
        if index.lacks(item.product, index.products.get(item.product)):
            yield Finding(
                (*path, "pricebook", at, "product"), f"no product has the code '{item.product}'"
            )
    for at, switch in enumerate(site.switches):
        numbers = (
            ((*path, "switches", at, "ports", column, "number"), port.number)
            for column, port in enumerate(switch.ports)
        )
        yield from repeated(numbers, "the switch has a port of this number already")
    for at, floor in enumerate(site.floors):
        yield from _floor(floor, (*path, "floors", at))
    yield from _outlets(index, site, path)


def _floor(floor: Floor, path: Path) -> Iterator[Finding]:
    yield from repeated(
        (((*path, "spaces", at, "name"), space.name) for at, space in enumerate(floor.spaces)),
        "the floor has a space of this name already",
    )
    holders = {space.name: space.within for space in floor.spaces}
    for at, space in enumerate(floor.spaces):
        if space.within is not None and space.within not in holders:
            yield Finding((*path, "spaces", at, "within"), "the floor has no space of this name")
        elif _holds_itself(space.name, holders):
            yield Finding((*path, "spaces", at, "within"), "the space lies within itself")
        yield from repeated(
            (
                ((*path, "spaces", at, "outlets", number, "label"), outlet.label)
                for number, outlet in enumerate(space.outlets)
            ),
            "the space has an outlet of this label already",
        )


def _outlets(index: Index, site: Site, path: Path) -> Iterator[Finding]:
    patched = [
        ((*path, "floors", row, "spaces", at, "outlets", number, "switch_port"), outlet.switch_port)
        for row, floor in enumerate(site.floors)
        for at, space in enumerate(floor.spaces)
        for number, outlet in enumerate(space.outlets)
        if outlet.switch_port is not None
    ]
    yield from repeated(patched, "this switch port is patched to another outlet already")
    for spot, handle in patched:
        place, _ = index.port_sites.get(handle, (None, False))
        if place != site.reference and handle not in index.excused:
            yield Finding(spot, "the site has no switch port of this handle")


def _holds_itself(name: str, holders: dict[str, str | None]) -> bool:
    seen = {name}
    above = holders.get(name)
    while above is not None:
        if above in seen:
            return above == name
        seen.add(above)
        above = holders.get(above)
    return False


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError with a cause
        return False
    except KeyError:
        return False
    return True
