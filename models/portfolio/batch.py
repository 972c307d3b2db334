"""Rows on their way into a table, and the ids that later rows refer to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from models.tables.base import Base

Row = tuple[object, ...]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table; they may be made while they are written, so batches keep their order."""

    table: type[Base]
    columns: tuple[str, ...]
    rows: Iterable[Row]


@dataclass(slots=True)
class Ids:
    """Ids given so far, by the references of the format."""

    products: dict[str, UUID] = field(default_factory=dict)
    operators: dict[str, UUID] = field(default_factory=dict)
    sites: dict[str, UUID] = field(default_factory=dict)
    floors: dict[Pair, UUID] = field(default_factory=dict)  # site, floor
    spaces: dict[tuple[str, str, str], UUID] = field(default_factory=dict)  # site, floor, space
    switches: dict[Pair, UUID] = field(default_factory=dict)  # site, switch
    ports: dict[str, UUID] = field(default_factory=dict)
    handsets: dict[Pair, UUID] = field(default_factory=dict)  # site, label
    groups: dict[Pair, UUID] = field(default_factory=dict)  # site, group
    prices: dict[Pair, UUID] = field(default_factory=dict)  # site, product
    occupiers: dict[str, UUID] = field(default_factory=dict)
    contracts: dict[tuple[str, str, str], UUID] = field(default_factory=dict)  # occupier, site, ref
    users: dict[str, UUID] = field(default_factory=dict)  # e-mail
    numbers: dict[str, UUID] = field(default_factory=dict)  # E.164
