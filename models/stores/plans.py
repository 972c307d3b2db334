"""The plan of a decommission: what it will remove, and what became of each resource."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TASK_OF, TaskKind
from models.domain.outside import FailureKind, Ground, ResourceKind, Verdict
from models.domain.plan import PlanLine
from models.tables.decommission import PlanItemRow

# One SELECT per kind of resource: our row, and the name that the outside system has for it.
HOLDINGS = """
SELECT 'handset_login' AS kind, n.site_id, l.id AS resource_id, n.e164 AS handle
  FROM handset_logins l JOIN phone_numbers n ON n.id = l.number_id
 WHERE n.occupier_id = :occupier_id
UNION ALL
SELECT 'phone_number', site_id, id, e164 FROM phone_numbers WHERE occupier_id = :occupier_id
UNION ALL
SELECT 'switch_port', site_id, id, handle FROM switch_ports WHERE occupier_id = :occupier_id
UNION ALL
SELECT 'wifi_account', u.home_site_id, a.id, a.username
  FROM wifi_accounts a JOIN users u ON u.id = a.user_id WHERE a.occupier_id = :occupier_id
UNION ALL
SELECT 'user_account', u.home_site_id, a.id, a.account_handle
  FROM user_accounts a JOIN users u ON u.id = a.user_id WHERE a.occupier_id = :occupier_id
UNION ALL
SELECT 'wifi_device', site_id, id, mac FROM wifi_devices WHERE occupier_id = :occupier_id
UNION ALL
SELECT 'recurring_charge', site_id, id, charge_handle FROM services
 WHERE occupier_id = :occupier_id AND state = 'active' AND charge_handle IS NOT NULL
UNION ALL
SELECT 'public_ip', site_id, id, host(address) FROM public_ips WHERE occupier_id = :occupier_id
UNION ALL
SELECT 'vlan', site_id, id, vlan_id::text FROM networks WHERE occupier_id = :occupier_id
UNION ALL
SELECT kind, site_id, id, private_subnet::text
  FROM networks CROSS JOIN (VALUES ('subnet'), ('dhcp_scope')) AS part (kind)
 WHERE occupier_id = :occupier_id AND private_subnet IS NOT NULL
"""

WRITE = f"""
INSERT INTO plan_items (decommission_id, site_id, task_kind, kind, resource_id, handle)
SELECT :decommission_id, site_id, CASE kind {{tasks}} END, kind, resource_id, handle
  FROM ({HOLDINGS}) AS held
""".replace("{tasks}", " ".join(f"WHEN '{k}' THEN '{t}'" for k, t in TASK_OF.items()))

# Over the plan as it is written and over the holdings as they are now: equal for equal resources.
_DIGEST = """encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(' ', kind, site_id, resource_id, handle), E'\\n'
    ORDER BY kind COLLATE "C", site_id, resource_id), ''), 'UTF8')), 'hex')"""

SEAL = f"""
UPDATE decommissions SET plan_hash = (
    SELECT {_DIGEST} FROM plan_items WHERE decommission_id = :decommission_id)
WHERE id = :decommission_id
"""

HASH = f"SELECT {_DIGEST} FROM ({HOLDINGS}) AS held"

LINES = f"""
SELECT site_id, kind, count(*), left({_DIGEST}, 16)
  FROM ({HOLDINGS}) AS held GROUP BY site_id, kind ORDER BY site_id, kind
"""

COUNT_TASKS = """
UPDATE tasks SET total = counted.items
  FROM (SELECT site_id, task_kind, count(*) AS items FROM plan_items
         WHERE decommission_id = :decommission_id GROUP BY site_id, task_kind) AS counted
 WHERE tasks.decommission_id = :decommission_id
   AND tasks.site_id = counted.site_id AND tasks.kind = counted.task_kind
"""

_SITES = "SELECT id, name FROM sites WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY name, id"

FIRST = UUID(int=0)  # sorts before every id


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One resource of the plan as an activity works on it."""

    id: UUID
    kind: ResourceKind
    resource_id: UUID
    handle: str
    intent: int
    asked_at: datetime | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What a fresh read said of one item."""

    item: PlanItem
    verdict: Verdict
    ground: Ground | None = None
    failure: FailureKind | None = None  # why it is not done; `None` leaves what is known of that


class PlanStore:
    """Reads and writes the plan inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def write(self, decommission_id: UUID, occupier_id: UUID) -> int:
        """Snapshot every holding of the occupier once; a repeat leaves the first plan as it is.

        Returns the number of resources in the plan.
        """
        keys = {"decommission_id": decommission_id, "occupier_id": occupier_id}
        if not await self.is_sealed(decommission_id):
            await self._session.execute(text(WRITE), keys)
            await self._session.execute(text(SEAL), keys)
            await self._session.execute(text(COUNT_TASKS), keys)
        return await self.count(decommission_id)

    async def hash_now(self, occupier_id: UUID) -> str:
        """The hash that the plan would be sealed with if it were written now."""
        found = await self._session.scalar(text(HASH), {"occupier_id": occupier_id})
        return str(found)

    async def lines_now(self, occupier_id: UUID) -> list[PlanLine]:
        """What the plan would hold if it were written now, by site and kind."""
        rows = await self._session.execute(text(LINES), {"occupier_id": occupier_id})
        return [
            PlanLine(site_id, ResourceKind(kind), count, digest)
            for site_id, kind, count, digest in rows
        ]

    async def site_names(self, site_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
        """The sites with their names, by name."""
        rows = await self._session.execute(text(_SITES), {"ids": list(site_ids)})
        return [(site_id, name) for site_id, name in rows]

    async def is_sealed(self, decommission_id: UUID) -> bool:
        """Whether the plan has been written; the row stays locked until the commit."""
        sealed = await self._session.scalar(
            text("SELECT plan_hash IS NOT NULL FROM decommissions WHERE id = :id FOR UPDATE"),
            {"id": decommission_id},
        )
        return bool(sealed)

    async def count(self, decommission_id: UUID) -> int:
        """How many resources the plan holds."""
        return (
            await self._session.scalar(
                select(func.count()).where(PlanItemRow.decommission_id == decommission_id)
            )
            or 0
        )

    async def undone(
        self,
        decommission_id: UUID,
        site_id: UUID,
        kind: TaskKind,
        *,
        after: UUID = FIRST,
        limit: int,
    ) -> list[PlanItem]:
        """The next items of a task that no fresh read has shown gone yet, in order of id."""
        keys = {"id": decommission_id, "site": site_id, "after": after, "limit": limit}
        rows = await self._session.execute(_UNDONE, keys | {"kind": kind.value})
        return [_item(*row) for row in rows]

    async def of_site(
        self, decommission_id: UUID, site_id: UUID, *, after: UUID = FIRST, limit: int
    ) -> list[PlanItem]:
        """The next items of a site that should be gone, whatever their verdict so far."""
        keys = {"id": decommission_id, "site": site_id, "after": after, "limit": limit}
        rows = await self._session.execute(_OF_SITE, keys)
        return [_item(*row) for row in rows]

    async def mark_asked(self, item_ids: Sequence[UUID]) -> None:
        """Note, before the first call, that from now on an absence may be our doing."""
        await self._session.execute(_ASK, {"ids": list(item_ids)})

    async def record(self, findings: Sequence[Finding]) -> int:
        """Keep the verdicts; one that is done is never overwritten by a late writer.

        Returns how many items this has brought to their end.

        An item whose removal was accepted and yet shows present gets a new intent, so that the
        next order is not answered from the outside system's memory of the empty one. One that was
        refused keeps its own: nothing was done under it.
        """
        rows = await self._session.execute(
            _RECORD,
            {
                "ids": [finding.item.id for finding in findings],
                "verdicts": [finding.verdict.value for finding in findings],
                "grounds": [finding.ground and finding.ground.value for finding in findings],
                "failures": [finding.failure and finding.failure.value for finding in findings],
            },
        )
        return sum(is_done for (is_done,) in rows)

    async def reopen(self, item_ids: Sequence[UUID]) -> None:
        """Set items back to unknown that a later read shows present again."""
        await self._session.execute(
            update(PlanItemRow)
            .where(PlanItemRow.id.in_(item_ids))
            .values(verdict=Verdict.UNKNOWN, confirmed_at=None, intent=PlanItemRow.intent + 1)
        )

    async def waive(
        self, decommission_id: UUID, site_id: UUID, kind: TaskKind
    ) -> dict[ResourceKind, list[UUID]]:
        """Leave what a task has not done as it is, for ever; returns our rows by kind."""
        keys = {"id": decommission_id, "site": site_id, "kind": kind.value}
        left: dict[ResourceKind, list[UUID]] = {}
        for name, resource_id in await self._session.execute(_WAIVE, keys):
            left.setdefault(ResourceKind(name), []).append(resource_id)
        return {resource: sorted(ids) for resource, ids in sorted(left.items())}

    async def confirm_gone(self, decommission_id: UUID) -> None:
        """Close what had come back, when a later read of everything shows that it is gone again."""
        undone = (Verdict.UNKNOWN, Verdict.DISABLED_ONLY)
        await self._session.execute(
            update(PlanItemRow)
            .where(PlanItemRow.decommission_id == decommission_id, PlanItemRow.verdict.in_(undone))
            .values(verdict=Verdict.REMOVED, confirmed_at=func.now(), failure=None)
        )

    async def forget_handles(self, decommission_id: UUID) -> None:
        """Clear the outside names, some of which are personal, when nothing needs them more."""
        await self._session.execute(
            update(PlanItemRow)
            .where(PlanItemRow.decommission_id == decommission_id)
            .values(handle=None)
        )


_ASK = text(
    "UPDATE plan_items SET asked_at = now() "
    "WHERE id = ANY(CAST(:ids AS uuid[])) AND asked_at IS NULL"
)

_RECORD = text("""
UPDATE plan_items SET
    verdict = found.verdict,
    ground = found.ground,
    confirmed_at = CASE WHEN found.verdict NOT IN ('unknown', 'disabled_only') THEN now() END,
    intent = intent + (found.verdict IN ('unknown', 'disabled_only')
                       AND coalesce(found.failure, 'unconfirmed') = 'unconfirmed')::int,
    failure = CASE WHEN found.verdict IN ('unknown', 'disabled_only')
                   THEN coalesce(found.failure, plan_items.failure) END
FROM unnest(CAST(:ids AS uuid[]), CAST(:verdicts AS text[]), CAST(:grounds AS text[]),
            CAST(:failures AS text[])) AS found (id, verdict, ground, failure)
WHERE plan_items.id = found.id AND plan_items.verdict IN ('unknown', 'disabled_only')
RETURNING plan_items.verdict NOT IN ('unknown', 'disabled_only')
""")

_WAIVE = text("""
UPDATE plan_items SET verdict = 'retained', ground = 'waived', confirmed_at = now(), failure = NULL
 WHERE decommission_id = :id AND site_id = :site AND task_kind = :kind
   AND verdict IN ('unknown', 'disabled_only')
RETURNING kind, resource_id
""")

_COLUMNS = "SELECT id, kind, resource_id, handle, intent, asked_at, verdict FROM plan_items"

_UNDONE = text(f"""
{_COLUMNS} WHERE decommission_id = :id AND site_id = :site AND task_kind = :kind AND id > :after
  AND verdict IN ('unknown', 'disabled_only') ORDER BY id LIMIT :limit
""")

_OF_SITE = text(f"""
{_COLUMNS} WHERE decommission_id = :id AND site_id = :site AND id > :after
  AND verdict NOT IN ('retained', 'not_applicable') AND handle IS NOT NULL
ORDER BY id LIMIT :limit
""")


def _item(  # noqa: PLR0913 (the columns of _COLUMNS)
    id_: UUID,
    kind: str,
    resource_id: UUID,
    handle: str,
    intent: int,
    asked_at: datetime | None,
    verdict: str,
) -> PlanItem:
    return PlanItem(
        id_, ResourceKind(kind), resource_id, handle, intent, asked_at, Verdict(verdict)
    )
