"""A history that stays as it is while something is measured: what tasks are said to take.

Thresholds are learned from completed tasks, and a game day's tasks are anything but healthy. So
the expectations are written as 10,000 healthy tasks of each kind would have made them, and nothing
is learned until the end: the learner finds that somebody else is at it.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import psycopg

from models.domain.decommission import TaskKind

SAMPLES = 10_000
SLOW = 1.2  # how much longer than usual the slow ones take
_ALONE = "SELECT pg_advisory_lock(hashtextextended('expectations', 0))"
_PUT = """
INSERT INTO expectations (kind, operator_id, size, samples, usual_s, slow_s)
SELECT %s, NULL, size, %s, %s, %s FROM generate_series(0, 4) AS size
ON CONFLICT (kind, operator_id, size) DO UPDATE
   SET samples = excluded.samples, usual_s = excluded.usual_s, slow_s = excluded.slow_s
"""


@asynccontextmanager
async def fixed_history(url: str, usual_s: Mapping[TaskKind, float]) -> AsyncIterator[None]:
    """Say what each kind usually takes, in active seconds, until the end of the block."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(_ALONE)
        for kind in TaskKind:
            usual = usual_s.get(kind, 0.5)
            await connection.execute(_PUT, (kind.value, SAMPLES, usual, SLOW * usual))
        yield
