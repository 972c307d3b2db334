"""Prometheus series of a worker's attempts; its health port shows them beside the process's own.

The SDK's series (queues, slots, workflow tasks) are on the metrics port.
"""

from time import monotonic
from typing import Any

from prometheus_client import Counter, Histogram
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from models.domain.decommission import TaskKind, systems_of
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind, System, Verdict

OURS = "none"  # the system of a task, or a failure, that concerns our own tables only

_ATTEMPTS = Counter(
    "task_attempts",
    "Attempts of tasks by how they ended; after a `portion`, more is left to do.",
    ["kind", "system", "outcome"],
)
_FAILURES = Counter(
    "task_attempt_failures",
    "Failed attempts by failure kind and by the system that failed us.",
    ["kind", "system", "failure"],
)
_SECONDS = Histogram(
    "task_attempt_seconds",
    "From the start of an attempt to its end.",
    ["kind", "system"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800),
)
_DISAGREEMENTS = Counter(
    "verification_disagreements",
    "Resources whose removal was accepted, and that a fresh read still showed.",
    ["kind", "system"],
)
_SETTLED = Counter(
    "resources_settled", "Resources of plans by what a fresh read said.", ["system", "verdict"]
)


class AttemptFigures(Interceptor):
    """Counts the attempts of tasks; goes around the interceptor that names their failures."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 (the SDK's name)
        """Called by the worker for each kind of activity."""
        return _CountingInbound(next)


class _CountingInbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 (the SDK's signature)
        order = input.args[0] if input.args else None
        if not isinstance(order, TaskOrder) or activity.info().activity_type != order.kind:
            return await super().execute_activity(input)  # of our records, not an attempt
        kind, began_at = order.kind, monotonic()
        try:
            report: TaskReport = await super().execute_activity(input)
        except ApplicationError as error:
            _ATTEMPTS.labels(kind, _system_of(kind), "failed").inc()
            _FAILURES.labels(kind, _culprit(error), FailureKind.named(error.type)).inc()
            raise
        finally:
            _SECONDS.labels(kind, _system_of(kind)).observe(monotonic() - began_at)
        _ATTEMPTS.labels(kind, _system_of(kind), _outcome(report)).inc()
        return report


def _outcome(report: TaskReport) -> str:
    if report.hold_id is not None:
        return "held"
    return "portion" if report.remaining else "done"


def _culprit(error: ApplicationError) -> str:
    """The system that failed us: the error's details name it, when it was one."""
    return System(error.details[0]).value if error.details else OURS


def resource_settled(
    kind: TaskKind, system: System, verdict: Verdict, failure: FailureKind | None
) -> None:
    """A fresh read said something of a resource; `failure`: why it was not taken out, if known."""
    _SETTLED.labels(system, verdict).inc()
    if not verdict.is_done and failure in {None, FailureKind.UNCONFIRMED}:
        _DISAGREEMENTS.labels(kind, system).inc()


def resources_came_back(system: System, count: int) -> None:
    """The last verification found so many that had been gone."""
    _DISAGREEMENTS.labels(TaskKind.VERIFY_OCCUPIER, system).inc(count)


def _system_of(kind: TaskKind) -> str:
    """The system that a kind of task queues for."""
    systems = systems_of(kind)
    return systems[-1].value if systems else OURS


def _begin_at_zero() -> None:
    """A series that starts with its first failure hides that failure from `rate`."""
    for kind in TaskKind:
        for outcome in ("done", "portion", "held", "failed"):
            _ATTEMPTS.labels(kind, _system_of(kind), outcome)
        for system in systems_of(kind):
            _DISAGREEMENTS.labels(kind, system)
        for system_name in systems_of(kind) or (OURS,):
            for failure in FailureKind:
                _FAILURES.labels(kind, system_name, failure)
    for system in System:
        _DISAGREEMENTS.labels(TaskKind.VERIFY_OCCUPIER, system)


_begin_at_zero()
