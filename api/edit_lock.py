"""Tells what the database refuses by the edit lock (migration 0005) as a problem."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import IntegrityError

from api.problems import Problem
from models.domain.occupier import OccupierStatus

CONSTRAINT = "edit_lock"


class OccupierLocked(Problem):
    """From its decommission on nothing of an occupier can be changed; it can still be read."""

    status = 409


_WHAT_TO_DO = {
    OccupierStatus.PENDING: "its decommission is running; watch that until it ends.",
    OccupierStatus.FAILED: "its decommission waits for support; create a support case.",
    OccupierStatus.DECOMMISSIONED: "it is decommissioned and stays as it is; you can read it.",
}


def locked(status: str) -> OccupierLocked:
    """The refusal of an edit in this status, with what to do instead."""
    if status not in set(_WHAT_TO_DO):
        return OccupierLocked()
    advice = _WHAT_TO_DO[OccupierStatus(status)]
    return OccupierLocked(
        f"The occupier is {status}, so nothing of it can be changed: {advice}",
        occupier_status=status,
    )


def lock_told_by(error: BaseException) -> OccupierLocked | None:
    """The refusal, when the lock is why the database refused a statement."""
    cause = error.orig if isinstance(error, IntegrityError) else None
    if not isinstance(cause, psycopg.Error) or cause.diag.constraint_name != CONSTRAINT:
        return None
    return locked(cause.diag.message_detail or "")


@contextmanager
def edits() -> Iterator[None]:
    """Around a transaction: turns what the lock refuses into `OccupierLocked`."""
    try:
        yield
    except IntegrityError as error:
        if problem := lock_told_by(error):
            raise problem from error
        raise
