"""Support cases (reference 14)."""

from enum import StrEnum


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
