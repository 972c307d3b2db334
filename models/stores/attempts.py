"""Remembers failed attempts: on the way of a failure only, and the newest of each task only."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.attempt import FailedAttempt
from models.domain.orders import TaskOrder

KEPT = 200  # per task; a round has at most 20, and another one takes a person

# Not fenced by the attempt's number, as each portion of a task begins with 1 again.
_FAILED = text(f"""
WITH tried AS (
    SELECT id, done, total FROM tasks
     WHERE decommission_id = :decommission_id
       AND site_id IS NOT DISTINCT FROM CAST(:site_id AS uuid) AND kind = :kind
), forgotten AS (
    DELETE FROM task_attempts WHERE id IN (
        SELECT older.id FROM task_attempts older JOIN tried ON tried.id = older.task_id
         ORDER BY older.id DESC OFFSET {KEPT - 1})
)
INSERT INTO task_attempts (task_id, round, attempt, started_at, failure, system, message, done,
                           total, worker, code_version)
SELECT id, :round, :attempt, now() - make_interval(secs => :took_s), :failure, :system, :message,
       done, total, :worker, :code_version FROM tried
""")


class AttemptStore:
    """Keeps failed attempts inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def failed(self, order: TaskOrder, attempt: int, how: FailedAttempt) -> None:
        """Keep one that failed."""
        await self._session.execute(
            _FAILED,
            {
                "decommission_id": order.decommission_id,
                "site_id": order.site_id,
                "kind": order.kind.value,
                "round": order.round,
                "attempt": attempt,
                "failure": how.failure.value,
                "system": how.system,
                "message": how.message,
                "took_s": how.took_s,
                "worker": how.author.worker,
                "code_version": how.author.code_version,
            },
        )
