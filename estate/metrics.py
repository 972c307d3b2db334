"""Prometheus series of the estate."""

from prometheus_client import Counter, Histogram

CALLS = Counter(
    "estate_calls_total",
    "Calls answered or left unanswered (status 0).",
    ["system", "operation", "status"],
)
SECONDS = Histogram(
    "estate_call_seconds",
    "From the request's arrival to the answer, faults included.",
    ["system", "operation"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
FAULTS = Counter("estate_faults_total", "Faults applied to calls.", ["system", "effect"])
