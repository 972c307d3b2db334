"""Finds everything that blocks the start of a decommission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.blocker import Blocker, ObjectKind, Readiness, Rule, not_active
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action, Denial, Grants, Reason
from models.stores.scopes import ScopeStore
from models.tables.operator import OperatorRow
from models.tables.site import SiteRow

# "Today" is the date in each contract's site zone. A device of a type that we do not know counts
# as one that cannot be logged out remotely; a main number has no handset. A number in `pending`
# is a voice service being updated. What is only scheduled for later does not block: it is deleted.
_BLOCKERS = """
WITH clock AS (SELECT coalesce(CAST(:at AS timestamptz), now()) AS now)
SELECT 'contract_starts_today' AS rule, 'contract' AS object_kind, contracts.id AS object_id,
       site_id, contracts.reference AS label, NULL AS number, state,
       (start_date + 1)::timestamp AT TIME ZONE sites.time_zone AS until
  FROM contracts JOIN sites ON sites.id = contracts.site_id CROSS JOIN clock
 WHERE occupier_id = :occupier_id AND state <> 'discarded'
   AND start_date = (clock.now AT TIME ZONE sites.time_zone)::date
UNION ALL
SELECT 'handset_logged_in', 'handset_login', logins.id, numbers.site_id, handset_types.name,
       numbers.e164, '', NULL
  FROM phone_numbers numbers
  JOIN sites ON sites.id = numbers.site_id AND sites.telephony_managed
  JOIN handset_logins logins ON logins.number_id = numbers.id
  JOIN handsets ON handsets.id = logins.handset_id
  LEFT JOIN handset_types ON handset_types.code = handsets.type_code
 WHERE numbers.occupier_id = :occupier_id AND NOT numbers.is_main
   AND coalesce(device_class, 'non_digital') = 'non_digital'
UNION ALL
SELECT CASE update_state WHEN 'failed' THEN 'service_failed' ELSE 'service_updating' END,
       'service', services.id, services.site_id, products.name, NULL, '', NULL
  FROM services
  JOIN pricebook_items ON pricebook_items.id = pricebook_item_id
  JOIN products ON products.id = product_id
 WHERE occupier_id = :occupier_id AND update_state <> 'none'
UNION ALL
SELECT 'service_updating', 'phone_number', id, site_id, NULL, e164, '', NULL
  FROM phone_numbers WHERE occupier_id = :occupier_id AND state = 'pending'
"""

_NAMED = f"""
SELECT found.*, sites.name AS site_name FROM ({_BLOCKERS}) AS found
  JOIN sites ON sites.id = found.site_id ORDER BY rule, site_name, object_id
"""


class PreconditionStore:
    """Reads inside the caller's transaction, so that a start decides on what it locks."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def blockers(self, occupier_id: UUID, at: datetime | None = None) -> list[Blocker]:
        """PRE-1 to PRE-3, all of them, in a stable order.

        "Today" is the day of `at`, by default of the database's clock, in each site's zone.
        """
        rows = await self._session.execute(text(_NAMED), {"occupier_id": occupier_id, "at": at})
        return [_blocker(row) for row in rows.mappings()]

    async def readiness(
        self,
        occupier_id: UUID,
        status: OccupierStatus,
        grants: Grants | None,
        at: datetime | None = None,
    ) -> Readiness:
        """Everything of PRE-1 to PRE-5; without grants whoever asks has settled PRE-5 itself.

        Somebody who may act at a part of the sites only is told of what blocks there.
        """
        scope = await ScopeStore(self._session).of_occupier(occupier_id)
        denial = grants.denial(Action.START_DECOMMISSION, scope) if grants else None
        found = await self.blockers(occupier_id, at)
        if grants and denial:
            found = [blocker for blocker in found if blocker.site_id in grants.site_ids]
            found += await self._not_permitted(grants, denial)
        if status is not OccupierStatus.ACTIVE:
            found.append(not_active(occupier_id, status))
        wanted = select(OperatorRow.second_person_required)
        second = await self._session.scalar(wanted.where(OperatorRow.id == scope.operator_id))
        return Readiness(status, found, denial, second_person=bool(second))

    async def _not_permitted(self, grants: Grants, denial: Denial) -> list[Blocker]:
        """PRE-5; a site that the caller cannot see is counted, not named."""
        if denial.reason is Reason.OUTSIDER:
            return []
        seen = [site_id for site_id in denial.missing_sites if site_id in grants.site_ids]
        query = select(SiteRow.id, SiteRow.name).where(SiteRow.id.in_(seen)).order_by(SiteRow.name)
        named: Sequence[tuple[UUID | None, str | None]] = [
            (site_id, name) for site_id, name in await self._session.execute(query)
        ]
        unseen = len(denial.missing_sites) - len(seen)
        return [
            Blocker(
                rule=Rule.SITE_NOT_PERMITTED,
                object_kind=ObjectKind.SITE,
                object_id=site_id,
                site_id=site_id,
                site_name=name,
            )
            for site_id, name in [*named, *[(None, None)] * unseen]
        ]


def _blocker(row: RowMapping) -> Blocker:
    closed = {"rule": Rule(row["rule"]), "object_kind": ObjectKind(row["object_kind"])}
    columns: dict[str, Any] = {str(name): row[name] for name in row}  # Any: several types
    return Blocker(**columns | closed)
