"""Finds the tasks that may be stuck; the sweeper and the watchdogs of sites look in the same way.

A task is overdue when its active clock, without what is forgiven, is over its threshold: the one
that was learned when the plan was written, else twice what such a task should take, and never less
than the floor.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.clock import WaitingReason
from models.domain.decommission import EXPECTED_SECONDS, TaskKind, TaskPhase
from models.domain.upstream import UPSTREAM

Run = tuple[UUID, UUID | None]
"""A workflow's decommission and site; without a site it is that of the occupier's own tasks."""

NO_SITE = UUID(int=0)  # sorts before all sites


@dataclass(frozen=True, slots=True)
class Suspect:
    """A pending task that nobody holds or has paused, as it stands at this moment."""

    id: UUID
    decommission_id: UUID
    site_id: UUID | None
    operator_id: UUID
    kind: TaskKind
    phase: TaskPhase
    round: int
    done: int
    clock_at: datetime | None
    waiting_reason: WaitingReason | None
    active_s: float  # without what is forgiven
    threshold_s: float
    ready_s: float | None  # how long nothing upstream is left; `None`: something is
    has_begun: bool  # the site's run, or the decommission's
    is_told: bool  # Temporal has been told of the decommission

    @property
    def run(self) -> Run:
        """The workflow that runs it."""
        return self.decommission_id, self.site_id

    @property
    def is_active(self) -> bool:
        """Whether it is being tried."""
        return self.waiting_reason is None

    @property
    def is_overdue(self) -> bool:
        """Whether it has been active for longer than its threshold."""
        return self.is_active and self.active_s > self.threshold_s


class SuspectStore:
    """Reads; `floor_s` is `settings.stuck_floor_s`."""

    def __init__(self, session: AsyncSession, floor_s: float) -> None:
        self._session = session
        self._floor_s = floor_s

    async def overdue(self, limit: int, *, at_most_s: float = 1e9) -> list[Suspect]:
        """The tasks that are most over their threshold, or over `at_most_s` if that is less."""
        keys = {"floor_s": self._floor_s, "at_most_s": at_most_s, "limit": limit}
        return _suspects(await self._session.execute(_OVERDUE, keys))

    async def quiet_runs(self, after: Run | None, limit: int) -> list[Run]:
        """The next workflows, in a fixed order, with pending tasks and no news for the floor."""
        decommission_id, site_id = after or (NO_SITE, None)
        rows = await self._session.execute(
            _QUIET,
            {
                "decommission_id": decommission_id,
                "site_id": site_id or NO_SITE,
                "is_first": after is None,
                "floor_s": self._floor_s,
                "limit": limit,
            },
        )
        return [(run.decommission_id, run.site_id) for run in rows]

    async def of_runs(self, runs: Iterable[Run]) -> list[Suspect]:
        """All pending tasks of these workflows that may be found stuck."""
        wanted = list(runs)
        keys = {
            "decommission_ids": [decommission_id for decommission_id, _ in wanted],
            "site_ids": [site_id for _, site_id in wanted],
        }
        return _suspects(await self._session.execute(_OF_RUNS, keys | {"floor_s": self._floor_s}))

    async def smallest_threshold_s(self, decommission_id: UUID) -> float | None:
        """Of the pending tasks at the decommission's sites."""
        keys = {"id": decommission_id, "floor_s": self._floor_s}
        found = await self._session.scalar(_SMALLEST, keys)
        return None if found is None else float(found)

    async def has_begun_lately(self, kinds: Collection[TaskKind], within_s: float) -> bool:
        """Whether any attempt of a task of these kinds has begun or ended within that time."""
        keys = {"kinds": [kind.value for kind in kinds], "within_s": within_s}
        return bool(await self._session.scalar(_LATELY, keys))


def _pairs(values: Mapping[TaskKind, object]) -> str:
    return " ".join(f"WHEN '{kind}' THEN {value}" for kind, value in values.items())


_PRIOR = f"CASE tasks.kind {_pairs({kind: 2 * s for kind, s in EXPECTED_SECONDS.items()})} END"
_THRESHOLD = f"greatest(coalesce(tasks.threshold_s, {_PRIOR}), :floor_s)"
ACTIVE_S = """(tasks.active_s + CASE WHEN tasks.waiting_reason IS NULL
    THEN coalesce(extract(epoch FROM now() - tasks.clock_at), 0) ELSE 0 END)"""
_NEEDS = ", ".join(
    f"('{kind}', '{earlier}')" for kind, needed in UPSTREAM.items() for earlier in needed
)

# What a suspect may never be: held, waiting for a decision, or paused.
_FREE = """
tasks.state = 'pending' AND tasks.stuck_at IS NULL
AND (tasks.waiting_reason IS NULL OR tasks.waiting_reason NOT IN ('held', 'human'))
AND decommissions.paused_at IS NULL
AND NOT EXISTS (SELECT FROM decommission_sites AS place
                 WHERE place.decommission_id = tasks.decommission_id
                   AND place.site_id = tasks.site_id AND place.paused_at IS NOT NULL)
"""

_SELECT = f"""
SELECT tasks.id, tasks.decommission_id, tasks.site_id, decommissions.operator_id, tasks.kind,
       tasks.phase, tasks.round, tasks.done, tasks.clock_at, tasks.waiting_reason,
       {ACTIVE_S} - tasks.forgiven_s AS active_s, {_THRESHOLD} AS threshold_s,
       CASE WHEN coalesce(upstream.is_done, true) THEN
            extract(epoch FROM now() - greatest(tasks.clock_at, upstream.done_at)) END AS ready_s,
       EXISTS (SELECT FROM tasks AS sibling
                WHERE sibling.decommission_id = tasks.decommission_id
                  AND sibling.site_id IS NOT DISTINCT FROM tasks.site_id
                  AND sibling.started_at IS NOT NULL) AS has_begun,
       NOT EXISTS (SELECT FROM outbox WHERE outbox.decommission_id = tasks.decommission_id
                      AND outbox.sent_at IS NULL) AS is_told
  FROM tasks JOIN decommissions ON decommissions.id = tasks.decommission_id
  LEFT JOIN LATERAL (
       SELECT bool_and(earlier.state = 'completed') AS is_done,
              max(earlier.finished_at) AS done_at
         FROM (VALUES {_NEEDS}) AS needs (kind, earlier)
         JOIN tasks AS earlier ON earlier.kind = needs.earlier
              AND earlier.decommission_id = tasks.decommission_id
              AND (earlier.site_id = tasks.site_id
                   OR earlier.site_id IS NULL OR tasks.site_id IS NULL)
        WHERE needs.kind = tasks.kind) AS upstream ON true
 WHERE {_FREE}
"""

_OVERDUE = text(f"""{_SELECT} AND tasks.waiting_reason IS NULL
   AND {ACTIVE_S} - tasks.forgiven_s > least({_THRESHOLD}, :at_most_s)
 ORDER BY {ACTIVE_S} - tasks.forgiven_s DESC LIMIT :limit
""")

_OF_RUNS = text(f"""{_SELECT} AND EXISTS (
   SELECT FROM unnest(CAST(:decommission_ids AS uuid[]), CAST(:site_ids AS uuid[]))
       AS run (decommission_id, site_id)
    WHERE run.decommission_id = tasks.decommission_id
      AND run.site_id IS NOT DISTINCT FROM tasks.site_id)
""")

_QUIET = text(f"""
SELECT tasks.decommission_id, tasks.site_id
  FROM decommissions JOIN tasks ON tasks.decommission_id = decommissions.id
 WHERE decommissions.state <> 'decommissioned' AND {_FREE}
   AND (:is_first OR (tasks.decommission_id, coalesce(tasks.site_id, '{NO_SITE}'))
                     > (CAST(:decommission_id AS uuid), CAST(:site_id AS uuid)))
 GROUP BY tasks.decommission_id, tasks.site_id
HAVING max(tasks.clock_at) < now() - make_interval(secs => :floor_s)
 ORDER BY tasks.decommission_id, coalesce(tasks.site_id, '{NO_SITE}') LIMIT :limit
""")

_SMALLEST = text(f"""
SELECT min({_THRESHOLD}) FROM tasks
 WHERE decommission_id = :id AND site_id IS NOT NULL AND state = 'pending'
""")

_LATELY = text("""
SELECT EXISTS (SELECT FROM tasks WHERE kind = ANY(CAST(:kinds AS text[])) AND started_at IS NOT NULL
   AND greatest(clock_at, finished_at, started_at) > now() - make_interval(secs => :within_s))
""")


def _suspects(rows: Iterable[Row[tuple[object, ...]]]) -> list[Suspect]:
    return [
        Suspect(
            row.id,
            row.decommission_id,
            row.site_id,
            row.operator_id,
            TaskKind(row.kind),
            TaskPhase(row.phase),
            row.round,
            row.done,
            row.clock_at,
            WaitingReason(row.waiting_reason) if row.waiting_reason else None,
            float(row.active_s),
            float(row.threshold_s),
            None if row.ready_s is None else float(row.ready_s),
            row.has_begun,
            row.is_told,
        )
        for row in rows
    ]
