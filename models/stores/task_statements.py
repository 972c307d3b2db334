"""Prepared statements about one task, in forms for a task of a site and for one of the occupier."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import SYSTEM, AuditAction
from models.domain.hold import systems_needed
from models.domain.orders import TaskOrder


def _audited(action: AuditAction | None) -> str:
    if action is None:
        return "{}"
    return f"""WITH changed AS ({{}}, occupier_id, state, round), told AS (
        INSERT INTO audit_events (actor, action, entity_kind, entity_id, occupier_id, after)
        SELECT '{SYSTEM}', '{action}', 'task', id, occupier_id,
               jsonb_build_object('state', state, 'round', round::text)
          FROM changed) SELECT id FROM changed"""


class TaskStatement:
    """An update of one task, in its forms for a task of a site and for one of the occupier.

    With `action` it writes its audit event itself: one round trip, where `AuditStore` takes four.
    Such a statement must be its whole transaction, as nothing may be locked after the audit.
    """

    def __init__(self, change: str, condition: str, action: AuditAction | None = None) -> None:
        self._forms: dict[bool, TextClause] = {
            of_site: text(
                _audited(action).format(
                    f"UPDATE tasks SET {change} WHERE decommission_id = :decommission_id "
                    f"AND site_id {'= :site_id' if of_site else 'IS NULL'} AND kind = :kind "
                    f"AND {condition} RETURNING id"
                )
            )
            for of_site in (True, False)
        }

    async def run(self, session: AsyncSession, order: TaskOrder, **values: object) -> UUID | None:
        """Apply it to the task of `order` and return its id; a late writer's finds no row."""
        task_id: UUID | None = await session.scalar(
            self._forms[order.site_id is not None], _keys(order) | values
        )
        return task_id


def _keys(order: TaskOrder) -> dict[str, object]:
    keys: dict[str, object] = {
        "decommission_id": order.decommission_id,
        "kind": order.kind.value,
        "round": order.round,
    }
    return keys if order.site_id is None else keys | {"site_id": order.site_id}


_OPEN_HOLDS = """
SELECT holds.id, holds.probe_task_id IS NOT DISTINCT FROM task.id AS is_probe
  FROM holds CROSS JOIN task
 WHERE released_at IS NULL AND system = ANY(CAST(:systems AS text[]))
   AND (holds.site_id IS NULL OR holds.site_id {})
"""
_SITES = {
    True: "= :site_id",
    False: "IN (SELECT site_id FROM decommission_sites WHERE decommission_id = :decommission_id)",
}


class LookingStatement:
    """A statement in the same two forms, on a `task`, that reads the holds that it has `met`."""

    def __init__(self, statement: str) -> None:
        self._forms: Mapping[bool, TextClause] = {
            of_site: text(
                statement.format(
                    task="decommission_id = :decommission_id AND kind = :kind "
                    f"AND site_id {'= :site_id' if of_site else 'IS NULL'}",
                    holds=_OPEN_HOLDS.format(_SITES[of_site]),
                )
            )
            for of_site in (True, False)
        }

    async def run(self, session: AsyncSession, order: TaskOrder, **values: object) -> "Look":
        """What the statement saw."""
        systems = [system.value for system in systems_needed(order.kind)]
        row = await session.execute(
            self._forms[order.site_id is not None], _keys(order) | values | {"systems": systems}
        )
        return Look(*row.one())


@dataclass(frozen=True, slots=True)
class Look:
    """What stands in a task's way, as seen by the statement that moved it on."""

    task_id: UUID | None  # `None` when no such task was found, or nothing changed
    hold_id: UUID | None  # the hold that it has met
    is_probe: bool = False  # the task is let through a hold, to see whether it can be released
    is_struck: bool = False  # its last attempts failed in a way that the breaker counts
