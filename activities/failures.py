"""Turns what went wrong into the few failure kinds that the workflows decide by.

The texts end up in Temporal's history and in task rows, so none carries a name, a handle or a
database parameter; the full error goes to nobody, its class to the log.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from temporalio.exceptions import ApplicationError

from models.domain.outside import FailureKind, OutsideError, System

RETRYABLE_STATES = {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300"}
"""SQLSTATEs that the same transaction can survive: conflict, lock, shutdown, too many clients."""


def failure_of(error: Exception) -> ApplicationError:
    """The error that an activity raises in place of `error`."""
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, OutsideError):
        return _outside(error)
    if _is_passing(error):
        return ApplicationError(
            "The platform's database did not answer; the task goes on when it is back.",
            type=FailureKind.TRANSIENT,
        )
    return ApplicationError(
        f"A defect of the platform ({type(error).__name__}); support sees it in the worker's log.",
        type=FailureKind.BUG,
    )


def unconfirmed(done: int, total: int) -> ApplicationError:
    """A system said OK, but a fresh read does not show it."""
    return ApplicationError(
        f"{total - done} of {total} resources are still there although their removal was "
        "accepted; compare them in the outside system.",
        type=FailureKind.UNCONFIRMED,
    )


GRAVITY = (
    FailureKind.NEEDS_HUMAN,
    FailureKind.NOT_AUTHORISED,
    FailureKind.REJECTED,
    FailureKind.CONFLICT,
    FailureKind.BUG,
    FailureKind.NOT_FOUND,
    FailureKind.UNCONFIRMED,
    FailureKind.TIMED_OUT,
    FailureKind.THROTTLED,
    FailureKind.TRANSIENT,
)
"""Gravest first: what a person must see to hides what may pass by itself, never the other way."""


def refusal(kinds: Iterable[FailureKind], total: int, system: System) -> ApplicationError:
    """The system refused single resources, each for its own reason; the gravest decides."""
    counts = Counter(kinds)
    gravest = min(counts, key=GRAVITY.index)
    of_kinds = ", ".join(f"{counts[kind]} {kind}" for kind in GRAVITY if counts[kind])
    return ApplicationError(
        f"{counts.total()} of {total} resources were refused by {system} ({of_kinds}); "
        "what is done stays done, and only the rest is tried again.",
        system.value,
        type=gravest,
        non_retryable=gravest.is_permanent,
    )


def still_there(done: int, total: int) -> ApplicationError:
    """A person has completed the task by hand, but a fresh read does not show it; for good."""
    return ApplicationError(
        f"{total - done} of {total} resources are still there, so the task is not completed; "
        "remove them in the outside system, or retry the task.",
        type=FailureKind.UNCONFIRMED,
        non_retryable=True,
    )


def _outside(error: OutsideError) -> ApplicationError:
    delay = error.retry_after_s
    return ApplicationError(
        str(error),
        error.system.value,
        type=error.kind,
        non_retryable=error.kind.is_permanent,
        next_retry_delay=None if delay is None else timedelta(seconds=delay),
    )


def _is_passing(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and not isinstance(error, OperationalError):
        return getattr(error.orig, "sqlstate", None) in RETRYABLE_STATES  # psycopg sets it
    return isinstance(error, (SQLAlchemyError, OSError, TimeoutError))
