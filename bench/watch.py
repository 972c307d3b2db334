"""What a person at the board sees: polls the tasks in trouble, and that each has its one case."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.database import Sessions

EVERY_S = 0.2

_TROUBLED = text("""
SELECT t.id, t.decommission_id, t.site_id, t.kind, t.state, t.phase, t.round, t.attempt,
       t.stuck_because, t.hold_id, t.waiting_reason, t.threshold_s, t.last_error_kind, t.active_s,
       t.started_at, clock_timestamp() AS seen_at, c.ids AS case_ids, h.case_id AS hold_case_id
  FROM tasks t LEFT JOIN holds h ON h.id = t.hold_id LEFT JOIN LATERAL (
       SELECT array_agg(ct.case_id) AS ids FROM case_tasks ct JOIN cases ON cases.id = ct.case_id
        WHERE ct.task_id = t.id AND ct.left_at IS NULL
          AND cases.status NOT IN ('resolved', 'closed')) c ON true
 WHERE t.state = 'failed' OR t.stuck_at IS NOT NULL OR t.hold_id IS NOT NULL
""")

Row = Mapping[str, Any]  # Any: a column's value


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first time that a task was seen in one kind of trouble."""

    how: str  # failed, stuck or held
    why: str | None
    task: Row
    at: datetime  # by the database's clock

    @property
    def case_id(self) -> UUID | None:
        """Its case at that moment."""
        ids = self.task["case_ids"]
        found: UUID | None = ids[0] if ids else self.task["hold_case_id"]
        return found


@dataclass(slots=True)
class Watch:
    """All that was seen so far."""

    sightings: dict[UUID, list[Sighting]] = field(default_factory=dict)  # by decommission
    without_one_case: set[tuple[UUID, str]] = field(default_factory=set)
    polls: int = 0
    troubled: Mapping[UUID, Row] = field(default_factory=dict)  # at the last poll, by task
    _known: set[tuple[UUID, str, str | None]] = field(default_factory=set)

    def of(self, decommission_id: UUID) -> list[Sighting]:
        """What was seen of a decommission, in order."""
        return self.sightings.get(decommission_id, [])

    def now(self, decommission_id: UUID) -> list[Row]:
        """Its tasks that were failed, stuck or held at the last poll."""
        return [row for row in self.troubled.values() if row["decommission_id"] == decommission_id]

    async def look(self, sessions: Sessions) -> None:
        """Look once."""
        async with sessions() as session:
            rows = [dict(row) for row in (await session.execute(_TROUBLED)).mappings()]
        self.troubled = {row["id"]: row for row in rows}
        self.polls += 1
        for row in rows:
            how, why = how_of(row)
            if how != "held" and len(row["case_ids"] or ()) != 1:
                self.without_one_case.add((row["id"], how))
            key = (row["id"], how, why)
            if key not in self._known:
                self._known.add(key)
                seen = Sighting(how, why, row, row["seen_at"])
                self.sightings.setdefault(row["decommission_id"], []).append(seen)


def how_of(row: Row) -> tuple[str, str | None]:
    """How a task is in trouble, and why."""
    if row["state"] == "failed":
        return "failed", row["last_error_kind"]
    if row["stuck_because"] is not None:
        return "stuck", row["stuck_because"]
    return "held", None


@asynccontextmanager
async def watching(sessions: Sessions) -> AsyncIterator[Watch]:
    """Watch in the background; a database that is away is asked again."""
    watch = Watch()

    async def keep_looking() -> None:
        while True:
            began = time.monotonic()
            with suppress(DBAPIError, OSError):
                await watch.look(sessions)
            await asyncio.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))

    looking = asyncio.create_task(keep_looking())
    try:
        yield watch
    finally:
        looking.cancel()
