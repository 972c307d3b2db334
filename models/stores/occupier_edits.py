"""Changes the details of an occupier that people may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.occupier import OccupierStatus
from models.tables.occupier import OccupierRow


class NameTakenError(Exception):
    """Another occupier of the operator, which is not decommissioned, has this name."""


@dataclass(frozen=True, slots=True)
class EditableOccupier:
    """What an edit is decided on; locked until the commit."""

    id: UUID
    status: OccupierStatus
    version: int
    name: str
    billing_reference: str


class OccupierEditStore:
    """Changes occupiers inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, occupier_id: UUID) -> EditableOccupier:
        """The occupier, which nobody else can edit or start until the commit."""
        row = await self._session.execute(
            select(
                OccupierRow.id,
                OccupierRow.status,
                OccupierRow.version,
                OccupierRow.name,
                OccupierRow.billing_reference,
            )
            .where(OccupierRow.id == occupier_id)
            .with_for_update()
        )
        return EditableOccupier(*row.one())

    async def change(self, occupier_id: UUID, values: Mapping[str, str]) -> None:
        """Write the values and raise the version; raises `NameTakenError`."""
        try:
            await self._session.execute(
                update(OccupierRow)
                .where(OccupierRow.id == occupier_id)
                .values(version=OccupierRow.version + 1, **values)
                .execution_options(synchronize_session=False)
            )
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise NameTakenError from None
            raise
