"""Support cases (reference 14): what they are about, and how their status may change."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

REOPEN_WITHIN = timedelta(days=14)
"""For so long after it was resolved a comment, or a relapse, opens a case again."""

LISTED_MONTHS = 12
"""For so long lists show a case that is resolved or closed; it stays, and can be read by its id."""

LONGEST_SUBJECT = 200  # characters
LONGEST_TEXT = 10_000  # of a description or a comment
LONGEST_REFERENCE = 100
MOST_COMMENTS = 1_000  # of one case, from people
MOST_ATTACHMENTS = 50


class CaseCategory(StrEnum):
    """What a case is about."""

    TECHNICAL = "technical"
    QUESTION = "question"
    CONFIGURATION_CHANGE = "configuration_change"
    BILLING = "billing"


class CasePriority(StrEnum):
    """How urgent a case is; a failed decommission is P2."""

    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"


class CaseOrigin(StrEnum):
    """Who raised a case."""

    OPERATOR = "operator"
    OCCUPIER = "occupier"
    SUPPORT = "support"
    AUTOMATIC = "automatic"


class CaseStatus(StrEnum):
    """Status of a case; all but the last two are open."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING_ON_CUSTOMER = "waiting_on_customer"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self not in OVER


class CaseChoice(StrEnum):
    """Which cases a list shows: the open ones, all, or those in one status."""

    OPEN = "open"
    ALL = "all"
    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING_ON_CUSTOMER = "waiting_on_customer"
    RESOLVED = "resolved"
    CLOSED = "closed"


OVER = frozenset({CaseStatus.RESOLVED, CaseStatus.CLOSED})
"""The statuses of cases that are not open."""

MOVES: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.NEW: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.RESOLVED}),
    CaseStatus.IN_PROGRESS: frozenset({CaseStatus.WAITING_ON_CUSTOMER, CaseStatus.RESOLVED}),
    CaseStatus.WAITING_ON_CUSTOMER: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.RESOLVED}),
    CaseStatus.RESOLVED: frozenset({CaseStatus.IN_PROGRESS, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset(),
}
"""Every change of status that there is; migration 0014 refuses all others."""


class MoveRefusal(StrEnum):
    """Why a case cannot go to a status."""

    NO_SUCH_MOVE = "no_such_move"
    RESOLVED_TOO_LONG_AGO = "resolved_too_long_ago"


def move_refusal(
    status: CaseStatus, to: CaseStatus, resolved_for: timedelta | None = None
) -> MoveRefusal | None:
    """Why a person cannot move the case there; `None` when they can.

    `resolved_for` is how long ago it was resolved, when it is.
    """
    if to not in MOVES[status]:
        return MoveRefusal.NO_SUCH_MOVE
    reopens = status is CaseStatus.RESOLVED and to.is_open
    if reopens and (resolved_for is None or resolved_for > REOPEN_WITHIN):
        return MoveRefusal.RESOLVED_TOO_LONG_AGO
    return None


def status_after_comment(status: CaseStatus, *, by_customer: bool) -> CaseStatus:
    """Where a comment takes the case: a resolved one is open again, a customer's answer ends the
    wait for it.
    """
    answered = status is CaseStatus.WAITING_ON_CUSTOMER and by_customer
    if status is CaseStatus.RESOLVED or answered:
        return CaseStatus.IN_PROGRESS
    return status
