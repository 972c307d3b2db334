"""On what the detector's benchmark runs, and how much of it."""

from sqlalchemy import text

from bench.detector_draw import FLOOR_S

SETTINGS: dict[str, object] = {
    "patience": 1.0,
    "stuck_floor_s": FLOOR_S,
    "stuck_look_s": 0.5,
    "breaker_tasks": 100_000,
    "hold_spread_s": 1.0,
    "outside_timeout_s": 90.0,
    "starts_per_minute": 100_000,
    "log_level": "WARNING",
}
AT_ONCE = 6  # sites of each sort in a round; more and the machine itself is what is slow
ROUND_S = 75.0
SITES = 112  # of mixed draws, five each
WAIT_S = 16.0  # how long holds and pauses last: twice the thresholds
STARTED = text("""
SELECT t.kind, t.state, t.started_at, t.active_s, t.threshold_s, t.site_id,
       CASE t.kind WHEN 'telephony' THEN l.finished_at ELSE d.finished_at END AS ready_at
  FROM tasks t JOIN tasks d ON d.decommission_id = t.decommission_id AND d.kind = 'delete_scheduled'
  LEFT JOIN tasks l ON l.decommission_id = t.decommission_id AND l.site_id = t.site_id
       AND l.kind = 'logout_handsets'
 WHERE t.decommission_id = :id
""")
