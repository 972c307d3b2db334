"""Rows of the database by what they belong to, for writing them out."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.occupier import OccupierStatus
from models.tables.base import Base
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.site import FloorRow, SiteRow, SpaceRow
from models.tables.telephony import HandsetLoginRow, HandsetRow

RowType = TypeVar("RowType", bound=Base)
KeyType = TypeVar("KeyType", bound=Hashable)
GroupedType = TypeVar("GroupedType")


def grouped(
    rows: Iterable[GroupedType], key: Callable[[GroupedType], KeyType]
) -> defaultdict[KeyType, list[GroupedType]]:
    """Rows by a key; an unknown key has none."""
    groups: defaultdict[KeyType, list[GroupedType]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


class Stored:
    """One snapshot of the database, by ids; read when first asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, table: type[RowType]) -> list[RowType]:
        """Every row of a table.

        They are plain rows, made in a fraction of the time of mapped objects: 100,000 users have
        some 400,000 rows. They have the same attributes, hence the cast.
        """
        rows = self._session.execute(select(*table.__table__.columns)).all()
        return cast(list[RowType], rows)

    @cached_property
    def operators(self) -> dict[UUID, str]:
        """Names of operators."""
        return {row.id: row.name for row in self.all(OperatorRow)}

    @cached_property
    def sites(self) -> dict[UUID, str]:
        """References of sites."""
        return {row.id: row.reference for row in self.all(SiteRow)}

    @cached_property
    def occupiers(self) -> dict[UUID, OccupierRow]:
        """Occupiers that are exported: all but the decommissioned."""
        return {
            row.id: row
            for row in self.all(OccupierRow)
            if row.status is not OccupierStatus.DECOMMISSIONED
        }

    @cached_property
    def spaces(self) -> dict[UUID, tuple[str, str]]:
        """Floor and name of spaces."""
        floors = {row.id: row.name for row in self.all(FloorRow)}
        return {row.id: (floors[row.floor_id], row.name) for row in self.all(SpaceRow)}

    @cached_property
    def handsets(self) -> dict[UUID, str]:
        """Labels of handsets."""
        return {row.id: row.label for row in self.all(HandsetRow)}

    @cached_property
    def logins(self) -> dict[UUID, HandsetLoginRow]:
        """Handset logins by number."""
        return {row.number_id: row for row in self.all(HandsetLoginRow)}
