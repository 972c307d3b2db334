"""The tasks of a decommission, written with its start: every kind at every site it covers."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import EXPECTED_DECOMMISSION_SECONDS, OCCUPIER_TASKS, SITE_TASKS

_SITES = """
INSERT INTO decommission_sites (decommission_id, site_id, ordinal)
SELECT :decommission_id, site_id, row_number() OVER (ORDER BY site_id) - 1 FROM (
    SELECT site_id FROM contracts WHERE occupier_id = :occupier_id AND state <> 'discarded'
    UNION SELECT site_id FROM services WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM phone_numbers WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM switch_ports WHERE occupier_id = :occupier_id
    UNION SELECT home_site_id FROM users WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM wifi_devices WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM networks WHERE occupier_id = :occupier_id
    UNION SELECT site_id FROM public_ips WHERE occupier_id = :occupier_id
) AS held
"""

_TASKS = """
INSERT INTO tasks (decommission_id, occupier_id, site_id, kind, requested_by, due_at)
SELECT :decommission_id, :occupier_id, site_id, kind, :requested_by,
       now() + make_interval(secs => :expected_s)
  FROM (SELECT site_id, unnest(CAST(:site_kinds AS text[])) AS kind
          FROM decommission_sites WHERE decommission_id = :decommission_id
        UNION ALL SELECT NULL, unnest(CAST(:occupier_kinds AS text[]))) AS wanted
"""


class RunbookStore:
    """Writes inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def write(self, decommission_id: UUID, occupier_id: UUID, requested_by: str) -> None:
        """Every site where the occupier holds or held anything, and the tasks for all of them."""
        keys = {"decommission_id": decommission_id, "occupier_id": occupier_id}
        await self._session.execute(text(_SITES), keys)
        await self._session.execute(
            text(_TASKS),
            keys
            | {
                "requested_by": requested_by,
                "expected_s": EXPECTED_DECOMMISSION_SECONDS,
                "site_kinds": [kind.value for kind in SITE_TASKS],
                "occupier_kinds": [kind.value for kind in OCCUPIER_TASKS],
            },
        )
