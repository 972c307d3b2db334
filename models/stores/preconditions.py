"""Finds everything that blocks the start of a decommission."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.blocker import Blocker, Rule

# "Today" is the date in each contract's site zone. A device of a type that we do not know counts
# as one that cannot be logged out remotely; a main number has no handset. A number in `pending`
# is a voice service being updated.
_BLOCKERS = """
SELECT 'contract_starts_today' AS rule, contracts.site_id, contracts.id
  FROM contracts JOIN sites ON sites.id = contracts.site_id
 WHERE occupier_id = :occupier_id AND state <> 'discarded'
   AND start_date = (now() AT TIME ZONE sites.time_zone)::date
UNION ALL
SELECT 'handset_logged_in', numbers.site_id, logins.id
  FROM phone_numbers numbers
  JOIN sites ON sites.id = numbers.site_id AND sites.telephony_managed
  JOIN handset_logins logins ON logins.number_id = numbers.id
  JOIN handsets ON handsets.id = logins.handset_id
  LEFT JOIN handset_types ON handset_types.code = handsets.type_code
 WHERE numbers.occupier_id = :occupier_id AND NOT numbers.is_main
   AND coalesce(device_class, 'non_digital') = 'non_digital'
UNION ALL
SELECT CASE update_state WHEN 'failed' THEN 'service_failed' ELSE 'service_updating' END,
       site_id, id
  FROM services WHERE occupier_id = :occupier_id AND update_state <> 'none'
UNION ALL
SELECT 'service_updating', site_id, id FROM phone_numbers
 WHERE occupier_id = :occupier_id AND state = 'pending'
ORDER BY 1, 2, 3
"""


class PreconditionStore:
    """Reads inside the caller's transaction, so that a start decides on what it locks."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def blockers(self, occupier_id: UUID) -> list[Blocker]:
        """All that blocks, in a stable order; empty when the occupier may be decommissioned."""
        rows = await self._session.execute(text(_BLOCKERS), {"occupier_id": occupier_id})
        return [Blocker(Rule(rule), site_id, object_id) for rule, site_id, object_id in rows]
