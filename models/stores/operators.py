"""Operators and what they have settled for all of their occupiers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import Grants
from models.tables.operator import OperatorRow


@dataclass(frozen=True, slots=True)
class OperatorView:
    """A landlord with its settings."""

    id: UUID
    name: str
    cooling_off_days: int
    second_person_required: bool


_OPERATORS = select(
    OperatorRow.id,
    OperatorRow.name,
    OperatorRow.cooling_off_days,
    OperatorRow.second_person_required,
)


class OperatorStore:
    """Reads operators as somebody may see them, and changes their settings."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def all(self) -> list[OperatorView]:
        """By name: a team member's own, or every one for staff."""
        query = _OPERATORS.order_by(OperatorRow.name, OperatorRow.id)
        if self._grants.staff_role is None:
            query = query.where(OperatorRow.id == self._grants.operator_id)
        return [OperatorView(*row) for row in await self._session.execute(query)]

    async def find(self, operator_id: UUID) -> OperatorView | None:
        """The operator, or `None`."""
        if self._grants.staff_role is None and operator_id != self._grants.operator_id:
            return None
        query = _OPERATORS.where(OperatorRow.id == operator_id)
        row = (await self._session.execute(query)).one_or_none()
        return OperatorView(*row) if row else None

    async def require_second_person(self, operator_id: UUID, *, required: bool) -> None:
        """From now on; decommissions that were started go on."""
        await self._session.execute(
            update(OperatorRow)
            .where(OperatorRow.id == operator_id)
            .values(second_person_required=required)
        )
