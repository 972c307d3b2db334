"""What is left of decommissions, in as few rows as possible, and when they will be done."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import EXPECTED_DECOMMISSION_SECONDS, TaskKind
from models.domain.expectation import prior
from models.domain.prediction import Left, OpenEnd, Prediction, SiteLeft, Step, predict

# A row per task of a begun site and of the occupier. Sites that have not begun are put together
# with those that take about as long (in steps of 1.6): a thousand make a few dozen rows.
_LEFT = text("""
WITH mine AS MATERIALIZED (
    SELECT decommission_id, site_id, kind, started_at IS NOT NULL AS is_begun,
           state IN ('pending', 'failed') AS is_left, state = 'failed' AS needs_human,
           hold_id IS NOT NULL AS is_held, stuck_at IS NOT NULL AS is_stuck,
           expected_s, slow_s, threshold_samples,
           active_s + CASE WHEN waiting_reason IS NULL THEN
               coalesce(extract(epoch FROM now() - clock_at)::float, 0) ELSE 0 END AS active_s
      FROM tasks WHERE decommission_id = ANY(CAST(:ids AS uuid[]))
       AND (CAST(:site_ids AS uuid[]) IS NULL OR site_id IS NULL
            OR site_id = ANY(CAST(:site_ids AS uuid[])))
), places AS (
    SELECT decommission_id, coalesce(site_id, decommission_id) AS place,
           bool_or(is_begun) OR site_id IS NULL AS is_apart,
           round(2 * ln(sum(coalesce(expected_s, 1)) + 0.001)) AS class
      FROM mine GROUP BY decommission_id, site_id HAVING bool_or(is_left)
)
SELECT mine.decommission_id, mine.kind, mine.site_id IS NULL AS of_occupier, is_apart,
       CASE WHEN is_apart THEN place END AS place, CASE WHEN NOT is_apart THEN class END AS class,
       avg(expected_s) AS usual, avg(slow_s) AS slow, avg(active_s) AS active,
       min(threshold_samples) AS samples, count(*) AS sites, bool_or(needs_human) AS needs_human,
       bool_or(is_held) AS is_held, bool_or(is_stuck) AS is_stuck
  FROM mine JOIN places ON places.decommission_id = mine.decommission_id
   AND place = coalesce(mine.site_id, mine.decommission_id)
 WHERE is_left GROUP BY 1, 2, 3, 4, 5, 6
""")

_OPEN = text("""
SELECT id, now() AS now, paused_at IS NOT NULL OR EXISTS (
           SELECT FROM decommission_sites AS place
            WHERE place.decommission_id = decommissions.id AND place.paused_at IS NOT NULL
       ) AS is_paused FROM decommissions
 WHERE id = ANY(CAST(:ids AS uuid[])) AND state <> 'decommissioned'
""")

_DUE = text(f"""
SELECT id, requested_at + make_interval(secs => {EXPECTED_DECOMMISSION_SECONDS}) AS due_at
  FROM decommissions
 WHERE state <> 'decommissioned' AND jeopardy_at IS NULL AND id > :after ORDER BY id LIMIT :limit
""")

_IN_JEOPARDY = text("""
UPDATE decommissions SET jeopardy_at = now()
 WHERE id = :id AND jeopardy_at IS NULL AND state <> 'decommissioned' RETURNING id
""")

_Row = Mapping[str, Any]  # Any: the columns have several types


class PredictionStore:
    """Reads what is left, and notes who will be late, inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(
        self, decommission_ids: Sequence[UUID], site_ids: Sequence[UUID] | None = None
    ) -> dict[UUID, Prediction]:
        """When those that are not done will be; for somebody who sees some sites, what of these."""
        standing = await self._rows(_OPEN, {"ids": list(decommission_ids)})
        if not standing:
            return {}
        keys = {"ids": [one["id"] for one in standing], "site_ids": site_ids}
        rows: dict[UUID, list[_Row]] = {one["id"]: [] for one in standing}
        for row in await self._rows(_LEFT, keys):
            rows[row["decommission_id"]].append(row)
        return {
            one["id"]: predict(_left(rows[one["id"]], is_paused=one["is_paused"]), one["now"])
            for one in standing
        }

    async def undecided(self, after: UUID, limit: int) -> list[tuple[UUID, datetime]]:
        """Decommissions on the way that are not known to be late, with when they are due."""
        rows = await self._session.execute(_DUE, {"after": after, "limit": limit})
        return [(id_, due_at) for id_, due_at in rows]

    async def put_in_jeopardy(self, decommission_id: UUID) -> bool:
        """Note that it is expected to be late; whether that is news."""
        found = await self._session.scalar(_IN_JEOPARDY, {"id": decommission_id})
        return found is not None

    async def _rows(self, statement: TextClause, keys: Mapping[str, object]) -> Sequence[_Row]:
        found = await self._session.execute(statement, keys)
        return found.mappings().all()  # type: ignore[return-value]  # keys are the column labels


def _left(rows: Sequence[_Row], *, is_paused: bool) -> Left:
    of_occupier: dict[TaskKind, Step] = {}
    at_sites: dict[tuple[object, object], list[_Row]] = defaultdict(list)
    for row in rows:
        if row["of_occupier"]:
            of_occupier[TaskKind(row["kind"])] = _step(row)
        else:
            at_sites[row["place"], row["class"]].append(row)
    return Left(
        of_occupier=of_occupier,
        sites=[
            SiteLeft(
                {TaskKind(row["kind"]): _step(row) for row in alike},
                is_begun=alike[0]["is_apart"],
                sites=alike[0]["sites"],
            )
            for alike in at_sites.values()
        ],
        samples=min((row["samples"] for row in rows), default=0),
        open_end=_open_end(rows, is_paused=is_paused),
    )


def _step(row: _Row) -> Step:
    known = prior(TaskKind(row["kind"]))  # until the plan says more
    return Step(
        known.usual_s if row["usual"] is None else row["usual"],
        known.slow_s if row["slow"] is None else row["slow"],
        row["active"],
    )


def _open_end(rows: Sequence[_Row], *, is_paused: bool) -> OpenEnd | None:
    reasons = {
        OpenEnd.HUMAN: any(row["needs_human"] for row in rows),
        OpenEnd.PAUSED: is_paused,
        OpenEnd.HELD: any(row["is_held"] for row in rows),
        OpenEnd.STUCK: any(row["is_stuck"] for row in rows),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
