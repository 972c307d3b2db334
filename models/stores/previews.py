"""What a decommission would do, before anybody asks for it: nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import EXPECTED_DECOMMISSION_SECONDS
from models.domain.plan import PlanLine
from models.stores.plans import PlanStore

# Our own records that end with it, apart from the resources of the plan.
_RECORDS = """
SELECT kind, site_id, count(*) FROM (
    SELECT 'contracts_ended' AS kind, site_id FROM contracts
     WHERE occupier_id = :occupier_id AND state = 'active'
    UNION ALL SELECT 'contracts_discarded', site_id FROM contracts
     WHERE occupier_id = :occupier_id AND state = 'upcoming'
    UNION ALL SELECT 'leases_ended', occupancies.site_id
      FROM occupancies JOIN contracts ON contracts.id = contract_id
     WHERE occupancies.occupier_id = :occupier_id AND contracts.state = 'active'
    UNION ALL SELECT 'services_stopped', site_id FROM services
     WHERE occupier_id = :occupier_id AND state = 'active'
    UNION ALL SELECT 'scheduled_services_deleted', site_id FROM services
     WHERE occupier_id = :occupier_id AND state = 'scheduled'
    UNION ALL SELECT 'scheduled_changes_deleted', site_id
      FROM service_changes JOIN services ON services.id = service_id
     WHERE service_changes.occupier_id = :occupier_id AND services.state <> 'scheduled'
    UNION ALL SELECT 'users_deleted', home_site_id FROM users WHERE occupier_id = :occupier_id
) AS touched GROUP BY kind, site_id ORDER BY kind, site_id
"""

_KEPT = """
SELECT 'contracts', count(*) FROM contracts WHERE occupier_id = :occupier_id
UNION ALL SELECT 'leases', count(*) FROM occupancies JOIN contracts ON contracts.id = contract_id
 WHERE occupancies.occupier_id = :occupier_id AND state NOT IN ('upcoming', 'discarded')
UNION ALL SELECT 'services', count(*) FROM services
 WHERE occupier_id = :occupier_id AND state <> 'scheduled'
UNION ALL SELECT 'call_charges', count(*) FROM call_charges WHERE occupier_id = :occupier_id
UNION ALL SELECT 'billing_reports', count(*) FROM billing_reports
 WHERE occupier_id = :occupier_id
UNION ALL SELECT 'external_identifiers', count(*) FROM external_identifiers
 WHERE occupier_id = :occupier_id
"""

_LIKE = 20  # decommissions that an estimate looks at, the latest ones of like size
_FEWEST = 3  # below, the past says too little

# Like in size: between half and twice as many resources.
_PAST = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM (
    SELECT extract(epoch FROM finished_at - requested_at)::float AS seconds FROM (
        SELECT id, requested_at, finished_at FROM decommissions
         WHERE state = 'decommissioned' AND operator_id = :operator_id
         ORDER BY requested_at DESC, id DESC LIMIT 200) AS latest
     WHERE (SELECT coalesce(sum(total), 0) FROM tasks WHERE decommission_id = latest.id)
           BETWEEN :size / 2 AND :size * 2
     ORDER BY requested_at DESC LIMIT :most) AS alike
"""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """How many of our own records of one kind at one site end."""

    kind: str
    site_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that would go: the resources under a hash, and our own records."""

    hash: str
    lines: Sequence[PlanLine]
    records: Sequence[RecordLine]
    site_names: Sequence[tuple[UUID, str]]  # of every site named in the lines, by name

    @property
    def total(self) -> int:
        """How many resources."""
        return sum(line.count for line in self.lines)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long it may take; `sample` past ones say so, or none and it is the usual duration."""

    seconds: int
    sample: int


class PreviewStore:
    """Reads inside the caller's snapshot, so that all of it is of one moment."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def plan(self, occupier_id: UUID) -> PlanView:
        """What the plan would hold if it were written now."""
        keys = {"occupier_id": occupier_id}
        plans = PlanStore(self._session)
        lines = await plans.lines_now(occupier_id)
        records = [RecordLine(*row) for row in await self._session.execute(text(_RECORDS), keys)]
        ids = {line.site_id for line in lines} | {record.site_id for record in records}
        names = await plans.site_names(ids)
        plan_hash = await plans.hash_now(occupier_id)
        return PlanView(plan_hash, lines, records, names)

    async def kept(self, occupier_id: UUID) -> dict[str, int]:
        """How much stays readable for good (DE-30 to DE-38)."""
        rows = await self._session.execute(text(_KEPT), {"occupier_id": occupier_id})
        return {row[0]: row[1] for row in rows}

    async def estimate(self, operator_id: UUID, size: int) -> Estimate:
        """The median of the operator's latest decommissions of like size, if there are some."""
        keys = {"operator_id": operator_id, "size": size, "most": _LIKE}
        sample, median = (await self._session.execute(text(_PAST), keys)).one()
        if sample < _FEWEST:
            return Estimate(EXPECTED_DECOMMISSION_SECONDS, 0)
        return Estimate(max(1, round(median)), sample)
