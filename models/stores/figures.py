"""Counts what the whole platform is doing, for Prometheus.

Under the role of the API, with the sight of an SRE for its transaction: all rows count, and
nothing but numbers leaves. Only unfinished work is read, so the cost does not grow with history.
"""

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import EXPECTED_DECOMMISSION_SECONDS
from models.domain.figure import Figure
from models.domain.permission import StaffRole

_SIGHT = select(func.set_config("occupier.staff_role", StaffRole.SRE.value, True))

_SOURCES = """
WITH task AS MATERIALIZED (
    SELECT id, kind, due_at, state, waiting_reason, stuck_because, threshold_s,
           CASE state WHEN 'failed' THEN 'failed' ELSE phase END AS phase,
           active_s - forgiven_s + CASE WHEN waiting_reason IS NULL AND clock_at IS NOT NULL
                           THEN extract(epoch FROM now() - clock_at) ELSE 0 END AS active_s
      FROM tasks WHERE state IN ('pending', 'failed')
), open_case AS MATERIALIZED (
    SELECT id, priority, acknowledged_at, extract(epoch FROM now() - created_at) AS age_s
      FROM cases WHERE status IN ('new', 'in_progress', 'waiting_on_customer')
), covered AS MATERIALIZED (
    SELECT task_id, count(*) AS cases
      FROM case_tasks JOIN open_case ON open_case.id = case_id
     WHERE left_at IS NULL GROUP BY task_id
), run AS MATERIALIZED (
    SELECT id, paused_at, jeopardy_at, extract(epoch FROM now() - requested_at) AS age_s
      FROM decommissions WHERE state IN ('pending', 'partial')
), hold AS MATERIALIZED (
    SELECT system, origin, extract(epoch FROM now() - placed_at) AS age_s
      FROM holds WHERE released_at IS NULL
), message AS MATERIALIZED (
    SELECT CASE WHEN decommission_id IS NOT NULL THEN 'start'
                WHEN schedule_id IS NOT NULL THEN 'schedule'
                WHEN closure_id IS NOT NULL THEN 'closure' ELSE 'decision' END AS carries,
           extract(epoch FROM now() - created_at) AS age_s
      FROM outbox WHERE sent_at IS NULL
), decision AS MATERIALIZED (
    SELECT state, extract(epoch FROM now() - created_at) AS age_s
      FROM decisions WHERE state IN ('accepted', 'awaiting_second_person')
), strike AS MATERIALIZED (
    SELECT system FROM strikes WHERE last_at > now() - interval '10 minutes'
), desk AS MATERIALIZED (
    SELECT CASE WHEN dead_at IS NULL THEN 'pending' ELSE 'dead' END AS state,
           extract(epoch FROM now() - created_at) AS age_s
      FROM desk_messages
     WHERE delivered_at IS NULL AND EXISTS (SELECT FROM desks WHERE is_on)
)
"""

_PAUSED = """run WHERE paused_at IS NOT NULL OR EXISTS (
    SELECT FROM decommission_sites AS place
     WHERE place.decommission_id = run.id AND place.paused_at IS NOT NULL)"""
_PAST_THRESHOLD = """task WHERE state = 'pending' AND waiting_reason IS NULL
    AND stuck_because IS NULL AND active_s > 1.5 * threshold_s"""
_WITHOUT_CASE = """task LEFT JOIN covered ON task_id = task.id
    WHERE (state = 'failed' OR stuck_because IS NOT NULL) AND cases IS DISTINCT FROM 1"""
_STUCK = "task WHERE stuck_because IS NOT NULL GROUP BY stuck_because"
_WAITING = "task WHERE waiting_reason IS NOT NULL GROUP BY waiting_reason"
_UNTOUCHED = "open_case WHERE acknowledged_at IS NULL GROUP BY priority"
_ACCEPTED = "decision WHERE state = 'accepted'"
_AGE, _OLDEST = "max(age_s)", "coalesce(max(age_s), 0)"

# Measure, labels in the order of `MEASURES`, value, rows.
_FIGURES = (
    ("decommissions", "state", "count(*)", "decommissions GROUP BY state"),
    ("decommissions_paused", "", "count(*)", _PAUSED),
    ("decommissions_overdue", "", "count(*)", "run WHERE age_s > :expected_s"),
    ("decommissions_in_jeopardy", "", "count(*)", "run WHERE jeopardy_at IS NOT NULL"),
    ("decommission_oldest_seconds", "", _OLDEST, "run"),
    ("tasks_open", "kind, phase", "count(*)", "task GROUP BY kind, phase"),
    ("tasks_overdue", "", "count(*)", "task WHERE state = 'pending' AND due_at < now()"),
    ("tasks_stuck", "stuck_because", "count(*)", _STUCK),
    ("tasks_past_threshold", "", "count(*)", _PAST_THRESHOLD),
    ("tasks_waiting", "waiting_reason", "count(*)", _WAITING),
    ("tasks_without_case", "", "count(*)", _WITHOUT_CASE),
    ("task_oldest_active_seconds", "kind", "max(active_s)", "task GROUP BY kind"),
    ("cases_open", "priority", "count(*)", "open_case GROUP BY priority"),
    ("case_oldest_open_seconds", "priority", _AGE, "open_case GROUP BY priority"),
    ("cases_unacknowledged", "priority", "count(*)", _UNTOUCHED),
    ("case_oldest_unacknowledged_seconds", "priority", _AGE, _UNTOUCHED),
    ("holds_open", "system, origin", "count(*)", "hold GROUP BY system, origin"),
    ("hold_oldest_seconds", "system", _AGE, "hold GROUP BY system"),
    ("watch_age_seconds", "name", "extract(epoch FROM now() - looked_at)", "watches"),
    ("watch_took_seconds", "name", "took_s", "watches"),
    ("watch_suspects", "name", "suspects", "watches"),
    ("strikes_recent", "system", "count(*)", "strike GROUP BY system"),
    ("outbox_backlog", "", "count(*)", "message"),
    ("outbox_messages", "carries", "count(*)", "message GROUP BY carries"),
    ("outbox_oldest_seconds", "carries", _AGE, "message GROUP BY carries"),
    ("decisions_accepted", "", "count(*)", _ACCEPTED),
    ("decision_oldest_accepted_seconds", "", _OLDEST, _ACCEPTED),
    ("waivers_unconfirmed", "", "count(*)", "decision WHERE state = 'awaiting_second_person'"),
    ("desk_messages", "state", "count(*)", "desk GROUP BY state"),
    ("desk_oldest_pending_seconds", "", _OLDEST, "desk WHERE state = 'pending'"),
    ("audit_chain_length", "", "coalesce(max(id), 0)", "audit_events"),
)

_STATEMENT = text(
    _SOURCES
    + " UNION ALL ".join(
        f"SELECT '{measure}', ARRAY[{labels}]::text[], ({value})::float8 FROM {rows}"
        for measure, labels, value, rows in _FIGURES
    )
)


class FigureStore:
    """Counts inside the caller's transaction, which then has the sight of an SRE."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self) -> list[Figure]:
        """Every figure that is not zero, and some that are."""
        await self._session.execute(_SIGHT)
        rows = await self._session.execute(
            _STATEMENT, {"expected_s": EXPECTED_DECOMMISSION_SECONDS}
        )
        return [Figure(measure, tuple(labels), value) for measure, labels, value in rows]
