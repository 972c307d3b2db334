"""Prometheus series of the sweeper's loops: does each still turn, and how long do messages take.

A loop tells `turned` after each round without an error, else `stumbled`.
"""

from prometheus_client import Counter, Gauge, Histogram

_LAST_TURN = Gauge(
    "sweeper_loop_last_turn_timestamp_seconds",
    "When a loop of the sweeper last came round without an error.",
    ["loop"],
)
_STUMBLES = Counter("sweeper_loop_stumbles", "Rounds that ended with an error.", ["loop"])
_LAG = Histogram(
    "relay_lag_seconds",
    "From the commit of a message to the engine until Temporal has it.",
    ["message"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)


def turned(loop: str) -> None:
    """The loop has come round."""
    _LAST_TURN.labels(loop).set_to_current_time()


def stumbled(loop: str) -> None:
    """A round of the loop ended with an error."""
    _STUMBLES.labels(loop).inc()


def begun(*loops: str) -> None:
    """These loops are about to start: from now on their silence shows."""
    for loop in loops:
        turned(loop)
        _STUMBLES.labels(loop)


def delivered(message: str, lag_s: float) -> None:
    """Temporal has a message that was committed `lag_s` seconds ago."""
    _LAG.labels(message).observe(lag_s)
