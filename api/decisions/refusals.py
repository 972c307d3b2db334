"""Why a decision is refused, as problems."""

from uuid import UUID

from api.problems import Problem
from models.domain.decision import DecisionRefusal


class TaskMovedOn(Problem):
    """The task is not in the round and state that you saw; read it again and decide again."""

    status = 409


class TaskNotDecidable(Problem):
    """There is nothing to decide about the task as it stands."""

    status = 409


class NothingToConfirm(Problem):
    """The task has no resources outside, so nothing could confirm that it was done by hand."""

    status = 409


class TaskNotWaivable(Problem):
    """Tasks of this kind may never be left undone; retry it, or complete it by hand."""

    status = 409


class DecisionPending(Problem):
    """Another decision about it is being carried out; wait for its end."""

    status = 409


class DecisionNotWaiting(Problem):
    """The decision does not wait for a second person any more."""

    status = 409


class NothingToPause(Problem):
    """It is paused already, or running already, or over; read it again."""

    status = 409


_DETAILS = {
    DecisionRefusal.TASK_NOT_STARTED: "The task has not started yet; it starts by itself.",
    DecisionRefusal.TASK_ENDED: "The task is done; there is nothing to decide.",
    DecisionRefusal.TASK_NOT_FAILED: "The task is still being tried; only a retry is possible.",
}


def problem_of(refusal: DecisionRefusal, hold_id: UUID | None = None) -> Problem:
    """The problem that tells of a refusal; `hold_id` is what the task waits for."""
    match refusal:
        case DecisionRefusal.TASK_HELD:
            return TaskNotDecidable(
                f"The task waits for hold {hold_id}; release that, and it goes on by itself."
            )
        case DecisionRefusal.TASK_MOVED_ON:
            return TaskMovedOn()
        case DecisionRefusal.NOTHING_TO_CONFIRM:
            return NothingToConfirm()
        case DecisionRefusal.NOT_WAIVABLE:
            return TaskNotWaivable()
        case _:
            return TaskNotDecidable(_DETAILS.get(refusal))
