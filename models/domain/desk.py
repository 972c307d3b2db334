"""What is told to an outside support desk, what it may answer, and when a message is given up."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

DESK = "desk"
"""The actor of what the outside desk did; nothing of it is told back to the desk."""

DESK_ID = UUID("00000000-0000-4000-8000-00000000de5c")
"""What the audit calls the desk as a whole; there is one."""


class News(StrEnum):
    """What a message to the desk tells; `type` of its body."""

    CASE_OPENED = "case.opened"
    CASE_CHANGED = "case.changed"  # its subject, description, category or priority
    STATUS_CHANGED = "case.status_changed"
    COMMENTED = "case.commented"
    ATTACHMENT_ADDED = "case.attachment_added"
    TASK_JOINED = "case.task_joined"
    TASK_LEFT = "case.task_left"  # done, well again, or in another case
    ANSWER_REFUSED = "answer.refused"


class MessageState(StrEnum):
    """Where a message stands; a dead one is sent again only when somebody says so."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class TellFailure(StrEnum):
    """Why the desk did not take a message."""

    UNREACHABLE = "unreachable"  # no connection, or it broke
    TIMED_OUT = "timed_out"  # it may have taken the message all the same
    THROTTLED = "throttled"
    BROKEN = "broken"  # a 5xx: its own trouble
    REFUSED = "refused"  # another 4xx, or a redirect, which is never followed
    GONE = "gone"  # a 410: it does not want any more


class DeskAnswer(StrEnum):
    """What the desk may tell us; `type` of its body."""

    ACKNOWLEDGED = "case.acknowledged"
    COMMENTED = "case.commented"
    STATUS_CHANGED = "case.status_changed"
    REFERENCE_ASSIGNED = "case.reference_assigned"
    DECIDED = "case.decided"


class AnswerRefusal(StrEnum):
    """Why an answer that was taken had no effect."""

    NEEDS_OUR_PEOPLE = "needs_our_people"
    NOTHING_TO_RETRY = "nothing_to_retry"
    STATUS_NOT_REACHABLE = "status_not_reachable"
    TASKS_NOT_DONE = "tasks_not_done"
    CASE_CLOSED = "case_closed"
    TOO_MANY_COMMENTS = "too_many_comments"


REFUSED_BECAUSE: Mapping[AnswerRefusal, str] = {
    AnswerRefusal.NEEDS_OUR_PEOPLE: (
        "Only a retry can be asked for from outside. Completing by hand needs evidence and waiving "
        "needs two people, all of them ours; ask for it in a comment."
    ),
    AnswerRefusal.NOTHING_TO_RETRY: (
        "No task of the case can be retried now: they are done, have not started, are not in the "
        "case any more, or another decision about them is being carried out."
    ),
    AnswerRefusal.STATUS_NOT_REACHABLE: "The case cannot go from its status to that one.",
    AnswerRefusal.TASKS_NOT_DONE: (
        "Tasks of the case have failed or are stuck, or a system is held under it, and each of "
        "these belongs to an open case; it resolves itself when the last one is done."
    ),
    AnswerRefusal.CASE_CLOSED: "The case is closed for good; raise a new one.",
    AnswerRefusal.TOO_MANY_COMMENTS: "The case holds as many comments as a case can.",
}
"""For the desk, which reads it in the reply and in the message `answer.refused`."""


MOST_ATTEMPTS = 12  # with the waits between them, 11 to 23 hours
MOST_REFUSALS = 3  # the same bytes are refused again; but somebody may mend the desk's rules
_FIRST_WAIT_S = 5.0
_GROWTH = 3.0
_LONGEST_WAIT_S = 6 * 3600.0
_LONGEST_ASKED_S = 3600.0  # a Retry-After beyond this counts as this


def is_given_up(failure: TellFailure, attempts: int) -> bool:
    """Whether a message is dead after so many attempts, the last of which ended like this."""
    match failure:
        case TellFailure.GONE:
            return True
        case TellFailure.REFUSED:
            return attempts >= MOST_REFUSALS
        case _:
            return attempts >= MOST_ATTEMPTS


def wait_s(attempts: int, chance: float, patience: float = 1.0, asked_s: float = 0.0) -> float:
    """How long to wait after so many attempts, in seconds.

    Grows to 6 hours; `chance` (0 to 1) takes away up to half of it, so that not all cases come
    back at once. Never less than the desk asked for, up to an hour.
    """
    grown = min(_FIRST_WAIT_S * _GROWTH ** (attempts - 1), _LONGEST_WAIT_S)
    return max(grown * patience * (1 - chance / 2), min(asked_s, _LONGEST_ASKED_S))
