"""What an occupier holds in our own tables, and how it is given up.

Every statement names the occupier, so that a row which meanwhile belongs to someone else is left
alone, and changes nothing when it is run again.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.outside import ResourceKind

GIVE_UP: Mapping[ResourceKind, str] = {
    ResourceKind.HANDSET_LOGIN: "DELETE FROM handset_logins WHERE id = ANY(:ids)",
    # DE-24 to DE-29: out of service, without owner, and not to be used until the date.
    ResourceKind.PHONE_NUMBER: """
        WITH freed AS (
            UPDATE phone_numbers SET state = 'cooling_off', occupier_id = NULL, user_id = NULL,
                   is_main = false, label = NULL, cooled_by_decommission_id = decommissions.id,
                   cooling_off_until = now() + make_interval(days => cooling_off_days)
              FROM decommissions
             WHERE decommissions.id = :decommission_id AND phone_numbers.id = ANY(:ids)
               AND phone_numbers.occupier_id = :occupier_id
         RETURNING phone_numbers.id)
        DELETE FROM handset_logins USING freed WHERE number_id = freed.id""",
    ResourceKind.SWITCH_PORT: """
        UPDATE switch_ports SET occupier_id = NULL, role = 'unassigned', state = 'disabled'
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.WIFI_ACCOUNT: """
        DELETE FROM wifi_accounts WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.USER_ACCOUNT: """
        DELETE FROM user_accounts WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.WIFI_DEVICE: """
        DELETE FROM wifi_devices WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.RECURRING_CHARGE: """
        UPDATE services SET state = 'inactive', update_state = 'none', failed_action = NULL,
               billing_stopped_at = decommissions.effective_at
          FROM decommissions
         WHERE decommissions.id = :decommission_id AND services.id = ANY(:ids)
           AND services.occupier_id = :occupier_id""",
    ResourceKind.PUBLIC_IP: """
        UPDATE public_ips SET occupier_id = NULL, description = '',
               status = CASE status WHEN 'locked' THEN status ELSE 'free' END
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.DHCP_SCOPE: """
        UPDATE networks SET dhcp_state = 'disabled'
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.SUBNET: """
        UPDATE networks SET private_subnet = NULL
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.VLAN: "DELETE FROM networks WHERE id = ANY(:ids) AND occupier_id = :occupier_id",
}

HOLD_BACK: Mapping[ResourceKind, str] = {
    # Somebody else has it outside: our record loses the occupier but does not offer it again.
    ResourceKind.PHONE_NUMBER: """
        UPDATE phone_numbers SET state = 'reserved', occupier_id = NULL, user_id = NULL,
               is_main = false, label = NULL
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.SWITCH_PORT: """
        UPDATE switch_ports SET occupier_id = NULL, role = 'reserved', state = 'inactive'
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
    ResourceKind.PUBLIC_IP: """
        UPDATE public_ips SET occupier_id = NULL, description = '', status = 'reserved'
         WHERE id = ANY(:ids) AND occupier_id = :occupier_id""",
}

DELETE_USERS = (
    # In order of id, as the telephony task of the same site locks the same rows.
    """
    UPDATE phone_numbers SET user_id = NULL WHERE id IN (
        SELECT phone_numbers.id FROM phone_numbers JOIN users ON users.id = user_id
         WHERE users.occupier_id = :occupier_id AND users.home_site_id = :site_id
         ORDER BY phone_numbers.id FOR UPDATE OF phone_numbers)""",
    """
    DELETE FROM users WHERE occupier_id = :occupier_id AND home_site_id = :site_id
       AND NOT EXISTS (SELECT FROM wifi_accounts WHERE user_id = users.id)
       AND NOT EXISTS (SELECT FROM user_accounts WHERE user_id = users.id)""",
)

STOP_SERVICES = """
    UPDATE services SET state = 'inactive', update_state = 'none', failed_action = NULL,
           billing_stopped_at = coalesce(billing_stopped_at, :effective_at)
     WHERE occupier_id = :occupier_id AND site_id = :site_id AND state <> 'inactive'"""

DELETE_SCHEDULED = (
    "DELETE FROM service_changes WHERE occupier_id = :occupier_id",
    "DELETE FROM services WHERE occupier_id = :occupier_id AND state = 'scheduled'",
)

END_LEASES = (
    # DE-03: an upcoming contract is discarded; its spaces were never entered.
    """
    DELETE FROM occupancies USING contracts
     WHERE contracts.id = contract_id AND contracts.state = 'upcoming'
       AND contracts.occupier_id = :occupier_id AND contracts.site_id = :site_id""",
    """
    UPDATE contracts SET state = 'discarded'
     WHERE state = 'upcoming' AND occupier_id = :occupier_id AND site_id = :site_id""",
    # DE-01, DE-02: the end is the effective date in the site's zone; an earlier end stays.
    """
    UPDATE occupancies SET move_out = least(move_out, greatest(move_in, ending.day))
      FROM (SELECT (:effective_at AT TIME ZONE time_zone)::date AS day
              FROM sites WHERE id = :site_id) AS ending, contracts
     WHERE contracts.id = contract_id AND contracts.state = 'active'
       AND contracts.occupier_id = :occupier_id AND contracts.site_id = :site_id""",
    """
    UPDATE contracts SET state = 'completed', end_date = least(end_date, ending.day)
      FROM (SELECT (:effective_at AT TIME ZONE time_zone)::date AS day
              FROM sites WHERE id = :site_id) AS ending
     WHERE state = 'active' AND occupier_id = :occupier_id AND contracts.site_id = :site_id""",
    """
    UPDATE spaces SET status = 'available'
     WHERE status = 'occupied' AND id IN (
           SELECT space_id FROM occupancies
            WHERE occupier_id = :occupier_id AND site_id = :site_id)
       AND NOT EXISTS (
           SELECT FROM occupancies other JOIN contracts ON contracts.id = other.contract_id
            WHERE other.space_id = spaces.id AND contracts.state = 'active'
              AND other.occupier_id <> :occupier_id)""",
)

LEFTOVERS = """
SELECT kind, count(*) FROM (
    SELECT 'users' AS kind FROM users WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'wifi_accounts' FROM wifi_accounts WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'user_accounts' FROM user_accounts WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'access_grants' FROM access_grants WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'wifi_devices' FROM wifi_devices WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'phone_numbers' FROM phone_numbers WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'switch_ports' FROM switch_ports WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'networks' FROM networks WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'public_ips' FROM public_ips WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'service_changes' FROM service_changes WHERE occupier_id = :occupier_id
    UNION ALL SELECT 'live_services' FROM services
        WHERE occupier_id = :occupier_id AND state <> 'inactive'
    UNION ALL SELECT 'live_contracts' FROM contracts
        WHERE occupier_id = :occupier_id AND state IN ('active', 'upcoming')
) AS leftover GROUP BY kind ORDER BY kind
"""


class HoldingStore:
    """Gives up one occupier's holdings inside the caller's transaction."""

    def __init__(self, session: AsyncSession, decommission_id: UUID, occupier_id: UUID) -> None:
        self._session = session
        self._keys = {"decommission_id": decommission_id, "occupier_id": occupier_id}

    async def give_up(self, kind: ResourceKind, ids: Sequence[UUID]) -> None:
        """The outside system holds these no more: our rows follow."""
        await self._run(GIVE_UP[kind], ids=list(ids))

    async def hold_back(self, kind: ResourceKind, ids: Sequence[UUID]) -> None:
        """The outside system has another owner for these: our rows lose the occupier."""
        await self._run(HOLD_BACK.get(kind, GIVE_UP[kind]), ids=list(ids))

    async def delete_users(self, site_id: UUID) -> None:
        """Delete the site's users whose accounts are all gone (DE-14, DE-15)."""
        for statement in DELETE_USERS:
            await self._run(statement, site_id=site_id)

    async def stop_services(self, site_id: UUID) -> None:
        """Set the site's services inactive, also those that had no charge (DE-08)."""
        await self._run(STOP_SERVICES, site_id=site_id, effective_at=await self._effective_at())

    async def delete_scheduled(self) -> None:
        """Delete services and quantity changes that would start in future (DE-09, DE-10)."""
        for statement in DELETE_SCHEDULED:
            await self._run(statement)

    async def end_leases(self, site_id: UUID) -> None:
        """End contracts and occupancies, discard upcoming ones, free the spaces."""
        effective_at = await self._effective_at()
        for statement in END_LEASES:
            await self._run(statement, site_id=site_id, effective_at=effective_at)

    async def leftovers(self) -> dict[str, int]:
        """What should be gone from our tables and is not, by kind; empty when clean."""
        rows = await self._session.execute(text(LEFTOVERS), self._keys)
        return {row[0]: row[1] for row in rows}

    async def _effective_at(self) -> object:
        return await self._session.scalar(
            text("SELECT effective_at FROM decommissions WHERE id = :decommission_id"), self._keys
        )

    async def _run(self, statement: str, **parameters: object) -> None:
        wanted = {name: value for name, value in self._keys.items() if f":{name}" in statement}
        await self._session.execute(_prepared(statement), wanted | parameters)


_prepared = cache(text)  # parsed once: the same few statements run for every batch
