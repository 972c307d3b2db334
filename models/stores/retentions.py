"""What must stay byte for byte: digests before the first removal and after the last."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# The columns that a decommission must not touch. States, ends and stops are left out: those change,
# but not the end of a contract that was over well before (two days: any time zone's yesterday).
SUBJECTS: Mapping[str, str] = {
    "occupier": """SELECT id, operator_id, reference, name, billing_reference, created_at
        FROM occupiers WHERE id = :occupier_id""",
    "external_identifiers": "SELECT * FROM external_identifiers WHERE occupier_id = :occupier_id",
    "call_charges": "SELECT * FROM call_charges WHERE occupier_id = :occupier_id",
    "billing_reports": "SELECT * FROM billing_reports WHERE occupier_id = :occupier_id",
    "contracts": """SELECT contracts.id, site_id, reference, external_reference, start_date,
        created_at, CASE WHEN end_date < (effective_at - interval '2 days')::date
                         THEN end_date END AS past_end
        FROM contracts JOIN decommissions ON decommissions.id = :decommission_id
        WHERE contracts.occupier_id = :occupier_id""",
    "leases": """SELECT occupancies.id, space_id, contract_id, move_in
        FROM occupancies JOIN contracts ON contracts.id = contract_id
        WHERE occupancies.occupier_id = :occupier_id
          AND contracts.state NOT IN ('upcoming', 'discarded')""",
    "services": """SELECT id, site_id, contract_id, pricebook_item_id, start_date, price, quantity,
        charge_handle, created_at FROM services
        WHERE occupier_id = :occupier_id AND state <> 'scheduled'""",
}

_DIGESTS = " UNION ALL ".join(
    f"SELECT '{subject}' AS subject, count(*) AS rows, encode(sha256(convert_to("
    f"coalesce(string_agg(kept::text, E'\\n' ORDER BY id), ''), 'UTF8')), 'hex') AS digest "
    f"FROM ({query}) AS kept"
    for subject, query in SUBJECTS.items()
)

_BEFORE = f"""
INSERT INTO retentions (decommission_id, subject, rows_before, digest_before)
SELECT :decommission_id, subject, rows, digest FROM ({_DIGESTS}) AS digests
ON CONFLICT DO NOTHING
"""

_AFTER = f"""
UPDATE retentions SET rows_after = rows, digest_after = digest FROM ({_DIGESTS}) AS digests
WHERE decommission_id = :decommission_id AND retentions.subject = digests.subject
RETURNING retentions.subject, digest_after = digest_before
"""


class RetentionStore:
    """Takes the digests inside the caller's transaction."""

    def __init__(self, session: AsyncSession, decommission_id: UUID, occupier_id: UUID) -> None:
        self._session = session
        self._keys = {"decommission_id": decommission_id, "occupier_id": occupier_id}

    async def take_before(self) -> None:
        """Keep the digests of now as those of before; a repeat keeps the first."""
        await self._session.execute(text(_BEFORE), self._keys)

    async def take_after(self) -> list[str]:
        """Keep the digests of now as those of after; returns the subjects that have changed."""
        rows = await self._session.execute(text(_AFTER), self._keys)
        return sorted(subject for subject, is_same in rows if not is_same)
