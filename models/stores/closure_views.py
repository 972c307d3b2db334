"""What people read of closures: whom one would concern, and how far one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.closure import ClosureResult, ClosureState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.domain.portfolio import ContractState
from models.stores.preconditions import PreconditionStore
from models.stores.sight import shown_name, visible_occupiers, visible_sites
from models.tables.contract import ContractRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ClosureOccupierRow, ClosureRow
from models.tables.site import SiteRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occupier of a site, and why the closing of the site would leave it or refuse it."""

    occupier_id: UUID
    occupier_name: str
    status: OccupierStatus
    other_site_ids: Sequence[UUID]
    reasons: Sequence[str]  # names of rules

    @property
    def goes(self) -> bool:
        """Whether a closure takes it up: it is active and lives only there."""
        return not self.other_site_ids and self.status is OccupierStatus.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureView:
    """A closure by itself."""

    id: UUID
    site_id: UUID
    site_name: str
    state: ClosureState
    at_once: int
    requested_by: str
    version: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """What became of one occupier."""

    occupier_id: UUID
    occupier_name: str
    result: ClosureResult
    reasons: Sequence[str]
    decommission_id: UUID | None


class ClosureViewStore:
    """Reads what a member may see."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def candidates(self, site_id: UUID) -> list[Candidate]:
        """Everybody with a contract at the site who is not gone yet, by name.

        Those that would go are checked as a start checks them, one after the other.
        """
        found = []
        for one in (await self._session.execute(self._here(site_id))).all():
            candidate = Candidate(*one, reasons=_why_not(one.status, one.other_site_ids))
            if candidate.goes:
                blockers = await PreconditionStore(self._session).blockers(candidate.occupier_id)
                rules = sorted({blocker.rule.value for blocker in blockers})
                candidate = Candidate(*one, reasons=rules)
            found.append(candidate)
        return found

    async def find(self, closure_id: UUID) -> ClosureView | None:
        """The closure, or `None` when there is none in sight."""
        row = await self._session.execute(
            select(
                ClosureRow.id,
                ClosureRow.site_id,
                SiteRow.name.label("site_name"),
                ClosureRow.state,
                ClosureRow.at_once,
                ClosureRow.requested_by,
                ClosureRow.version,
                ClosureRow.created_at,
                ClosureRow.finished_at,
            )
            .join(SiteRow, SiteRow.id == ClosureRow.site_id)
            .where(ClosureRow.id == closure_id, visible_sites(self._grants))
        )
        found = row.mappings().one_or_none()
        return ClosureView(**found) if found else None

    async def latest_of(self, site_id: UUID) -> UUID | None:
        """The newest closure of a site, open or done."""
        newest: UUID | None = await self._session.scalar(
            select(ClosureRow.id)
            .where(ClosureRow.site_id == site_id)
            .order_by(ClosureRow.created_at.desc())
            .limit(1)
        )
        return newest

    async def lines(self, closure_id: UUID) -> list[ClosureLine]:
        """Its occupiers, in the order in which they are started."""
        rows = await self._session.execute(
            select(
                OccupierRow.id,
                shown_name(self._grants),
                ClosureOccupierRow.result,
                ClosureOccupierRow.reasons,
                ClosureOccupierRow.decommission_id,
            )
            .join(OccupierRow, OccupierRow.id == ClosureOccupierRow.occupier_id)
            .where(ClosureOccupierRow.closure_id == closure_id, visible_occupiers(self._grants))
            .order_by(ClosureOccupierRow.ordinal)
        )
        return [ClosureLine(*row) for row in rows.all()]

    def _here(self, site_id: UUID) -> Select[UUID, str, OccupierStatus, list[UUID]]:
        live = (
            ContractRow.occupier_id == OccupierRow.id,
            ContractRow.state != ContractState.DISCARDED,
        )
        here = select(ContractRow.id).where(*live, ContractRow.site_id == site_id)
        elsewhere = (
            select(func.array_agg(ContractRow.site_id.distinct(), type_=ARRAY(Uuid)))
            .where(*live, ContractRow.site_id != site_id)
            .scalar_subquery()
        )
        return (
            select(
                OccupierRow.id,
                shown_name(self._grants),
                OccupierRow.status,
                func.coalesce(elsewhere, sql_cast([], ARRAY(Uuid))).label("other_site_ids"),
            )
            .where(
                here.exists(),
                OccupierRow.status != OccupierStatus.DECOMMISSIONED,
                visible_occupiers(self._grants),
            )
            .order_by(OccupierRow.name, OccupierRow.id)
        )


def _why_not(status: OccupierStatus, other_site_ids: Sequence[UUID]) -> list[str]:
    elsewhere = ["at_other_sites"] if other_site_ids else []
    not_active = [f"occupier_{status.value}"] if status is not OccupierStatus.ACTIVE else []
    return elsewhere + not_active
