"""Learns how long tasks take from those that are completed, and says it of those to come."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import TaskKind
from models.domain.expectation import (
    DAYS,
    NEWEST,
    NEWEST_OF_KIND,
    SIZE_STEPS,
    SIZED,
    SLOW,
    Learned,
    expect,
)

# Those of the first round only: what ever waited for a person, was waived or completed by hand
# says nothing of a healthy run. Tasks from before the clocks have none.
_HEALTHY = (
    "tasks.state = 'completed' AND tasks.waived_by IS NULL AND tasks.round = 1 "
    "AND tasks.active_s > 0"
)
_SIZED = ", ".join(f"'{kind}'" for kind in sorted(SIZED))


def _size(resources: str) -> str:
    steps = f"ARRAY{list(SIZE_STEPS)}"
    return f"CASE WHEN tasks.kind IN ({_SIZED}) THEN width_bucket({resources}, {steps}) ELSE 0 END"


_SIZE_OF_TASK = _size("tasks.total")

# Bounded by the newest of each kind, so that it costs the same with ten million tasks.
_LEARN = text(f"""
WITH newest AS MATERIALIZED (
    SELECT kinds.kind, occupiers.operator_id, of_kind.size, of_kind.active_s, of_kind.finished_at
      FROM unnest(CAST(:kinds AS text[])) AS kinds (kind) CROSS JOIN LATERAL (
           SELECT tasks.occupier_id, {_SIZE_OF_TASK} AS size, tasks.active_s, tasks.finished_at
             FROM tasks WHERE tasks.kind = kinds.kind AND {_HEALTHY}
              AND tasks.finished_at > now() - make_interval(days => {DAYS})
            ORDER BY tasks.finished_at DESC LIMIT {NEWEST_OF_KIND}) AS of_kind
      JOIN occupiers ON occupiers.id = of_kind.occupier_id
), ranked AS (
    SELECT kind, operator_id, size, active_s, row_number() OVER (
           PARTITION BY kind, size, operator_id ORDER BY finished_at DESC) AS place FROM newest
    UNION ALL
    SELECT kind, NULL, size, active_s, row_number() OVER (
           PARTITION BY kind, size ORDER BY finished_at DESC) FROM newest
)
INSERT INTO expectations (kind, operator_id, size, samples, usual_s, slow_s)
SELECT kind, operator_id, size, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY active_s),
       percentile_cont({SLOW}) WITHIN GROUP (ORDER BY active_s)
  FROM ranked WHERE place <= {NEWEST}
 GROUP BY kind, operator_id, size
ON CONFLICT (kind, operator_id, size) DO UPDATE SET
    samples = excluded.samples, usual_s = excluded.usual_s, slow_s = excluded.slow_s,
    learned_at = now()
""")

_TOUCHED = text(f"""
SELECT kind FROM unnest(CAST(:kinds AS text[])) AS kinds (kind)
 WHERE EXISTS (SELECT FROM tasks WHERE tasks.kind = kinds.kind AND {_HEALTHY}
                  AND tasks.finished_at > :since)
""")

_FORGET = text(f"DELETE FROM expectations WHERE learned_at < now() - make_interval(days => {DAYS})")

# One process learns at a time; the others have nothing to add.
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('expectations', 0))")

_KNOWN = text("""
SELECT kind, size, operator_id IS NULL, samples, usual_s, slow_s FROM expectations
 WHERE operator_id IS NULL OR operator_id = (SELECT operator_id FROM decommissions WHERE id = :id)
""")

_EXPECT = text(f"""
UPDATE tasks SET expected_s = figures.usual_s, slow_s = figures.slow_s,
       threshold_s = figures.threshold_s, threshold_samples = figures.samples
  FROM unnest(CAST(:kinds AS text[]), CAST(:sizes AS int[]), CAST(:usual AS float[]),
              CAST(:slow AS float[]), CAST(:thresholds AS float[]), CAST(:samples AS int[]))
       AS figures (kind, size, usual_s, slow_s, threshold_s, samples)
 WHERE tasks.decommission_id = :id AND tasks.threshold_s IS NULL
   AND figures.kind = tasks.kind
   AND figures.size = {_size("CASE WHEN site_id IS NULL THEN :resources ELSE total END")}
""")


class _Key(NamedTuple):
    kind: TaskKind
    size: int


class ExpectationStore:
    """Reads and writes what is expected, inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def learn(self, since: datetime) -> int:
        """Look again at every kind of which a task was completed after `since`.

        Returns how many keys were learned; 0 also while another process does it.
        """
        if not await self._session.scalar(_ALONE):
            return 0
        every = [kind.value for kind in TaskKind]
        touched = await self._session.scalars(_TOUCHED, {"since": since, "kinds": every})
        learned = await self._session.execute(_LEARN, {"kinds": touched.all()})
        await self._session.execute(_FORGET)
        return int(learned.rowcount)  # type: ignore[attr-defined]  # an INSERT has one

    async def expect_of(self, decommission_id: UUID, resources: int, floor_s: float) -> None:
        """Say what each task of a decommission should take, once, now that its plan is known."""
        everywhere, own = await self._known(decommission_id)
        keys = [_Key(kind, size) for kind in TaskKind for size in range(len(SIZE_STEPS) + 1)]
        found = [expect(key.kind, everywhere.get(key), own.get(key), floor_s) for key in keys]
        await self._session.execute(
            _EXPECT,
            {
                "id": decommission_id,
                "resources": resources,
                "kinds": [key.kind.value for key in keys],
                "sizes": [key.size for key in keys],
                "usual": [one.usual_s for one in found],
                "slow": [one.slow_s for one in found],
                "thresholds": [one.threshold_s for one in found],
                "samples": [one.samples for one in found],
            },
        )

    async def _known(
        self, decommission_id: UUID
    ) -> tuple[dict[_Key, Learned], dict[_Key, Learned]]:
        everywhere: dict[_Key, Learned] = {}
        own: dict[_Key, Learned] = {}
        for kind, size, is_everywhere, *figures in await self._session.execute(
            _KNOWN, {"id": decommission_id}
        ):
            (everywhere if is_everywhere else own)[_Key(TaskKind(kind), size)] = Learned(*figures)
        return everywhere, own
